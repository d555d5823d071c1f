"""The priced rulebook: what each rule and each ban costs, and who would move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.pack.block import Block, Shown, fold_table, show_table
from sourcing.pack.explained import list_prices
from sourcing.pack.flip_words import say_interval
from sourcing.pack.wording import say_list, say_number

if TYPE_CHECKING:
    from sourcing.plan import Decision

USED_UP = 1e-6


def show_rules(decision: Decision) -> Block:
    """Show every rule with its limit, use and price, then every ban with its price; the dearest first."""
    prices = list_prices(decision)
    return _show_priced(prices[prices["kind"] == "rule"], decision) + _show_bans(
        prices[prices["kind"] == "ban"], decision
    )


def _show_priced(prices: pd.DataFrame, decision: Decision) -> Block:
    currency = decision.case.unit["currency"]
    room = prices["slack"].abs() / prices["limit"].abs().clip(lower=1e-9)
    shown = prices.assign(
        state=[
            {"text": "used up", "tone": "warn"} if share <= USED_UP else {"text": "kept", "tone": "good"}
            for share in room
        ],
        limit_shown=[
            f"{row['sense']} {say_number(row['limit'])}, {say_number(row['used'])} used"
            for row in prices.to_dict("records")
        ],
        step_shown=[say_number(step) for step in prices["step"]],
        dropped=[_say_price(row, "drop_saving", currency) for row in prices.to_dict("records")],
        tighter=[_say_price(row, "tighter_cost", currency) for row in prices.to_dict("records")],
        looser=[_say_price(row, "looser_saving", currency) for row in prices.to_dict("records")],
        holds=[_say_range(row) for row in prices.to_dict("records")],
        moves=[_say_moves(row, decision) for row in prices.to_dict("records")],
    )
    columns = [
        Shown("rule", "Rule", "prose"),
        Shown("state", "", "badge"),
        Shown("limit_shown", "Limit, use"),
        Shown("dropped", "Saved without it"),
        Shown("step_shown", "One step"),
        Shown("tighter", "A step tighter costs"),
        Shown("looser", "A step looser saves"),
        Shown("moves", "Would move", "prose"),
        Shown("owner", "Owner"),
    ]
    caption = "Each price is that of a plan solved again; where a search left a gap, both proven ends are given."
    behind = [Shown("rule", "Rule", "prose"), Shown("holds", "The looser price holds", "prose"),
              Shown("reason", "Why the rule exists", "prose")]  # fmt: skip
    table = show_table(shown, columns, caption=caption, empty="No rule limits this plan.")
    return table + fold_table(shown, behind, "Why each rule exists, and from which limit to which its price holds")


def _show_bans(bans: pd.DataFrame, decision: Decision) -> Block:
    if bans.empty:
        return Block("", "")
    currency = decision.case.unit["currency"]
    shown = bans.assign(
        title=bans["rule"].str.replace("_", " "),
        dropped=[
            _say_price(row, "drop_saving", currency) if row["for_sale"] else "not for sale"
            for row in bans.to_dict("records")
        ],
        moves=[_say_moves(row, decision) for row in bans.to_dict("records")],
    )
    columns = [
        Shown("title", "Ban"),
        Shown("dropped", "Saved if set aside"),
        Shown("moves", "Would move", "prose"),
        Shown("owner", "Can be lifted by"),
        Shown("reason", "Reason", "prose"),
    ]
    return show_table(shown, columns, caption="What bans cost, each set aside by itself, every rule still kept.")


def _say_price(row: dict[str, Any], name: str, currency: str) -> str:
    lower, upper = row[f"{name}_lower"], row[f"{name}_upper"]
    if np.isfinite(upper) and max(abs(lower), abs(upper)) < 0.5:
        return "nothing"
    return say_interval(lower, upper, currency)


def _say_range(row: dict[str, Any]) -> str:
    low, high = row["looser_from"], row["looser_to"]
    if np.isnan(low) or np.isnan(high):
        return ""
    if np.isinf(low) or np.isinf(high):
        return f"from {say_number(low)} on" if np.isinf(high) else f"up to {say_number(high)}"
    return f"{say_number(low)} to {say_number(high)}" if low < high else f"at {say_number(low)}"


def _say_moves(row: dict[str, Any], decision: Decision) -> str:
    names = decision.alternatives.drop_duplicates("process").set_index("process")["process_name"]
    named = [names[process] for process in row["looser_moves"] or row["drop_moves"]]
    return say_list(named, 4) if named else ""
