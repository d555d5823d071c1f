"""What follows from the shares of the alternatives: use of limits, money that is shared, money line by line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan.model.structure import find_discount, is_paid, price_splits

if TYPE_CHECKING:
    from sourcing.plan.model.instance import Instance
    from sourcing.plan.model.rules import Limit

RULE_COLUMNS = (
    "rule",
    "belongs_to",
    "value",
    "measure",
    "where",
    "sense",
    "limit",
    "relative_to",
    "used",
    "slack",
)


def tabulate_rules(instance: Instance, shares: np.ndarray) -> pd.DataFrame:
    """Give use and slack of each limit under a plan.

    Parameters
    ----------
    instance : Instance
        The checked question.
    shares : ndarray of float, shape (n,)
        Share of each alternative.

    Returns
    -------
    DataFrame
        See `Plan.rules`.
    """
    given = instance.rules.to_dict("records")
    records = []
    for limit in instance.limits:
        used, slack = measure_limit(limit, shares)
        record = {"where": None, "relative_to": None} | given[limit.source]
        record |= {"rule": limit.name, "belongs_to": limit.rule, "value": limit.value, "sense": limit.sense}
        records.append(record | {"limit": limit.limit, "used": used, "slack": slack})
    carried = [name for name in instance.rules.columns if name not in RULE_COLUMNS]
    return pd.DataFrame(records, columns=[*RULE_COLUMNS, *carried])


def measure_limit(limit: Limit, shares: np.ndarray) -> tuple[float, float]:
    """Give use and slack of one limit; slack of `==` is minus the distance.

    A relative limit is used by `Σ amount / Σ base`; over a total of 0 the use is 0, or infinite where the
    amount is not 0.
    """
    amount = _sum_chosen(limit.amounts, shares[limit.rows])
    if limit.base is None:
        used, over = amount, amount - limit.limit
    else:
        total = _sum_chosen(limit.base, shares)
        if total == 0.0:
            used, over = (0.0 if amount == 0.0 else math.copysign(math.inf, amount)), amount
        else:
            used, over = amount / total, (amount - limit.limit * total) / abs(total)
    if limit.sense == "==":
        return used, -abs(over)
    return used, (-over if limit.sense == "<=" else over) + 0.0


def _sum_chosen(amounts: np.ndarray, shares: np.ndarray) -> float:
    chosen = np.flatnonzero(shares)
    return math.fsum((amounts[chosen] * shares[chosen]).tolist())


def tabulate_shared(instance: Instance, shares: np.ndarray) -> pd.DataFrame:
    """Give each charge, pool and discount under a plan; see `Plan.shared`."""
    records = []
    for charge in instance.structure.fixed_charges:
        used = float(is_paid(charge, shares))
        records.append((charge.line, charge.name, used, charge.cost * used))
    for schedule in instance.structure.schedules:
        volume = _sum_chosen(schedule.amounts, shares[schedule.rows])
        money = 0.0 - float(find_discount(schedule, np.array([volume]))[0])
        records.append(("discounts", schedule.name, volume, money))
    return pd.DataFrame(records, columns=["line", "name", "used", "money"])


def add_lines(instance: Instance, shares: np.ndarray, handoffs: pd.DataFrame, shared: pd.DataFrame) -> pd.Series:
    """Add up the cost line by line; see `Plan.lines`."""
    read, structure = instance.alternatives, instance.structure
    lines = {
        name: _sum_chosen(read.table[name].to_numpy(dtype=float), shares) for name in read.line_columns or ["cost"]
    }
    if instance.links is not None:
        lines["handoffs"] = math.fsum(handoffs["cost"].tolist())
    for line, table in (("charges", "charges"), ("pools", "pools"), ("discounts", "tiers")):
        if table in structure.given:
            lines[line] = math.fsum(shared.loc[shared["line"] == line, "money"].tolist())
    if "items" in structure.given:
        lines["splits"] = math.fsum(price_splits(structure.splits, shares).tolist())
    return pd.Series(lines, name="money", dtype=float)
