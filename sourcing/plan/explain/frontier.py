"""Plans that no other plan beats in every measure: the exact set, and what the next unit costs along it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import InputError
from sourcing.plan.choose import answer
from sourcing.plan.explain.cache import AnswerCache
from sourcing.plan.explain.reoptimizer import Reoptimizer
from sourcing.plan.model import COST, build_problem, hold_value, read_objective
from sourcing.plan.question import Question, ask
from sourcing.plan.tolerance import EQUAL, HELD_POINT, HELD_SCALE, SAME_POINT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.plan.solve import Session

LARGER_IS_BETTER = ("fit_points", "customer_value", "social_value", "retained_skills")


def trace_frontier(
    alternatives: pd.DataFrame,
    rules: pd.DataFrame | None = None,
    measures: Sequence[str] = ("cash_cost", "expected_loss"),
    *,
    maximize: Sequence[str] = LARGER_IS_BETTER,
    steps: Mapping[str, float] | None = None,
    cache: AnswerCache | None = None,
    **as_choose: Any,
) -> pd.DataFrame:
    """Find every efficient plan over two or three measures: none is better in one and no worse in the others.

    Parameters
    ----------
    alternatives, rules : DataFrame
        As for `choose`.
    measures : sequence of str
        Two or three numeric columns of the alternatives; `cost` (all lines) only where it is not the sum of `cost_*`
        columns: a priced sum against its own parts says nothing.
    maximize : sequence of str
        Measures of which more is better.
    steps : mapping of str to float, optional
        Least improvement of a measure other than the first between two plans worth telling apart; with steps the
        plans are efficient, but not all there are.
    cache : AnswerCache, optional
        Where the frontier is kept for later runs.
    **as_choose
        links, handoff_costs, structure, policy, solver, effort and time_limit (for the whole frontier), as for
        `choose` and `Question`.

    Returns
    -------
    DataFrame
        One row per efficient plan, from the best in the first measure to its worst: the measures, price_of_next (of two
        measures: what one unit of the second costs in the first on the way to the next plan; NaN at the end), plan.
        `attrs["complete"]` says whether these are all, up to a millionth of a measure's size; False where steps
        were given, processes are split or time ran out, which `attrs["cut"]` says. Where processes are split there is
        a continuum of efficient plans: two dozen are told, both ends among them.

    Raises
    ------
    InputError
        If the measures are not two or three different ones, or a priced sum is among them.
    InfeasiblePlanError, NoPlanFoundError
        As for `choose`.

    Notes
    -----
    Augmented epsilon-constraint: minimize the first measure with the others below their bounds, then the sum of the
    others with the first held, so that no weakly efficient plan is met. Which bounds are tried: the rectangles of
    G. Kirlik and S. Sayın, "A new algorithm for generating all nondominated solutions of multiobjective discrete
    optimization problems", European Journal of Operational Research 232, 2014. Plans of equal measures count once.

    Examples
    --------
    >>> offers = pd.DataFrame({"process": ["payroll"] * 3, "option": ["stay", "move", "worse"], "cost": [9, 7, 9.5],
    ...                        "risk": [1.0, 2.0, 1.5]})
    >>> trace_frontier(offers, measures=("cost", "risk"))[["cost", "risk", "price_of_next"]].values.tolist()
    [[7.0, 2.0, 2.0], [9.0, 1.0, nan]]
    """
    measures = tuple(measures)
    _require_measures(alternatives, measures)
    signs = [-1.0 if measure in maximize else 1.0 for measure in measures]
    question = ask(alternatives, rules, **as_choose, objective={measures[0]: signs[0]}, gap=0.0)

    def trace() -> pd.DataFrame:
        return _trace_all(question, measures, signs, dict(steps or {}))

    if cache is None:
        return trace()
    return cache.recall_or_find(("frontier", measures, signs, steps), question, trace, None)


def _trace_all(
    question: Question, measures: tuple[str, ...], signs: list[float], steps: dict[str, float]
) -> pd.DataFrame:
    end = time.perf_counter() + question.time_limit
    base = answer(question)
    tracer = _Tracer(Reoptimizer(base, 0.0, end - time.perf_counter()), measures, signs, steps)
    found = tracer.trace()
    points = [[sign * value for sign, value in zip(signs, point, strict=True)] for point, _ in found]
    table = pd.DataFrame(points, columns=list(measures), dtype=float)
    table["price_of_next"] = price_next(table, measures, signs)
    table["plan"] = [tracer.reoptimizer.state_plan(values) for _, values in found]
    is_split = bool(tracer.reoptimizer.instance.structure.splits.divisible.any())
    table.attrs |= {"complete": tracer.is_complete and not steps and not is_split, "cut": not tracer.is_complete}
    return table


def leave_untraced(measures: Sequence[str]) -> pd.DataFrame:
    """Give the frontier of which time left nothing to be found: no rows, cut."""
    table = pd.DataFrame({name: pd.Series(dtype=float) for name in (*measures, "price_of_next")})
    table["plan"] = pd.Series(dtype=object)
    table.attrs = {"complete": False, "cut": True}
    return table


def _require_measures(alternatives: pd.DataFrame, measures: tuple[str, ...]) -> None:
    if not 2 <= len(set(measures)) == len(measures) <= 3:
        raise InputError(
            f"a frontier must be over two or three different measures; got {measures!r} at measures. "
            'Hint: ("cash_cost", "expected_loss").'
        )
    if COST in measures and any(str(name).startswith("cost_") for name in alternatives.columns):
        raise InputError(
            "a frontier must not set a priced sum against its own parts; got 'cost' at measures. "
            "Hint: cash_cost is what is paid."
        )


def price_next(table: pd.DataFrame, measures: Sequence[str], signs: Sequence[float]) -> np.ndarray:
    """Give what a unit of the second measure costs in the first, from each plan to the next."""
    if len(measures) != 2 or table.empty:
        return np.full(len(table), np.nan)
    first, second = (sign * table[name].to_numpy(dtype=float) for name, sign in zip(measures, signs, strict=True))
    return np.append(np.diff(first) / -np.diff(second), np.nan)


@dataclass(frozen=True)
class _Box:
    """Bounds of the measures but the first."""

    low: tuple[float, ...]
    high: tuple[float, ...]


class _Tracer:
    """Searches box after box until none is left."""

    def __init__(
        self, reoptimizer: Reoptimizer, measures: tuple[str, ...], signs: list[float], steps: dict[str, float]
    ) -> None:
        self.reoptimizer, self.is_complete = reoptimizer, True
        written = build_problem(reoptimizer.instance)
        problem = reoptimizer.problem
        self._costs, self._sizes = [], []
        for name, sign in zip(measures, signs, strict=True):
            if sign > 0 or name != COST:
                level = read_objective({name: sign}, reoptimizer.instance)[0]
                cost = level.weigh_columns(written.cost, written.lines)
            else:
                cost = -written.cost
            size = max(EQUAL, self._find_most(np.abs(cost)))
            problem = hold_value(problem, f"{name} held", cost, np.inf, HELD_SCALE * size)
            self._costs.append(cost)
            self._sizes.append(size)
        self._steps = [
            max(float(steps.get(name, 0.0)), SAME_POINT * size)
            for name, size in zip(measures, self._sizes, strict=True)
        ]
        self._session: Session = reoptimizer.open(problem)
        self._first_row = len(problem.rows) - len(measures)
        self._is_split = bool(reoptimizer.instance.structure.splits.divisible.any())

    def _find_most(self, cost: np.ndarray) -> float:
        """Give the sum of the largest amount of each process and of all other columns."""
        reoptimizer = self.reoptimizer
        own = cost[: len(reoptimizer.barred)]
        return float(np.maximum.reduceat(own, reoptimizer.instance.find_starts()).sum() + cost[len(own) :].sum())

    def trace(self) -> list[tuple[tuple[float, ...], np.ndarray]]:
        """Give the efficient points with what attains them, sorted."""
        ends = [end for end in map(self._find_end, range(1, len(self._costs))) if end is not None]
        if self._is_split and ends:
            self._widen_steps([point for point, _ in ends])
        low = tuple(self._find_least(j) for j in range(1, len(self._costs)))
        high = tuple(size + step for size, step in zip(self._sizes[1:], self._steps[1:], strict=True))
        boxes = [_Box(low, tuple(max(top, floor + 1.0) for top, floor in zip(high, low, strict=True)))]
        found: dict[tuple[float, ...], np.ndarray] = dict(ends)
        while boxes:
            box = max(boxes, key=lambda each: float(np.prod(np.subtract(each.high, low))))
            met = self._search(box.high)
            if met is None:
                boxes = [each for each in boxes if not _is_inside(each, low, box.high)]
                continue
            point, values = met
            rest = point[1:]
            if not any(self._is_same(point, other) for other in found):
                found[point] = values
            boxes = [part for each in boxes for part in _split(each, rest)]
            boxes = [each for each in boxes if not _is_inside(each, rest, box.high) and each != box]
            if self.reoptimizer.left <= 0.0:
                self.is_complete = False
                break
        return sorted(found.items(), key=lambda each: each[0])

    def _is_same(self, one: tuple[float, ...], other: tuple[float, ...]) -> bool:
        return all(abs(a - b) <= SAME_POINT * size for a, b, size in zip(one, other, self._sizes, strict=True))

    def _widen_steps(self, ends: list[tuple[float, ...]]) -> None:
        """Tell plans apart by a part of the range between the ends: shares give a continuum of them."""
        first = self._search(tuple(size + step for size, step in zip(self._sizes[1:], self._steps[1:], strict=True)))
        points = np.array([*ends, *([first[0]] if first is not None else [])])
        parts = self.reoptimizer.effort.split_points
        self._steps = [
            max(step, spread / parts) for step, spread in zip(self._steps, np.ptp(points, axis=0), strict=True)
        ]

    def _find_end(self, j: int) -> tuple[tuple[float, ...], np.ndarray] | None:
        """Give the plan that is best in a measure, and in the others as far as that leaves them open."""
        with self._session as session:
            session.set_costs(self._costs[j])
            outcome = session.solve(0.0, self.reoptimizer.left)
            if outcome.values is None:
                return None
            self.is_complete &= outcome.status == "optimal"
            least = float(self._costs[j] @ outcome.values)
            session.set_row(self._first_row + j, -np.inf, least + HELD_POINT * self._sizes[j])
            others = [k for k in range(len(self._costs)) if k != j]
            session.set_costs(np.sum([self._costs[k] / self._sizes[k] for k in others], axis=0))
            session.start_from(outcome.values)
            second = session.solve(0.0, self.reoptimizer.left)
        values = outcome.values if second.values is None else second.values
        return tuple(float(cost @ values) for cost in self._costs), values

    def _find_least(self, j: int) -> float:
        with self._session as session:
            session.set_costs(self._costs[j])
            outcome = session.solve(0.0, self.reoptimizer.left)
        return outcome.bound if outcome.values is None else float(self._costs[j] @ outcome.values)

    def _search(self, high: tuple[float, ...]) -> tuple[tuple[float, ...], np.ndarray] | None:
        """Give the efficient point that is best in the first measure below some bounds; None if there is none."""
        with self._session as session:
            for j, most in enumerate(high, start=1):
                session.set_row(self._first_row + j, -np.inf, most - self._steps[j])
            session.set_costs(self._costs[0])
            first = session.solve(0.0, self.reoptimizer.left)
            if first.values is None:
                self.is_complete &= first.status == "infeasible"
                return None
            self.is_complete &= first.status == "optimal"
            least = float(self._costs[0] @ first.values)
            session.set_row(self._first_row, -np.inf, least + HELD_POINT * self._sizes[0])
            session.set_costs(np.sum([c / s for c, s in zip(self._costs[1:], self._sizes[1:], strict=True)], axis=0))
            session.start_from(first.values)
            second = session.solve(0.0, self.reoptimizer.left)
        values = first.values if second.values is None else second.values
        return tuple(float(cost @ values) for cost in self._costs), values


def _is_inside(box: _Box, low: tuple[float, ...], high: tuple[float, ...]) -> bool:
    return all(a >= b for a, b in zip(box.low, low, strict=True)) and all(
        a <= b for a, b in zip(box.high, high, strict=True)
    )


def _split(box: _Box, at: tuple[float, ...]) -> list[_Box]:
    """Split a box at a point, one measure after the other."""
    parts = [box]
    for j, cut in enumerate(at):
        parts = [
            half
            for part in parts
            for half in (
                (part,)
                if not part.low[j] < cut < part.high[j]
                else (
                    _Box(part.low, (*part.high[:j], cut, *part.high[j + 1 :])),
                    _Box((*part.low[:j], cut, *part.low[j + 1 :]), part.high),
                )
            )
        ]
    return parts
