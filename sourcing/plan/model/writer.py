"""The bulk description that every solver's model is written from, and what collects it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, overload

import numpy as np
import scipy

Terms = tuple[np.ndarray, np.ndarray]
"""Positions and coefficients."""


class Names(Sequence[str]):
    """Names in chunks, put together only where they are read: a search needs none of them."""

    def __init__(self, chunks: list[Sequence[str]]) -> None:
        self._chunks = chunks
        self._ends = np.cumsum([0, *map(len, chunks)])

    def __len__(self) -> int:
        return int(self._ends[-1])

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._chunks)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return list(self)[place]
        place = range(len(self))[place]
        chunk = int(np.searchsorted(self._ends, place, side="right")) - 1
        return self._chunks[chunk][place - int(self._ends[chunk])]


class KeyNames(Sequence[str]):
    """Names of alternatives, joined from their keys when read."""

    def __init__(self, keys: Sequence[tuple[Any, ...]]) -> None:
        self._keys = keys

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [" | ".join(map(str, key)) for key in self._keys[place]]
        return " | ".join(map(str, self._keys[place]))


@dataclass(frozen=True)
class Problem:
    """Minimize `cost · x` with `row_lower <= matrix x <= row_upper` and `lower <= x <= upper`.

    Attributes
    ----------
    cost, lower, upper : ndarray of float, shape (n,)
    integer : ndarray of bool, shape (n,)
    columns : sequence of str
        Names; the first columns are the alternatives in the order of their key.
    matrix : scipy.sparse.csr_array, shape (m, n)
    row_lower, row_upper : ndarray of float, shape (m,)
    rows : list of str
        Names of the rows.
    row_scale : ndarray of float, shape (m,)
        A row counts as kept within a millionth of this.
    lines : mapping of str to (ndarray of int, ndarray of float)
        Of each line of shared money the columns it is paid on, and how much on each.
    """

    cost: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    integer: np.ndarray
    columns: Sequence[str]
    matrix: scipy.sparse.csr_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    rows: list[str]
    row_scale: np.ndarray
    lines: Mapping[str, Terms] = field(default_factory=dict)


class ProblemWriter:
    """Collects columns and rows, then gives the frozen `Problem`."""

    def __init__(self) -> None:
        self._cost: list[np.ndarray] = []
        self._lower: list[np.ndarray] = []
        self._upper: list[np.ndarray] = []
        self._integer: list[np.ndarray] = []
        self._columns: list[Sequence[str]] = []
        self._width = 0
        self._positions: list[np.ndarray] = []
        self._coefficients: list[np.ndarray] = []
        self._sizes: list[np.ndarray] = []
        self._bounds: list[np.ndarray] = []
        self._rows: list[str] = []
        self._lines: dict[str, list[Terms]] = {}
        self._further: list[tuple[int, Terms]] = []

    @property
    def lines(self) -> Mapping[str, Terms]:
        """Give what was paid so far, by line."""
        return {line: _join_terms(terms) for line, terms in self._lines.items()}

    def pay(self, line: str, positions: np.ndarray, amounts: np.ndarray) -> None:
        """Tell what of the money on some columns stands on a line."""
        self._lines.setdefault(line, []).append((positions, np.asarray(amounts, dtype=float)))

    def extend_row(self, row: int, positions: np.ndarray, coefficients: np.ndarray) -> None:
        """Add to the coefficients of a row, given by its number."""
        self._further.append((row, (positions, coefficients)))

    def add_columns(
        self,
        names: Sequence[str],
        cost: np.ndarray | float,
        upper: np.ndarray | float,
        integer: np.ndarray | bool,
    ) -> np.ndarray:
        """Add columns with lower bound 0 and give their positions."""
        size = len(names)
        first = self._width
        self._width += size
        self._columns.append(names)
        self._cost.append(np.broadcast_to(np.asarray(cost, dtype=float), size))
        self._lower.append(np.zeros(size))
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=float), size))
        self._integer.append(np.broadcast_to(np.asarray(integer, dtype=bool), size))
        return np.arange(first, first + size)

    def add_row(
        self,
        name: str,
        positions: np.ndarray,
        coefficients: np.ndarray,
        lower: float,
        upper: float,
        scale: float = 1.0,
    ) -> int:
        """Add one row `lower <= Σ coefficients x <= upper` and give its number."""
        self.add_rows([name], np.array([len(positions)]), positions, coefficients, lower, upper, scale)
        return len(self._rows) - 1

    def add_rows(
        self,
        names: Sequence[str],
        sizes: np.ndarray,
        positions: np.ndarray,
        coefficients: np.ndarray,
        lower: np.ndarray | float,
        upper: np.ndarray | float,
        scale: np.ndarray | float = 1.0,
    ) -> None:
        """Add rows at once; `sizes` says how many of the entries, in order, belong to each."""
        self._rows.extend(names)
        self._sizes.append(np.asarray(sizes, dtype=np.int64))
        self._positions.append(np.asarray(positions, dtype=np.int64))
        self._coefficients.append(np.asarray(coefficients, dtype=float))
        ends = [np.broadcast_to(np.asarray(end, dtype=float), len(names)) for end in (lower, upper, scale)]
        self._bounds.append(np.vstack(ends))

    def write(self) -> Problem:
        """Give the frozen problem."""
        starts = np.concatenate([[0], np.cumsum(np.concatenate([*self._sizes, []]))]).astype(np.int64)
        matrix = scipy.sparse.csr_array(
            (
                np.concatenate([*self._coefficients, []]),
                np.concatenate([*self._positions, []]).astype(np.int64),
                starts,
            ),
            shape=(len(self._rows), self._width),
        )
        if self._further:
            rows = np.concatenate([np.full(len(terms[0]), row) for row, terms in self._further])
            places, amounts = _join_terms([terms for _, terms in self._further])
            matrix = scipy.sparse.csr_array(
                matrix + scipy.sparse.csr_array((amounts, (rows, places)), shape=matrix.shape)
            )
        lower, upper, scale = np.hstack([*self._bounds, np.empty((3, 0))])
        return Problem(
            cost=np.concatenate(self._cost),
            lower=np.concatenate(self._lower),
            upper=np.concatenate(self._upper),
            integer=np.concatenate(self._integer),
            columns=Names(list(self._columns)),
            matrix=matrix,
            row_lower=lower,
            row_upper=upper,
            rows=self._rows,
            row_scale=scale,
            lines=self.lines,
        )


def _join_terms(terms: Sequence[Terms]) -> Terms:
    return np.concatenate([positions for positions, _ in terms]), np.concatenate([amounts for _, amounts in terms])


def hold_value(problem: Problem, name: str, cost: np.ndarray, most: float, scale: float) -> Problem:
    """Add the row `cost · x <= most`, so that a later search does not undo an earlier one."""
    return replace(
        problem,
        matrix=scipy.sparse.csr_array(
            scipy.sparse.vstack([problem.matrix, scipy.sparse.csr_array(cost[np.newaxis, :])])
        ),
        row_lower=np.append(problem.row_lower, -np.inf),
        row_upper=np.append(problem.row_upper, most),
        rows=[*problem.rows, name],
        row_scale=np.append(problem.row_scale, scale),
    )


def add_column(
    problem: Problem, name: str, cost: float, amounts: np.ndarray, upper: float = np.inf, integer: bool = False
) -> Problem:
    """Add a column of at least 0 with its amount in each row, shape (m,)."""
    return replace(
        problem,
        cost=np.append(problem.cost, cost),
        lower=np.append(problem.lower, 0.0),
        upper=np.append(problem.upper, upper),
        integer=np.append(problem.integer, integer),
        columns=[*problem.columns, name],
        matrix=scipy.sparse.csr_array(
            scipy.sparse.hstack([problem.matrix, scipy.sparse.csr_array(amounts[:, np.newaxis])])
        ),
    )


def add_most(problem: Problem, name: str, columns: np.ndarray, amounts: np.ndarray, most: float) -> Problem:
    """Add the row `Σ amount x <= most` over some columns."""
    row = np.zeros(len(problem.cost))
    row[columns] = amounts
    return hold_value(problem, name, row, most, 1.0)
