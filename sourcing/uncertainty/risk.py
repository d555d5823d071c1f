"""How bad it gets: quantiles and the mean of the worst part of a distribution, with their sampling errors."""

from __future__ import annotations

import numpy as np

from sourcing.errors import InputError
from sourcing.uncertainty.chances import read_probabilities

EXACT = 1e-12
"""Rounding of a sum of probabilities."""


def value_at_risk(losses: np.ndarray, alpha: float = 0.95, probabilities: np.ndarray | None = None) -> float:
    """Return the least loss that is not exceeded with probability alpha.

    min {z : P(loss <= z) >= alpha}. Arguments and errors as in `cvar`.

    Examples
    --------
    >>> value_at_risk(np.array([100.0, 200.0, 400.0, 800.0]), 0.5)
    200.0
    """
    losses, chances = _read(losses, alpha, probabilities)
    order = np.argsort(losses, kind="stable")
    reached = np.cumsum(chances[order]) >= alpha - EXACT
    return float(losses[order][np.argmax(reached)])


def cvar(losses: np.ndarray, alpha: float = 0.95, probabilities: np.ndarray | None = None) -> float:
    """Return the conditional value at risk: the mean of the worst 1 - alpha of the losses.

    min over z of z + E[max(loss - z, 0)] / (1 - alpha), attained at the value at risk; where probability lies on that
    loss on both sides of alpha, only the part beyond counts (an atom is split). Source: R. T. Rockafellar and
    S. Uryasev, "Conditional value-at-risk for general loss distributions", 2002, proposition 8.

    Parameters
    ----------
    losses : array, shape (scenarios,)
        In any unit; a gain is a negative loss.
    alpha : float
        At least 0 and below 1; 0 gives the mean.
    probabilities : array, shape (scenarios,), optional
        They sum to 1; equal if None.

    Raises
    ------
    InputError
        No loss, one that is not finite, an alpha outside, or probabilities that are negative, of another length or do
        not sum to 1.

    Examples
    --------
    Of four equal chances the worst fifth is four fifths of the worst case's chance, which is all it needs; the worst
    half is the mean of two; the worst 30 % takes the worst case whole and a fifth of the next one's chance:

    >>> losses = np.array([100.0, 200.0, 400.0, 800.0])
    >>> cvar(losses, 0.8), cvar(losses, 0.5), round(cvar(losses, 0.7), 2)
    (800.0, 600.0, 733.33)
    """
    losses, chances = _read(losses, alpha, probabilities)
    at_risk = value_at_risk(losses, alpha, chances)
    return float(at_risk + chances @ np.maximum(losses - at_risk, 0.0) / (1.0 - alpha))


def mean_error(values: np.ndarray) -> float:
    """Return the standard error of the mean of equally likely draws: standard deviation / sqrt(draws)."""
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0


def cvar_error(losses: np.ndarray, alpha: float) -> float:
    """Return the standard error of `cvar` over equally likely draws.

    Standard deviation of max(loss - value at risk, 0) / ((1 - alpha) sqrt(draws)). Source: A. A. Trindade and others,
    "Financial prediction with constrained tail risk", 2007.
    """
    beyond = np.maximum(np.asarray(losses, dtype=float) - value_at_risk(losses, alpha), 0.0)
    return mean_error(beyond) / (1.0 - alpha)


def _read(losses: object, alpha: float, probabilities: object) -> tuple[np.ndarray, np.ndarray]:
    read = np.asarray(losses, dtype=float)
    if read.ndim != 1 or not len(read) or not np.isfinite(read).all():
        raise InputError(
            f"losses must be a list of finite numbers, one at least; got shape {read.shape} at losses. "
            "Hint: one number per scenario."
        )
    if not 0.0 <= alpha < 1.0:
        raise InputError(f"alpha must be at least 0 and below 1; got {alpha!r} at alpha. Hint: 0.95 is usual.")
    return read, read_probabilities(probabilities, len(read))
