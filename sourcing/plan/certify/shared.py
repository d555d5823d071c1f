"""What the parts of the certificate share: chosen rows with their shares, labels, nearness."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from operator import mul
from typing import Any, Protocol

import pandas as pd

Row = Mapping[Any, Any]
Part = tuple[Row, float]
"""A chosen row and its share."""
Check = tuple[str, float, float, bool]
"""What is checked, stated, recomputed, whether it holds."""
ALLOWED = 1e-6


class Asked(Protocol):
    """What of a question the certificate reads; see `Question`."""

    @property
    def alternatives(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def rules(self) -> pd.DataFrame | None: ...  # noqa: D102
    @property
    def links(self) -> pd.DataFrame | None: ...  # noqa: D102
    @property
    def handoff_costs(self) -> pd.DataFrame | None: ...  # noqa: D102
    @property
    def structure(self) -> Mapping[str, pd.DataFrame] | None: ...  # noqa: D102
    @property
    def objective(self) -> Any: ...  # noqa: D102
    @property
    def gap(self) -> float: ...  # noqa: D102


class Certifiable(Protocol):
    """What of a plan the certificate reads; see `Plan`."""

    @property
    def question(self) -> Asked: ...  # noqa: D102
    @property
    def choices(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def objective(self) -> float: ...  # noqa: D102
    @property
    def bound(self) -> float: ...  # noqa: D102
    @property
    def gap(self) -> float: ...  # noqa: D102
    @property
    def multipliers(self) -> pd.Series | None: ...  # noqa: D102
    @property
    def status(self) -> str: ...  # noqa: D102
    @property
    def lines(self) -> pd.Series: ...  # noqa: D102
    @property
    def rules(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def handoffs(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def shared(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def levels(self) -> pd.DataFrame: ...  # noqa: D102


class View(Mapping[Any, Any]):
    """One row of columns held as lists."""

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: Columns, row: int) -> None:
        self._columns = columns
        self._row = row

    def __getitem__(self, name: Any) -> Any:
        return self._columns.read(name)[self._row]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._columns.names)

    def __len__(self) -> int:
        return len(self._columns.names)


class Columns:
    """A table as lists, each read once and only where it is asked for."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.names = list(table.columns)
        self.size = len(table)
        self._table = table
        self._lists: dict[Any, list[Any]] = {}
        self._amounts: dict[Any, list[float]] = {}
        self._views: list[Row] = []

    def read(self, name: Any) -> list[Any]:
        """Give a column as plain values."""
        if name not in self._lists:
            self._lists[name] = self._table[name].tolist()
        return self._lists[name]

    def read_amounts(self, name: Any) -> list[float]:
        """Give a column as numbers."""
        if name not in self._amounts:
            self._amounts[name] = [float(value) for value in self.read(name)]
        return self._amounts[name]

    def read_keys(self) -> Iterator[tuple[Any, ...]]:
        """Give process, option and, where there is one, wave of each row."""
        wave = [list(map(read_label, self.read("wave")))] if "wave" in self.names else []
        return zip(self.read("process"), self.read("option"), *wave, strict=True)

    def view_rows(self) -> list[Row]:
        """Give every row as a mapping."""
        if len(self._views) != self.size:
            self._views = [View(self, row) for row in range(self.size)]
        return self._views


class Parts(Columns):
    """The chosen rows and their shares."""

    def __init__(self, table: pd.DataFrame, shares: list[float]) -> None:
        super().__init__(table)
        self.shares = shares

    def pair_rows(self) -> list[Part]:
        """Give every row with its share."""
        return list(zip(self.view_rows(), self.shares, strict=True))

    def add_up(self, measure: str, rows: Iterable[int] | None = None) -> float:
        """Give the total of a measure over some rows, or all: each times its share."""
        amounts = [1.0] * self.size if measure == "count" else self.read_amounts(measure)
        if rows is None:
            return math.fsum(map(mul, amounts, self.shares))
        return math.fsum(amounts[row] * self.shares[row] for row in rows)


def read_counts(plan: Certifiable) -> dict[str, set[str]]:
    """Give the lines of shared money that count in each measure."""
    counted: dict[str, set[str]] = {}
    for row in list_rows(plan, "counts") or []:
        counted.setdefault(row["measure"], set()).add(row["line"])
    return counted


def read_label(value: Any) -> Any:
    """Give a cell as a plain label; None where it is missing."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    return None if isinstance(value, float) and math.isnan(value) else value


def is_blank(value: Any) -> bool:
    """Tell whether a cell says nothing."""
    return read_label(value) is None or (isinstance(value, str) and not value.strip())


def is_near(stated: float, again: float, size: float = 0.0) -> bool:
    """Tell whether two figures agree to a millionth."""
    return stated == again or abs(stated - again) <= ALLOWED * max(1.0, abs(again), 1e-3 * size)


def list_rows(plan: Certifiable, table: str) -> list[Row] | None:
    """Give the rows of a table of `structure`, or None where it is not there."""
    frame = (plan.question.structure or {}).get(table)
    return None if frame is None else frame.to_dict("records")
