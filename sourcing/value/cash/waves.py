"""Waves: in which quarter each move may start, and how that shifts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess import date_valuation
from sourcing.errors import InputError

if TYPE_CHECKING:
    from sourcing.case import Case

NO_WAVE = 0
"""Wave of what stays as it is."""


def list_waves(case: Case) -> pd.DataFrame:
    """List the waves of a unit's calendar.

    Returns
    -------
    DataFrame
        The calendar sorted by wave, with start_months: months from the valuation date to the wave's start.

    Raises
    ------
    InputError
        If a wave starts before the valuation date.
    """
    calendar, today = case.calendar.sort_values("wave", ignore_index=True), date_valuation(case.unit)
    months = pd.Series([count_months(today, day) for day in calendar["start"]], index=calendar.index, dtype=float)
    if (calendar["start"] < today).any():
        wave = calendar.loc[calendar["start"].idxmin()]
        raise InputError(
            f"a wave must start on or after the valuation date {today:%Y-%m-%d}; got {wave['start']:%Y-%m-%d} at "
            f"calendar, wave {wave['wave']}. Hint: move the wave or the valuation date."
        )
    return calendar.assign(start_months=months)


def count_months(first: pd.Timestamp, last: pd.Timestamp) -> float:
    """Count the months from one day to another, a day being a thirtieth.

    Examples
    --------
    >>> count_months(pd.Timestamp("2026-01-01"), pd.Timestamp("2026-04-16"))
    3.5
    """
    return float((last.year - first.year) * 12 + last.month - first.month + (last.day - first.day) / 30)


def spread_waves(offers: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Give each move one row per wave that is no blackout; what stays has wave 0.

    Parameters
    ----------
    offers : DataFrame
        One row per (process, option) with is_as_is and go_live_months counted from the start of the move.
    case : Case
        Without a calendar every move starts on the valuation date and there is no column wave.

    Returns
    -------
    DataFrame
        With start_months and, where there is a calendar, wave; go_live_months counted from the valuation date.
    """
    waves = list_waves(case)
    if waves.empty:
        return offers.assign(start_months=0.0)
    stays = offers[offers["is_as_is"]].assign(wave=NO_WAVE, start_months=0.0)
    open_waves = waves.loc[~waves["blackout"].astype(bool), ["wave", "start_months"]]
    moves = offers[~offers["is_as_is"]].merge(open_waves, how="cross")
    moves["go_live_months"] += moves["start_months"]
    return pd.concat([stays, moves], ignore_index=True)
