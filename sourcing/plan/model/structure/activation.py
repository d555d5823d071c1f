"""Whether a process uses any of some alternatives, as columns that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sourcing.plan.model.structure.splits import Splits
    from sourcing.plan.model.writer import ProblemWriter


class Activation:
    """Gives columns whose sum is 1 where a process engages any of some alternatives, and may be 0 elsewhere.

    Of a whole process these are the alternatives themselves. Of a divisible one it is the binary of a single
    alternative, or a further column e with `y_a <= e` and `Σ x_a <= e`, which is 0 or 1 where it matters.

    Attributes
    ----------
    is_divisible : ndarray of bool, shape (n,)
        Whether the process of each alternative is divisible.
    """

    def __init__(self, writer: ProblemWriter, splits: Splits, process_of: np.ndarray, engaged: np.ndarray) -> None:
        self._writer = writer
        self.is_divisible = splits.divisible[process_of]
        self._engaged = engaged
        self._made: dict[tuple[int, ...], np.ndarray] = {}

    def find_use(self, rows: np.ndarray, name: str) -> np.ndarray:
        """Give the columns for alternatives of one process."""
        if not self.is_divisible[rows[0]]:
            return rows
        if len(rows) == 1:
            return self._engaged[rows]
        key = tuple(rows.tolist())
        if key not in self._made:
            writer = self._writer
            use = writer.add_columns([f"use {name}"], 0.0, 1.0, False)
            size = len(rows)
            pairs = np.column_stack([self._engaged[rows], np.full(size, use[0])]).ravel()
            names = [f"use {name} {k}" for k in range(size)]
            writer.add_rows(names, np.full(size, 2), pairs, np.tile([1.0, -1.0], size), -np.inf, 0.0)
            weights = np.append(np.ones(size), -1.0)
            writer.add_row(f"use {name} in all", np.append(rows, use), weights, -np.inf, 0.0)
            self._made[key] = use
        return self._made[key]


def split_processes(rows: np.ndarray, process_of: np.ndarray) -> list[np.ndarray]:
    """Split sorted positions by process.

    Examples
    --------
    >>> [part.tolist() for part in split_processes(np.array([0, 1, 3]), np.array([0, 0, 1, 1]))]
    [[0, 1], [3]]
    """
    if not len(rows):
        return []
    return np.split(rows, np.flatnonzero(np.diff(process_of[rows])) + 1)
