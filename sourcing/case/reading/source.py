"""What was read: tables as typed, where each was typed, and what reading itself found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.case.problem import DAY_ZERO
from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sourcing.case.problem import Origin, Problem

MOST_CELLS = 2_000_000
"""Filled cells of a workbook beyond which it is refused."""


class Reading(dict[str, pd.DataFrame]):
    """Tables by name as typed, with the origin of each and the faults that reading found.

    Attributes
    ----------
    origins : dict of str to Origin
    problems : list of Problem
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame] | None = None) -> None:
        super().__init__(tables or {})
        self.origins: dict[str, Origin] = dict(getattr(tables, "origins", {}))
        self.problems: list[Problem] = list(getattr(tables, "problems", []))


@dataclass(frozen=True)
class Sheet:
    """A grid of cells as typed.

    Parameters
    ----------
    title : str
        What it is called: a sheet's title or a file's name without ending.
    label : str
        How a place in it is shown, such as `Sheet processes` or `processes.csv`.
    rows : mapping of int to mapping of int to any
        Row number -> column number -> value of each filled cell, both counted from 1 and in order.
    separator : str
        Sign between cells of a text file; "" in a workbook.
    hidden : frozenset of int
        Spreadsheet rows that are hidden.
    merged : tuple of (top, left, bottom, right)
        Merged ranges, counted from 1.
    formulas : mapping of (row, column) to str
        Cells whose formula has no stored value.
    signs : mapping of (row, column) to str
        Per cent or currency sign of a cell's number format.
    is_hidden : bool
        The sheet is hidden.
    day_zero : datetime
        The day that the number 0 stands for.
    """

    title: str
    label: str
    rows: Mapping[int, Mapping[int, Any]]
    separator: str = ""
    hidden: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    signs: Mapping[tuple[int, int], str] = field(default_factory=dict)
    is_hidden: bool = False
    day_zero: datetime = DAY_ZERO

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not self.rows

    def list_rows(self, last: int) -> list[list[Any]]:
        """Return the filled cells of each row down to a last one."""
        return [list(self.rows.get(number, {}).values()) for number in range(1, last + 1)]


class CellBudget:
    """Counts the filled cells of a workbook against `MOST_CELLS`."""

    def __init__(self, name: str) -> None:
        self.name, self.left = name, MOST_CELLS

    def spend(self, cells: int) -> None:
        """Count cells; raise InputError where they are too many."""
        self.left -= cells
        if self.left < 0:
            raise InputError(
                f"A workbook must hold at most {MOST_CELLS:,} filled cells; got more in {self.name!r}. "
                "Hint: delete what is no table, or give large tables as CSV or Parquet."
            )


def number_cells(rows: Iterable[Sequence[Any]]) -> dict[int, dict[int, Any]]:
    """Return the filled cells of rows that begin at row 1 and column A, as `Sheet.rows` holds them."""
    numbered = {
        number: {column: cell for column, cell in enumerate(row, start=1) if is_filled(cell)}
        for number, row in enumerate(rows, start=1)
    }
    return {number: cells for number, cells in numbered.items() if cells}


def is_filled(cell: Any) -> bool:
    """Whether a cell holds anything but blanks."""
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None and cell == cell
