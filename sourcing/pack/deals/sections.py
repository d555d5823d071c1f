"""Sections of the business case: returns of moves, providers, contract forms, services, peaks, regions, ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing import value
from sourcing.case import read_assumed
from sourcing.decide import list_leans, take_business
from sourcing.pack.block import Block, Shown, fold_table, say_block, say_nothing, show_table
from sourcing.pack.wording import name_processes, say_count, say_list, say_money, say_number, say_share

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sourcing.decide import BusinessCase, Decision

SHOWN_FIRST = 12
SMALL_SHARE = 1e-3
"""Part of a price from which a premium is worth a word."""
WORTH_COLUMNS = (
    Shown("form_name", "Contract form"),
    Shown("subcontractor_receipts", "Paid on to subcontractors", "money"),
    Shown("renewal_to_provider", "Renewal without tender is worth to the provider", "money"),
    Shown("renewal_to_buyer", "and to the buyer", "money"),
)
RISK_CAPTION = "Part of each risk that the buyer carries; the rest is the provider's."
DRIVER_NAMES = {
    "volume": "Volume",
    "unit_cost": "The provider's cost",
    "inflation": "Inflation",
    "service": "Service",
}


def draw_or_say(draw: Callable[..., Any], table: pd.DataFrame, *more: Any, empty: str) -> Any:
    """Draw a chart of a table, or say a sentence where the table is empty."""
    return draw(table, *more) if len(table) else say_nothing(empty)


def show_moves(given: BusinessCase | Decision) -> Block:
    """Show what each move is worth and all together; the largest first, the total on top."""
    business = take_business(given)
    names = name_processes(business.decision.case)
    moves = business.moves.reset_index()
    if len(moves) == 1:
        return say_nothing("Nothing moves, so there is nothing to earn back.")
    moves["title"] = moves["process"].map({**names, value.SHARED: "What processes share"}).fillna("All together")
    moves["is_all"] = moves["process"] == "all"
    moves = moves.sort_values(["is_all", "npv"], ascending=[False, False])
    moves["payback"] = [_say_years(years) for years in moves["payback_years"]]
    moves["rate"] = [_say_rate(row) for row in moves.to_dict("records")]
    columns = [
        Shown("title", "Move"),
        Shown("outlay", "One-off, present value", "money"),
        Shown("npv", "Net present value", "money"),
        Shown("payback", "Paid back after"),
        Shown("rate", "Internal rate, a year"),
        Shown("mirr", "Modified rate, a year", "share"),
        Shown("roi", "Return on one-off", "number"),
    ]
    caption = "Against today's delivery, over the horizon. A rate is shown where there is exactly one."
    first, rest = moves.head(SHOWN_FIRST + 1), moves.iloc[SHOWN_FIRST + 1 :]
    title = say_count(len(rest), "further move")
    return show_table(first, columns, business.currency, caption=caption, folded=rest, folded_title=title)


def _say_years(years: float) -> str:
    return "never" if np.isinf(years) else "at once" if years == 0 else say_count(round(years, 1), "year")


def _say_rate(row: dict[str, Any]) -> str:
    if row["rates"] != 1:
        return "none" if row["rates"] == 0 else "several"
    return say_share(row["irr"]) if abs(row["irr"]) < 10 else "over 1000 %"


def show_providers(given: BusinessCase | Decision) -> Block:
    """Show the other side of each deal in the plan: should-cost by cause, margin, verdict; the thinnest first."""
    business = take_business(given)
    deals = business.providers.sort_values("margin")
    deals = deals.assign(state=[_say_verdict(row) for row in deals.to_dict("records")])
    columns = [
        Shown("process_name", "Process"),
        Shown("owner", "Owner"),
        Shown("price_per_year", "Price a year", "money"),
        Shown("provider_labor", "Its labor", "money"),
        Shown("provider_overhead", "Its overhead", "money"),
        Shown("provider_non_labor", "Its non-labor cost", "money"),
        Shown("should_cost_per_year", "Should-cost a year", "money"),
        Shown("margin", "Margin with ramp", "share"),
        Shown("margin_floor", "Floor", "share"),
        Shown("walk_away_price_per_year", "Walks away below", "money"),
        Shown("state", "", "badge"),
    ]
    planned, rest = deals[deals["in_plan"]], deals[~deals["in_plan"]]
    block = say_block(_say_margins(planned))
    if len(planned):
        block += show_table(planned, columns, business.currency)
    return block + fold_table(rest, columns, f"{say_count(len(rest), 'deal')} not in the plan", business.currency)


def _say_verdict(row: dict[str, Any]) -> dict[str, str]:
    """Say what a margin is worth; one that should-cost cannot stand behind is not called earned."""
    if row["verdict"] == "not comparable":
        why = (
            "the should-cost leaves out something that the price pays for"
            if row["is_like_with_like"]
            else "the non-labor cost in the price is not known"
        )
        return {"text": f"not comparable: {why}", "tone": "warn"}
    words = {"starved": ("starved", "bad"), "overpaid": ("overpaid", "warn"), "earns": ("earns its margin", "good")}
    text, tone = words[str(row["verdict"])]
    return {"text": text, "tone": tone}


def _say_margins(planned: pd.DataFrame) -> str:
    """Say which deals of the plan starve their provider, which overpay it, and which cannot be judged."""
    if planned.empty:
        return "The plan has no deal with an outside owner whose cost is known."
    by_verdict = {verdict: rows["process_name"] for verdict, rows in planned.groupby("verdict")}
    said = []
    if "starved" in by_verdict:
        names = by_verdict["starved"]
        said.append(
            f"{say_count(len(names), 'deal')} of the plan would starve the provider ({say_list(names, 3)}): such a "
            "deal is unstable, for what it does not earn it saves on service or asks for later."
        )
    else:
        said.append("No deal of the plan starves its provider by these figures.")
    if "overpaid" in by_verdict:
        names, plausible = by_verdict["overpaid"], read_assumed("provider_margin_plausible")
        said.append(
            f"{say_count(len(names), 'deal')} would overpay it ({say_list(names, 3)}): more than the "
            f"{say_share(plausible.value)} that listed providers earn at most. Ask for another price."
        )
    if "not comparable" in by_verdict:
        names = by_verdict["not comparable"]
        said.append(
            f"The margin of {say_count(len(names), 'deal')} cannot be judged ({say_list(names, 3)}): price and "
            "should-cost are not like with like, so check heads, wages and what the price pays for first."
        )
    return " ".join(said)


def show_contracts(given: BusinessCase | Decision) -> Block:
    """Show the contract forms for the deal looked at: both sides, effort, penalty, and who carries which risk."""
    business = take_business(given)
    if business.deal is None:
        return say_nothing("No deal with an outside owner whose cost is known, so no contract to compare.")
    table, deal = business.contracts, business.deal
    shown = table.assign(
        signed=[say_money(price, business.currency) if price < np.inf else "at no price" for price in table["price"]],
        effort=[
            f"{say_share(row['best_effort'])} of {say_share(row['wanted_effort'])}" for row in table.to_dict("records")
        ],
        aligned=[
            {"text": "yes", "tone": "good"} if fits else {"text": "no", "tone": "warn"} for fits in table["is_aligned"]
        ],
        verdict=[_give_verdict(row) for row in table.to_dict("records")],
    )
    columns = [
        Shown("form_name", "Contract form"),
        Shown("signed", "Signed at, a year"),
        Shown("risk_premium", "of it for the risk moved", "money"),
        Shown("buyer_cost", "Buyer's cost a year", "money"),
        Shown("profit", "Provider's profit a year", "money"),
        Shown("margin", "Margin", "share"),
        Shown("expected_penalty", "Expected credits and penalties", "money"),
        Shown("effort", "Best effort for the provider, of the wanted"),
        Shown("aligned", "Wants the same", "badge"),
        Shown("verdict", "Against specified inputs", "badge"),
    ]
    price = say_money(deal["price_per_year"], business.currency)
    words = (
        f"{deal['process_name']} with {deal['owner']}, at {price} a year. Each form is settled over the same "
        f"{say_number(len(business.outcomes))} outcomes, at the price at which the provider would sign it: as well off "
        "as under the form offered, with the spread of its profit counted, and never below its floor."
    )
    of_risk = [
        Shown("form_name", "Contract form"),
        *(Shown(f"{driver}_with_buyer", title, "share") for driver, title in DRIVER_NAMES.items()),
    ]
    block = say_block(words, say_contracts(business)) + show_table(shown, columns, business.currency)
    block += show_table(table, of_risk, caption=RISK_CAPTION)
    block += fold_table(table, WORTH_COLUMNS, "What flows down, and what renewal is worth", business.currency)
    return block + _show_terms(business)


def _show_terms(business: BusinessCase) -> Block:
    """Show the terms each form was settled under: the deal's own contract for its form, else the documented ones."""
    case, deal = business.decision.case, dict(business.deal if business.deal is not None else {})
    contracts = case.contracts.set_index("contract")
    rows = []
    for form in business.contracts["contract_form"]:
        own = str(deal["contract"]) if form == deal["contract_form"] else ""
        about = value.load_forms().loc[form]
        source = contracts.at[own, "source"] or "the case" if own else about["source"]
        terms = value.find_terms(case, own, form)
        rows.append({"name": about["name"], "meaning": about["meaning"], "source": source, **terms})
    shares = {
        "gain_share": "Provider's share of savings",
        "penalty_rate": "Credit a point",
        "penalty_cap_share": "Cap",
        "outcome_share": "Fee for outcome",
        "volume_floor_share": "Volume floor",
        "volume_band_share": "Volume band",
        "extra_charge_ratio": "Unit above it",
        "reduced_credit_ratio": "Unit below it",
        "indexation_share": "Indexed",
        "profit_share": "Our part of profit",
        "venture_capital_share": "Venture's capital",
        "subcontracted_share": "Subcontracted",
        "flow_down_share": "Flows down",
    }
    columns = [
        Shown("name", "Contract form"),
        *(Shown(name, title, "share") for name, title in shares.items()),
        Shown("renewal_margin_years", "Renewal, years of margin", "number"),
        Shown("break_notice_months", "Break clause, months of notice", "number"),
        Shown("break_fee_share", "Break fee, share of what is left", "share"),
        Shown("meaning", "Meaning", "prose"),
        Shown("source", "Terms from", "prose"),
    ]
    return fold_table(pd.DataFrame(rows), columns, "Terms each form is settled under")


