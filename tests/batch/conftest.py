"""Small notebooks and a small case, made here so that these tests lean on nothing but the runner."""

from __future__ import annotations

import json
import os
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from sourcing.batch.jobs import Outcome
from tests.batch.small import DECIDE, PARAMETERS, UNITS, make_notebook, write_case
from tests.cells import register_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sourcing.batch.jobs import Job


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
