"""A joint volume discount split fairly over those who bring the volume: the Shapley value."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

EXACT = 10
"""Up to so many buyers every group of them is looked at; beyond, orders are drawn."""
ORDERS, SEED = 4000, 0


def split_discount(
    volumes: pd.Series, discount: Callable[[np.ndarray], np.ndarray], exact: int = EXACT, orders: int = ORDERS
) -> pd.DataFrame:
    """Split the discount on a sum of volumes over those who bring them: the mean of what each adds in every order.

    With D the discount on a volume and v(S) = D(Σ volumes of S),

        part of i = Σ over S without i of |S|! (n - |S| - 1)! / n! x (v(S and i) - v(S))

    so the parts sum to the whole discount (efficiency), equal volumes get equal parts (symmetry), and who brings none
    gets none (dummy): these are left out before anything is counted. Of more than `exact` buyers so many orders are
    drawn, each with its reverse, and the parts brought to the exact sum. Source: L. S. Shapley, "A value for n-person
    games", 1953; sampling after J. Castro, D. Gómez and J. Tejada, "Polynomial calculation of the Shapley value based
    on sampling", 2009.

    Parameters
    ----------
    volumes : Series
        Index buyer, at least 0.
    discount : function
        Discount at each of several volumes.
    exact, orders : int

    Returns
    -------
    DataFrame
        Index buyer; columns volume, part, error (standard error of a part; 0 where exact).

    Examples
    --------
    A tenth is given back from 10 on. Neither of two reaches that alone, so both get the same:

    >>> tenth = lambda volume: np.where(volume >= 10.0, 0.1 * volume, 0.0)
    >>> split_discount(pd.Series({"north": 8.0, "south": 4.0, "west": 0.0}), tenth)["part"].round(9).tolist()
    [0.6, 0.6, 0.0]
    """
    buyers = volumes[volumes > 0.0]
    amounts = buyers.to_numpy(float)
    if len(amounts) <= exact:
        parts, errors = _count_groups(amounts, discount), np.zeros(len(amounts))
    else:
        parts, errors = _draw_orders(amounts, discount, orders)
    found = pd.DataFrame({"part": parts, "error": errors}, buyers.index)
    return volumes.to_frame("volume").join(found).fillna(0.0)


def _count_groups(amounts: np.ndarray, discount: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    number = len(amounts)
    parts = np.zeros(number)
    for place in range(number):
        others = [k for k in range(number) if k != place]
        for size in range(number):
            weight = math.factorial(size) * math.factorial(number - size - 1) / math.factorial(number)
            groups = np.array([amounts[list(group)].sum() for group in combinations(others, size)])
            parts[place] += weight * float((discount(groups + amounts[place]) - discount(groups)).sum())
    return parts


def _draw_orders(
    amounts: np.ndarray, discount: Callable[[np.ndarray], np.ndarray], orders: int
) -> tuple[np.ndarray, np.ndarray]:
    random, number = np.random.default_rng(SEED), len(amounts)
    drawn = np.zeros((orders, number))
    for row in range(orders):
        order = random.permutation(number)
        for each in (order, order[::-1]):
            reached = np.cumsum(amounts[each])
            added = discount(reached) - discount(reached - amounts[each])
            drawn[row, each] += added / 2
    parts = drawn.mean(axis=0)
    whole = float(discount(np.array([amounts.sum()]))[0])
    factor = whole / parts.sum() if parts.sum() else 1.0
    return parts * factor, drawn.std(axis=0, ddof=1) / math.sqrt(orders)
