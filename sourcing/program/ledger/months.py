"""Months: quarters of a plan spread over their months, so that the months sum to the plan's own figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

THREE = 3
"""Months in a quarter."""


def list_months(valuation: pd.Timestamp, quarters: int) -> pd.DatetimeIndex:
    """List the months of the horizon, each by its first day; the first holds the valuation date.

    Examples
    --------
    >>> list_months(pd.Timestamp("2021-01-01"), 1).strftime("%Y-%m").tolist()
    ['2021-01', '2021-02', '2021-03']
    """
    return pd.date_range(valuation.to_period("M").to_timestamp(), periods=THREE * quarters, freq="MS")


def share_live_months(go_live_months: float, months: int) -> np.ndarray:
    """Return the share of each month after go-live, shape (months,).

    Examples
    --------
    >>> share_live_months(1.25, 3).tolist()
    [0.0, 0.75, 1.0]
    """
    return np.clip(np.arange(1, months + 1) - go_live_months, 0.0, 1.0)


def share_between(first: float, last: float, months: int) -> np.ndarray:
    """Return the share of each month between two times, in months; shape (months,).

    Examples
    --------
    >>> share_between(0.5, 2.0, 3).tolist()
    [0.5, 1.0, 0.0]
    """
    return np.maximum(share_live_months(first, months) - share_live_months(last, months), 0.0)


def mark_month(when: float, months: int) -> np.ndarray:
    """Mark the month that holds a time with 1, the last where it lies beyond.

    Examples
    --------
    >>> mark_month(1.5, 3).tolist()
    [0.0, 1.0, 0.0]
    """
    marks = np.zeros(months)
    marks[min(int(when), months - 1)] = 1.0
    return marks


def spread_quarters(amounts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Spread each quarter's amount over its months by weights; evenly where they are all 0.

    Parameters
    ----------
    amounts : ndarray, shape (quarters,)
    weights : ndarray, shape (months,)

    Returns
    -------
    ndarray, shape (months,)
        The months of a quarter sum to its amount.

    Examples
    --------
    >>> spread_quarters(np.array([6.0, 3.0]), np.array([0.0, 1.0, 2.0, 0.0, 0.0, 0.0])).tolist()
    [0.0, 2.0, 4.0, 1.0, 1.0, 1.0]
    """
    parts = weights.reshape(-1, THREE)
    total = parts.sum(axis=1, keepdims=True)
    shares = np.where(total > 0, parts / np.where(total > 0, total, 1.0), 1.0 / THREE)
    return (amounts[:, None] * shares).ravel()
