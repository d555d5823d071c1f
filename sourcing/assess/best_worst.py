"""The best-worst method: two rounds of comparisons, with the best and with the worst, become weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from sourcing.errors import InputError

SURE = 1e-6
"""Deviation below which comparisons agree; well above what the linear program rounds away."""


@dataclass(frozen=True)
class BestWorstWeights:
    """Weights from comparisons with the best and the worst.

    Attributes
    ----------
    weights : Series
        Index of the comparisons; sums to 1.
    consistency_ratio : float
        Deviation over the largest one possible at the comparison of best with worst; 0 where all agree.
    deviation : float
        Least possible largest deviation between an asked ratio and the ratio of the weights.
    """

    weights: pd.Series
    consistency_ratio: float
    deviation: float


def best_worst_weights(best_to_others: pd.Series, others_to_worst: pd.Series) -> BestWorstWeights:
    """Weigh by comparing the best with every label, and every label with the worst.

    Minimize xi with |w_best / w_j - best_to_others_j| <= xi and |w_j / w_worst - others_to_worst_j| <= xi, sum of
    w = 1. Where several weights reach the least xi, each takes the middle of its interval, and the middles are scaled
    to sum to 1. consistency_ratio = xi over the largest deviation possible at a = best_to_others[worst], which is
    (2 a + 1 - sqrt(8 a + 1)) / 2.

    Parameters
    ----------
    best_to_others, others_to_worst : Series
        Same index; ratios of at least 1. The best has 1 in the first, the worst 1 in the second.

    Raises
    ------
    InputError
        Labels differ, a ratio is missing or below 1, or no best or worst is told.

    Notes
    -----
    Sources: Rezaei (2015), Best-worst multi-criteria decision-making method, Omega 53; Rezaei (2016), Best-worst
    multi-criteria decision-making method: some properties and a linear model, Omega 64, for the intervals.

    Examples
    --------
    >>> found = best_worst_weights(pd.Series({"a": 1, "b": 2, "c": 6}), pd.Series({"a": 6, "b": 3, "c": 1}))
    >>> found.weights.round(6).tolist(), round(found.deviation, 6)
    ([0.6, 0.3, 0.1], 0.0)
    """
    best_of, worst_of = _read_rounds(best_to_others, others_to_worst)
    middles, deviation = _solve_rounds(tuple(best_of.tolist()), tuple(worst_of.tolist()))
    asked = float(best_of[int(np.argmin(worst_of))])
    largest = (2 * asked + 1 - math.sqrt(8 * asked + 1)) / 2
    weights = pd.Series(middles, index=best_to_others.index, name="weight")
    return BestWorstWeights(weights, deviation / largest if largest > 0 else 0.0, deviation)


@cache
def _solve_rounds(best_ratios: tuple[float, ...], worst_ratios: tuple[float, ...]) -> tuple[list[float], float]:
    """Return the weights in the middle of what the least deviation allows, and that deviation."""
    best_of, worst_of = np.array(best_ratios), np.array(worst_ratios)
    best, worst = int(np.argmin(best_of)), int(np.argmin(worst_of))
    low, high = 0.0, float(max(best_of.max(), worst_of.max()))
    while high - low > SURE / 10:
        middle = (low + high) / 2
        if _span(middle, best_of, worst_of, best, worst, np.zeros(len(best_of))) is None:
            low = middle
        else:
            high = middle
    ends = [_find_ends(place, high + SURE, best_of, worst_of, best, worst) for place in range(len(best_of))]
    middles = np.array([sum(each) / 2 for each in ends])
    return (middles / middles.sum()).tolist(), high if high > SURE else 0.0


def _read_rounds(best_to_others: pd.Series, others_to_worst: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    if set(best_to_others.index) != set(others_to_worst.index) or not best_to_others.index.is_unique:
        raise InputError(
            f"both rounds must compare the same labels, each once; got {list(best_to_others.index)} and "
            f"{list(others_to_worst.index)}. Hint: the best with every label, every label with the worst."
        )
    first = best_to_others.to_numpy(float)
    second = others_to_worst[best_to_others.index].to_numpy(float)
    for name, ratios in (("best_to_others", first), ("others_to_worst", second)):
        if not (ratios >= 1).all() or not np.isclose(ratios.min(), 1):
            raise InputError(
                f"{name} must hold ratios of at least 1, and 1 for the label itself; got {ratios.min():g} as the "
                f"least of {ratios.tolist()}. Hint: write how many times as important the better one is."
            )
    return first, second


def _span(
    deviation: float, best_of: np.ndarray, worst_of: np.ndarray, best: int, worst: int, aim: np.ndarray
) -> float | None:
    """Return the least of aim x weights that deviates at most so much; None where no weights do."""
    from scipy.optimize import linprog

    size, rows = len(best_of), []
    for place in range(size):
        for sign in (1.0, -1.0):
            with_best, with_worst = np.zeros(size), np.zeros(size)
            with_best[best] += sign
            with_best[place] -= sign * best_of[place] + deviation
            with_worst[place] += sign
            with_worst[worst] -= sign * worst_of[place] + deviation
            rows += [with_best, with_worst]
    found = linprog(
        aim,
        A_ub=np.array(rows),
        b_ub=np.zeros(len(rows)),
        A_eq=np.ones((1, size)),
        b_eq=[1.0],
        bounds=(0, 1),
        method="highs",
    )
    return float(found.fun) if found.status == 0 else None


def _find_ends(
    place: int, deviation: float, best_of: np.ndarray, worst_of: np.ndarray, best: int, worst: int
) -> tuple[float, float]:
    """Return the least and the most that one weight can be at a deviation."""
    aim = np.zeros(len(best_of))
    aim[place] = 1.0
    low, high = (_span(deviation, best_of, worst_of, best, worst, sign * aim) for sign in (1.0, -1.0))
    if low is None or high is None:
        raise InputError(
            f"the comparisons must allow some weights; got none at a deviation of {deviation:g}. "
            "Hint: use ratios between 1 and 99."
        )
    return low, -high
