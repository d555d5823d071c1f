"""The cash flows of a decision as a workbook whose formulas reckon the net present value again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from sourcing.case import replacing, require_no_inputs, write_cell
from sourcing.decide import STATES, BusinessCase, spread_states
from sourcing.pack.block import render_block, say_block
from sourcing.pack.timeless import save_timeless
from sourcing.pack.wording import call_line
from sourcing.value import CASH_LINES, SHARED_LINES

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

    from sourcing.decide import Decision
    from sourcing.pack.block import Block

KEYS = ("state", "process", "option", "line")
FIRST_QUARTER = len(KEYS) + 2
"""Column of the first quarter on the sheet of flows: after the keys and the present value."""
HEAD = Font(bold=True)
INPUT = PatternFill("solid", fgColor="FFF2CC")
MONEY, RATE = "#,##0.00", "0.000000"
HOLDS = (
    "holds every payment by quarter and line, with live formulas: change the discount rate or a line on its first "
    "sheet and the net present values follow."
)


def write_cash_workbook(given: BusinessCase | Decision, path: str | Path) -> Path:
    """Write the cash flows by quarter with live formulas; the same flows give the same bytes.

    Sheet `flows`: nominal cash per state, process, option and line, one column per quarter; a present value per row
    from the discount factors above. Sheet `summary`: the discount rate (change it and everything follows), a change
    in per cent per line, present values by line and state, their totals and the saving.

    Parameters
    ----------
    given : BusinessCase or Decision
    path : path
        Ends in .xlsx; overwritten, unless it lies among the tables of a case.

    Returns
    -------
    Path
    """
    target, book = Path(path), Workbook()
    summary, flows = book.active, book.create_sheet("flows")
    summary.title = "summary"
    decision = given.decision if isinstance(given, BusinessCase) else given
    cash = given.cash if isinstance(given, BusinessCase) else spread_states(given)
    rows = cash.pivot_table(
        index=list(KEYS), columns="quarter", values="amount", aggfunc="sum", fill_value=0.0
    ).reset_index()
    unit = decision.case.unit
    quarters = 4 * int(unit["horizon_years"])
    rows = rows.reindex(columns=[*KEYS, *range(1, quarters + 1)], fill_value=0.0)
    _write_flows(flows, rows, quarters)
    _write_summary(summary, unit, len(rows))
    require_no_inputs(target.parent, decision.case.source, [target.name])
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as aside:
        save_timeless(book, aside)
    return target


def _write_flows(sheet: Worksheet, rows: pd.DataFrame, quarters: int) -> None:
    """Write quarter, time and factor above one row per flow."""
    first, last = get_column_letter(FIRST_QUARTER), get_column_letter(FIRST_QUARTER + quarters - 1)
    sheet.append([*KEYS, "present value", *range(1, quarters + 1)])
    sheet.append(["years after the valuation date, middle of the quarter"])
    sheet.append(["discount factor"])
    for place in range(quarters):
        letter = get_column_letter(FIRST_QUARTER + place)
        sheet[f"{letter}2"] = f"=({letter}1-0.5)/4"
        sheet[f"{letter}3"] = f"=(1+summary!$B$3)^-{letter}2"
        sheet[f"{letter}3"].number_format = RATE
    for number, row in enumerate(rows.itertuples(index=False), start=4):
        worth = f"=SUMPRODUCT({first}{number}:{last}{number},{first}$3:{last}$3)"
        sheet.append([*[None] * len(KEYS), worth, *map(float, row[len(KEYS) :])])
        for place, key in enumerate(row[: len(KEYS)], start=1):
            write_cell(sheet.cell(number, place), str(key))
        for cell in sheet[number][len(KEYS) :]:
            cell.number_format = MONEY
    for cell in sheet[1]:
        cell.font = HEAD
    sheet.freeze_panes = f"{first}4"
    for letter, width in zip("ABCDE", (10, 24, 18, 20, 18), strict=True):
        sheet.column_dimensions[letter].width = width


def _write_summary(sheet: Worksheet, unit: pd.Series, flows: int) -> None:
    """Write rate, lines by state and totals; change cells and the rate are the analyst's to change."""
    end = 3 + flows
    sheet.append([f"Cash flows of {unit['name']}, net present values in {unit['currency']}"])
    sheet.append(["Change a colored cell and every figure follows."])
    sheet.append(["discount rate a year", float(unit["discount_rate"])])
    sheet.append([])
    sheet.append(["line", "change, per cent", *STATES, "saving"])
    start = sheet.max_row + 1
    for number, line in enumerate((*CASH_LINES, *SHARED_LINES), start=start):
        sums = [
            f'=SUMIFS(flows!$E$4:$E${end},flows!$A$4:$A${end},"{state}",flows!$D$4:$D${end},"{line}")*(1+$B{number}/100)'
            for state in STATES
        ]
        sheet.append([call_line(line), 0, *sums, f"=C{number}-D{number}"])
        sheet[f"B{number}"].fill = INPUT
    last = sheet.max_row
    sheet.append(["net present value", None, *(f"=SUM({letter}{start}:{letter}{last})" for letter in "CDE")])
    sheet["B3"].fill = INPUT
    for row in (1, start - 1, last + 1):
        for cell in sheet[row]:
            cell.font = HEAD
    for row in sheet.iter_rows(min_row=start, min_col=3, max_col=5):
        for cell in row:
            cell.number_format = MONEY
    sheet.column_dimensions["A"].width = 44
    for letter in "BCDE":
        sheet.column_dimensions[letter].width = 20


def export_cash(business: BusinessCase, path: str) -> Block:
    """Write the workbook where a path is given, and say what it holds."""
    if not path:
        return say_block("Name a file ending in .xlsx to get these cash flows with live formulas.")
    file = write_cash_workbook(business, path).name
    return render_block("workbook.html.j2", f"{file} {HOLDS}", file=file, holds=HOLDS)
