"""The priced rulebook: what each rule asks, what it and each ban costs, and who would move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.pack.answers import list_prices
from sourcing.pack.block import Block, Shown, show_table
from sourcing.pack.wording import (
    NO_PLAN,
    call_bans,
    find_kind,
    name_processes,
    say_amount,
    say_count,
    say_interval,
    say_list,
    say_rule,
    say_use,
)

if TYPE_CHECKING:
    from sourcing.decide import Decision

USED_UP = 1e-6
"""A rule counts as used up when its slack is at most this share of its limit."""
NOTHING = 0.5
"""An amount below this is nothing, in currency."""
COLUMNS = (
    Shown("asked", "Rule", "noted"),
    Shown("use", "Used", "noted"),
    Shown("dropped", "Saved without it", "noted"),
    Shown("tighter", "One step tighter costs", "noted"),
    Shown("looser", "One step looser saves", "noted"),
)


def show_rules(decision: Decision) -> Block:
    """Show every rule with what it asks, its use and its price, then every ban with its price; the dearest first."""
    prices = list_prices(decision)
    return _show_priced(prices[prices["kind"] == "rule"], decision) + _show_bans(
        prices[prices["kind"] == "ban"], decision
    )


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
    rows = bans.to_dict("records")
    shown = bans.assign(
        title=[{"text": call_bans(row["rule"]), "note": row["reason"] or ""} for row in rows],
        dropped=[
            _say_dropped(row, decision) if row["for_sale"] else {"text": "not for sale", "note": ""} for row in rows
        ],
    )
    columns = [
        Shown("title", "Ban", "noted"),
        Shown("dropped", "Saved if set aside", "noted"),
        Shown("owner", "Can be lifted by"),
    ]
    caption = "What bans cost, each set aside by itself, every rule still kept."
    return show_table(shown, columns, caption=caption, is_stacked=True)


def _say_asked(row: dict[str, Any], decision: Decision) -> dict[str, str]:
    """Say what a rule asks, who set it and why."""
    owner = f"Set by {row['owner']}" if row["owner"] else ""
    said = [say_rule(row, decision.case), ": ".join(part for part in (owner, row["reason"]) if part)]
    return {"text": row["rule"], "note": ". ".join(part.strip(". ") for part in said if part) + "."}


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
