"""Everything that a run keeps of a unit in one workbook."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment

from sourcing.case import put_cell, read_csv
from sourcing.pack.workbook.cash import add_cash
from sourcing.pack.workbook.columns import FORMATS
from sourcing.pack.workbook.sheet import HEAD, add_table, print_wide, read_value
from sourcing.pack.workbook.timeless import save_timeless

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

WORKBOOK = "pack.xlsx"
"""Name of the workbook beside a pack."""
SHEETS = {
    "roadmap": "moves", "plan": "plan", "rules": "rules", "flips": "flips", "scenarios": "scenarios", "cash": "cash",
    "risks": "risks", "register": "assumptions", "levers": "levers", "waves": "waves", "quarters": "quarters",
    "reviews": "calendar", "questions": "questions", "firmness": "firmness", "causes": "causes",
    "information": "information", "waiting": "waiting", "stresses": "stresses",
}  # fmt: skip
"""Table of a run -> its sheet, in the order of the workbook; a table that the run lacks has none."""
FIGURES = (
    ("saving", "money", "Saving against today, cash over the horizon"),
    ("saving_share", "share", "Saving as a share of today's cash"),
    ("saving_low", "money", "Saving, tenth of a hundred outcomes"),
    ("saving_high", "money", "Saving, ninetieth of a hundred outcomes"),
    ("materiality", "text", "Whether it is material"),
    ("cash_cost", "money", "Cash cost of the plan"),
    ("as_is_cash_cost", "money", "Cash cost as it is today"),
    ("expected_loss", "money", "Expected loss of the plan"),
    ("as_is_expected_loss", "money", "Expected loss as it is today"),
    ("one_off_cost", "money", "One-off cost of the moves"),
    ("peak_cash", "money", "Most that is out at any time, nominal"),
    ("break_even", "date", "Day from which it is back"),
    ("valuation_date", "date", "Day to which money is valued"),
    ("discount_rate", "share", "Discount rate a year"),
    ("processes", "integer", "Processes decided"),
    ("moves", "integer", "Processes that move"),
    ("moved_fte", "number", "People as-is whose work moves, full-time equivalents"),
    ("objective", "money", "What was minimized: cash, expected loss and priced judgment"),
    ("bound", "money", "Proven least that any plan could reach"),
    ("gap", "share", "Proven gap between the two"),
    ("status", "text", "What is proven of the plan"),
    ("fingerprint", "text", "Fingerprint of the case"),
    ("promise", "text", "Fingerprint of what it promises"),
)
"""Key of the summary, its kind, its name on the sheet `decision`."""
STUDIED = (("cash", "in cash"), ("loss", "in losses"), ("total", "in both"))
SPREAD = (("low", "money", "tenth"), ("middle", "money", "fiftieth"), ("high", "money", "ninetieth"))
SENTENCE = 110
"""Characters of a sentence that fit a line of the sheet `decision`."""


def write_workbook(
    path: Path, summary: Mapping[str, Any], tables: Mapping[str, Any], inputs: Mapping[str, str] | None = None
) -> Path:
    """Write a decision as one workbook; the same decision gives the same bytes.

    Sheets: `decision` (the recommendation and its figures), then those of SHEETS, and `flows` behind the formulas of
    `cash`. Sheets of tables carry the columns of the run's CSV files, heads with notes on what they mean.

    Parameters
    ----------
    path : Path
        Ends in .xlsx; its folder exists.
    summary, tables, inputs
        From `collect`, or read back from a record: tables as DataFrames, lists of records or mappings of columns.
    """
    book, currency = Workbook(), str(summary["currency"])
    book.calculation.fullCalcOnLoad = True
    _write_decision(book.active, summary)
    known = dict(tables)
    if inputs and "levers.csv" in inputs:
        known["levers"] = read_csv(io.StringIO(inputs["levers.csv"]))
    for table, title in SHEETS.items():
        if table not in known:
            continue
        frame = _take_frame(known[table])
        if table == "cash":
            add_cash(book, frame, summary)
        else:
            add_table(book, title, table, frame, currency)
    save_timeless(book, path)
    return path


def _take_frame(table: Any) -> pd.DataFrame:
    return table if isinstance(table, pd.DataFrame) else pd.DataFrame(table)


def _write_decision(sheet: Worksheet, summary: Mapping[str, Any]) -> None:
    """Write the recommendation in sentences and the figures of page one below it."""
    sheet.title = "decision"
    put_cell(sheet, 1, 1, f"{summary['name']}: money in {summary['currency']}, net present value").font = HEAD
    for row, sentence in enumerate(summary["answer"], start=2):
        put_cell(sheet, row, 1, sentence).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        sheet.row_dimensions[row].height = 15 * (1 + len(sentence) // SENTENCE)
    for row, (name, kind, value) in enumerate(_list_figures(summary), start=len(summary["answer"]) + 3):
        put_cell(sheet, row, 1, name)
        cell = put_cell(sheet, row, 2, read_value(value, kind))
        cell.number_format, cell.alignment = FORMATS[kind], Alignment(horizontal="right")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 72, 36
    sheet.freeze_panes = "A2"
    print_wide(sheet, "1:1")


def _list_figures(summary: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """List the figures that a summary holds: name, kind, value."""
    rows = [(said, kind, summary[key]) for key, kind, said in FIGURES if summary.get(key) is not None]
    studied = summary.get("uncertainty", {}).get("saving", {})
    for name, where in STUDIED:
        for column, kind, rank in SPREAD if name in studied else ():
            rows.append((f"Saving {where} over all futures, {rank} of a hundred", kind, studied[name][column]))
        if name in studied:
            rows.append((f"Share of futures that save {where}", "share", studied[name]["chance"]))
    return rows
