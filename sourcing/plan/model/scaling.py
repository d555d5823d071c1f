"""Bring a problem to the scale at which a solver's absolute tolerances mean what they should."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy

from sourcing.plan.model.writer import Problem
from sourcing.plan.tolerance import COST_POWER, WIDEST_ROW


def scale_problem(problem: Problem) -> tuple[Problem, float]:
    """Scale costs and rows by powers of two, which changes no digit of any coefficient.

    Returns
    -------
    scaled : Problem
        Largest absolute cost in [4096, 8192); each row divided by its `row_scale` (or by a hundred-millionth
        of its largest coefficient, where that is more), so that an absolute tolerance of 1e-6 is the row's
        own.
    factor : float
        Scaled costs are `factor` * costs.

    Examples
    --------
    >>> from sourcing.plan.model.writer import ProblemWriter
    >>> writer = ProblemWriter()
    >>> own = writer.add_columns(["x"], 1e-6, 1.0, True)
    >>> _ = writer.add_row("cap", own, np.array([1e9]), -np.inf, 4e9, 4e9)
    >>> scaled, factor = scale_problem(writer.write())
    >>> bool(4096 <= scaled.cost[0] < 8192), bool(1 <= scaled.row_upper[0] < 2)
    (True, True)
    >>> bool(scaled.cost[0] == factor * 1e-6)
    True
    """
    largest = float(np.abs(problem.cost).max(initial=0.0))
    factor = 1.0 if largest == 0.0 else 2.0 ** (COST_POWER - np.floor(np.log2(largest)))
    divisor = find_scales(problem)
    matrix = problem.matrix
    if (divisor != 1.0).any():
        amounts = matrix.data / np.repeat(divisor, np.diff(matrix.indptr))
        # its own places: SciPy sorts a matrix in place when it likes, and would leave the amounts of a twin behind
        matrix = scipy.sparse.csr_array((amounts, matrix.indices.copy(), matrix.indptr.copy()), shape=matrix.shape)
    scaled = replace(
        problem,
        cost=problem.cost * factor,
        matrix=matrix,
        row_lower=problem.row_lower / divisor,
        row_upper=problem.row_upper / divisor,
        row_scale=problem.row_scale / divisor,
    )
    return scaled, float(factor)


def find_scales(problem: Problem) -> np.ndarray:
    """Give the power of two that each row is divided by, shape (m,)."""
    matrix = problem.matrix
    biggest = np.zeros(matrix.shape[0])
    filled = np.diff(matrix.indptr) > 0
    if filled.any():
        biggest[filled] = np.maximum.reduceat(np.abs(matrix.data), matrix.indptr[:-1][filled])
    return 2.0 ** np.floor(np.log2(np.maximum(problem.row_scale, WIDEST_ROW * biggest)))
