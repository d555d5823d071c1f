"""Search a problem of choices under a few rows by enumerating partial plans: narrowly first, then more widely."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import ThreadpoolController

from sourcing.plan.solve.core import cut_core
from sourcing.plan.solve.partial_plans import drop_idle, enumerate_partial_plans, lay_out_stages, spread_multipliers
from sourcing.plan.tolerance import PART_OF_ALLOWANCE

if TYPE_CHECKING:
    from sourcing.plan.model import Problem
    from sourcing.plan.solve.core import Core, Found, SearchLimits
    from sourcing.plan.solve.price import Price


def search_by_enumeration(problem: Problem, price: Price, limits: SearchLimits, found: Found) -> Found:
    """Look for better points in small cores, then exhaust all that can be better, until the stopping is met.

    Parameters
    ----------
    problem : Problem
        Scaled.
    price : Price
        Bound and reduced costs of its columns.
    limits : SearchLimits
        Widths of its effort, not seconds, end a round, so that the same input gives the same answer.
    found : Found
        What is known already.

    Returns
    -------
    Found
        As given where the problem is not made of choices under at most a hundred rows.
    """
    with hold_threads():
        return _search(problem, price, limits, found)


def hold_threads() -> Any:
    """Hold numpy to one thread: products of this size are several times slower with more."""
    return _find_pools().limit(limits=1)


@cache
def _find_pools() -> ThreadpoolController:
    return ThreadpoolController()


def _search(problem: Problem, price: Price, limits: SearchLimits, found: Found) -> Found:
    columns = problem.matrix.tocsc()
    ranks = np.argsort(price.reduced_cost, kind="stable")
    sure = int(np.searchsorted(price.reduced_cost[ranks], 0.0, side="right"))
    movable = int(np.isfinite(price.reduced_cost).sum())
    for step, width in enumerate(limits.effort.widths):
        for extra in limits.effort.core_extras:
            size = min(sure + extra, movable)
            outside = price.bound + float(price.reduced_cost[ranks[size]]) if size < movable else np.inf
            core = cut_core(problem, columns, price.point, np.sort(ranks[:size]))
            found = _look(core, price, limits, found, outside, width // limits.effort.narrower, step)
            if limits.stopping.is_met(found.objective, found.bound) or limits.left <= 0.0:
                return found
        found = _exhaust(problem, columns, price, limits, found, width, step)
        if limits.stopping.is_met(found.objective, found.bound) or limits.left <= 0.0:
            return found
    return found


def _look(core: Core, price: Price, limits: SearchLimits, found: Found, outside: float, width: int, seed: int) -> Found:
    """Enumeration a core with its choices in three orders.

    Formula: a point within the core costs at least what the enumeration left out; one outside costs at least `outside`.
    """
    if core.is_broken:
        return found.improve(None, np.inf, min(outside, found.objective))
    if not len(core.problem.cost):
        return found.improve(core.point, core.offset, min(outside, core.offset))
    stages = lay_out_stages(core.problem, price.reduced_cost[core.columns])
    if stages is None:
        return found
    stages = drop_idle(stages)
    multipliers = spread_multipliers(stages, limits.effort.prices, seed, limits.left)
    shuffled = np.random.default_rng(seed).permutation(len(stages.choices))
    for turn in (stages.choices, stages.choices[::-1], [stages.choices[k] for k in shuffled]):
        enumeration = enumerate_partial_plans(
            replace(stages, choices=turn), multipliers, found.objective - core.offset, width, limits.end
        )
        found = _take(
            core, enumeration.columns, enumeration.cost, found, min(enumeration.dropped + core.offset, outside)
        )
        if limits.stopping.is_met(found.objective, found.bound) or limits.left <= 0.0:
            break
    return found


def _exhaust(
    problem: Problem, columns: Any, price: Price, limits: SearchLimits, found: Found, width: int, step: int
) -> Found:
    """Enumeration all columns that a point good enough can use.

    Formula: a column whose reduced cost lifts the bound to the ceiling, the incumbent less what may be left, is in no
    point below the ceiling; what the enumeration does not leave out and does not find does not exist.
    """
    if found.values is None:
        ceiling = price.bound + (2.0 + step) * limits.stopping.find_allowance(price.bound)
    else:
        ceiling = found.objective - PART_OF_ALLOWANCE * limits.stopping.find_allowance(found.objective)
    kept = np.flatnonzero(np.isfinite(price.reduced_cost) & (price.bound + price.reduced_cost <= ceiling))
    core = cut_core(problem, columns, price.point, kept)
    if core.is_broken or not len(core.problem.cost):
        return _look(core, price, limits, found, ceiling, width, step)
    stages = lay_out_stages(core.problem, price.reduced_cost[core.columns])
    if stages is None:
        return found
    stages = drop_idle(stages)
    multipliers = spread_multipliers(stages, limits.effort.prices * (step + 1), step, limits.left)
    enumeration = enumerate_partial_plans(stages, multipliers, ceiling - core.offset, width, limits.end)
    return _take(core, enumeration.columns, enumeration.cost, found, min(enumeration.dropped + core.offset, ceiling))


def _take(core: Core, columns: np.ndarray | None, cost: float, found: Found, bound: float) -> Found:
    """Take what an enumeration found into what is known."""
    cost = cost + core.offset
    if columns is None or cost >= found.objective:
        return found.improve(None, np.inf, min(bound, found.objective))
    values = np.zeros(len(core.columns))
    values[columns] = 1.0
    return found.improve(core.expand(values), cost, min(bound, cost))
