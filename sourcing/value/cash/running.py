"""Running cost quarter by quarter: today's until go-live, the option's after, and what comes with either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.value.cash.quarters import Quarters, drift_quarters, grow_volume, share_live
from sourcing.value.cash.ramp import work_lost_in_ramp

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sourcing.case import Policy

RUN = ("labor", "overhead", "non_labor", "price")
OWN_RUN = ("labor", "overhead", "non_labor")
SIDES = ("", "today_")
"""The option's own columns, and those of today's delivery."""


def read_column(offers: pd.DataFrame, name: str) -> np.ndarray:
    """Return a column of the offers as a column vector, shape (alternatives, 1)."""
    return offers[name].to_numpy(float)[:, None]


def go_on(offers: pd.DataFrame, unit: pd.Series, quarters: int) -> dict[str, Quarters]:
    """Price today's delivery as if it went on over the whole horizon, at the means of wages and prices.

    Wages and overhead drift with the path of their country, the price with its indexation, and all of them grow with
    the volume of the process; a deal is paid as agreed until its end and as re-tendered after.

    Returns
    -------
    dict of line to ndarray, shape (alternatives, quarters) or (alternatives, 1)
        labor, overhead, non_labor, price, in price-year money.
    """
    own = price_people(offers, "today_", unit)
    deal = _apply_deal(offers, quarters) * drift_quarters(offers["today_price_drift"], unit) * grow_volume(offers, unit)
    return own | {"price": deal * read_column(offers, "mean_today_prices")}


def price_people(offers: pd.DataFrame, side: str, unit: pd.Series) -> dict[str, Quarters]:
    """Price a quarter of labor, overhead and non-labor cost of one side, at the mean of wages and its volume."""
    volume = grow_volume(offers, unit) / 4
    wages = drift_quarters(offers[f"{side}wage_drift"], unit) * read_column(offers, "mean_wages") * volume
    return {
        "labor": read_column(offers, f"{side}labor") * wages,
        "overhead": read_column(offers, f"{side}overhead") * wages,
        "non_labor": read_column(offers, f"{side}non_labor") * volume,
    }


def price_running(
    offers: pd.DataFrame, unit: pd.Series, today: Mapping[str, Quarters], live: Quarters
) -> dict[str, dict[str, Quarters]]:
    """Price running cost where it is paid, in price-year money.

    Wages, overhead and prices drift and stand at their means as in `go_on`; a contract whose term ends is paid as
    re-tendered after.

    Parameters
    ----------
    offers : DataFrame
    unit : Series
    today : mapping of line to ndarray
        From `go_on`.
    live : ndarray

    Returns
    -------
    dict of side to dict of line to ndarray, shape (alternatives, quarters)
        Side "": the option's from go-live; "today_": today's until go-live. Lines labor, overhead, non_labor, price.
    """
    prices = (
        drift_quarters(offers["price_drift"], unit) * read_column(offers, "mean_prices") * grow_volume(offers, unit)
    )
    own = price_people(offers, "", unit) | {"price": read_column(offers, "price") / 4 * prices}
    own["price"] = own["price"] * _apply_terms(offers, live.shape[1])
    stays = offers["is_as_is"].to_numpy(bool)[:, None]
    own["price"] = np.where(stays, today["price"], own["price"])
    return {
        "": {line: own[line] * live for line in RUN},
        "today_": {line: today[line] * (1 - live) for line in RUN},
    }


def _apply_deal(offers: pd.DataFrame, quarters: int) -> Quarters:
    """Today's price per quarter: as paid until the deal ends, as re-tendered after."""
    price, months_left = read_column(offers, "today_price") / 4, offers["months_left"].to_numpy(float)
    ends = np.isfinite(months_left)
    after = np.where(ends[:, None], share_live(np.where(ends, months_left, 0), quarters), 0.0)
    retender = read_column(offers, "retender_price_per_year") / 4
    return price * (1 - after) + np.where(np.isnan(retender), price, retender) * after


def _apply_terms(offers: pd.DataFrame, quarters: int) -> Quarters:
    """Price of an option over its price at the start: 1 until its terms end, the re-tendered ratio after."""
    ratio = read_column(offers, "retender_price_ratio")
    if (ratio == 1.0).all():
        return np.ones_like(ratio)
    ends = find_first_end(offers)
    known = np.isfinite(ends)
    after = np.where(known[:, None], share_live(np.where(known, ends, 0), quarters), 0.0)
    return 1 + (ratio - 1) * after


def find_first_end(offers: pd.DataFrame) -> np.ndarray:
    """Return the months after which an option is tendered again, NaN where it is not, shape (alternatives,).

    A move: go-live + term x (1 + renewals). What stays: the end of today's deal.
    """
    terms = offers["term_months"].to_numpy(float) * (1 + offers["renewals"].to_numpy(float))
    moved_end = offers["go_live_months"].to_numpy(float) + terms
    return np.where(offers["is_as_is"].to_numpy(bool), offers["months_left"].to_numpy(float), moved_end)


