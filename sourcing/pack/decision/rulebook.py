"""The priced rulebook: what each rule asks, what it and each ban costs, and who would move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.pack.answers import list_pairs, list_prices, list_savings
from sourcing.pack.block import Block, Shown, show_table
from sourcing.pack.wording import (
    NO_PLAN,
    NOTHING,
    call_bans,
    find_kind,
    name_owners,
    name_processes,
    say_amount,
    say_count,
    say_interval,
    say_list,
    say_money,
    say_rule,
    say_use,
)

if TYPE_CHECKING:
    from sourcing.decide import Decision

USED_UP = 1e-6
"""A rule counts as used up when its slack is at most this share of its limit."""
COLUMNS = (
    Shown("asked", "Rule", "noted"),
    Shown("use", "Used", "noted"),
    Shown("dropped", "Saved without it", "noted"),
    Shown("tighter", "One step tighter costs", "noted"),
    Shown("looser", "One step looser saves", "noted"),
)


def show_rules(decision: Decision) -> Block:
    """Show every rule and ban with its price, the dearest first, then what lifting several at once would save."""
    prices = list_prices(decision)
    rules, bans = prices[prices["kind"] == "rule"], prices[prices["kind"] != "rule"]
    return _show_priced(rules, decision) + _show_bans(bans, decision) + show_lifting(decision)


def show_lifting(decision: Decision) -> Block:
    """Show what it would take to save more: which rules and bans to lift, by whom; and what two save beyond each."""
    savings, pairs = list_savings(decision), list_pairs(decision)
    if savings.empty and pairs.empty:
        return Block("", "")
    currency = decision.case.unit["currency"]
    shown = savings.assign(
        asked=[_say_lifted(lifted) for lifted in savings["lifted"]],
        saved=[_say_lifting(row, "saving", currency, decision) for row in savings.to_dict("records")],
        owner=[say_list(name_owners(owners, decision.case)) if owners else "" for owners in savings["owners"]],
    )
    columns = [
        Shown("count", "To lift", "number"),
        Shown("asked", "Which", "prose"),
        Shown("saved", "Saved then", "noted"),
        Shown("owner", "Can be lifted by"),
    ]
    caption = (
        "What it would take to save more: of all sets of so many rules and bans, the one that saves most when lifted, "
        "the plan chosen anew. A rule that never gives way and what only the law could lift are not among them."
    )
    block = show_table(
        shown, columns, caption=caption, empty="Nothing that may be lifted saves anything.", is_stacked=True
    )
    apart = pairs[pairs["beyond"].abs() >= NOTHING]
    both = apart.assign(
        asked=[_say_lifted(lifted) for lifted in apart["lifted"]],
        saved=[_say_lifting(row, "drop_saving", currency, decision) for row in apart.to_dict("records")],
        alone=[
            f"{say_money(abs(beyond), currency)} {'more' if beyond > 0 else 'less'} than each alone, added up"
            for beyond in apart["beyond"]
        ],
    )
    columns = [
        Shown("asked", "Both", "prose"),
        Shown("saved", "Saved without both", "noted"),
        Shown("alone", "That is", "prose"),
    ]
    return block + show_table(
        both[:0],
        columns,
        empty="",
        folded=both,
        folded_title=f"{say_count(len(both), 'pair')} whose saving is not the sum of the two",
        is_stacked=True,
    )


def _say_lifted(lifted: tuple[str, ...]) -> str:
    return say_list([call_bans(name) for name in lifted])


def _say_lifting(row: dict[str, Any], name: str, currency: str, decision: Decision) -> dict[str, str]:
    price = say_interval(row[f"{name}_lower"], row[f"{name}_upper"], currency)
    return {"text": price, "note": _say_moves(row["moves"], decision)}


def _show_priced(prices: pd.DataFrame, decision: Decision) -> Block:
    """Show the rules that cost something, and folded those that a plan without them would not gain from."""
    rows = prices.to_dict("records")
    shown = prices.assign(
        asked=[_say_asked(row, decision) for row in rows],
        use=[_say_use(row, decision) for row in rows],
        dropped=[_say_dropped(row, decision) for row in rows],
        tighter=[_say_step(row, "tighter", decision) for row in rows],
        looser=[_say_step(row, "looser", decision) for row in rows],
    )
    costs = (prices["drop_saving"] >= NOTHING) | (prices["tighter_cost"] >= NOTHING)
    idle = int((~costs).sum())
    is_open = bool((~prices["exact"].astype(bool)).any())
    caption = "Each price is that of a plan solved again." + (
        " Where a search left a gap, both proven ends are given." if is_open else ""
    )
    is_proven = bool((prices.loc[~costs, "drop_saving_upper"] < NOTHING).all())
    saving = f"that {'saves' if idle == 1 else 'save'} nothing if dropped"
    title = f"{say_count(idle, 'rule')} {saving if is_proven else 'of which no saving was found if dropped'}"
    free = "No rule costs anything now." if is_proven else "No cost of any rule was found."
    empty = "No rule limits this plan." if prices.empty else free
    return show_table(
        shown[costs], COLUMNS, caption=caption, empty=empty, folded=shown[~costs], folded_title=title, is_stacked=True
    )


def _show_bans(bans: pd.DataFrame, decision: Decision) -> Block:
    if bans.empty:
        return Block("", "")
    rows, inside = bans.to_dict("records"), " + ".join(bans.loc[bans["kind"] == "bans", "rule"]).split(" + ")
    shown = bans.assign(
        title=[{"text": call_bans(row["rule"]), "note": row["reason"] or ""} for row in rows],
        dropped=[_say_ban_dropped(row, row["rule"] in inside, decision) for row in rows],
        owner=[_name_owner(row["owner"], decision) for row in rows],
    )
    columns = [
        Shown("title", "Ban or lock", "noted"),
        Shown("dropped", "Saved if set aside", "noted"),
        Shown("owner", "Can be lifted by"),
    ]
    caption = "What bans and locks cost, each set aside by itself, every rule still kept."
    if (bans["kind"] == "bans").any():
        caption += " Bans that bar the same options are set aside together as well."
    return show_table(shown, columns, caption=caption, is_stacked=True)


def _say_asked(row: dict[str, Any], decision: Decision) -> dict[str, str]:
    """Say what a rule asks, who set it and why."""
    owner = f"Set by {_name_owner(row['owner'], decision)}" if row["owner"] else ""
    said = [say_rule(row, decision.case), ": ".join(part for part in (owner, row["reason"]) if part)]
    return {"text": row["rule"], "note": ". ".join(part.strip(". ") for part in said if part) + "."}


def _name_owner(owner: str, decision: Decision) -> str:
    """Name who set a rule or ban; "" where nobody is on record."""
    return say_list(name_owners([owner], decision.case)) if owner else ""


def _say_use(row: dict[str, Any], decision: Decision) -> dict[str, str]:
    """Say how much of a rule's limit is used, and what is left of it."""
    if row["sense"] == "==":
        note = "as asked"
    elif row["slack"] <= USED_UP * max(abs(row["limit"]), 1e-9):
        note = "used up"
    else:
        is_share = find_kind(row["measure"], row["relative_to"] or "") == "share"
        slack = f"{100 * row['slack']:.2g} points" if is_share else _say_limit(row["slack"], row, decision)
        note = f"{slack} {'to spare' if row['sense'] == '>=' else 'left'}"
    return {"text": say_use(row, decision.case), "note": note}


