"""Money of any currency and price year, brought to another: by inflation within a currency, by one rate between two.

The value of one unit of currency c at prices of year y, in US dollars of the year in which its rate is read:

    usd(c, y) = growth(c, y -> a_c) / rate(c, a_c)

growth(c, y -> z) is the product of 1 + inflation of the years after y up to z (its reciprocal backwards); a_c is the
one year in which the exchange rate of c is read; rate is local currency per US dollar in that year. An amount becomes

    bridged = amount x usd(c, y) x growth(USD, a_c -> a_d) / usd(d, z)

so that the exchange rate of any year follows the one rate by the difference of inflation (relative purchasing power
parity; Cassel 1918). A way through a third currency or year gives the same, and a way there and back gives the amount.
The year is 2024 for the currencies of the Federal Reserve's series, so that all of them rest on the same year, and 2019
for the others (Penn World Table). After the last year of a country's consumer prices an assumed inflation holds, the
same for all, so exchange rates stand still from there on.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import NamedTuple

import pandas as pd

from sourcing.case.filling.assumed import read_assumed
from sourcing.case.filling.reference import Figure, cite, load_reference
from sourcing.errors import InputError, hint_near

SERIES_YEAR, TABLE_YEAR = 2024, 2019
"""Year in which rates are read: of currencies with a yearly series, and of the others."""
LATEST_YEAR = 2040
HOMES = {
    "USD": "USA", "EUR": "DEU", "AUD": "AUS", "NZD": "NZL", "CHF": "CHE", "DKK": "DNK", "NOK": "NOR", "GBP": "GBR",
    "INR": "IND", "ILS": "ISR", "ZAR": "ZAF", "MAD": "MAR", "XOF": "CIV", "XAF": "CMR", "XCD": "LCA",
}  # fmt: skip
"""Country whose consumer prices stand for a currency that several countries use; the largest economy of the figures."""
REDENOMINATED = {"SLE", "VES", "ZWG"}
"""Currencies that lost zeros after 2019: the rate of that year is of another unit."""


class Step(NamedTuple):
    """One step of a bridge: what is done in words, the factor, and the figures behind it."""

    words: str
    factor: float
    figures: tuple[Figure, ...]


@cache
def _homes() -> dict[str, str]:
    countries = load_reference("countries").dropna(subset=["currency"]).drop_duplicates("currency")
    return {**dict(zip(countries["currency"], countries["country"], strict=True)), **HOMES}


@cache
def _rates() -> dict[tuple[str, int], float]:
    rates = load_reference("exchange_rates")
    return {
        (currency, int(year)): float(rate)
        for currency, year, rate in zip(rates["currency"], rates["year"], rates["lcu_per_usd"], strict=True)
    }


@cache
def _inflation() -> dict[str, dict[int, float]]:
    table = load_reference("inflation")
    return {
        str(country): dict(zip(rows["year"].astype(int), rows["inflation_share"].astype(float), strict=True))
        for country, rows in table.groupby("country")
    }


def find_home(currency: str) -> str:
    """Return the country whose consumer prices stand for a currency.

    Raises
    ------
    InputError
        No country uses it.

    Examples
    --------
    >>> find_home("EUR"), find_home("PLN")
    ('DEU', 'POL')
    """
    if currency not in _homes():
        raise InputError(f"A currency must be an ISO 4217 code; got {currency!r}. {hint_near(currency, _homes())}")
    return _homes()[currency]


@cache
def look_up_exchange_rate(currency: str) -> tuple[Figure, int]:
    """Look up the one exchange rate of a currency and the year in which it is read, in local currency per US dollar.

    Raises
    ------
    InputError
        Unknown currency, or none of the sources has a rate.

    Examples
    --------
    >>> look_up_exchange_rate("EUR")[1], look_up_exchange_rate("GBP")[1], look_up_exchange_rate("USD")[0].value
    (2024, 2019, 1.0)
    """
    home = find_home(currency)
    name = f"{currency} per USD"
    if currency == "USD":
        return cite("exchange_rates", "lcu_per_usd", name, 1.0, year=str(SERIES_YEAR)), SERIES_YEAR
    if (currency, SERIES_YEAR) in _rates():
        rate = _rates()[(currency, SERIES_YEAR)]
        return cite("exchange_rates", "lcu_per_usd", name, rate, year=str(SERIES_YEAR)), SERIES_YEAR
    rate = load_reference("countries").set_index("country").at[home, "xr_2019"]
    if pd.isna(rate) or currency in REDENOMINATED:
        raise InputError(
            f"An exchange rate must be there; got none of {currency} for {TABLE_YEAR} or {SERIES_YEAR}. "
            f"Hint: state the amount in another currency."
        )
    return cite("countries", "xr_2019", name, float(rate), year=str(TABLE_YEAR)), TABLE_YEAR


@cache
def grow_prices(currency: str, from_year: int, to_year: int) -> Step:
    """Return how prices of a currency grow from one year to another, as a step.

    Raises
    ------
    InputError
        A year has no inflation: before the series, in a gap, or where the series ended early.

    Examples
    --------
    >>> round(grow_prices("USD", 2019, 2021).factor, 4)  # 1.01234 x 1.04698
    1.0599
    """
    home, first, last = find_home(currency), min(from_year, to_year), max(from_year, to_year)
    measured, assumed = 1.0, []
    for year in range(first + 1, last + 1):
        known = _inflation().get(home, {})
        if year in known:
            measured *= 1 + known[year]
        elif known and year > max(known) >= SERIES_YEAR - 1 and year <= LATEST_YEAR:
            assumed.append(year)
        else:
            raise InputError(
                f"Inflation of every year from {first} to {last} must be there; got none of {currency} ({home}) for "
                f"{year}. Hint: state the amount in another currency or price year."
            )
    after = read_assumed("inflation_after_series")
    factor = measured * (1 + after.value) ** len(assumed)
    if to_year < from_year:
        factor = 1 / factor
    figures = []
    if last - first > len(assumed):
        span = f"{first + 1}-{last - len(assumed)}"
        name = f"growth of consumer prices of {home}, {span}"
        figures.append(replace(cite("inflation", "inflation_share", name, measured, year=span), unit="ratio"))
    if assumed:
        figures.append(after)
    words = f"{currency} prices {from_year} to {to_year} x {factor:.4g}"
    if assumed:
        words += f" ({assumed[0]} on assumed)" if len(assumed) > 1 else f" ({assumed[0]} assumed)"
    return Step(words, factor, tuple(figures))


def bridge_money(
    amount: float, from_currency: str, from_year: int, to_currency: str, to_year: int
) -> tuple[float, tuple[Step, ...]]:
    """Bring an amount to another currency and price year.

    Parameters
    ----------
    amount : float
    from_currency, to_currency : str
        ISO 4217.
    from_year, to_year : int
        Price years.

    Returns
    -------
    tuple of float and tuple of Step
        The amount in the other money, and every step that changed it; amount x the product of the factors is it.

    Raises
    ------
    InputError
        An unknown currency, or no exchange rate or inflation of a currency in a year that the way needs.

    Examples
    --------
    >>> bridge_money(100.0, "EUR", 2024, "EUR", 2024)
    (100.0, ())
    >>> value, steps = bridge_money(100.0, "USD", 2024, "EUR", 2024)  # 0.9242 EUR per USD in 2024
    >>> round(value, 2), [step.words for step in steps]
    (92.42, ['USD to EUR at rates of 2024 x 0.9242'])
    """
    for currency in (from_currency, to_currency):
        find_home(currency)
    steps = []
    if from_currency == to_currency:
        steps.append(grow_prices(from_currency, from_year, to_year))
    else:
        (sold, sold_year), (bought, bought_year) = map(look_up_exchange_rate, (from_currency, to_currency))
        if from_currency == "USD":  # a dollar is a dollar in any year
            sold_year = bought_year
        if to_currency == "USD":
            bought_year = sold_year
        years = str(sold_year) if sold_year == bought_year else f"{sold_year} and {bought_year}"
        rate = bought.value / sold.value
        used = tuple(each for name, each in ((from_currency, sold), (to_currency, bought)) if name != "USD")
        steps = [
            grow_prices(from_currency, from_year, sold_year),
            grow_prices("USD", sold_year, bought_year),
            Step(f"{from_currency} to {to_currency} at rates of {years} x {rate:.4g}", rate, used),
            grow_prices(to_currency, bought_year, to_year),
        ]
    steps = [step for step in steps if step.figures]
    for step in steps:
        amount *= step.factor
    return amount, tuple(steps)
