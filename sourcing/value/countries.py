"""What moves all work in one country alike: its exchange rate and its wages, with the spread of their history.

Own cost abroad, in the unit's money, is cost at the plan x exchange rate factor x wage factor, each lognormal with mean
1, independent of each other and of the figures by kind, so that the mean of the product stays the plan's figure.

    yearly spread    exchange rate: standard deviation of the yearly log change of the currency against the unit's
                     wages: standard deviation of ln(1 + inflation) less the mean of the three years before
    over the horizon yearly spread x sqrt((H + 1) (2 H + 1) / (6 H))

The last is the standard deviation of the average over H years of a walk that starts today, since the average of
1 .. H steps weighs step j with (H - j + 1) / H. It is conservative: rates return to purchasing power in the long run
(Rogoff 1996, The purchasing power parity puzzle), and dearer wages go with a cheaper currency, both left out.

Source of history: Federal Reserve exchange rates 2010 to 2025 and World Bank consumer prices 2010 to 2024 of the
reference figures (`data/reference/sources.csv`); consumer prices stand for wages (house rule).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import find_home, load_reference, put_article
from sourcing.value.deals import name_exchange, name_wages

if TYPE_CHECKING:
    from sourcing.case import Case, Policy

ANCHORS = {
    **dict.fromkeys(("HKD", "AED", "SAR", "QAR", "BHD", "OMR", "JOD", "BSD", "BZD", "BBD", "PAB", "XCD"), "USD"),
    **dict.fromkeys(("DKK", "BGN", "BAM", "XOF", "XAF", "CVE"), "EUR"),
    **dict.fromkeys(("NAD", "LSL", "SZL"), "ZAR"),
    **dict.fromkeys(("BTN", "NPR"), "INR"),
    "BND": "SGD",
}
"""Currency held at another by law or board: International Monetary Fund, exchange arrangements and restrictions."""
TENTH = 1.2815515655446004
YEARS_BEFORE, LEAST_YEARS = 3, 5
FROM_HISTORY = "spread of {spread:.1%} a year, {what}, over {years} years: {whole:.1%}"
COUNTRY_COLUMNS = [
    "low", "likely", "high", "unit", "acts_on", "correlation_group", "loading", "meaning", "source", "shape", "values",
    "country",
]  # fmt: skip


@cache
def _log_changes() -> pd.DataFrame:
    """Yearly log change of each currency against the US dollar; that of the dollar is 0."""
    rates = load_reference("exchange_rates").pivot_table(index="year", columns="currency", values="lcu_per_usd")
    return np.log(rates.assign(USD=1.0)).diff().iloc[1:]


@cache
def spread_exchange(currency: str, against: str) -> tuple[float, str]:
    """Find the yearly spread of a currency against another, and what it rests on.

    0 where they are one or held at one another. A currency without a series takes the median spread against the US
    dollar of those that have one and are not held at it.

    Examples
    --------
    >>> spread_exchange("DKK", "EUR")[0], round(spread_exchange("INR", "USD")[0], 4)
    (0.0, 0.0387)
    """
    one, other = (ANCHORS.get(each, each) for each in (currency, against))
    if one == other:
        return 0.0, "one currency, or held at the other"
    changes = _log_changes()
    if one in changes and other in changes:
        spread = float((changes[one] - changes[other]).std(ddof=1))
        return spread, f"{one} against {other} from {changes.index.min()} to {changes.index.max()} (Federal Reserve)"
    floating = [name for name in changes if name not in ANCHORS and name != "USD"]
    return float(changes[floating].std(ddof=1).median()), (
        f"the median of {len(floating)} currencies (Federal Reserve), since {one} or {other} has no series"
    )


@cache
def _surprises() -> pd.DataFrame:
    """Inflation of each year and country less the mean of the years before, in logarithms."""
    yearly = load_reference("inflation").pivot_table(index="year", columns="country", values="inflation_share")
    grown = np.log1p(yearly)
    return grown - grown.shift(1).rolling(YEARS_BEFORE).mean()


@cache
def spread_wages(country: str) -> tuple[float, str]:
    """Find the yearly spread of a country's wages about their path, and what it rests on; the median of all else."""
    surprises = _surprises()
    if country in surprises and (told := surprises[country].dropna()).size >= LEAST_YEARS:
        years = f"{told.index.min()} to {told.index.max()}"
        return float(told.std(ddof=1)), f"consumer prices {years} about the three years before (World Bank)"
    return float(surprises.std(ddof=1).median()), "the median of all countries (World Bank), since it has no series"


