"""What was read: tables as typed, where each was typed, and what reading itself found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from sourcing.case.problem import Origin, Problem


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
    rows : list of list
        Cell values from row 1 and column A on; None where empty.
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
    """

    title: str
    label: str
    rows: list[list[Any]]
    separator: str = ""
    hidden: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    signs: Mapping[tuple[int, int], str] = field(default_factory=dict)
    is_hidden: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(is_filled(cell) for row in self.rows for cell in row)


def is_filled(cell: Any) -> bool:
    """Whether a cell holds anything but blanks."""
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None and cell == cell
