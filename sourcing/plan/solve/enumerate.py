"""Search a problem of choices under a few rows by walks through layers: narrow ones first, then wider."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import ThreadpoolController

from sourcing.plan.solve.core import cut_core
from sourcing.plan.solve.partial_plans import drop_idle, lay_out, spread_multipliers, walk_layers

if TYPE_CHECKING:
    from sourcing.plan.model import Problem
    from sourcing.plan.solve.core import Core, Found, Order
    from sourcing.plan.solve.price import Price

WIDTHS = (500, 2000, 8000, 32_000, 128_000, 512_000)
_NARROWER = 4
_EXTRAS = (20, 40)
_PRICES = 24
_NEARLY = 0.999


def search_walks(problem: Problem, price: Price, order: Order, found: Found, widths: tuple[int, ...] = WIDTHS) -> Found:
    """Look for better points in small cores, then exhaust all that can be better, until the goal is met.

    Parameters
    ----------
    problem : Problem
        Scaled.
    price : Price
        Bound and penalties of its columns.
    order : Order
    found : Found
        What is known already.
    widths : tuple of int
        How many partial plans a layer may hold, per round; a fourth of it in small cores. Widths, not seconds, end a
        round, so that the same input gives the same answer.

    Returns
    -------
    Found
        As given where the problem is not made of choices under at most a hundred rows.
    """
    with hold_threads():
        return _search(problem, price, order, found, widths)


def hold_threads() -> Any:
    """Hold numpy to one thread: products of this size are several times slower with more."""
    return _find_pools().limit(limits=1)


@cache
def _find_pools() -> ThreadpoolController:
    return ThreadpoolController()


def _search(problem: Problem, price: Price, order: Order, found: Found, widths: tuple[int, ...]) -> Found:
    columns = problem.matrix.tocsc()
    ranks = np.argsort(price.penalty, kind="stable")
    sure = int(np.searchsorted(price.penalty[ranks], 0.0, side="right"))
    movable = int(np.isfinite(price.penalty).sum())
    for step, width in enumerate(widths):
        for extra in _EXTRAS:
            size = min(sure + extra, movable)
            outside = price.bound + float(price.penalty[ranks[size]]) if size < movable else np.inf
            core = cut_core(problem, columns, price.point, np.sort(ranks[:size]))
            found = _look(core, price, order, found, outside, width // _NARROWER, step)
            if order.goal.is_met(found.objective, found.bound) or order.left <= 0.0:
                return found
        found = _exhaust(problem, columns, price, order, found, width, step)
        if order.goal.is_met(found.objective, found.bound) or order.left <= 0.0:
            return found
    return found


def _look(core: Core, price: Price, order: Order, found: Found, outside: float, width: int, seed: int) -> Found:
    """Walk a core with its choices in three orders.

    Formula: a point within the core costs at least what the walk left out; one outside costs at least `outside`.
    """
    if core.is_broken:
        return found.improve(None, np.inf, min(outside, found.objective))
    if not len(core.problem.cost):
        return found.improve(core.point, core.offset, min(outside, core.offset))
    layers = lay_out(core.problem, price.penalty[core.columns])
    if layers is None:
        return found
    layers = drop_idle(layers)
    multipliers = spread_multipliers(layers, _PRICES, seed, order.left)
    shuffled = np.random.default_rng(seed).permutation(len(layers.choices))
    for turn in (layers.choices, layers.choices[::-1], [layers.choices[k] for k in shuffled]):
        walk = walk_layers(replace(layers, choices=turn), multipliers, found.objective - core.offset, width, order.end)
        found = _take(core, walk.columns, walk.cost, found, min(walk.dropped + core.offset, outside))
        if order.goal.is_met(found.objective, found.bound) or order.left <= 0.0:
            break
    return found


def _exhaust(problem: Problem, columns: Any, price: Price, order: Order, found: Found, width: int, step: int) -> Found:
    """Walk all columns that a point good enough can use.

    Formula: a column whose penalty lifts the bound to the ceiling, the incumbent less what the goal allows, is in no
    point below the ceiling; what the walk does not leave out and does not find does not exist.
    """
    if found.values is None:
        ceiling = price.bound + (2.0 + step) * order.goal.find_allowance(price.bound)
    else:
        ceiling = found.objective - _NEARLY * order.goal.find_allowance(found.objective)
    kept = np.flatnonzero(np.isfinite(price.penalty) & (price.bound + price.penalty <= ceiling))
    core = cut_core(problem, columns, price.point, kept)
    if core.is_broken or not len(core.problem.cost):
        return _look(core, price, order, found, ceiling, width, step)
    layers = lay_out(core.problem, price.penalty[core.columns])
    if layers is None:
        return found
    layers = drop_idle(layers)
    multipliers = spread_multipliers(layers, _PRICES * (step + 1), step, order.left)
    walk = walk_layers(layers, multipliers, ceiling - core.offset, width, order.end)
    return _take(core, walk.columns, walk.cost, found, min(walk.dropped + core.offset, ceiling))


def _take(core: Core, columns: np.ndarray | None, cost: float, found: Found, bound: float) -> Found:
    """Take what a walk found into what is known."""
    cost = cost + core.offset
    if columns is None or cost >= found.objective:
        return found.improve(None, np.inf, min(bound, found.objective))
    values = np.zeros(len(core.columns))
    values[columns] = 1.0
    return found.improve(core.expand(values), cost, min(bound, cost))
