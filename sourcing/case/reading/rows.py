"""From a grid of cells to a table: find the header, fill merged cells, leave out blank rows and notes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import is_string_dtype

from sourcing.case.problem import WARNING, Origin, Problem, cut_alike
from sourcing.case.reading.cells import is_faulty
from sourcing.case.reading.headers import DEEPEST_HEADER, begins_note, find_header, is_aside, name_columns
from sourcing.case.reading.numerals import split_numeral
from sourcing.case.reading.source import is_filled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case.dictionary import Table
    from sourcing.case.reading.source import Sheet

_NOTE = re.compile(r"(note|source|total|sum|comment|legend|\*|n\.?b\.?)\b", re.IGNORECASE)
_DESCRIPTION = re.compile(r"[\[(<{].*[\])>}]|text|names?|id|key|code|string|units?|[-–—]+", re.IGNORECASE)
WIDEST = 20_000_000
"""Places (rows by columns) of a table in a sheet beyond which it is refused: most of them would be empty."""


class Framed(NamedTuple):
    """A table as typed, its origin and what its rows show; no frame where no header was found."""

    frame: pd.DataFrame | None
    origin: Origin
    problems: list[Problem]


def letter_column(column: int) -> str:
    """Return the letters of a spreadsheet column counted from 1.

    Examples
    --------
    >>> letter_column(1), letter_column(28)
    ('A', 'AB')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def frame_sheet(sheet: Sheet, table: Table) -> Framed:
    """Bring a grid of cells to a table indexed by spreadsheet row."""
    place = find_header(sheet.list_rows(DEEPEST_HEADER), table)
    if place is None:
        return refuse_header(table, sheet.label, sheet.separator)
    headers = sheet.rows[place + 1]
    origin = place_header(headers, table, sheet.label, place + 1, sheet.separator)
    below = {number: cells for number, cells in sheet.rows.items() if number > origin.header_row}
    columns = sorted(set(headers).union(*below.values()))
    if len(below) * len(columns) > WIDEST:
        hint = "Hint: delete what stands beside the table, or give it as CSV or Parquet."
        got = f"{len(below):,} rows by {len(columns):,} columns"
        return Framed(None, origin, [Problem(table.name, None, "", f"at most {WIDEST:,} places for cells", got, hint)])
    cells = {column: [row.get(column) for row in below.values()] for column in columns}
    frame = pd.DataFrame(cells, index=pd.Index(list(below), dtype="int64"), dtype=object)
    names = dict(zip(headers, name_columns(headers.values(), table), strict=True))
    problems = _fill_merged(frame, sheet, table, names)
    problems += _report_formulas(sheet, table, names, origin.header_row)
    hidden = sorted(sheet.hidden & set(frame.index))
    if hidden:
        shown = ", ".join(map(str, hidden[:8])) + (", …" if len(hidden) > 8 else "")
        hint = "Hint: hidden rows are read too; delete those that are not meant."
        problems.append(Problem(table.name, hidden[0], "", "rows in sight", f"hidden: {shown}", hint, WARNING))
    signs = {(row, names[column]): sign for (row, column), sign in sheet.signs.items() if names.get(column)}
    return settle_rows(frame, headers, table, replace(origin, signs=signs, day_zero=sheet.day_zero), problems)


def refuse_header(table: Table, label: str, separator: str) -> Framed:
    """Say that no row names the table's columns."""
    first = ", ".join(list(table.columns)[:4])
    hint = f"Hint: write the column names in one row: {first}, …"
    rule = f"column names in one of the first {DEEPEST_HEADER} rows"
    origin = Origin(label, separator=separator)
    return Framed(None, origin, [Problem(table.name, None, "", rule, "", hint)])


def place_header(headers: Mapping[int, object], table: Table, label: str, row: int, separator: str | None) -> Origin:
    """Return the origin of a table whose header is known, by the number of the column."""
    letters: dict[str, str] = {}
    for column, name in zip(headers, name_columns(headers.values(), table), strict=True):
        letters.setdefault(name, letter_column(column))
    letters.pop("", None)
    return Origin(label, row, letters, separator)