def _say_dropped(row: dict[str, Any], decision: Decision) -> dict[str, str]:
    return {"text": _say_price(row, "drop_saving", decision), "note": _say_moves(row["drop_moves"], decision)}


def _say_ban_dropped(row: dict[str, Any], is_shared: bool, decision: Decision) -> dict[str, str]:
    """Say what setting a ban aside saves; a ban that shares what it bars saves by itself only what it alone bars."""
    if not row["for_sale"]:
        return {"text": "not for sale", "note": ""}
    said = _say_dropped(row, decision)
    return said | {"text": "nothing by itself"} if is_shared and said["text"] == "nothing" else said


def _say_step(row: dict[str, Any], side: str, decision: Decision) -> dict[str, str]:
    """Say what one step costs or saves, at which limit, over which limits that holds, and what would be otherwise."""
    price = _say_price(row, "tighter_cost" if side == "tighter" else "looser_saving", decision)
    toward = (1.0 if side == "looser" else -1.0) * (-1.0 if row["sense"] == ">=" else 1.0)
    place = row["limit"] + toward * row["step"]
    if price == NO_PLAN and place < 0.0:
        return {"text": price, "note": "no tighter limit is possible"}
    at = f"at {_say_limit(place, row, decision)}"
    low, high = (row[f"{side}_{end}"] for end in ("from", "to"))
    ends = [_say_limit(end, row, decision) for end in (low, high) if np.isfinite(end)]
    if np.isinf(low) or np.isinf(high):
        at += f"; the same {'from' if np.isinf(high) else 'up to'} {ends[0]}{' on' if np.isinf(high) else ''}"
    elif len(ends) == 2 and ends[0] != ends[1]:
        at += f"; the same from {ends[0]} to {ends[1]}"
    moves = _say_moves(row[f"{side}_moves"], decision)
    return {"text": price, "note": f"{at}. {moves}" if moves else at}


def _say_limit(number: float, row: dict[str, Any], decision: Decision) -> str:
    return say_amount(number, row["measure"], str(row["relative_to"] or ""), decision.case)


def _say_price(row: dict[str, Any], name: str, decision: Decision) -> str:
    """Write a price: nothing, an amount, at most an amount, or an interval."""
    currency = decision.case.unit["currency"]
    lower, upper = row[f"{name}_lower"], row[f"{name}_upper"]
    if row["sense"] != "==":
        lower = max(lower, 0.0)
    if np.isfinite(upper) and max(abs(lower), abs(upper)) < NOTHING:
        return "nothing"
    if abs(lower) < NOTHING and np.isfinite(upper):
        return f"at most {say_interval(upper, upper, currency)}"
    return say_interval(lower, upper, currency)


def _say_moves(processes: tuple[str, ...], decision: Decision) -> str:
    """Name the processes that would be decided otherwise; "" where none would."""
    names = name_processes(decision.case)
    return f"Would change: {say_list([names[process] for process in processes], 4)}" if len(processes) else ""
