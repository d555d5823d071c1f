"""Between which limits the price of a step holds."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.model import add_column, find_least_total, hold_value, measure_limit
from sourcing.plan.solve import Session
from sourcing.plan.tolerance import HELD_SCALE, LESS_USE, ON_LINE, SAME_VALUE

if TYPE_CHECKING:
    from sourcing.plan.explain.reoptimizer import Answer, Reoptimizer
    from sourcing.plan.model import Instance, Limit

PART_OF_WAY = 0.25
"""A question that goes most of the way from a known use to where there is none leaves this part of it."""


def find_range(
    reoptimizer: Reoptimizer,
    limits: list[tuple[int, Limit]],
    place: float,
    answer: Answer,
    dropped: Answer,
    time_limit: float,
) -> tuple[float, float]:
    """Find the limits between which the price of moving a rule to a place holds.

    Parameters
    ----------
    reoptimizer : Reoptimizer
    limits : list of (int, Limit)
        The rule's, with their places among all.
    place : float
        Where they are moved.
    answer : Answer
        The least objective there.
    dropped : Answer
        The least objective without the rule: nothing is cheaper at any limit.
    time_limit : float
        Seconds for each of two searches; an end that is not proven in them is `place`.

    Returns
    -------
    low, high : float
        NaN where no plan is possible. Of a linear program: the whole range, today's limit in it, over which each
        unit is worth the same. Else the limits at which the least objective is the same as at `place`: at one end what
        the plan there uses, at the other where the next cheaper plan becomes possible (inf if never). Where the
        answer is an interval, the limit is relative, the rule has several or there are more than 30 processes: from
        what the plan there uses to `place`, over which the price is proven to hold.

    Notes
    -----
    Formula: the least use among plans that cost at most v, and among those that cost less, each from plan to plan: one
    is asked for that costs no more and uses less than the last, until there is none. Linear: v is convex, so the
    limits with `v(limit) <= v(today) + slope (limit - today)` are an interval; its ends are found by a linear
    program in which the limit is a variable.
    """
    if answer.values is None:
        return np.nan, np.nan
    at, limit = limits[0]
    is_wide = len(reoptimizer.instance.alternatives.processes) > reoptimizer.effort.ranged_processes and not _is_linear(
        reoptimizer.instance
    )
    if limit.base is not None and min(find_least_total(own, reoptimizer.instance) for _, own in limits) <= 0.0:
        return place, place
    if is_wide or len(limits) > 1 or limit.base is not None or limit.sense == "==" or not answer.is_exact:
        return _order(_find_use(reoptimizer, limits, answer), place)
    if _is_linear(reoptimizer.instance):
        return _order(limit.limit, _find_linear_end(reoptimizer, at, limit, place, answer))
    sign = -1.0 if limit.sense == ">=" else 1.0
    margin, known = SAME_VALUE * abs(answer.upper), [reoptimizer.best.values, answer.values]
    least = _find_least_use(reoptimizer, at, limit, answer.upper + margin, known, time_limit)
    above: float | None = np.inf
    if dropped.lower <= answer.upper - margin:
        known.append(dropped.values)
        above = _find_least_use(reoptimizer, at, limit, answer.upper - margin, known, time_limit, sign * place)
    ends = [sign * place if least is None else min(least, sign * place), sign * place if above is None else above]
    return _order(*(sign * end for end in ends))


def _order(one: float, other: float) -> tuple[float, float]:
    return (one, other) if one <= other else (other, one)


def _is_linear(instance: Instance) -> bool:
    """Tell whether every share of every alternative is possible and nothing is paid or bound by the piece."""
    structure, counts = instance.structure, np.bincount(instance.alternatives.process_of)
    splits = structure.splits
    is_free = splits.divisible & (splits.min_share == 0.0) & (splits.max_parts >= counts)
    whole = structure.fixed_charges or structure.schedules or structure.orders or instance.links is not None
    return not whole and bool((is_free | (counts == 1)).all()) and not splits.fixed_cost.any()


def _find_use(reoptimizer: Reoptimizer, limits: list[tuple[int, Limit]], answer: Answer) -> float:
    shares = reoptimizer.read_shares(answer.values)
    used = (measure_limit(reoptimizer.instance, limit, shares) for _, limit in limits)
    return min(used, key=lambda measured: measured[1])[0]


def _find_least_use(
    reoptimizer: Reoptimizer,
    at: int,
    limit: Limit,
    most: float,
    known: list[np.ndarray | None],
    time_limit: float,
    floor: float = -np.inf,
) -> float | None:
    """Find the least use (of `>=` minus the most) among plans that cost at most so much.

    From what a known plan uses, a plan is asked for that uses less and costs no more, until there is none: each
    question is one about cost, which is bounded far better than use under a row that holds the cost. Where a floor is
    known at which there is no such plan, every other question goes most of the way to it.

    Returns
    -------
    float or None
        inf if no plan does, None where that could not be proven in time.
    """
    row, problem = reoptimizer.instance.find_row(at), reoptimizer.problem
    sign, end = 1.0 if limit.sense == "<=" else -1.0, time.perf_counter() + time_limit
    amounts = sign * problem.matrix[[row]].toarray()[0]
    points = [point for point in known if point is not None and problem.cost @ point <= most]
    least = min((float(amounts @ _use_least(reoptimizer, amounts, most, point)) for point in points), default=np.inf)
    margins, is_far = list(LESS_USE), True
    while True:
        nearest = least - margins[0] * max(1.0, problem.row_scale[row], abs(least)) if np.isfinite(least) else np.inf
        if nearest <= floor:
            return least
        is_far &= np.isfinite(floor) and np.isfinite(least)
        below = min(nearest, floor + (least - floor) * PART_OF_WAY) if is_far else nearest
        with reoptimizer.session as session:
            session.set_row(row, *((-np.inf, below) if sign > 0.0 else (-below, np.inf)))
            outcome = session.beat(most, max(0.0, min(end - time.perf_counter(), reoptimizer.left)))
        if outcome.values is None or problem.cost @ outcome.values > most:
            if outcome.status != "infeasible" and outcome.bound < most - SAME_VALUE * abs(most):
                return None
            if below == nearest:
                return least
            floor, is_far = below, False
            continue
        use = float(amounts @ _use_least(reoptimizer, amounts, most, outcome.values))
        if use >= least:
            margins = margins[1:]
            if not margins:
                return None
        least, is_far = min(least, use), True


def _use_least(reoptimizer: Reoptimizer, amounts: np.ndarray, most: float, point: np.ndarray) -> np.ndarray:
    """Give the point that uses least of all with the same whole numbers that cost at most so much."""
    if reoptimizer.problem.integer.all():
        return point
    problem = hold_value(
        reoptimizer.problem, "objective held", reoptimizer.problem.cost, most, max(HELD_SCALE * abs(most), SAME_VALUE)
    )
    whole = problem.integer
    fixed = replace(
        problem,
        cost=amounts,
        lower=np.where(whole, point, problem.lower),
        upper=np.where(whole, point, problem.upper),
    )
    outcome = Session(fixed).solve(0.0, reoptimizer.left)
    return point if outcome.values is None else outcome.values


def _find_linear_end(reoptimizer: Reoptimizer, at: int, limit: Limit, place: float, answer: Answer) -> float:
    """Find how far a limit may move in the direction of a place while each unit is worth the same."""
    problem, row = reoptimizer.problem, reoptimizer.instance.find_row(at)
    toward = np.sign(place - limit.limit)
    slope = (answer.upper - reoptimizer.best.upper) / (place - limit.limit) * toward
    moved = np.zeros(problem.matrix.shape[0])
    moved[row] = -toward
    wider = add_column(problem, "moved", -slope, moved)
    wider = replace(wider, integer=np.zeros(len(wider.cost), dtype=bool))
    size = max(abs(reoptimizer.best.upper), abs(answer.upper))
    held = hold_value(
        wider, "on the line", wider.cost, reoptimizer.best.upper + ON_LINE * size, max(HELD_SCALE * size, SAME_VALUE)
    )
    level = np.zeros(len(wider.cost))
    level[-1] = -1.0
    session = Session(replace(held, cost=level))
    for k in np.flatnonzero(reoptimizer.barred).tolist():
        session.bar(k)
    outcome = session.solve(0.0, reoptimizer.left)
    if outcome.status == "unbounded":
        return toward * np.inf
    return place if outcome.values is None else limit.limit + toward * float(outcome.values[-1])
