"""A change split over its causes, whatever their order."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def split_change(
    price: Callable[[Mapping[str, np.ndarray]], np.ndarray],
    before: Mapping[str, np.ndarray],
    after: Mapping[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Split the change of a cost over the factors that changed: the mean over every order in which they could change.

    With f(S) the cost where the factors of S stand as they came and the others as promised, and n factors,

        part of i = sum over S without i of |S|! (n - |S| - 1)! / n! x (f(S and i) - f(S))

    so the parts sum to f(all) - f(none), a factor that changed nothing gets nothing, and no factor is first. Sources:
    Shapley (1953); Shorrocks (2013), Decomposition procedures for distributional analysis, for costs and the like.

    Parameters
    ----------
    price : function
        Cost of a mapping of factors; shape (rows,).
    before, after : mapping of str to ndarray
        The same factors, as promised and as they came.

    Returns
    -------
    dict of str to ndarray, shape (rows,)

    Examples
    --------
    >>> before, after = {"volume": np.array([10.0]), "price": np.array([2.0])}, {"volume": np.array([12.0]),
    ...                  "price": np.array([3.0])}
    >>> parts = split_change(lambda at: at["volume"] * at["price"], before, after)  # 36 - 20 = 16
    >>> {name: part.tolist() for name, part in parts.items()}
    {'volume': [5.0], 'price': [11.0]}
    """
    names = list(before)
    costs = [
        price({name: (after if chosen >> place & 1 else before)[name] for place, name in enumerate(names)})
        for chosen in range(2 ** len(names))
    ]
    parts = {}
    for place, name in enumerate(names):
        part = np.zeros_like(costs[0])
        for chosen, cost in enumerate(costs):
            if chosen >> place & 1:
                continue
            size = chosen.bit_count()
            weight = factorial(size) * factorial(len(names) - size - 1) / factorial(len(names))
            part = part + weight * (costs[chosen | 1 << place] - cost)
        parts[name] = part
    return parts
