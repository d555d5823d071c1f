"""Days and quarters of a program, counted from the unit's valuation date as cash is."""

from __future__ import annotations

import pandas as pd

from sourcing.assess import date_valuation


def date_months(unit: pd.Series, months: float) -> pd.Timestamp:
    """Return the day that lies so many months after the valuation date, a thirtieth of a month being a day.

    Examples
    --------
    >>> unit = pd.Series({"price_year": 2026, "valuation_date": None})
    >>> f"{date_months(unit, 4.5):%Y-%m-%d}", f"{date_months(unit, 2.98):%Y-%m-%d}"
    ('2026-05-16', '2026-03-30')
    """
    whole = int(months // 1)
    return date_valuation(unit) + pd.DateOffset(months=whole) + pd.Timedelta(days=round((months - whole) * 30 - 1e-9))


def date_each(unit: pd.Series, months: pd.Series) -> pd.Series:
    """Date every entry of a column of months."""
    days = [date_months(unit, float(each)) for each in months]
    return pd.Series(pd.to_datetime(days), months.index, dtype="datetime64[ns]")


def list_quarters(unit: pd.Series) -> pd.DataFrame:
    """List the quarters of the horizon: quarter (1 = first), start, name.

    Examples
    --------
    >>> unit = pd.Series({"price_year": 2026, "valuation_date": None, "horizon_years": 1})
    >>> list_quarters(unit)["name"].tolist()
    ['2026-01', '2026-04', '2026-07', '2026-10']
    """
    numbers = range(1, 4 * int(unit["horizon_years"]) + 1)
    starts = [date_months(unit, 3.0 * (number - 1)) for number in numbers]
    return pd.DataFrame({"quarter": numbers, "start": starts, "name": [f"{day:%Y-%m}" for day in starts]})
