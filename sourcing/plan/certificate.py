"""Re-check a plan by plain arithmetic that shares no code with the model it came from.

Everything is read again from the tables the plan was made from: `where` by its own reader, row by row; sums
by `math.fsum`; one choice per process, locks, hand-offs, lines, limits, bound and gap.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.errors import CertificateError
from sourcing.plan.rowwise import read_rowwise

if TYPE_CHECKING:
    from sourcing.plan.plan import Plan

Row = Mapping[Any, Any]
Check = tuple[str, float, float, bool]
_ALLOWED = 1e-6


def certify(plan: Plan) -> pd.DataFrame:
    """Re-check every claim of a plan.

    Parameters
    ----------
    plan : Plan
        With the tables it was made from.

    Returns
    -------
    DataFrame
        One row per check: check, stated, recomputed, difference (stated - recomputed), holds.

    Raises
    ------
    CertificateError
        If any check fails; the first is named.

    Examples
    --------
    >>> from sourcing.plan import choose
    >>> offers = pd.DataFrame({"process": ["payroll"] * 2, "option": ["stay", "move"], "cost": [9.0, 7.0]})
    >>> certify(choose(offers)).set_index("check").loc["objective", "recomputed"]
    7.0
    """
    chosen, checks = _check_choices(plan)
    checks += _check_locks(plan, chosen)
    handoff_checks, handoffs = _check_handoffs(plan, chosen)
    checks += handoff_checks
    checks += _check_money(plan, chosen, handoffs)
    checks += _check_rules(plan, chosen)
    checks += _check_proof(plan, chosen, handoffs)
    table = pd.DataFrame(
        [(name, stated, again, _away(stated, again), holds) for name, stated, again, holds in checks],
        columns=["check", "stated", "recomputed", "difference", "holds"],
    )
    failed = table[~table["holds"]]
    if len(failed):
        first = failed.iloc[0]
        more = f", {len(failed) - 1} more" if len(failed) > 1 else ""
        raise CertificateError(
            f"plain arithmetic must confirm the plan; got {first['stated']:g} against "
            f"{first['recomputed']:g} at "
            f"{first['check']!r}{more}. Hint: do not use this plan; please report the input."
        )
    return table


def _away(stated: float, again: float) -> float:
    return 0.0 if stated == again else stated - again


def _is_near(stated: float, again: float, size: float = 0.0) -> bool:
    return stated == again or abs(stated - again) <= _ALLOWED * max(1.0, abs(again), 1e-3 * size)


def _label(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    return None if isinstance(value, float) and math.isnan(value) else value


def _read_keys(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    names = [name for name in ("process", "option", "wave") if name in table.columns]
    return [tuple(map(_label, key)) for key in zip(*(table[name] for name in names), strict=True)]


def _check_choices(plan: Plan) -> tuple[list[dict[Any, Any]], list[Check]]:
    """Find the chosen rows in the alternatives; each process must be chosen exactly once, and whole."""
    place = {key: position for position, key in enumerate(_read_keys(plan.alternatives))}
    found = [place[key] for key in _read_keys(plan.choices) if key in place]
    columns = list(plan.alternatives.columns)
    chosen = plan.alternatives.iloc[found].to_dict("records")
    stated = plan.choices[columns].to_dict("records") if set(columns) <= set(plan.choices.columns) else []
    altered = sum(
        _label(row[name]) != _label(given[name]) for row, given in zip(stated, chosen, strict=False) for name in columns
    )
    counts = Counter(row["process"] for row in chosen)
    processes = len({key[0] for key in place})
    once = sum(count == 1 for count in counts.values())
    whole = math.fsum(plan.choices["share"])
    parts = sum(share != 1.0 for share in plan.choices["share"])
    return chosen, [
        ("chosen rows are alternatives", len(plan.choices), len(found), len(found) == len(plan.choices)),
        ("cells of chosen rows altered", 0, altered, altered == 0 and len(stated) == len(plan.choices)),
        ("processes chosen once", processes, once, once == processes == len(plan.choices)),
        ("sum of shares", whole, processes, whole == processes and parts == 0),
    ]


def _check_locks(plan: Plan, chosen: list[dict[Any, Any]]) -> list[Check]:
    locks = (plan.structure or {}).get("locks")
    if locks is None:
        return []
    of_process = {row["process"]: row for row in chosen}
    broken = 0
    for lock in locks.to_dict("records"):
        row = of_process.get(lock["process"], {})
        wave = _label(lock.get("wave"))
        is_named = row.get("option") == lock["option"] and (wave is None or row.get("wave") == wave)
        broken += is_named if lock["kind"] == "bar" else not is_named
    return [("locks broken", 0, broken, broken == 0)]


def _check_handoffs(plan: Plan, chosen: list[dict[Any, Any]]) -> tuple[list[Check], list[float]]:
    if plan.links is None:
        return [("links", len(plan.handoffs), 0, len(plan.handoffs) == 0)], []
    cost_of: dict[frozenset[Any], float] = {}
    if plan.handoff_costs is not None:
        for row in plan.handoff_costs.to_dict("records"):
            cost_of[frozenset((row["place_a"], row["place_b"]))] = float(row["cost"])
    place_of = {row["process"]: row.get("place") for row in chosen}
    stated = {(row["process_a"], row["process_b"]): row for row in plan.handoffs.to_dict("records")}
    checks: list[Check] = [("links", len(stated), len(plan.links), len(stated) == len(plan.links))]
    money = []
    for link in plan.links.to_dict("records"):
        ends = (link["process_a"], link["process_b"])
        places = [place_of.get(end) for end in ends]
        unit = cost_of.get(frozenset(places), 0.0 if places[0] == places[1] else math.nan)
        again = float(link["traffic"]) * unit
        row = stated.get(ends, {})
        agrees = [row.get("place_a"), row.get("place_b")] == places
        claim = float(row.get("cost", math.nan))
        checks.append((f"hand-off: {ends[0]} - {ends[1]}", claim, again, agrees and _is_near(claim, again)))
        money.append(again)
    return checks, money


def _check_money(plan: Plan, chosen: list[dict[Any, Any]], handoffs: list[float]) -> list[Check]:
    """Recompute the objective from the costs, and each line from its own column."""
    costs = [float(row["cost"]) for row in chosen]
    size = math.fsum(map(abs, costs)) + math.fsum(map(abs, handoffs))
    objective = math.fsum(costs + handoffs)
    checks: list[Check] = [
        ("objective", plan.objective, objective, _is_near(plan.objective, objective, size / 1e3)),
        (
            "sum of lines",
            math.fsum(plan.lines),
            plan.objective,
            _is_near(math.fsum(plan.lines), plan.objective),
        ),
    ]
    for name, stated in plan.lines.items():
        if name == "handoffs":
            again = math.fsum(handoffs)
        elif name in plan.alternatives.columns:
            again = math.fsum(float(row[str(name)]) for row in chosen)
        else:
            again = math.nan
        checks.append((f"line: {name}", float(stated), again, _is_near(float(stated), again)))
    return checks


def _check_rules(plan: Plan, chosen: list[dict[Any, Any]]) -> list[Check]:
    stated: dict[tuple[str, Any], Row] = {
        (row["belongs_to"], _label(row["value"])): row
        for row in plan.rules[["belongs_to", "value", "used", "slack", "limit"]].to_dict("records")
    }
    rules = [] if plan.rulebook is None else plan.rulebook.to_dict("records")
    checks: list[Check] = []
    known = set()
    for rule in rules:
        name = str(rule["rule"])
        for value in _find_groups(plan, rule, chosen, [key[1] for key in stated if key[0] == name]):
            known.add((name, value))
            row: Row = stated.get((name, value), {"used": math.nan, "slack": math.nan, "limit": math.nan})
            checks += _check_limit(rule, value, row, chosen)
    checks.append(("limits", len(plan.rules), len(known), len(plan.rules) == len(stated) == len(known)))
    return checks


def _find_groups(plan: Plan, rule: Row, chosen: list[dict[Any, Any]], claimed: list[Any]) -> list[Any]:
    """Give the values of `for_each` a rule has a limit for; one None where it has no `for_each`.

    An unused value keeps every `<=` limit of at least 0, so all rows are walked for the others only.
    """
    column = _label(rule.get("for_each"))
    if column is None or not str(column).strip():
        return [None]
    holds = read_rowwise(rule.get("where"))
    has_floor = str(rule["sense"]).strip() != "<=" or rule["limit"] < 0
    rows = plan.alternatives.to_dict("records") if has_floor else chosen
    found = {_label(row[column]) for row in rows if holds(row)}
    return list(dict.fromkeys([*claimed, *sorted(found - set(claimed), key=str)]))


def _check_limit(rule: Row, value: Any, stated: Row, chosen: list[dict[Any, Any]]) -> list[Check]:
    name = str(rule["rule"]) if value is None else f"{rule['rule']} [{value}]"
    holds, column = read_rowwise(rule.get("where")), rule.get("for_each")
    counted = [row for row in chosen if holds(row) and (value is None or _label(row.get(column)) == value)]
    amount, limit = _total(counted, rule["measure"]), float(rule["limit"])
    base = _label(rule.get("relative_to"))
    if base is None or not str(base).strip():
        used, room = amount, limit - amount
    else:
        total = _total(chosen, base)
        share_of = abs(total) if total != 0.0 else 1.0
        used = amount / total if total != 0.0 else math.copysign(math.inf, amount) if amount != 0.0 else 0.0
        room = (limit * total - amount) / share_of
    sense = str(rule["sense"]).strip()
    slack = {"<=": room, ">=": -room}.get(sense, -abs(room))
    is_kept = slack >= -_ALLOWED * max(1.0, abs(limit))
    return [
        (f"used: {name}", float(stated["used"]), used, _is_near(float(stated["used"]), used)),
        (
            f"slack: {name}",
            float(stated["slack"]),
            slack,
            _is_near(float(stated["slack"]), slack) and is_kept,
        ),
        (f"limit: {name}", float(stated["limit"]), limit, float(stated["limit"]) == limit),
    ]


def _total(rows: list[dict[Any, Any]], measure: str) -> float:
    return float(len(rows)) if measure == "count" else math.fsum(float(row[measure]) for row in rows)


def _check_proof(plan: Plan, chosen: list[dict[Any, Any]], handoffs: list[float]) -> list[Check]:
    """Recompute the gap, and hold the bound and the status against it."""
    size = math.fsum(abs(float(row["cost"])) for row in chosen) + math.fsum(map(abs, handoffs))
    base = abs(plan.objective) if abs(plan.objective) >= 1e-6 * size else size
    away = plan.objective - plan.bound
    gap = 0.0 if away <= 0.0 else away / base if base > 0.0 else math.inf
    is_within = gap <= plan.asked_gap + 1e-9
    return [
        ("bound at most objective", plan.bound, plan.objective, plan.bound <= plan.objective),
        ("gap", plan.gap, gap, plan.gap == gap or abs(plan.gap - gap) <= 1e-9),
        ("status is optimal", plan.status == "optimal", is_within, (plan.status == "optimal") == is_within),
    ]
