"""Search a scaled problem: relaxation, small cores, then what is left of the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.plan.solve.core import LEAN, PROVE, Found, SearchLimits, cut_core, find_in_core
from sourcing.plan.solve.enumerate import search_by_enumeration
from sourcing.plan.solve.highs import Report, open_highs, run_relaxation, run_search
from sourcing.plan.solve.lagrange import price_by_sample
from sourcing.plan.solve.price import Price, find_choices, price_problem
from sourcing.plan.tolerance import EQUAL, PART_OF_ALLOWANCE, SOLVER

if TYPE_CHECKING:
    import highspy

    from sourcing.plan.effort import Tries
    from sourcing.plan.model import Problem
    from sourcing.plan.solve.core import Core

PLAIN_FACTOR, PLAIN_ROWS = 1.2, 50
"""A problem is plain if its rows are no more than this times its choices, and so many."""
NEARLY_PROVEN = {"mip_heuristic_run_root_reduced_cost": False}
"""Of a start that is not near the best, the proof takes twice as long without this heuristic; near it, a third less."""


def search_problem(
    problem: Problem, limits: SearchLimits, relaxation: highspy.Highs | None = None, start: np.ndarray | None = None
) -> Report:
    """Find the best whole-number point of a scaled problem, with its bound.

    Parameters
    ----------
    problem : Problem
        Scaled.
    limits : SearchLimits
        StoppingRule, end and tolerance.
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
        price = price_by_sample(problem, limits)
        if price is not None:
            wide = replace_bound(found, price.bound)
            wide = search_cores(problem, price, limits, wide, limits.effort.sampled)
            if limits.stopping.is_met(wide.objective, wide.bound):
                return Report("optimal", wide.values, wide.bound, price.multipliers)
            found = wide
    relaxation = relaxation or open_highs(problem, relaxed=True, tolerance=limits.tolerance)
    relaxed = run_relaxation(relaxation, limits.left)
    if relaxed.values is None or relaxed.multipliers is None:
        return _finish_without_price(problem, limits, relaxed, found)
    if not problem.integer.any():
        return relaxed
    price = price_problem(problem, relaxed.values, relaxed.multipliers)
    found = replace_bound(found, price.bound)
    rounded = np.where(problem.integer, np.round(relaxed.values), relaxed.values)
    if np.abs(rounded - relaxed.values).max() <= EQUAL and _is_kept(problem, rounded):
        found = found.improve(rounded, float(problem.cost @ rounded), price.bound)
    is_small = problem.integer.sum() <= limits.effort.small
    if _is_plain(problem) and not is_small:
        found = search_by_enumeration(problem, price, limits, found)
    elif not is_small and not _is_near(found, limits):
        found = search_cores(problem, price, limits, found, limits.effort.linked)
    if limits.stopping.is_met(found.objective, found.bound):
        return Report("optimal", found.values, found.bound, price.multipliers)
    return _search_whole(problem, limits, price, found)


def search_below(
    problem: Problem, target: float, limits: SearchLimits, relaxation: highspy.Highs | None = None
) -> Report:
    """Find a whole-number point of a scaled problem that costs less than a target, or prove that there is none.

    No column is looked at that no such point can use, and no branch that holds none: of a target a little below the
    best point known, this takes a part of what the search for the best takes.

    Returns
    -------
    Report
        The first such point found, or none; `bound` is the target where it is proven that there is none.
    """
    relaxation = relaxation or open_highs(problem, relaxed=True, tolerance=limits.tolerance)
    relaxed = run_relaxation(relaxation, limits.left)
    if relaxed.values is None or relaxed.multipliers is None:
        return Report("limit", None, min(relaxed.bound, target))
    price = price_problem(problem, relaxed.values, relaxed.multipliers)
    most = target + limits.tolerance * max(1.0, abs(target))
    if price.bound >= most:
        return Report("limit", None, target, price.multipliers)
    kept = np.isfinite(price.reduced_cost) & (price.bound + price.reduced_cost < most)
    core = cut_core(problem, problem.matrix.tocsc(), price.point, np.flatnonzero(kept))
    if core.is_broken:
        return Report("limit", None, target, price.multipliers)
    if not core.problem.integer.any():
        return Report("limit", relaxed.values, min(price.bound, target), price.multipliers)
    options = PROVE | {
        "mip_rel_gap": 0.0,
        "objective_bound": most - core.offset,
        "objective_target": target - core.offset,
    }
    report = run_search(open_highs(core.problem, tolerance=limits.tolerance), limits.left, options)
    values = None if report.values is None else core.read(report.values)[0]
    bound = max(price.bound, min(report.bound + core.offset, target))
    return Report("limit", values, min(bound, target), price.multipliers)


def search_near(
    problem: Problem,
    start: np.ndarray,
    near: np.ndarray,
    tries: Tries,
    limits: SearchLimits,
    relaxation: highspy.Highs | None = None,
) -> Report:
    """Better a whole-number point of a scaled problem among columns near it, those of the relaxation beside them.

    Parameters
    ----------
    problem : Problem
        Scaled.
    start : ndarray of float, shape (n,)
        A point that keeps every row and bound.
    near : ndarray of bool, shape (n,)
        Columns that may be used, besides those of the start and the cheapest ones.
    tries : Tries
    limits : SearchLimits
    """
    found = _check_start(problem, start)
    relaxation = relaxation or open_highs(problem, relaxed=True, tolerance=limits.tolerance)
    relaxed = run_relaxation(relaxation, limits.left)
    if relaxed.values is None or relaxed.multipliers is None:
        return Report("limit", found.values, -np.inf)
    price = price_problem(problem, relaxed.values, relaxed.multipliers)
    found = search_cores(problem, price, limits, replace_bound(found, price.bound), tries, near)
    return Report("limit", found.values, found.bound, price.multipliers)


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
    slack = SOLVER * np.maximum(problem.row_scale, EQUAL)
    rows = (use <= problem.row_upper + slack) & (use >= problem.row_lower - slack)
    columns = (values <= problem.upper + EQUAL) & (values >= problem.lower - EQUAL)
    return bool(rows.all() and columns.all())


