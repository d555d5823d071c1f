"""Search the best answers of many blocks together: joint limits get prices, blocks answer under them, a master picks.

Dantzig-Wolfe decomposition: joint limits get prices; each block is answered under them alone; the master mixes the
answers so that limits are kept and gives new prices. What blocks cost at least under prices, and what the joint part
does, add up to a bound on every choice. Sources: G. B. Dantzig and P. Wolfe, "Decomposition principle for linear
programs", 1960; A. M. Geoffrion, "Lagrangean relaxation for integer programming", 1974; prices halfway between the best
and the master's after P. Wentges, "Weighted Dantzig-Wolfe decomposition for linear mixed-integer programming", 1997.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.solve import Session
from sourcing.plan.together.joint import Joint, join_quantities
from sourcing.plan.together.master import Master, Prices, bound_shared_part, list_segments, pick_answers
from sourcing.plan.together.whole import build_whole, split_point
from sourcing.plan.tolerance import EQUAL, LEAST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from sourcing.plan.effort import Effort
    from sourcing.plan.together.block import Block
    from sourcing.plan.together.pricing import Answer
    from sourcing.plan.together.workers import Pricers


@dataclass(frozen=True, eq=False)
class Reached:
    """What a search reached.

    Attributes
    ----------
    answers : list of Answer or None
        One per block, keeping every joint limit; None where none was found.
    cost : float
        Of all, joint discounts taken off; inf without answers.
    bound : float
        No answers together cost less.
    prices : Prices
        Those that prove the bound, or the best of them.
    multipliers : list of (ndarray or None)
        Of each block's own rules under them; they prove its bound by arithmetic.
    block_bounds : ndarray of float, shape (blocks,)
        What each block costs at least under these prices.
    joint_bound : float
        What the joint part costs at least under them.
    beyond : ndarray of float, shape (limits,)
        Where there are no answers: how far limits are exceeded at the least penalty.
    empty : int or None
        A block that has no answer of its own.
    rounds : tuple of int
        Rounds over relaxed blocks, and over whole ones.
    is_settled : bool
        Whether relaxed prices came to rest.
    is_whole_bound : bool
        Whether the bound is that of a search over everything and not that of the prices.
    """

    answers: list[Answer] | None
    cost: float
    bound: float
    prices: Prices
    multipliers: list[np.ndarray | None]
    block_bounds: np.ndarray
    joint_bound: float
    beyond: np.ndarray
    empty: int | None
    rounds: tuple[int, int]
    is_settled: bool
    is_whole_bound: bool = False


class Search:
    """Blocks with what they share, asked once and again with some rules set aside; answers are kept between questions.

    Parameters
    ----------
    blocks : sequence of Block
    pricers : Pricers
    rules, tiers : DataFrame or None
    counts : collection of str
    effort : Effort
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        pricers: Pricers,
        rules: pd.DataFrame | None,
        tiers: pd.DataFrame | None,
        counts: Collection[str],
        effort: Effort,
    ) -> None:
        self._blocks, self._pricers, self._effort = blocks, pricers, effort
        self._given = rules, tiers
        described = pricers.ask("describe", [()] * len(blocks))
        self.joint: Joint = join_quantities([each[:3] for each in described], rules, tiers, counts)
        dearest = math.fsum(each[3] for each in described)
        self._dearest = dearest + 1e-6 * max(1.0, abs(dearest))
        self.segments = list_segments(self.joint)
        self._relaxed: Master | None = None
        self._picked: Master | None = None
        self._base = 1.0

    def run(self, gap: float, end: float, without: frozenset[str] = frozenset()) -> Reached:
        """Search until the gap is proven, effort is spent or time is out."""
        start = self._price_relaxed(gap, end, without)
        if start.empty is not None:
            return start
        if start.bound > self._dearest:
            return replace(start, bound=math.inf)
        return self._answer_whole(start, gap, end, without)

    def _zero(self) -> Prices:
        joint = self.joint
        return Prices(np.zeros(len(joint.limits)), np.zeros(len(joint.schedules)),
                      np.zeros((len(joint.places), len(joint.uses))))  # fmt: skip

    def _ask(self, question: str, prices: Prices, *rest: float) -> list[Answer]:
        arguments = [(prices.price_block(self.joint, k), *rest) for k in range(len(self._blocks))]
        return list(self._pricers.ask(question, arguments))

    def _price_relaxed(self, gap: float, end: float, without: frozenset[str]) -> Reached:
        """Settle prices over relaxed blocks; answers that happen to be whole are kept for the pick."""
        effort, joint = self._effort.together, self.joint
        best = Reached(None, math.inf, -math.inf, self._zero(), [], np.zeros(0), 0.0, np.zeros(len(joint.limits)), None,
                       (0, 0), is_settled=False)  # fmt: skip
        target = max(effort.relaxed_part * gap, effort.relaxed_least)
        prices, punished, rounds = self._zero(), 0, 0
        self._met: list[Prices] = []
        if self._relaxed is not None and self._picked is not None:
            self._relaxed.set_aside(without)
            self._picked.set_aside(without)
            _, prices, _, _ = self._relaxed.solve()
        while rounds < effort.relaxed_rounds and time.perf_counter() < end:
            rounds += 1
            asked = prices if rounds == 1 else best.prices.mix(prices, 0.5 if rounds <= effort.mixing else 0.1)
            answers = self._ask("relax", asked, max(LEAST_SECONDS, end - time.perf_counter()))
            best = self._improve(best, asked, answers)
            if best.empty is not None:
                return best
            if any(answer.amounts is None for answer in answers):
                break
            self._keep_answers(answers, without)
            self._met.append(asked)
            value, prices, beyond, _ = self._relaxed.solve()  # type: ignore[union-attr]
            left = value - best.bound
            if left <= target * max(abs(value), EQUAL):
                is_within = bool((beyond <= EQUAL * joint.scales).all())
                if is_within or punished == effort.punishments:
                    best = replace(best, is_settled=True, beyond=beyond)
                    break
                punished += 1
                self._relaxed.punish(10.0)  # type: ignore[union-attr]
                self._picked.punish(10.0)  # type: ignore[union-attr]
                _, prices, _, _ = self._relaxed.solve()  # type: ignore[union-attr]
        return replace(best, rounds=(rounds, 0))

    def _keep_answers(self, answers: Sequence[Answer], without: frozenset[str]) -> None:
        if self._relaxed is None or self._picked is None:
            self._base = math.fsum(abs(answer.cost) for answer in answers)
            total = np.zeros(len(self.joint.keys))
            for own, answer in zip(self.joint.places, answers, strict=True):
                total[own] += np.abs(answer.amounts)  # type: ignore[arg-type]
            size = np.abs(self.joint.rows) @ total + np.abs(self.joint.right_sides)
            penalty = 10.0 * max(self._base, 1.0) / np.maximum(size, 1.0)
            self._relaxed, self._picked = (Master(self.joint, self.segments, penalty) for _ in range(2))
            self._relaxed.set_aside(without)
            self._picked.set_aside(without)
        for block, answer in enumerate(answers):
            self._relaxed.add(block, answer)
        self._add_new([answer.rounded or answer for answer in answers])

    def _improve(self, best: Reached, prices: Prices, answers: Sequence[Answer]) -> Reached:
        """Keep prices that prove more."""
        bounds = np.array([answer.bound for answer in answers])
        shared = bound_shared_part(self.joint, self.segments, prices)
        bound = math.fsum([*bounds.tolist(), shared]) if np.isfinite(bounds).all() else -math.inf
        empty = np.flatnonzero(bounds == math.inf)
        if len(empty):
            return replace(best, empty=int(empty[0]))
        if bound <= best.bound and len(best.block_bounds):
            return best
        own = [answer.multipliers for answer in answers]
        if _proves(best.multipliers) and not _proves(own):
            return replace(best, bound=max(bound, best.bound))
        return replace(best, bound=max(bound, best.bound), prices=prices, multipliers=own, block_bounds=bounds,
                       joint_bound=shared)  # fmt: skip

    def _answer_whole(self, best: Reached, gap: float, end: float, without: frozenset[str]) -> Reached:
        """Ask whole answers near the settled prices, then round by round, and pick."""
        effort = self._effort.together
        block_gap = effort.block_part * gap
        relaxed_rounds = best.rounds[0]
        recent: list[Prices] = [best.prices, *self._met[-effort.near :][::-1]]
        picked_prices, rounds, stale = best.prices, 0, 0
        if self._is_near(best, gap):
            best = self._pick(best, gap, end, without)
            if _is_met(best, gap):
                return replace(best, rounds=(relaxed_rounds, 0))
        while rounds < effort.near + effort.whole_rounds and time.perf_counter() < end:
            asked = recent[rounds] if rounds < len(recent) else best.prices.mix(picked_prices, 0.5)
            rounds += 1
            answers = self._ask("search", asked, block_gap, max(LEAST_SECONDS, end - time.perf_counter()))
            before = best.bound
            best = self._improve(best, asked, answers)
            if best.empty is not None:
                return best
            known = len(self._picked.answers)  # type: ignore[union-attr]
            self._add_new(answers)
            _, picked_prices, _, _ = self._picked.solve()  # type: ignore[union-attr]
            if rounds >= min(2, len(recent)) and self._is_near(best, gap):
                best = self._pick(best, gap, end, without)
                if _is_met(best, gap):
                    break
            grew = len(self._picked.answers) > known or best.bound > before  # type: ignore[union-attr]
            stale = 0 if grew else stale + 1
            if stale > len(recent):
                break
        if not _is_met(best, gap):
            best = self._pick(best, gap, end, without)
        best = replace(best, rounds=(relaxed_rounds, rounds))
        if not _is_met(best, gap) and self._size <= effort.whole_alternatives:
            best = self._search_whole(best, gap, end, without)
        return best

    def _is_near(self, best: Reached, gap: float) -> bool:
        """Tell whether mixtures of the whole answers so far keep all limits at little more than the bound."""
        master = self._picked
        if master is None or len({block for block, _ in master.answers}) < len(self._blocks):
            return False
        value, _, beyond, _ = master.solve()
        room = (1.0 - self._effort.together.pick_part) * gap + EQUAL
        return bool((beyond <= EQUAL * self.joint.scales).all()) and value - best.bound <= room * abs(value)

    @property
    def _size(self) -> int:
        return sum(len(block.question.alternatives) for block in self._blocks)

    def _add_new(self, answers: Sequence[Answer]) -> None:
        """Add whole answers that differ from those met before."""
        master = self._picked
        if master is None:
            return
        known = {_mark(block, answer) for block, answer in master.answers}
        for block, answer in enumerate(answers):
            if answer.is_whole and answer.places is not None and _mark(block, answer) not in known:
                master.add(block, answer)

    def _pick(self, best: Reached, gap: float, end: float, without: frozenset[str]) -> Reached:
        """Pick whole answers so that limits are kept, and keep them where they are cheaper."""
        master, effort = self._picked, self._effort
        if master is None or len({block for block, _ in master.answers}) < len(self._blocks):
            return best
        seconds = max(LEAST_SECONDS, end - time.perf_counter())
        picked, _ = pick_answers(self.joint, self.segments, master.answers, without,
                                 effort.together.pick_part * gap, seconds, effort.solve)  # fmt: skip
        if picked is None:
            return best
        return self._take([master.answers[k][1] for k in picked], best, without)

    def _take(self, answers: list[Answer], best: Reached, without: frozenset[str]) -> Reached:
        amounts = sum_amounts(self.joint, answers)
        cost = math.fsum([*(answer.cost for answer in answers), *(-self.joint.find_discounts(amounts)).tolist()])
        if self.joint.find_broken(amounts, without) or cost >= best.cost:
            return best
        return replace(best, answers=answers, cost=cost)

    def _search_whole(self, best: Reached, gap: float, end: float, without: frozenset[str]) -> Reached:
        """Search everything at once, among what costs no more than the best answers so far."""
        rules, tiers = self._given
        whole = build_whole(self._blocks, rules, tiers, self.joint, self.segments, without)
        session = Session(whole.problem, self._effort.solve)
        outcome = session.solve(gap, max(LEAST_SECONDS, end - time.perf_counter()))
        if outcome.status == "infeasible":
            return replace(best, bound=math.inf, is_whole_bound=True)
        if outcome.bound > best.bound:
            best = replace(best, bound=outcome.bound, is_whole_bound=True)
        if outcome.values is not None:
            best = self._take(split_point(whole, outcome.values), best, without)
        return best


def sum_amounts(joint: Joint, answers: Sequence[Answer]) -> np.ndarray:
    """Sum the quantities of answers, one per block."""
    total = np.zeros(len(joint.keys))
    for own, answer in zip(joint.places, answers, strict=True):
        total[own] += answer.amounts
    return total


def _proves(multipliers: Sequence[np.ndarray | None]) -> bool:
    return len(multipliers) > 0 and all(each is not None for each in multipliers)


def _mark(block: int, answer: Answer) -> tuple[int, bytes, bytes]:
    places, shares = np.asarray(answer.places), np.asarray(answer.shares)
    return block, places.tobytes(), np.round(shares, 9).tobytes()


def _is_met(best: Reached, gap: float) -> bool:
    allowed = max(gap, 1e-9) * abs(best.cost)
    return best.answers is not None and best.cost - best.bound <= allowed
