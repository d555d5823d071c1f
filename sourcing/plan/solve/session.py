"""Keep a problem in a live solver, change it in place, and solve it again from where the last solve ended."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.errors import CertificateError, InputError, hint_near
from sourcing.plan.effort import USUAL, SolveEffort
from sourcing.plan.model import find_scales, scale_problem
from sourcing.plan.solve.bounds import StoppingRule
from sourcing.plan.solve.core import SearchLimits
from sourcing.plan.solve.highs import open_highs, run_relaxation
from sourcing.plan.solve.mending import find_broken, forbid, polish
from sourcing.plan.solve.price import price_problem
from sourcing.plan.solve.search import search_below, search_near, search_problem
from sourcing.plan.tolerance import SOLVER, SOLVER_STRICT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    import highspy

    from sourcing.plan.model import Problem
    from sourcing.plan.solve.highs import Report
    from sourcing.plan.solve.price import Price


@dataclass(frozen=True)
class Outcome:
    """What a solve gave.

    Attributes
    ----------
    status : str
        `optimal` (within the gap asked), `feasible`, `infeasible`, `unbounded` or `none` (time ran out).
    values : ndarray of float, shape (n,), or None
        Integer columns are whole numbers.
    bound : float
        Proven lower bound of the objective, in the problem's own costs; -inf if none.
    multipliers : ndarray of float, shape (m,), or None
        Row multipliers in the problem's own units; `certify_bound` turns them into a bound by arithmetic,
        which is at most that of the relaxation.
    """

    status: str
    values: np.ndarray | None
    bound: float
    multipliers: np.ndarray | None = None


class Session(AbstractContextManager["Session"]):
    """A problem in a live solver.

    Changes happen in place; `solve` starts from where the last one ended. As a context it undoes changes on leaving.

    Parameters
    ----------
    problem : Problem
        Its structure stays; costs, row bounds and column bounds may change.
    effort : SolveEffort

    Examples
    --------
    >>> from sourcing.plan.model.writer import ProblemWriter
    >>> writer = ProblemWriter()
    >>> own = writer.add_columns(["stay", "move"], np.array([9.0, 7.0]), 1.0, True)
    >>> _ = writer.add_row("one option", own, np.ones(2), 1.0, 1.0)
    >>> _ = writer.add_row("cap", own, np.array([0.0, 5.0]), -np.inf, 6.0)
    >>> session = Session(writer.write())
    >>> session.solve().values.tolist()
    [0.0, 1.0]
    >>> with session:
    ...     session.set_row("cap", -np.inf, 4.0)
    ...     session.solve().values.tolist()
    [1.0, 0.0]
    >>> session.solve().values.tolist()
    [0.0, 1.0]
    """

    def __init__(self, problem: Problem, effort: SolveEffort = USUAL.solve) -> None:
        self._given, self._effort = problem, effort
        scaled, self._factor = scale_problem(problem)
        self._divisor = find_scales(problem)
        names = ("cost", "lower", "upper", "row_lower", "row_upper")
        self._own = replace(problem, **{name: getattr(problem, name).copy() for name in names})
        self._scaled = replace(scaled, **{name: getattr(scaled, name).copy() for name in names})
        self._row_at: dict[str, int] = {}
        self._column_at: dict[str, int] = {}
        self._live: highspy.Highs | None = None
        self._best: np.ndarray | None = None
        self._marks: list[tuple[np.ndarray, ...]] = []

    @property
    def problem(self) -> Problem:
        """The problem as it stands now; its arrays are the session's own."""
        return self._own

    def set_row(self, row: str | int, lower: float, upper: float) -> None:
        """Change both sides of a row; -inf or inf where there is none.

        Raises
        ------
        InputError
            If there is no such row, or a side is not a number.
        """
        k = _find(row, self._row_at, self._given.rows, "row")
        _require_range(lower, upper, f"row {self._given.rows[k]!r}" if self._given.rows else f"row {k}")
        self._own.row_lower[k], self._own.row_upper[k] = lower, upper
        low, high = lower / self._divisor[k], upper / self._divisor[k]
        self._scaled.row_lower[k], self._scaled.row_upper[k] = low, high
        if self._live is not None:
            self._live.changeRowBounds(k, low, high)

    def fix(self, column: str | int, value: float) -> None:
        """Fix a column at a value."""
        k = _find(column, self._column_at, self._given.columns, "column")
        self._bound_column(k, float(value), float(value))

    def free(self, column: str | int) -> None:
        """Give a column the bounds that the problem came with."""
        k = _find(column, self._column_at, self._given.columns, "column")
        self._bound_column(k, float(self._given.lower[k]), float(self._given.upper[k]))

    def bar(self, column: str | int) -> None:
        """Fix a column at its lower bound: this alternative may not be chosen."""
        k = _find(column, self._column_at, self._given.columns, "column")
        self._bound_column(k, float(self._given.lower[k]), float(self._given.lower[k]))

    def set_costs(self, costs: np.ndarray, columns: np.ndarray | None = None) -> None:
        """Change the costs of the columns at these positions, or of all."""
        at = np.arange(len(self._own.cost)) if columns is None else np.asarray(columns, dtype=np.int64)
        new = np.broadcast_to(np.asarray(costs, dtype=float), at.shape)
        if not np.isfinite(new).all():
            raise InputError("a cost must be a finite number; got one that is not at costs. Hint: mend the table.")
        self._own.cost[at] = new
        self._scaled.cost[at] = new * self._factor
        if self._live is not None:
            self._live.changeColsCost(len(at), at.astype(np.int32), self._scaled.cost[at])

    def start_from(self, values: np.ndarray) -> None:
        """Let the next solve start from a point; it counts only if it keeps every row and bound."""
        self._best = values

    @property
    def scaled(self) -> Problem:
        """The problem as it stands now, at the solver's scale: costs times `factor`."""
        return self._scaled

    @property
    def factor(self) -> float:
        """What the scaled costs are multiplied by."""
        return self._factor

    def relax(self, time_limit: float = 60.0) -> tuple[str, Price | None]:
        """Price the relaxation as it stands, at the solver's scale.

        Returns
        -------
        status : str
            `optimal`, `infeasible`, or why there is no price.
        price : Price, or None
        """
        self._live = self._live or open_highs(self._scaled, relaxed=True)
        report = run_relaxation(self._live, time_limit)
        if report.values is None or report.multipliers is None:
            return report.status, None
        return "optimal", price_problem(self._scaled, report.values, report.multipliers)

    def solve(self, gap: float = 1e-3, time_limit: float = 60.0, absolute_gap: float = 0.0) -> Outcome:
        """Solve the problem as it stands, as `solver.solve` does."""
        stopping = StoppingRule(gap, absolute_gap * self._factor)
        limits = SearchLimits(stopping, time.perf_counter() + time_limit, effort=self._effort)
        return self._confirm(limits, lambda problem, own, live: search_problem(problem, own, live, self._best))

    def complete(self, columns: np.ndarray, values: np.ndarray, time_limit: float = 60.0) -> Outcome:
        """Find the best point with some columns fixed at values, and give them back their bounds."""
        with self:
            for k, value in zip(columns.tolist(), values.tolist(), strict=True):
                self.fix(k, value)
            return self.solve(0.0, time_limit)

    def beat(self, target: float, time_limit: float = 60.0) -> Outcome:
        """Find a point that costs less than a target, or prove that there is none.

        Returns
        -------
        Outcome
            `feasible` with a point; else `none`, its bound the target where it is proven that there is none.
        """
        limits = SearchLimits(StoppingRule(0.0, 0.0), time.perf_counter() + time_limit, effort=self._effort)
        return self._confirm(limits, lambda problem, own, live: search_below(problem, target * self._factor, own, live))

    def better(self, start: np.ndarray, near: np.ndarray, gap: float, time_limit: float = 60.0) -> Outcome:
        """Better a point among columns near it; see `search_near`."""
        limits = SearchLimits(StoppingRule(gap, 0.0), time.perf_counter() + time_limit, effort=self._effort)
        tries = self._effort.near
        return self._confirm(limits, lambda problem, own, live: search_near(problem, start, near, tries, own, live))

    def _confirm(
        self, limits: SearchLimits, search: Callable[[Problem, SearchLimits, highspy.Highs | None], Report]
    ) -> Outcome:
        """Search until arithmetic confirms what a search gives; an answer that it does not is forbidden."""
        scaled = self._scaled
        for tolerance in (SOLVER, *[SOLVER_STRICT] * self._effort.cuts):
            live = self._open_live() if scaled is self._scaled else None
            report = search(scaled, replace(limits, tolerance=tolerance), live)
            bound = report.bound / self._factor if np.isfinite(report.bound) else report.bound
            multipliers = self._read_multipliers(report)
            if report.values is None:
                status = report.status if report.status in ("infeasible", "unbounded") else "none"
                return Outcome(status, None, -np.inf if bound == np.inf else bound, multipliers)
            values = polish(scaled, np.where(self._own.integer, np.round(report.values), report.values)) + 0.0
            broken = find_broken(self._own, values)
            if not len(broken):
                self._best = values
                status = "optimal" if report.status == "optimal" else "feasible"
                return Outcome(status, values, bound, multipliers)
            scaled = forbid(scaled, self._own, values, broken)
        raise CertificateError(
            f"a solver's answer must keep every row; got {self._effort.cuts} answers that do not "
            f"at {self._own.rows[broken[0]]!r}. "
            "Hint: bring the amounts and the limit of this rule to like sizes."
        )

    def __enter__(self) -> Session:
        arrays = (self._own.cost, self._own.lower, self._own.upper, self._own.row_lower, self._own.row_upper)
        self._marks.append(tuple(array.copy() for array in arrays))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        cost, lower, upper, row_lower, row_upper = self._marks.pop()
        changed = np.flatnonzero(cost != self._own.cost)
        if len(changed):
            self.set_costs(cost[changed], changed)
        for k in np.flatnonzero((lower != self._own.lower) | (upper != self._own.upper)).tolist():
            self._bound_column(k, float(lower[k]), float(upper[k]))
        for k in np.flatnonzero((row_lower != self._own.row_lower) | (row_upper != self._own.row_upper)).tolist():
            self.set_row(k, float(row_lower[k]), float(row_upper[k]))

    def _bound_column(self, k: int, lower: float, upper: float) -> None:
        _require_range(lower, upper, f"column {k}")
        for problem in (self._own, self._scaled):
            problem.lower[k], problem.upper[k] = lower, upper
        if self._live is not None:
            self._live.changeColBounds(k, lower, upper)

    def _open_live(self) -> highspy.Highs | None:
        """Open the live relaxation at the second solve: a single one may not need it."""
        if self._live is None and self._best is not None:
            self._live = open_highs(self._scaled, relaxed=True)
        return self._live

    def _read_multipliers(self, report: Report) -> np.ndarray | None:
        if report.multipliers is None:
            return None
        return report.multipliers[: len(self._divisor)] / (self._divisor * self._factor)


def _find(key: str | int, places: dict[str, int], names: Sequence[str], what: str) -> int:
    if isinstance(key, (int, np.integer)):
        if not 0 <= key < len(names):
            raise InputError(f"a {what} must be one of {len(names)}; got {key} at {what}. Hint: count from 0.")
        return int(key)
    if not places:
        places.update({name: k for k, name in enumerate(names)})
    if key not in places:
        raise InputError(
            f"a {what} must be one of the problem; got {key!r} at {what}. {hint_near(str(key), names[:2000])}"
        )
    return places[key]


def _require_range(lower: float, upper: float, where: str) -> None:
    if np.isnan(lower) or np.isnan(upper) or lower == np.inf or upper == -np.inf:
        raise InputError(f"bounds must be numbers; got {lower} and {upper} at {where}. Hint: -inf and inf mean none.")
