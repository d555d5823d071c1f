"""Re-check a plan by plain arithmetic that shares no code with the model it came from.

Everything is read again from the tables the plan was made from: `where` by its own reader, row by row; sums
by `math.fsum`; shares, locks, items, orders, hand-offs, every line, limits, levels, bound and gap.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.errors import CertificateError
from sourcing.plan.certify.money import check_handoffs, check_lines
from sourcing.plan.certify.objectives import check_levels
from sourcing.plan.certify.rules import check_rules
from sourcing.plan.certify.shared import Check, Columns, Parts, is_near, read_label
from sourcing.plan.certify.structure import check_items, check_orders

if TYPE_CHECKING:
    from sourcing.plan.certify.shared import Certifiable


def certify(plan: Certifiable) -> pd.DataFrame:
    """Re-check every claim of a plan.

    Parameters
    ----------
    plan : Certifiable
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
    parts, checks = _check_choices(plan)
    checks += check_items(plan, parts) + _check_locks(plan, parts) + check_orders(plan, parts)
    handoff_checks, handoffs = check_handoffs(plan, parts)
    line_checks, money = check_lines(plan, parts, handoffs)
    checks += handoff_checks + line_checks + check_rules(plan, parts, money) + check_levels(plan, parts, money)
    table = pd.DataFrame(
        [(name, stated, again, _away(stated, again), holds) for name, stated, again, holds in checks],
        columns=["check", "stated", "recomputed", "difference", "holds"],
    )
    failed = table[~table["holds"].astype(bool)]
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


def _check_choices(plan: Certifiable) -> tuple[Parts, list[Check]]:
    """Find the chosen rows in the alternatives; the shares of each process must sum to 1."""
    keys = list(Columns(plan.choices).read_keys())
    known, everything = set(keys), Columns(plan.question.alternatives)
    place = {key: position for position, key in enumerate(everything.read_keys()) if key in known}
    stated = [float(share) for share in plan.choices["share"]]
    found = [(place[key], share) for key, share in zip(keys, stated, strict=True) if key in place]
    parts = Parts(plan.question.alternatives.iloc[[position for position, _ in found]], [share for _, share in found])
    share_of: dict[Any, float] = defaultdict(float)
    for process, share in zip(parts.read("process"), parts.shares, strict=True):
        share_of[process] += share
    processes = len(set(everything.read("process")))
    whole = sum(is_near(share, 1.0) for share in share_of.values())
    outside = sum(not 0.0 < share <= 1.0 for share in parts.shares)
    altered = _count_altered(plan.choices, parts)
    return parts, [
        ("chosen rows are alternatives", len(keys), len(found), len(found) == len(keys)),
        ("chosen rows occur once", len(keys), len(known), len(known) == len(keys)),
        ("cells of chosen rows altered", 0, altered, altered == 0),
        ("processes with shares that sum to 1", processes, whole, whole == processes == len(share_of)),
        ("shares outside 0 to 1", 0, outside, outside == 0),
    ]


def _count_altered(choices: pd.DataFrame, parts: Parts) -> int:
    """Count the cells in which choices differ from the alternatives; all of a column that is not there."""
    altered = 0
    for name in parts.names:
        given, stated = parts.read(name), choices[name].tolist() if name in choices else []
        if len(given) != len(stated):
            altered += max(1, len(given))
        elif given != stated:
            altered += sum(read_label(one) != read_label(other) for one, other in zip(given, stated, strict=True))
    return altered


def _check_locks(plan: Certifiable, parts: Parts) -> list[Check]:
    locks = (plan.question.structure or {}).get("locks")
    if locks is None:
        return []
    rows_of: dict[Any, list[Any]] = defaultdict(list)
    for row in parts.view_rows():
        rows_of[row["process"]].append(row)
    broken = 0
    for lock in locks.to_dict("records"):
        wave = read_label(lock.get("wave"))
        named = [
            row["option"] == lock["option"] and (wave is None or row.get("wave") == wave)
            for row in rows_of[lock["process"]]
        ]
        broken += any(named) if lock["kind"] == "bar" else not all(named)
    return [("locks broken", 0, broken, broken == 0)]
