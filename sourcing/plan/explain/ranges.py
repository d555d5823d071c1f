"""Between which limits the price of a step holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.model import add_column, hold_value, measure_limit
from sourcing.plan.solve import Session

if TYPE_CHECKING:
    from sourcing.plan.explain.study import Answer, Study
    from sourcing.plan.model import Limit, Statement

RANGED = 30
"""Up to so many processes the ends of a range are searched for."""
_SAME = 1e-8
_ON_LINE = 1e-11
_HELD_SCALE = 1e-3


def find_range(
    study: Study, limits: list[tuple[int, Limit]], place: float, answer: Answer, time_limit: float
) -> tuple[float, float]:
    """Find the limits between which the price of moving a rule to a place holds.

    Parameters
    ----------
    study : Study
    limits : list of (int, Limit)
        The rule's, with their places among all.
    place : float
        Where they are moved.
    answer : Answer
        The least objective there.
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
    Formula: the least use among plans that cost at most v, and among those that cost less. Linear: v is convex, so the
    limits with `v(limit) <= v(today) + slope (limit - today)` are an interval; its ends are found by a linear
    program in which the limit is a variable.
    """
    if answer.values is None:
        return np.nan, np.nan
    at, limit = limits[0]
    is_wide = len(study.statement.alternatives.processes) > RANGED and not _is_linear(study.statement)
    if is_wide or len(limits) > 1 or limit.base is not None or limit.sense == "==" or not answer.is_exact:
        return _order(_find_use(study, limits, answer), place)
    if _is_linear(study.statement):
        return _order(limit.limit, _find_linear_end(study, at, limit, place, answer))
    sign = -1.0 if limit.sense == ">=" else 1.0
    least = _find_least_use(study, at, limit, answer.upper + _SAME * abs(answer.upper), time_limit)
    above = _find_least_use(study, at, limit, answer.upper - _SAME * abs(answer.upper), time_limit)
    ends = [sign * place if least is None else min(least, sign * place), sign * place if above is None else above]
    return _order(*(sign * end for end in ends))


def _order(one: float, other: float) -> tuple[float, float]:
    return (one, other) if one <= other else (other, one)


def _is_linear(statement: Statement) -> bool:
    """Tell whether every share of every alternative is possible and nothing is paid or bound by the piece."""
    structure, counts = statement.structure, np.bincount(statement.alternatives.process_of)
    items = structure.items
    is_free = items.divisible & (items.min_share == 0.0) & (items.max_parts >= counts)
    whole = structure.once or structure.schedules or structure.orders or statement.links is not None
    return not whole and bool((is_free | (counts == 1)).all()) and not items.fixed_cost.any()


def _find_use(study: Study, limits: list[tuple[int, Limit]], answer: Answer) -> float:
    shares = study.read_shares(answer.values)
    return min((measure_limit(limit, shares) for _, limit in limits), key=lambda measured: measured[1])[0]


def _find_least_use(study: Study, at: int, limit: Limit, most: float, time_limit: float) -> float | None:
    """Find the least use (of `>=` minus the most) among plans that cost at most so much; inf if none does.

    None where that could not be proven in time.
    """
    scale = max(_HELD_SCALE * abs(most), _SAME)
    problem = hold_value(study.problem, "objective held", study.problem.cost, most, scale)
    positions, amounts = limit.find_coefficients(len(study.barred))
    cost = np.zeros(len(problem.cost))
    cost[positions] = amounts if limit.sense == "<=" else -amounts
    session = study.open(replace(problem, cost=cost))
    session.set_row(len(study.statement.alternatives.processes) + at, -np.inf, np.inf)
    outcome = session.solve(0.0, min(time_limit, study.left))
    if outcome.status == "infeasible":
        return np.inf
    if outcome.values is None:
        return None
    return float(cost @ outcome.values) if outcome.status == "optimal" else None


def _find_linear_end(study: Study, at: int, limit: Limit, place: float, answer: Answer) -> float:
    """Find how far a limit may move in the direction of a place while each unit is worth the same."""
    problem, row = study.problem, len(study.statement.alternatives.processes) + at
    toward = np.sign(place - limit.limit)
    slope = (answer.upper - study.best.upper) / (place - limit.limit) * toward
    moved = np.zeros(problem.matrix.shape[0])
    moved[row] = -toward
    wider = add_column(problem, "moved", -slope, moved)
    wider = replace(wider, integer=np.zeros(len(wider.cost), dtype=bool))
    size = max(abs(study.best.upper), abs(answer.upper))
    held = hold_value(
        wider, "on the line", wider.cost, study.best.upper + _ON_LINE * size, max(_HELD_SCALE * size, _SAME)
    )
    aim = np.zeros(len(wider.cost))
    aim[-1] = -1.0
    session = Session(replace(held, cost=aim))
    for k in np.flatnonzero(study.barred).tolist():
        session.bar(k)
    outcome = session.solve(0.0, study.left)
    if outcome.status == "unbounded":
        return toward * np.inf
    return place if outcome.values is None else limit.limit + toward * float(outcome.values[-1])