def settle_rows(
    frame: pd.DataFrame, headers: Mapping[int, object], table: Table, origin: Origin, problems: list[Problem]
) -> Framed:
    """Leave out blank rows, rows of notes or units and columns without a name; say what was left out.

    Columns of `frame` are numbered as the spreadsheet's, from 1; `headers` names them.
    """
    kept = frame[[column for column in frame if is_filled(headers.get(column)) and not is_aside(headers[column])]]
    kept = kept.set_axis([str(headers[column]) for column in kept], axis=1)
    filled = np.column_stack([_find_filled(kept.iloc[:, place]) for place in range(kept.shape[1])])
    counts = pd.Series(filled.sum(axis=1), index=frame.index)
    blank = counts == 0
    drop = blank | _find_commented(frame, counts)
    notes, said = _find_notes(kept, filled, drop, table)
    problems += said
    drop |= notes
    for row in _find_units(kept[~drop], table):
        shown = ", ".join(str(cell).strip() for cell in kept.loc[row] if is_filled(cell))
        hint = "Hint: taken for a row of units and left out; begin it with # to say so."
        problems.append(Problem(table.name, row, "", "a row of the table", shown, hint, WARNING))
        drop[row] = True
    for column in [each for each in frame if not is_filled(headers.get(each))]:
        beside = frame.index[_find_filled(frame[column]) & (blank | ~drop)]
        if len(beside):
            value = str(frame.at[beside[0], column])
            hint = f"Hint: name column {letter_column(column)} in row {origin.header_row}, or move the note."
            rule = "cells below a column name"
            problems.append(Problem(table.name, int(beside[0]), "", rule, value, hint, WARNING))
    return Framed(kept[~drop] if drop.any() else kept, origin, problems)


def _find_commented(frame: pd.DataFrame, counts: pd.Series) -> pd.Series:
    """Find rows with one cell in which the first column begins with #."""
    lonely = counts[counts == 1].index
    first = frame.iloc[:, 0].loc[lonely] if frame.shape[1] else pd.Series(dtype=object)
    return pd.Series(frame.index.isin(first.index[first.map(begins_note).astype(bool)]), index=frame.index)


def _find_notes(
    kept: pd.DataFrame, filled: np.ndarray, drop: pd.Series, table: Table
) -> tuple[np.ndarray, list[Problem]]:
    """Find rows whose one cell reads as a note; say so."""
    notes = np.zeros(len(kept), dtype=bool)
    lonely = np.flatnonzero((filled.sum(axis=1) == 1) & ~drop.to_numpy()) if len(table.columns) > 3 else ()
    problems = []
    for place in lonely:
        text = str(kept.iloc[place, int(filled[place].argmax())]).strip()
        if _is_note(text):
            notes[place] = True
            hint = "Hint: start a row of notes with #, or fill the row's other cells."
            row = int(kept.index[place])
            problems.append(Problem(table.name, row, "", "a row of the table", text, hint, WARNING))
    return notes, cut_alike(problems)


def _find_units(kept: pd.DataFrame, table: Table) -> list[int]:
    """Find a first row that says units: words where figures are wanted, and none of the names that make a row."""
    if kept.empty:
        return []
    columns = [table.columns.get(name) for name in name_columns(kept.columns, table)]
    said: list[str] = []
    keys = []
    for column, cell in zip(columns, kept.iloc[0], strict=True):
        if column is None:
            continue
        if column.is_key and column.is_required:
            keys.append(not is_filled(cell) or bool(_DESCRIPTION.fullmatch(str(cell).strip())))
        if column.type in ("number", "integer", "date") and is_filled(cell):
            said.append(cell)
    is_words = all(isinstance(cell, str) and split_numeral(cell) is None and not is_faulty(cell) for cell in said)
    return [int(kept.index[0])] if said and keys and all(keys) and is_words else []


def _is_note(text: str) -> bool:
    return bool(_NOTE.match(text)) or len(text) > 40 or text.count(" ") > 3


def _find_filled(cells: pd.Series) -> pd.Series:
    if is_string_dtype(cells.dtype) and cells.dtype != object:
        return cells.str.strip().fillna("") != ""
    return cells.map(is_filled).astype(bool)


def _fill_merged(frame: pd.DataFrame, sheet: Sheet, table: Table, names: dict[int, str]) -> list[Problem]:
    """Fill merged cells down with their value; a figure is not filled, since it may be a shared sum."""
    problems = []
    for top, left, bottom, _ in sheet.merged:
        column = table.columns.get(names.get(left, ""))
        if bottom == top or column is None or top not in frame.index or not is_filled(frame.at[top, left]):
            continue
        value = frame.at[top, left]
        if column.type in ("number", "integer"):
            hint = "Hint: unmerge the cells and write each row's own figure."
            rows = f"{value} over rows {top} to {bottom}"
            problems.append(Problem(table.name, top, column.name, "a figure in each row", rows, hint))
        frame.loc[top:bottom, left] = value
    return problems


def _report_formulas(sheet: Sheet, table: Table, names: dict[int, str], header_row: int) -> list[Problem]:
    rule, hint = "a value stored with the formula", "Hint: open the workbook in a spreadsheet program and save it."
    return [
        Problem(table.name, row, names[column], rule, formula, hint)
        for (row, column), formula in sorted(sheet.formulas.items())
        if row > header_row and names.get(column) in table.columns
    ]
