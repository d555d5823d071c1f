"""One fault of a case, and where it was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

ERROR, WARNING = "error", "warning"
DAY_ZERO = datetime(1899, 12, 30)
"""The day that spreadsheets write as 0, unless a workbook counts from 1904."""
MOST_ALIKE = 1000
"""Faults of one column and one rule that are listed one by one; one more row counts the rest."""


class Problem(NamedTuple):
    """One fault of a case, as one row of the table of problems.

    `row` is the row as a spreadsheet counts it: a header at the top is row 1. An error makes a case unsound,
    a warning does not. `place` says where it was typed, such as `Sheet processes!F12` or `processes.csv:12`.
    """

    table: str
    row: int | None
    column: str
    rule: str
    value: str
    hint: str
    severity: str = ERROR
    place: str = ""


@dataclass(frozen=True)
class Origin:
    """Where a table was typed.

    Parameters
    ----------
    label : str
        File name, or `Sheet <title>`.
    header_row : int
        Spreadsheet row of the column names.
    letters : mapping of str to str
        Column name -> letters of the spreadsheet column.
    separator : str or None
        Sign between cells of a text file; "" for sheets, None for tables that come as typed frames.
    signs : mapping of (int, str) to str
        (row, column) -> per cent or currency sign that the cell's number format shows.
    day_zero : datetime
        The day that the number 0 stands for.
    """

    label: str = ""
    header_row: int = 1
    letters: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None
    signs: Mapping[tuple[int, str], str] = field(default_factory=dict)
    day_zero: datetime = DAY_ZERO

    def locate(self, row: int | None, column: str) -> str:
        """Write the place of a cell, a row or the whole table.

        Examples
        --------
        >>> Origin("Sheet processes", separator="", letters={"name": "C"}).locate(12, "name")
        'Sheet processes!C12'
        >>> Origin("processes.csv", separator=",").locate(12, "name")
        'processes.csv:12'
        """
        if row is None or not self.label:
            return self.label
        if self.separator == "":
            letter = self.letters.get(column)
            return f"{self.label}!{letter}{row}" if letter else f"{self.label}!{row}:{row}"
        return f"{self.label}:{row}"


def point_at(
    frame: pd.DataFrame,
    wrong: pd.Series | np.ndarray,
    where: tuple[str, str],
    rule: str,
    hint: str,
    values: pd.Series | None = None,
    severity: str = ERROR,
) -> Iterator[Problem]:
    """List the rows of a table that break one rule.

    Parameters
    ----------
    frame : DataFrame
        Indexed by spreadsheet row.
    wrong : array of bool, shape (len(frame),)
        Rows that break the rule.
    where : tuple of str
        Table and column.
    rule, hint : str
        What is wanted; what to do.
    values : Series, optional
        What is shown as got; the column's cells if None.
    severity : str
    """
    places = np.flatnonzero(np.asarray(wrong, dtype=bool))
    shown = frame[where[1]] if values is None else values
    for place in places[:MOST_ALIKE]:
        value = shown.iloc[place]
        text = f"{value:g}" if isinstance(value, float) else str(value)
        yield Problem(where[0], frame.index[place], where[1], rule, text, hint, severity)
    if len(places) > MOST_ALIKE:
        more = f"… and {len(places) - MOST_ALIKE} rows more"
        yield Problem(where[0], frame.index[places[MOST_ALIKE]], where[1], rule, more, hint, severity)


def cut_alike(problems: list[Problem]) -> list[Problem]:
    """Cut a list of faults of one kind: one more row counts those beyond `MOST_ALIKE`."""
    if len(problems) <= MOST_ALIKE:
        return problems
    more = f"… and {len(problems) - MOST_ALIKE} rows more"
    return [*problems[:MOST_ALIKE], problems[MOST_ALIKE]._replace(value=more)]