def add_companions(
    offers: pd.DataFrame, paid: Mapping[str, Mapping[str, Quarters]], unit: pd.Series
) -> dict[str, Quarters]:
    """Price what comes with running cost, in price-year money.

    vat: tax on prices that cannot be reclaimed; invoice_errors, value_lost: mean share of prices that wrong invoices
    and weak governance cost; attrition: replacing own staff who leave; peak: people or volume above the average; ramp:
    labor lost while productivity grows.

    Returns
    -------
    dict of line to ndarray, shape (alternatives, quarters)
    """
    live_labor = paid[""]["labor"] + paid[""]["overhead"]
    prices = paid[""]["price"] + paid["today_"]["price"]
    tax = float(unit["vat_rate"]) * (1 - float(unit["vat_recoverable_share"]))
    flows = {"ramp": live_labor * work_lost_in_ramp(offers, live_labor.shape[1]), "vat": tax * prices}
    flows |= {figure: read_column(offers, f"mean_{figure}") * prices for figure in ("invoice_errors", "value_lost")}
    flows["attrition"] = np.zeros_like(live_labor)
    flows["peak"] = np.zeros_like(live_labor)
    for side in SIDES:
        rate = read_column(offers, f"{side}attrition_share") * read_column(offers, f"{side}replacement_share")
        flows["attrition"] = flows["attrition"] + rate * paid[side]["labor"]
        own = paid[side]["labor"] + paid[side]["overhead"]
        flows["peak"] = flows["peak"] + carry_peak(offers, side, own, paid[side]["price"])
    return flows


def carry_peak(offers: pd.DataFrame, side: str, own: Quarters, price: Quarters) -> Quarters:
    """Price the seasonal peak by the way it is carried, in the money of `own` and `price`.

    excess = heads at the peak over heads on average - 1; staffed: excess x own labor and overhead all year;
    temporary: excess x the peak's part of the year x own x (1 + premium); priced: the price holds the year's volume,
    so only excess x part of the year x price x premium; included: nothing.
    """
    excess = read_column(offers, "peak_excess")
    part, premium = read_column(offers, "peak_months") / 12, read_column(offers, "peak_premium")
    cover = offers[f"{side}peak_cover"].to_numpy()[:, None]
    return excess * (
        np.where(cover == "staffed", own, 0.0)
        + np.where(cover == "temporary", part * (1 + premium) * own, 0.0)
        + np.where(cover == "priced", part * premium * price, 0.0)
    )


def count_overseers(offers: pd.DataFrame, side: str, policy: Policy) -> dict[str, pd.Series]:
    """Count the unit's own people who govern the work of one side, and those kept to own its outcome.

    governance = today's heads x (`governance_heads_outside` where another owner delivers, `governance_heads_site` where
    own staff do at another site) x distance; retained = today's heads x `retained_share` x distance where another owner
    delivers; distance = 1 + `governance_share_per_hour` x hours of time difference. So both scale with what is moved
    and how far, not with how cheap it gets.

    Returns
    -------
    dict of str to Series
        governance, retained: full-time equivalents.

    Examples
    --------
    >>> import pandas as pd
    >>> from sourcing.case import Policy
    >>> offers = pd.DataFrame({"headcount_fte": [20.0], "owner_type": ["provider"], "delivery_model": ["outsource"],
    ...                        "hours_away": [5.0]})
    >>> policy = Policy(governance_heads_outside=0.04, retained_share=0.1, governance_share_per_hour=0.05)
    >>> {name: heads.tolist() for name, heads in count_overseers(offers, "", policy).items()}
    {'governance': [1.0], 'retained': [2.5]}
    """
    outside = (offers[f"{side}owner_type"] != "own").astype(float)
    elsewhere = offers[f"{side}delivery_model"].isin(["onshore", "offshore"]).astype(float)
    heads = offers["headcount_fte"] * (1 + policy.governance_share_per_hour * offers[f"{side}hours_away"])
    governing = policy.governance_heads_outside * outside + policy.governance_heads_site * elsewhere
    return {"governance": heads * governing, "retained": heads * policy.retained_share * outside}


def price_oversight(
    offers: pd.DataFrame, paid: Mapping[str, Mapping[str, Quarters]], live: Quarters, policy: Policy
) -> dict[str, Quarters]:
    """Price what the unit keeps or builds to own the outcome, in price-year money.

    governance: people of `count_overseers` at what today's delivery costs a head, and `governance_share_outside` of the
    price of work with outside owners; retained: people kept, likewise. Both at the mean of governance. Cost per
    provider is no line of an alternative: it is paid once per provider in the plan.

    Returns
    -------
    dict of line to ndarray, shape (alternatives, quarters)
    """
    governance, retained = np.zeros_like(live), np.zeros_like(live)
    per_head = sum(offers[f"today_{line}"] for line in RUN) / offers["headcount_fte"].where(offers["headcount_fte"] > 0)
    for side, share in (("", live), ("today_", 1 - live)):
        people = count_overseers(offers, side, policy)
        yearly = {name: (heads * per_head).fillna(0.0).to_numpy(float)[:, None] for name, heads in people.items()}
        governance = governance + yearly["governance"] / 4 * share
        governance = governance + policy.governance_share_outside * paid[side]["price"]
        retained = retained + yearly["retained"] / 4 * share
    mean = read_column(offers, "mean_governance")
    return {"governance": mean * governance, "retained": mean * retained}
