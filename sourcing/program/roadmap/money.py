"""What a program pays and brings in over time: the cash of the business case, added up, with its range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.decide import STATES, weigh_states
from sourcing.program.roadmap.dates import date_months, list_quarters
from sourcing.value import (
    HALF_QUARTER,
    ONE_OFF,
    SHARED_ONE_OFF,
    draw_cash,
    draw_outcomes,
    find_payback,
    list_times,
)

if TYPE_CHECKING:
    from sourcing.decide import Decision

DRAWS = 10_000
"""Outcomes, as many as the range of the saving is drawn from."""
TENTHS = (0.1, 0.9)
CURVE_COLUMNS = [
    "quarter", "start", "last_day", "name", "as_is", "to_be", "one_off", "saved", "cumulative", "low", "middle",
    "high",
]  # fmt: skip


@dataclass(frozen=True)
class Curve:
    """Cash of a plan against today's delivery over the quarters, nominal.

    Attributes
    ----------
    quarters : DataFrame
        Columns CURVE_COLUMNS: what is paid in both states, one_off of it by the plan, saved = as_is - to_be, cumulative
        = its sum so far at the means; low, middle, high: tenth, fiftieth and ninetieth of a hundred of that sum over
        the outcomes. last_day: of the quarter, on which these sums are reached.
    break_even_years : float
        From the valuation date until the sum stays at or above 0; inf where it does not within the horizon.
    break_even : Timestamp or NaT
        That day.
    break_even_low, break_even_high : Timestamp or NaT
        The day by which a tenth, and nine tenths, of the outcomes have broken even; NaT where fewer do.
    chance : float
        Share of the outcomes that break even within the horizon.
    peak_cash : float
        Most that is out at any time, payments falling in the middle of their quarter: what must be funded.
    peak : Timestamp or NaT
        The day; NaT where nothing is ever out.
    peak_low, peak_high : float
        Tenth and ninetieth of a hundred of the peak over the outcomes.
    drawn : ndarray, shape (outcomes, quarters)
        What is saved in each quarter of each outcome.
    """

    quarters: pd.DataFrame
    break_even_years: float
    break_even: pd.Timestamp
    break_even_low: pd.Timestamp
    break_even_high: pd.Timestamp
    chance: float
    peak_cash: float
    peak: pd.Timestamp
    peak_low: float
    peak_high: float
    drawn: np.ndarray


def draw_curve(decision: Decision, cash: pd.DataFrame, draws: int = DRAWS) -> Curve:
    """Draw the curve of cash from the cash of the business case.

    Outcomes are those of `decide.range_saving`: the same figures, ranges and seed, so that a curve discounted to the
    valuation date is a drawn saving, each of them. Money that processes share stays as stated.

    Parameters
    ----------
    decision : Decision
    cash : DataFrame
        From `decide.spread_states`.
    draws : int
    """
    unit = decision.case.unit
    quarters = list_quarters(unit)
    numbers = quarters["quarter"]
    today, planned = (cash[cash["state"] == state] for state in STATES)
    paid = [table.groupby("quarter")["amount"].sum().reindex(numbers, fill_value=0.0) for table in (today, planned)]
    once = planned[planned["line"].isin([*ONE_OFF, *SHARED_ONE_OFF])]
    saved = (paid[0] - paid[1]).to_numpy(float)
    drawn = draw_saved(decision, cash, draws)
    sums = drawn.cumsum(axis=1)
    low, middle, high = np.quantile(sums, [TENTHS[0], 0.5, TENTHS[1]], axis=0)
    days = [date_months(unit, 3.0 * number) - pd.Timedelta(days=1) for number in numbers]
    table = quarters.assign(
        last_day=days, as_is=paid[0].to_numpy(), to_be=paid[1].to_numpy(),
        one_off=once.groupby("quarter")["amount"].sum().reindex(numbers, fill_value=0.0).to_numpy(), saved=saved,
        cumulative=saved.cumsum(), low=low, middle=middle, high=high,
    )[CURVE_COLUMNS]  # fmt: skip
    times = list_times(unit) + HALF_QUARTER
    years = find_payback(saved, times)
    found = np.array([find_payback(flows, times) for flows in drawn])
    peaks = np.maximum(-sums.min(axis=1), 0.0)
    peak, lowest = max(0.0, -float(table["cumulative"].min())), int(table["cumulative"].argmin())
    early, late = np.quantile(found, TENTHS, method="higher")
    return Curve(
        quarters=table,
        break_even_years=years,
        break_even=_date_years(unit, years),
        break_even_low=_date_years(unit, float(early)),
        break_even_high=_date_years(unit, float(late)),
        chance=float(np.isfinite(found).mean()),
        peak_cash=peak,
        peak=days[lowest] if peak > 0 else pd.NaT,
        peak_low=float(np.quantile(peaks, TENTHS[0])),
        peak_high=float(np.quantile(peaks, TENTHS[1])),
        drawn=drawn,
    )


def draw_saved(decision: Decision, cash: pd.DataFrame, draws: int) -> np.ndarray:
    """Draw what is saved in each quarter, shape (draws, quarters)."""
    ranges = decision.figures
    moved, weights = weigh_states(decision, cash, ranges, draw_outcomes(ranges, draws))
    sign = np.where(moved["state"] == STATES[0], 1.0, -1.0)
    numbers = range(1, 4 * int(decision.case.unit["horizon_years"]) + 1)
    drawn = draw_cash(moved.assign(amount=moved["amount"] * sign), "quarter", weights)
    return drawn.reindex(columns=numbers, fill_value=0.0).to_numpy(float)


def _date_years(unit: pd.Series, years: float) -> pd.Timestamp:
    return date_months(unit, 12 * years) if np.isfinite(years) else pd.NaT