def _give_verdict(row: dict[str, Any]) -> dict[str, str]:
    if row["walks_away"]:
        return {"text": "provider walks away", "tone": "bad"}
    if row["is_win_win"]:
        return {"text": "better for both", "tone": "good"}
    if row["contract_form"] == "time_and_materials":
        return {"text": "the baseline", "tone": "neutral"}
    return {"text": "better for one or none", "tone": "warn"}


def say_contracts(business: BusinessCase) -> str:
    """Say which contract form costs the buyer least at the price at which it is signed, and what that rests on."""
    if business.deal is None:
        return "There is no deal whose two sides are known."
    table = business.contracts
    both = table[table["is_win_win"]]
    if both.empty:
        return (
            "By these figures no form that the provider would sign is better for the buyer than specified inputs: talk "
            "about the price first."
        )
    best = both.sort_values("buyer_cost").iloc[0]
    currency, premium = business.currency, best["risk_premium"]
    risk = (
        f", {say_money(premium, currency)} of it for the risk it takes over"
        if premium > SMALL_SHARE * best["price"]
        else ""
    )
    return (
        f"{best['form_name']} costs the buyer least among the forms that leave the provider as well off: signed at "
        f"{say_money(best['price'], currency)} a year{risk}, it costs {say_money(best['buyer_gain'], currency)} a year "
        "less than specified inputs. Terms and ranges are assumed where the case gives none."
    )


