"""The tables of what an answer rests on: bars, frame, deals, levers, and what could be added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess import LATE, date_valuation
from sourcing.case import GROUP, list_levers, load_dictionary
from sourcing.decide import explain_ban
from sourcing.pack.wording import say_ban, say_count, say_day

if TYPE_CHECKING:
    from sourcing.decide import Decision


def list_set_aside(decision: Decision) -> pd.DataFrame:
    """List the alternatives set aside before optimizing, and what each would have cost beside the chosen one.

    Returns
    -------
    DataFrame
        Columns process_name, name, delivery_model, barred_by, difference (cost - cost of the chosen; negative
        means the bar costs that much at most), reason, owner (of the first veto).
    """
    rows = decision.alternatives[decision.alternatives["barred_by"] != ""].sort_values("cost", kind="stable")
    rows = rows.drop_duplicates(["process", "option"]).sort_index()
    chosen = decision.plan.choices.groupby("process")["cost"].sum()
    first = rows["barred_by"].str.split("; ").str[0].str.removesuffix(LATE)
    shown = rows[["process", "process_name", "name", "delivery_model", "barred_by"]]
    difference = rows["cost"] - rows["process"].map(chosen).astype(float)
    return shown.assign(difference=difference, bar=first).join(explain_bars(decision, first), on="bar")


def explain_bars(decision: Decision, names: pd.Series) -> pd.DataFrame:
    """Explain bans by name: index the names; columns reason, owner."""
    told = {name: (say_ban(name, decision.case), explain_ban(name, decision.case).owner) for name in names.unique()}
    return pd.DataFrame.from_dict(told, orient="index", columns=["reason", "owner"])


def list_bars(decision: Decision) -> pd.DataFrame:
    """List what set alternatives aside, and the most that lifting each alone could gain.

    Returns
    -------
    DataFrame
        One row per veto or bar of policy: barred_by, alternatives (count), processes (count), gain_alone (sum over
        processes of what the cheapest alternative barred by nothing else costs less than the chosen one; no rule
        considered), reason, owner.
    """
    rows = list_set_aside(decision).drop(columns=["reason", "owner"])
    split = rows.assign(bar=rows["barred_by"].str.split("; ")).explode("bar")
    alone = split["barred_by"] == split["bar"]
    split["bar"] = split["bar"].str.removesuffix(LATE)
    split["gain"] = (-split["difference"]).clip(lower=0).where(alone, 0.0)
    best = split.groupby(["bar", "process"])["gain"].max().groupby("bar").sum()
    grouped = split.groupby("bar").agg(alternatives=("process", "size"), processes=("process", "nunique"))
    return (
        grouped.join(best.rename("gain_alone"))
        .join(explain_bars(decision, split["bar"]))
        .reset_index(names="barred_by")
    )


def list_given(decision: Decision) -> pd.DataFrame:
    """List the unit's own frame: what, value, meaning; as the table units gives it, or as the dictionary's default."""
    unit, columns = decision.case.unit, load_dictionary()["units"].columns
    rows = [
        {"what": name.replace("_", " "), "value": unit[name], "meaning": columns[name].meaning}
        for name in columns
        if name not in ("business_unit", "name") and not pd.isna(unit[name])
    ]
    rows.append({"what": "valued on", "value": say_day(date_valuation(unit)), "meaning": "day of the present values"})
    aside = list_left_aside(decision)
    if aside:
        meaning = "rules and discounts of all units together are not applied to one unit by itself: sourcing portfolio"
        rows.append({"what": "left to the group", "value": aside, "meaning": meaning})
    return pd.DataFrame([row for row in rows if row["what"] != "valuation date"])


def list_left_aside(decision: Decision) -> str:
    """List in words what the case says of all units together; "" where it says nothing."""
    case = decision.case
    counts = {
        "rule": int((case.rules["scope"] == GROUP).sum()),
        "discount": case.price_tiers.loc[case.price_tiers["business_unit"] == "", "provider"].nunique(),
    }
    return " and ".join(say_count(count, noun) for noun, count in counts.items() if count)


def list_deals(decision: Decision) -> pd.DataFrame:
    """List the running contracts with the process served and whether the plan leaves them."""
    deals = decision.case.deals.merge(
        decision.plan.choices[["process", "process_name", "is_as_is", "cost_exit"]], on="process"
    )
    return deals.assign(leaves=~deals["is_as_is"].astype(bool))


def list_assumptions(decision: Decision) -> pd.DataFrame:
    """List every lever: name, value, default, origin, unit, meaning, source, reason; those set first."""
    levers = list_levers(decision.case, decision.policy, decision.outlook).reset_index()
    rank = levers["origin"].map({"run": 0, "case": 1, "default": 2})
    return levers.assign(rank=rank).sort_values("rank", kind="stable", ignore_index=True).drop(columns="rank")


def list_additions(decision: Decision) -> pd.DataFrame:
    """List the tables this case does not use yet and what each would buy: columns table, meaning, buys."""
    rows = [
        {"table": name, "meaning": table.meaning, "buys": table.buys}
        for name, table in load_dictionary().items()
        if not table.is_made and not table.is_required and decision.case.tables[name].empty
    ]
    return pd.DataFrame(rows, columns=pd.Index(["table", "meaning", "buys"]))
