"""Write problems back into a copy of the workbook: colored cells, notes, and a list that leads to each."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink

from sourcing.case.dictionary import supplied_tables
from sourcing.case.load import find_case
from sourcing.case.problem import ERROR, WARNING, Origin
from sourcing.case.reading import (
    WORKBOOKS,
    Reading,
    Sheet,
    letter_column,
    list_files,
    name_table,
    number_cells,
    open_package,
    opening,
    read_grid,
    read_parquet,
    read_tables,
)
from sourcing.case.writing.inputs import require_no_inputs
from sourcing.case.writing.save import replacing, save_book, write_cell
from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

COLORS = {"error": "FFF4B6B6", "warning": "FFFFE3A3"}
LIST_TITLE = "Problems"
COLUMNS = {"severity": 10, "table": 16, "row": 7, "column": 24, "rule": 44, "value": 28, "hint": 60, "place": 30}
LONGEST_TEXT = 32_000
LONGEST_TABLE = 50_000
"""Rows beyond which a table is listed but not copied into a workbook made from files."""
NOTE_AUTHOR = "sourcing check"


def mark_problems(path: str | Path, problems: pd.DataFrame, out: str | Path) -> Path:
    """Write a copy of a case as a workbook in which each faulty cell is colored and explained.

    A first sheet lists every problem and leads to its cell. Errors are red, warnings amber. The original is
    never altered; a folder or an .ods workbook is first brought into an .xlsx workbook with the same cells.

    Parameters
    ----------
    path : path
        The case: a folder or a workbook.
    problems : DataFrame
        As `check_case` returns or `CaseError` carries it.
    out : path
        The copy, ending in .xlsx; not the original.

    Returns
    -------
    Path
        `out`.

    Raises
    ------
    InputError
        The case cannot be read, or `out` is not an .xlsx file of its own beside no table of a case.
    """
    source, out = find_case(Path(path)), Path(out)
    if out.suffix.lower() != ".xlsx":
        raise InputError(f"A marked copy must end in .xlsx; got {str(out)!r}. Hint: name it marked.xlsx.")
    if out.exists() and out.resolve() in {file.resolve() for file in list_files(source)}:
        raise InputError(f"A marked copy must not replace the original; got {str(out)!r}. Hint: name another file.")
    require_no_inputs(out.parent, source if source.is_dir() else None)
    reading = read_tables(source)
    book, sheets = _open_copy(source)
    titles = {name: sheets[origin.label] for name, origin in reading.origins.items() if origin.label in sheets}
    for (table, row, column), rows in problems.groupby(["table", "row", "column"], dropna=True):
        if table in titles:
            _mark_cell(book[titles[table]], reading.origins[table], int(row), column, rows.to_dict("records"))
    _list_problems(book, problems, reading, titles)
    with replacing(out) as aside:
        save_book(book, aside)
    return out


def _open_copy(source: Path) -> tuple[Any, dict[str, str]]:
    """Return a workbook with every sheet and file of the case, and the sheet's title by the label of its origin."""
    files = list_files(source)
    books = [file for file in files if file.suffix.lower() in (".xlsx", ".xlsm")]
    sheets: dict[str, str] = {}
    book = _open_as_it_is(books[0]) if len(books) == 1 else None
    kept = None
    if book is not None:
        kept = books[0]
        prefix = "" if source == books[0] else f"{books[0].name}, "
        sheets = {f"{prefix}Sheet {sheet.title}": sheet.title for sheet in book.worksheets}
    else:
        book = openpyxl.Workbook()
        book.remove(book.active)
    for file in files:
        if file == kept:
            continue
        for grid in _read_grids(file, source):
            if len(grid.rows) <= LONGEST_TABLE:
                sheets[grid.label] = _add_sheet(book, grid)
    return book, sheets


def _open_as_it_is(path: Path) -> Any | None:
    """Open a workbook with all its looks; None where cells are stored as only reading bears, such as NaN."""
    try:
        with opening(path):
            return openpyxl.load_workbook(open_package(path))
    except InputError:
        return None


