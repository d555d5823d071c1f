"""The same process decided differently in two units, and why the second does not do as the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.case import DISTINCT, WORST_TENTH
from sourcing.where import match_where

if TYPE_CHECKING:
    from sourcing.plan import Block
    from sourcing.portfolio.decide import GroupDecision

ALIKE = ["delivery_model", "owner", "where"]
"""What a process is decided to be: two units with all of it alike decide alike; home is home, whatever the country."""
HOME = "home"
COLUMNS = [
    "process", "process_name", "unit", "delivery_model", "owner", "where", "other_unit", "other_delivery_model",
    "other_owner", "other_where", "cause", "detail", "extra_cost",
]  # fmt: skip
NOT_OFFERED, BARRED, COST, GROUP_RULE, UNIT_RULE = "not offered", "barred", "cost", "group rule", "unit rule"
"""Causes, in the order in which they are looked for."""


def list_differences(decision: GroupDecision) -> pd.DataFrame:
    """List processes that units decide differently: the way of most units against each that goes another way.

    Why a unit does not do as most do, the first of: no such option is offered to it; a ban bars it (the ban is named);
    it costs the unit more (the line that differs most is named); a rule of the group prices it more than it saves; a
    rule of its own stands against it.

    Returns
    -------
    DataFrame
        process, process_name; unit with its delivery_model, owner and where; other_unit, the first that does as most
        do, with the same; cause, detail, extra_cost (what doing as the other would cost the unit more, what processes
        share aside, in group currency; NaN where it cannot).
    """
    blocks = {block.name: block for block in decision.group.blocks}
    decided = pd.concat(
        [
            plan.choices.sort_values(["process", "share"], ascending=[True, False], kind="stable")
            .drop_duplicates("process")
            .assign(business_unit=name, where=place_rows)
            for name, plan in decision.plans.items()
        ],
        ignore_index=True,
    )
    records = []
    for process, rows in decided.groupby("process", sort=True):
        ways = rows.groupby(ALIKE, sort=True)["business_unit"].count()
        if len(ways) < 2:
            continue
        usual = ways.index[int(ways.to_numpy().argmax())]
        first = rows[rows.set_index(ALIKE).index == usual].iloc[0]
        for own in rows[rows.set_index(ALIKE).index != usual].to_dict("records"):
            block = blocks[own["business_unit"]]
            cause, detail, extra = explain_difference(decision, block, own, first)
            records.append(
                (process, own["process_name"], own["business_unit"], *(own[name] for name in ALIKE),
                 first["business_unit"], *(first[name] for name in ALIKE), cause, detail, extra)
            )  # fmt: skip
    return pd.DataFrame(records, columns=COLUMNS).astype({"extra_cost": float})


def explain_difference(
    decision: GroupDecision, block: Block, own: dict[str, Any], other: pd.Series
) -> tuple[str, str, float]:
    """Explain why a unit does not do as another: cause, detail, extra cost."""
    offers = block.question.alternatives
    offers = offers[offers["process"] == own["process"]]
    same = offers[
        (offers["delivery_model"] == other["delivery_model"])
        & (offers["owner"] == other["owner"])
        & (place_rows(offers) == other["where"])
    ]
    if same.empty:
        return NOT_OFFERED, "", float("nan")
    open_ones = same[same["barred_by"] == ""]
    if open_ones.empty:
        return BARRED, "; ".join(dict.fromkeys("; ".join(same["barred_by"]).split("; "))), float("nan")
    best = open_ones.loc[open_ones["cost"].idxmin()]
    scale = block.find_scale("cost")
    extra = scale * (float(best["cost"]) - float(own["cost"]))
    if extra > 0:
        lines = [name for name in offers if name.startswith("cost_") and pd.api.types.is_numeric_dtype(offers[name])]
        worse = {name: scale * (float(best[name]) - float(own[name])) for name in lines}
        return COST, max(worse, key=lambda name: worse[name]), extra
    rule = find_priced_rule(decision, block, own, best)
    return (GROUP_RULE, rule, extra) if rule else (UNIT_RULE, "", extra)


def place_rows(rows: pd.DataFrame) -> pd.Series:
    """Give where each alternative is done: the country abroad, or home."""
    return rows["country"].where(rows["is_abroad"].astype(bool), HOME)


def find_priced_rule(decision: GroupDecision, block: Block, own: dict[str, Any], best: pd.Series) -> str:
    """Find the rule of the group whose price speaks most against an alternative; "" where none does.

    A rule on how many values are in use speaks against a value that the group does not use; a share counts what the
    alternative adds to its total as well.
    """
    pair = pd.DataFrame([own, best.to_dict()])
    rules, weights = decision.group.rules.set_index("rule"), dict[str, float]()
    for row in decision.joint.rules[decision.joint.rules["price"] > 0.0].to_dict("records"):
        rule = rules.loc[row["belongs_to"]]
        measure, name = str(rule["measure"]), str(rule["belongs_to"])
        if measure == WORST_TENTH:
            weights[name] = row["price"] * _step_tail(decision, block, own, best)
            continue
        holds = pd.Series(match_where(rule["where"], pair)).astype(float)
        if measure.startswith(DISTINCT):
            column = measure.removeprefix(DISTINCT)
            used = {label for plan in decision.plans.values() for label in plan.choices[column]}
            if holds.iloc[1] and best[column] not in used:
                return name
            continue
        if rule["for_each"]:
            holds *= (pair[rule["for_each"]] == row["value"]).to_numpy(float)
        step, price = _step(block, pair, measure, holds), row["price"]
        if rule["relative_to"]:
            base = str(rule["relative_to"])
            step -= row["limit"] * _step(block, pair, base, pd.Series([1.0, 1.0]))
            price /= _sum_whole(decision, base) or 1.0
        weights[name] = weights.get(name, 0.0) + (-price if row["sense"] == ">=" else price) * step
    named = [rule for rule, weight in weights.items() if weight > 0.0]
    return max(named, key=lambda rule: weights[rule]) if named else ""


def _step(block: Block, pair: pd.DataFrame, measure: str, holds: pd.Series) -> float:
    """Give what taking the second of two alternatives for the first adds to a measure, at the block's scale."""
    amounts = holds if measure == "count" else pair[measure].astype(float) * holds
    return block.find_scale(measure) * float(amounts.iloc[1] - amounts.iloc[0])


def _step_tail(decision: GroupDecision, block: Block, own: dict[str, Any], best: pd.Series) -> float:
    """Give what taking an alternative for another adds in the futures that are worst under the group's plan."""
    if decision.group.tail is None:
        return 0.0
    offers = block.question.alternatives
    amounts = pd.Series(decision.group.tail.find_cut(decision.plans)[block.name], offers.index)
    keys = [name for name in ("process", "option", "wave") if name in offers]
    chosen = offers.index[np.logical_and.reduce([offers[name] == own[name] for name in keys])][0]
    return block.find_scale("cost") * float(amounts.loc[best.name] - amounts.loc[chosen])


def _sum_whole(decision: GroupDecision, measure: str) -> float:
    """Sum a measure over the group's plan, shared money aside."""
    total = 0.0
    for block in decision.group.blocks:
        choices = decision.plans[block.name].choices
        own = choices["share"] if measure == "count" else choices[measure] * choices["share"]
        total += block.find_scale(measure) * float(own.sum())
    return total
