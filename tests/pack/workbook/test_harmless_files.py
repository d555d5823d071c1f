"""Names that a spreadsheet takes for formulas are texts in every file that a run writes, and no file names a place."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from sourcing import load_case, pack
from sourcing.cli import main
from tests.conftest import TINY

if TYPE_CHECKING:
    from pathlib import Path

LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=2+2", "\r=3+3", "=cmd|'/C calc'!A0", "\uff1d4+4"]
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.fixture(scope="module")
def hostile_run(tmp_path_factory) -> Path:
    """A run of alpha whose every name, reason and source is live."""
    alpha = load_case(TINY, "alpha")
    rules, options = alpha.rules, alpha.options
    case = alpha.replace(
        units=alpha.units.assign(name=LIVE[6]),
        processes=alpha.processes.assign(name=LIVE[:3], function=LIVE[4]),
        options=options.assign(name=[LIVE[place % len(LIVE)] for place in range(len(options))]),
        rules=rules.assign(rule=LIVE[3:5], owner=LIVE[0], reason=LIVE[5]),
    )
    from sourcing.decide import decide_unit

    folder = tmp_path_factory.mktemp("hostile")
    pack.write_decision(folder, **pack.collect(decide_unit(case)))
    return folder


def list_texts(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [cell for row in csv.reader(lines) for cell in row]


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_no_cell_of_any_csv_is_live(hostile_run):
    files = sorted(hostile_run.rglob("*.csv"))
    assert {"plan.csv", "rules.csv", "flips.csv", "roadmap.csv", "processes.csv"} <= {file.name for file in files}
    for file in files:
        live = {text for text in list_texts(file) if text.startswith(SIGNS) and text != "==" and not is_number(text)}
        assert live == set(), file.name


def test_names_like_numbers_stay_texts_and_negative_numbers_stay_numbers(hostile_run):
    with (hostile_run / "plan.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert sorted(row["process_name"] for row in rows) == ["'+1", "'-1", "'=1+1"]
    with (hostile_run / "risks.csv").open(encoding="utf-8", newline="") as lines:
        assert all(is_number(row["change"]) for row in csv.DictReader(lines))


def test_the_only_formulas_of_the_workbook_are_those_of_its_cash(hostile_run):
    book = openpyxl.load_workbook(hostile_run / "pack.xlsx")
    for sheet in book:
        formulas = {cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
        assert bool(formulas) == (sheet.title in ("cash", "flows")), sheet.title
        assert not formulas & set(LIVE)
    names = [cell.value for cell in book["plan"]["B"]][1:]
    assert sorted(names) == ["+1", "-1", "=1+1"]


def test_what_a_run_kept_comes_back_with_its_names(hostile_run):
    again = load_case(hostile_run / "inputs", "alpha")
    assert set(again.processes["name"]) == set(LIVE[:3])
    assert json.loads((hostile_run / "summary.json").read_text(encoding="utf-8"))["fingerprint"] == again.fingerprint
    assert main(["adopt", str(hostile_run)]) == 0


def test_no_file_names_a_place_on_this_machine(hostile_run):
    for file in hostile_run.rglob("*"):
        if file.suffix == ".xlsx":
            sheets = openpyxl.load_workbook(file)
            content = " ".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row)
        else:
            content = file.read_text(encoding="utf-8") if file.is_file() else ""
        assert str(hostile_run.parent) not in content, file.name
        assert str(TINY.parent) not in content, file.name


@pytest.mark.office
def test_an_office_makes_nothing_of_them_either(hostile_run, office, tmp_path):
    saved = office(hostile_run / "pack.xlsx", tmp_path, "xlsx:Calc MS Excel 2007 XML")
    sheet = openpyxl.load_workbook(saved)["plan"]
    assert sorted((cell.value, cell.data_type) for cell in sheet["B"][1:]) == [(name, "s") for name in sorted(LIVE[:3])]
