"""The best plan with an option forced, for every option, each plan found used for the next question."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.explain.reoptimizer import IMPOSSIBLE, Answer, Search, show_progress
from sourcing.plan.tolerance import WHOLE

if TYPE_CHECKING:
    from sourcing.plan.explain.reoptimizer import Reoptimizer

_AGAIN = (None, None)
"""Rounds where only the solver answers: what is known by then of the other options serves the second."""


class ForcedOptions:
    """Asks for the best plan with an option forced."""

    def __init__(self, reoptimizer: Reoptimizer) -> None:
        self._reoptimizer = reoptimizer
        self._known: dict[int, Answer] = {}
        self._process_of = reoptimizer.instance.alternatives.process_of
        self._remember(reoptimizer.best)

    def ask_all(self, options: list[np.ndarray], every: bool = True) -> list[Answer]:
        """Ask for each option, given by the positions of its alternatives.

        First what row prices prove and plans known reach; then a search where the ends are still too far apart, each
        question for its part of the time left (see `allot`): all narrowly, then those still open more widely.

        Parameters
        ----------
        options : list of ndarray of int
        every : bool
            False searches only for the option of each process whose plan close by is cheapest beside the chosen
            one; where no plan is close by, the upper end of the others stays open.
        """
        reoptimizer = self._reoptimizer
        answers = self._look_at_all(options, every)
        asked = set(range(len(options))) if every else self._find_nearest(options, answers)
        by_effort = reoptimizer.parametric is not None and reoptimizer.rooms[-1] > 0.0
        for room, effort in product(reoptimizer.rooms, reoptimizer.effort.rounds if by_effort else _AGAIN):
            wide = [k for k in sorted(asked) if _find_width(answers[k]) > room]
            for done, k in enumerate(show_progress(wide, "Flipping decisions")):
                part = reoptimizer.allot(reoptimizer.effort.forced_patience, len(wide) - done)
                answers[k] = self._ask(options[k], answers[k], Search(room, part, effort))
        return answers

    def _look_at_all(self, options: list[np.ndarray], every: bool) -> list[Answer]:
        reoptimizer = self._reoptimizer
        if reoptimizer.parametric is not None:
            bounds = reoptimizer.parametric.bound_columns()
            return [self._look_at(rows, Answer(float(bounds[rows].min()), np.inf, None)) for rows in options]
        if every:
            return [Answer(self._find_least(rows), np.inf, None) for rows in options]
        return [self._relax(rows) for rows in show_progress(options, "Looking nearby")]

    def _look_at(self, rows: np.ndarray, so_far: Answer) -> Answer:
        """Give the best of the plans known that take an option or may swap it in."""
        reoptimizer = self._reoptimizer
        lower = max(self._find_least(rows), so_far.lower)
        known = min(so_far, self._find_known(rows), key=lambda answer: answer.upper)
        values = reoptimizer.parametric.swap_in(rows) if reoptimizer.parametric is not None else None
        if values is not None:
            cost = float(reoptimizer.problem.cost @ values)
            known = known if known.upper <= cost else Answer(lower, cost, values)
        return Answer(min(lower, known.upper), known.upper, known.values)

    def _find_least(self, rows: np.ndarray) -> float:
        """Give what any plan of the question costs at least; nothing is known where bars are set aside."""
        return -np.inf if self._reoptimizer.barred[rows].all() else self._reoptimizer.best.lower

    def _relax(self, rows: np.ndarray) -> Answer:
        """Give what the relaxation proves, and the plan with nothing but the option swapped in."""
        reoptimizer = self._reoptimizer
        with reoptimizer.session as session:
            self._force(rows)
            status, price = session.relax(reoptimizer.left)
            if status == "infeasible":
                return IMPOSSIBLE
            lower = max(self._find_least(rows), -np.inf if price is None else price.bound / session.factor)
            known = min(self._find_known(rows), self._swap_alone(rows), key=lambda answer: answer.upper)
        return self._take(rows, Answer(min(lower, known.upper), known.upper, known.values))

    def _find_nearest(self, options: list[np.ndarray], answers: list[Answer]) -> set[int]:
        """Give per process the option not taken with the cheapest plan known, barred ones apart."""
        reoptimizer = self._reoptimizer
        others = [
            k
            for k, rows in enumerate(options)
            if reoptimizer.taken[rows].sum() == 0.0 and not reoptimizer.barred[rows].all()
        ]
        ranked = sorted(others, key=lambda k: (answers[k].upper, answers[k].lower))
        first: dict[int, int] = {}
        for k in ranked:
            first.setdefault(int(self._process_of[options[k][0]]), k)
        return set(first.values())

    def _ask(self, rows: np.ndarray, so_far: Answer, search: Search) -> Answer:
        """Ask for the best plan in which a process takes one of some of its alternatives, and nothing else."""
        reoptimizer = self._reoptimizer
        known = self._look_at(rows, so_far)
        if _find_width(known) <= search.room:
            return known
        with reoptimizer.session:
            self._force(rows)
            if known.values is None and reoptimizer.parametric is None:
                swapped = self._swap_alone(rows)
                known = Answer(min(known.lower, swapped.upper), swapped.upper, swapped.values)
            answer = reoptimizer.ask(known=known, search=search)
        return self._take(rows, answer)

    def _swap_alone(self, rows: np.ndarray) -> Answer:
        """Give the best plan known with the option swapped in and all else as it is, where that is a plan."""
        reoptimizer, session = self._reoptimizer, self._reoptimizer.session
        whole = ~reoptimizer.instance.structure.splits.divisible[self._process_of]
        others = np.flatnonzero(whole & (self._process_of != self._process_of[rows[0]]))
        shares = reoptimizer.best_shares
        with session:
            for k in others.tolist():
                session.fix(k, float(shares[k] > 0.5))
            outcome = session.solve(0.0, reoptimizer.left)
        if outcome.values is None:
            return IMPOSSIBLE
        return Answer(-np.inf, float(session.problem.cost @ outcome.values), outcome.values)

    def _take(self, rows: np.ndarray, answer: Answer) -> Answer:
        if (~self._reoptimizer.barred[rows]).any():
            self._reoptimizer.consider(answer)
            self._remember(answer)
        return answer

    def _force(self, rows: np.ndarray) -> None:
        """Bar what else the process could take; set the bars of the option aside where all of it is barred."""
        session, barred = self._reoptimizer.session, self._reoptimizer.barred
        for k in np.flatnonzero(self._process_of == self._process_of[rows[0]]).tolist():
            if k not in rows:
                session.bar(k)
        if barred[rows].all():
            for k in rows.tolist():
                session.free(k)

    def _remember(self, answer: Answer) -> None:
        if answer.values is None:
            return
        for k in np.flatnonzero(self._reoptimizer.read_shares(answer.values) > 1.0 - WHOLE).tolist():
            if k not in self._known or answer.upper < self._known[k].upper:
                self._known[k] = answer
        if self._reoptimizer.parametric is not None:
            self._reoptimizer.parametric.remember(answer.values)

    def _find_known(self, rows: np.ndarray) -> Answer:
        is_open = ~self._reoptimizer.barred[rows]
        known = [self._known[k] for k in rows[is_open].tolist() if k in self._known]
        return min(known, key=lambda answer: answer.upper, default=IMPOSSIBLE)


def _find_width(answer: Answer) -> float:
    return 0.0 if answer.lower == answer.upper else answer.upper - answer.lower
