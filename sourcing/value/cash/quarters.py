"""Time: quarters after the valuation date, growth of prices, discounting, and what part of a quarter is live."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sourcing.assess import date_valuation

Quarters = np.ndarray
"""Array of shape (alternatives, quarters)."""


def list_times(unit: pd.Series) -> np.ndarray:
    """Return the middle of each quarter in years after the valuation date, shape (quarters,).

    Examples
    --------
    >>> list_times(pd.Series({"horizon_years": 1})).tolist()
    [0.125, 0.375, 0.625, 0.875]
    """
    return (np.arange(4 * int(unit["horizon_years"])) + 0.5) / 4


def count_price_years(unit: pd.Series) -> float:
    """Count the years, a day being a part of its year, from 1 January of the price year to the valuation date.

    Examples
    --------
    >>> unit = {"price_year": 2025, "valuation_date": pd.Timestamp("2026-07-02")}
    >>> round(count_price_years(pd.Series(unit)), 4), count_price_years(pd.Series(unit | {"valuation_date": None}))
    (1.4986, 0.0)
    """
    day = date_valuation(unit)
    return day.year - int(unit["price_year"]) + (day.day_of_year - 1) / (366 if day.is_leap_year else 365)


def grow_quarters(unit: pd.Series) -> np.ndarray:
    """Return the factor that turns a price-year amount into nominal money of each quarter, shape (quarters,)."""
    return (1 + float(unit["inflation_rate"])) ** (count_price_years(unit) + list_times(unit))


def discount_fixed(unit: pd.Series) -> np.ndarray:
    """Return the factor for amounts fixed in a contract, which do not grow with prices; shape (quarters,)."""
    return (1 + float(unit["discount_rate"])) ** -list_times(unit)


def discount_quarters(unit: pd.Series) -> np.ndarray:
    """Return the factor that brings a price-year payment of each quarter to the valuation date.

    factor_q = (1 + inflation) ** years x ((1 + inflation) / (1 + discount rate)) ** ((q + 0.5) / 4): every payment
    grows with prices and falls in the middle of its quarter, q = 0 being the first after the valuation date; years
    as in `count_price_years`.

    Returns
    -------
    ndarray, shape (quarters,)

    Examples
    --------
    >>> unit = {"inflation_rate": 0.0, "discount_rate": 0.1, "horizon_years": 1}
    >>> discount_quarters(pd.Series(unit | {"price_year": 2025, "valuation_date": None})).round(4).tolist()
    [0.9882, 0.9649, 0.9422, 0.92]
    """
    return grow_quarters(unit) * discount_fixed(unit)


def drift_quarters(ratio: pd.Series, unit: pd.Series) -> Quarters:
    """Return how an amount drifts away from the unit's prices by the middle of each quarter.

    drift = ratio ** years since the price year; ratio = (1 + own growth) / (1 + inflation), 1 for what moves with the
    unit's prices. An amount x drift x `grow_quarters` grows at its own rate.

    Returns
    -------
    ndarray, shape (alternatives, quarters), or (alternatives, 1) where nothing drifts

    Examples
    --------
    >>> unit = pd.Series({"horizon_years": 1, "price_year": 2024, "valuation_date": pd.Timestamp("2025-01-01")})
    >>> drift_quarters(pd.Series([1.1, 1.0]), unit)[:, 0].round(4).tolist()  # 1.1 ** 1.125
    [1.1132, 1.0]
    """
    values = ratio.to_numpy(float)[:, None]
    if (values == 1.0).all():
        return np.ones_like(values)
    return values ** (count_price_years(unit) + list_times(unit))


def grow_volume(offers: pd.DataFrame, unit: pd.Series) -> Quarters:
    """Return the volume of the middle of each quarter over that of the valuation date, (1 + volume growth) ** years.

    Returns
    -------
    ndarray, shape (alternatives, quarters), or (alternatives, 1) where nothing grows

    Examples
    --------
    >>> grow_volume(pd.DataFrame({"volume_growth": [0.21]}), pd.Series({"horizon_years": 1})).round(4).tolist()
    [[1.0241, 1.0741, 1.1265, 1.1815]]
    """
    growth = 1 + offers["volume_growth"].to_numpy(float)[:, None]
    return np.ones_like(growth) if (growth == 1.0).all() else growth ** list_times(unit)


def share_live(go_live_months: np.ndarray, quarters: int) -> Quarters:
    """Return the share of each quarter after go-live.

    Examples
    --------
    >>> share_live(np.array([0.0, 4.5]), 3).tolist()
    [[1.0, 1.0, 1.0], [0.0, 0.5, 1.0]]
    """
    ends = 3.0 * (np.arange(quarters) + 1)
    return np.clip((ends[None, :] - np.asarray(go_live_months, float)[:, None]) / 3, 0, 1)


def mark_quarter(months: np.ndarray, quarters: int) -> Quarters:
    """Mark with 1 the quarter that holds a month; the last quarter where the month lies beyond.

    Examples
    --------
    >>> mark_quarter(np.array([0.0, 4.5, 99.0]), 3).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    marks = np.zeros((len(months), quarters))
    marks[np.arange(len(months)), np.minimum(np.asarray(months) // 3, quarters - 1).astype(int)] = 1
    return marks


def spread_between(first: np.ndarray, last: np.ndarray, quarters: int) -> Quarters:
    """Spread 1 evenly over the months from first to last; all in the quarter of `first` where there are none.

    Examples
    --------
    >>> spread_between(np.array([0.0, 3.0]), np.array([6.0, 3.0]), 3).tolist()
    [[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]]
    """
    between = share_live(first, quarters) - share_live(last, quarters)
    total = between.sum(axis=1, keepdims=True)
    return np.where(total > 0, between / np.where(total > 0, total, 1), mark_quarter(first, quarters))