def search_cores(
    problem: Problem,
    price: Price,
    limits: SearchLimits,
    found: Found,
    tries: Tries,
    near: np.ndarray | None = None,
) -> Found:
    """Search cores of growing size until the stopping is met.

    Parameters
    ----------
    problem : Problem
        Scaled.
    price : Price
        Bound and reduced costs of its columns.
    limits : SearchLimits
    found : Found
        What is known already.
    tries : Tries
    near : ndarray of bool, shape (n,), optional
        Columns that every core holds.
    """
    columns = problem.matrix.tocsc()
    ranks = np.argsort(price.reduced_cost, kind="stable")
    sure = int(np.searchsorted(price.reduced_cost[ranks], 0.0, side="right"))
    movable = int(np.isfinite(price.reduced_cost).sum())
    for extra in tries.extras:
        if limits.stopping.is_met(found.objective, found.bound) or limits.left <= 0.0:
            break
        size = min(sure + extra, movable)
        outside = price.bound + float(price.reduced_cost[ranks[size]]) if size < movable else np.inf
        kept = np.zeros(len(ranks), dtype=bool)
        kept[ranks[:size]] = True
        if near is not None:
            kept |= near & np.isfinite(price.reduced_cost)
        core = _cut_with(problem, columns, price, found, kept)
        found = find_in_core(core, price, limits, found, outside, tries.nodes)
        if size == movable or outside >= found.objective:
            break
    return found


def _cut_with(problem: Problem, columns: Any, price: Price, found: Found, kept: np.ndarray) -> Core:
    """Cut a core that holds the incumbent as well."""
    if found.values is not None:
        kept = kept | ((found.values != price.point) & np.isfinite(price.reduced_cost))
    return cut_core(problem, columns, price.point, np.flatnonzero(kept))


def _search_whole(problem: Problem, limits: SearchLimits, price: Price, found: Found) -> Report:
    """Search all columns but those that no point good enough can use."""
    movable = np.isfinite(price.reduced_cost)
    kept, outside = movable, np.inf
    if found.values is not None:
        outside = found.objective - PART_OF_ALLOWANCE * limits.stopping.find_allowance(found.objective)
        kept = movable & (price.bound + price.reduced_cost < outside)
    core = _cut_with(problem, problem.matrix.tocsc(), price, found, kept)
    if core.is_broken and found.values is None:
        return Report("infeasible", None, np.inf, price.multipliers)
    least = found.bound if found.bound > 0.0 else max(0.0, -found.objective)
    is_near = _is_near(found, limits)
    only_proof = is_near or (found.values is not None and limits.stopping.is_exact)
    options = (
        (LEAN if only_proof or _is_plain(problem) else {})
        | (PROVE if only_proof else {})
        | (NEARLY_PROVEN if is_near else {})
        | {
            "mip_rel_gap": PART_OF_ALLOWANCE * limits.stopping.gap if core.offset == 0.0 else 0.0,
            "mip_abs_gap": PART_OF_ALLOWANCE * max(limits.stopping.absolute_gap, limits.stopping.gap * least, EQUAL),
        }
    )

    def is_enough(objective: float, bound: float) -> bool:
        return limits.stopping.is_met(objective + core.offset, max(found.bound, min(bound + core.offset, outside)))

    highs = open_highs(core.problem, tolerance=limits.tolerance)
    start = core.restrict(found.values)
    report = run_search(highs, limits.left, options, start, None if limits.stopping.is_exact else is_enough)
    if report.status == "infeasible" and found.values is None:
        return Report("infeasible", None, np.inf, price.multipliers)
    bound = min(report.bound + core.offset, outside)
    if report.values is not None:
        found = found.improve(*core.read(report.values), bound)
    else:
        found = found.improve(None, np.inf, min(bound, found.objective))
    met = limits.stopping.is_met(found.objective, found.bound) or (
        limits.stopping.is_exact and report.status == "optimal"
    )
    status = "optimal" if met and found.values is not None else "limit"
    return Report(status, found.values, min(found.bound, found.objective), price.multipliers)


def _is_near(found: Found, limits: SearchLimits) -> bool:
    """Tell whether the incumbent is nearly the best, so that only a proof is left to find."""
    return found.values is not None and found.objective - found.bound <= limits.effort.near_share * abs(found.objective)


def _is_plain(problem: Problem) -> bool:
    """Tell whether a problem is choices under few rows: there branching beats the cuts that links and tiers want."""
    return (
        bool(problem.integer.all())
        and problem.matrix.shape[0] <= PLAIN_FACTOR * len(find_choices(problem)) + PLAIN_ROWS
    )


def _finish_without_price(problem: Problem, limits: SearchLimits, relaxed: Report, found: Found) -> Report:
    """Give what can be said where the relaxation has no optimum: none, unbounded, or out of time."""
    if relaxed.status in ("unbounded", "unclear"):
        still = replace(problem, cost=np.zeros(len(problem.cost)))
        report = run_search(open_highs(still, tolerance=limits.tolerance), limits.left, {})
        if report.values is not None:
            return Report("unbounded", None, -np.inf)
        return Report(report.status, None, -np.inf)
    if relaxed.status == "infeasible":
        return Report("infeasible", None, np.inf)
    return Report("limit", found.values, found.bound)
