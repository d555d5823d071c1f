"""Recount splits and orders: parts, least shares, together, apart, not before."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from sourcing.plan.certify.shared import ALLOWED, Check, Part, Parts, Row, is_blank, is_near, list_rows, read_label

if TYPE_CHECKING:
    from sourcing.plan.certify.shared import Certifiable


def group_parts(parts: Parts) -> dict[Any, list[Part]]:
    """Group the chosen rows by process."""
    grouped: dict[Any, list[Part]] = defaultdict(list)
    for row, share in parts.pair_rows():
        grouped[row["process"]].append((row, share))
    return grouped


def check_items(plan: Certifiable, parts: Parts) -> list[Check]:
    """A whole process has one part; a divisible one no more and no smaller parts than its row says."""
    items = list_rows(plan, "items") or []
    counts = Counter(parts.read("process"))
    grouped = group_parts(parts) if items else {}
    whole, wrong = set(counts), 0
    for item in items:
        if not bool(item["divisible"]):
            continue
        own = grouped.get(item["process"], [])
        whole.discard(item["process"])
        most = len(own) if is_blank(item.get("max_parts")) else float(item["max_parts"])
        least = 0.0 if is_blank(item.get("min_share")) else float(item["min_share"])
        wrong += len(own) > most or any(share < least - ALLOWED for _, share in own)
    cut = sum(counts[process] > 1 for process in whole)
    checks: list[Check] = [("processes split that are not divisible", 0, cut, cut == 0)]
    return [*checks, ("splits outside their limits", 0, wrong, wrong == 0)]


def check_orders(plan: Certifiable, parts: Parts) -> list[Check]:
    """Each order holds."""
    orders = list_rows(plan, "orders") or []
    grouped = group_parts(parts) if orders else {}
    words = {"together": "with", "apart": "apart from", "not_before": "not before"}
    tests = {"together": _are_together, "apart": _are_apart, "not_before": _is_not_before}
    checks: list[Check] = []
    for order in orders:
        ends = [grouped.get(order[end], []) for end in ("process_a", "process_b")]
        holds = tests[order["kind"]](order, *ends)
        name = f"order: {order['process_a']} {words[order['kind']]} {order['process_b']}"
        checks.append((name, 1.0, float(holds), holds))
    return checks


def _are_together(order: Row, first: list[Part], second: list[Part]) -> bool:
    sums: list[dict[Any, float]] = [{}, {}]
    for side, own in zip(sums, (first, second), strict=True):
        for row, share in own:
            label = _show_label(row, order["column"])
            side[label] = side.get(label, 0.0) + share
    return all(is_near(sums[0].get(label, 0.0), sums[1].get(label, 0.0)) for label in {*sums[0], *sums[1]})


def _are_apart(order: Row, first: list[Part], second: list[Part]) -> bool:
    labels = [{_show_label(row, order["column"]) for row, _ in own} - {None} for own in (first, second)]
    return not labels[0] & labels[1]


def _show_label(row: Row, column: str) -> Any:
    """Give a label; what stays as it is has no wave."""
    stays = column == "wave" and row.get("is_as_is") in (True, 1)
    return None if stays else read_label(row[column])


def _is_not_before(order: Row, first: list[Part], second: list[Part]) -> bool:
    lag = 0.0 if is_blank(order.get("lag")) else float(order["lag"])
    latest = max(_find_start(row) for row, _ in second)
    return all(_find_start(row) >= latest + lag for row, _ in first)


def _find_start(row: Row) -> float:
    wave = _show_label(row, "wave")
    return math.inf if wave is None else float(wave)
