"""The first sheet of a workbook: what to do, what the colors mean, and how far one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Font

from sourcing.case.writing.sheets import GUIDE, LAST_ROW, put_cell

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

STEPS = (
    "1. Sheet units: one row. Say where the unit works from, in which money, and optionally one country abroad.",
    "2. Sheet processes: one row each. Name, people and occupation are enough; your own cost or price always wins.",
    "3. Sheet scores: two rows per process, commoditization and core_competency, each from 1 to 5. "
    "To have the rows made: sourcing init THIS_FILE --add scores",
    "4. Sheet options: may stay empty. Then each process is offered in-house, at a shared center, by a provider, and "
    "abroad if a country is given, at reference figures. To see and change the rows: "
    "sourcing init THIS_FILE --add options",
    "5. sourcing check THIS_FILE says what is wrong and where; sourcing packs THIS_FILE --out packs makes the pack.",
)
COLORS = (
    "Dark blue columns are needed in every row, gray ones may stay empty. Hold the pointer over a column's name for "
    "its meaning, unit and default. Choices stand on the last sheet. A column whose name starts with # is left alone."
)


def add_guide(book: Workbook) -> None:
    """Add the guide as the first sheet; its formulas are protected."""
    sheet = book.create_sheet(GUIDE, 0)
    put_cell(sheet, 1, 1, "Your unit in an hour").font = Font(bold=True, size=14)
    row = 3
    for text in (*STEPS, COLORS):
        put_cell(sheet, row, 1, text).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 32
        row += 1
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 100, 12
    row += 1
    put_cell(sheet, row, 1, "How far you are").font = Font(bold=True)
    for text, formula in list_progress(book):
        row += 1
        put_cell(sheet, row, 1, text)
        sheet.cell(row, 2).value = formula
    sheet.protection.sheet = True
    book.active = 0


def list_progress(book: Workbook) -> list[tuple[str, str]]:
    """List the formulas that count what is filled and what is missing."""
    processes, scores = book["processes"], book["scores"]
    name, score = _find_range(processes, "process"), _find_range(scores, "score")
    costs = ("occupation", "labor_cost_today_per_fte", "price_today_per_year")
    empty = "*".join(f'({_find_range(processes, each)}="")' for each in costs)
    return [
        ("processes named", f"=COUNTA({name})"),
        ("scores given", f"=COUNT({score})"),
        ("scores of a basic case: two per process", f"=2*COUNTA({name})"),
        ("processes without occupation and own cost", f'=SUMPRODUCT(({name}<>"")*{empty})'),
    ]


def _find_range(sheet: Worksheet, column: str) -> str:
    letter = next(cell.column_letter for cell in sheet[1] if cell.value == column)
    return f"{sheet.title}!${letter}$2:${letter}${LAST_ROW}"
