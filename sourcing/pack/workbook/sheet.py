"""One table as one sheet: typed cells, heads that stay in sight and say what a column means, ready to print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from sourcing.case import put_cell
from sourcing.pack.workbook.columns import FORMATS, PLAIN, Described, describe

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEAD = Font(bold=True)
SHADE = PatternFill("solid", fgColor="E8ECF0")
LONG = Alignment(wrap_text=True, vertical="top")
NARROWEST, WIDEST, SAMPLE = 9, 60, 200
"""Least and largest width of a column, in characters, and how many rows it is measured on."""
FIGURE = 14
"""Width of a column of figures."""
ENDLESS = "∞"
A4 = 9
"""Number of the paper in a workbook."""


def add_table(book: Workbook, title: str, table: str, frame: pd.DataFrame, currency: str = "") -> Worksheet:
    """Add a table as a sheet: numbers as numbers, days as days, texts as texts whatever they look like.

    Parameters
    ----------
    book : Workbook
    title : str
        Of the sheet.
    table : str
        Name of the table, by which its columns are described.
    frame : DataFrame
        Days may be texts YYYY-MM-DD; what is missing or not finite but no end stays empty.
    currency : str
        Of its money, for the notes on the heads.
    """
    sheet = book.create_sheet(title)
    for place, name in enumerate(map(str, frame.columns), start=1):
        values = list(frame[name])
        known = describe(table, name) or Described(_guess_kind(values), "")
        head = put_cell(sheet, 1, place, name.replace("_", " "))
        head.font, head.fill = HEAD, SHADE
        head.alignment = LONG
        if known.meaning:
            note = f"{known.meaning}\n{_say_unit(known.kind, currency)}".strip()
            head.comment = Comment(note, "sourcing", height=100, width=280)
        for row, value in enumerate(values, start=2):
            cell = put_cell(sheet, row, place, read_value(value, known.kind))
            if FORMATS[known.kind] != PLAIN:
                cell.number_format = FORMATS[known.kind]
            if isinstance(cell.value, str) and len(cell.value) > WIDEST:
                cell.alignment = LONG
        sheet.column_dimensions[get_column_letter(place)].width = _find_width(name, values, known.kind)
    sheet.freeze_panes = "B2"
    if len(frame.columns):
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(frame.columns))}{1 + len(frame)}"
    print_wide(sheet, "1:1")
    return sheet


def _guess_kind(values: list[Any]) -> str:
    numbers = [value for value in values if value is not None and value == value and value != ""]
    if numbers and all(isinstance(value, pd.Timestamp) for value in numbers):
        return "date"
    return "figure" if numbers and all(_is_number(value) for value in numbers) else "text"


def _is_number(value: Any) -> bool:
    return pd.api.types.is_number(value) and not isinstance(value, bool)


def read_value(value: Any, kind: str) -> Any:
    """Read a cell of a run's table as what a sheet holds; None where it is empty.

    Examples
    --------
    >>> read_value("2026-03-31", "date"), read_value("-1", "text"), read_value("inf", "money")
    (Timestamp('2026-03-31 00:00:00'), '-1', '∞')
    >>> read_value(float("inf"), "money"), read_value(float("nan"), "money"), read_value("1.5", "mixed")
    ('∞', None, 1.5)
    """
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    if pd.isna(value) or value == "":
        return None
    if kind in ("flag", "mixed") and value in ("True", "False"):
        return "yes" if value == "True" else "no"
    if kind == "date" and isinstance(value, str):
        day = pd.to_datetime(value, format="%Y-%m-%d", errors="coerce")
        return value if pd.isna(day) else day
    if kind not in ("text", "date", "flag") and isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value
    if isinstance(value, float) and abs(value) == float("inf"):
        return ENDLESS if value > 0 else f"−{ENDLESS}"
    return value


def _say_unit(kind: str, currency: str) -> str:
    return f"Unit: {currency}" if kind == "money" and currency else ""


def _find_width(name: str, values: list[Any], kind: str) -> float:
    longest = max(map(len, name.split("_")), default=0)
    if kind in ("text", "mixed"):
        longest = max([longest, *(len(str(value)) for value in values[:SAMPLE] if value is not None)])
        return min(max(longest + 2, NARROWEST), WIDEST)
    return max(longest + 2, FIGURE)


def print_wide(sheet: Worksheet, heads: str) -> None:
    """Print a sheet on A4 across, as wide as a page, its heads on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = heads
    sheet.oddFooter.center.text = "&A, &P / &N"
