"""Bring a solver's point to whole numbers that keep every row, or forbid it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy

from sourcing.plan.model import Problem
from sourcing.plan.solve.highs import open_highs, run_relaxation
from sourcing.plan.tolerance import KEPT, SOLVER_STRICT


def polish(scaled: Problem, values: np.ndarray) -> np.ndarray:
    """Solve for the continuous columns again where rounding the whole numbers put a row off."""
    if scaled.integer.all() or not len(_find_off(scaled, values)):
        return values
    fixed = replace(
        scaled,
        lower=np.where(scaled.integer, values, scaled.lower),
        upper=np.where(scaled.integer, values, scaled.upper),
    )
    report = run_relaxation(open_highs(fixed, relaxed=True, tolerance=SOLVER_STRICT), 10.0)
    return values if report.values is None else np.where(scaled.integer, values, report.values)


def _find_off(problem: Problem, values: np.ndarray) -> np.ndarray:
    use = problem.matrix @ values
    allowed = KEPT * problem.row_scale
    return np.flatnonzero((use > problem.row_upper + allowed) | (use < problem.row_lower - allowed))


def find_broken(problem: Problem, values: np.ndarray) -> np.ndarray:
    """Give the rows of whole-number columns only that are not kept within a millionth of their scale."""
    off = _find_off(problem, values)
    if not len(off):
        return off
    mixed = np.asarray(abs(problem.matrix) @ (~problem.integer).astype(float)).ravel() > 0
    return off[~mixed[off]]


def forbid(scaled: Problem, problem: Problem, values: np.ndarray, broken: np.ndarray) -> Problem:
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
        made.append((cut, len(chosen) - 1.0, f"not again {problem.rows[row]} {len(scaled.rows)}"))
    return replace(
        scaled,
        matrix=scipy.sparse.csr_array(
            scipy.sparse.vstack([scaled.matrix, scipy.sparse.csr_array(np.array([m[0] for m in made]))])
        ),
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
