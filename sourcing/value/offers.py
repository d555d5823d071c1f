"""Each option beside its process, today's delivery, its deal, site and judgment: one row with all it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess import (
    bar_conflicts,
    bar_locked,
    bar_options,
    bar_transfers,
    join_reasons,
    load_postures,
    rate_partners,
    weigh_conflicts,
)
from sourcing.case import add_countries, country_risk, fill_deals, fill_options
from sourcing.errors import InputError
from sourcing.value.cash import RUN, spread_waves
from sourcing.value.deals import add_terms, apply_staff_law, price_incentives, price_providers, price_should_cost
from sourcing.value.exposure import add_losses
from sourcing.value.means import add_means
from sourcing.value.service import list_misses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.case import Case, Policy

MONEY = ["business_unit", "currency", "price_year"]
USED_UP = ["business_unit", "labor_cost_today_per_fte", "price_today_per_year"]
OF_TODAY = (
    *RUN, "owner", "owner_type", "delivery_model", "location", "place", "country", "location_risk", "failure_rate",
    "customer_value_per_year", "wage_drift", "price_drift", "attrition_share", "replacement_share", "peak_cover",
    "hours_away", "term_months", "renewals", "yearly_improvement_share",
)  # fmt: skip
"""Columns of today's delivery that stand beside every option as today_*."""
SHARED_TODAY = (
    "provider_labor", "provider_overhead", "provider_non_labor", "incentive_on_price", "incentive_on_cost",
    "profit_share", "venture_capital_share",
)  # fmt: skip
"""The same of what today's owner and the unit share."""


def price_year_of_running(offers: pd.DataFrame) -> pd.DataFrame:
    """Price one steady year of each option, in the unit's price-year currency.

    fte = headcount as-is / productivity; labor = fte x labor cost per FTE; overhead = overhead share x labor;
    non_labor and price as given.

    Returns
    -------
    DataFrame
        Index of `offers`; columns fte, labor, overhead, non_labor, price.
    """
    fte = offers["headcount_fte"] / offers["productivity"]
    labor = fte * offers["labor_cost_per_fte"]
    return pd.DataFrame(
        {
            "fte": fte,
            "labor": labor,
            "overhead": offers["overhead_share"] * labor,
            "non_labor": offers["non_labor_cost_per_year"],
            "price": offers["price_per_year"],
        }
    )


def list_offers(case: Case, postures: pd.DataFrame, policy: Policy, filled: pd.DataFrame | None = None) -> pd.DataFrame:
    """List every option of a unit with everything its consequences depend on.

    Empty costs take the reference figures of `fill_options`; every amount is in the unit's money.

    Parameters
    ----------
    case : Case
        One unit.
    postures : DataFrame
        From `map_postures`, index process.
    policy : Policy
    filled : DataFrame, optional
        From `fill_options`, where at hand or changed.

    Returns
    -------
    DataFrame
        One row per (process, option[, wave]), sorted; columns of the options and processes tables, and country,
        is_abroad, is_as_is, place, location_risk, a steady year (fte, labor, overhead, non_labor, price),
        today's steady year and the rest of OF_TODAY (today_*), the deal (deal, months_left, break_fee,
        minimum_per_year, retender_price_per_year), the columns of `add_terms`, `add_losses`, `price_should_cost`,
        `price_incentives` and `add_means`, those of SHARED_TODAY (today_*), is_starved, today_is_starved, posture,
        criticality, process_readiness, standing, fit, go_live_months, conflict, partnership, barred_by, start_months
        and, where there is a calendar, wave.
    """
    processes = case.processes.rename(columns={"name": "process_name"}).drop(columns=USED_UP)
    filled = fill_options(case, policy)[0] if filled is None else filled
    offers = filled.drop(columns=MONEY).merge(processes, on="process", how="left")
    offers["is_as_is"] = offers["option"] == offers["as_is_option"]
    offers = _add_sites(offers, case)
    offers = add_terms(pd.concat([offers, price_year_of_running(offers)], axis=1), case, policy)
    today = offers[offers["is_as_is"]].set_index("process")
    offers = offers.assign(**{f"today_{line}": offers["process"].map(today[line]) for line in OF_TODAY})
    offers["today_labor_per_head"] = offers["process"].map(today["labor_cost_per_fte"])
    offers["transferred_share"] = apply_staff_law(offers, case.unit["home_country"])
    offers = offers.merge(fill_deals(case)[0].drop(columns=MONEY), on="process", how="left")
    offers["clean_up_cost"] = offers["clean_up_cost"].fillna(0.0)
    offers = add_losses(_add_judgment(offers, postures), case)
    offers["stretch"] = 1 + policy.readiness_stretch * (1 - offers["process_readiness"].fillna(0.0))
    ready = (offers["transition_months"] * offers["stretch"]).clip(lower=offers["hiring_lead_months"])
    offers["go_live_months"] = ready.where(~offers["is_as_is"], 0.0)
    offers = add_means(_add_providers(spread_waves(offers, case), case, policy), case, policy)
    offers["conflict"] = weigh_conflicts(case, offers)["conflict"]
    offers["partnership"] = rate_partners(case, offers, policy)
    offers["barred_by"] = bar_options(case, offers)
    for bars in (bar_locked(case, offers), bar_conflicts(case, offers, policy), bar_transfers(case, offers, policy)):
        offers["barred_by"] = join_reasons(offers["barred_by"], bars)
    offers["barred_aside"] = offers["barred_by"]
    offers["barred_by"] = _bar_by_judgment(offers, case, policy)
    keys = [name for name in ("process", "option", "wave") if name in offers]
    return offers.sort_values(keys).reset_index(drop=True)


