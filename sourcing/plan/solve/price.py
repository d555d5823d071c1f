"""What row multipliers say of a problem: a bound, and which columns may be left out at what cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy

from sourcing.plan.solve.bounds import certify_bound, clear_signs, price_columns
from sourcing.plan.tolerance import AT_END, SOLVER_DUAL

if TYPE_CHECKING:
    from sourcing.plan.model import Problem


@dataclass(frozen=True)
class Price:
    """What row multipliers say of a problem.

    Attributes
    ----------
    multipliers : ndarray of float, shape (m,)
    bound : float
        Lagrangian bound, by arithmetic.
    point : ndarray of float, shape (n,)
        The relaxed point that goes with the multipliers; columns left out stay at their end of it.
    reduced_cost : ndarray of float, shape (n,)
        Least cost over `bound` of moving a whole-number column off its end; 0 where it must stay in the core.
    """

    multipliers: np.ndarray
    bound: float
    point: np.ndarray
    reduced_cost: np.ndarray


def price_problem(problem: Problem, point: np.ndarray, multipliers: np.ndarray) -> Price:
    """Price every column by row multipliers and say which may be left out, and at what cost.

    A whole-number column may be left out where the relaxed point has it at the end that its reduced cost
    asks for: any point that moves it costs at least `bound + |reduced cost|`. On a column without end, a reduced cost
    within the solver's own tolerance counts as 0.
    """
    signed = clear_signs(problem, multipliers)
    reduced = price_columns(problem, signed)
    choices = find_choices(problem)
    if len(choices):
        groups = take_rows(problem.matrix, choices)
        open_costs = np.where(problem.upper[groups.indices] > 0.0, reduced[groups.indices], np.inf)
        least = np.minimum.reduceat(open_costs, groups.indptr[:-1])
        least = np.where(np.isfinite(least), least, 0.0)
        signed[choices] += least
        reduced[groups.indices] -= np.repeat(least, np.diff(groups.indptr))
    endless = ~np.isfinite(np.where(reduced > 0, problem.lower, problem.upper)) & (np.abs(reduced) <= SOLVER_DUAL)
    reduced[endless] = 0.0
    bound = certify_bound(problem, signed, reduced)
    at_lower = (reduced > 0) & (point <= problem.lower + AT_END)
    at_upper = (reduced < 0) & (point >= problem.upper - AT_END)
    apart = problem.integer & (at_lower | at_upper) & (problem.lower < problem.upper)
    reduced_cost = np.where(apart, np.abs(reduced), 0.0)
    reduced_cost[problem.lower == problem.upper] = np.inf
    ends = np.where(at_upper, problem.upper, problem.lower)
    return Price(signed, bound, np.where(reduced_cost > 0, ends, point), reduced_cost)


def take_rows(matrix: scipy.sparse.csr_array, rows: np.ndarray) -> scipy.sparse.csr_array:
    """Give some rows of a matrix, ascending; a run of rows is a view."""
    if len(rows) and rows[-1] - rows[0] + 1 == len(rows):
        starts = matrix.indptr[rows[0] : rows[-1] + 2]
        span = slice(int(starts[0]), int(starts[-1]))
        parts = (matrix.data[span], matrix.indices[span], starts - starts[0])
        return scipy.sparse.csr_array(parts, shape=(len(rows), matrix.shape[1]))
    return scipy.sparse.csr_array(matrix[rows])


def find_choices(problem: Problem) -> np.ndarray:
    """Give the rows `Σ x = 1` of columns that lie between 0 and 1 and that stand in no other such row."""
    matrix = problem.matrix
    single = (problem.row_lower == 1.0) & (problem.row_upper == 1.0) & (np.diff(matrix.indptr) > 0)
    plain = problem.integer & (problem.lower == 0.0) & (problem.upper <= 1.0)
    rows = np.flatnonzero(single)
    inside = take_rows(matrix, rows)
    odd = np.concatenate([[0], np.cumsum((inside.data != 1.0) | ~plain[inside.indices])])
    rows = rows[odd[inside.indptr[1:]] == odd[inside.indptr[:-1]]]
    times = np.bincount(take_rows(matrix, rows).indices, minlength=matrix.shape[1])
    return rows if times.max(initial=0) <= 1 else rows[:0]
