"""Read dates as people type them and as spreadsheets store them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.case.problem import DAY_ZERO

if TYPE_CHECKING:
    from datetime import datetime

EARLIEST, LATEST = 20000, 80000
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years of the days that a case can speak of."""
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_TYPED = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", re.ASCII)
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.0)?", re.ASCII)


def read_date(value: Any, day_zero: datetime = DAY_ZERO) -> tuple[pd.Timestamp | None, str]:
    """Read one date, a plain number as days since `day_zero`.

    Returns
    -------
    date : Timestamp or None
        None where the value is not a date, or could be two.
    note : str
        What was assumed, or what to do; "" where nothing needs saying.

    Examples
    --------
    >>> read_date("2026-03-31")[0].date().isoformat(), read_date("31.3.2026")[0].date().isoformat()
    ('2026-03-31', '2026-03-31')
    >>> read_date("31/03/2026")[0].date().isoformat(), read_date("03/31/2026")[0].date().isoformat()
    ('2026-03-31', '2026-03-31')
    >>> read_date("03/04/2026")
    (None, 'write 2026-04-03 or 2026-03-04')
    >>> read_date(46112)[0].date().isoformat()
    '2026-03-31'
    >>> read_date("1600-01-01")
    (None, 'check the year: days lie from 1900 to 2199')
    """
    found, note = _read_day(value, day_zero)
    if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None, f"check the year: days lie from {FIRST_YEAR} to {LAST_YEAR}"
    return found, note


def _read_day(value: Any, day_zero: datetime) -> tuple[pd.Timestamp | None, str]:
    advice = "write the date as 2026-03-31"
    found: pd.Timestamp | None
    if isinstance(value, pd.Timestamp):
        return value.normalize(), ""
    if isinstance(value, bool):
        return None, advice
    if isinstance(value, int | float) or _SERIAL.fullmatch(value):
        serial = float(value)
        if not EARLIEST <= serial <= LATEST:
            return None, advice
        found = pd.Timestamp(day_zero) + pd.Timedelta(days=int(serial))
        return found, f"read as {found.date()}, the spreadsheet's number for a day; write it as a date"
    if iso := _ISO.fullmatch(value):
        found = _make(int(iso[1]), int(iso[2]), int(iso[3]))
        return found, "" if found else advice
    if not (typed := _TYPED.fullmatch(value)):
        return None, advice
    first, second, year = int(typed[1]), int(typed[3]), int(typed[4])
    day_first, month_first = _make(year, second, first), _make(year, first, second)
    if typed[2] != "." and day_first and month_first and first != second:
        return None, f"write {day_first.date()} or {month_first.date()}"
    found = day_first if typed[2] == "." else day_first or month_first
    return found, "" if found else advice


def _make(year: int, month: int, day: int) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(year=year, month=month, day=day)
    except ValueError:
        return None
