"""From a grid of cells to a table: find the header, fill merged cells, leave out blank rows and notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
from pandas.api.types import is_string_dtype

from sourcing.case.problem import WARNING, Origin, Problem
from sourcing.case.reading.headers import DEEPEST_HEADER, find_header, is_aside, name_columns
from sourcing.case.reading.source import is_filled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.case.dictionary import Table
    from sourcing.case.reading.source import Sheet

_NOTE = re.compile(r"(note|source|total|sum|comment|legend|\*|n\.?b\.?)\b", re.IGNORECASE)


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
    place = find_header(sheet.rows, table)
    if place is None:
        return refuse_header(table, sheet.label, sheet.separator)
    headers = sheet.rows[place]
    width = max(len(row) for row in sheet.rows[place:])
    headers = [*headers, *[None] * (width - len(headers))]
    origin = place_header(headers, table, sheet.label, place + 1, sheet.separator)
    body = [[*row, *[None] * (width - len(row))] for row in sheet.rows[place + 1 :]]
    frame = pd.DataFrame(body, columns=range(width), dtype=object)
    frame.index = pd.RangeIndex(place + 2, place + 2 + len(body))
    names = dict(enumerate(name_columns(("" if name is None else name for name in headers), table), start=1))
    problems = _fill_merged(frame, sheet, table, names)
    problems += _report_formulas(sheet, table, names, origin.header_row)
    hidden = sorted(sheet.hidden & set(frame.index[frame.map(is_filled).any(axis=1)])) if sheet.hidden else []
    if hidden:
        shown = ", ".join(map(str, hidden[:8])) + (", …" if len(hidden) > 8 else "")
        hint = "Hint: hidden rows are read too; delete those that are not meant."
        problems.append(Problem(table.name, hidden[0], "", "rows in sight", f"hidden: {shown}", hint, WARNING))
    signs = {(row, names[column]): sign for (row, column), sign in sheet.signs.items() if names.get(column)}
    origin = Origin(origin.label, origin.header_row, origin.letters, origin.separator, signs)
    return settle_rows(frame, headers, table, origin, problems)


def refuse_header(table: Table, label: str, separator: str) -> Framed:
    """Say that no row names the table's columns."""
    first = ", ".join(list(table.columns)[:4])
    hint = f"Hint: write the column names in one row: {first}, …"
    rule = f"column names in one of the first {DEEPEST_HEADER} rows"
    origin = Origin(label, separator=separator)
    return Framed(None, origin, [Problem(table.name, None, "", rule, "", hint)])


def place_header(headers: Sequence[object], table: Table, label: str, row: int, separator: str | None) -> Origin:
    """Return the origin of a table whose header is known."""
    names = name_columns(("" if name is None else name for name in headers), table)
    letters: dict[str, str] = {}
    for column, name in enumerate(names, start=1):
        letters.setdefault(name, letter_column(column))
    letters.pop("", None)
    return Origin(label, row, letters, separator)


def settle_rows(
    frame: pd.DataFrame, headers: Sequence[object], table: Table, origin: Origin, problems: list[Problem]
) -> Framed:
    """Leave out blank rows, rows that are notes and columns without a name; say what was left out."""
    named = [place for place, name in enumerate(headers) if is_filled(name)]
    aside = [place for place in named if is_aside(headers[place])]
    kept = frame[[place for place in named if place not in aside]]
    filled = pd.DataFrame({place: _find_filled(kept[place]) for place in kept.columns}, index=frame.index)
    counts = filled.sum(axis=1)
    drop = counts == 0
    first = frame.iloc[:, 0] if len(frame.columns) else pd.Series(dtype=object)
    for row in frame.index[(counts > 0) & (counts < 3)] if len(table.columns) > 3 else ():
        texts = [str(cell).strip() for cell, is_in in zip(kept.loc[row], filled.loc[row], strict=True) if is_in]
        if len(texts) == 1 and _is_note(texts[0]):
            drop[row] = True
            hint = "Hint: start a row of notes with #, or fill the row's other cells."
            problems.append(Problem(table.name, row, "", "a row of the table", texts[0], hint, WARNING))
    if is_string_dtype(first.dtype) or first.dtype == object:
        drop |= (counts == 1) & first.astype("str").str.startswith("#").fillna(False).astype(bool)
    for place in set(frame.columns) - set(named):
        beside = frame.index[_find_filled(frame[place]) & ~drop]
        if len(beside):
            value = str(frame.at[beside[0], place])
            hint = f"Hint: name column {letter_column(place + 1)} in row {origin.header_row}, or move the note."
            rule = "cells below a column name"
            problems.append(Problem(table.name, int(beside[0]), "", rule, value, hint, WARNING))
    kept = kept[~drop] if drop.any() else kept
    return Framed(kept.set_axis([str(headers[place]) for place in kept.columns], axis=1), origin, problems)


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
        if bottom == top or column is None or top not in frame.index or not is_filled(frame.at[top, left - 1]):
            continue
        value = frame.at[top, left - 1]
        if column.type in ("number", "integer"):
            hint = "Hint: unmerge the cells and write each row's own figure."
            rows = f"{value} over rows {top} to {bottom}"
            problems.append(Problem(table.name, top, column.name, "a figure in each row", rows, hint))
        frame.loc[top : min(bottom, frame.index[-1]), left - 1] = value
    return problems


def _report_formulas(sheet: Sheet, table: Table, names: dict[int, str], header_row: int) -> list[Problem]:
    rule, hint = "a value stored with the formula", "Hint: open the workbook in a spreadsheet program and save it."
    return [
        Problem(table.name, row, names[column], rule, formula, hint)
        for (row, column), formula in sorted(sheet.formulas.items())
        if row > header_row and names.get(column) in table.columns
    ]
