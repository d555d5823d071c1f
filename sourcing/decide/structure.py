"""From the tables of a case to the `structure` and the further rules of its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import BUDGET_RULE, RISK_RULE, UNIT, settle
from sourcing.decide.caution import RULES_OF_CAUTION
from sourcing.decide.shared_costs import POOLS, stream_shared
from sourcing.errors import CertificateError
from sourcing.value import SHARED_LINES, SHARED_ONE_OFF, check_services, list_promises, list_waves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case import Case
    from sourcing.plan import Plan

PROMISED = ("service", "name", "measure", "target", "column", "number", "numbers")
BOUND = "what stand-bys miss is bounded by straight lines, and use may lie below 0 where it is far from the limit"
COUNTED = (*((line, "cash_cost") for line in SHARED_LINES), *((line, "one_off_cost") for line in SHARED_ONE_OFF))
"""Shared money is paid like any other: each line with the measures in which it counts."""
SPARE = 1e-5
"""Part of what a promise allows that rounding may use up beyond it."""


def build_structure(
    case: Case, alternatives: pd.DataFrame, presence: Mapping[str, pd.Series]
) -> dict[str, pd.DataFrame]:
    """Build the tables of `structure` that the case fills; see `sourcing.plan.model.structure`.

    Parameters
    ----------
    case : Case
        One unit.
    alternatives : DataFrame
        From `build_alternatives`, all or some of its rows.
    presence : mapping of str to Series
        From `price_presence`.

    Returns
    -------
    dict of str to DataFrame
        items, charges, pools, tiers, orders, counts; a table without rows is left out.
    """
    streams = stream_shared(case, alternatives, presence)
    tables = {
        "items": list_items(case),
        "charges": list_charges(streams),
        "pools": list_pools(streams),
        "tiers": list_tiers(case, alternatives),
        "orders": case.orders.drop(columns="business_unit"),
    }
    tables = {name: table for name, table in tables.items() if not table.empty}
    lines = {"pools": POOLS, "tiers": "discounts", "items": "splits"}
    there = {lines[name] for name in tables if name in lines} | ({"handoffs"} if len(case.links) else set())
    there |= set(tables["charges"]["line"]) if "charges" in tables else set()
    counts = pd.DataFrame([pair for pair in COUNTED if pair[0] in there], columns=["line", "measure"])
    return tables if counts.empty else tables | {"counts": counts}


def shares_money(case: Case, measure: str) -> bool:
    """Tell whether money that processes share counts in a measure: what a rule that picks rows leaves aside.

    Examples
    --------
    >>> from sourcing import load_case
    >>> [shares_money(load_case("data/tiny", unit), "cash_cost") for unit in ("alpha", "beta")]
    [False, True]
    """
    if measure not in {counted for _, counted in COUNTED}:
        return False
    policy = settle(case)[0]
    assumed = policy.governance_heads_per_provider > 0 or policy.governance_heads_per_site > 0
    yearly = case.providers["fixed_cost_per_year"].sum() + case.locations["fixed_cost_per_year"].sum()
    once = bool(case.providers["tender_cost"].sum() > 0 or case.processes["divisible"].any())
    own_tiers = case.price_tiers[case.price_tiers["business_unit"] != ""]
    tables = (case.links, case.cost_pools, own_tiers)
    return once or (measure == "cash_cost" and (assumed or yearly > 0 or any(len(table) for table in tables)))


def keep_costs(structure: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Give the tables that cost or save something, and where that counts, without those that limit."""
    return {name: table for name, table in structure.items() if name in ("charges", "pools", "tiers", "counts")}


def list_items(case: Case) -> pd.DataFrame:
    """List the divisible processes: process, divisible, min_share, max_parts."""
    processes = case.processes
    return processes.loc[processes["divisible"].astype(bool), ["process", "divisible", "min_share", "max_parts"]]


def list_charges(streams: pd.DataFrame) -> pd.DataFrame:
    """List what providers and sites cost once they are used: charge, where, cost, line; from `stream_shared`."""
    charges = streams[streams["line"] != POOLS]
    return charges.rename(columns={"name": "charge"})[["charge", "where", "cost", "line"]].reset_index(drop=True)


