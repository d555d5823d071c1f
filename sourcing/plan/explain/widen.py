"""Add a column to a problem, or a row over some of its columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.plan.writer import hold_value

if TYPE_CHECKING:
    from sourcing.plan.writer import Problem


def add_column(problem: Problem, name: str, cost: float, amounts: np.ndarray, upper: float = np.inf) -> Problem:
    """Add a continuous column of at least 0 with its amount in each row, shape (m,)."""
    return replace(
        problem,
        cost=np.append(problem.cost, cost),
        lower=np.append(problem.lower, 0.0),
        upper=np.append(problem.upper, upper),
        integer=np.append(problem.integer, False),
        columns=[*problem.columns, name],
        matrix=sparse.csr_array(sparse.hstack([problem.matrix, sparse.csr_array(amounts[:, np.newaxis])])),
    )


def add_most(problem: Problem, name: str, columns: np.ndarray, amounts: np.ndarray, most: float) -> Problem:
    """Add the row `Σ amount x <= most` over some columns."""
    row = np.zeros(len(problem.cost))
    row[columns] = amounts
    return hold_value(problem, name, row, most, 1.0)
