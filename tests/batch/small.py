"""Small notebooks, a small case and what a run leaves, for tests of the runner and of what stands around it."""

from __future__ import annotations

from pathlib import Path

import nbformat

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


def list_packs(out: Path) -> dict[str, bytes]:
    """List the files in the units' folders of a run with their content."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.parent != out
    }
