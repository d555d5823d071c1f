"""Global sensitivity from draws at hand: which part of an outcome's variance goes with each figure."""

from __future__ import annotations

import numpy as np
import pandas as pd

MOST_BINS = 40
LEAST_IN_BIN = 25


def measure_sensitivity(values: np.ndarray, figures: pd.DataFrame) -> pd.Series:
    """Measure the first-order Sobol index of each figure: Var(E[value | figure]) / Var(value).

    From given draws, by bins of equal count: the share of variance between bins, less what so many bins of noise
    would show, eta^2 - (bins - 1) / (draws - bins) x (1 - eta^2), at least 0. Source: I. M. Sobol, "Sensitivity
    estimates for nonlinear mathematical models", 1993; E. Plischke, "An adaptive correlation ratio method using the
    cumulative sum of the reordered output", 2012, for the estimate from given data.

    Parameters
    ----------
    values : ndarray, shape (draws,)
    figures : DataFrame
        One row per draw.

    Returns
    -------
    Series
        Index figure, from the highest; 0 for all where the values do not vary.

    Examples
    --------
    >>> figures = pd.DataFrame({"moves": np.tile([0.0, 1.0], 200), "rests": np.repeat([0.0, 1.0], 200)})
    >>> measure_sensitivity(3 * figures["moves"].to_numpy(), figures).to_dict()
    {'moves': 1.0, 'rests': 0.0}
    """
    values = np.asarray(values, dtype=float)
    variance = float(values.var())
    found = {name: _relate(values, column.to_numpy(float), variance) for name, column in figures.items()}
    return pd.Series(found, dtype=float).sort_values(ascending=False, kind="stable")


def _relate(values: np.ndarray, figure: np.ndarray, variance: float) -> float:
    if variance <= 0.0:
        return 0.0
    levels, place = np.unique(figure, return_inverse=True)
    bins = max(2, min(MOST_BINS, len(values) // LEAST_IN_BIN))
    if len(levels) > bins:
        rank = np.empty(len(figure), dtype=int)
        rank[np.argsort(figure, kind="stable")] = np.arange(len(figure))
        place = rank * bins // len(figure)
    counts = np.bincount(place)
    means = np.bincount(place, weights=values) / np.maximum(counts, 1)
    explained = float(counts @ (means - values.mean()) ** 2 / len(values) / variance)
    noise = (len(counts) - 1) / max(1, len(values) - len(counts)) * (1 - explained)
    return max(0.0, explained - noise)
