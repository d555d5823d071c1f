"""What each option not chosen would change, all else as planned: the numbers behind every reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan.alternatives import read_alternatives
from sourcing.plan.rules import Limit, read_rules
from sourcing.plan.statement import Statement, read_statement
from sourcing.plan.tables import TOLERANCE

if TYPE_CHECKING:
    from sourcing.plan.plan import Plan


def list_swaps(plan: Plan) -> pd.DataFrame:
    """List what each other alternative of each process would change if it alone were swapped in.

    extra_cost = its cost - cost of the chosen + change of hand-offs; negative means cheaper. A swap that breaks
    no rule and is not barred can only be cheaper within the gap that the search was allowed to leave.

    Parameters
    ----------
    plan : Plan
        With one alternative chosen per process.

    Returns
    -------
    DataFrame
        One row per alternative not chosen, sorted by process and extra_cost: its columns process, option,
        process_name and name (where the alternatives have them), extra_cost, handoff_change (money),
        breaks (tuple of the rules it would break), is_barred (bool).
    """
    statement = read_statement(plan.alternatives, plan.rulebook, plan.links, plan.handoff_costs, plan.structure)
    read = statement.alternatives
    chosen = _find_chosen(plan, statement)
    chosen_of = chosen[read.process_of]
    handoffs = _change_handoffs(statement, chosen)
    others = np.flatnonzero(np.arange(len(read.cost)) != chosen_of)
    broken = _find_broken(statement.limits, chosen_of, chosen, len(read.cost))
    labels = [name for name in ("process", "option", "process_name", "name") if name in read.table.columns]
    swaps = read.table.loc[others, labels].assign(
        extra_cost=(read.cost - read.cost[chosen_of] + handoffs)[others],
        handoff_change=handoffs[others],
        breaks=[tuple(sorted(broken[k])) for k in others],
        is_barred=statement.locks.barred[others],
    )
    return swaps.sort_values(["process", "extra_cost", "option"], kind="stable", ignore_index=True)


def list_breaks(plan: Plan, rules: pd.DataFrame) -> list[str]:
    """List the rules that a plan made without them breaks.

    Parameters
    ----------
    plan : Plan
        Any plan.
    rules : DataFrame
        As for `choose`.
    """
    read = read_alternatives(plan.choices.drop(columns="share"))
    _, limits = read_rules(rules, read)
    ones = np.ones(len(read.cost))
    return sorted({limit.rule for limit in limits if _over(limit, _use(limit, ones)) > 0})


def _find_chosen(plan: Plan, statement: Statement) -> np.ndarray:
    """Position of the chosen alternative of each process."""
    place = {key: k for k, key in enumerate(statement.alternatives.keys)}
    keys = ["process", "option"] + (["wave"] if "wave" in plan.choices else [])
    return np.array([place[key] for key in plan.choices[keys].itertuples(index=False, name=None)])


def _use(limit: Limit, taken: np.ndarray) -> float:
    rows, coefficients = limit.find_coefficients(len(taken))
    return float(coefficients @ taken[rows])


def _over(limit: Limit, use: np.ndarray | float) -> np.ndarray:
    """By how much a use is beyond the limit, more than the tolerance; 0 where it is kept."""
    right = limit.find_right_side()
    above, below = np.asarray(use) - right, right - np.asarray(use)
    over = {"<=": above, ">=": below, "==": np.maximum(above, below)}[limit.sense]
    return np.where(over > TOLERANCE * max(1.0, abs(right)), over, 0.0)


def _find_broken(limits: list[Limit], chosen_of: np.ndarray, chosen: np.ndarray, n: int) -> list[set[str]]:
    broken: list[set[str]] = [set() for _ in range(n)]
    for limit in limits:
        dense = np.zeros(n)
        rows, coefficients = limit.find_coefficients(n)
        dense[rows] = coefficients
        use = dense[chosen].sum() - dense[chosen_of] + dense
        for k in np.flatnonzero(_over(limit, use)):
            broken[k].add(limit.rule)
    return broken


def _change_handoffs(statement: Statement, chosen: np.ndarray) -> np.ndarray:
    """Change of hand-off cost if each alternative alone were swapped in; inf where a pair of places has no cost."""
    read, links = statement.alternatives, statement.links
    change = np.zeros(len(read.cost))
    for link in links.links if links is not None else []:
        place_of = links.place_of  # type: ignore[union-attr]
        row, column = (
            link.places_a.index(place_of[chosen[link.a]]),
            link.places_b.index(place_of[chosen[link.b]]),
        )
        now = link.costs[row, column]
        for end, costs, places in (
            (link.a, link.costs[:, column], link.places_a),
            (link.b, link.costs[row], link.places_b),
        ):
            mine = np.flatnonzero(read.process_of == end)
            swapped = costs[[places.index(place) for place in place_of[mine]]]
            change[mine] += np.where(np.isnan(swapped), np.inf, swapped - now)
    return change
