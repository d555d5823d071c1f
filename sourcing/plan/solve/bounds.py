"""Bounds by plain arithmetic from row multipliers, and the rule by which a search may stop."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.tolerance import LARGE, PROVEN_AMOUNT, PROVEN_SHARE

if TYPE_CHECKING:
    from sourcing.plan.model import Problem


@dataclass(frozen=True)
class StoppingRule:
    """When a point is good enough: `objective - bound <= max(gap * |objective|, absolute_gap)`.

    What rounding alone can do counts as nothing: a ten-billionth of the objective, or 1e-7 where costs are scaled to
    thousands.

    Examples
    --------
    >>> stopping = StoppingRule(0.01, 0.0)
    >>> stopping.is_met(100.0, 99.0), stopping.is_met(100.0, 98.9), stopping.is_met(np.inf, np.inf)
    (True, False, False)
    >>> round(stopping.find_target(99.0), 9), round(stopping.find_target(-101.0), 9)
    (100.0, -100.0)
    """

    gap: float
    absolute_gap: float

    @property
    def is_exact(self) -> bool:
        """Tell whether nothing but rounding may be left between objective and bound."""
        return self.gap <= PROVEN_SHARE and self.absolute_gap <= PROVEN_AMOUNT

    def find_allowance(self, objective: float) -> float:
        """Give how far the bound may be below an objective."""
        return max(self.gap * abs(objective), self.absolute_gap, PROVEN_SHARE * abs(objective), PROVEN_AMOUNT)

    def is_met(self, objective: float, bound: float) -> bool:
        """Tell whether an objective is good enough for a bound."""
        return abs(objective) < LARGE and objective - bound <= self.find_allowance(objective)

    def find_target(self, bound: float) -> float:
        """Give the largest objective that is good enough for a bound."""
        share = 1.0 - self.gap if bound >= 0.0 else 1.0 + self.gap
        relative = bound / share if share > 0.0 else math.inf
        return max(relative, bound + self.absolute_gap)


def clear_signs(problem: Problem, multipliers: np.ndarray) -> np.ndarray:
    """Set multipliers to 0 where they price a side that a row does not have."""
    wrong = ((multipliers > 0) & ~np.isfinite(problem.row_lower)) | (
        (multipliers < 0) & ~np.isfinite(problem.row_upper)
    )
    return np.where(wrong, 0.0, multipliers)


def price_columns(problem: Problem, multipliers: np.ndarray) -> np.ndarray:
    """Give the reduced costs `cost - matrix' y`, shape (n,)."""
    return problem.cost - problem.matrix.T @ multipliers


def certify_bound(problem: Problem, multipliers: np.ndarray, reduced: np.ndarray | None = None) -> float:
    """Give the Lagrangian lower bound that any row multipliers prove.

    Parameters
    ----------
    problem : Problem
    multipliers : ndarray of float, shape (m,)
        A positive one prices the lower side of its row, a negative one the upper side; one that prices a side
        the row does not have counts as 0.
    reduced : ndarray of float, shape (n,), optional
        `price_columns` of the same multipliers, where it is known already.

    Returns
    -------
    float
        No point of the problem costs less; -inf where a column without bound makes it so.

    Notes
    -----
    Formula: `Σ_r (y_r > 0 ? y_r lower_r : y_r upper_r) + Σ_j min over [l_j, u_j] of (c - A' y)_j x_j`: weak
    duality, so that it holds whoever found the multipliers. Exact sums (`math.fsum`) of plain products.
    Source: A. M. Geoffrion, "Lagrangean relaxation for integer programming", 1974.

    Examples
    --------
    >>> from sourcing.plan.model.writer import ProblemWriter
    >>> writer = ProblemWriter()
    >>> own = writer.add_columns(["x", "y"], np.array([2.0, 1.0]), 1.0, True)
    >>> _ = writer.add_row("at least one and a half", own, np.ones(2), 1.5, np.inf)
    >>> problem = writer.write()
    >>> certify_bound(problem, np.array([2.0])), certify_bound(problem, np.array([1.0]))
    (2.0, 1.5)
    """
    signed = clear_signs(problem, np.asarray(multipliers, dtype=float))
    if reduced is None or (signed != multipliers).any():
        reduced = price_columns(problem, signed)
    sides = np.where(signed > 0, problem.row_lower, problem.row_upper)
    used, priced = signed != 0.0, reduced != 0.0
    ends = np.where(reduced > 0, problem.lower, problem.upper)
    return math.fsum((signed[used] * sides[used]).tolist()) + math.fsum((reduced[priced] * ends[priced]).tolist())
