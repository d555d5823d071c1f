"""What follows from the shares of the alternatives: use of limits, money line by line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan.model.shared import list_shared, sum_lines
from sourcing.plan.model.structure import pick_money

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    given, lines = instance.rules.to_dict("records"), _sum_counted(instance, shares)
    records = []
    for limit in instance.limits:
        used, slack = measure_limit(instance, limit, shares, lines)
        record = {"where": None, "relative_to": None} | given[limit.source]
        record |= {"rule": limit.name, "belongs_to": limit.rule, "value": limit.value, "sense": limit.sense}
        records.append(record | {"limit": limit.limit, "used": used, "slack": slack})
    carried = [name for name in instance.rules.columns if name not in RULE_COLUMNS]
    return pd.DataFrame(records, columns=[*RULE_COLUMNS, *carried])


def measure_limit(
    instance: Instance, limit: Limit, shares: np.ndarray, lines: Mapping[str, float] | None = None
) -> tuple[float, float]:
    """Give use and slack of one limit; slack of `==` is minus the distance.

    A relative limit is used by `Σ amount / Σ base`; over a total of 0 the use is 0, or infinite where the
    amount is not 0. Shared money counts in the totals of the measures that `counts` names.

    Parameters
    ----------
    instance : Instance
    limit : Limit
    shares : ndarray of float, shape (n,)
    lines : mapping of str to float, optional
        Shared money by line, where it is known.
    """
    lines, counts = _sum_counted(instance, shares) if lines is None else lines, instance.structure.counts
    amount = _sum_chosen(limit.amounts, shares[limit.rows]) + pick_money(counts, limit.measure, lines)
    if limit.base is None:
        used, over = amount, amount - limit.limit
    else:
        total = _sum_chosen(limit.base, shares) + pick_money(counts, limit.relative_to, lines)
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


def _sum_counted(instance: Instance, shares: np.ndarray) -> dict[str, float]:
    """Sum the lines of shared money where any counts in a measure; nothing where none does."""
    return sum_lines(instance, shares) if instance.structure.counts else {}


def tabulate_shared(instance: Instance, shares: np.ndarray) -> pd.DataFrame:
    """Give each charge, pool and discount under a plan; see `Plan.shared`."""
    return pd.DataFrame(list_shared(instance, shares), columns=["line", "name", "used", "money"])


def add_lines(instance: Instance, shares: np.ndarray, handoffs: pd.DataFrame) -> pd.Series:
    """Add up the cost line by line; see `Plan.lines`."""
    read = instance.alternatives
    lines = {
        name: _sum_chosen(read.table[name].to_numpy(dtype=float), shares) for name in read.line_columns or ["cost"]
    }
    return pd.Series(lines | sum_lines(instance, shares, handoffs), name="money", dtype=float)
