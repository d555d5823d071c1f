"""Solve a bulk problem and say honestly what was found."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy import sparse

from sourcing.errors import CertificateError
from sourcing.plan.pulp_model import solve_model
from sourcing.plan.scaling import scale_problem
from sourcing.plan.tables import TOLERANCE

if TYPE_CHECKING:
    from sourcing.plan.problem import Problem

_MOST_CUTS = 50
_USUAL, _STRICT = 1e-6, 1e-9
_NAMES = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
}


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
    """

    status: str
    values: np.ndarray | None
    bound: float


def solve(problem: Problem, gap: float, time_limit: float, absolute_gap: float = 0.0) -> Outcome:
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
    scaled, factor = scale_problem(problem)
    end = time.perf_counter() + time_limit
    for tolerance in (_USUAL, *[_STRICT] * _MOST_CUTS):
        left = end - time.perf_counter()
        status, values, bound = solve_model(scaled, gap, absolute_gap * factor, left, tolerance)
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            return Outcome(_tell_apart(scaled, end - time.perf_counter()), None, -np.inf)
        name = _NAMES.get(status, "none")
        if values is None:
            return Outcome(name if name != "optimal" else "none", None, bound / factor)
        values = np.where(problem.integer, np.round(values), values)
        broken = _find_broken(problem, values)
        if not len(broken):
            return Outcome("optimal" if name == "optimal" else "feasible", values, bound / factor)
        scaled = _forbid(scaled, problem, values, broken)
    raise CertificateError(
        f"a solver's answer must keep every row; got {_MOST_CUTS} answers that do not "
        f"at {problem.rows[broken[0]]!r}. "
        "Hint: bring the amounts and the limit of this rule to like sizes."
    )


def _tell_apart(scaled: Problem, time_limit: float) -> str:
    """Tell unbounded from infeasible: at no cost only the first has a point."""
    status, values, _ = solve_model(replace(scaled, cost=np.zeros(len(scaled.cost))), 0.0, 0.0, time_limit)
    return "unbounded" if values is not None else _NAMES.get(status, "none")


def _find_broken(problem: Problem, values: np.ndarray) -> np.ndarray:
    """Give the rows of whole-number columns only that are not kept within a millionth of their scale."""
    use = problem.matrix @ values
    allowed = TOLERANCE * problem.row_scale
    off = (use > problem.row_upper + allowed) | (use < problem.row_lower - allowed)
    mixed = np.asarray(abs(problem.matrix) @ (~problem.integer).astype(float)).ravel() > 0
    return np.flatnonzero(off & ~mixed)


def _forbid(scaled: Problem, problem: Problem, values: np.ndarray, broken: np.ndarray) -> Problem:
    """Add to the scaled problem, per broken row, `Σ_{chosen on the row} x <= number chosen - 1`.

    A binary that is 0 stays free: turning it on turns another of its process off, which the cut allows.
    """
    made = []
    for row in broken:
        own = problem.matrix.indices[problem.matrix.indptr[row] : problem.matrix.indptr[row + 1]]
        touched = _find_partners(problem, own)
        chosen = touched[values[touched] > 0.5]
        cut = np.zeros(problem.matrix.shape[1])
        cut[chosen] = 1.0
        made.append((cut, len(chosen) - 1.0, f"not again {scaled.rows[row]} {len(scaled.rows)}"))
    return replace(
        scaled,
        matrix=sparse.csr_array(sparse.vstack([scaled.matrix, sparse.csr_array(np.array([m[0] for m in made]))])),
        row_lower=np.concatenate([scaled.row_lower, np.full(len(made), -np.inf)]),
        row_upper=np.concatenate([scaled.row_upper, [m[1] for m in made]]),
        rows=[*scaled.rows, *(m[2] for m in made)],
        row_scale=np.concatenate([scaled.row_scale, np.ones(len(made))]),
    )


def _find_partners(problem: Problem, columns: np.ndarray) -> np.ndarray:
    """Give the columns and all that stand with them in a row `Σ x = 1` of ones."""
    ones = (problem.row_lower == 1.0) & (problem.row_upper == 1.0)
    picked = np.zeros(problem.matrix.shape[1])
    picked[columns] = 1.0
    rows = np.flatnonzero(ones & (problem.matrix @ picked > 0))
    return np.unique(np.concatenate([columns, problem.matrix[rows].indices])) if len(rows) else columns
