"""What a contract is expected to move in a year beside its price: outcome fees, credits, gains, charges for volume."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.value.cash import FORMS, settle_year
from sourcing.value.deals.contracts import find_best_effort, find_terms
from sourcing.value.deals.outcomes import draw_outcomes, list_ranges

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case import Case

NO_VOLUME_TERMS = {"extra_charge_ratio": math.nan, "reduced_credit_ratio": math.nan, "volume_floor_share": 0.0}
"""Terms under which volume above and below the plan is paid at what it costs."""
DRAWS = 400
"""Outcomes behind an expected incentive: its standard error is a twentieth of the spread of a year."""
BASE = 1_000_000.0
"""Should-cost at which rates are worked, large against the cents to which a year is settled."""


def rate_incentives(
    form: str, terms: Mapping[str, Any], margin_floor: float, outcomes: pd.DataFrame
) -> tuple[float, float]:
    """Rate the expected incentives of a form: what the buyer pays of them as a share of price, and of should-cost.

    incentives a year = on_price x price + on_cost x should-cost; on_price = mean of (outcome - credit + volume charges)
    / price, on_cost = - mean of gain / should-cost, at the effort that pays the provider most at the price at which it
    just earns its floor. Volume charges = base fee less the base fee if volume beyond the band were paid at what it
    costs and none were owed unused: the asymmetry of agreed charges and the floor. A higher price is taken to buy no
    further effort, so that the sum follows price and cost in a straight line. Source: house rule.

    Returns
    -------
    tuple of float and float
        on_price, on_cost.
    """
    deal = {"price_per_year": BASE / (1 - margin_floor), "should_cost_per_year": BASE}
    effort, _ = find_best_effort(form, deal, terms, outcomes)
    year = settle_year(form, deal, terms, outcomes, effort)
    at_cost = settle_year(form, deal, {**terms, **NO_VOLUME_TERMS}, outcomes, effort)
    fees = float((year["outcome"] - year["credit"] + year["base_fee"] - at_cost["base_fee"]).mean())
    return fees / deal["price_per_year"], -float(year["gain"].mean()) / BASE


def price_incentives(offers: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Price the expected incentives of each outside owner whose contract has a form and whose cost is known.

    Each combination of form, terms and margin floor is rated once, over the ranges of the unit.

    Returns
    -------
    DataFrame
        Index of `offers`; incentive_on_price, incentive_on_cost (0 for the others).
    """
    known = offers["should_cost_per_year"].notna() & offers["contract_form"].isin(FORMS)
    keys = ["contract_form", "contract", "margin_floor"]
    rates = pd.DataFrame(0.0, offers.index, ["incentive_on_price", "incentive_on_cost"])
    if not known.any():
        return rates
    outcomes = draw_outcomes(list_ranges(case), DRAWS)
    for (form, contract, floor), rows in offers[known].groupby(keys):
        rates.loc[rows.index, :] = rate_incentives(form, find_terms(case, contract, form), floor, outcomes)
    return rates