def list_pools(streams: pd.DataFrame) -> pd.DataFrame:
    """List the users of each cost pool year by year: pool, process, cost, where; from `stream_shared`."""
    pools = streams[streams["line"] == POOLS]
    return pools.rename(columns={"name": "pool"})[["pool", "process", "cost", "where"]].reset_index(drop=True)


def list_tiers(case: Case, alternatives: pd.DataFrame) -> pd.DataFrame:
    """List the volume discounts on the present value of prices: column, value, measure, threshold, discount_share."""
    tiers = case.price_tiers[case.price_tiers["business_unit"] != ""]
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
    if rule in set(case.rules.loc[case.rules["scope"] == UNIT, "rule"]):
        return "rule"
    if rule in set(list_capacity_rules(case)["rule"]):
        return "capacity"
    is_lever = rule in (BUDGET_RULE, RISK_RULE) or rule.startswith(RULES_OF_CAUTION)
    return "lever" if is_lever else "promise"


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
    promises = pd.DataFrame(list_promises(case), columns=[*PROMISED, "sense", "limit"])
    best = [_find_best(admissible, row["column"], row["sense"]) for row in promises.to_dict("records")]
    reach = pd.Series(best, promises.index, dtype=float)
    can = (reach <= promises["limit"]).where(promises["sense"] == "<=", reach >= promises["limit"]).astype(bool)
    kept = promises[can.groupby([promises["service"], promises["measure"]]).transform("all")]
    names = [
        f"{row['name']}: {row['measure'].replace('_', ' ')} of {row['target']:g} is kept"
        + (f", with stand-bys ({row['number']} of {row['numbers']})" if row["numbers"] > 1 else "")
        for row in kept.to_dict("records")
    ]
    rules = pd.DataFrame({"rule": names, "measure": kept["column"], "sense": kept["sense"], "limit": kept["limit"]})
    rules = rules.assign(where="", relative_to="", for_each="", step=np.nan, priority=2, owner="services")
    reason = np.where(kept["numbers"] > 1, "as the table services says; " + BOUND, "as the table services says")
    return rules.assign(reason=reason).reset_index(drop=True)


def _find_best(admissible: pd.DataFrame, column: str, sense: str) -> float:
    """Find the best sum of a column that a choice of admissible options gives."""
    amounts = admissible.groupby("process")[column]
    return float((amounts.min() if sense == "<=" else amounts.max()).sum())


def require_services(case: Case, plan: Plan, rules: pd.DataFrame) -> None:
    """Require that chosen options deliver each promise that set a rule, by the ladder's own arithmetic.

    Parameters
    ----------
    case : Case
    plan : Plan
    rules : DataFrame
        The rules it was solved under. A service with a split process is left to its rules.

    Raises
    ------
    CertificateError
        A promise is missed: its rules were no true picture of it.
    """
    promises = [row for row in list_promises(case) if row["column"] in set(rules["measure"])]
    if not promises:
        return
    parted = plan.choices["process"].value_counts()
    split = case.service_parts.loc[case.service_parts["process"].map(parted) > 1, "service"]
    checked = check_services(case, plan.choices.drop_duplicates("process").set_index("process")["option"])
    checked = checked[~checked["service"].isin(split) & checked["delivered"].notna()]
    for row in checked.set_index(["service", "measure"]).loc[:, ["promised", "delivered"]].itertuples():
        spent = _spend(row.Index[1], row.promised, row.delivered)
        if spent > 1 + SPARE and any((each["service"], each["measure"]) == row.Index for each in promises):
            raise CertificateError(
                f"the chosen options must keep what service {row.Index[0]} promises; got {row.delivered:g} at "
                f"{row.Index[1]}, promised {row.promised:g}. Hint: do not use this plan; please report the input."
            )


def _spend(measure: str, promised: float, delivered: float) -> float:
    """Return how much of what a promise allows is used up; above 1 it is missed."""
    if measure == "availability":
        return (1 - delivered) / max(1 - promised, SPARE)
    return delivered / promised if measure == "response_seconds" else promised / max(delivered, SPARE)
