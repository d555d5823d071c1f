"""Solve a bulk problem and say honestly what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.errors import CertificateError
from sourcing.plan.effort import USUAL, SolveEffort
from sourcing.plan.solve.mending import find_broken
from sourcing.plan.solve.session import Outcome, Session

if TYPE_CHECKING:
    from sourcing.plan.model import Problem

__all__ = ["Outcome", "solve"]


def solve(
    problem: Problem,
    gap: float,
    time_limit: float,
    absolute_gap: float = 0.0,
    solver: str | None = None,
    effort: SolveEffort = USUAL.solve,
) -> Outcome:
    """Solve a problem; the same problem gives the same outcome unless time runs out.

    Parameters
    ----------
    problem : Problem
        Its columns are bounded, or it may come back `unbounded`.
    gap : float
        Relative gap at which to stop, `(objective - bound) / |objective|`.
    time_limit : float
        Seconds.
    absolute_gap : float
        Absolute gap at which to stop, in the problem's own costs.
    solver : str, optional
        Name of a PuLP solver that is to be asked instead, such as `PULP_CBC_CMD`, or `HiGHS through PuLP`; None or
        `HiGHS` for the suite's own search on HiGHS.
    effort : SolveEffort
        How wide that search goes.

    Raises
    ------
    CertificateError
        If no answer keeps every row by arithmetic: coefficients of too unlike size.

    Notes
    -----
    The point is rounded and each row of whole-number columns is checked by arithmetic. A row that a solver's
    tolerance let pass is mended by a cut that forbids this combination on that row, and the solve is
    repeated with a thousandth of the tolerance.
    """
    if solver not in (None, "HiGHS"):
        from sourcing.plan.solve.pulp import solve_by_pulp

        name = solver.removesuffix(" through PuLP")
        status, values, bound = solve_by_pulp(problem, name, gap, time_limit)
        return _require_kept(problem, Outcome(status, values, bound))
    return Session(problem, effort).solve(gap, time_limit, absolute_gap)


def _require_kept(problem: Problem, outcome: Outcome) -> Outcome:
    """Refuse an answer of another solver that does not keep every row by arithmetic."""
    if outcome.values is None:
        return outcome
    broken = find_broken(problem, outcome.values)
    if len(broken):
        raise CertificateError(
            f"a solver's answer must keep every row; got one that does not at {problem.rows[broken[0]]!r}. "
            "Hint: leave the solver at HiGHS."
        )
    return outcome
