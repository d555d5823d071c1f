"""Search a scaled problem: relaxation, small cores, then what is left of the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.plan.solve.core import LEAN, Found, Order, cut_core, find_in_core
from sourcing.plan.solve.enumerate import search_walks
from sourcing.plan.solve.highs import USUAL_TOLERANCE, Report, open_highs, run_relaxation, run_search
from sourcing.plan.solve.lagrange import price_by_sample
from sourcing.plan.solve.price import Price, find_choices, price_problem

if TYPE_CHECKING:
    import highspy

    from sourcing.plan.model import Problem
    from sourcing.plan.solve.core import Core

SMALL = 240
_NEARLY = 0.999
PROVE = {"mip_heuristic_effort": 0.01, "mip_heuristic_run_rins": False, "mip_heuristic_run_rens": False}


@dataclass(frozen=True)
class Tries:
    """How many columns beyond those of the relaxed point each try takes, and its nodes."""

    extras: tuple[int, ...]
    nodes: int


LINKED = Tries((40, 120), 100)
SAMPLED = Tries((80, 800, 4000), 1500)


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
            wide = search_cores(problem, price, order, wide, SAMPLED)
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
    if _is_plain(problem):
        found = search_walks(problem, price, order, found)
    elif problem.integer.sum() > SMALL and not (order.is_near and found.values is not None):
        found = search_cores(problem, price, order, found, LINKED)
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


def search_cores(problem: Problem, price: Price, order: Order, found: Found, tries: Tries) -> Found:
    """Search cores of growing size until the goal is met.

    Parameters
    ----------
    problem : Problem
        Scaled.
    price : Price
        Bound and penalties of its columns.
    order : Order
    found : Found
        What is known already.
    tries : Tries
    """
    columns = problem.matrix.tocsc()
    ranks = np.argsort(price.penalty, kind="stable")
    sure = int(np.searchsorted(price.penalty[ranks], 0.0, side="right"))
    movable = int(np.isfinite(price.penalty).sum())
    for extra in tries.extras:
        if order.goal.is_met(found.objective, found.bound) or order.left <= 0.0:
            break
        size = min(sure + extra, movable)
        outside = price.bound + float(price.penalty[ranks[size]]) if size < movable else np.inf
        kept = np.zeros(len(ranks), dtype=bool)
        kept[ranks[:size]] = True
        core = _cut_with(problem, columns, price, found, kept)
        found = find_in_core(core, price, order, found, outside, tries.nodes)
        if size == movable or outside >= found.objective:
            break
    return found


def _cut_with(problem: Problem, columns: Any, price: Price, found: Found, kept: np.ndarray) -> Core:
    """Cut a core that holds the incumbent as well."""
    if found.values is not None:
        kept = kept | ((found.values != price.point) & np.isfinite(price.penalty))
    return cut_core(problem, columns, price.point, np.flatnonzero(kept))


def _search_whole(problem: Problem, order: Order, price: Price, found: Found) -> Report:
    """Search all columns but those that no point good enough can use."""
    movable = np.isfinite(price.penalty)
    kept, outside = movable, np.inf
    if found.values is not None:
        outside = found.objective - order.goal.find_allowance(found.objective)
        kept = movable & (price.bound + price.penalty < outside)
    core = _cut_with(problem, problem.matrix.tocsc(), price, found, kept)
    if core.is_broken and found.values is None:
        return Report("infeasible", None, np.inf, price.multipliers)
    least = found.bound if found.bound > 0.0 else max(0.0, -found.objective)
    is_near = order.is_near and found.values is not None
    options = (
        (LEAN if is_near or _is_plain(problem) else {})
        | (PROVE if is_near else {})
        | {
            "mip_rel_gap": _NEARLY * order.goal.gap if core.offset == 0.0 else 0.0,
            "mip_abs_gap": _NEARLY * max(order.goal.absolute_gap, order.goal.gap * least, 1e-9),
        }
    )

    def is_enough(objective: float, bound: float) -> bool:
        return order.goal.is_met(objective + core.offset, max(found.bound, min(bound + core.offset, outside)))

    highs = open_highs(core.problem, tolerance=order.tolerance)
    start = core.restrict(found.values)
    report = run_search(highs, order.left, options, start, None if order.goal.is_exact else is_enough)
    if report.status == "infeasible" and found.values is None:
        return Report("infeasible", None, np.inf, price.multipliers)
    bound = min(report.bound + core.offset, outside)
    if report.values is not None:
        found = found.improve(*core.read(report.values), bound)
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
