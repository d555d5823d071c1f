"""One table of alternatives: one row per (process, option) with every consequence in a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.value.cash import (
    CASH_LINES,
    ONE_OFF,
    RUN,
    count_overseers,
    discount_fixed,
    discount_flows,
    discount_quarters,
    price_flows,
    price_hurdle,
    share_live,
)
from sourcing.value.exposure import LOSS_LINES, count_skilled, expose_brand, price_losses
from sourcing.value.means import take_likely
from sourcing.value.offers import list_offers
from sourcing.value.service import price_services
from sourcing.value.social import price_social

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case import Case, Outlook, Policy

LABELS = (
    "process", "option", "process_name", "name", "function", "delivery_model", "owner_type", "owner", "location",
    "country", "is_abroad", "is_as_is", "place", "contract_form", "contract", "data_class",
    "is_starved", "posture", "standing", "barred_by", "today_owner", "today_location",
)  # fmt: skip
SPENT = tuple(line for line in ONE_OFF if line not in ("exit", "service_dip"))
"""Lines of one-off spending on a move: what a wave's budget pays."""
POINTS = ("fit_points", "partnership_points", "conflict_points")
"""Measures of judgment that Policy may price."""
UNSPLIT = ("transition", "knowledge_transfer", "set_up", "tender", "investment")
"""Lines that a part of a split process pays in full."""


def build_alternatives(case: Case, postures: pd.DataFrame, policy: Policy, outlook: Outlook) -> pd.DataFrame:
    """Build the table of alternatives of a unit from its tables; see `state_alternatives`."""
    return state_alternatives(list_offers(case, postures, policy), case, policy, outlook)


def state_alternatives(offers: pd.DataFrame, case: Case, policy: Policy, outlook: Outlook) -> pd.DataFrame:
    """State what each offer of a unit costs, risks and fits.

    cash_cost = sum of the lines of `price_flows`, discounted, at the means of the uncertain figures (`add_means`), with
    the sum at their likely values beside it (likely_cash_cost); expected_loss = sum of the causes of `price_losses`,
    discounted; fit_points = headcount as-is x fit of posture and owner;
    cost = cash_cost + expected_loss - price_of_fit x fit_points - price_of_customer_value x customer_value
    - price_of_partnership x partnership_points - price_of_social_value x social_value
    + price_of_conflict x conflict_points + hurdle.

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.
    case : Case
        One unit.
    policy, outlook : Policy, Outlook

    Returns
    -------
    DataFrame
        Sorted by (process, option[, wave]), barred ones included (`barred_by` not empty); wave where the case has
        a calendar. Labels, the measures of the dictionary's table `alternatives`, the lines `cost_*` that sum to
        cost, the parts `loss_*` that sum to expected_loss, and where the case has cost pools the flags
        `is_today_in_year_*`. Money is net present value on the valuation date in the unit's currency.
    """
    unit = case.unit
    flows = price_flows(take_likely(offers), unit, policy)
    likely = discount_flows(flows, discount_quarters(unit), discount_fixed(unit))
    priced = price_offers(offers, case, policy, outlook)
    return priced.assign(likely_cash_cost=np.add.reduce([likely[line] for line in CASH_LINES]))


