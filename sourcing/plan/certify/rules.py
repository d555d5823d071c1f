"""Recount the rules: use, slack and limit of each, row by row."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sourcing.plan.certify.shared import (
    ALLOWED,
    Check,
    Columns,
    Parts,
    Row,
    is_blank,
    is_near,
    read_counts,
    read_label,
)
from sourcing.plan.certify.where import read_rowwise

if TYPE_CHECKING:
    from sourcing.plan.certify.money import Money
    from sourcing.plan.certify.shared import Certifiable


def check_rules(plan: Certifiable, parts: Parts, money: Money) -> list[Check]:
    """Recount every limit and hold the stated ones against it."""
    counts = read_counts(plan)
    shared = {measure: money.add_up(lines) for measure, lines in counts.items()}
    stated: dict[tuple[str, Any], Row] = {
        (row["belongs_to"], read_label(row["value"])): row
        for row in plan.rules[["belongs_to", "value", "used", "slack", "limit"]].to_dict("records")
    }
    rules = [] if plan.question.rules is None else plan.question.rules.to_dict("records")
    claimed: dict[str, list[Any]] = defaultdict(list)
    for name, value in stated:
        claimed[name].append(value)
    everything = Columns(plan.question.alternatives)
    checks: list[Check] = []
    known = set()
    for rule in rules:
        name = str(rule["rule"])
        counted = _find_counted(rule, parts)
        for value in _list_values(rule, everything, counted, claimed[name]):
            known.add((name, value))
            row: Row = stated.get((name, value), {"used": math.nan, "slack": math.nan, "limit": math.nan})
            checks += _check_limit(rule, value, row, parts, counted.get(value, []), shared)
    checks.append(("limits", len(plan.rules), len(known), len(plan.rules) == len(stated) == len(known)))
    return checks


def _find_counted(rule: Row, columns: Columns) -> dict[Any, list[int] | None]:
    """Give the rows a rule counts by the value of `for_each`; all under None where it says nothing."""
    is_whole = is_blank(rule.get("for_each"))
    if is_blank(rule.get("where")):
        rows = list(range(columns.size))
        if is_whole:
            return {None: None}
    else:
        holds = read_rowwise(rule["where"])
        rows = [k for k, row in enumerate(columns.view_rows()) if holds(row)]
    if is_whole:
        return {None: rows}
    labels = columns.read(rule["for_each"])
    counted: dict[Any, list[int] | None] = {}
    for row in rows:
        counted.setdefault(read_label(labels[row]), []).append(row)  # type: ignore[union-attr]
    return counted


def _list_values(rule: Row, everything: Columns, counted: dict[Any, list[int] | None], claimed: list[Any]) -> list[Any]:
    """Give the values of `for_each` a rule has a limit for; one None where it has no `for_each`.

    An unused value keeps every `<=` limit of at least 0, so all rows are walked for the others only.
    """
    if is_blank(rule.get("for_each")):
        return [None]
    has_floor = str(rule["sense"]).strip() != "<=" or rule["limit"] < 0
    found = set(_find_counted(rule, everything) if has_floor else counted)
    return list(dict.fromkeys([*claimed, *sorted(found - set(claimed), key=str)]))


def _check_limit(
    rule: Row, value: Any, stated: Row, parts: Parts, rows: list[int] | None, shared: dict[str, float]
) -> list[Check]:
    """Recount one limit; shared money counts in totals over the whole plan only."""
    name = str(rule["rule"]) if value is None else f"{rule['rule']} [{value}]"
    is_total = is_blank(rule.get("where")) and is_blank(rule.get("for_each"))
    amount = parts.add_up(rule["measure"], rows) + (shared.get(rule["measure"], 0.0) if is_total else 0.0)
    limit = float(rule["limit"])
    base = rule.get("relative_to")
    if is_blank(base):
        used, room = amount, limit - amount
    else:
        total = parts.add_up(str(base)) + shared.get(str(base), 0.0)
        share_of = abs(total) if total != 0.0 else 1.0
        used = amount / total if total != 0.0 else math.copysign(math.inf, amount) if amount != 0.0 else 0.0
        room = (limit * total - amount) / share_of
    sense = str(rule["sense"]).strip()
    slack = {"<=": room, ">=": -room}.get(sense, -abs(room))
    is_kept = slack >= -ALLOWED * max(1.0, abs(limit))
    return [
        (f"used: {name}", float(stated["used"]), used, is_near(float(stated["used"]), used)),
        (f"slack: {name}", float(stated["slack"]), slack, is_near(float(stated["slack"]), slack) and is_kept),
        (f"limit: {name}", float(stated["limit"]), limit, float(stated["limit"]) == limit),
    ]
