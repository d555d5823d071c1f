"""The benefit ledger as a workbook: causes by month, benefits, invoices, suggestions, with totals as formulas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from sourcing.case import replacing, require_no_inputs, write_cell
from sourcing.pack.block import render_block, say_block
from sourcing.pack.program.ledger_words import CAUSE_NAMES, NO_ACTUALS, say_basis, say_result
from sourcing.pack.timeless import save_timeless
from sourcing.program import CAUSES, LEDGER_FILES

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from sourcing.pack.block import Block
    from sourcing.program import Ledger

HEAD = Font(bold=True)
MONEY = "#,##0.00"
HOLDS = (
    "holds promise, actual cost and every cause by process and month, whose sums are formulas, and each table of the "
    "ledger."
)


def write_ledger_workbook(ledger: Ledger, path: str | Path) -> Path:
    """Write a ledger as a workbook; the same ledger gives the same bytes.

    Sheet `leakage`: one row per process and month with promised, every cause, their sum as a formula, actual, and the
    difference that is left, 0; further sheets: the tables of the ledger.

    Parameters
    ----------
    ledger : Ledger
    path : path
        Ends in .xlsx; overwritten, unless it lies among the tables of a case.

    Returns
    -------
    Path
    """
    target, book = Path(path), Workbook()
    summary = book.active
    summary.title = "summary"
    for sentence in (*say_result(ledger), say_basis(ledger)):
        write_cell(summary.cell(summary.max_row + 1, 1), sentence)
    leakage = book.create_sheet("leakage")
    last = _write_leakage(leakage, ledger)
    row = summary.max_row + 2
    for title, column in (("promised", "C"), ("actual", get_column_letter(len(CAUSES) + 5))):
        summary.cell(row, 1, title)
        summary.cell(row, 2, f"=SUM(leakage!{column}2:{column}{last})").number_format = MONEY
        row += 1
    for place, cause in enumerate(CAUSES, start=4):
        letter = get_column_letter(place)
        summary.cell(row, 1, CAUSE_NAMES[cause])
        summary.cell(row, 2, f"=SUM(leakage!{letter}2:{letter}{last})").number_format = MONEY
        row += 1
    summary.column_dimensions["A"].width, summary.column_dimensions["B"].width = 32, 20
    for name in LEDGER_FILES:
        if name != "leakage":
            _write_table(book.create_sheet(name), getattr(ledger, name))
    require_no_inputs(target.parent, names=[target.name])
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as aside:
        save_timeless(book, aside)
    return target


def _write_leakage(sheet: Worksheet, ledger: Ledger) -> int:
    """Write the causes of each process and month and return the last row."""
    wide = ledger.leakage.pivot_table(index=["process", "month"], columns="cause", values="amount", aggfunc="sum")
    table = ledger.months.set_index(["process", "month"]).join(wide[list(CAUSES)]).reset_index()
    sheet.append(["process", "month", "promised", *(CAUSE_NAMES[cause] for cause in CAUSES), "sum", "actual", "left"])
    first, final = get_column_letter(4), get_column_letter(3 + len(CAUSES))
    total, actual = get_column_letter(4 + len(CAUSES)), get_column_letter(5 + len(CAUSES))
    for number, row in enumerate(table.to_dict("records"), start=2):
        write_cell(sheet.cell(number, 1), str(row["process"]))
        write_cell(sheet.cell(number, 2), f"{row['month']:%Y-%m}")
        amounts = [row["promised"], *(row[cause] for cause in CAUSES), f"=SUM({first}{number}:{final}{number})",
                   row["actual"], f"=ROUND({actual}{number}-C{number}-{total}{number},2)"]  # fmt: skip
        for place, amount in enumerate(amounts, start=3):
            sheet.cell(number, place, amount).number_format = MONEY
    _set_heads(sheet)
    return 1 + len(table)


def _write_table(sheet: Worksheet, table: pd.DataFrame) -> None:
    sheet.append(list(table.columns))
    for number, row in enumerate(table.itertuples(index=False), start=2):
        for place, value in enumerate(row, start=1):
            write_cell(sheet.cell(number, place), _plain(value))
    _set_heads(sheet)


def _plain(value: object) -> object:
    """Return a value as a cell holds it: days as texts, None for what is empty or endless."""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return None
    if value is None or value is pd.NaT:
        return None
    return value.item() if hasattr(value, "item") else value


def _set_heads(sheet: Worksheet) -> None:
    for cell in sheet[1]:
        cell.font = HEAD
        sheet.column_dimensions[cell.column_letter].width = 18
    sheet.freeze_panes = "A2"


def export_ledger(ledger: Ledger | None, path: str) -> Block:
    """Write the workbook where a path is given, and say what it holds."""
    if ledger is None:
        return say_block(NO_ACTUALS)
    if not path:
        return say_block("Name a file ending in .xlsx to get this ledger as a workbook.")
    file = write_ledger_workbook(ledger, path).name
    return render_block("workbook.html.j2", f"{file} {HOLDS}", file=file, holds=HOLDS)
