"""Cash flows as two sheets whose formulas reckon the net present values again: by line and state, by quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from sourcing.case import put_cell
from sourcing.decide import STATES
from sourcing.pack.wording import call_line
from sourcing.pack.workbook.sheet import HEAD, SHADE, print_wide
from sourcing.value import CASH_LINES, SHARED_LINES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

CASH_KEYS = ("state", "process", "option", "line")
QUARTER = "quarter_"
"""Begins the name of a column of nominal cash, 1 being the first quarter."""
FIRST_QUARTER = len(CASH_KEYS) + 2
"""Column of the first quarter on the sheet of flows: after the keys and the present value."""
FIRST_FLOW = 4
"""Row of the first flow: below quarters, times and factors."""
RATE_ROW, LINE_ROW = 3, 5
"""Rows of the discount rate and of the heads above the lines on the sheet of cash."""
INPUT = PatternFill("solid", fgColor="FFF2CC")
MONEY, RATE, FACTOR = "#,##0.00", "0.00%", "0.000000"
NOTES = {
    "line": "cause of the payments; each stands on one line only",
    "change, per cent": "yours to change: the line in both states by so many per cent",
    STATES[0]: "present value if all stays as it is today",
    STATES[1]: "present value of the plan",
    "saving": "as it is less the plan",
}
FLOW_NOTES = {
    "state": "as it is today, or as planned",
    "process": "key of the process; (shared): money that processes share",
    "option": "key of the option that is paid for",
    "line": "cause of the payment",
    "present value": "cash of all quarters at their discount factors; a formula",
}


def add_cash(book: Workbook, rows: pd.DataFrame, summary: Mapping[str, Any]) -> None:
    """Add the sheets `cash` and `flows` with live formulas.

    Sheet `flows`: nominal cash per state, process, option and line, one column per quarter; a present value per row
    from the discount factors above: (1 + rate)^-((quarter - 1/2) / 4). Sheet `cash`: the discount rate (change it and
    everything follows), a change in per cent per line, present values by line and state, their totals and the saving,
    and how far they are from what the run recorded.

    Parameters
    ----------
    book : Workbook
    rows : DataFrame
        Columns CASH_KEYS and quarter_1, quarter_2 …: currency of the quarter.
    summary : mapping
        name, currency, discount_rate (a year), cash_cost and as_is_cash_cost (net present values).
    """
    cash, flows = book.create_sheet("cash"), book.create_sheet("flows")
    _write_flows(flows, rows)
    _write_cash(cash, summary, FIRST_FLOW + len(rows) - 1)


def _write_flows(sheet: Worksheet, rows: pd.DataFrame) -> None:
    """Write quarter, time and factor above one row per flow."""
    quarters = [name for name in rows if str(name).startswith(QUARTER)]
    first, last = get_column_letter(FIRST_QUARTER), get_column_letter(FIRST_QUARTER + len(quarters) - 1)
    sheet.append([*CASH_KEYS, "present value", *(int(name.removeprefix(QUARTER)) for name in quarters)])
    sheet.append(["years after the valuation date, middle of the quarter"])
    sheet.append(["discount factor"])
    for place in range(FIRST_QUARTER, FIRST_QUARTER + len(quarters)):
        letter = get_column_letter(place)
        sheet[f"{letter}1"].number_format = '"quarter "0'
        sheet[f"{letter}2"] = f"=({letter}1-0.5)/4"
        sheet[f"{letter}3"] = f"=(1+cash!$B${RATE_ROW})^-{letter}2"
        sheet[f"{letter}3"].number_format = FACTOR
        sheet.column_dimensions[letter].width = 16
    for number, row in enumerate(rows.to_dict("records"), start=FIRST_FLOW):
        for place, key in enumerate(CASH_KEYS, start=1):
            put_cell(sheet, number, place, str(row[key]))
        worth = f"=SUMPRODUCT({first}{number}:{last}{number},{first}$3:{last}$3)"
        sheet.cell(number, FIRST_QUARTER - 1, worth).number_format = MONEY
        for place, name in enumerate(quarters, start=FIRST_QUARTER):
            sheet.cell(number, place, float(row[name])).number_format = MONEY
    _mark_heads(sheet, 1, FLOW_NOTES)
    sheet.freeze_panes = f"{first}{FIRST_FLOW}"
    sheet.auto_filter.ref = f"A{FIRST_FLOW - 1}:{last}{FIRST_FLOW + len(rows) - 1}"
    for letter, width in zip("ABCDE", (10, 24, 18, 20, 18), strict=True):
        sheet.column_dimensions[letter].width = width
    print_wide(sheet, "1:3")


def _write_cash(sheet: Worksheet, summary: Mapping[str, Any], end: int) -> None:
    """Write rate, lines by state and totals; change cells and the rate are the analyst's to change."""
    put_cell(sheet, 1, 1, f"Cash flows of {summary['name']}, net present values in {summary['currency']}").font = HEAD
    put_cell(sheet, 2, 1, "Change a colored cell and every figure follows.")
    put_cell(sheet, RATE_ROW, 1, "discount rate a year")
    rate = sheet.cell(RATE_ROW, 2, float(summary["discount_rate"]))
    rate.fill, rate.number_format = INPUT, RATE
    for place, title in enumerate(("line", "change, per cent", *STATES, "saving"), start=1):
        put_cell(sheet, LINE_ROW, place, title)
    _mark_heads(sheet, LINE_ROW, NOTES)
    number = LINE_ROW
    for number, line in enumerate((*CASH_LINES, *SHARED_LINES), start=LINE_ROW + 1):
        sums = [
            f'=SUMIFS(flows!$E${FIRST_FLOW}:$E${end},flows!$A${FIRST_FLOW}:$A${end},"{state}",'
            f'flows!$D${FIRST_FLOW}:$D${end},"{line}")*(1+$B{number}/100)'
            for state in STATES
        ]
        put_cell(sheet, number, 1, call_line(line))
        sheet.cell(number, 2, 0).fill = INPUT
        _write_money(sheet, number, [*sums, f"=C{number}-D{number}"])
    total = number + 1
    put_cell(sheet, total, 1, "net present value").font = HEAD
    _write_money(sheet, total, [f"=SUM({letter}{LINE_ROW + 1}:{letter}{number})" for letter in "CDE"], is_head=True)
    recorded = [float(summary["as_is_cash_cost"]), float(summary["cash_cost"])]
    put_cell(sheet, total + 1, 1, "as the run recorded it")
    _write_money(sheet, total + 1, [*recorded, recorded[0] - recorded[1]])
    put_cell(sheet, total + 2, 1, "changed here since")
    _write_money(sheet, total + 2, [f"=ROUND({letter}{total}-{letter}{total + 1},2)" for letter in "CDE"])
    sheet.freeze_panes = f"B{LINE_ROW + 1}"
    sheet.column_dimensions["A"].width = 44
    for letter in "BCDE":
        sheet.column_dimensions[letter].width = 20
    print_wide(sheet, f"{LINE_ROW}:{LINE_ROW}")


def _write_money(sheet: Worksheet, row: int, amounts: list[Any], *, is_head: bool = False) -> None:
    for place, amount in enumerate(amounts, start=3):
        cell = sheet.cell(row, place, amount)
        cell.number_format = MONEY
        if is_head:
            cell.font = HEAD


def _mark_heads(sheet: Worksheet, row: int, notes: Mapping[str, str]) -> None:
    for cell in sheet[row]:
        cell.font, cell.fill = HEAD, SHADE
        if str(cell.value) in notes:
            cell.comment = Comment(notes[str(cell.value)], "sourcing", height=80, width=260)
