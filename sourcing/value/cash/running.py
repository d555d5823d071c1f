"""Running cost quarter by quarter: today's until go-live, the option's after, and what comes with either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.value.cash.prices import follow_options, follow_today, read_column
from sourcing.value.cash.quarters import Quarters, drift_quarters, grow_volume
from sourcing.value.cash.ramp import work_lost_in_ramp

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sourcing.case import Policy

RUN = ("labor", "overhead", "non_labor", "price")
OWN_RUN = ("labor", "overhead", "non_labor")
ELSEWHERE = ("onshore", "offshore")
"""Delivery models of own staff at another site."""
SIDES = ("", "today_")
"""The option's own columns, and those of today's delivery."""


def go_on(offers: pd.DataFrame, unit: pd.Series) -> dict[str, Quarters]:
    """Price today's delivery as if it went on over the whole horizon, at the means of wages and prices.

    Wages and overhead drift with the path of their country, the price goes from term to term as `prices` says, and all
    of them grow with the volume of the process.

    Returns
    -------
    dict of line to ndarray, shape (alternatives, quarters) or (alternatives, 1)
        labor, overhead, non_labor, price, in price-year money.
    """
    own = price_people(offers, "today_", unit)
    deal = follow_today(offers, unit) * grow_volume(offers, unit)
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

    Wages, overhead and prices drift, grow and stand at their means as in `go_on`.

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
    price = follow_options(offers, unit) * grow_volume(offers, unit) * read_column(offers, "mean_prices")
    stays = offers["is_as_is"].to_numpy(bool)[:, None]
    own = price_people(offers, "", unit) | {"price": np.where(stays, today["price"], price)}
    return {
        "": {line: own[line] * live for line in RUN},
        "today_": {line: today[line] * (1 - live) for line in RUN},
    }


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
    elsewhere = offers[f"{side}delivery_model"].isin(ELSEWHERE).astype(float)
    heads = offers["headcount_fte"] * (1 + policy.governance_share_per_hour * offers[f"{side}hours_away"])
    governing = policy.governance_heads_outside * outside + policy.governance_heads_site * elsewhere
    return {"governance": heads * governing, "retained": heads * policy.retained_share * outside}


def price_oversight(
    offers: pd.DataFrame, paid: Mapping[str, Mapping[str, Quarters]], live: Quarters, policy: Policy
) -> dict[str, Quarters]:
    """Price what the unit keeps or builds to own the outcome, in price-year money.

    governance: people of `count_overseers` at what today's delivery costs a head, `governance_share_outside` of the
    price of work with outside owners, and `governance_share_site` of the running cost of own work at another site;
    retained: people kept, likewise. Both at the mean of governance. Cost per
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
        elsewhere = offers[f"{side}delivery_model"].isin(ELSEWHERE).to_numpy(float)[:, None]
        governance = governance + policy.governance_share_site * elsewhere * sum(paid[side][line] for line in RUN)
        retained = retained + yearly["retained"] / 4 * share
    mean = read_column(offers, "mean_governance")
    return {"governance": mean * governance, "retained": mean * retained}
