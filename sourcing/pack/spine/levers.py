"""The levers of whoever reads: each rule or ban that costs money, what it costs, who moves, who can lift it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.pack.answers import list_pairs, list_prices
from sourcing.pack.block import Shown, say_span, scale_money, show_table
from sourcing.pack.parts import Parts, head_block, join_parts
from sourcing.pack.spine.asks import WORTH_ASKING
from sourcing.pack.wording import NOTHING, call_bans, name_owners, name_processes, say_count, say_list, say_share

if TYPE_CHECKING:
    from sourcing.decide import Decision

SHOWN, PAIRS, NAMED = 6, 2, 3
COLUMNS = ["lifted", "kind", "price", "lower", "upper", "looser", "moves", "owner"]


def list_levers(decision: Decision) -> pd.DataFrame:
    """List what the reader can lift for money: rules and bans by themselves, and pairs that save more than both.

    Returns
    -------
    DataFrame
        Columns lifted (tuple of names), kind (rule, ban, pair), price (saved without it, currency), lower and upper
        (proven ends of that), looser (saved by one step, NaN where it has no step), moves (tuple of processes decided
        otherwise), owner; the dearest first, pairs last.
    """
    prices = list_prices(decision)
    alone = prices[prices["for_sale"].astype(bool) & (prices["drop_saving"] >= NOTHING)]
    singles = pd.DataFrame(
        {
            "lifted": [(name,) for name in alone["rule"]],
            "kind": alone["kind"],
            "price": alone["drop_saving"],
            "lower": alone["drop_saving_lower"],
            "upper": alone["drop_saving_upper"],
            "looser": alone["looser_saving"].where(alone["kind"] == "rule"),
            "moves": alone["drop_moves"],
            "owner": [say_list(name_owners([owner], decision.case)) for owner in alone["owner"].fillna("")],
        },
        columns=COLUMNS,
    ).sort_values("price", ascending=False, kind="stable")
    together = list_pairs(decision)
    if len(together):
        groups = {frozenset(name.split(" + ")) for name in singles["lifted"].str[0]}
        together = together[(together["beyond"] >= NOTHING) & ~together["lifted"].map(frozenset).isin(groups)]
    if together.empty:
        return singles.reset_index(drop=True)
    pairs = pd.DataFrame(
        {
            "lifted": together["lifted"],
            "kind": "pair",
            "price": together["drop_saving"],
            "lower": together["drop_saving_lower"],
            "upper": together["drop_saving_upper"],
            "looser": float("nan"),
            "moves": together["moves"],
            "owner": [say_list(name_owners(owners, decision.case)) for owners in together["owners"]],
        },
        columns=COLUMNS,
    ).sort_values("price", ascending=False, kind="stable")
    return pd.concat([singles, pairs], ignore_index=True) if len(singles) else pairs.reset_index(drop=True)


def show_levers(decision: Decision) -> Parts:
    """Show the levers: what each rule, ban or pair costs, what one step of it is worth, who moves, who can lift it."""
    levers, currency, names = list_levers(decision), decision.case.unit["currency"], name_processes(decision.case)
    pairs = levers["kind"] == "pair"
    first = pd.concat([levers[~pairs].head(SHOWN), levers[pairs].head(PAIRS)])
    divisor, unit = scale_money(first, [Shown("price", "", "money")], currency)
    shown = first.assign(
        title=[" and ".join(map(call_bans, lifted)).replace(" + ", " and ") for lifted in first["lifted"]],
        step=[say_span(each, each, divisor) if each >= NOTHING else "" for each in first["looser"]],
        saves=[say_span(low, high, divisor) for low, high in zip(first["lower"], first["upper"], strict=True)],
        otherwise=[say_list([names[each] for each in moved], NAMED) if moved else "" for moved in first["moves"]],
    )
    columns = [
        Shown("title", "Rule or ban"),
        Shown("saves", "Saved without it", "short"),
        Shown("step", "Saved by one step", "short"),
        Shown("otherwise", "Decided otherwise", "prose"),
        Shown("owner", "Can be lifted by"),
    ]
    more = len(levers) - len(first)
    rest = f" {say_count(more, 'more stands', 'more stand')} with the evidence on rules." if more else ""
    return join_parts(
        head_block("What could change it? Your levers"),
        show_table(
            shown,
            columns,
            currency,
            caption=f"Amounts in {unit}, cash and expected loss together, each of a plan solved again. The dearest is "
            f"asked about above if it saves {say_share(WORTH_ASKING)} of the plan's saving; the others stand.{rest}",
            empty="No rule or ban that anybody can lift costs anything.",
            is_stacked=True,
        ),
    )
