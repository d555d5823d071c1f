"""Prices of outside owners quarter by quarter: indexation, committed improvement, and each re-tender at market.

    until the first end   price x drift ** (years since the price year) x (1 - improvement) ** (whole years since start)
    from each end on      market price x drift ** (years since that end) x (1 - improvement) ** (whole years since it)

drift = (1 + indexation share x inflation) / (1 + inflation): what indexation leaves behind is lost to the provider
until the work is tendered again. The market price stands in price-year money, so every re-tender leads to the same one:
that of today's deal is its `retender_price_per_year`, that of a contract its price x `retender_price_ratio`. The ratio
counts once in all, not once more at each re-tender. Source: house rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.value.cash.quarters import Quarters, drift_quarters, list_times, share_live

if TYPE_CHECKING:
    import pandas as pd


def read_column(offers: pd.DataFrame, name: str) -> np.ndarray:
    """Return a column of the offers as a column vector, shape (alternatives, 1)."""
    return offers[name].to_numpy(float)[:, None]


def follow_today(offers: pd.DataFrame, unit: pd.Series) -> Quarters:
    """Follow what today's deal costs a quarter: as agreed until its end, at its price at re-tender after.

    Returns
    -------
    ndarray, shape (alternatives, quarters) or (alternatives, 1), price-year money
    """
    price, again = read_column(offers, "today_price"), read_column(offers, "retender_price_per_year")
    ends = offers["months_left"].to_numpy(float)
    start = np.zeros(len(offers))
    return follow_terms(price, np.where(np.isnan(again), price, again), start, ends, offers, unit, "today_") / 4


def follow_options(offers: pd.DataFrame, unit: pd.Series) -> Quarters:
    """Follow what an option's contract costs a quarter: at its price until its terms end, at market price after.

    Returns
    -------
    ndarray, shape (alternatives, quarters) or (alternatives, 1), price-year money
    """
    return read_column(offers, "price") / 4 * follow_ratios(offers, unit)


def follow_ratios(offers: pd.DataFrame, unit: pd.Series) -> Quarters:
    """Follow each option's price over its price as stated; what stays is tendered again from the end of its deal."""
    ratio = read_column(offers, "retender_price_ratio")
    start = np.where(offers["is_as_is"].to_numpy(bool), 0.0, offers["go_live_months"].to_numpy(float))
    return follow_terms(np.ones_like(ratio), ratio, start, find_first_end(offers), offers, unit)


def follow_terms(
    price: np.ndarray,
    market: np.ndarray,
    start: np.ndarray,
    ends: np.ndarray,
    offers: pd.DataFrame,
    unit: pd.Series,
    side: str = "",
) -> Quarters:
    """Follow a price from term to term.

    Parameters
    ----------
    price, market : ndarray, shape (alternatives, 1)
        As stated, and at a re-tender; price-year money.
    start, ends : ndarray, shape (alternatives,)
        Months at which the first term starts, and ends (NaN: never).
    offers : DataFrame
        price_drift, yearly_improvement_share, term_months, renewals, each with `side` before its name.
    unit : Series
    side : str

    Returns
    -------
    ndarray, shape (alternatives, quarters), or (alternatives, 1) where nothing moves
    """
    times, quarters = list_times(unit), 4 * int(unit["horizon_years"])
    drift = read_column(offers, f"{side}price_drift")
    kept = 1 - read_column(offers, f"{side}yearly_improvement_share")
    paid = price * drift_quarters(offers[f"{side}price_drift"], unit) * _improve(kept, start, times)
    if (market == price).all() and (drift == 1.0).all() and (kept == 1.0).all():
        return paid
    ends = np.where(np.isnan(ends), np.inf, ends)
    again = offers[f"{side}term_months"].to_numpy(float) * (1 + offers[f"{side}renewals"].to_numpy(float))
    again = np.where(np.isnan(again), np.inf, again)
    while (ends < 3 * quarters).any():
        after, years = share_live(ends, quarters), np.maximum(times - ends[:, None] / 12, 0)
        paid = paid * (1 - after) + market * drift**years * _improve(kept, ends, times) * after
        ends = ends + again
    return paid


def _improve(kept: np.ndarray, start: np.ndarray, times: np.ndarray) -> Quarters:
    """Return what committed improvement leaves of a price: a step down at each whole year after the start."""
    if (kept == 1.0).all():
        return np.ones_like(kept)
    return kept ** np.floor(np.maximum(times - start[:, None] / 12, 0))


def find_first_end(offers: pd.DataFrame) -> np.ndarray:
    """Return the months after which an option is tendered again, NaN where it is not, shape (alternatives,).

    A move: go-live + term x (1 + renewals). What stays: the end of today's deal.
    """
    terms = offers["term_months"].to_numpy(float) * (1 + offers["renewals"].to_numpy(float))
    moved_end = offers["go_live_months"].to_numpy(float) + terms
    return np.where(offers["is_as_is"].to_numpy(bool), offers["months_left"].to_numpy(float), moved_end)
