"""The provider's side: what the work costs it, what it earns at its price, and the price at which it walks away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import find_labor_cost, read_assumed
from sourcing.errors import InputError
from sourcing.value.cash import discount_quarters, drift_quarters, share_live, work_lost_in_ramp

if TYPE_CHECKING:
    from sourcing.case import Case

TERMS = ("labor_cost_ratio", "overhead_share", "margin_floor")


def price_should_cost(offers: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Price what a steady year of the work costs each outside owner, in price-year money.

    should-cost = heads / productivity x employees behind a head (staff_per_head of `fill_options`) x labor cost in its
    country x `labor_cost_ratio` x (1 + overhead share) + the option's non-labor cost, none of which the buyer pays
    beside the price. Labor cost is the unit's own, today's or that of staying in-house, brought to the country by
    average earnings, else the reference wage of the occupation.

    Returns
    -------
    DataFrame
        Index of `offers`; provider_labor, provider_overhead, should_cost_per_year (NaN for own staff, and where no
        labor cost is known), margin_floor.
    """
    terms = case.providers.set_index("provider")
    terms = pd.DataFrame({name: offers["owner"].map(terms[name].astype(float)) for name in TERMS}, index=offers.index)
    ratio = terms["labor_cost_ratio"].fillna(1.0)
    overhead = terms["overhead_share"].fillna(read_assumed("overhead_share").value)
    floor = terms["margin_floor"].fillna(read_assumed("provider_margin_floor").value)
    labor = offers["fte"] * offers["staff_per_head"] * _find_wages(offers, case) * ratio
    cost = labor * (1 + overhead)
    return pd.DataFrame(
        {
            "provider_labor": labor,
            "provider_overhead": cost - labor,
            "should_cost_per_year": cost,
            "margin_floor": floor.where(offers["owner_type"] != "own"),
        }
    )


def _find_wages(offers: pd.DataFrame, case: Case) -> pd.Series:
    """Return the labor cost per head of each outside owner's country; NaN for own staff or where none is known."""
    processes, found = case.processes.set_index("process"), {}
    staffed = offers[(offers["owner_type"] == "own") & (offers["labor_cost_per_fte"] > 0)]
    staffed = staffed[staffed["is_as_is"] | (staffed["delivery_model"] == "in_house")]
    own = staffed.sort_values("is_as_is", ascending=False).drop_duplicates("process")
    own = own.set_index("process")["labor_cost_per_fte"]
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

    revenue = present value of the price from go-live; cost = present value of should-cost with ramp losses;
    margin = 1 - cost / revenue; walk-away price = should-cost x cost with ramp over cost without / (1 - floor).
    A deal starves its provider where the margin is below the floor: it is unstable, for the provider will mend it at
    the buyer's expense or leave.

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.
    unit : Series

    Returns
    -------
    DataFrame
        One row per offer of an outside owner whose cost is known, index of `offers`: process, process_name, option,
        name, owner, contract_form, contract, price_per_year, should_cost_per_year, ramp_loss (present value),
        revenue, cost, margin, margin_floor, walk_away_price_per_year, is_starved.
    """
    rows = offers[offers["should_cost_per_year"].notna() & (offers["price_per_year"] > 0)]
    factors = discount_quarters(unit) / 4
    live = share_live(rows["go_live_months"].to_numpy(float), len(factors))
    wages, prices = (drift_quarters(rows[name], unit) for name in ("wage_drift", "price_drift"))
    lost = work_lost_in_ramp(rows, len(factors))
    weight, with_ramp, priced = live * wages @ factors, (live * wages * (1 + lost)) @ factors, live * prices @ factors
    should = rows["should_cost_per_year"].to_numpy(float)
    revenue, cost = rows["price_per_year"].to_numpy(float) * priced, should * with_ramp
    floor, paid = rows["margin_floor"].to_numpy(float), revenue > 0
    margin = np.where(paid, 1 - cost / np.where(paid, revenue, 1), np.nan)
    walk_away = np.where(priced > 0, cost / np.where(priced > 0, priced, 1), np.nan) / (1 - floor)
    named = ["process", "process_name", "option", "name", "owner", "contract_form", "contract", "price_per_year",
             "should_cost_per_year"]  # fmt: skip
    return rows[named].assign(
        ramp_loss=should * (with_ramp - weight),
        revenue=revenue,
        cost=cost,
        margin=margin,
        margin_floor=floor,
        walk_away_price_per_year=walk_away,
        is_starved=margin < floor - 1e-9,
    )
