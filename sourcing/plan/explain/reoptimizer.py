"""A plan's question, opened again: changed in place and solved again as often as an explanation asks."""

from __future__ import annotations

import math
import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from tqdm import tqdm

from sourcing.errors import CertificateError
from sourcing.plan.choose import state_plan
from sourcing.plan.lexicographic import draft_plan, hold_level, sum_absolute, tabulate_levels
from sourcing.plan.model import Locks, build_problem, read_objective
from sourcing.plan.plan import find_shares, measure_gap
from sourcing.plan.solve import ParametricSearch, Session
from sourcing.plan.tolerance import EQUAL, LEAST_SHARE, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sourcing.plan.model import Instance, Problem
    from sourcing.plan.plan import Plan

Each = TypeVar("Each")
_NEARLY_WIDE = 0.5
"""Where the wide room is not twice the narrow one, one round of questions is enough."""


@dataclass(frozen=True)
class Answer:
    """The least objective of a changed question, or what is proven of it.

    Attributes
    ----------
    lower, upper : float
        Proven ends, equal where the answer is exact; `upper` is that of a plan at hand, both are inf where no plan is
        possible.
    values : ndarray of float, shape (columns,), or None
        That plan as a point of the problem.
    """

    lower: float
    upper: float
    values: np.ndarray | None

    @property
    def is_exact(self) -> bool:
        """Tell whether both ends meet."""
        return self.lower == self.upper


@dataclass(frozen=True)
class Search:
    """How to answer a question.

    Attributes
    ----------
    room : float
        How far apart the ends may stay, where that is more than the narrowest of the reoptimizer.
    time_limit : float
        Seconds.
    effort : int, optional
        How wide enumerations are, see `ParametricSearch.ask`, and no solver after them; None for all that there is.
    """

    room: float = 0.0
    time_limit: float = np.inf
    effort: int | None = None


TO_THE_END = Search()
IMPOSSIBLE = Answer(np.inf, np.inf, None)


def _join(one: Answer, other: Answer) -> Answer:
    """Give the better ends of two answers to one question."""
    upper, values = min((other.upper, other.values), (one.upper, one.values), key=lambda end: end[0])
    lower = max(other.lower, one.lower if np.isfinite(one.lower) else -np.inf)
    return Answer(min(lower, upper), upper, values)


