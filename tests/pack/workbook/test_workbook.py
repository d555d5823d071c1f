"""The workbook beside a pack: the figures of the run, typed, explained, reckoned again by LibreOffice."""

from __future__ import annotations

import csv
from datetime import datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest

from sourcing import pack
from sourcing.pack.decision.losses import list_risks
from sourcing.pack.workbook import SHEETS, write_workbook
from sourcing.pack.workbook.cash import LINE_ROW, RATE_ROW
from sourcing.plan import sum_measure

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("packs")
EXCEL = "xlsx:Calc MS Excel 2007 XML"
UNTABLED = {"decision", "cash", "flows"}


@pytest.fixture(scope="module")
def alpha_run(tiny_packs) -> Path:
    """What the command wrote for alpha."""
    assert tiny_packs.exit_code == 0
    return tiny_packs.folder / "alpha"


@pytest.fixture(scope="module")
def recalculated(office, alpha_run, tmp_path_factory) -> openpyxl.Workbook:
    """Its workbook as LibreOffice opens, reckons and saves it."""
    saved = office(alpha_run / "pack.xlsx", tmp_path_factory.mktemp("office"), EXCEL)
    return openpyxl.load_workbook(saved, data_only=True)


def read_table(folder: Path, table: str) -> list[dict[str, str]]:
    file = folder / ("inputs/levers.csv" if table == "levers" else f"{table}.csv")
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def say_cell(cell: Any) -> Any:
    """Say a cell of a sheet as the run's CSV would, numbers as numbers."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}"
    return "" if cell is None else cell


def agree(cell: Any, text: str) -> bool:
    """Whether a cell holds what a CSV says."""
    said = say_cell(cell)
    if isinstance(said, int | float):
        return said == pytest.approx(float(text))
    plain = text[1:] if text.startswith("'") else text
    return said == {"inf": "∞", "True": "yes", "False": "no"}.get(plain, plain)


@pytest.mark.office
def test_every_sheet_holds_the_figures_of_its_table(alpha_run, recalculated):
    titles = {title: table for table, title in SHEETS.items()}
    for sheet in recalculated:
        if sheet.title in UNTABLED:
            continue
        rows = read_table(alpha_run, titles[sheet.title])
        heads, *cells = sheet.iter_rows(values_only=True)
        assert len(cells) == len(rows), sheet.title
        for row, shown in zip(rows, cells, strict=True):
            assert [head.replace("_", " ") for head in row] == list(heads)
            wrong = [name for (name, text), cell in zip(row.items(), shown, strict=True) if not agree(cell, text)]
            assert wrong == [], sheet.title


@pytest.mark.office
def test_no_cell_is_an_error_once_reckoned(recalculated):
    cells = [cell for sheet in recalculated for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "e"] == []
    assert [cell.value for cell in cells if isinstance(cell.value, str) and cell.value.startswith("#")] == []


@pytest.mark.office
def test_the_cash_reckoned_by_the_office_is_that_worked_by_hand(recalculated):
    shown = {row[0]: row[2:5] for row in recalculated["cash"].iter_rows(min_row=LINE_ROW + 1, values_only=True)}
    assert shown["net present value"] == (4_200_000, 3_895_000, 305_000)
    assert shown["as the run recorded it"] == shown["net present value"]
    assert shown["changed here since"] == (0, 0, 0)
    assert shown["Governance"] == (0, 105_000, -105_000)


@pytest.mark.office
def test_the_first_sheet_says_the_recommendation_and_its_figures(recalculated, decide, alpha):
    decision = decide(alpha)
    rows = [row[:2] for row in recalculated["decision"].iter_rows(values_only=True)]
    assert [first for first, _ in rows[1 : 1 + len(pack.say_answer(decision))]] == pack.say_answer(decision)
    figures = dict(rows)
    assert figures["Saving against today, cash over the horizon"] == 305_000
    assert figures["Expected loss of the plan"] == 35_000
    assert figures["Processes that move"] == 2
    assert figures["Day to which money is valued"] == datetime(2025, 1, 1)
    assert figures["Share of futures that save in both"] <= 1


def test_numbers_are_numbers_shares_are_shares_and_days_are_days(alpha_run):
    book = openpyxl.load_workbook(alpha_run / "pack.xlsx")
    heads = {cell.value: cell.column for cell in book["moves"][1]}
    first = {name: book["moves"].cell(2, place) for name, place in heads.items()}
    assert (first["go live"].value, first["go live"].number_format) == (datetime(2025, 4, 1), "yyyy-mm-dd")
    assert (first["share"].value, first["share"].number_format) == (1, "0.0%")
    assert (first["one off cost"].value, first["one off cost"].number_format) == (40_000, "#,##0;-#,##0")
    assert first["process"].data_type == "s"


def test_every_head_stays_in_sight_says_what_it_means_and_can_be_filtered(alpha_run):
    book = openpyxl.load_workbook(alpha_run / "pack.xlsx")
    assert {"decision", "moves", "rules", "flips", "cash", "flows", "risks", "assumptions", "levers"} <= set(
        book.sheetnames
    )
    for sheet in book:
        assert sheet.freeze_panes not in (None, "A1"), sheet.title
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title not in UNTABLED:
            assert [cell.value for cell in sheet[1] if cell.comment is None] == [], sheet.title
            assert sheet.auto_filter.ref.startswith("A1:")


def test_risks_sum_to_the_expected_loss(shipped):
    retail = shipped("retail")
    risks = list_risks(retail)
    assert risks["plan"].sum() == pytest.approx(sum_measure(retail.plan, "expected_loss"))
    assert risks["as_is"].sum() == pytest.approx(sum_measure(retail.as_is, "expected_loss"))
    assert not risks.duplicated(["process", "cause"]).any()


def test_the_same_decision_gives_the_same_bytes_and_another_rate_others(decide, alpha, tmp_path):
    collected = pack.collect(decide(alpha))
    for name in ("one", "two"):
        write_workbook(tmp_path / f"{name}.xlsx", **collected)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    changed = collected | {"summary": collected["summary"] | {"discount_rate": 0.08}}
    write_workbook(tmp_path / "three.xlsx", **changed)
    assert openpyxl.load_workbook(tmp_path / "three.xlsx")["cash"].cell(RATE_ROW, 2).value == 0.08


def test_a_table_of_scenarios_gets_its_sheet(tmp_path):
    summary = {"name": "Unit", "currency": "USD", "answer": ["Keep all."]}
    tables = {"scenarios": pd.DataFrame({"scenario": ["=1+1"], "saving": [1.5e6]})}
    book = openpyxl.load_workbook(write_workbook(tmp_path / "pack.xlsx", summary, tables))
    assert book.sheetnames == ["decision", "scenarios"]
    assert [cell.data_type for cell in book["scenarios"][2]] == ["s", "n"]
