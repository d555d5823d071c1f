"""Real figures that stand in where an analyst has none: countries, occupations, prices and markets."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache

import pandas as pd

from sourcing.errors import InputError, hint_near
from sourcing.shipped import find_shipped

HOME_OF_WAGES = "USA"
LOAD_PERIOD, LOAD_OWNERSHIP, ALL_WORKERS = "2024-12", "private", "All workers"
LOAD_GROUPS = {
    "11": "Management, business, and financial",
    "13": "Management, business, and financial",
    **dict.fromkeys(map(str, range(15, 30, 2)), "Professional and related"),
    **dict.fromkeys(map(str, range(31, 40, 2)), "Service"),
    "41": "Sales and related",
    "43": "Office and administrative support",
    **dict.fromkeys(map(str, range(45, 50, 2)), "Natural resources, construction, and maintenance"),
}
"""Major group of an occupation code -> group of the load factors; production and transport have none of their own."""
_SOC = re.compile(r"\d\d-\d{4}(?=$|\W)")


@dataclass(frozen=True)
class Figure:
    """A published or assumed figure with what a reader needs to judge it.

    Attributes
    ----------
    figure : str
        What it is, with its code.
    value : float
    unit : str
    source, year, licence : str
        Where it is from, what time it speaks of, under which terms.
    standard_error : float
        On the scale of the source; NaN where the source gives none.
    """

    figure: str
    value: float
    unit: str
    source: str
    year: str
    licence: str
    standard_error: float = math.nan


@cache
def _read(name: str) -> pd.DataFrame:
    folder = find_shipped("data/reference")
    path = folder / f"{name}.csv"
    if not path.exists():
        raise InputError(
            f"A reference table must exist; got {name!r}. {hint_near(name, [p.stem for p in folder.glob('*.csv')])}"
        )
    return pd.read_csv(
        path,
        dtype={"soc": str, "service_code": str, "occupation": str},
        keep_default_na=False,
        na_values=[""],
    )


@cache
def _read_keyed(name: str, key: str) -> pd.DataFrame:
    return _read(name).set_index(key)


@cache
def _read_sources() -> pd.DataFrame:
    return _read("sources").fillna("").astype(str).set_index(["table", "column"])


WITH_ARTICLE = frozenset(
    {
        "Bahamas", "Cayman Islands", "Central African Republic", "Comoros", "Congo", "Cook Islands",
        "Dominican Republic", "Gambia", "Maldives", "Marshall Islands", "Netherlands", "Philippines", "Seychelles",
        "Solomon Islands", "United Arab Emirates", "United Kingdom", "United States",
    }
)  # fmt: skip
"""Countries whose name takes an article in a sentence."""


def load_reference(name: str) -> pd.DataFrame:
    """Return a reference table by name, such as `countries`; `sources` tells where each figure is from.

    Raises
    ------
    InputError
        No reference table has that name.
    """
    return _read(name).copy()


def country_risk() -> pd.Series:
    """Return the location risk of each country.

    Returns
    -------
    Series
        Index country (ISO 3166 alpha-3), values 0 (safest) to 1 (riskiest): one minus the mean percentile
        rank of political stability, government effectiveness, regulatory quality, rule of law and control
        of corruption. Source: World Bank, Worldwide Governance Indicators (see `data/README.md`).
    """
    return load_reference("countries").set_index("country")["location_risk"].rename("location_risk")


def cite(table: str, column: str, figure: str, value: float, *, year: str = "", error: float = math.nan) -> Figure:
    """Return a figure of a reference table with the source, year and licence that `sources.csv` gives its column."""
    about = _read_sources().loc[(table, column)]
    return Figure(figure, float(value), about["unit"], about["source"], year or about["year"], about["licence"], error)


@cache
@cache
def find_occupation(text: str) -> str:
    """Return the occupation code that a cell names: the code, the code and name, or the name alone.

    Raises
    ------
    InputError
        Nothing known is named.

    Examples
    --------
    >>> find_occupation("43-3051 Payroll and Timekeeping Clerks"), find_occupation("payroll and timekeeping clerks")
    ('43-3051', '43-3051')
    """
    occupations = _read_keyed("occupations", "soc")
    code = _SOC.match(text.strip())
    if code and code[0] in occupations.index:
        return code[0]
    by_name = {name.lower(): soc for soc, name in occupations["name"].items()}
    if text.strip().lower() in by_name:
        return by_name[text.strip().lower()]
    known = occupations.index if code else occupations["name"]
    raise InputError(f"An occupation must be a US SOC code or its name; got {text!r}. {hint_near(text, known)}")


@cache
def look_up_wage(occupation: str) -> Figure:
    """Look up the mean yearly wage of an occupation in the United States, in USD of 2021.

    Raises
    ------
    InputError
        No such occupation, or the source gives no yearly wage (acting, dancing and the like are paid by the hour).

    Examples
    --------
    >>> look_up_wage("43-3051").value
    49560.0
    """
    soc = find_occupation(occupation)
    wages = _read_keyed("occupations", "soc").loc[soc]
    if pd.isna(wages["wage_mean"]):
        raise InputError(
            f"A wage must be there; got none a year for {soc} {wages['name']}. Hint: give your own figure."
        )
    return cite("occupations", "wage_mean", f"mean wage of {soc} {wages['name']}", wages["wage_mean"])


@cache
def look_up_load_factor(occupation: str) -> Figure:
    """Look up compensation over a yearly wage that already pays for leave, by the occupation's group.

    Private industry, December 2024; all workers where the group is not among the figures or no occupation is given.

    Examples
    --------
    >>> look_up_load_factor("43-3051").value
    1.3032
    """
    group = LOAD_GROUPS.get(find_occupation(occupation)[:2], ALL_WORKERS) if occupation else ALL_WORKERS
    factors = _read("load_factors").set_index(["period", "ownership", "group"])["load_factor_leave_paid"]
    value = float(factors.loc[(LOAD_PERIOD, LOAD_OWNERSHIP, group)])
    return cite("load_factors", "load_factor_leave_paid", f"load factor, {group.lower()}", value, year=LOAD_PERIOD)


@cache
def look_up_price(service_code: str, least_fte: float = 10.0) -> tuple[Figure, float]:
    """Look up the price paid per contractor full-time equivalent of a service.

    Fiscal years 2014 and 2015 are pooled by full-time equivalents, without bridging the one year between.

    Parameters
    ----------
    service_code : str
        US product and service code; words may follow it.
    least_fte : float
        Fewest contractor full-time equivalents that must stand behind the price.

    Returns
    -------
    tuple of Figure and float
        The price in USD of 2015, and the share of it that is not labor.

    Raises
    ------
    InputError
        No price of the code, or too little behind it.

    Examples
    --------
    >>> price, share = look_up_price("D321")
    >>> 50_000 < price.value < 500_000, 0 < share < 1
    (True, True)
    """
    code = (service_code.split() or [""])[0].upper()
    prices = _read("service_prices")
    rows = prices[prices["service_code"] == code]
    people = float(rows["contractor_fte"].sum())
    if people < least_fte:
        raise InputError(
            f"A price needs at least {least_fte:g} full-time equivalents behind it; got {people:g} for service code "
            f"{code!r}. {'Hint: fill the price.' if people else hint_near(code, prices['service_code'])}"
        )
    paid = rows["price_per_fte"] * rows["contractor_fte"]
    share = float((paid * rows["non_labor_share"]).sum() / paid.sum())
    name = f"price per contractor FTE of {code} ({people:,.0f} FTE behind it)"
    return cite("service_prices", "price_per_fte", name, float(paid.sum()) / people), share


COUNTRY_FIGURES = {
    "location_risk": "location risk",
    "english_pop_percent": "English speakers",
    "utc_offset_min": "earliest time zone",
    "utc_offset_max": "latest time zone",
    "public_holidays": "public holidays",
    "earnings_usd_per_month": "average earnings",
    "xr_2019": "exchange rate",
}


@cache
def look_up_country(country: str, column: str) -> Figure:
    """Look up a figure of a country: risk (with its standard error), language, time zones, holidays, earnings.

    Parameters
    ----------
    country : str
        ISO 3166 alpha-3.
    column : str
        One of COUNTRY_FIGURES.

    Raises
    ------
    InputError
        Unknown country or column, or the source has no figure.

    Examples
    --------
    >>> risk = look_up_country("IND", "location_risk")
    >>> risk.value, risk.year, risk.standard_error
    (0.5319, '2023', 0.194)
    """
    countries = _read_keyed("countries", "country")
    if country not in countries.index:
        raise InputError(
            f"A country must be an ISO 3166 alpha-3 code; got {country!r}. {hint_near(country, countries.index)}"
        )
    if column not in COUNTRY_FIGURES:
        raise InputError(f"A figure of a country must be known; got {column!r}. {hint_near(column, COUNTRY_FIGURES)}")
    row = countries.loc[country]
    if pd.isna(row[column]):
        raise InputError(f"A figure must be there; got none of {column} for {country}. Hint: give your own figure.")
    error = float(row["mean_std_error"]) if column == "location_risk" else math.nan
    year = f"{row['earnings_year']:.0f}" if column == "earnings_usd_per_month" else ""
    name = f"{COUNTRY_FIGURES[column]} of {country}"
    return cite("countries", column, name, row[column], year=year, error=error)


def put_article(place: str) -> str:
    """Put "the" before the name of a country that takes it in a sentence.

    Examples
    --------
    >>> put_article("United States"), put_article("India")
    ('the United States', 'India')
    """
    return f"the {place}" if place in WITH_ARTICLE else place
