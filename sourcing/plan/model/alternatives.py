"""Check and sort the table of alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import InputError
from sourcing.plan.model.tables import code_labels, read_numbers, require_table, show_row
from sourcing.plan.tolerance import KEPT, NEGLIGIBLE_SHARE

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Alternatives:
    """The alternatives in the fixed order of their key, so that the order of rows never matters.

    Attributes
    ----------
    table : DataFrame
        Sorted by process, option and wave; index 0 … n-1.
    processes : list
        Labels of the processes, in order.
    process_of : ndarray of int, shape (n,)
        Position in `processes` of each row.
    keys : list of tuple
        (process, option[, wave]) of each row.
    cost : ndarray of float, shape (n,)
        Money, lower is better.
    line_columns : list of str
        Numeric columns `cost_*`; where there are any they sum to `cost`.
    """

    table: pd.DataFrame
    processes: list[Any]
    process_of: np.ndarray
    keys: list[tuple[Any, ...]]
    cost: np.ndarray
    line_columns: list[str]


def read_alternatives(table: object) -> Alternatives:
    """Check a table of alternatives and sort it by its key.

    Raises
    ------
    InputError
        If there is no row, a column is missing, a key is missing or occurs twice, a cost is not a finite
        number, the cost lines do not sum to `cost`, or a column is called `share`.

    Examples
    --------
    >>> read = read_alternatives(pd.DataFrame({"process": ["b", "a"], "option": ["x", "y"], "cost": [1, 2]}))
    >>> read.processes, read.cost.tolist()
    (['a', 'b'], [2.0, 1.0])
    """
    frame = require_table(table, "alternatives", ["process", "option", "cost"])
    if frame.empty:
        raise InputError(
            "alternatives must have at least one row; got none at alternatives. "
            "Hint: give each process its options, staying as-is among them."
        )
    if "share" in frame.columns:
        raise InputError("the column share is the plan's own; got it at alternatives. Hint: rename or drop the column.")
    key_columns = [name for name in ("process", "option", "wave") if name in frame.columns]
    for name in ("process", "option"):
        missing = frame[name].isna().to_numpy()
        if missing.any():
            first = int(np.flatnonzero(missing)[0])
            raise InputError(
                f"{name} must be filled in; got a missing value at alternatives {show_row(frame, first)}, "
                f"index {frame.index[first]!r}. Hint: name it or leave the row out."
            )
    coded = [code_labels(frame[name]) for name in key_columns]
    codes = [code for code, _ in coded]
    order = np.lexsort(codes[::-1])
    ordered = frame.iloc[order].reset_index(drop=True)
    labels = [[labels_of[code] for code in code_of[order].tolist()] for code_of, labels_of in coded]
    _refuse_twins(ordered, [code[order] for code in codes])
    cost = read_numbers(ordered, "cost", "alternatives")
    return Alternatives(
        table=ordered,
        processes=coded[0][1],
        process_of=codes[0][order],
        keys=list(zip(*labels, strict=True)),
        cost=cost,
        line_columns=_read_lines(ordered, cost),
    )


def _refuse_twins(ordered: pd.DataFrame, codes: Sequence[np.ndarray]) -> None:
    same = np.ones(len(ordered) - 1, dtype=bool)
    for code in codes:
        same &= code[1:] == code[:-1]
    if same.any():
        first = int(np.flatnonzero(same)[0])
        more = f", {int(same.sum()) - 1} more" if same.sum() > 1 else ""
        raise InputError(
            "(process, option[, wave]) must be unique; got twice at alternatives "
            f"{show_row(ordered, first)}{more}. Hint: drop one, or tell them apart by wave."
        )


def _read_lines(ordered: pd.DataFrame, cost: np.ndarray) -> list[str]:
    lines = sorted(
        name
        for name in ordered.columns
        if isinstance(name, str) and name.startswith("cost_") and pd.api.types.is_numeric_dtype(ordered[name])
    )
    if not lines:
        return []
    parts = np.column_stack([read_numbers(ordered, name, "alternatives") for name in lines])
    away = np.abs(parts.sum(axis=1) - cost)
    wrong = away > KEPT * np.maximum(1.0, np.maximum(np.abs(cost), NEGLIGIBLE_SHARE * np.abs(parts).sum(axis=1)))
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        more = f", {int(wrong.sum()) - 1} more" if wrong.sum() > 1 else ""
        raise InputError(
            f"the lines {', '.join(lines)} must sum to cost; got {parts[first].sum():g} against "
            f"{cost[first]:g} "
            f"at alternatives {show_row(ordered, first)}{more}. Hint: put each cause of money on one line."
        )
    return lines
