"""Answer blocks under prices of what they share, each from where its last answer ended."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.plan.certify import recount_block
from sourcing.plan.lexicographic import draft_plan, read_shares
from sourcing.plan.model import find_scales, scale_problem
from sourcing.plan.solve import Session, open_highs, run_relaxation
from sourcing.plan.together.block import ReadBlock, read_block
from sourcing.plan.together.rounding import round_point
from sourcing.plan.together.state import state_shares
from sourcing.plan.tolerance import WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import highspy
    import pandas as pd

    from sourcing.plan.certify import Counted
    from sourcing.plan.together.block import Block, Key


@dataclass(frozen=True, eq=False)
class Answer:
    """What a block would do under prices, and what no answer of it is below.

    Attributes
    ----------
    bound : float
        No answer of the block costs less under these prices; inf where it has none.
    cost : float
        Of the answer itself, prices aside, at the joint scale.
    amounts : ndarray of float, shape (quantities,)
        Of the answer.
    places, shares : ndarray
        Alternatives in use, in the instance's order, and their shares.
    is_whole : bool
        Whether it is an answer, or one of the relaxation only.
    multipliers : ndarray of float, shape (limits of the block,)
        Of the block's own rules, at the joint scale; they prove the bound of a relaxation of a plain block.
    rounded : Answer or None
        Of a relaxed answer of a plain block, the whole one near it.
    """

    bound: float
    cost: float = math.nan
    amounts: np.ndarray | None = None
    places: np.ndarray | None = None
    shares: np.ndarray | None = None
    is_whole: bool = False
    multipliers: np.ndarray | None = None
    rounded: Answer | None = None


class Pricer:
    """A block in a live solver."""

    def __init__(self, block: Block, rules: pd.DataFrame | None, tiers: pd.DataFrame | None) -> None:
        self.read: ReadBlock = read_block(block, rules, tiers)
        self._block, self._given = block, (rules, tiers)
        self._effort = block.question.effort.solve
        self._priced = self.read.amounts.toarray().T
        self._session: Session | None = None
        self._relaxation: Relaxation | None = None
        if self.read.is_plain:
            self._relaxation = Relaxation(self.read)

    def describe(self) -> tuple[list[Key], np.ndarray, np.ndarray, float]:
        """Give the quantities, the least and the most of each under any choice, and what no choice costs more than."""
        problem, starts = self.read.problem, self.read.instance.find_starts()
        count = len(self.read.instance.alternatives.cost)
        own, rest = self._priced[:count], self._priced[count:] * np.minimum(problem.upper[count:], 1.0)[:, None]
        least = np.minimum.reduceat(own, starts).sum(axis=0) + np.minimum(rest, 0.0).sum(axis=0)
        most = np.maximum.reduceat(own, starts).sum(axis=0) + np.maximum(rest, 0.0).sum(axis=0)
        cost = self.read.scale * problem.cost
        rest_cost = np.maximum(
            cost[count:] * np.where(np.isfinite(problem.upper[count:]), problem.upper[count:], 1.0), 0.0
        )
        dearest = float(np.maximum.reduceat(cost[:count], starts).sum() + rest_cost.sum())
        return self.read.keys, least, most, dearest

    def relax(self, prices: np.ndarray, seconds: float) -> Answer:
        """Answer the relaxation: `min scale * cost - prices · amounts`."""
        cost = self._price(prices)
        if self._relaxation is not None:
            return self._relaxation.answer(cost, seconds)
        session = self._open_session(cost)
        status, price = session.relax(seconds)
        if price is None:
            return Answer(math.inf if status == "infeasible" else -math.inf)
        return self._state(price.point, price.bound / session.factor)

    def search(self, prices: np.ndarray, gap: float, seconds: float) -> Answer:
        """Answer the block itself, within a gap."""
        outcome = self._open_session(self._price(prices)).solve(gap, seconds)
        if outcome.values is None:
            return Answer(math.inf if outcome.status == "infeasible" else outcome.bound)
        return self._state(outcome.values, outcome.bound)

    def recount(
        self,
        shares: np.ndarray,
        aside: frozenset[str],
        priced: Sequence[tuple[str, Any, float]],
        volumes: Mapping[tuple[Any, Any, Any], float],
        multipliers: np.ndarray | None,
    ) -> Counted:
        """State shares as an answer of the block, certified, and recount what it adds; see `certify.recount_block`."""
        plan = state_shares(self._block.question, shares, -math.inf)
        rules, tiers = self._given
        if rules is not None:
            rules = rules[~rules["rule"].astype(str).isin(aside)]
        own = None
        if multipliers is not None:
            limits = self.read.instance.limits
            own = [(each.rule, each.value, float(y)) for each, y in zip(limits, multipliers, strict=True)]
        scales = dict(self._block.scales)
        return recount_block(plan, scales, rules, tiers, priced, volumes, own)

    def _price(self, prices: np.ndarray) -> np.ndarray:
        return self.read.scale * self.read.problem.cost - self._priced @ prices

    def _open_session(self, cost: np.ndarray) -> Session:
        self._session = self._session or Session(replace(self.read.problem, cost=cost), self._effort)
        self._session.set_costs(cost)
        return self._session

    def _state(self, values: np.ndarray, bound: float) -> Answer:
        whole = self.read.problem.integer
        is_whole = bool(np.abs(values[whole] - np.round(values[whole])).max(initial=0.0) <= WHOLE)
        answer = state_whole(self.read, values, time.perf_counter()) if is_whole else state_relaxed(self.read, values)
        return replace(answer, bound=bound)


class Relaxation:
    """The relaxation of a plain block, nothing but choices under rules, in a live solver.

    What no rule of its own keeps from it, it takes without being asked: the cheapest alternative of each process.
    """

    def __init__(self, read: ReadBlock) -> None:
        self._read, problem = read, read.problem
        self._starts = read.instance.find_starts()
        self._rows = np.arange(len(self._starts), len(problem.rows))
        self._own = problem.matrix[self._rows].toarray()
        self._is_barred = problem.upper <= 0.0
        self._scaled, self._factor = scale_problem(replace(problem, cost=read.scale * problem.cost))
        self._divisor = find_scales(problem)[self._rows]
        self._live: highspy.Highs | None = None
        self._everything = np.arange(len(problem.cost), dtype=np.int32)

    def answer(self, cost: np.ndarray, seconds: float) -> Answer:
        """Answer under costs at the joint scale; see `Pricer.relax`."""
        problem = self._read.problem
        free = np.where(self._is_barred, np.inf, cost)
        least = np.minimum.reduceat(free, self._starts)
        cheapest = np.repeat(least, np.diff(np.append(self._starts, len(cost))))
        best = np.flatnonzero(free == cheapest)
        _, first = np.unique(self._read.instance.alternatives.process_of[best], return_index=True)
        point = np.zeros(len(cost))
        point[best[first]] = 1.0
        use = self._own @ point
        if ((use <= problem.row_upper[self._rows]) & (use >= problem.row_lower[self._rows])).all():
            return self._state(point, cost, np.zeros(len(self._rows)))
        self._live = self._live or open_highs(self._scaled, relaxed=True)
        self._live.changeColsCost(len(cost), self._everything, cost * self._factor)
        report = run_relaxation(self._live, seconds)
        if report.values is None or report.multipliers is None:
            return Answer(report.bound)
        return self._state(report.values, cost, report.multipliers[self._rows] / (self._divisor * self._factor))

    def _state(self, point: np.ndarray, cost: np.ndarray, multipliers: np.ndarray) -> Answer:
        """State a point with the bound that multipliers prove, and a whole point near it."""
        read, problem = self._read, self._read.problem
        multipliers = np.where(np.isfinite(problem.row_upper[self._rows]), multipliers, np.maximum(multipliers, 0.0))
        multipliers = np.where(np.isfinite(problem.row_lower[self._rows]), multipliers, np.minimum(multipliers, 0.0))
        reduced = np.where(self._is_barred, np.inf, cost - multipliers @ self._own)
        ends = np.where(multipliers > 0.0, problem.row_lower[self._rows], problem.row_upper[self._rows])
        used = multipliers != 0.0
        parts = [*np.minimum.reduceat(reduced, self._starts).tolist(), *(multipliers[used] * ends[used]).tolist()]
        bound = math.fsum(parts)
        if np.abs(point - np.round(point)).max() <= WHOLE:
            whole = state_whole(read, point, time.perf_counter())
            return replace(whole, bound=bound, multipliers=multipliers)
        near = round_point(read.instance, problem, cost, point)
        rounded = None if near is None else state_whole(read, near, time.perf_counter())
        return replace(state_relaxed(read, point), bound=bound, multipliers=multipliers, rounded=rounded)


def state_whole(read: ReadBlock, values: np.ndarray, end: float) -> Answer:
    """State a whole point of a block as the plan that it is: shares made exact, shared money as it then is."""
    instance = read.instance
    if read.is_plain:
        shares = np.round(values)
        amounts, cost = read.own @ shares, float(instance.alternatives.cost @ shares)
    else:
        shares = read_shares(instance, read.problem, values, end)
        lines = draft_plan(instance, shares).lines
        amounts, cost = read.own @ shares, math.fsum(lines.tolist())
        for line, weights in read.weights.items():
            amounts = amounts + weights * float(lines.get(line, 0.0))
        for k, key in enumerate(read.keys):
            if key in read.uses:
                amounts[k] = float((shares[read.uses[key]] > 0.0).any())
    places = np.flatnonzero(shares)
    return Answer(-math.inf, read.scale * cost, amounts, places, shares[places], is_whole=True)


def state_relaxed(read: ReadBlock, values: np.ndarray) -> Answer:
    """State a relaxed point of a block; a label is in use as far as the process that takes most of it."""
    process_of = read.instance.alternatives.process_of
    amounts = read.amounts @ values
    for k, key in enumerate(read.keys):
        if key in read.uses:
            rows = read.uses[key]
            amounts[k] = float(np.bincount(process_of[rows], weights=values[rows]).max(initial=0.0))
    shares = values[: len(process_of)]
    places = np.flatnonzero(shares)
    return Answer(-math.inf, read.scale * float(read.problem.cost @ values), amounts, places, shares[places])
