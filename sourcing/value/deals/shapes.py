"""Quantiles of the shapes of uncertain figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy

if TYPE_CHECKING:
    from sourcing.case import Shape


def invert_shape(chance: np.ndarray, shape: Shape) -> np.ndarray:
    """Return the quantiles of a shape at chances from 0 to 1; the inverse of its distribution function.

    triangular: see `invert_triangle`. pert: Beta of 1 + 4 (likely - low) / (high - low) and
    1 + 4 (high - likely) / (high - low), stretched from low to high (Vose 2008, Risk Analysis). lognormal:
    sqrt(low x high) x exp(spread x z), z the standard normal quantile. discrete, empirical: the least value whose
    cumulated probability reaches the chance.

    Examples
    --------
    >>> from sourcing.case import read_shape
    >>> told = read_shape({"shape": "lognormal", "low": 0.5, "likely": 1.0, "high": 2.0})
    >>> invert_shape(np.array([0.1, 0.5, 0.9]), told).round(6).tolist()
    [0.5, 1.0, 2.0]
    >>> told = read_shape({"shape": "discrete", "values": "0: 0.75; 10: 0.25"})
    >>> invert_shape(np.array([0.1, 0.75, 0.76]), told).tolist()
    [0.0, 0.0, 10.0]
    """
    if shape.is_certain:
        return np.full_like(chance, shape.likely)
    if shape.values:
        cumulated = np.cumsum(shape.chances)
        place = np.searchsorted(cumulated, chance - 1e-12)
        return np.array(shape.values)[np.minimum(place, len(shape.values) - 1)]
    if shape.kind == "lognormal":
        return np.sqrt(shape.low * shape.high) * np.exp(shape.spread * scipy.special.ndtri(chance))
    if shape.kind == "pert":
        from scipy.stats import beta

        width = shape.high - shape.low
        up, down = 1 + 4 * (shape.likely - shape.low) / width, 1 + 4 * (shape.high - shape.likely) / width
        return shape.low + width * beta.ppf(chance, up, down)
    return invert_triangle(chance, shape.low, shape.likely, shape.high)


def invert_triangle(chance: np.ndarray, low: float, likely: float, high: float) -> np.ndarray:
    """Return the quantiles of the triangular distribution.

    Examples
    --------
    >>> invert_triangle(np.array([0.0, 0.25, 0.5, 1.0]), 0.0, 1.0, 4.0).round(4).tolist()
    [0.0, 1.0, 1.5505, 4.0]
    """
    if high <= low:
        return np.full_like(chance, likely)
    turn = (likely - low) / (high - low)
    rising = low + np.sqrt(chance * (high - low) * (likely - low))
    falling = high - np.sqrt((1 - chance) * (high - low) * (high - likely))
    return np.where(chance < turn, rising, falling)
