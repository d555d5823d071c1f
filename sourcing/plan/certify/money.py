"""Recount the money: hand-offs, charges, pools, discounts, splits and the columns of cost."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING, Any

from sourcing.plan.certify.shared import ALLOWED, Check, Part, Parts, Row, is_blank, is_near, list_rows
from sourcing.plan.certify.structure import group_parts
from sourcing.plan.certify.where import read_rowwise

if TYPE_CHECKING:
    from sourcing.plan.certify.shared import Certifiable


@dataclass(frozen=True)
class Money:
    """The whole cost recounted, and what of it lies beside the chosen rows' own cost: pairs of line and money."""

    total: float
    beside: list[tuple[str, float]]

    def add_up(self, lines: Collection[str]) -> float:
        """Give the money of some lines."""
        return math.fsum(money for line, money in self.beside if line in lines)


def check_handoffs(plan: Certifiable, parts: Parts) -> tuple[list[Check], list[float]]:
    """Recount each link: traffic by place at both ends, and its price between the places stated."""
    if plan.question.links is None:
        return [("links", len(plan.handoffs), 0, len(plan.handoffs) == 0)], []
    cost_of: dict[frozenset[Any], float] = {}
    if plan.question.handoff_costs is not None:
        for row in plan.question.handoff_costs.to_dict("records"):
            cost_of[frozenset((row["place_a"], row["place_b"]))] = float(row["cost"])
    stated: dict[Any, list[Row]] = defaultdict(list)
    for row in plan.handoffs.to_dict("records"):
        stated[row["process_a"], row["process_b"]].append(row)
    grouped = group_parts(parts)
    checks: list[Check] = [("links", len(stated), len(plan.question.links), len(stated) == len(plan.question.links))]
    money = []
    for link in plan.question.links.to_dict("records"):
        ends = (link["process_a"], link["process_b"])
        claims = stated.get(ends, [])
        agrees = all(
            _agrees(claims, place, grouped.get(end, []), float(link["traffic"]))
            for end, place in zip(ends, ("place_a", "place_b"), strict=True)
        )
        again = math.fsum(float(row["traffic"]) * _price_pair(row, cost_of) for row in claims)
        claim = math.fsum(float(row["cost"]) for row in claims) if claims else math.nan
        checks.append((f"hand-off: {ends[0]} - {ends[1]}", claim, again, agrees and is_near(claim, again)))
        money.append(again)
    return checks, money


def _price_pair(row: Row, cost_of: dict[frozenset[Any], float]) -> float:
    pair = frozenset((row["place_a"], row["place_b"]))
    return cost_of.get(pair, 0.0 if len(pair) == 1 else math.nan)


def _agrees(claims: list[Row], place: str, own: list[Part], traffic: float) -> bool:
    """Tell whether the traffic stated at each place is the traffic times the process's share there."""
    due: dict[Any, float] = defaultdict(float)
    for row, share in own:
        due[row.get("place")] += share * traffic
    for row in claims:
        due[row[place]] -= float(row["traffic"])
    return all(abs(left) <= ALLOWED * max(1.0, traffic) for left in due.values())


def check_lines(plan: Certifiable, parts: Parts, handoffs: list[float]) -> tuple[list[Check], Money]:
    """Recount every line, every shared cost and their sum."""
    shared = _recount_shared(plan, parts)
    beside = [("handoffs", cost) for cost in handoffs] + [(line, money) for line, _, money in shared]
    beside.append(("splits", _recount_splits(plan, parts)))
    recounted = Money(math.fsum([parts.add_up("cost"), *(money for _, money in beside)]), beside)
    total = recounted.total
    own = map(mul, map(abs, parts.read_amounts("cost")), parts.shares)
    size = math.fsum(own) + math.fsum(abs(money) for _, money in beside)
    stated_total = math.fsum(plan.lines)
    checks: list[Check] = [("sum of lines", stated_total, total, is_near(stated_total, total, size / 1e3))]
    tables = {"charges": "charges", "pools": "pools", "discounts": "tiers", "splits": "items"}
    structure = plan.question.structure or {}
    due = {name for name, table in tables.items() if structure.get(table) is not None}
    due |= {"handoffs"} if plan.question.links is not None else set()
    due |= {_name_line(charge) for charge in list_rows(plan, "charges") or []}
    missing = sorted(due - set(plan.lines.index))
    checks.append(("lines missing", 0, len(missing), not missing))
    for name, stated in plan.lines.items():
        if name in due:
            again = recounted.add_up({str(name)})
        elif name in plan.question.alternatives.columns:
            again = parts.add_up(str(name))
        else:
            again = math.nan
        checks.append((f"line: {name}", float(stated), again, is_near(float(stated), again)))
    claims = {(row["line"], row["name"]): float(row["money"]) for row in plan.shared.to_dict("records")}
    count = len(plan.shared)
    checks.append(("shared costs", count, len(shared), count == len(shared) == len(claims)))
    for line, label, money in shared:
        claim = claims.get((line, label), math.nan)
        checks.append((f"{line}: {label}", claim, money, is_near(claim, money)))
    return checks, recounted


