"""A question's problem with cuts: the relaxation first, where cuts cost little, then whole numbers."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy

from sourcing.plan.caution.attitudes import measure_plan, require_size
from sourcing.plan.lexicographic import draft_plan, read_shares
from sourcing.plan.model import COST, add_column, bound_lines, bound_shared, build_problem
from sourcing.plan.solve import Session, open_highs, run_relaxation
from sourcing.plan.tolerance import (
    EQUAL,
    HELD_SCALE,
    KEPT,
    LEAST_SECONDS,
    NEGLIGIBLE_SHARE,
    PART_OF_ALLOWANCE,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.plan.caution.attitudes import Cut, Measure
    from sourcing.plan.lexicographic import Draft
    from sourcing.plan.model import Instance, Problem
    from sourcing.plan.plan import Plan
    from sourcing.plan.question import Question

PLACE = "cautious measure"
"""A column of the alternatives that stands for the measure while cuts are sought: all shared money counts in it."""
RELAXED_ROUNDS, WHOLE_ROUNDS = 200, 60
"""Most cuts sought over shares, and most searches over whole choices, of one question."""
RELAXED_GAP = 1e-7
"""The relaxation has cuts enough where none adds more than this share to the measure."""
SEEK_GAP, FIRST_PRICE = 1e-4, 1e-2
"""How closely a choice that keeps a limit is sought, and what a unit of the measure is paid with at least."""
BETTERED, FINER = 6, 0.2
"""Times that a choice within a limit is bettered among those met, and the part of the gap to which each goes."""
BETWEEN, WIDER = 4, 2.0
"""Prices of the measure tried between that of a choice over the limit and that of one within it, and how many gaps
wide these searches are: they only have to find choices, and the proof is made under the limit itself."""


@dataclass(frozen=True)
class Goal:
    """What is minimized: cost + weight x measure where weight is above 0, with the measure at most a limit.

    Attributes
    ----------
    cost_weight : float
        1, or 0 where the measure alone is minimized.
    weight : float
        What a unit of the measure counts beside a unit of cost.
    limit : float
        Most that the measure may be; inf for none.
    """

    cost_weight: float = 1.0
    weight: float = 0.0
    limit: float = math.inf

    def measure(self, cost: float, value: float) -> float:
        """Measure a choice of some cost and measure."""
        return self.cost_weight * cost + self.weight * value


@dataclass(frozen=True, eq=False)
class Visited:
    """A choice met: its draft, point of the problem, cost and measure."""

    draft: Draft
    values: np.ndarray
    cost: float
    value: float


@dataclass(frozen=True)
class Reached:
    """The best choice found under cuts.

    Attributes
    ----------
    draft : Draft or None
        None where no choice keeps the limit (`status` is then `infeasible`) or time ran out (`none`).
    cost, value : float
        Cost of the choice, and its measure.
    objective, bound : float
        Of the goal; proven.
    cuts : list of Cut
    status : str
        `optimal` within the gap asked, `feasible`, `infeasible` or `none`.
    rounds : tuple of int
        Relaxations and searches that it took.
    """

    draft: Draft | None
    cost: float
    value: float
    objective: float
    bound: float
    cuts: list[Cut]
    status: str
    rounds: tuple[int, int]


def count_shared_in(question: Question, names: Sequence[str], amounts: Sequence[np.ndarray]) -> Question:
    """Add measures to a question in which all shared money counts, as it does in cost.

    Parameters
    ----------
    question : Question
    names : sequence of str
        New columns of the alternatives.
    amounts : sequence of ndarray, each shape (alternatives,)
    """
    structure = dict(question.structure or {})
    lines = list_shared_lines(question.instance)
    counts = structure.get("counts", pd.DataFrame(columns=["line", "measure"]))
    added = pd.DataFrame([(line, name) for name in names for line in lines], columns=["line", "measure"])
    if len(added):
        structure["counts"] = pd.concat([counts, added], ignore_index=True) if len(counts) else added
    columns = pd.DataFrame(dict(zip(names, amounts, strict=True)), index=question.alternatives.index)
    table = pd.concat([question.alternatives, columns], axis=1)
    return replace(question, alternatives=table, structure=structure or question.structure)


def list_shared_lines(instance: Instance) -> list[str]:
    """List the lines of shared money that can differ from 0 under some plan."""
    return sorted(line for line, ends in bound_lines(instance).items() if ends != (0.0, 0.0))


class Master:
    """The problem of a question, a measure beside it, and the cuts found so far.

    Parameters
    ----------
    question : Question
        Of one objective, cost.
    measure : Measure
    """

    def __init__(self, question: Question, measure: Measure) -> None:
        require_size(measure, len(question.alternatives))
        self.question, self.measure = question, measure
        counted = count_shared_in(question, [PLACE], [np.zeros(measure.size)])
        self.instance = counted.instance
        self.at = place_rows(question, self.instance)
        self.problem = build_problem(self.instance)
        self.beside = np.zeros(len(self.problem.cost))
        for positions, amounts in self.problem.lines.values():
            np.add.at(self.beside, positions, amounts)
        self.cuts: list[Cut] = []
        self._rows: list[np.ndarray] = []
        self.visited: list[Visited] = []
        self._relaxed: tuple[np.ndarray, float] | None = None
        self._floor = self._find_floor()
        self._unit = max(1.0, float(np.abs(self.instance.alternatives.cost).max(initial=0.0)))

    def add(self, cut: Cut) -> None:
        """Add a cut."""
        self.cuts.append(cut)
        row = self.beside.copy()
        np.add.at(row, self.at, cut.amounts)
        self._rows.append(row)

    def minimize(self, goal: Goal, gap: float, end: float, sought: Goal | None = None) -> Reached:
        """Find the choice that is best for a goal, with its bound; cuts and choices met serve every later goal.

        Parameters
        ----------
        goal : Goal
        gap : float
            Relative gap at which the search may stop.
        end : float
            When to stop, by `time.perf_counter()`.
        sought : Goal, optional
            The search may stop at the first choice that keeps the limit of this goal.
        """
        rounds, price = self._cut_relaxation(goal, end)
        if rounds is None:
            return self._give_none("infeasible", math.inf, (RELAXED_ROUNDS, 0))
        bound, status = -math.inf, "feasible"
        if math.isfinite(goal.limit):
            is_wide = gap >= SEEK_GAP
            bound = self._seek(goal, price, WIDER * gap if is_wide else SEEK_GAP, end)
            if is_wide:
                bound = max(bound, self._close(goal, gap, bound, end))
            known = self.pick(goal)
            if known is not None and known.cost - bound <= gap * max(abs(known.cost), EQUAL):
                return Reached(known.draft, known.cost, known.value, known.cost, min(bound, known.cost),
                               list(self.cuts), "optimal", (rounds, 0))  # fmt: skip
        number = 0
        while number < WHOLE_ROUNDS:
            number += 1
            known = self.pick(goal)
            whole = self._state(goal)
            session = Session(whole, self.question.effort.solve)
            if known is not None:
                session.start_from(self._extend(known.values, goal))
            least = gap * NEGLIGIBLE_SHARE * self._sum_least()
            outcome = session.solve(gap / 2, max(LEAST_SECONDS, end - time.perf_counter()), least)
            if outcome.values is None:
                status = "infeasible" if outcome.status == "infeasible" and known is None else "feasible"
                bound = max(bound, outcome.bound + goal.weight * self._floor)
                break
            bound = max(bound, outcome.bound + goal.weight * self._floor)
            met = self._visit(whole, outcome.values, end)
            known = self.pick(goal)
            if known is not None:
                reached = goal.measure(known.cost, known.value)
                if reached - bound <= max(gap, EQUAL) * max(abs(reached), EQUAL):
                    status = "optimal"
                    break
            is_new = self._cut_at(met)
            if not is_new or time.perf_counter() >= end or (sought is not None and self.pick(sought) is not None):
                break
        known = self.pick(goal)
        if known is None:
            return self._give_none("infeasible" if status == "infeasible" else "none", bound, (rounds, number))
        objective = goal.measure(known.cost, known.value)
        return Reached(known.draft, known.cost, known.value, objective, min(bound, objective), list(self.cuts), status,
                       (rounds, number))  # fmt: skip

    def _give_none(self, status: str, bound: float, rounds: tuple[int, int]) -> Reached:
        return Reached(None, math.inf, math.inf, math.inf, bound, list(self.cuts), status, rounds)

    def _seek(self, goal: Goal, price: float, gap: float, end: float) -> float:
        """Seek a choice that keeps a limit: the measure paid for, ever dearer, at last minimized alone.

        Returns
        -------
        float
            What the first price proves of the limited cost: the bound of cost + price x measure, less price x limit.
        """
        price, bound = max(price, FIRST_PRICE), -math.inf
        for weight in (price, 2.0 * price, 8.0 * price, None):
            is_first = weight == price
            if not is_first and self.pick(goal) is not None:
                break
            asked = Goal(0.0, 1.0) if weight is None else Goal(1.0, weight)
            reached = self.minimize(asked, gap, end, None if is_first else goal)
            if weight is not None:
                bound = max(bound, reached.bound - weight * goal.limit)
            if time.perf_counter() >= end:
                break
        return bound

    def _close(self, goal: Goal, gap: float, bound: float, end: float) -> float:
        """Better the choice that keeps a limit, and prove that none is cheaper by more than a gap.

        The measure is paid with what it costs between a choice over the limit and one within: what has no row to keep
        is found sooner. Then it is asked for a choice within the limit that is cheaper by the gap, until there is none.

        Returns
        -------
        float
            Bound of the limited cost; proven.
        """
        for _ in range(BETWEEN):
            weight = self._price_between(goal)
            if weight is None or self._find_target(goal, gap) <= bound or time.perf_counter() >= end:
                break
            met = len(self.visited)
            reached = self.minimize(Goal(1.0, weight), WIDER * gap, end)
            bound = max(bound, reached.bound - weight * goal.limit)
            if self._price_between(goal) == weight or len(self.visited) == met:
                break
        for _ in range(BETTERED):
            if self._find_target(goal, gap) <= bound:
                break
            before, weight = self.pick(goal), self._price_between(goal)
            is_new = self._better(goal, gap, end)
            if not is_new and weight is not None:
                self._better(Goal(1.0, weight), gap, end)
            if not is_new and self.pick(goal) is before:
                break
        for _ in range(WHOLE_ROUNDS):
            target = self._find_target(goal, gap)
            if not bound < target < math.inf or time.perf_counter() >= end:
                break
            whole = self._state(goal)
            outcome = Session(whole, self.question.effort.solve).beat(
                target, max(LEAST_SECONDS, end - time.perf_counter())
            )
            bound = max(bound, outcome.bound)
            if outcome.values is None:
                break
            self._cut_at(self._visit(whole, outcome.values, end))
        return bound

    def _better(self, goal: Goal, gap: float, end: float) -> bool:
        """Better the best choice for a goal among what was chosen at any price; tell whether another was met."""
        known = self.pick(goal)
        if known is None or time.perf_counter() >= end:
            return False
        whole = self._state(goal)
        start = self._extend(known.values, goal)
        near = np.append(np.any([met.values != 0.0 for met in self.visited], axis=0), True)[: len(start)]
        finer = FINER * gap * abs(known.cost) / max(abs(goal.measure(known.cost, known.value)), EQUAL)
        left = max(LEAST_SECONDS, end - time.perf_counter())
        outcome = Session(whole, self.question.effort.solve).better(start, near, finer, left)
        if outcome.values is None or (outcome.values[whole.integer] == start[whole.integer]).all():
            return False
        self._cut_at(self._visit(whole, outcome.values, end))
        return True

    def _find_target(self, goal: Goal, gap: float) -> float:
        """Give the cost below which a choice is better than the best known by more than a gap; inf where none is."""
        known = self.pick(goal)
        return math.inf if known is None else known.cost - PART_OF_ALLOWANCE * gap * max(abs(known.cost), EQUAL)

    def _price_between(self, goal: Goal) -> float | None:
        """Give the price at which a choice over the limit and one within are worth the same, where both are met.

        Of all pairs it is the one whose mixture at the limit costs least: the convex hull of what is met.
        """
        most = goal.limit + KEPT * max(1.0, abs(goal.limit))
        prices = [
            (over.cost + (kept.cost - over.cost) * (over.value - goal.limit) / (over.value - kept.value),
             (kept.cost - over.cost) / (over.value - kept.value))
            for over in self.visited
            for kept in self.visited
            if over.value > most >= kept.value and over.cost < kept.cost
        ]  # fmt: skip
        return min(prices)[1] if prices else None

    def _visit(self, whole: Problem, values: np.ndarray, end: float) -> Visited:
        """Work out what a point of the problem costs, and measure it."""
        draft = draft_plan(self.instance, read_shares(self.instance, whole, values, end))
        shares, beside = draft.shares[self.at], sum_beside(draft)
        met = Visited(draft, values[: len(self.beside)], draft.cost, measure_plan(self.measure, shares, beside))
        self.visited.append(met)
        return met

    def pick(self, goal: Goal) -> Visited | None:
        """Pick the best choice met so far for a goal, of those that keep its limit."""
        most = goal.limit + KEPT * max(1.0, abs(goal.limit)) if math.isfinite(goal.limit) else math.inf
        kept = [met for met in self.visited if met.value <= most]
        return min(kept, key=lambda met: (goal.measure(met.cost, met.value), met.cost), default=None)

    def _cut_at(self, met: Visited) -> bool:
        """Add the cut of a choice, and one halfway to the relaxed point; tell whether the first says anything new."""
        shares, beside = met.draft.shares[self.at], sum_beside(met.draft)
        is_new = met.value - self._estimate(shares, beside) > EQUAL * max(1.0, abs(met.value))
        if is_new:
            self.add(self.measure.find_cut(shares))
            if self._relaxed is not None:
                middle = 0.5 * (shares + self._relaxed[0])
                self.add(self.measure.find_cut(middle))
        return is_new

    def _cut_relaxation(self, goal: Goal, end: float) -> tuple[int | None, float]:
        """Add cuts over shares until none adds much: Kelley's method.

        Returns
        -------
        int or None
            Relaxations that it took; None where no shares keep the limit.
        float
            What the last unit of the limit costs in the relaxation.
        """
        stated = self._state(goal)
        factor = 4096.0 / max(float(np.abs(stated.cost).max(initial=0.0)), EQUAL)
        scales = [self._write_row(k, goal)[2] for k in range(len(self.cuts))]
        first = len(stated.rows) - len(scales)
        rows = np.ones(len(stated.rows))
        rows[first:] = scales
        live = open_highs(
            replace(
                stated,
                cost=stated.cost * factor,
                matrix=scipy.sparse.csr_array(stated.matrix.multiply(1.0 / rows[:, None])),
                row_lower=stated.row_lower / rows,
                row_upper=stated.row_upper / rows,
            ),
            relaxed=True,
        )
        price = 0.0
        for number in range(1, RELAXED_ROUNDS + 1):
            report = run_relaxation(live, max(LEAST_SECONDS, end - time.perf_counter()))
            if report.status == "infeasible":
                return None, math.inf
            if report.values is None or report.multipliers is None:
                return number, price
            price = -float((report.multipliers[first:] / np.array(scales)).sum()) / factor if scales else 0.0
            values = report.values[: len(self.beside)]
            shares, beside = values[self.at], float(self.beside @ values)
            self._relaxed = (shares, beside)
            cut = self.measure.find_cut(shares)
            value, known = cut.measure(shares, beside), self._estimate(shares, beside)
            known = known if goal.weight else max(known, goal.limit)
            if value - known <= RELAXED_GAP * max(abs(value), EQUAL) or time.perf_counter() >= end:
                return number, price
            self.add(cut)
            row, upper, scale = self._write_row(len(self.cuts) - 1, goal)
            scales.append(scale)
            used = np.flatnonzero(row)
            live.addRow(-np.inf, upper / scale, len(used), used.astype(np.int32), row[used] / scale)
        return RELAXED_ROUNDS, price

    def _state(self, goal: Goal) -> Problem:
        """State the problem for a goal: its cuts as limits, or below a column that is paid."""
        problem = replace(self.problem, cost=goal.cost_weight * self.problem.cost)
        if goal.weight:
            upper = goal.limit - self._floor if math.isfinite(goal.limit) else np.inf
            nothing = np.zeros(problem.matrix.shape[0])
            problem = add_column(problem, self.measure.name, goal.weight * self._unit, nothing, upper / self._unit)
        if not self.cuts or not (goal.weight or math.isfinite(goal.limit)):
            return problem
        rows, uppers, scales = zip(*(self._write_row(k, goal) for k in range(len(self.cuts))), strict=True)
        return replace(
            problem,
            matrix=scipy.sparse.csr_array(
                scipy.sparse.vstack([problem.matrix, scipy.sparse.csr_array(np.array(rows))])
            ),
            row_lower=np.append(problem.row_lower, np.full(len(rows), -np.inf)),
            row_upper=np.append(problem.row_upper, uppers),
            rows=[*problem.rows, *(f"{self.measure.name}, {k + 1}" for k in range(len(rows)))],
            row_scale=np.append(problem.row_scale, scales),
        )

    def _write_row(self, number: int, goal: Goal) -> tuple[np.ndarray, float, float]:
        """Write the row of a cut: coefficients, the most they may come to, and the row's scale."""
        row, constant = self._rows[number], self.cuts[number].constant
        if goal.weight:
            upper = self._floor - constant
            row = np.append(row, -self._unit)
        else:
            upper = goal.limit - constant
        return row, upper, HELD_SCALE * max(1.0, abs(upper), float(np.abs(row).max(initial=0.0)))

    def _extend(self, values: np.ndarray, goal: Goal) -> np.ndarray:
        """Give a point of the problem as one of the problem stated for a goal."""
        if not goal.weight:
            return values
        shares, beside = values[self.at], float(self.beside @ values)
        return np.append(values, max(0.0, self._estimate(shares, beside) - self._floor) / self._unit)

    def _estimate(self, shares: np.ndarray, beside: float) -> float:
        """Measure a plan by the cuts alone: never above its measure."""
        return max((cut.measure(shares, beside) for cut in self.cuts), default=-math.inf)

    def _find_floor(self) -> float:
        """Give what the measure of no plan is below."""
        amounts = np.zeros(len(self.instance.alternatives.cost))
        amounts[self.at] = self.measure.find_floor()
        least = np.minimum.reduceat(amounts, self.instance.find_starts())
        return math.fsum(least.tolist()) + self.measure.find_least_constant() + self.bound_beside()[0]

    def bound_beside(self) -> tuple[float, float]:
        """Give the least and the most that any plan pays beside its alternatives."""
        return bound_shared(self.instance, dict.fromkeys(list_shared_lines(self.instance), 1.0))

    def _sum_least(self) -> float:
        """Give the least sum of absolute costs that any plan can have."""
        amounts = np.abs(self.instance.alternatives.cost)
        return float(np.minimum.reduceat(amounts, self.instance.find_starts()).sum())


def place_rows(question: Question, instance: Instance) -> np.ndarray:
    """Give the position in the instance of each row of the question's alternatives."""
    place = {key: k for k, key in enumerate(instance.alternatives.keys)}
    names = [name for name in ("process", "option", "wave") if name in question.alternatives]
    columns = (question.alternatives[name].tolist() for name in names)
    return np.array([place[key] for key in zip(*columns, strict=True)])


def sum_beside(draft: Draft | Plan) -> float:
    """Sum what a draft or plan pays beside its alternatives."""
    own = [name == COST or str(name).startswith("cost_") for name in draft.lines.index]
    return math.fsum(draft.lines[~np.array(own, dtype=bool)].tolist())