def stretch_spread(spread: float, years: int) -> float:
    """Stretch a yearly spread to that of the average over a horizon; see the head of the module.

    Examples
    --------
    >>> stretch_spread(0.1, 1), round(stretch_spread(0.1, 5), 4)
    (0.1, 0.1483)
    """
    return spread * float(np.sqrt((years + 1) * (2 * years + 1) / (6 * years)))


def find_moving_countries(case: Case, alternatives: pd.DataFrame) -> pd.Series:
    """Find the country whose exchange rate and wages move what each option costs.

    Own staff: the country of the site. Outside owners: that of the site where no price is stated, since it then rests
    on wages there; else that of the currency in which the price or quote is stated, so none where it is the unit's own.

    Parameters
    ----------
    case : Case
    alternatives : DataFrame
        Columns process, option, owner_type, country.

    Returns
    -------
    Series
        Index (process, option); "" where none or the home country.
    """
    home, money = str(case.unit["home_country"]), str(case.unit["currency"])
    pairs = ["process", "option"]
    stated = pd.concat([case.options.loc[case.options["price_per_year"] > 0, [*pairs, "currency"]],
                        case.quotes[[*pairs, "currency"]]])  # fmt: skip
    told = stated.drop_duplicates(pairs).set_index(pairs)["currency"]
    table = alternatives.drop_duplicates(pairs).set_index(pairs)
    currency = told.reindex(table.index)
    is_told = (table["owner_type"] != "own") & currency.notna()
    found = table["country"].where(~is_told, currency.map(lambda name: _place_money(name, money)))
    return found.where(found != home, "").fillna("")


def _place_money(currency: object, money: str) -> str:
    return "" if not isinstance(currency, str) or currency in ("", money) else find_home(currency)


def list_country_ranges(case: Case, countries: pd.Series, policy: Policy) -> pd.DataFrame:
    """List the factors of each country that moves something: exchange rate and wages.

    Parameters
    ----------
    case : Case
    countries : Series
        From `find_moving_countries`.
    policy : Policy
        use_ranges and country_factors: without either there are none. Wages of a country are left out where the case
        has an assumption about all labor cost in it.

    Returns
    -------
    DataFrame
        Index figure; columns of `list_ranges` (lognormal of mean 1; acts_on exchange rate, wages abroad) and country.
    """
    if not (policy.use_ranges and policy.country_factors):
        return pd.DataFrame(columns=COUNTRY_COLUMNS).rename_axis("figure")
    known = load_reference("countries").set_index("country")
    years, money = int(case.unit["horizon_years"]), str(case.unit["currency"])
    told = case.assumptions[
        (case.assumptions["figure"] == "labor_cost_per_fte") & (case.assumptions["party"] == "buyer")
    ]
    own = set(told.loc[(told["process"] == "") & (told["option"] == ""), "country"])
    rows = {}
    for country in sorted(set(countries) - {""}):
        called = put_article(str(known.at[country, "name"]))
        currency = known.at[country, "currency"]
        kinds = {name_wages(country): ("wages abroad", f"wages in {called} against their path", *spread_wages(country))}
        if isinstance(currency, str):
            kinds[name_exchange(country)] = (
                "exchange rate", f"exchange rate of {called} against its path", *spread_exchange(currency, money),
            )  # fmt: skip
        for name, (acts_on, meaning, spread, what) in kinds.items():
            whole = stretch_spread(spread, years)
            if whole > 0.0 and not (acts_on == "wages abroad" and country in own):
                low, likely, high = (float(np.exp(z * whole - whole**2 / 2)) for z in (-TENTH, 0.0, TENTH))
                source = FROM_HISTORY.format(spread=spread, what=what, years=years, whole=whole)
                rows[name] = (low, likely, high, "ratio to the plan", acts_on, "", 0.0, meaning, source, "lognormal",
                              "", country)  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index", columns=COUNTRY_COLUMNS).rename_axis("figure").sort_index()


def place_cash(cash: pd.DataFrame, countries: pd.Series) -> pd.DataFrame:
    """Add to rows of cash the country that moves their option, and today's: columns country and today_country.

    Parameters
    ----------
    cash : DataFrame
        Columns process, option, as_is_option.
    countries : Series
        From `find_moving_countries`.
    """
    placed = {}
    for column, option in (("country", "option"), ("today_country", "as_is_option")):
        keys = pd.MultiIndex.from_frame(cash[["process", option]])
        placed[column] = countries.reindex(keys).fillna("").to_numpy()
    return cash.assign(**placed)
