"""Running cost quarter by quarter: today's until go-live, the option's after, and what comes with either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.value.cash.quarters import Quarters, drift_quarters, share_live
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


def price_running(offers: pd.DataFrame, unit: pd.Series, live: Quarters) -> dict[str, dict[str, Quarters]]:
    """Price running cost where it is paid, in price-year money.

    Wages and overhead drift with the path of their country, prices with their indexation; a deal is paid as agreed
    until its end and as re-tendered after, and so is a contract whose term ends.

    Returns
    -------
    dict of side to dict of line to ndarray, shape (alternatives, quarters)
        Side "": the option's from go-live; "today_": today's until go-live. Lines labor, overhead, non_labor, price.
    """
    quarters = live.shape[1]
    shares = {"": live, "today_": 1 - live}
    paid: dict[str, dict[str, Quarters]] = {}
    for side, share in shares.items():
        wages = drift_quarters(offers[f"{side}wage_drift"], unit)
        prices = drift_quarters(offers[f"{side}price_drift"], unit)
        yearly = {line: read_column(offers, f"{side}{line}") / 4 for line in RUN}
        paid[side] = {
            "labor": yearly["labor"] * wages * share,
            "overhead": yearly["overhead"] * wages * share,
            "non_labor": yearly["non_labor"] * share,
            "price": yearly["price"] * prices * share,
        }
    stays = offers["is_as_is"].to_numpy(bool)[:, None]
    deal = _apply_deal(offers, quarters) * drift_quarters(offers["today_price_drift"], unit)
    paid["today_"]["price"] = deal * shares["today_"]
    terms = _apply_terms(offers, quarters)
    paid[""]["price"] = np.where(stays, deal * live, paid[""]["price"] * terms)
    return paid


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

    vat: tax on prices that cannot be reclaimed; attrition: replacing own staff who leave; peak: people or volume
    above the average; ramp: labor lost while productivity grows.

    Returns
    -------
    dict of line to ndarray, shape (alternatives, quarters)
    """
    live_labor = paid[""]["labor"] + paid[""]["overhead"]
    tax = float(unit["vat_rate"]) * (1 - float(unit["vat_recoverable_share"]))
    flows = {"ramp": live_labor * work_lost_in_ramp(offers, live_labor.shape[1])}
    flows["vat"] = tax * (paid[""]["price"] + paid["today_"]["price"])
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


def price_oversight(
    offers: pd.DataFrame, paid: Mapping[str, Mapping[str, Quarters]], live: Quarters, policy: Policy
) -> dict[str, Quarters]:
    """Price what the unit keeps or builds to own the outcome, in price-year money.

    governance: share of what is managed (price of work with outside owners, running cost of own work at another
    site), more with each hour of time difference; retained: own people kept for work with outside owners, as a share
    of what today's delivery of the same work costs. Cost per provider is no line of an alternative: it is paid once
    per provider in the plan.

    Returns
    -------
    dict of line to ndarray, shape (alternatives, quarters)
    """
    governance, retained = np.zeros_like(live), np.zeros_like(live)
    today = sum(read_column(offers, f"today_{line}") for line in RUN) / 4
    for side, share in (("", live), ("today_", 1 - live)):
        outside = (offers[f"{side}owner_type"] != "own").to_numpy()[:, None]
        elsewhere = offers[f"{side}delivery_model"].isin(["onshore", "offshore"]).to_numpy()[:, None]
        rate = np.where(outside, policy.governance_share_outside, elsewhere * policy.governance_share_site)
        distance = 1 + policy.governance_share_per_hour * read_column(offers, f"{side}hours_away")
        managed = sum(paid[side][line] for line in RUN)
        governance = governance + rate * distance * managed
        retained = retained + outside * policy.retained_share * distance * today * share
    return {"governance": governance, "retained": retained}
