"""Search a scaled problem: relaxation, small cores, then what is left of the whole."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.core import (
    EXTRAS,
    LEAN,
    NODES,
    ROUNDS,
    Found,
    Price,
    cut_core,
    find_choices,
    price_problem,
    search_cores,
)
from sourcing.plan.highs import USUAL_TOLERANCE, Report, open_highs, run_relaxation, run_search
from sourcing.plan.lagrange import price_by_sample

if TYPE_CHECKING:
    import highspy

    from sourcing.plan.bounds import Goal
    from sourcing.plan.writer import Problem

SMALL = 240
_WIDE = (80, 800, 4000)
_FEW_EXTRAS, _FEW_NODES = (40, 120), 100


@dataclass(frozen=True)
class Order:
    """How to search: the goal, when to stop, and how exact the solver must be."""

    goal: Goal
    end: float
    tolerance: float = USUAL_TOLERANCE

    @property
    def left(self) -> float:
        """Seconds left."""
        return max(0.0, self.end - time.perf_counter())


def search_problem(
    problem: Problem, order: Order, relaxation: highspy.Highs | None = None, start: np.ndarray | None = None
) -> Report:
    """Find the best whole-number point of a scaled problem, with its bound.

    Parameters
    ----------
    problem : Problem
        Scaled.
    order : Order
        Goal, end and tolerance.
    relaxation : highspy.Highs, optional
        Holds the same problem relaxed; a later call starts from its basis.
    start : ndarray of float, shape (n,), optional
        A point to start from; it counts only if it keeps every row and bound by arithmetic.

    Returns
    -------
    Report
        `multipliers` prove a Lagrangian bound, see `certify_bound`; the bound itself may be better.
    """
    found = _check_start(problem, start)
    if relaxation is None and problem.integer.any():
        price = price_by_sample(problem, order.goal, order.left)
        if price is not None:
            wide = replace_bound(found, price.bound)
            wide = search_cores(problem, price, order.goal, order.end, wide, _WIDE, order.tolerance, rounds=1)
            if order.goal.is_met(wide.objective, wide.bound):
                return Report("optimal", wide.values, wide.bound, price.multipliers)
            found = wide
    relaxation = relaxation or open_highs(problem, relaxed=True, tolerance=order.tolerance)
    relaxed = run_relaxation(relaxation, order.left)
    if relaxed.values is None or relaxed.multipliers is None:
        return _finish_without_price(problem, order, relaxed, found)
    if not problem.integer.any():
        return relaxed
    price = price_problem(problem, relaxed.values, relaxed.multipliers)
    found = replace_bound(found, price.bound)
    rounded = np.where(problem.integer, np.round(relaxed.values), relaxed.values)
    if np.abs(rounded - relaxed.values).max() <= 1e-9 and _is_kept(problem, rounded):
        found = found.improve(rounded, float(problem.cost @ rounded), price.bound)
    if problem.integer.sum() > SMALL:
        is_plain = _is_plain(problem)
        sizes, rounds, nodes = (EXTRAS, ROUNDS, NODES) if is_plain else (_FEW_EXTRAS, 1, _FEW_NODES)
        found = search_cores(problem, price, order.goal, order.end, found, sizes, order.tolerance, rounds, nodes)
    if order.goal.is_met(found.objective, found.bound):
        return Report("optimal", found.values, found.bound, price.multipliers)
    return _search_whole(problem, order, price, found)


def replace_bound(found: Found, bound: float) -> Found:
    """Take a bound into what is known."""
    return found.improve(None, np.inf, bound)


def _check_start(problem: Problem, start: np.ndarray | None) -> Found:
    nothing = Found(None, np.inf, -np.inf)
    if start is None or not _is_kept(problem, start):
        return nothing
    return Found(start, float(problem.cost @ start), -np.inf)


def _is_kept(problem: Problem, values: np.ndarray) -> bool:
    """Tell whether a point keeps every row and bound of a scaled problem."""
    use = problem.matrix @ values
    slack = USUAL_TOLERANCE * np.maximum(problem.row_scale, 1e-9)
    rows = (use <= problem.row_upper + slack) & (use >= problem.row_lower - slack)
    columns = (values <= problem.upper + 1e-9) & (values >= problem.lower - 1e-9)
    return bool(rows.all() and columns.all())


def _search_whole(problem: Problem, order: Order, price: Price, found: Found) -> Report:
    """Search all columns but those that no point good enough can use.

    Formula: a column whose penalty lifts the bound to the incumbent less what the goal allows may be left
    out; a point that uses it is at most that much better.
    """
    movable = np.isfinite(price.penalty)
    kept, outside = movable, np.inf
    if found.values is not None:
        outside = found.objective - order.goal.find_allowance(found.objective)
        kept = movable & ((price.bound + price.penalty < outside) | (found.values != price.point))
    core = cut_core(problem, problem.matrix.tocsc(), price.point, np.flatnonzero(kept))
    if core.is_broken and found.values is None:
        return Report("infeasible", None, np.inf, price.multipliers)
    highs = open_highs(core.problem, tolerance=order.tolerance)
    least = found.bound if found.bound > 0.0 else max(0.0, -found.objective)
    options = (LEAN if _is_plain(problem) else {}) | {
        "mip_rel_gap": 0.999 * order.goal.gap if core.offset == 0.0 else 0.0,
        "mip_abs_gap": 0.999 * max(order.goal.absolute_gap, order.goal.gap * least, 1e-9),
    }

    def is_enough(objective: float, bound: float) -> bool:
        return order.goal.is_met(objective + core.offset, max(found.bound, min(bound + core.offset, outside)))

    start = None if found.values is None else found.values[core.columns]
    report = run_search(highs, order.left, options, start, None if order.goal.is_exact else is_enough)
    bound = min(report.bound + core.offset, outside)
    if report.status == "infeasible" and found.values is None:
        return Report("infeasible", None, np.inf, price.multipliers)
    if report.values is not None:
        values = core.expand(np.where(core.problem.integer, np.round(report.values), report.values))
        found = found.improve(values, float(problem.cost @ values), bound)
    else:
        found = found.improve(None, np.inf, min(bound, found.objective))
    met = order.goal.is_met(found.objective, found.bound) or (order.goal.is_exact and report.status == "optimal")
    status = "optimal" if met and found.values is not None else "limit"
    return Report(status, found.values, min(found.bound, found.objective), price.multipliers)


def _is_plain(problem: Problem) -> bool:
    """Tell whether a problem is choices under few rows: there branching beats the cuts that links and tiers want."""
    return bool(problem.integer.all()) and problem.matrix.shape[0] <= 1.2 * len(find_choices(problem)) + 50


def _finish_without_price(problem: Problem, order: Order, relaxed: Report, found: Found) -> Report:
    """Give what can be said where the relaxation has no optimum: none, unbounded, or out of time."""
    if relaxed.status in ("unbounded", "unclear"):
        still = replace(problem, cost=np.zeros(len(problem.cost)))
        report = run_search(open_highs(still, tolerance=order.tolerance), order.left, {})
        if report.values is not None:
            return Report("unbounded", None, -np.inf)
        return Report(report.status, None, -np.inf)
    if relaxed.status == "infeasible":
        return Report("infeasible", None, np.inf)
    return Report("limit", found.values, found.bound)
