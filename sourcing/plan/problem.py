"""One bulk description of the problem: the truth that every solver's model is written from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.plan.alternatives import Alternatives
    from sourcing.plan.links import Link, Links
    from sourcing.plan.rules import Limit
    from sourcing.plan.statement import Statement


@dataclass(frozen=True)
class Problem:
    """Minimize `cost · x` with `row_lower <= matrix x <= row_upper` and `lower <= x <= upper`.

    Attributes
    ----------
    cost, lower, upper : ndarray of float, shape (n,)
    integer : ndarray of bool, shape (n,)
    columns : list of str
        Unique names; the first columns are the alternatives in the order of their key.
    matrix : scipy.sparse.csr_array, shape (m, n)
    row_lower, row_upper : ndarray of float, shape (m,)
    rows : list of str
        Names of the rows.
    row_scale : ndarray of float, shape (m,)
        A row counts as kept within a millionth of this.
    """

    cost: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    integer: np.ndarray
    columns: list[str]
    matrix: sparse.csr_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    rows: list[str]
    row_scale: np.ndarray


class ProblemWriter:
    """Collects columns and rows, then gives the frozen `Problem`."""

    def __init__(self) -> None:
        self._cost: list[np.ndarray] = []
        self._lower: list[np.ndarray] = []
        self._upper: list[np.ndarray] = []
        self._integer: list[np.ndarray] = []
        self._columns: list[str] = []
        self._entries: list[tuple[np.ndarray, np.ndarray]] = []
        self._rows: list[tuple[float, float, str, float]] = []

    def add_columns(
        self, names: Sequence[str], cost: np.ndarray | float, upper: np.ndarray | float, integer: bool
    ) -> np.ndarray:
        """Add columns with lower bound 0 and give their positions."""
        size = len(names)
        first = len(self._columns)
        self._columns.extend(names)
        self._cost.append(np.broadcast_to(np.asarray(cost, dtype=float), size))
        self._lower.append(np.zeros(size))
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=float), size))
        self._integer.append(np.full(size, integer))
        return np.arange(first, first + size)

    def add_row(
        self,
        name: str,
        positions: np.ndarray,
        coefficients: np.ndarray,
        lower: float,
        upper: float,
        scale: float = 1.0,
    ) -> None:
        """Add one row `lower <= Σ coefficients x <= upper`."""
        self._entries.append((np.asarray(positions), np.asarray(coefficients, dtype=float)))
        self._rows.append((lower, upper, name, scale))

    def add_limit(
        self, limit: Limit, n: int, floor: float, extra: Sequence[tuple[np.ndarray, np.ndarray]] = ()
    ) -> None:
        """Add the row of one limit; `extra` holds further positions and coefficients."""
        positions, coefficients = limit.find_coefficients(n)
        right = limit.find_right_side()
        biggest = float(np.abs(coefficients).max(initial=0.0))
        whole = max(1.0, abs(limit.limit)) * floor if limit.base is not None else abs(right)
        self.add_row(
            limit.name,
            np.concatenate([positions, *(e[0] for e in extra)]),
            np.concatenate([coefficients, *(e[1] for e in extra)]),
            -np.inf if limit.sense == "<=" else right,
            np.inf if limit.sense == ">=" else right,
            max(whole, min(1.0, biggest)) or 1.0,
        )

    def add_choices(self, statement: Statement, cost: np.ndarray | float, barred: np.ndarray) -> np.ndarray:
        """Add one binary per alternative and one row per process: exactly one is chosen."""
        read = statement.alternatives
        names = [" | ".join(str(label) for label in key) for key in read.keys]
        positions = self.add_columns(names, cost, np.where(barred, 0.0, 1.0), True)
        starts = np.searchsorted(read.process_of, np.arange(len(read.processes) + 1))
        for k, process in enumerate(read.processes):
            own = positions[starts[k] : starts[k + 1]]
            self.add_row(f"one option for {process}", own, np.ones(len(own)), 1.0, 1.0)
        return positions

    def write(self) -> Problem:
        """Give the frozen problem."""
        sizes = [len(positions) for positions, _ in self._entries]
        matrix = sparse.csr_array(
            (
                np.concatenate([entry[1] for entry in self._entries]),
                np.concatenate([entry[0] for entry in self._entries]).astype(np.int64),
                np.concatenate([[0], np.cumsum(sizes)]),
            ),
            shape=(len(self._rows), len(self._columns)),
        )
        return Problem(
            cost=np.concatenate(self._cost),
            lower=np.concatenate(self._lower),
            upper=np.concatenate(self._upper),
            integer=np.concatenate(self._integer),
            columns=self._columns,
            matrix=matrix,
            row_lower=np.array([row[0] for row in self._rows]),
            row_upper=np.array([row[1] for row in self._rows]),
            rows=[row[2] for row in self._rows],
            row_scale=np.array([row[3] for row in self._rows]),
        )


def build_problem(statement: Statement) -> Problem:
    """Write the whole problem: choices, limits and hand-offs.

    Formula: minimize `Σ_a cost_a x_a + Σ_link Σ_pq traffic * cost_pq z_pq` with `Σ_{a in i} x_a = 1`, each
    limit's row, and per link `Σ_q z_pq = Σ_{a of process a at p} x_a`, `Σ_p z_pq = Σ_{b at q} x_b`. The last
    two are the transport formulation, the tightest there is for one link.
    """
    writer = ProblemWriter()
    writer.add_choices(statement, statement.alternatives.cost, statement.locks.barred)
    add_limits(writer, statement, {limit.rule for limit in statement.limits})
    if statement.links is not None:
        for link in statement.links.links:
            _add_link(writer, statement.alternatives, statement.links, link)
    return writer.write()


def build_feasibility(statement: Statement, kept: set[str], barred: np.ndarray) -> Problem:
    """Write the problem of keeping some rules only, at no cost; hand-offs limit nothing and are left out."""
    writer = ProblemWriter()
    writer.add_choices(statement, 0.0, barred)
    add_limits(writer, statement, kept)
    return writer.write()


def add_limits(writer: ProblemWriter, statement: Statement, kept: set[str]) -> None:
    """Add the rows of the limits whose rule is in `kept`."""
    n = len(statement.alternatives.cost)
    for limit in statement.limits:
        if limit.rule in kept:
            writer.add_limit(limit, n, find_least_total(limit, statement))


def find_least_total(limit: Limit, statement: Statement) -> float:
    """Give the least total that `relative_to` can have, 0 where it may be negative or there is none."""
    if limit.base is None:
        return 0.0
    read = statement.alternatives
    starts = np.searchsorted(read.process_of, np.arange(len(read.processes)))
    return max(0.0, float(np.minimum.reduceat(limit.base, starts).sum()))


def _add_link(writer: ProblemWriter, read: Alternatives, links: Links, link: Link) -> None:
    i, j = np.nonzero(~np.isnan(link.costs))
    ends = f"{read.processes[link.a]} - {read.processes[link.b]}"
    names = [
        f"handoff {ends} | {links.places[link.places_a[p]]} - {links.places[link.places_b[q]]}"
        for p, q in zip(i.tolist(), j.tolist(), strict=True)
    ]
    flows = writer.add_columns(names, link.costs[i, j], 1.0, False)
    for process, places, side in ((link.a, link.places_a, i), (link.b, link.places_b, j)):
        start, stop = np.searchsorted(read.process_of, [process, process + 1])
        own = np.arange(start, stop)
        for k, place in enumerate(places):
            here = own[links.place_of[own] == place]
            through = flows[side == k]
            positions = np.concatenate([through, here])
            signs = np.concatenate([np.ones(len(through)), -np.ones(len(here))])
            name = f"traffic {ends} at {read.processes[process]} | {links.places[place]}"
            writer.add_row(name, positions, signs, 0.0, 0.0)
