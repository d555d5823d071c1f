"""Search small cores of a problem: some of its columns, the others fixed."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import scipy

from sourcing.plan.effort import USUAL, SolveEffort
from sourcing.plan.solve.highs import open_highs, run_search
from sourcing.plan.tolerance import SOLVER

if TYPE_CHECKING:
    from sourcing.plan.model import Problem
    from sourcing.plan.solve.bounds import StoppingRule
    from sourcing.plan.solve.price import Price

LEAN = {
    "mip_allow_cut_separation_at_nodes": False,
    "mip_allow_restart": False,
    "mip_detect_symmetry": False,
}
PROVE = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_pscost_minreliable": 4,
}
"""Where a point is known and a proof is wanted: no search beside the tree, and half of the usual trial branches."""


@dataclass(frozen=True)
class SearchLimits:
    """How far one search may go.

    Attributes
    ----------
    stopping : StoppingRule
        When a point is good enough.
    end : float
        When to stop, by `time.perf_counter()`.
    tolerance : float
        How exact the solver must be.
    effort : SolveEffort
    """

    stopping: StoppingRule
    end: float
    tolerance: float = SOLVER
    effort: SolveEffort = USUAL.solve

    @property
    def left(self) -> float:
        """Seconds left."""
        return max(0.0, self.end - time.perf_counter())


@dataclass(frozen=True)
class Found:
    """The best point and the best bound so far."""

    values: np.ndarray | None
    objective: float
    bound: float

    def improve(self, values: np.ndarray | None, objective: float, bound: float) -> Found:
        """Keep the better of each."""
        better = values is not None and objective < self.objective
        return Found(
            values if better else self.values,
            objective if better else self.objective,
            max(self.bound, bound),
        )


@dataclass(frozen=True)
class Core:
    """A problem over some columns, the others fixed.

    Attributes
    ----------
    problem : Problem
        Over the columns kept.
    columns : ndarray of int
        Their positions in the whole.
    point : ndarray of float, shape (n,)
        Where the others are fixed.
    offset : float
        What the others cost.
    is_broken : bool
        Whether a row that none of the columns kept is in is not kept.
    """

    problem: Problem
    columns: np.ndarray
    point: np.ndarray
    offset: float
    is_broken: bool

    def expand(self, values: np.ndarray) -> np.ndarray:
        """Give the whole point of a core's point."""
        whole = self.point.copy()
        whole[self.columns] = values
        return whole

    def restrict(self, whole: np.ndarray | None) -> np.ndarray | None:
        """Give the core's part of a whole point; None where the point is not within the core."""
        if whole is None or (self.expand(whole[self.columns]) != whole).any():
            return None
        return whole[self.columns]

    def read(self, values: np.ndarray) -> tuple[np.ndarray, float]:
        """Give the whole point, rounded where it must be whole, and its cost."""
        exact = np.where(self.problem.integer, np.round(values), values)
        return self.expand(exact), self.offset + float(self.problem.cost @ exact)


def cut_core(problem: Problem, by_column: scipy.sparse.csc_array, point: np.ndarray, kept: np.ndarray) -> Core:
    """Write the problem over the columns kept; the others stay at `point`, rows without any are dropped.

    A column that a choice row leaves alone is fixed at 1 as well.
    """
    point = point.copy()
    rest = point.copy()
    rest[kept] = 0.0
    matrix = scipy.sparse.csr_array(by_column[:, kept])
    use = problem.matrix @ rest
    lower, upper = problem.row_lower - use, problem.row_upper - use
    alone = np.flatnonzero((np.diff(matrix.indptr) == 1) & (lower == upper) & (problem.row_lower == problem.row_upper))
    places = matrix.indptr[alone]
    single, amounts = matrix.indices[places], matrix.data[places]
    right = upper[alone] / amounts
    own = kept[single]
    fits = problem.integer[own] & (right >= problem.lower[own]) & (right <= problem.upper[own]) & (right % 1.0 == 0.0)
    if fits.any():
        free = np.ones(len(kept), dtype=bool)
        free[single[fits]] = False
        point[own[fits]] = right[fits]
        fixed = np.zeros(len(kept))
        fixed[single[fits]] = right[fits]
        use = matrix @ fixed
        lower, upper = lower - use, upper - use
        kept, matrix = kept[free], matrix[:, free]
    live = np.diff(matrix.indptr) > 0
    inside = replace(
        problem,
        cost=problem.cost[kept],
        lower=problem.lower[kept],
        upper=problem.upper[kept],
        integer=problem.integer[kept],
        columns=[],
        matrix=scipy.sparse.csr_array(matrix[live]),
        row_lower=lower[live],
        row_upper=upper[live],
        rows=[],
        row_scale=problem.row_scale[live],
    )
    slack = problem.row_scale * SOLVER
    is_broken = bool((~live & ((lower > slack) | (upper < -slack))).any())
    outer = point.copy()
    outer[kept] = 0.0
    return Core(inside, kept, point, float(problem.cost @ outer), is_broken)


def find_in_core(core: Core, price: Price, limits: SearchLimits, found: Found, outside: float, nodes: int) -> Found:
    """Search a core for a better point.

    Formula: a point within the core costs at least the core's bound; one outside costs at least `outside`. The lesser
    of the two bounds the whole problem. A limit of nodes, not of seconds, ends the search, so that the same input
    gives the same answer.
    """
    stopping, inside = limits.stopping, core.problem
    if core.is_broken:
        return found.improve(None, np.inf, min(outside, found.objective))
    if not len(inside.cost):
        return found.improve(core.point, core.offset, min(core.offset, outside))

    def is_enough(objective: float, bound: float) -> bool:
        proven = max(found.bound, min(bound + core.offset, outside))
        return stopping.is_met(min(objective + core.offset, found.objective), proven)

    start = core.restrict(found.values)
    options = (
        LEAN
        | (PROVE if start is not None and stopping.is_exact else {})
        | {
            "mip_max_nodes": nodes,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.5 * stopping.find_allowance(price.bound),
            "objective_target": stopping.find_target(found.bound) - core.offset,
        }
    )
    highs = open_highs(inside, tolerance=limits.tolerance)
    report = run_search(highs, limits.left, options, start, None if stopping.is_exact else is_enough)
    bound = min(report.bound + core.offset, outside)
    if report.values is None:
        return found.improve(None, np.inf, bound if np.isfinite(bound) else min(outside, found.objective))
    return found.improve(*core.read(report.values), bound)
