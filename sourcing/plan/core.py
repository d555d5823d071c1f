"""Search small cores of a problem: the columns that its relaxation uses, and those that nearly are."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.plan.bounds import Goal, certify_bound, clear_signs, price_columns
from sourcing.plan.highs import USUAL_TOLERANCE, open_highs, run_search

if TYPE_CHECKING:
    from sourcing.plan.writer import Problem

EXTRAS = (20, 28, 40, 64)
NODES = 1500
ROUNDS = 2
_ON = 1e-7
_DUAL_TOLERANCE = 1e-6
LEAN = {
    "mip_allow_cut_separation_at_nodes": False,
    "mip_allow_restart": False,
    "mip_detect_symmetry": False,
}


@dataclass(frozen=True)
class Price:
    """What row multipliers say of a problem.

    Attributes
    ----------
    multipliers : ndarray of float, shape (m,)
    bound : float
        Lagrangian bound, by arithmetic.
    point : ndarray of float, shape (n,)
        The relaxed point that goes with the multipliers; columns left out stay at their end of it.
    penalty : ndarray of float, shape (n,)
        Least cost over `bound` of moving a whole-number column off its end; 0 where it must stay in the core.
    """

    multipliers: np.ndarray
    bound: float
    point: np.ndarray
    penalty: np.ndarray


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


def price_problem(problem: Problem, point: np.ndarray, multipliers: np.ndarray) -> Price:
    """Price every column by row multipliers and say which may be left out, and at what cost.

    A whole-number column may be left out where the relaxed point has it at the end that its reduced cost
    asks for: any point that moves it costs at least `bound + |reduced cost|`. On a column without end, a reduced cost
    within the solver's own tolerance counts as 0.
    """
    signed = clear_signs(problem, multipliers)
    reduced = price_columns(problem, signed)
    choices = find_choices(problem)
    if len(choices):
        groups = take_rows(problem.matrix, choices)
        open_costs = np.where(problem.upper[groups.indices] > 0.0, reduced[groups.indices], np.inf)
        least = np.minimum.reduceat(open_costs, groups.indptr[:-1])
        least = np.where(np.isfinite(least), least, 0.0)
        signed[choices] += least
        reduced[groups.indices] -= np.repeat(least, np.diff(groups.indptr))
    endless = ~np.isfinite(np.where(reduced > 0, problem.lower, problem.upper)) & (np.abs(reduced) <= _DUAL_TOLERANCE)
    reduced[endless] = 0.0
    bound = certify_bound(problem, signed, reduced)
    at_lower = (reduced > 0) & (point <= problem.lower + _ON)
    at_upper = (reduced < 0) & (point >= problem.upper - _ON)
    apart = problem.integer & (at_lower | at_upper) & (problem.lower < problem.upper)
    penalty = np.where(apart, np.abs(reduced), 0.0)
    penalty[problem.lower == problem.upper] = np.inf
    ends = np.where(at_upper, problem.upper, problem.lower)
    return Price(signed, bound, np.where(penalty > 0, ends, point), penalty)


def take_rows(matrix: sparse.csr_array, rows: np.ndarray) -> sparse.csr_array:
    """Give some rows of a matrix, ascending; a run of rows is a view."""
    if len(rows) and rows[-1] - rows[0] + 1 == len(rows):
        starts = matrix.indptr[rows[0] : rows[-1] + 2]
        span = slice(int(starts[0]), int(starts[-1]))
        parts = (matrix.data[span], matrix.indices[span], starts - starts[0])
        return sparse.csr_array(parts, shape=(len(rows), matrix.shape[1]))
    return sparse.csr_array(matrix[rows])


def find_choices(problem: Problem) -> np.ndarray:
    """Give the rows `Σ x = 1` of columns that lie between 0 and 1 and that stand in no other such row."""
    matrix = problem.matrix
    single = (problem.row_lower == 1.0) & (problem.row_upper == 1.0) & (np.diff(matrix.indptr) > 0)
    plain = problem.integer & (problem.lower == 0.0) & (problem.upper <= 1.0)
    rows = np.flatnonzero(single)
    inside = take_rows(matrix, rows)
    odd = np.concatenate([[0], np.cumsum((inside.data != 1.0) | ~plain[inside.indices])])
    rows = rows[odd[inside.indptr[1:]] == odd[inside.indptr[:-1]]]
    times = np.bincount(take_rows(matrix, rows).indices, minlength=matrix.shape[1])
    return rows if times.max(initial=0) <= 1 else rows[:0]


def search_cores(
    problem: Problem,
    price: Price,
    goal: Goal,
    end: float,
    found: Found,
    extras: tuple[int, ...] = EXTRAS,
    tolerance: float = USUAL_TOLERANCE,
    rounds: int = ROUNDS,
    nodes: int = NODES,
) -> Found:
    """Search cores of growing size until the goal is met or the rounds are over.

    Parameters
    ----------
    problem : Problem
        Scaled.
    price : Price
        Bound and penalties of its columns.
    goal : Goal
        Where to stop.
    end : float
        `time.perf_counter()` at which to stop.
    found : Found
        What is known already.
    extras : tuple of int
        How many columns beyond those of the relaxed point, per try.
    tolerance : float
        Of the solver.
    rounds, nodes : int
        How often all sizes are tried; nodes of a try in the first round, four times as many in each later one.

    Notes
    -----
    Formula: a point within the core costs at least the core's bound; one outside costs at least
    `price.bound + penalty` of the cheapest column left out. The lesser of the two bounds the whole problem.
    Node limits, not seconds, end a try, so that the same input gives the same answer.
    """
    columns = problem.matrix.tocsc()
    order = np.argsort(price.penalty, kind="stable")
    sure = int(np.searchsorted(price.penalty[order], 0.0, side="right"))
    movable = int(np.isfinite(price.penalty).sum())
    for round_ in range(rounds):
        for extra in extras:
            if goal.is_met(found.objective, found.bound) or time.perf_counter() >= end:
                return found
            size = min(sure + extra, movable)
            outside = price.bound + float(price.penalty[order[size]]) if size < movable else np.inf
            kept = np.zeros(len(order), dtype=bool)
            kept[order[:size]] = True
            if found.values is not None:
                kept |= (found.values != price.point) & np.isfinite(price.penalty)
            core = cut_core(problem, columns, price.point, np.flatnonzero(kept))
            found = _search_core(core, problem, price, goal, end, found, outside, nodes * 4**round_, tolerance)
            if size == movable or outside >= found.objective:
                break
    return found


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


def cut_core(problem: Problem, by_column: sparse.csc_array, point: np.ndarray, kept: np.ndarray) -> Core:
    """Write the problem over the columns kept; the others stay at `point`, rows without any are dropped.

    A column that a choice row leaves alone is fixed at 1 as well.
    """
    point = point.copy()
    rest = point.copy()
    rest[kept] = 0.0
    matrix = sparse.csr_array(by_column[:, kept])
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
        matrix=sparse.csr_array(matrix[live]),
        row_lower=lower[live],
        row_upper=upper[live],
        rows=[],
        row_scale=problem.row_scale[live],
    )
    slack = problem.row_scale * USUAL_TOLERANCE
    is_broken = bool((~live & ((lower > slack) | (upper < -slack))).any())
    outer = point.copy()
    outer[kept] = 0.0
    return Core(inside, kept, point, float(problem.cost @ outer), is_broken)


def _search_core(
    core: Core,
    problem: Problem,
    price: Price,
    goal: Goal,
    end: float,
    found: Found,
    outside: float,
    nodes: int,
    tolerance: float,
) -> Found:
    inside = core.problem
    if core.is_broken:
        return found.improve(None, np.inf, min(outside, found.objective))
    if not len(inside.cost):
        return found.improve(core.point, core.offset, min(core.offset, outside))

    def is_enough(objective: float, bound: float) -> bool:
        proven = max(found.bound, min(bound + core.offset, outside))
        return goal.is_met(min(objective + core.offset, found.objective), proven)

    start = None if found.values is None else found.values[core.columns]
    if start is not None and (core.expand(start) != found.values).any():
        start = None
    highs = open_highs(inside, tolerance=tolerance)
    options = LEAN | {
        "mip_max_nodes": nodes,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.5 * goal.find_allowance(price.bound),
        "objective_target": goal.find_target(found.bound) - core.offset,
    }
    report = run_search(highs, end - time.perf_counter(), options, start, None if goal.is_exact else is_enough)
    bound = min(report.bound + core.offset, outside)
    if report.values is None:
        return found.improve(None, np.inf, bound if np.isfinite(bound) else min(outside, found.objective))
    values = core.expand(np.where(inside.integer, np.round(report.values), report.values))
    return found.improve(values, float(problem.cost @ values), bound)
