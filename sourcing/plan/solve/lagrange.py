"""Prices of rules for very many processes, without the relaxation of the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import scipy

from sourcing.plan.model import Problem
from sourcing.plan.solve.highs import open_highs, run_relaxation
from sourcing.plan.solve.partial_plans import MOST_ROWS
from sourcing.plan.solve.price import Price, find_choices, price_problem, take_rows
from sourcing.plan.tolerance import EQUAL

if TYPE_CHECKING:
    from sourcing.plan.solve.core import SearchLimits

REACH, REACH_OF_LARGEST = 0.1, 0.1
"""How far a step may go: this part of a price, and of this part of the largest."""
NEARLY_THERE = 0.05
"""Steps end where what they could still gain is this part of what may be left."""


@dataclass(frozen=True)
class Grouped:
    """A problem that is nothing but choices and a few rows over them."""

    problem: Problem
    choices: np.ndarray
    others: np.ndarray
    order: np.ndarray
    starts: np.ndarray
    turned: scipy.sparse.csr_array


def group_problem(problem: Problem, fewest: int) -> Grouped | None:
    """Read a problem as choices under a few rows; None where it is something else or has fewer choices."""
    choices = find_choices(problem)
    others = np.delete(np.arange(problem.matrix.shape[0]), choices)
    if len(choices) < fewest or not 0 < len(others) <= MOST_ROWS or not problem.integer.all():
        return None
    groups = take_rows(problem.matrix, choices)
    if len(groups.indices) != len(problem.cost):
        return None
    barred = problem.upper[groups.indices] <= 0.0
    if np.logical_and.reduceat(barred, groups.indptr[:-1]).any():
        return None
    matrix = take_rows(problem.matrix, others)
    turned = scipy.sparse.csr_array(matrix.T.tocsr())
    if (np.diff(groups.indices) != 1).any():
        turned = scipy.sparse.csr_array(turned[groups.indices])
    return Grouped(problem, choices, others, groups.indices, groups.indptr[:-1], turned)


def price_by_sample(problem: Problem, limits: SearchLimits) -> Price | None:
    """Find multipliers from the relaxation of a sample, then by cutting planes on the Lagrangian dual.

    Returns
    -------
    Price or None
        None where the problem is not made of very many choices under at most 100 rows, or a row touches too few
        choices of the sample, so that a sample says too little of it; see `SolveEffort`.

    Notes
    -----
    Formula: `L(y) = y b + Σ_i min_{a in i} (cost_a - y A_a)`, concave; each step adds the plane of its slope
    `b - A x(y)` and moves to the top of all planes within a box about the best point. Source: J. E. Kelley,
    "The cutting-plane method for solving convex programs", 1960. The bound is valid for any multipliers.
    """
    grouped = group_problem(problem, limits.effort.sampled_from)
    if grouped is None:
        return None
    start = _price_sample(grouped, limits)
    if start is None:
        return None
    best, picked = _climb(grouped, start, limits)
    multipliers = np.zeros(problem.matrix.shape[0])
    multipliers[grouped.others] = best
    point = np.zeros(len(problem.cost))
    point[picked] = 1.0
    return price_problem(problem, point, multipliers)


def _price_sample(grouped: Grouped, limits: SearchLimits) -> np.ndarray | None:
    """Solve the relaxation of evenly spread processes under rows cut down alike; give its row duals."""
    count = len(grouped.choices)
    taken = np.unique(np.linspace(0, count - 1, limits.effort.sample).astype(np.int64))
    ends = np.append(grouped.starts, len(grouped.order))
    places = np.concatenate([np.arange(ends[k], ends[k + 1]) for k in taken])
    columns = grouped.order[places]
    sizes = ends[taken + 1] - ends[taken]
    group_of = np.repeat(np.arange(len(taken)), sizes)
    part = scipy.sparse.csr_array(grouped.turned[places].T)
    for row in range(part.shape[0]):
        touched = part.indices[part.indptr[row] : part.indptr[row + 1]]
        if len(np.unique(group_of[touched])) < limits.effort.least_touched:
            return None
    ones = scipy.sparse.csr_array((np.ones(len(columns)), (group_of, np.arange(len(columns)))))
    share = len(taken) / count
    problem = grouped.problem
    sample = replace(
        problem,
        cost=problem.cost[columns],
        lower=problem.lower[columns],
        upper=problem.upper[columns],
        integer=np.zeros(len(columns), dtype=bool),
        columns=[],
        matrix=scipy.sparse.csr_array(scipy.sparse.vstack([ones, part])),
        row_lower=np.concatenate([np.ones(len(taken)), problem.row_lower[grouped.others] * share]),
        row_upper=np.concatenate([np.ones(len(taken)), problem.row_upper[grouped.others] * share]),
        rows=[],
        row_scale=np.ones(len(taken) + len(grouped.others)),
    )
    report = run_relaxation(open_highs(sample, relaxed=True), limits.left)
    return None if report.multipliers is None else report.multipliers[len(taken) :]


def _evaluate(grouped: Grouped, y: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Give the Lagrangian bound, its slope and the alternatives that attain it."""
    problem = grouped.problem
    reduced = problem.cost[grouped.order] - grouped.turned @ y
    reduced[problem.upper[grouped.order] <= 0.0] = np.inf
    least = np.minimum.reduceat(reduced, grouped.starts)
    sizes = np.diff(np.append(grouped.starts, len(reduced)))
    hits = np.flatnonzero(reduced == np.repeat(least, sizes))
    group_of = np.repeat(np.arange(len(sizes)), sizes)[hits]
    places = hits[np.unique(group_of, return_index=True)[1]]
    lower, upper = problem.row_lower[grouped.others], problem.row_upper[grouped.others]
    sides = np.where((y > 0) | ~np.isfinite(upper), lower, upper)
    use = grouped.turned[places].sum(axis=0)
    return float(least.sum() + y @ sides), sides - use, grouped.order[places]