class Reoptimizer:
    """A plan's question in a live session. What a lock bars is barred in place, so that it can be asked for too.

    Parameters
    ----------
    plan : Plan
    gap : float, optional
        How far apart the ends of an answer may be, as a share of the objective; None asks for exact answers up to 60
        processes and for twice the plan's gap beyond.
    time_limit : float
        Seconds for all answers together; what is open then is answered by what is proven.

    Attributes
    ----------
    instance : Instance
        The question without its locks.
    barred : ndarray of bool, shape (n,)
        What the locks bar.
    locked : tuple of int
        Positions of the processes that have a lock.
    taken : ndarray of float, shape (n,)
        Share of each alternative under the plan.
    problem : Problem
        Of the plan's last level, the earlier ones held at what they reached.
    best : Answer
        The best plan known: the plan's own, until a cheaper one is found.
    parametric : ParametricSearch, or None
        What answers most questions of a plain choice under a few rules; None where there is more to it.
    rooms : tuple of float
        How far apart the ends of an answer may be, at first and at last.
    """

    def __init__(self, plan: Plan, gap: float | None = None, time_limit: float = 60.0) -> None:
        self.plan = plan
        self._end = time.perf_counter() + time_limit
        given, self.effort = plan.question.instance, plan.question.effort.explain
        self.barred, self.locked = given.locks.barred, given.locks.processes
        self.instance: Instance = replace(given, locks=Locks(np.zeros_like(self.barred), ()))
        self.levels = read_objective(plan.question.objective, given)
        self.taken = find_shares(plan, given)
        self.problem = self.write(self.instance)
        self.session = self.open(self.problem)
        self.parametric = ParametricSearch.open(self.session, self.effort, plan.question.effort.solve.small)
        self.best = self._place_plan()
        shares = (gap,) if gap is not None else self._find_shares()
        self.rooms = tuple(share * abs(self.best.upper) for share in shares)
        if self.best.upper - self.best.lower > self.rooms[-1]:
            self.best = self.ask(known=self.best)

    def _find_shares(self) -> tuple[float, ...]:
        """Give how far apart ends may be, as shares of the objective: none on few processes, else twice the gap."""
        wide, narrow = 2.0 * max(self.plan.gap, self.plan.question.gap), 2.0 * self.plan.gap
        if len(self.instance.alternatives.processes) <= self.effort.exact_processes:
            return (0.0,)
        return (narrow,) if narrow > _NEARLY_WIDE * wide else (wide, narrow)

    @property
    def left(self) -> float:
        """Seconds left."""
        return max(0.0, self._end - time.perf_counter())

    def allow(self, time_limit: float) -> None:
        """Allow so many seconds from now."""
        self._end = time.perf_counter() + time_limit

    def allot(self, patience: float, questions: int) -> float:
        """Give the seconds that one of some questions may take: all there are where every answer is asked exactly."""
        return np.inf if self.rooms[-1] == 0.0 else patience * self.left / questions

    @property
    def best_shares(self) -> np.ndarray:
        """Give the shares of the best plan known, shape (n,)."""
        return self.read_shares(self.best.values)

    @property
    def known(self) -> Answer:
        """Give the best plan known as an answer to a question that asks less."""
        return Answer(-np.inf, self.best.upper, self.best.values)

    def known_in(self, problem: Problem) -> Answer:
        """Give the best plan known as an answer to a problem with further columns, those at 0."""
        values = np.zeros(len(problem.cost))
        values[: len(self.problem.cost)] = self.best.values
        return Answer(-np.inf, self.best.upper, values)

    def write(self, instance: Instance) -> Problem:
        """Write the problem of the plan's last level over an instance."""
        problem = build_problem(instance)
        money = problem.cost
        most = self.plan.levels.drop_duplicates("level")["most"].to_numpy(dtype=float)
        for number, level in enumerate(self.levels[:-1], start=1):
            problem = hold_level(problem, number, level.weigh_columns(money, problem.lines), float(most[number - 1]))
        return replace(problem, cost=self.levels[-1].weigh_columns(money, problem.lines))

    def open(self, problem: Problem) -> Session:
        """Open a session on a problem of this reoptimizer, barred what is barred."""
        session = Session(problem, replace(self.plan.question.effort.solve, linked=self.effort.linked))
        for k in np.flatnonzero(self.barred).tolist():
            session.bar(k)
        return session

    def ask(self, session: Session | None = None, known: Answer = IMPOSSIBLE, search: Search = TO_THE_END) -> Answer:
        """Solve a session as it stands.

        Parameters
        ----------
        session : Session, optional
            The reoptimizer's own if None.
        known : Answer
            What is proven already, and a plan known to answer it.
        search : Search
            At most the time left.
        """
        room = max(self.rooms[-1], search.room)
        end = time.perf_counter() + min(search.time_limit, self.left)
        if session is None and self.parametric is not None:
            known = self._ask_parametric(self.parametric, known, room, end - time.perf_counter(), search.effort)
            is_met = known.lower == np.inf or known.upper - known.lower <= room
            if is_met or search.effort is not None or time.perf_counter() >= end:
                return known
        session = session or self.session
        start = known.values if known.values is not None else self.best.values
        if start is not None:
            session.start_from(start)
        left = max(0.0, end - time.perf_counter())
        outcome = session.solve(0.0, left, room)
        if outcome.status == "infeasible":
            return IMPOSSIBLE
        found = Answer(outcome.bound, np.inf, None)
        if outcome.values is not None:
            found = self._close(session, outcome.values, outcome.bound)
        return _join(known, found)

    def _ask_parametric(
        self, parametric: ParametricSearch, known: Answer, room: float, seconds: float, effort: int | None
    ) -> Answer:
        lower = known.lower if known is not IMPOSSIBLE else -np.inf
        found = parametric.ask(lower, known.upper, room, max(0.0, seconds), effort)
        if found.bound == np.inf:
            return IMPOSSIBLE
        values = known.values if found.values is None else found.values
        answer = Answer(found.bound, np.inf, None)
        return answer if values is None else self._close(self.session, values, found.bound)

    def consider(self, answer: Answer) -> Answer:
        """Take an answer that is a plan of the question itself as the best known where it is cheaper."""
        if answer.upper < self.best.upper:
            self.best = Answer(min(self.best.lower, answer.upper), answer.upper, answer.values)
        return answer

    def _close(self, session: Session, values: np.ndarray, bound: float) -> Answer:
        """Give the answer of a solve, its ends equal where only rounding is between them."""
        cost = session.problem.cost
        upper = float(cost @ values)
        rounding = EQUAL * max(float(np.abs(cost) @ np.abs(values)), EQUAL)
        return Answer(upper if upper - bound <= rounding else bound, upper, values)

    def _place_plan(self) -> Answer:
        """Give the plan as a point of the problem."""
        read, splits = self.instance.alternatives, self.instance.structure.splits
        whole = np.flatnonzero(~splits.divisible[read.process_of])
        outcome = self.session.complete(whole, self.taken[whole])
        if outcome.values is None:
            raise CertificateError(
                f"a plan must be a point of its own problem; got {outcome.status} at its choices. "
                "Hint: please report the input."
            )
        placed = self._close(self.session, outcome.values, self.plan.bound)
        return Answer(min(placed.lower, placed.upper), placed.upper, placed.values)

    def list_options(self) -> list[tuple[object, object, np.ndarray]]:
        """Give process, option and positions of its alternatives, one per wave, in the order of the key."""
        places: dict[tuple[object, object], list[int]] = {}
        for k, key in enumerate(self.instance.alternatives.keys):
            places.setdefault(key[:2], []).append(k)
        return [(*key, np.array(rows)) for key, rows in places.items()]

    def find_moves(self, values: np.ndarray | None) -> tuple[object, ...]:
        """Give the processes that a point delivers otherwise than the plan."""
        if values is None:
            return ()
        read = self.instance.alternatives
        off = np.abs(values[: len(read.cost)] - self.taken) > WHOLE
        return tuple(read.processes[k] for k in np.unique(read.process_of[off]).tolist())

    def read_shares(self, values: np.ndarray | None) -> np.ndarray:
        """Give the share of each alternative at a point; none where there is no point."""
        size = len(self.barred)
        return np.zeros(size) if values is None else np.where(values[:size] > LEAST_SHARE, values[:size], 0.0)

    def measure(self, end: float, base: float) -> float:
        """Give a difference of two objectives, 0 where it is rounding."""
        away = end - base
        return 0.0 if abs(away) <= EQUAL * max(abs(base), 1.0) else away

    def _lift_parts(self, shares: np.ndarray) -> np.ndarray:
        """Bring parts that a solver's tolerance left a hair off their limits back to them, at the largest part's cost.

        A search that holds one measure and betters another ends within its tolerance, not at a vertex.
        """
        instance = self.instance
        process_of, splits = instance.alternatives.process_of, instance.structure.splits
        least = splits.min_share[process_of]
        is_part = shares > np.maximum(0.5 * least, WHOLE)
        lifted = np.where(is_part, np.maximum(shares, least), 0.0)
        excess = np.bincount(process_of, weights=lifted - shares)
        for process in np.flatnonzero(excess != 0.0).tolist():
            own = np.flatnonzero(process_of == process)
            lifted[own[lifted[own].argmax()]] -= excess[process]
        return lifted

    def state_plan(self, values: np.ndarray | None) -> Plan:
        """State a point that keeps every rule, shape (columns,), as a plan of the same question.

        Its bound is that of the best plan known; `seconds` is 0.

        Raises
        ------
        CertificateError
            If plain arithmetic does not confirm it.
        """
        instance = self.instance
        shares = self.read_shares(values)
        process_of, whole = instance.alternatives.process_of, ~instance.structure.splits.divisible
        shares = np.where(whole[process_of], np.round(shares), self._lift_parts(shares))
        shares = shares / np.bincount(process_of, weights=shares)[process_of]
        draft = replace(draft_plan(instance, shares), multipliers=self.plan.multipliers)
        value = self.levels[-1].measure(draft.shares, draft.lines.to_dict())
        bound = min(value, self.best.lower)
        gap = measure_gap(value, bound, sum_absolute(instance, self.levels[-1], draft))
        earlier = self.plan.levels.drop_duplicates("level")[["best", "bound", "gap", "most"]].to_numpy(dtype=float)
        reached = [*map(tuple, earlier[:-1].tolist()), (value, bound, gap, math.inf)]
        return state_plan(self.plan.question, draft, tabulate_levels(instance, self.levels, draft, reached))


def show_progress(questions: Sequence[Each], title: str) -> Iterable[Each]:
    """Go through questions, with a bar on standard error where that is a terminal."""
    return tqdm(questions, desc=title, file=sys.stderr, disable=not sys.stderr.isatty(), leave=False)
