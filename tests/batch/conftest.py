"""Small notebooks and a small case, made here so that these tests lean on nothing but the runner."""

from __future__ import annotations

import json
import os
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import nbformat
import pytest

from sourcing.batch.jobs import Outcome
from tests.cells import register_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sourcing.batch.jobs import Job

PARAMETERS = (
    'case_folder: str = ""  # path, folder of the case\n'
    'business_unit: str = ""  # name, unit to decide\n'
    'price_of_fit: str = ""  # currency per point, worth of fit\n'
    'note: str = "a = b"  # text, said in the answer\n'
    "count: int = 1  # number, of something\n"
)
DECIDE = """
summary = {"status": "optimal", "objective": 12.5, "bound": 12.5, "gap": 0.0, "currency": "USD",
           "lines": {"cash_cost": 12.5}, "note": note, "unit": business_unit, "seen": case_folder}
plan = [{"process": "payroll", "option": "as_is", "cash_cost": 12.5}]
tables = {"plan": plan, "rules": [{"rule": "budget", "limit": 20.0}]}
mime = "application/vnd.sourcing.decision.v1+json"
display({mime: {"summary": summary, "tables": tables}, "text/plain": "d"}, raw=True)
"""
UNITS = ("hr", "R&D <b>", "ops")


def make_notebook(path: Path, *code: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook with a heading, a parameters cell and the given code cells."""
    cells = [
        nbformat.v4.new_markdown_cell("# What should this unit do?", id="question"),
        nbformat.v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(source, id=f"code-{place}") for place, source in enumerate(code)),
    ]
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, path)
    return path


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """What tests use: `make.notebook(path, *code)`, `make.case(folder)`, `make.parameters`; `make.decide` decides."""
    return SimpleNamespace(notebook=make_notebook, case=write_case, decide=DECIDE, units=UNITS, parameters=PARAMETERS)


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., Path]:
    """A maker of notebooks in a folder of the test's own."""
    return lambda *code, **kwargs: make_notebook(tmp_path / "small.ipynb", *code, **kwargs)


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Units of a run are done one after another in this process, cells without a kernel."""

    def prepare(job: Job) -> None:
        scratch = job.aside / "scratch"
        scratch.mkdir()
        job.pack.mkdir()
        os.chdir(scratch)

    def run_here(jobs: list[Job], _workers: int, run: Callable[[Job], None], **_: str) -> Iterator[tuple[Job, Outcome]]:
        for job in jobs:
            before = Path.cwd()
            try:
                run(job)
            finally:
                os.chdir(before)
            told = json.loads(job.outcome.read_text(encoding="utf-8"))
            yield job, Outcome(job.business_unit, told["status"], told["error"], 0.1, told["summary"])

    monkeypatch.setattr("sourcing.batch.worker.prepare_process", prepare)
    monkeypatch.setattr("sourcing.batch.worker.register_engine", register_engine)
    monkeypatch.setattr("sourcing.batch.run.run_jobs", run_here)
    monkeypatch.setattr("sourcing.batch.run.drawing", lambda _: nullcontext(""))


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Three units with one process each; one unit's name is hostile to paths and to HTML."""
    return write_case(tmp_path / "case")


def write_case(folder: Path) -> Path:
    """Write the smallest sound tables for each of `UNITS`."""
    folder.mkdir()
    tables = {
        "units": "business_unit,name,home_country,currency,price_year,discount_rate",
        "processes": "business_unit,process,name,headcount_fte,as_is_option",
        "scores": "business_unit,process,criterion,assessor,score",
        "options": "business_unit,process,option,delivery_model,owner_type,location,labor_cost_per_fte",
    }
    rows = {
        "units": "{0},Unit {0},USA,USD,2025,0.05",
        "processes": "{0},payroll,Payroll,10,as_is",
        "scores": "{0},payroll,{1},analyst,3",
        "options": "{0},payroll,as_is,in_house,own,USA,50000",
    }
    criterion = "standard_exists"
    for table, header in tables.items():
        lines = [header, *(rows[table].format(unit, criterion) for unit in UNITS)]
        (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
