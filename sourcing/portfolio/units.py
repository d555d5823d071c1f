"""What each unit gives up or gains, what a center is worth, and what each of the group's rules costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan import sum_measure
from sourcing.portfolio.discounts import split_discount

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcing.portfolio.decide import GroupDecision

RULE_COLUMNS = [
    "rule", "belongs_to", "measure", "sense", "limit", "relative_to", "used", "slack", "is_binding", "used_alone",
    "is_kept_alone", "price", "drop_saving", "drop_lower", "drop_upper", "reason", "owner",
]  # fmt: skip
BINDING = 1e-6
"""A limit with less room than this part of it is used up."""


def list_discount_parts(decision: GroupDecision) -> pd.DataFrame:
    """Split every joint discount over the units by the Shapley value: provider, business_unit, volume, part, error."""
    tiers, tables = decision.group.tiers, []
    for schedule in decision.joint.discounts.to_dict("records"):
        name = str(schedule["schedule"])
        own = tiers[name == tiers["measure"] + " at " + tiers["column"] + " " + tiers["value"]]  # type: ignore[index]
        parts = split_discount(decision.joint.volumes[name], make_discount(own))
        parts = parts.rename_axis("business_unit").reset_index()
        tables.append(parts.assign(provider=own["value"].iloc[0]))
    columns = ["provider", "business_unit", "volume", "part", "error"]
    return pd.concat(tables)[columns].reset_index(drop=True) if tables else pd.DataFrame(columns=columns)


def make_discount(tiers: pd.DataFrame) -> Callable[[np.ndarray], np.ndarray]:
    """Make the function that gives a provider's discount at each volume.

    Examples
    --------
    >>> tiers = pd.DataFrame({"threshold": [100.0, 200.0], "discount_share": [0.1, 0.2], "kind": "incremental"})
    >>> make_discount(tiers)(np.array([50.0, 150.0, 300.0])).tolist()
    [0.0, 5.0, 30.0]
    """
    own = tiers.sort_values("threshold")
    starts, rates = own["threshold"].to_numpy(float), own["discount_share"].to_numpy(float)
    if (own["kind"] == "incremental").all():
        ends = np.append(starts[1:], np.inf)
        return lambda volumes: np.clip(np.minimum(np.asarray(volumes)[:, None], ends) - starts, 0.0, None) @ rates
    padded = np.append(0.0, rates)
    return lambda volumes: padded[(np.asarray(volumes)[:, None] >= starts * (1 - BINDING)).sum(axis=1)] * volumes


def list_units(decision: GroupDecision) -> pd.DataFrame:
    """List the units with what each could save and what it gives up for the group, most to save first.

    Returns
    -------
    DataFrame
        business_unit, name, currency, rate; in group currency: cash_today, cash_alone, cash_group (its part of joint
        discounts taken off), discount_part; saving_alone, saving_group (of cash); cost_alone, cost_group (what is
        minimized, likewise), gives_up (cost_group - cost_alone; below 0 it gains), cost_parted (with its part of every
        limit and no center; NaN where that leaves no plan); loss_today, loss_group; people, people_abroad; processes,
        moves, changed (processes decided otherwise than alone); alone_gap.
    """
    parts = list_discount_parts(decision).groupby("business_unit")["part"].sum()
    records = []
    for name, question in decision.group.units.items():
        plan, alone, parted = decision.plans[name], decision.alone[name], decision.parted[name]
        rate, part = float(decision.group.rates[name]), float(parts.get(name, 0.0))
        cash = {
            state: rate * sum_measure(each, "cash_cost")
            for state, each in (("today", question.as_is), ("alone", alone), ("group", plan))
        }
        unit = question.case.unit
        people = plan.choices["fte"] * plan.choices["share"]
        records.append(
            {
                "business_unit": name,
                "name": unit["name"],
                "currency": unit["currency"],
                "rate": rate,
                "cash_today": cash["today"],
                "cash_alone": cash["alone"],
                "cash_group": cash["group"] - part,
                "discount_part": part,
                "saving_alone": cash["today"] - cash["alone"],
                "saving_group": cash["today"] - cash["group"] + part,
                "cost_alone": rate * alone.objective,
                "cost_group": rate * plan.objective - part,
                "gives_up": rate * (plan.objective - alone.objective) - part,
                "cost_parted": rate * parted.objective if parted is not None else np.nan,
                "loss_today": rate * sum_measure(question.as_is, "expected_loss"),
                "loss_group": rate * sum_measure(plan, "expected_loss"),
                "people": float(people.sum()),
                "people_abroad": float(people[plan.choices["is_abroad"].astype(bool)].sum()),
                "processes": plan.choices["process"].nunique(),
                "moves": int((~plan.choices["is_as_is"].astype(bool)).sum()),
                "changed": count_changed(plan.choices, alone.choices),
                "alone_gap": alone.gap,
            }
        )
    table = pd.DataFrame(records)
    return table.sort_values(["saving_group", "business_unit"], ascending=[False, True], ignore_index=True)


def count_changed(choices: pd.DataFrame, others: pd.DataFrame) -> int:
    """Count the processes that two plans of a unit decide otherwise: another option, wave or share."""
    keys = [name for name in ("process", "option", "wave") if name in choices]
    shares = [table.set_index(keys)["share"].astype(float) for table in (choices, others)]
    both = pd.concat(shares, axis=1, keys=["one", "other"]).fillna(0.0)
    differ = (both["one"] - both["other"]).abs() > BINDING
    return int(both[differ].reset_index()["process"].nunique())


def list_rules(decision: GroupDecision) -> pd.DataFrame:
    """List the group's rules with use and price.

    Returns
    -------
    DataFrame
        One row per limit: rule, belongs_to, measure, sense, limit, relative_to, used, slack, is_binding, used_alone (by
        the units' own plans together), is_kept_alone, price (of one more unit at the margin, group currency),
        drop_saving (what the group would save without the whole rule it belongs to, as found), drop_lower, drop_upper
        (proven), reason, owner.
    """
    told = decision.group.rules.set_index("rule")
    alone = decision.alone_rules.set_index("rule")
    joint, records = decision.joint, []
    for row in joint.rules.to_dict("records"):
        source = told.loc[row["belongs_to"]]
        rule = str(source["belongs_to"])
        free = decision.lifted.get(rule)
        records.append(
            {
                "rule": row["rule"],
                "belongs_to": rule,
                "measure": row["measure"],
                "sense": row["sense"],
                "limit": row["limit"],
                "relative_to": row["relative_to"],
                "used": row["used"],
                "slack": row["slack"],
                "is_binding": bool(abs(row["slack"]) <= BINDING * max(1.0, abs(row["limit"])) or row["price"] > 0.0),
                "used_alone": alone["used"].get(row["rule"], 0.0),
                "is_kept_alone": bool(alone["is_kept"].get(row["rule"], True)),
                "price": row["price"],
                "drop_saving": np.nan if free is None else max(0.0, joint.objective - free.objective),
                "drop_lower": np.nan if free is None else max(0.0, joint.bound - free.objective),
                "drop_upper": np.nan if free is None else max(0.0, joint.objective - free.bound),
                "reason": source["reason"],
                "owner": source["owner"],
            }
        )
    return pd.DataFrame(records, columns=RULE_COLUMNS)


def weigh_center(decision: GroupDecision) -> dict[str, float]:
    """Weigh what a center is worth, in group currency.

    Returns
    -------
    dict
        today, alone (units by themselves, the group's rules aside), group, parted (each with its part of every limit;
        NaN where a unit has no plan then), rules_cost (group - alone: what the rules cost less what joint discounts
        bring), center_saves (parted - group), discounts.
    """
    rates = decision.group.rates
    today = sum(float(rates[name]) * question.as_is.objective for name, question in decision.group.units.items())
    alone = sum(float(rates[name]) * plan.objective for name, plan in decision.alone.items())
    missing = any(plan is None for plan in decision.parted.values())
    parted = np.nan if missing else sum(
        float(rates[name]) * plan.objective for name, plan in decision.parted.items() if plan is not None
    )  # fmt: skip
    return {
        "today": today,
        "alone": alone,
        "group": decision.joint.objective,
        "parted": parted,
        "rules_cost": decision.joint.objective - alone,
        "center_saves": parted - decision.joint.objective,
        "discounts": float(decision.joint.discounts["discount"].sum()),
    }
