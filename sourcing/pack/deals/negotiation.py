"""A negotiation card per deal: where the provider walks away, what the work should cost, the quote, where we turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.pack.answers import list_numbers
from sourcing.pack.block import Shown, say_block, show_table
from sourcing.pack.deals import charts
from sourcing.pack.parts import Parts, join_parts
from sourcing.pack.wording import say_money

if TYPE_CHECKING:
    from sourcing.decide import BusinessCase

COLUMNS = ["process", "process_name", "owner", "walks_away", "should_cost", "quote", "turns", "room", "ask"]


def list_negotiations(business: BusinessCase) -> pd.DataFrame:
    """List for each deal of the plan the prices that bound its negotiation, yearly, in the unit's currency.

    walks_away: price below which the provider earns less than its margin floor, ramp counted. should_cost: what the
    work costs it a year. quote: the price that the plan pays. turns: price from which the plan decides otherwise, all
    else free to follow (NaN where no price does). room = quote - walks_away: what there is to ask for, negative where
    the price starves the provider.

    Returns
    -------
    DataFrame
        Columns COLUMNS, the most room first; ask in words.
    """
    deals = business.providers
    planned = deals[deals["in_plan"].astype(bool)] if len(deals) else deals
    if planned.empty:
        return pd.DataFrame(columns=COLUMNS)
    numbers = list_numbers(business.decision)
    quoted = numbers[(numbers["driver"] == "quote") & numbers["flips"].astype(bool) & (numbers["change"] > 0)]
    turning = quoted.groupby(["process", "of"])["needed"].min()
    keys = pd.MultiIndex.from_frame(planned[["process", "option"]])
    table = planned.assign(
        walks_away=planned["walk_away_price_per_year"],
        should_cost=planned["should_cost_per_year"],
        quote=planned["price_per_year"],
        turns=turning.reindex(keys).to_numpy(float),
    )
    table["room"] = table["quote"] - table["walks_away"]
    table["ask"] = [_say_ask(row, business.currency) for row in table.to_dict("records")]
    return table.sort_values(["room", "process"], ascending=[False, True], ignore_index=True)[COLUMNS]


def _say_ask(row: dict[str, Any], currency: str) -> str:
    """Say what to ask for; a price that cannot be set beside its should-cost is first explained."""
    if not row["is_like_with_like"]:
        return "Ask what the price pays for beyond this work: it cannot be set beside its should-cost yet."
    if row["room"] > 0:
        return (
            f"Ask for up to {say_money(row['room'], currency)} a year less; below "
            f"{say_money(row['walks_away'], currency)} it walks away."
        )
    most = f", at most {say_money(row['turns'], currency)}" if row["turns"] == row["turns"] else ""
    return (
        f"Do not press the price: it lacks {say_money(-row['room'], currency)} a year. Ask for firm service and people "
        f"instead, or pay more{most}."
    )


def show_negotiations(business: BusinessCase) -> Parts:
    """Show the prices of every deal of the plan on one axis, each against its quote, and what to ask for."""
    deals, currency = list_negotiations(business), business.currency
    if deals.empty:
        return join_parts(say_block("The plan has no deal with an outside owner whose cost is known."))
    columns = [
        Shown("process_name", "Deal"),
        Shown("owner", "With"),
        Shown("quote", "Quoted a year", "money"),
        Shown("should_cost", "Should-cost", "money"),
        Shown("walks_away", "Walks away below", "money"),
        Shown("turns", "We decide otherwise above", "money"),
        Shown("ask", "What to ask for", "prose"),
    ]
    return join_parts(
        charts.negotiation_prices(deals, currency),
        show_table(deals, columns, currency, caption="Yearly prices.", is_stacked=True),
    )
