"""From the tables of a case to the `structure` and the further rules of its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import BUDGET_RULE, RISK_RULE
from sourcing.value import discount_quarters, list_additive, list_waves

if TYPE_CHECKING:
    from sourcing.case import Case


def build_structure(case: Case, alternatives: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Build the tables of `structure` that the case fills; see `sourcing.plan.structure`.

    Parameters
    ----------
    case : Case
        One unit.
    alternatives : DataFrame
        From `build_alternatives`, all or some of its rows.

    Returns
    -------
    dict of str to DataFrame
        items, charges, pools, tiers, orders; a table without rows is left out.
    """
    tables = {
        "items": list_items(case),
        "charges": list_charges(case, alternatives),
        "pools": list_pools(case),
        "tiers": list_tiers(case, alternatives),
        "orders": case.orders.drop(columns="business_unit"),
    }
    return {name: table for name, table in tables.items() if not table.empty}


def keep_costs(structure: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Give the tables that cost or save something, without those that limit."""
    return {name: table for name, table in structure.items() if name in ("charges", "pools", "tiers")}


def list_items(case: Case) -> pd.DataFrame:
    """List the divisible processes: process, divisible, min_share, max_parts."""
    processes = case.processes
    return processes.loc[processes["divisible"].astype(bool), ["process", "divisible", "min_share", "max_parts"]]


def list_charges(case: Case, alternatives: pd.DataFrame) -> pd.DataFrame:
    """List what a provider or a site costs once it is used, tender and whole horizon: column, value, cost."""
    horizon = float(discount_quarters(case.unit).sum()) / 4
    parts = []
    for column, table, key in (("owner", case.providers, "provider"), ("location", case.locations, "location")):
        once = table.get("tender_cost", 0.0)
        cost = table["fixed_cost_per_year"] * horizon + once
        paid = table[(cost > 0) & table[key].isin(alternatives[column])]
        parts.append(pd.DataFrame({"column": column, "value": paid[key], "cost": cost[paid.index]}))
    return pd.concat(parts, ignore_index=True)


def list_pools(case: Case) -> pd.DataFrame:
    """List the users of each cost pool year by year: pool, process, cost, column.

    A pool's cost of a year is paid if any user is still on today's delivery when the year begins.
    """
    yearly = discount_quarters(case.unit).reshape(-1, 4).sum(axis=1) / 4
    users = case.processes[["process", "cost_pool"]].merge(case.cost_pools, left_on="cost_pool", right_on="pool")
    parts = [
        pd.DataFrame(
            {
                "pool": users["pool"] + f", year {year + 1}",
                "process": users["process"],
                "cost": users["cost_per_year"] * factor,
                "column": f"is_today_in_year_{year + 1}",
            }
        )
        for year, factor in enumerate(yearly)
    ]
    return pd.concat(parts, ignore_index=True)


def list_tiers(case: Case, alternatives: pd.DataFrame) -> pd.DataFrame:
    """List the volume discounts on the present value of prices: column, value, measure, threshold, discount_share."""
    tiers = case.price_tiers
    tiers = tiers[tiers["provider"].isin(alternatives["owner"])]
    return pd.DataFrame(
        {
            "column": "owner",
            "value": tiers["provider"],
            "measure": "cost_price",
            "threshold": tiers["threshold"],
            "discount_share": tiers["discount_share"],
            "kind": tiers["kind"],
        }
    )


def list_capacity_rules(case: Case) -> pd.DataFrame:
    """List the rules that capacity and calendar set: a row per provider's capacity and per wave's hours and budget."""
    records = [
        (f"{provider} delivers at most {capacity:g} FTE", "fte", f"owner == {provider!r}", capacity, "providers")
        for provider, capacity in zip(case.providers["provider"], case.providers["capacity_fte"], strict=True)
        if np.isfinite(capacity)
    ]
    for wave in list_waves(case).to_dict("records") if len(case.calendar) else ():
        for name, measure, words in (
            ("knowledge_transfer_hours", "knowledge_transfer_hours", "Knowledge transfer of wave {} fits its hours"),
            ("transition_budget", "transition_spend", "Moves of wave {} stay within its budget"),
        ):
            if np.isfinite(wave[name]):
                number = wave["wave"]
                records.append((words.format(number), measure, f"wave == {number}", wave[name], "calendar"))
    rules = pd.DataFrame(records, columns=["rule", "measure", "where", "limit", "owner"])
    rules = rules.assign(sense="<=", relative_to="", for_each="", step=np.nan, priority=2)
    return rules.assign(reason="as the table " + rules["owner"] + " says")


def find_origin(rule: str, case: Case) -> str:
    """Tell where a rule comes from: the unit's own `rule`, a `capacity`, a `lever` of policy, else a `promise`."""
    if rule in set(case.rules["rule"]):
        return "rule"
    if rule in set(list_capacity_rules(case)["rule"]):
        return "capacity"
    return "lever" if rule in (BUDGET_RULE, RISK_RULE) else "promise"


def list_service_rules(case: Case, alternatives: pd.DataFrame) -> pd.DataFrame:
    """List the rules that promises to customers set: the parts of a service together keep what it promises.

    A promise that no choice of admissible options keeps sets no rule: it is flagged, not made a reason for no plan.

    Parameters
    ----------
    case : Case
        One unit.
    alternatives : DataFrame
        From `build_alternatives`.
    """
    admissible = alternatives[alternatives["barred_by"] == ""]
    records = [
        (f"{row['name']}: {row['measure'].replace('_', ' ')} of {row['target']:g} is kept", row["column"], row["limit"])
        for row in list_additive(case)
        if admissible.groupby("process")[row["column"]].min().sum() <= row["limit"]
    ]
    rules = pd.DataFrame(records, columns=["rule", "measure", "limit"])
    rules = rules.assign(where="", sense="<=", relative_to="", for_each="", step=np.nan, priority=2, owner="services")
    return rules.assign(reason="as the table services says")
