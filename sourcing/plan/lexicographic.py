"""Find the best plan of an instance: one solve per level, whole numbers kept and shares made exact."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.errors import CertificateError, NoPlanFoundError
from sourcing.plan.infeasible import explain_infeasible
from sourcing.plan.model import (
    HANDOFFS,
    SPLITS,
    add_lines,
    bound_lines,
    bound_shared,
    build_problem,
    hold_value,
    pick_money,
    tabulate_handoffs,
    tabulate_shared,
)
from sourcing.plan.plan import find_shares, measure_gap
from sourcing.plan.solve import Session, solve
from sourcing.plan.tolerance import (
    EQUAL,
    LEAST_SECONDS,
    LEAST_SHARE,
    NEGLIGIBLE_SHARE,
    SAME_VALUE,
    VERTEX_SECONDS,
    WHOLE,
)

if TYPE_CHECKING:
    from sourcing.plan.model import Instance, ObjectiveLevel, Problem
    from sourcing.plan.plan import Plan
    from sourcing.plan.question import Question
    from sourcing.plan.solve import Outcome


@dataclass(frozen=True)
class Draft:
    """A plan before it is certified.

    Attributes
    ----------
    shares : ndarray of float, shape (n,)
    handoffs, shared : DataFrame
        See `Plan`.
    lines : Series
    multipliers : Series or None
        See `Plan`.
    """

    shares: np.ndarray
    handoffs: pd.DataFrame
    shared: pd.DataFrame
    lines: pd.Series
    multipliers: pd.Series | None = None

    @property
    def cost(self) -> float:
        """Give the whole cost."""
        return math.fsum(self.lines.tolist())


def draft_plan(instance: Instance, shares: np.ndarray) -> Draft:
    """Work out everything that follows from shares."""
    handoffs = tabulate_handoffs(instance, shares)
    return Draft(shares, handoffs, tabulate_shared(instance, shares), add_lines(instance, shares, handoffs))


def search_plan(
    levels: list[ObjectiveLevel], question: Question, time_limit: float, near: Plan | None = None
) -> tuple[Draft, pd.DataFrame]:
    """Minimize the levels one after the other, each holding what the earlier ones reached within their tolerance.

    Parameters
    ----------
    levels : list of ObjectiveLevel
    question : Question
        With a free alternative for every process. Each search may stop at its gap.
    time_limit : float
        Seconds for all searches together.
    near : Plan, optional
        See `answer`.

    Returns
    -------
    draft : Draft
    levels : DataFrame
        See `Plan.levels`.

    Raises
    ------
    InfeasiblePlanError, NoPlanFoundError
        See `choose`.
    """
    end = time.perf_counter() + time_limit
    instance = question.instance
    problem = build_problem(instance)
    draft: Draft | None = None
    reached: list[tuple[float, float, float, float]] = []
    for number, level in enumerate(levels, start=1):
        cost = level.weigh_columns(problem.cost, problem.lines)
        weighed = replace(problem, cost=cost)
        left = max(LEAST_SECONDS, end - time.perf_counter())
        least = question.gap * NEGLIGIBLE_SHARE * _least_sum(instance, level)
        known = None
        if near is not None and draft is None and question.solver in (None, "HiGHS"):
            known = _place(near, instance)
        if known is None:
            outcome = solve(weighed, question.gap, left, least, question.solver, question.effort.solve)
        else:
            outcome = _solve_from(known, weighed, question, left, least)
        if outcome.values is None:
            if draft is None:
                raise _explain_none(question, level, outcome, time_limit)
        else:
            draft = draft_plan(instance, read_shares(instance, weighed, outcome.values, end))
            draft = replace(draft, multipliers=_name_multipliers(instance, weighed, outcome))
        value = level.measure(draft.shares, draft.lines.to_dict())
        size = sum_absolute(instance, level, draft)
        rounding = SAME_VALUE if instance.structure.splits.divisible.any() else EQUAL
        bound = close_bound(value, max(outcome.bound, find_plain_bound(instance, level)), rounding * size)
        most = math.inf if number == len(levels) else value + level.find_room(value)
        reached.append((value, bound, measure_gap(value, bound, size), most))
        if most < math.inf:
            problem = hold_level(problem, number, cost, most)
    if draft is None:
        raise CertificateError("an objective must have a level; got none at objective. Hint: leave it out for cost.")
    return draft, tabulate_levels(instance, levels, draft, reached)


def _place(near: Plan, instance: Instance) -> np.ndarray | None:
    """Give the shares of a plan of another question here, what is barred here by the cheapest of its process.

    None where it chooses what there is not.
    """
    try:
        shares = find_shares(near, instance)
    except KeyError:
        return None
    process_of, barred = instance.alternatives.process_of, instance.locks.barred
    for process in np.unique(process_of[barred & (shares > 0.0)]):
        own = np.flatnonzero((process_of == process) & ~barred)
        shares[process_of == process] = 0.0
        shares[own[np.argmin(instance.alternatives.cost[own])]] = 1.0
    return shares


def _solve_from(shares: np.ndarray, problem: Problem, question: Question, time_limit: float, least: float) -> Outcome:
    """Solve a problem from shares, if they keep its rows."""
    end = time.perf_counter() + time_limit
    instance = question.instance
    session = Session(problem, question.effort.solve)
    whole = np.flatnonzero(~instance.structure.splits.divisible[instance.alternatives.process_of])
    placed = session.complete(whole, shares[whole], time_limit)
    if placed.values is not None:
        session.start_from(placed.values)
    return session.solve(question.gap, max(LEAST_SECONDS, end - time.perf_counter()), least)


def close_bound(value: float, bound: float, rounding: float) -> float:
    """Give a bound as the value itself where no more than rounding is between them; shares are as exact as a solver."""
    return value if value - bound <= rounding else bound


def hold_level(problem: Problem, number: int, cost: np.ndarray, most: float) -> Problem:
    """Hold what a level reached: `cost · x <= most`, in a row scaled to the amount held."""
    scale = max(abs(most), min(1.0, float(np.abs(cost).max(initial=0.0)))) or 1.0
    return hold_value(problem, f"level {number} held", cost, most, scale)


def _name_multipliers(instance: Instance, problem: Problem, outcome: Outcome) -> pd.Series | None:
    """Give the multiplier of each limit by its name; None where the solver gave none."""
    if outcome.multipliers is None:
        return None
    prices = dict(zip(problem.rows, outcome.multipliers.tolist(), strict=False))
    named = {limit.name: prices[limit.name] for limit in instance.limits}
    return pd.Series(named, name="multiplier", dtype=float)


def tabulate_levels(
    instance: Instance, levels: list[ObjectiveLevel], draft: Draft, reached: list[tuple[float, float, float, float]]
) -> pd.DataFrame:
    """Give `Plan.levels` from what each level reached: value, bound, gap and the most that later ones had to keep."""
    table, records, counts = instance.alternatives.table, [], instance.structure.counts
    chosen = np.flatnonzero(draft.shares)
    share = draft.shares[chosen]
    for number, (level, (best, bound, gap, most)) in enumerate(zip(levels, reached, strict=True), start=1):
        value = level.measure(draft.shares, draft.lines.to_dict())
        for measure, weight in level.weights:
            own = np.ones(len(chosen)) if measure == "count" else table[measure].to_numpy(dtype=float)[chosen]
            total = math.fsum((own * share).tolist()) + pick_money(counts, measure, draft.lines)
            amount = draft.cost if measure == "cost" else total
            records.append((number, measure, weight, amount, value, best, bound, gap, most))
    columns = ["level", "measure", "weight", "amount", "value", "best", "bound", "gap", "most"]
    return pd.DataFrame(records, columns=columns)


def _explain_none(question: Question, level: ObjectiveLevel, outcome: Outcome, time_limit: float) -> Exception:
    """Give the error that says why there is no plan."""
    instance = question.instance
    if outcome.status in ("infeasible", "unbounded"):
        return explain_infeasible(instance, time_limit, repairs=question.effort.repairs)
    bound = max(outcome.bound, find_plain_bound(instance, level))
    return NoPlanFoundError(
        f"a plan must be found in time; got none at time_limit {time_limit:g} s, proven bound {bound:g}. "
        "Hint: allow more time or a wider gap.",
        bound,
    )


def read_shares(instance: Instance, problem: Problem, values: np.ndarray, end: float) -> np.ndarray:
    """Read the share of each alternative: whole where the process is, exact where it is split.

    Where processes are divisible, whole numbers are held and what is left, a linear program, is solved again, so
    that shares are a vertex and not a point within a search's tolerance.
    """
    read, splits = instance.alternatives, instance.structure.splits
    if splits.divisible.any():
        held = np.where(problem.integer, np.clip(np.round(values), problem.lower, problem.upper), np.nan)
        is_held = ~np.isnan(held)
        fixed = replace(
            problem,
            lower=np.where(is_held, held, problem.lower),
            upper=np.where(is_held, held, problem.upper),
            integer=np.zeros(len(held), dtype=bool),
        )
        again = solve(fixed, 0.0, max(VERTEX_SECONDS, end - time.perf_counter()))
        values = again.values if again.values is not None else values
    shares = values[: len(read.cost)].copy()
    whole = ~splits.divisible[read.process_of]
    shares[whole] = np.where(shares[whole] > 0.5, 1.0, 0.0)
    shares[shares < LEAST_SHARE] = 0.0
    total = np.bincount(read.process_of, weights=shares, minlength=len(read.processes))
    if (np.abs(total - 1.0) > WHOLE).any():
        raise CertificateError(
            f"a plan must choose once per process; got shares of {total[np.abs(total - 1.0).argmax()]:g} at the "
            "solver's answer. Hint: please report the input."
        )
    return shares / total[read.process_of]


def _least_sum(instance: Instance, level: ObjectiveLevel) -> float:
    """Give the least sum of absolute amounts that any plan can have."""
    amounts = np.abs(level.weigh_columns(instance.alternatives.cost))
    return float(np.minimum.reduceat(amounts, instance.find_starts()).sum())


def find_plain_bound(instance: Instance, level: ObjectiveLevel) -> float:
    """Give the bound that needs no solver.

    The least free alternative per process, and of each line of shared money the end that its weight favors.
    """
    read = instance.alternatives
    amounts = np.where(instance.locks.barred, np.inf, level.weigh_columns(read.cost))
    parts = np.minimum.reduceat(amounts, instance.find_starts()).tolist()
    return math.fsum(
        [*parts, bound_shared(instance, {line: level.weigh_line(line) for line in bound_lines(instance)})[0]]
    )


def sum_absolute(instance: Instance, level: ObjectiveLevel, draft: Draft) -> float:
    """Give the sum of the absolute amounts of a plan, against which an objective near 0 is measured."""
    chosen = np.flatnonzero(draft.shares)
    own = level.weigh_columns(instance.alternatives.cost)[chosen] * draft.shares[chosen]
    beside = [(HANDOFFS, cost) for cost in draft.handoffs["cost"]]
    beside += zip(draft.shared["line"], draft.shared["money"], strict=True)
    beside.append((SPLITS, draft.lines.get(SPLITS, 0.0)))
    weighed = [abs(level.weigh_line(line) * money) for line, money in beside]
    return math.fsum([*np.abs(own).tolist(), *weighed])
