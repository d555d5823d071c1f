"""The provider's side: what the work costs it, what it earns at its price, and the price at which it walks away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import find_labor_cost, find_non_labor, read_assumed
from sourcing.errors import InputError
from sourcing.value.cash import (
    count_transferred,
    discount_quarters,
    follow_ratios,
    grow_volume,
    share_live,
    spread_should_cost,
    work_lost_in_ramp,
)

if TYPE_CHECKING:
    from sourcing.case import Case

TERMS = ("labor_cost_ratio", "overhead_share", "margin_floor")
CAUSES = ("provider_labor", "provider_overhead", "provider_non_labor")
"""Causes of a provider's cost that its all-in price pays for."""
VERDICTS = ("starved", "earns", "overpaid", "not comparable")


def price_should_cost(offers: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Price what a steady year of the work costs each outside owner, like with like with its price.

    The price is all-in, so every cause that it pays for is in the should-cost, and what the buyer pays beside the price
    is not. A year:

    - provider_labor: heads that passed over with their terms x what each costs today
      + other heads x labor cost in the owner's country x `labor_cost_ratio`
    - provider_overhead: overhead share x provider_labor
    - provider_non_labor: max(0, non-labor cost of the work - non-labor cost that the option lists beside the price)

    heads = headcount / productivity x employees behind a head (staff_per_head of `fill_options`); those that passed
    over are at most these. Labor cost is the unit's own, today's or
    that of staying in-house, brought to the country by average earnings, else the reference wage of the occupation.
    Non-labor cost of the work is that of today's own delivery, else of staying in-house, the same whoever does it;
    where neither says any, that of the published price of the service (`find_non_labor`); else it is not known and 0.
    A committed improvement lowers the price, not this cost. Price-year money. Source: house rule.

    Returns
    -------
    DataFrame
        Index of `offers`; the columns of CAUSES, should_cost_per_year (NaN for own staff, and where no labor cost is
        known), is_like_with_like (the non-labor cost is known), margin_floor.
    """
    terms = case.providers.set_index("provider")
    terms = pd.DataFrame({name: offers["owner"].map(terms[name].astype(float)) for name in TERMS}, index=offers.index)
    ratio = terms["labor_cost_ratio"].fillna(1.0)
    overhead = terms["overhead_share"].fillna(read_assumed("overhead_share").value)
    floor = terms["margin_floor"].fillna(read_assumed("provider_margin_floor").value)
    heads = offers["fte"] * offers["staff_per_head"]
    passed = np.minimum(count_transferred(offers), heads).where(offers["today_labor_per_head"] > 0, 0.0)
    hired = (heads - passed) * _find_wages(offers, case) * ratio
    labor = passed * offers["today_labor_per_head"].fillna(0.0) + hired
    of_work = offers["process"].map(_find_work_non_labor(offers, case))
    non_labor = (of_work.fillna(0.0) - offers["non_labor"]).clip(lower=0.0).where(labor.notna())
    return pd.DataFrame(
        {
            "provider_labor": labor,
            "provider_overhead": overhead * labor,
            "provider_non_labor": non_labor,
            "should_cost_per_year": labor * (1 + overhead) + non_labor,
            "is_like_with_like": of_work.notna(),
            "margin_floor": floor.where(offers["owner_type"] != "own"),
        }
    )


def _list_own(offers: pd.DataFrame) -> pd.DataFrame:
    """List own delivery at the present site, today's first."""
    own = offers[(offers["owner_type"] == "own") & (offers["is_as_is"] | (offers["delivery_model"] == "in_house"))]
    return own.sort_values("is_as_is", ascending=False, kind="stable")


def _find_work_non_labor(offers: pd.DataFrame, case: Case) -> dict[str, float]:
    """Find the non-labor cost of each process's work by process; those without a known one are left out."""
    own = _list_own(offers)
    stated = own[own["non_labor"] > 0].drop_duplicates("process").set_index("process")["non_labor"]
    found, staffed = stated.astype(float).to_dict(), set(own.loc[own["is_as_is"], "process"])
    for process in case.processes.to_dict("records"):
        name = str(process["process"])
        if name in found:
            continue
        try:
            found[name] = find_non_labor(process, case.unit, is_staffed_today=name in staffed).value
        except InputError:
            continue
    return found


def _find_wages(offers: pd.DataFrame, case: Case) -> pd.Series:
    """Return the labor cost per head of each outside owner's country; NaN for own staff or where none is known."""
    processes, found = case.processes.set_index("process"), {}
    own = _list_own(offers)
    own = own[own["labor_cost_per_fte"] > 0].drop_duplicates("process").set_index("process")["labor_cost_per_fte"]
    outside = (offers["owner_type"] != "own") & (offers["price_per_year"] > 0)
    for name, country in offers.loc[outside, ["process", "country"]].drop_duplicates().itertuples(index=False):
        process = {**processes.loc[name].to_dict(), "process": name}
        if not process["labor_cost_today_per_fte"] > 0 and name in own.index:
            process["labor_cost_today_per_fte"] = float(own[name])
        try:
            found[name, country] = find_labor_cost(process, case.unit, country).value
        except InputError:
            found[name, country] = np.nan
    keys = zip(offers["process"], offers["country"], strict=True)
    wages = pd.Series([found.get(key, np.nan) for key in keys], offers.index, dtype=float)
    return wages.where(outside)


def price_providers(offers: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    """Price each deal from the provider's side over the horizon.

    revenue = present value of the price from go-live, from term to term; cost = present value of should-cost, its labor
    with ramp losses; margin = 1 - cost / revenue; walk-away price = price x cost / revenue / (1 - floor).

    verdict: `starved` where the margin is below the floor: such a deal is unstable, for the provider will mend it at
    the buyer's expense or leave; `earns` up to the highest operating margin of listed providers
    (`provider_margin_plausible`); `overpaid` above, where price and cost are like with like; `not comparable` where
    they are not, or where the margin is above what providers keep before their own overhead
    (`provider_margin_ceiling`): then the should-cost leaves out something that the price pays for. Source: house rule
    on published margins.

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.
    unit : Series

    Returns
    -------
    DataFrame
        One row per offer of an outside owner whose cost is known, index of `offers`: process, process_name, option,
        name, owner, contract_form, contract, price_per_year, should_cost_per_year, the columns of CAUSES,
        is_like_with_like, ramp_loss (present value), revenue, cost, margin, margin_floor, walk_away_price_per_year,
        is_starved, verdict.
    """
    rows = offers[offers["should_cost_per_year"].notna() & (offers["price_per_year"] > 0)]
    factors = discount_quarters(unit)
    live = share_live(rows["go_live_months"].to_numpy(float), len(factors))
    staffed, whole = spread_should_cost(rows, unit)
    ramp_loss = (live * staffed * work_lost_in_ramp(rows, len(factors))) @ factors
    cost = (live * whole) @ factors + ramp_loss
    price = rows["price_per_year"].to_numpy(float)
    priced = (live * follow_ratios(rows, unit) * grow_volume(rows, unit)) @ factors / 4
    revenue, floor, paid = price * priced, rows["margin_floor"].to_numpy(float), priced > 0
    margin = np.where(paid, 1 - cost / np.where(paid, revenue, 1), np.nan)
    walk_away = np.where(paid, cost / np.where(paid, priced, 1), np.nan) / (1 - floor)
    named = ["process", "process_name", "option", "name", "owner", "contract_form", "contract", "price_per_year",
             "should_cost_per_year", *CAUSES, "is_like_with_like"]  # fmt: skip
    verdict = judge_margins(margin, floor, rows["is_like_with_like"].to_numpy(bool))
    return rows[named].assign(
        ramp_loss=ramp_loss,
        revenue=revenue,
        cost=cost,
        margin=margin,
        margin_floor=floor,
        walk_away_price_per_year=walk_away,
        is_starved=verdict == "starved",
        verdict=verdict,
    )


def judge_margins(margin: np.ndarray, floor: np.ndarray, like_with_like: np.ndarray) -> np.ndarray:
    """Judge margins by the floor and by published margins of providers; see `price_providers`.

    Examples
    --------
    >>> told = judge_margins(np.array([0.04, 0.25, 0.3, 0.3, 0.4]), np.full(5, 0.05), np.array([1, 0, 1, 0, 1]) > 0)
    >>> told.tolist()
    ['starved', 'earns', 'overpaid', 'not comparable', 'not comparable']
    """
    plausible, ceiling = (read_assumed(f"provider_margin_{name}").value for name in ("plausible", "ceiling"))
    starved, high = margin < floor - 1e-9, margin > plausible + 1e-9
    overpaid = high & like_with_like & (margin <= ceiling + 1e-9)
    return np.select([starved, overpaid, high], [VERDICTS[0], VERDICTS[2], VERDICTS[3]], VERDICTS[1])
