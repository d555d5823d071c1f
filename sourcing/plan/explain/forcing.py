"""The best plan with an option forced, for every option, each plan found used for the next question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.explain.nearby import improve_nearby, read_grid, swap_in
from sourcing.plan.explain.progress import show_progress
from sourcing.plan.explain.study import IMPOSSIBLE, Answer

if TYPE_CHECKING:
    from sourcing.plan.explain.study import Study

FEWEST_NEARBY = 240
"""From so many alternatives on, plans close by are tried before a solver."""
_POOL = 400
_PATIENCE = 3.0


class Forcing:
    """Asks for the best plan with an option forced."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._known: dict[int, Answer] = {}
        self._process_of = study.statement.alternatives.process_of
        self._grid = read_grid(study.problem, self._process_of) if len(study.barred) >= FEWEST_NEARBY else None
        self._pool: list[np.ndarray] = []
        self._remember(study.best)

    def ask_all(self, options: list[np.ndarray], every: bool = True) -> list[Answer]:
        """Ask for each option, given by the positions of its alternatives.

        First what plans close by and the relaxation say; then the solver where the ends are still too far apart, each
        question for at most three times its part of the time left.

        Parameters
        ----------
        options : list of ndarray of int
        every : bool
            False asks the solver only for the option of each process whose plan close by is cheapest beside the
            chosen one; where no plan is close by, the upper end of the others stays open.
        """
        study = self._study
        answers: dict[int, Answer] = {}
        if self._grid is not None or not every:
            for k, rows in enumerate(show_progress(options, "Looking nearby")):
                answers[k] = self._look_nearby(rows)
        wide = [k for k in range(len(options)) if k not in answers or self._find_width(answers[k]) > study.room]
        if not every:
            nearest = self._find_nearest(options, answers)
            wide = [k for k in wide if k in nearest]
        for done, k in enumerate(show_progress(wide, "Flipping decisions")):
            part = _PATIENCE * study.left / (len(wide) - done)
            answers[k] = self._ask(options[k], answers.get(k, IMPOSSIBLE), part)
        return [answers[k] for k in range(len(options))]

    def _find_nearest(self, options: list[np.ndarray], answers: dict[int, Answer]) -> set[int]:
        """Give per process the option not taken with the cheapest plan known, barred ones apart."""
        study = self._study
        others = [k for k, rows in enumerate(options)
                  if study.taken[rows].sum() == 0.0 and not study.barred[rows].all()]  # fmt: skip
        ranked = sorted(others, key=lambda k: (answers[k].upper, answers[k].lower))
        first: dict[int, int] = {}
        for k in ranked:
            first.setdefault(int(self._process_of[options[k][0]]), k)
        return set(first.values())

    def _find_width(self, answer: Answer) -> float:
        return 0.0 if answer.lower == answer.upper else answer.upper - answer.lower

    def _ask(self, rows: np.ndarray, so_far: Answer, time_limit: float) -> Answer:
        """Ask for the best plan in which a process takes one of some of its alternatives, and nothing else."""
        study = self._study
        known = min(so_far, self._find_known(rows), key=lambda answer: answer.upper)
        lower = max(study.best.lower, so_far.lower if so_far is not IMPOSSIBLE else -np.inf)
        if known.upper <= study.best.upper and study.best.is_exact:
            return study.best
        with study.session:
            self._force(rows)
            if known.values is None:
                known = self._swap_alone(rows)
            answer = study.ask(known=Answer(lower, known.upper, known.values), time_limit=time_limit)
        return self._take(rows, answer)

    def _swap_alone(self, rows: np.ndarray) -> Answer:
        """Give the best plan known with the option swapped in and all else as it is, where that is a plan."""
        study, session = self._study, self._study.session
        whole = ~study.statement.structure.items.divisible[self._process_of]
        others = np.flatnonzero(whole & (self._process_of != self._process_of[rows[0]]))
        shares = study.best_shares
        with session:
            for k in others.tolist():
                session.fix(k, float(shares[k] > 0.5))
            outcome = session.solve(0.0, study.left)
        if outcome.values is None:
            return IMPOSSIBLE
        return Answer(-np.inf, float(session.problem.cost @ outcome.values), outcome.values)

    def _take(self, rows: np.ndarray, answer: Answer) -> Answer:
        if (~self._study.barred[rows]).any():
            self._study.consider(answer)
            self._remember(answer)
        return answer

    def _force(self, rows: np.ndarray) -> None:
        """Bar what else the process could take; set the bars of the option aside where all of it is barred."""
        session, barred = self._study.session, self._study.barred
        for k in np.flatnonzero(self._process_of == self._process_of[rows[0]]).tolist():
            if k not in rows:
                session.bar(k)
        if barred[rows].all():
            for k in rows.tolist():
                session.free(k)

    def _look_nearby(self, rows: np.ndarray) -> Answer:
        """Give what the relaxation proves, and the best plan close to it and to those known."""
        study, grid = self._study, self._grid
        known = self._find_known(rows)
        with study.session as session:
            self._force(rows)
            price = session.relax(study.left)
            if price is None:
                return IMPOSSIBLE
            lower = max(price.bound, study.best.lower)
            if grid is None:
                swapped = self._swap_alone(rows)
                known = min(known, swapped, key=lambda answer: answer.upper)
                return self._take(rows, Answer(min(lower, known.upper), known.upper, known.values))
            is_free = session.problem.upper > session.problem.lower
        priced = np.where(np.isfinite(price.penalty), price.penalty, 0.0)
        own = int(rows[np.argmax(price.point[rows])])
        starts = np.searchsorted(self._process_of, np.arange(int(self._process_of[-1]) + 1))
        most = np.maximum.reduceat(price.point, starts)[self._process_of] <= price.point
        rounded = np.flatnonzero(most)[np.unique(self._process_of[most], return_index=True)[1]]
        for start in [rounded, *swap_in(grid, self._pool, own)]:
            cost, taken = improve_nearby(grid, np.where(np.arange(len(start)) == self._process_of[own], own, start),
                                         is_free, priced)  # fmt: skip
            if cost < known.upper:
                values = np.zeros(len(grid.cost))
                values[taken] = 1.0
                known = Answer(lower, cost, values)
            if known.upper - lower <= study.room:
                break
        return self._take(rows, Answer(min(lower, known.upper), known.upper, known.values))

    def _remember(self, answer: Answer) -> None:
        if answer.values is None:
            return
        taken = np.flatnonzero(self._study.read_shares(answer.values) > 1.0 - 1e-6)
        for k in taken.tolist():
            if k not in self._known or answer.upper < self._known[k].upper:
                self._known[k] = answer
        if self._grid is not None and len(taken) == int(self._process_of[-1]) + 1:
            self._pool = [taken, *self._pool[: _POOL - 1]]

    def _find_known(self, rows: np.ndarray) -> Answer:
        is_open = ~self._study.barred[rows]
        known = [self._known[k] for k in rows[is_open].tolist() if k in self._known]
        return min(known, key=lambda answer: answer.upper, default=IMPOSSIBLE)
