"""Recount the levels: what each weighs, what it may not exceed, and the bound, gap and status of the last."""

from __future__ import annotations

import math
from collections.abc import Mapping
from operator import mul
from typing import TYPE_CHECKING, Any

from sourcing.plan.certify.shared import ALLOWED, Check, Parts, is_near, read_counts

if TYPE_CHECKING:
    from sourcing.plan.certify.money import Money
    from sourcing.plan.certify.shared import Certifiable

Level = tuple[dict[str, float], float, str]


def _list_levels(objective: Any) -> list[Level]:
    """Give weights, tolerance and its kind of each level."""
    if objective is None:
        objective = "cost"
    steps = [objective] if isinstance(objective, (str, Mapping)) else list(objective)
    levels: list[Level] = []
    for step in steps:
        entries: list[Any] = list(step) if isinstance(step, (tuple, list)) else [step]
        what, *rest = entries
        weights = dict(what) if isinstance(what, Mapping) else {what: 1.0}
        levels.append((weights, float(rest[0]) if rest else 0.0, str(rest[1]) if len(rest) > 1 else "relative"))
    return levels


def check_levels(plan: Certifiable, parts: Parts, money: Money) -> list[Check]:
    """Recount the value of every level, and hold bound, gap and status of the last against it."""
    levels = _list_levels(plan.question.objective)
    stated = plan.levels.drop_duplicates("level").to_dict("records")
    checks: list[Check] = [("levels", len(stated), len(levels), len(stated) == len(levels))]
    counts = read_counts(plan)
    for number, ((weights, tolerance, kind), claim) in enumerate(zip(levels, stated, strict=False), start=1):
        amounts = {
            name: money.total if name == "cost" else parts.add_up(name) + money.add_up(counts.get(name, ()))
            for name in weights
        }
        value = math.fsum(weight * amounts[name] for name, weight in weights.items())
        size = _size_of(weights, parts, money, counts)
        is_last = number == len(levels)
        name = "objective" if is_last else f"level {number}"
        claimed = plan.objective if is_last else float(claim["value"])
        checks.append((name, claimed, value, is_near(claimed, value, size / 1e3)))
        best, bound, gap = float(claim["best"]), float(claim["bound"]), float(claim["gap"])
        if is_last:
            checks += _check_proof(plan, size)
            agree = (best, bound, gap) == (plan.objective, plan.bound, plan.gap)
            checks.append(("levels end in the objective", best, plan.objective, agree))
            continue
        most = best + (tolerance * abs(best) if kind == "relative" else tolerance)
        room = ALLOWED * max(1.0, abs(most))
        checks.append((f"level {number} held", float(claim["most"]), most, is_near(float(claim["most"]), most)))
        checks.append((f"level {number} kept", value, most, value <= most + room))
        checks.append((f"level {number} bound", bound, best, bound <= best))
    worst = max(float(claim["gap"]) for claim in stated) if stated else math.inf
    is_within = worst <= plan.question.gap + 1e-9
    checks.append(("status is optimal", plan.status == "optimal", is_within, (plan.status == "optimal") == is_within))
    return checks


def _size_of(weights: dict[str, float], parts: Parts, money: Money, counts: Mapping[str, set[str]]) -> float:
    """Give the sum of absolute amounts, against which an objective near 0 is measured."""
    own = [0.0] * parts.size
    for name, weight in weights.items():
        amounts = [1.0] * parts.size if name == "count" else parts.read_amounts(name)
        own = [so_far + weight * amount for so_far, amount in zip(own, amounts, strict=True)]
    beside = [
        abs(
            amount
            * sum(float(weight) for name, weight in weights.items() if name == "cost" or line in counts.get(name, ()))
        )
        for line, amount in money.beside
    ]
    return math.fsum([*map(mul, map(abs, own), parts.shares), *beside])


def _check_proof(plan: Certifiable, size: float) -> list[Check]:
    base = abs(plan.objective) if abs(plan.objective) >= 1e-6 * size else size
    away = plan.objective - plan.bound
    gap = 0.0 if away <= 0.0 else away / base if base > 0.0 else math.inf
    return [
        ("bound at most objective", plan.bound, plan.objective, plan.bound <= plan.objective),
        ("gap", plan.gap, gap, plan.gap == gap or abs(plan.gap - gap) <= 1e-9),
    ]
