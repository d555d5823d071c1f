"""Recount the bound: what the prices of the rules prove about every plan, by plain arithmetic."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sourcing.plan.certify.shared import Columns, Row, is_blank, read_label
from sourcing.plan.certify.where import read_rowwise

if TYPE_CHECKING:
    from sourcing.plan.certify.shared import Certifiable


def recount_bound(plan: Certifiable) -> float:
    """Give the Lagrangian bound that `plan.multipliers` prove, from the tables alone.

    Parameters
    ----------
    plan : Certifiable
        Whose objective is cost, under rules and locks only.

    Returns
    -------
    float
        No plan that keeps the rules costs less; -inf where the plan has links, other structure, another objective or no
        multipliers: then the bound is the solver's own.

    Notes
    -----
    Formula: `Σ_r y_r limit_r + Σ_i min over open a of (cost_a - Σ_r y_r amount_ra)`, with y_r <= 0 for `<=` and
    y_r >= 0 for `>=` (one of the wrong sign counts as 0); the amount of a relative rule is its measure less
    limit times its base, and its limit 0. Source: A. M. Geoffrion, "Lagrangean relaxation for integer programming",
    1974.
    """
    if plan.multipliers is None or not is_ruled_only(plan):
        return -math.inf
    everything = Columns(plan.question.alternatives)
    priced = everything.read_amounts("cost").copy()
    constant = []
    rules = (
        {} if plan.question.rules is None else {str(row["rule"]): row for row in plan.question.rules.to_dict("records")}
    )
    for claim in plan.rules.to_dict("records"):
        rule = rules[str(claim["belongs_to"])]
        price = sign_price(float(plan.multipliers.get(claim["rule"], 0.0)), str(rule["sense"]).strip())
        if price == 0.0:
            continue
        for row, amount in list_amounts(rule, read_label(claim["value"]), everything):
            priced[row] -= price * amount
        constant.append(0.0 if not is_blank(rule.get("relative_to")) else price * float(rule["limit"]))
    least: dict[Any, float] = defaultdict(lambda: math.inf)
    for process, cost, is_open in zip(everything.read("process"), priced, list_open(plan, everything), strict=True):
        least[process] = min(least[process], cost if is_open else math.inf)
    return math.fsum([*constant, *least.values()])


def is_ruled_only(plan: Certifiable) -> bool:
    """Tell whether a question has rules and locks only, and minimizes cost."""
    others = [table for name, table in (plan.question.structure or {}).items() if name != "locks"]
    has_links = plan.question.links is not None and len(plan.question.links) > 0
    is_cost = plan.question.objective in (None, "cost")
    return is_cost and not has_links and all(table is None or not len(table) for table in others)


def sign_price(price: float, sense: str) -> float:
    """Give a price that a limit may have; one of the wrong sign counts as 0."""
    return {"<=": min(price, 0.0), ">=": max(price, 0.0)}.get(sense, price)


def list_amounts(rule: Row, value: Any, everything: Columns) -> list[tuple[int, float]]:
    """Give what each row adds to the left side of a limit; a relative one has limit times its base taken off."""
    measure, base = rule["measure"], rule.get("relative_to")
    amounts = [1.0] * everything.size if measure == "count" else everything.read_amounts(measure)
    added = [(row, amounts[row]) for row in find_rows(rule, value, everything)]
    if is_blank(base):
        return added
    totals = [1.0] * everything.size if base == "count" else everything.read_amounts(base)
    return added + [(row, -float(rule["limit"]) * total) for row, total in enumerate(totals)]


def find_rows(rule: Row, value: Any, everything: Columns) -> list[int]:
    """Give the rows that a rule counts, those of one value of `for_each` where it has one."""
    holds = (lambda _: True) if is_blank(rule.get("where")) else read_rowwise(rule["where"])
    rows = [k for k, row in enumerate(everything.view_rows()) if holds(row)]
    if is_blank(rule.get("for_each")):
        return rows
    labels = everything.read(rule["for_each"])
    return [k for k in rows if read_label(labels[k]) == value]


def list_open(plan: Certifiable, everything: Columns) -> list[bool]:
    """Tell of each row whether no lock keeps it out."""
    locks = (plan.question.structure or {}).get("locks")
    barred: set[tuple[Any, ...]] = set()
    for lock in [] if locks is None else locks.to_dict("records"):
        if lock["kind"] == "bar":
            barred.add((lock["process"], lock["option"], read_label(lock.get("wave"))))
    keys = [(*key, None)[:3] for key in everything.read_keys()]
    return [key not in barred and (*key[:2], None) not in barred for key in keys]