def judge_offers(offers: pd.DataFrame, case: Case, postures: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Give the offers of `list_offers` with other postures and what these bar; indices stand, and all else with them.

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`, of the same case.
    case : Case
    postures : DataFrame
        From `map_postures` of the same indices, index process.
    policy : Policy
        Its thresholds, and whether postures bar, count.
    """
    judged = offers.assign(posture=offers["process"].map(postures["posture"]))
    judged = judged.assign(**_look_up_fit(judged), barred_by=judged["barred_aside"])
    return judged.assign(barred_by=_bar_by_judgment(judged, case, policy))


def price_presence(case: Case, filled: pd.DataFrame, policy: Policy) -> dict[str, pd.Series]:
    """Price what dealing with each outside owner, and keeping each own site, costs in a year at all.

    `fixed_cost_per_year` of `providers` and `locations`; where it is empty, people x what a head of the unit's work
    costs today (running cost of all processes over their heads): `governance_heads_per_provider` of each outside owner,
    `governance_heads_per_site` of each own site abroad where no work is today. Price-year money of the unit.

    Parameters
    ----------
    case : Case
        One unit.
    filled : DataFrame
        From `fill_options`.
    policy : Policy

    Returns
    -------
    dict of str to Series
        owner: every outside owner of an option; location: every site of the case or of own staff.
    """
    options = filled.merge(case.processes[["process", "as_is_option", "headcount_fte"]])
    is_today, is_own = options["option"] == options["as_is_option"], options["owner_type"] == "own"
    today = options[is_today]
    heads = today["headcount_fte"].sum()
    per_head = price_year_of_running(today)[list(RUN)].sum().sum() / heads if heads > 0 else 0.0
    is_abroad = add_countries(options, case.locations) != case.unit["home_country"]
    new_sites = set(options.loc[is_own & is_abroad, "location"]) - set(today["location"])
    sites = pd.Series(0.0, sorted(new_sites | set(case.locations["location"])))
    sites[list(new_sites)] = policy.governance_heads_per_site * per_head
    owners = pd.Series(policy.governance_heads_per_provider * per_head, sorted(set(options.loc[~is_own, "owner"])))
    return {
        "owner": _take_given(case.providers.set_index("provider"), owners),
        "location": _take_given(case.locations.set_index("location"), sites),
    }


def _take_given(terms: pd.DataFrame, default: pd.Series) -> pd.Series:
    return terms["fixed_cost_per_year"].astype(float).reindex(default.index).fillna(default)


def _add_sites(offers: pd.DataFrame, case: Case) -> pd.DataFrame:
    sites = case.locations.set_index("location")
    country = add_countries(offers, case.locations)
    own_figure = offers["location"].map(sites["location_risk"].astype(float))
    return offers.assign(
        country=country,
        is_abroad=country != case.unit["home_country"],
        place=offers["owner"] + "@" + offers["location"],
        location_risk=own_figure.fillna(country.map(country_risk())),
    )


def _add_providers(offers: pd.DataFrame, case: Case, policy: Policy) -> pd.DataFrame:
    """Add should-cost, expected incentives, what of both is today's, and whether the price starves the provider."""
    offers = pd.concat([offers, price_should_cost(offers, case)], axis=1)
    unknown = (offers["profit_share"] > 0) & offers["should_cost_per_year"].isna()
    if unknown.any():
        row = offers[unknown].iloc[0]
        raise InputError(
            f"a joint venture that shares its profit must have a known cost; got none at process {row['process']}, "
            f"option {row['option']}. Hint: fill the process's occupation or labor_cost_today_per_fte."
        )
    rates = price_incentives(offers, case) * float(policy.expected_incentives)
    offers = stand_beside(pd.concat([offers, rates], axis=1), SHARED_TODAY)
    starved = price_providers(offers, case.unit)["is_starved"].reindex(offers.index, fill_value=False)
    return stand_beside(offers.assign(is_starved=starved), ["is_starved"])


def stand_beside(offers: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Put columns of today's delivery beside every option of its process, as today_*."""
    today = offers[offers["is_as_is"]].drop_duplicates("process").set_index("process")
    beside = pd.DataFrame({f"today_{name}": offers["process"].map(today[name]) for name in columns})
    return pd.concat([offers.drop(columns=list(beside), errors="ignore"), beside], axis=1)


def _add_judgment(offers: pd.DataFrame, postures: pd.DataFrame) -> pd.DataFrame:
    wanted = postures[["posture", "criticality", "process_readiness"]]
    offers = offers.merge(wanted, left_on="process", right_index=True, how="left")
    return offers.assign(**_look_up_fit(offers))


def _look_up_fit(offers: pd.DataFrame) -> dict[str, pd.Series]:
    """Look up the standing and fit of each offer's owner under the posture of its process."""
    table = load_postures().set_index(["posture", "owner_type"])[["standing", "fit"]]
    found = table.reindex(pd.MultiIndex.from_frame(offers[["posture", "owner_type"]])).set_axis(offers.index)
    return {"standing": found["standing"].fillna("admissible"), "fit": found["fit"].fillna(0.0)}


def _bar_by_judgment(offers: pd.DataFrame, case: Case, policy: Policy) -> pd.Series:
    """Add to the vetoes what judgment and promises bar; today's delivery is never barred by them."""
    reasons = {
        "unscored": offers["posture"] == "unscored",
        "posture": (offers["standing"] == "barred") & policy.posture_bars,
        "readiness": offers["process_readiness"].fillna(0.0) < policy.readiness_floor,
        "starves the provider": offers["is_starved"] & policy.margin_bars,
        "partnership": _takes_new_work(offers) & (offers["partnership"].fillna(0.0) < policy.partnership_floor),
        "goes live after the horizon": offers["go_live_months"] >= 12 * int(case.unit["horizon_years"]),
    }
    barred = offers["barred_by"]
    for reason, hit in reasons.items():
        barred = barred.where(~(hit & ~offers["is_as_is"]), (barred + f"; {reason}").str.removeprefix("; "))
    return _bar_by_service(barred, offers, case) if policy.service_bars and len(case.services) else barred


def _bar_by_service(barred: pd.Series, offers: pd.DataFrame, case: Case) -> pd.Series:
    """Add to the bars the services that an option cannot meet; today's delivery is flagged elsewhere, never barred."""
    reasons = list_misses(case).groupby(["process", "option"])["reason"].agg("; ".join).to_dict()
    keys = zip(offers["process"], offers["option"], strict=True)
    missed = pd.Series([reasons.get(key, "") for key in keys], offers.index, dtype=str).where(~offers["is_as_is"], "")
    return (barred + "; " + missed).where(missed != "", barred).str.removeprefix("; ")


def _takes_new_work(offers: pd.DataFrame) -> pd.Series:
    """Say where an outside owner would take on work that it does not do today."""
    today = offers[offers["is_as_is"]].drop_duplicates("process").set_index("process")["owner"]
    return (offers["owner_type"] != "own") & (offers["owner"] != offers["process"].map(today))