def say_business(business: BusinessCase) -> str:
    """Say what all moves together are worth, when they have paid back, and on which figure that leans most."""
    whole, currency = business.moves.loc["all"], business.currency
    if len(business.moves) == 1:
        return "Nothing moves: the business case is today's delivery."
    verb = "are worth" if whole["npv"] >= 0 else "cost"
    said = (
        f"All moves together {verb} {say_money(abs(whole['npv']), currency)} in present value against today, for "
        f"{say_money(whole['outlay'], currency)} of one-off spending, paid back {_say_when(whole['payback_years'])}."
    )
    if not business.decision.policy.use_ranges:
        return f"{said} Ranges are switched off: every figure stands as stated."
    leans = list_leans(business).iloc[0]
    return (
        f"{said} The figure that this leans on most is the {leans['meaning']}: alone it moves the nominal saving over "
        f"the horizon by {say_money(leans['spread'], currency)}. Its source: {leans['source']}."
    )


def _say_when(years: float) -> str:
    return (
        "never within the horizon"
        if np.isinf(years)
        else "from the start"
        if years == 0
        else f"after {_say_years(years)}"
    )


def show_zone_edges(given: BusinessCase | Decision) -> Block:
    """Show where the win-win zone begins and ends, and where the provider walks away."""
    business = take_business(given)
    if business.zones.empty:
        return say_nothing("Without a deal whose two sides are known there is no zone.")
    both = business.zones[business.zones["zone"] == "both better off"]
    walk = value.find_walk_away(business.zones).query("walk_away_rate < inf")
    said = (
        f"Both sides are better off with a provider's share from {say_share(both['gain_share'].min())} to "
        f"{say_share(both['gain_share'].max())} and credits of up to {say_share(both['penalty_rate'].max())} a point."
        if len(both)
        else "No pair of share and credit leaves both sides better off."
    )
    return say_block(said, _say_edge(business.zones, walk))


