"""What the group's plan asks for and leans on: moves and hours by quarter, money by owner, every decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.portfolio.decide import take_rows
from sourcing.portfolio.group import name_in_quarter

if TYPE_CHECKING:
    from sourcing.portfolio.decide import GroupDecision

TAKEN = {"knowledge_transfer_hours": "hours", "transition_spend": "spend", "count": "moves_under_way"}


def list_load(decision: GroupDecision) -> pd.DataFrame:
    """List what the program takes in each calendar quarter, by unit, until nothing is under way any more.

    Returns
    -------
    DataFrame
        quarter, business_unit, hours (of own experts), spend (group currency), moves_under_way (on average).
    """
    records = []
    for block in decision.group.blocks:
        rows = take_rows(block, decision.plans[block.name])
        for quarter in decision.group.quarters:
            taken = {name: float(rows[name_in_quarter(measure, quarter)].sum()) for measure, name in TAKEN.items()}
            records.append({"quarter": quarter, "business_unit": block.name, **taken})
    table = pd.DataFrame(records)
    busy = table.loc[table[list(TAKEN.values())].sum(axis=1) > 0, "quarter"]
    return table[table["quarter"] <= busy.max()].reset_index(drop=True) if len(busy) else table.iloc[:0]


def list_owners(decision: GroupDecision) -> pd.DataFrame:
    """List the outside owners with the cash that each unit gives them under the group's plan.

    Returns
    -------
    DataFrame
        owner, business_unit, cash (group currency), share (of the group's cash), people; the owner with most first.
    """
    rows = pd.concat([take_rows(block, decision.plans[block.name]) for block in decision.group.blocks])
    whole = float(rows["cash_cost"].sum())
    outside = rows[rows["owner_type"] != "own"]
    table = outside.groupby(["owner", "business_unit"], as_index=False)[["cash_cost", "fte"]].sum()
    table = table.rename(columns={"cash_cost": "cash", "fte": "people"})
    table["share"] = table["cash"] / whole if whole else 0.0
    most = table.groupby("owner")["cash"].transform("sum")
    order = table.assign(most=most).sort_values(["most", "owner", "cash"], ascending=[False, True, False])
    return order[["owner", "business_unit", "cash", "share", "people"]].reset_index(drop=True)


def list_decisions(decision: GroupDecision) -> pd.DataFrame:
    """List what every unit decides of every process, beside what it would decide alone.

    Returns
    -------
    DataFrame
        business_unit, process, process_name, function, option, name, wave where there is one, delivery_model,
        owner_type, owner, country, is_abroad, is_as_is, share; alone_option, alone_delivery_model, alone_owner,
        alone_country, is_changed; in group currency cost, cash_cost, expected_loss; fte.
    """
    told = ["process", "process_name", "function", "option", "name", "delivery_model", "owner_type", "owner", "country",
            "is_abroad", "is_as_is", "share", "cost", "cash_cost", "expected_loss", "fte"]  # fmt: skip
    tables = []
    for block in decision.group.blocks:
        rows = take_rows(block, decision.plans[block.name])
        alone = decision.alone[block.name].choices
        first = alone.sort_values("share", ascending=False, kind="stable").drop_duplicates("process")
        first = first.set_index("process")[["option", "delivery_model", "owner", "country"]].add_prefix("alone_")
        kept = [*told[:4], *(["wave"] if "wave" in rows else []), *told[4:]]
        joined = rows[kept].join(first, on="process")
        same = set(zip(*(alone[name] for name in ("process", "option", "share")), strict=True))
        pairs = zip(*(joined[name] for name in ("process", "option", "share")), strict=True)
        joined["is_changed"] = [pair not in same for pair in pairs]
        tables.append(joined.assign(business_unit=block.name))
    whole = pd.concat(tables, ignore_index=True)
    front = ["business_unit", *(name for name in whole if name != "business_unit")]
    return whole[front].sort_values(["business_unit", "process", "option"], ignore_index=True)