def price_offers(offers: pd.DataFrame, case: Case, policy: Policy, outlook: Outlook) -> pd.DataFrame:
    """Price every consequence of the offers of `list_offers`; see `build_alternatives`."""
    unit = case.unit
    growing, fixed = discount_quarters(unit), discount_fixed(unit)
    flows = price_flows(offers, unit, policy)
    cash = discount_flows(flows, growing, fixed)
    losses = {cause: flow @ growing for cause, flow in price_losses(offers, unit, outlook).items()}
    live = share_live(offers["go_live_months"].to_numpy(float), len(growing))
    gained, today_gained = (
        offers[name].to_numpy(float) / 4 for name in ("customer_value_per_year", "today_customer_value_per_year")
    )
    customer_value = gained * (live @ growing) + today_gained * ((1 - live) @ growing)
    heads, moved = offers["headcount_fte"], ~offers["is_as_is"]
    leaves = (offers["owner"] != offers["today_owner"]) | (offers["location"] != offers["today_location"])
    lines = {f"cost_{line}": amount for line, amount in cash.items()}
    lines["cost_expected_loss"] = np.add.reduce([losses[cause] for cause in LOSS_LINES])
    judged = measure_judgment(offers)
    lines |= price_judgment(judged, policy)
    social = price_social(offers, case)
    lines["cost_social_value"] = 0.0 - policy.price_of_social_value * social["social_value"].to_numpy(float)
    lines["cost_customer_value"] = 0.0 - policy.price_of_customer_value * customer_value
    lines["cost_hurdle"] = price_hurdle(offers, policy)
    measures = {
        "cost": np.add.reduce(list(lines.values())),
        "cash_cost": np.add.reduce([cash[line] for line in CASH_LINES]),
        "expected_loss": lines["cost_expected_loss"],
        **judged,
        "customer_value": customer_value,
        "one_off_cost": np.add.reduce([cash[line] for line in ONE_OFF]),
        "run_cost_per_year": offers[list(RUN)].sum(axis=1),
        "fte": offers["fte"],
        "own_fte": offers["fte"].where(offers["owner_type"] == "own", 0.0),
        **{f"{name}_fte": people for name, people in count_overseers(offers, "", policy).items()},
        "changed_fte": heads.where(moved, 0.0),
        "moved_fte": heads.where(leaves, 0.0),
        "customer_contact_share": offers["customer_contact_share"],
        "start_months": offers["start_months"],
        "go_live_months": offers["go_live_months"],
        "knowledge_transfer_hours": offers["knowledge_transfer_hours"].where(moved, 0.0),
        "transition_spend": np.where(moved, np.add.reduce([flows[line].sum(axis=1) for line in SPENT]), 0.0),
        "fixed_cost": np.add.reduce([cash[line] for line in UNSPLIT]),
        "hours_away": offers["hours_away"],
        "retained_skills": count_skilled(offers, policy),
        "brand_exposure": expose_brand(offers),
        **social,
        **price_services(offers, case),
    }
    parts = {f"loss_{cause}": losses[cause] for cause in LOSS_LINES}
    labels = {name: offers[name] for name in (*LABELS, "wave") if name in offers}
    return pd.DataFrame({**labels, **measures, **lines, **parts, **flag_years(case, offers)})


def measure_judgment(offers: pd.DataFrame) -> dict[str, pd.Series]:
    """Measure what judgment says of each alternative, in points per person as-is.

    fit_points = headcount x fit of posture and owner; partnership_points = headcount x (2 x partnership - 1), 0 where
    own or not scored; conflict_points = headcount x weight of conflicts; partnership itself is 0 where not scored.
    """
    heads, rated = offers["headcount_fte"], offers["partnership"]
    leaning = (2 * rated.fillna(0.5) - 1).where(offers["owner_type"] != "own", 0.0)
    return {
        "fit_points": heads * offers["fit"],
        "partnership": rated.fillna(0.0),
        "partnership_points": heads * leaning,
        "conflict_points": heads * offers["conflict"],
    }


def price_judgment(judged: Mapping[str, pd.Series], policy: Policy) -> dict[str, np.ndarray]:
    """Price fit, partnership and conflicts of interest as Policy says; each on its own line, 0 by default."""
    return {
        "cost_fit": 0.0 - policy.price_of_fit * judged["fit_points"].to_numpy(float),
        "cost_partnership": 0.0 - policy.price_of_partnership * judged["partnership_points"].to_numpy(float),
        "cost_conflict": policy.price_of_conflict * judged["conflict_points"].to_numpy(float),
    }


def restate_judgment(alternatives: pd.DataFrame, offers: pd.DataFrame) -> pd.DataFrame:
    """Give the alternatives the postures, bars and points of fit of offers judged otherwise; prices stand.

    Parameters
    ----------
    alternatives : DataFrame
        From `state_alternatives`.
    offers : DataFrame
        From `judge_offers`, of the same offers.
    """
    labels = {name: offers[name] for name in ("posture", "standing", "barred_by")}
    return alternatives.assign(**labels, fit_points=measure_judgment(offers)["fit_points"])


def reprice_judgment(alternatives: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Price the points and values of alternatives anew, all other consequences as they are.

    Parameters
    ----------
    alternatives : DataFrame
        From `build_alternatives`.
    policy : Policy
        Its prices of fit, partnership, conflict, customer value and social value count.

    Returns
    -------
    DataFrame
        What `build_alternatives` gives under those prices, to the last digit.
    """
    lines = price_judgment({name: alternatives[name] for name in POINTS}, policy)
    for name in ("customer_value", "social_value"):
        lines[f"cost_{name}"] = 0.0 - getattr(policy, f"price_of_{name}") * alternatives[name].to_numpy(float)
    priced = alternatives.assign(**lines)
    named = [name for name in priced if name.startswith("cost_")]
    return priced.assign(cost=np.add.reduce([priced[name].to_numpy(float) for name in named]))


def flag_years(case: Case, offers: pd.DataFrame) -> dict[str, pd.Series]:
    """Flag per year whether an alternative is still on today's delivery when the year begins; with cost pools only."""
    if case.cost_pools.empty:
        return {}
    years = range(int(case.unit["horizon_years"]))
    return {
        f"is_today_in_year_{year + 1}": offers["is_as_is"] | (offers["go_live_months"] > 12 * year) for year in years
    }
