"""Bring a problem to the scale at which a solver's absolute tolerances mean what they should."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from sourcing.plan.problem import Problem

_COST_POWER = 12
_WIDEST = 1e-8


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
    >>> from sourcing.plan.problem import ProblemWriter
    >>> writer = ProblemWriter()
    >>> own = writer.add_columns(["x"], 1e-6, 1.0, True)
    >>> writer.add_row("cap", own, np.array([1e9]), -np.inf, 4e9, 4e9)
    >>> scaled, factor = scale_problem(writer.write())
    >>> bool(4096 <= scaled.cost[0] < 8192), bool(1 <= scaled.row_upper[0] < 2)
    (True, True)
    >>> bool(scaled.cost[0] == factor * 1e-6)
    True
    """
    largest = float(np.abs(problem.cost).max(initial=0.0))
    factor = 1.0 if largest == 0.0 else 2.0 ** (_COST_POWER - np.floor(np.log2(largest)))
    biggest = abs(problem.matrix).max(axis=1).toarray().ravel() if problem.matrix.nnz else 0.0
    divisor = 2.0 ** np.floor(np.log2(np.maximum(problem.row_scale, _WIDEST * biggest)))
    scaled = replace(
        problem,
        cost=problem.cost * factor,
        matrix=sparse.csr_array(sparse.diags_array(1.0 / divisor) @ problem.matrix),
        row_lower=problem.row_lower / divisor,
        row_upper=problem.row_upper / divisor,
        row_scale=problem.row_scale / divisor,
    )
    return scaled, float(factor)