def _read_grids(file: Path, source: Path) -> list[Sheet]:
    """Read a file as grids of cells, labeled as its origins are."""
    kind = file.suffix.lower()
    if kind in WORKBOOKS:
        prefix = "" if file == source else f"{file.name}, "
        return [replace(sheet, label=prefix + sheet.label) for sheet in WORKBOOKS[kind](file)]
    table = supplied_tables()[str(name_table(file.stem))]
    if kind == ".parquet":
        frame = read_parquet(file, table).frame
        cells = frame.astype(object).where(frame.notna(), None).to_numpy().tolist() if frame is not None else []
        return [Sheet(file.stem, file.name, number_cells([[] if frame is None else list(frame.columns), *cells]))]
    return [read_grid(file, table)]


def _add_sheet(book: Any, grid: Sheet) -> str:
    """Write a grid as it stands, so that its rows and columns keep their places; return the sheet's title."""
    title = re.sub(r"[\[\]:*?/\\]", " ", grid.title)[:31].strip("' ") or "table"
    sheet = book.create_sheet(title)
    for row, cells in grid.rows.items():
        for column, value in cells.items():
            write_cell(sheet.cell(row, column), _allow(value))
    for column in set().union(*grid.rows.values()):
        sheet.column_dimensions[letter_column(column)].width = 18
    for row, column in grid.formulas:
        write_cell(sheet.cell(row, column), grid.formulas[row, column])
    return str(sheet.title)


def _allow(value: Any) -> Any:
    """Return a value that a sheet can hold: texts without control characters, days without a zone."""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST_TEXT]


def _mark_cell(sheet: Any, origin: Origin, row: int, column: str, problems: list[dict[str, Any]]) -> None:
    letter = origin.letters.get(column)
    if letter is None:
        return
    cell = sheet[f"{letter}{row}"]
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
    severity = ERROR if any(each["severity"] == ERROR for each in problems) else WARNING
    cell.fill = PatternFill("solid", fgColor=COLORS[severity])
    notes = [
        f"{each['severity'].upper()}\nWanted: {each['rule']}\nGot: {each['value']}\n{each['hint']}" for each in problems
    ]
    earlier = [cell.comment.text] if cell.comment is not None else []
    cell.comment = Comment(_allow("\n\n".join([*notes, *earlier])), NOTE_AUTHOR, height=160, width=340)


def _list_problems(book: Any, problems: pd.DataFrame, reading: Reading, titles: Mapping[str, str]) -> None:
    """Put a first sheet that lists every problem, each place a link to its cell."""
    if LIST_TITLE in book.sheetnames:
        book.remove(book[LIST_TITLE])
    sheet = book.create_sheet(LIST_TITLE, 0)
    book.active = 0
    for column, (name, width) in enumerate(COLUMNS.items(), start=1):
        cell = sheet.cell(1, column, name)
        cell.font = Font(bold=True)
        sheet.column_dimensions[letter_column(column)].width = width
    sheet.freeze_panes = "A2"
    ordered = problems.sort_values("severity", kind="stable")
    for number, problem in enumerate(ordered.to_dict("records"), start=2):
        for column, name in enumerate(COLUMNS, start=1):
            value = None if pd.isna(problem[name]) or problem[name] == "" else _allow(problem[name])
            cell = write_cell(sheet.cell(number, column), value)
            cell.alignment = Alignment(wrap_text=name in ("rule", "value", "hint"), vertical="top")
        sheet.cell(number, 1).fill = PatternFill("solid", fgColor=COLORS[problem["severity"]])
        if problem["table"] in titles:
            origin = reading.origins[problem["table"]]
            _link(sheet.cell(number, len(COLUMNS)), titles[problem["table"]], origin, problem)
    sheet.auto_filter.ref = f"A1:{letter_column(len(COLUMNS))}{len(ordered) + 1}"


def _link(cell: Any, title: str, origin: Origin, problem: Mapping[str, Any]) -> None:
    row = origin.header_row if pd.isna(problem["row"]) else int(problem["row"])
    target = f"{origin.letters.get(problem['column'], 'A')}{row}"
    quoted = title.replace("'", "''")
    write_cell(cell, f"{title}!{target}")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{target}", display=f"{title}!{target}")
    cell.font = Font(color="FF0563C1", underline="single")