def _say_edge(zones: pd.DataFrame, walk: pd.DataFrame) -> str:
    if (zones["zone"] == "the provider walks away").all():
        return "At this price the provider walks away whatever the share and the credit: its margin is below its floor."
    if walk.empty:
        return "The provider stays at every pair that is drawn."
    share, rate = say_share(walk["gain_share"].iloc[0]), walk["walk_away_rate"].iloc[0]
    at = f"from credits of {say_share(rate)} a point" if rate > 0 else "even without credits"
    return f"With a share of {share} the provider walks away {at}."


def show_ranges(given: BusinessCase | Decision) -> Block:
    """Show the uncertain figures behind ranges and contracts, with the source of each."""
    business = take_business(given)
    ranges = business.ranges.reset_index()
    ranges["title"] = ranges["figure"].str.replace("_", " ")
    ranges["moves_with"] = [
        f"{row['correlation_group']}, {say_number(row['loading'])}"
        if row["correlation_group"] and row["loading"]
        else ""
        for row in ranges.to_dict("records")
    ]
    columns = [
        Shown("title", "Figure"),
        Shown("low", "Low", "figure"),
        Shown("likely", "Likely", "figure"),
        Shown("high", "High", "figure"),
        Shown("unit", "Unit"),
        Shown("moves_with", "Moves with, correlation (assumed)"),
        Shown("meaning", "Meaning", "prose"),
        Shown("source", "Source", "prose"),
    ]
    return fold_table(ranges, columns, f"{say_count(len(ranges), 'uncertain figure')} behind these ranges")
