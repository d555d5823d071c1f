"""The benefit ledger as a workbook: causes by month, benefits, invoices, suggestions, with totals as formulas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from sourcing.case import put_cell, replacing, require_no_inputs
from sourcing.pack.block import render_block, say_block
from sourcing.pack.program.ledger_words import CAUSE_NAMES, NO_ACTUALS, say_basis, say_result
from sourcing.pack.workbook import HEAD, add_table, print_wide, save_timeless
from sourcing.program import CAUSES, LEDGER_FILES

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from sourcing.pack.block import Block
    from sourcing.program import Ledger

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
        put_cell(summary, summary.max_row + 1, 1, sentence)
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
            add_table(book, name, name, getattr(ledger, name), ledger.baseline.currency)
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
        put_cell(sheet, number, 1, str(row["process"]))
        put_cell(sheet, number, 2, f"{row['month']:%Y-%m}")
        amounts = [row["promised"], *(row[cause] for cause in CAUSES), f"=SUM({first}{number}:{final}{number})",
                   row["actual"], f"=ROUND({actual}{number}-C{number}-{total}{number},2)"]  # fmt: skip
        for place, amount in enumerate(amounts, start=3):
            sheet.cell(number, place, amount).number_format = MONEY
    for cell in sheet[1]:
        cell.font = HEAD
        sheet.column_dimensions[cell.column_letter].width = 18
    sheet.freeze_panes = "A2"
    print_wide(sheet, "1:1")
    return 1 + len(table)


def export_ledger(ledger: Ledger | None, path: str) -> Block:
    """Write the workbook where a path is given, and say what it holds."""
    if ledger is None:
        return say_block(NO_ACTUALS)
    if not path:
        return say_block("Name a file ending in .xlsx to get this ledger as a workbook.")
    file = write_ledger_workbook(ledger, path).name
    return render_block("workbook.html.j2", f"{file} {HOLDS}", file=file, holds=HOLDS)