def _climb(grouped: Grouped, start: np.ndarray, limits: SearchLimits) -> tuple[np.ndarray, np.ndarray]:
    problem = grouped.problem
    lower, upper = problem.row_lower[grouped.others], problem.row_upper[grouped.others]
    floor = np.where(np.isfinite(upper), -np.inf, 0.0)
    ceiling = np.where(np.isfinite(lower), np.inf, 0.0)
    best = np.clip(start, floor, ceiling)
    value, slope, picked = _evaluate(grouped, best)
    planes = [(value - slope @ best, slope)]
    reach = REACH * np.maximum(np.abs(best), REACH_OF_LARGEST * np.abs(best).max(initial=0.0)) + EQUAL
    for _ in range(limits.effort.climb_steps):
        top = _find_top(planes, np.maximum(floor, best - reach), np.minimum(ceiling, best + reach))
        if top is None or top[1] - value <= NEARLY_THERE * limits.stopping.find_allowance(value):
            break
        height, slope, found = _evaluate(grouped, top[0])
        planes.append((height - slope @ top[0], slope))
        if height > value:
            best, value, picked = top[0], height, found
        else:
            reach = reach / 2.0
    return best, picked


def _find_top(
    planes: list[tuple[float, np.ndarray]], low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, float] | None:
    """Find the highest point under all planes within a box."""
    m, k = len(low), len(planes)
    matrix = np.column_stack([-np.array([slope for _, slope in planes]), np.ones(k)])
    master = Problem(
        cost=np.append(np.zeros(m), -1.0),
        lower=np.append(low, -np.inf),
        upper=np.append(high, np.inf),
        integer=np.zeros(m + 1, dtype=bool),
        columns=[],
        matrix=scipy.sparse.csr_array(matrix),
        row_lower=np.full(k, -np.inf),
        row_upper=np.array([base for base, _ in planes]),
        rows=[],
        row_scale=np.ones(k),
    )
    report = run_relaxation(open_highs(master, relaxed=True), 5.0)
    return None if report.values is None else (report.values[:m], float(report.values[m]))