def _recount_splits(plan: Certifiable, parts: Parts) -> float:
    """What parts pay in full beyond their share."""
    if list_rows(plan, "items") is None or "fixed_cost" not in plan.question.alternatives.columns:
        return 0.0
    return math.fsum(float(row["fixed_cost"]) * (1.0 - share) for row, share in parts.pair_rows() if share < 1.0)


def _recount_shared(plan: Certifiable, parts: Parts) -> list[tuple[str, str, float]]:
    """Give line, name and money of each charge, pool and discount."""
    found = []
    for charge in list_rows(plan, "charges") or []:
        has_cell, has_where = not is_blank(charge.get("column")), not is_blank(charge.get("where"))
        holds = read_rowwise(charge["where"]) if has_where else (lambda _: True)
        is_used = any(
            (not has_cell or row[charge["column"]] == charge["value"]) and holds(row) for row in parts.view_rows()
        )
        name = f"{charge['column']} {charge['value']}" if is_blank(charge.get("charge")) else str(charge["charge"])
        found.append((_name_line(charge), name, float(charge["cost"]) if is_used else 0.0))
    pools = list_rows(plan, "pools") or []
    found += _recount_pools(pools, group_parts(parts) if pools else {})
    schedules: dict[str, list[Row]] = defaultdict(list)
    for tier in list_rows(plan, "tiers") or []:
        schedules[f"{tier['measure']} at {tier['column']} {tier['value']}"].append(tier)
    for name, tiers in schedules.items():
        found.append(("discounts", name, 0.0 - _recount_discount(tiers, parts)))
    return found


def _name_line(charge: Row) -> str:
    return "charges" if is_blank(charge.get("line")) else str(charge["line"])


def _recount_pools(users: list[Row], grouped: dict[Any, list[Part]]) -> list[tuple[str, str, float]]:
    cost_of: dict[str, float] = {}
    stays: dict[str, bool] = {}
    for user in users:
        pool = str(user["pool"])
        if not is_blank(user["cost"]):
            cost_of[pool] = float(user["cost"])
        flag = "is_as_is" if is_blank(user.get("column")) else user["column"]
        holds = (lambda row, flag=flag: bool(row[flag])) if is_blank(user.get("where")) else read_rowwise(user["where"])
        uses = any(holds(row) for row, _ in grouped.get(user["process"], []))
        stays[pool] = stays.get(pool, False) or uses
    return [("pools", pool, cost_of[pool] if used else 0.0) for pool, used in stays.items()]


def _recount_discount(tiers: list[Row], parts: Parts) -> float:
    """Enumeration the tiers upwards: all units take the last rate reached, increments each their own."""
    labels, value = parts.read(tiers[0]["column"]), tiers[0]["value"]
    volume = parts.add_up(tiers[0]["measure"], [row for row, label in enumerate(labels) if label == value])
    rising = sorted((float(tier["threshold"]), float(tier["discount_share"])) for tier in tiers)
    if tiers[0]["kind"] == "all_units":
        rate = 0.0
        for threshold, share in rising:
            if volume >= threshold - ALLOWED * max(1.0, threshold):
                rate = share
        return rate * volume
    tops = [threshold for threshold, _ in rising[1:]] + [math.inf]
    return math.fsum(
        share * (min(volume, top) - threshold)
        for (threshold, share), top in zip(rising, tops, strict=True)
        if volume > threshold
    )
