"""Read cells of the tables of `structure`, naming table, row and column of what does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import InputError, hint_near
from sourcing.plan.model.tables import code_labels, plain_label, read_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.plan.model.alternatives import Alternatives


def refuse_cell(wanted: str, got: Any, table: str, frame: pd.DataFrame, row: int, hint: str) -> InputError:
    """Give the error for one cell."""
    return InputError(f"{wanted}; got {got!r} at {table}, row {frame.index[row]!r}. {hint}")


def read_cells(frame: pd.DataFrame, column: str) -> list[Any]:
    """Read a column as plain labels; None where it is absent, blank or missing."""
    if column not in frame.columns:
        return [None] * len(frame)
    labels = [plain_label(value) for value in frame[column]]
    return [None if isinstance(label, str) and not label.strip() else label for label in labels]


def read_processes(frame: pd.DataFrame, column: str, table: str, alternatives: Alternatives) -> np.ndarray:
    """Read a column of processes as their positions.

    Raises
    ------
    InputError
        If a cell names no process of the alternatives.
    """
    place = {process: k for k, process in enumerate(alternatives.processes)}
    cells = read_cells(frame, column)
    for row, process in enumerate(cells):
        if process not in place:
            wanted = f"{column} must name a process of the alternatives"
            raise refuse_cell(wanted, process, table, frame, row, hint_near(str(process), place))
    return np.array([place[process] for process in cells], dtype=np.int64)


def read_amounts(
    frame: pd.DataFrame, column: str, table: str, low: float, high: float, default: float | None = None
) -> np.ndarray:
    """Read a column of finite numbers from low to high; a blank takes the default where there is one.

    Raises
    ------
    InputError
        If a cell is no number, is missing without a default, or lies outside.
    """
    if default is not None and column not in frame.columns:
        return np.full(len(frame), default)
    given = frame[column].notna().to_numpy()
    amounts = read_numbers(frame, column, table, None if default is None else given)
    if default is not None:
        amounts = np.where(given, amounts, default)
    wrong = np.flatnonzero((amounts < low) | (amounts > high))
    if len(wrong):
        bounds = f"at least {low:g}" if high == np.inf else f"from {low:g} to {high:g}"
        first = int(wrong[0])
        raise refuse_cell(
            f"{column} must be {bounds}", float(amounts[first]), table, frame, first, "Hint: check sign and unit."
        )
    return amounts


def read_choices(frame: pd.DataFrame, column: str, table: str, choices: Sequence[str]) -> list[str]:
    """Read a column whose cells are each one of a few words."""
    cells = read_cells(frame, column)
    for row, cell in enumerate(cells):
        if cell not in choices:
            wanted = f"{column} must be one of {', '.join(choices)}"
            raise refuse_cell(wanted, cell, table, frame, row, hint_near(str(cell), choices))
    return cells


def find_rows(frame: pd.DataFrame, table: str, alternatives: Alternatives) -> list[tuple[str, Any, np.ndarray]]:
    """Find, for each row's `column` and `value`, the alternatives that carry the value there.

    Returns
    -------
    list of (column, value, positions)

    Raises
    ------
    InputError
        If the column is not one of the alternatives, or no alternative has the value.
    """
    coded: dict[str, tuple[np.ndarray, list[Any]]] = {}
    found = []
    for row, (column, value) in enumerate(zip(read_cells(frame, "column"), read_cells(frame, "value"), strict=True)):
        require_column(column, frame, table, row, alternatives)
        if column not in coded:
            coded[column] = code_labels(alternatives.table[column])
        codes, labels = coded[column]
        if value is None or value not in labels:
            wanted = f"value must occur in the column {column!r} of the alternatives"
            raise refuse_cell(wanted, value, table, frame, row, hint_near(str(value), labels))
        found.append((column, value, np.flatnonzero(codes == labels.index(value))))
    return found


def require_column(column: Any, frame: pd.DataFrame, table: str, row: int, alternatives: Alternatives) -> None:
    """Refuse a cell that names no column of the alternatives."""
    if column is None or column not in alternatives.table.columns:
        known = alternatives.table.columns
        wanted = "column must be a column of the alternatives"
        raise refuse_cell(wanted, column, table, frame, row, hint_near(str(column), known))
