"""The answer: what was chosen, what it costs, what limits it, and what it was made from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.plan.rules import Limit
    from sourcing.plan.statement import Statement

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


@dataclass(frozen=True, eq=False)
class Plan:
    """A choice of one alternative per process, certified.

    Attributes
    ----------
    choices : DataFrame
        The chosen rows of the alternatives with all their columns and `share`, sorted by process.
    objective : float
        Sum of `lines`; lower is better.
    bound : float
        Proven: no plan that keeps the rules costs less.
    gap : float
        (objective - bound) / |objective|; see `measure_gap`.
    status : str
        `optimal` (gap at most the gap asked) or `feasible`.
    seconds : float
        Wall time of `choose`, certificate included.
    lines : Series
        Money by line: each `cost_*` column, or `cost` where there are none; then `handoffs` if links were
        given.
    rules : DataFrame
        One row per limit, sorted: rule (with the value of `for_each` in brackets), belongs_to (the analyst's
        rule), value, measure, where, sense, limit, relative_to, used, slack (at least 0: kept), then what
        else the rules table said. Limit and use of a relative rule are shares of the total of `relative_to`.
    handoffs : DataFrame
        One row per link: process_a, process_b, traffic, place_a, place_b, cost.
    alternatives, rulebook, links, handoff_costs : DataFrame or None
        What the plan was made from, as given; `rulebook` is the argument `rules`.
    structure : dict or None
    policy : object
    asked_gap, time_limit : float
    """

    choices: pd.DataFrame
    objective: float
    bound: float
    gap: float
    status: str
    seconds: float
    lines: pd.Series
    rules: pd.DataFrame
    handoffs: pd.DataFrame
    alternatives: pd.DataFrame
    rulebook: pd.DataFrame | None
    links: pd.DataFrame | None
    handoff_costs: pd.DataFrame | None
    structure: Mapping[str, pd.DataFrame] | None
    policy: Any
    asked_gap: float
    time_limit: float


def measure_gap(objective: float, bound: float, absolute_sum: float) -> float:
    """Give the relative gap between a plan and its bound.

    Formula: `(objective - bound) / |objective|`; where `|objective|` is below a millionth of the sum of the
    absolute chosen costs, relative to that sum; 0 where nothing is left to prove.

    Examples
    --------
    >>> measure_gap(100.0, 99.0, 100.0), measure_gap(0.0, -1.0, 200.0), measure_gap(0.0, 0.0, 0.0)
    (0.01, 0.005, 0.0)
    """
    left = max(0.0, objective - bound)
    base = abs(objective) if abs(objective) >= 1e-6 * absolute_sum else absolute_sum
    if left == 0.0:
        return 0.0
    return left / base if base > 0.0 else math.inf


def tabulate_rules(statement: Statement, chosen: np.ndarray) -> pd.DataFrame:
    """Give use and slack of each limit under a choice.

    Parameters
    ----------
    statement : Statement
        The checked question.
    chosen : ndarray of int
        Positions of the chosen alternatives.

    Returns
    -------
    DataFrame
        See `Plan.rules`.
    """
    is_chosen = np.zeros(len(statement.alternatives.cost), dtype=bool)
    is_chosen[chosen] = True
    records = []
    for limit in statement.limits:
        used, slack = measure_limit(limit, is_chosen)
        given = statement.rules.iloc[limit.source].to_dict()
        record = {"where": None, "relative_to": None} | given
        record |= {"rule": limit.name, "belongs_to": limit.rule, "value": limit.value, "sense": limit.sense}
        records.append(record | {"limit": limit.limit, "used": used, "slack": slack})
    carried = [name for name in statement.rules.columns if name not in RULE_COLUMNS]
    return pd.DataFrame(records, columns=[*RULE_COLUMNS, *carried])


def measure_limit(limit: Limit, is_chosen: np.ndarray) -> tuple[float, float]:
    """Give use and slack of one limit; slack of `==` is minus the distance.

    A relative limit is used by `Σ amount / Σ base`; over a total of 0 the use is 0, or infinite where the
    amount is not 0.
    """
    amount = math.fsum(limit.amounts[is_chosen[limit.rows]].tolist())
    if limit.base is None:
        used, over = amount, amount - limit.limit
    else:
        total = math.fsum(limit.base[is_chosen].tolist())
        if total == 0.0:
            used, over = (0.0 if amount == 0.0 else math.copysign(math.inf, amount)), amount
        else:
            used, over = amount / total, (amount - limit.limit * total) / abs(total)
    if limit.sense == "==":
        return used, -abs(over)
    return used, (-over if limit.sense == "<=" else over) + 0.0


def tabulate_handoffs(statement: Statement, chosen: np.ndarray) -> pd.DataFrame:
    """Give the places at both ends of each link under a choice, and what its hand-offs cost."""
    columns = ["process_a", "process_b", "traffic", "place_a", "place_b", "cost"]
    links, read = statement.links, statement.alternatives
    if links is None or not links.links:
        return pd.DataFrame(columns=columns)
    place_of = {int(read.process_of[k]): int(links.place_of[k]) for k in chosen}
    records = []
    for link in links.links:
        p, q = place_of[link.a], place_of[link.b]
        cost = float(link.costs[link.places_a.index(p), link.places_b.index(q)])
        ends = (read.processes[link.a], read.processes[link.b])
        records.append((*ends, link.traffic, links.places[p], links.places[q], cost))
    return pd.DataFrame(records, columns=columns)


def add_lines(statement: Statement, chosen: np.ndarray, handoffs: pd.DataFrame) -> pd.Series:
    """Add up the objective line by line."""
    read = statement.alternatives
    lines = {
        name: math.fsum(read.table[name].iloc[chosen].to_numpy(dtype=float).tolist())
        for name in read.line_columns or ["cost"]
    }
    if statement.links is not None:
        lines["handoffs"] = math.fsum(handoffs["cost"].tolist())
    return pd.Series(lines, name="money", dtype=float)
