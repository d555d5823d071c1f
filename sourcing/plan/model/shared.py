"""Money that is shared: line by line, as terms of rows in which it counts, and between which ends it lies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.model.handoffs import change_handoffs, tabulate_handoffs
from sourcing.plan.model.structure import (
    CHARGES,
    DISCOUNTS,
    HANDOFFS,
    POOLS,
    SPLITS,
    change_discounts,
    change_fixed_charges,
    find_discount,
    find_largest,
    is_paid,
    price_splits,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sourcing.plan.model.instance import Instance
    from sourcing.plan.model.rules import Limit
    from sourcing.plan.model.writer import Terms


def list_shared(instance: Instance, shares: np.ndarray) -> list[tuple[str, str, float, float]]:
    """List line, name, use and money of each charge, pool and discount under a plan; see `Plan.shared`."""
    records = []
    for charge in instance.structure.fixed_charges:
        used = float(is_paid(charge, shares))
        records.append((charge.line, charge.name, used, charge.cost * used))
    for schedule in instance.structure.schedules:
        volume = math.fsum((schedule.amounts * shares[schedule.rows]).tolist())
        money = 0.0 - float(find_discount(schedule, np.array([volume]))[0])
        records.append((DISCOUNTS, schedule.name, volume, money))
    return records


def sum_lines(instance: Instance, shares: np.ndarray, handoffs: pd.DataFrame | None = None) -> dict[str, float]:
    """Sum the money of each line of shared money that the question has."""
    structure, lines = instance.structure, dict[str, float]()
    if instance.links is not None:
        table = tabulate_handoffs(instance, shares) if handoffs is None else handoffs
        lines[HANDOFFS] = math.fsum(table["cost"].tolist())
    given = {POOLS: "pools", DISCOUNTS: "tiers", **dict.fromkeys(structure.charge_lines, CHARGES)}
    records = list_shared(instance, shares)
    for line in (*structure.charge_lines, POOLS, DISCOUNTS):
        if given[line] in structure.given:
            lines[line] = math.fsum(money for own, _, _, money in records if own == line)
    if "items" in structure.given:
        lines[SPLITS] = math.fsum(price_splits(structure.splits, shares).tolist())
    return lines


def count_shared(instance: Instance, limit: Limit, lines: Mapping[str, Terms]) -> Terms:
    """Give the columns and coefficients by which shared money stands in the row of a limit."""
    weights = instance.weigh_lines(limit)
    terms = [(lines[line][0], weight * lines[line][1]) for line, weight in weights.items() if line in lines]
    empty = np.array([], dtype=np.int64), np.array([])
    positions, amounts = zip(*(terms or [empty]), strict=True)
    return np.concatenate(positions), np.concatenate(amounts)


def use_shared(instance: Instance, limit: Limit, lines: Mapping[str, float]) -> float:
    """Give what shared money adds to the left side of a limit's row."""
    weights = instance.weigh_lines(limit)
    return math.fsum(weight * lines.get(line, 0.0) for line, weight in weights.items())


def bound_lines(instance: Instance) -> dict[str, tuple[float, float]]:
    """Give the least and the most that each line of shared money can be under any plan."""
    structure, process_of = instance.structure, instance.alternatives.process_of
    ends = dict.fromkeys((HANDOFFS, POOLS, DISCOUNTS, SPLITS, *structure.charge_lines), (0.0, 0.0))
    for charge in structure.fixed_charges:
        least, most = ends[charge.line]
        ends[charge.line] = least + min(charge.cost, 0.0), most + max(charge.cost, 0.0)
    links = instance.links.links if instance.links is not None else []
    ends[HANDOFFS] = (
        math.fsum(float(np.nanmin(link.costs)) for link in links),
        math.fsum(float(np.nanmax(link.costs)) for link in links),
    )
    ends[DISCOUNTS] = -math.fsum(find_largest(each, process_of) for each in structure.schedules), 0.0
    ends[SPLITS] = 0.0, float(structure.splits.fixed_cost.sum())
    return ends


def bound_shared(instance: Instance, weights: Mapping[str, float]) -> tuple[float, float]:
    """Give the least and the most of a weighted sum of lines of shared money."""
    ends = bound_lines(instance)
    found = [sorted(weight * end for end in ends[line]) for line, weight in weights.items()]
    return math.fsum(low for low, _ in found), math.fsum(high for _, high in found)


def change_lines(instance: Instance, shares: np.ndarray, handoffs: pd.DataFrame) -> dict[str, np.ndarray]:
    """Give the change of each line if each alternative alone replaced its process's choice, each of shape (n,)."""
    structure, process_of = instance.structure, instance.alternatives.process_of
    changes = {HANDOFFS: change_handoffs(instance, shares, handoffs)}
    for line in (*structure.charge_lines, POOLS):
        own = [charge for charge in structure.fixed_charges if charge.line == line]
        changes[line] = change_fixed_charges(own, process_of, shares)
    changes[DISCOUNTS] = change_discounts(structure.schedules, process_of, shares)
    paid = np.bincount(process_of, weights=price_splits(structure.splits, shares))
    changes[SPLITS] = 0.0 - paid[process_of]
    return changes
