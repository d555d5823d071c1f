"""What each option not chosen would change, all else as planned: the numbers behind every reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan.model import (
    HANDOFFS,
    SPLITS,
    Instance,
    Limit,
    change_lines,
    list_broken,
    read_alternatives,
    read_rules,
    sum_lines,
    use_shared,
)
from sourcing.plan.plan import find_shares, read_keys
from sourcing.plan.tolerance import KEPT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.plan.plan import Plan


def list_swaps(plan: Plan) -> pd.DataFrame:
    """List what each other alternative of each process would change if it alone were swapped in.

    extra_cost = its cost - cost of the chosen + change of hand-offs, charges, pools and discounts; negative means
    cheaper. The whole process moves, all parts of a split one. A swap that breaks nothing and is not barred can
    only be cheaper within the gap that the search was allowed to leave, or where cost is not the objective.

    Parameters
    ----------
    plan : Plan
        Any plan.

    Returns
    -------
    DataFrame
        One row per alternative not chosen, sorted by process and extra_cost: its columns process, option, wave,
        process_name and name (where the alternatives have them), extra_cost, handoff_change, shared_change (of
        charges, pools and discounts; money), breaks (tuple of the rules and orders it would break), is_barred
        (bool).
    """
    instance = plan.question.instance
    read, structure = instance.alternatives, instance.structure
    shares = find_shares(plan, instance)
    starts = instance.find_starts()
    paid = np.add.reduceat((read.cost - structure.splits.fixed_cost) * shares, starts)
    paid += np.add.reduceat(structure.splits.fixed_cost * (shares > 0.0), starts)
    changes = change_lines(instance, shares, plan.handoffs)
    handoffs = changes[HANDOFFS]
    shared = np.add.reduce([change for line, change in changes.items() if line not in (HANDOFFS, SPLITS)])
    others = np.flatnonzero(shares == 0.0)
    broken = _find_broken(instance, shares, changes)
    labels = [name for name in ("process", "option", "wave", "process_name", "name") if name in read.table.columns]
    swaps = read.table.loc[others, labels].assign(
        extra_cost=(read.cost - paid[read.process_of] + handoffs + shared)[others],
        handoff_change=handoffs[others],
        shared_change=shared[others],
        breaks=[tuple(sorted(broken.get(k, ()))) for k in others.tolist()],
        is_barred=instance.locks.barred[others],
    )
    order = [name for name in ("process", "extra_cost", "option", "wave") if name in swaps.columns]
    return swaps.sort_values(order, kind="stable", ignore_index=True)


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
    share_of = dict(zip(read_keys(plan), plan.choices["share"].tolist(), strict=True))
    shares = np.array([share_of[key] for key in read.keys])
    used = {
        k: _use(limit, shares) + use_shared(plan.question.instance, limit, plan.lines.to_dict())
        for k, limit in enumerate(limits)
    }
    return sorted({limit.rule for k, limit in enumerate(limits) if _over(limit, used[k]) > 0})


def _use(limit: Limit, shares: np.ndarray) -> float:
    rows, coefficients = limit.find_coefficients(len(shares))
    return float(coefficients @ shares[rows])


def _over(limit: Limit, use: np.ndarray | float) -> np.ndarray:
    """By how much a use is beyond the limit, more than the tolerance; 0 where it is kept."""
    right = limit.find_right_side()
    above, below = np.asarray(use) - right, right - np.asarray(use)
    over = {"<=": above, ">=": below, "==": np.maximum(above, below)}[limit.sense]
    return np.where(over > KEPT * max(1.0, abs(right)), over, 0.0)


def _find_broken(instance: Instance, shares: np.ndarray, changes: Mapping[str, np.ndarray]) -> dict[int, set[str]]:
    """Give the rules and orders that each alternative would break in place of its process's choice."""
    broken: dict[int, set[str]] = {}
    lines = sum_lines(instance, shares) if instance.structure.counts else {}
    process_of, starts = instance.alternatives.process_of, instance.find_starts()
    for limit in instance.limits:
        dense = np.zeros(len(shares))
        rows, coefficients = limit.find_coefficients(len(shares))
        dense[rows] = coefficients
        own = np.add.reduceat(dense * shares, starts)
        use = own.sum() - own[process_of] + dense + use_shared(instance, limit, lines)
        for line, weight in instance.weigh_lines(limit).items():
            use = use + weight * changes[line]
        for k in np.flatnonzero(_over(limit, use)).tolist():
            broken.setdefault(k, set()).add(limit.rule)
    for order in instance.structure.orders:
        if not order.pairs:
            continue
        ends = np.unique(process_of[np.concatenate([part for pair in order.pairs for part in pair])])
        for k in np.flatnonzero(np.isin(process_of, ends)).tolist():
            swapped = np.where(process_of == process_of[k], 0.0, shares)
            swapped[k] = 1.0
            if list_broken([order], swapped):
                broken.setdefault(k, set()).add(order.name)
    return broken
