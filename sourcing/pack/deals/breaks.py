"""Sections on leaving contracts early: what it costs by date, and what the right to leave is worth to both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.decide import take_business
from sourcing.pack.block import Block, Shown, fold_table, say_block, say_nothing, show_table
from sourcing.pack.wording import name_processes, say_count, say_list, say_money, say_share

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.decide import BusinessCase, Decision

WORTH = (
    Shown("form_name", "Contract form"),
    Shown("worth_to_buyer", "Worth to the buyer", "money"),
    Shown("cost_to_provider", "Costs the provider", "money"),
    Shown("leaving_share", "Used in", "share"),
    Shown("first_month", "First way out, month", "number"),
    Shown("first_fee", "Fee then", "money"),
    Shown("break_notice_months", "Notice, months", "number"),
    Shown("break_fee_share", "Fee, share of what is left", "share"),
    Shown("paid_over_term", "Paid over the term, fee included", "money"),
)
BY_DATE = (
    Shown("month", "Leaving after, months", "number"),
    Shown("months_left", "Months left then", "number"),
    Shown("fee", "Fee", "money"),
    Shown("exit_cost", "Fee, tender and clean-up", "money"),
    Shown("leaving_share", "Pays in", "share"),
    Shown("gain", "Gain of leaving, mean", "money"),
    Shown("worth", "Gain if left only where it pays", "money"),
)
RARE = 0.005
METHOD = (
    "An outcome is taken to hold for the whole term. The buyer leaves where what is left to pay, with missed service, "
    "exceeds the best fallback (a new tender, or own staff where they could do the work), the fee and the cost of the "
    "change. Work that turns out dearer is so for whoever does it. Present values at the start of the contract, before "
    "inflation."
)


def show_breaks(given: BusinessCase | Decision) -> Block:
    """Show what the break clause of each form costs and is worth for the deal looked at, and its dates."""
    business = take_business(given)
    if business.deal is None:
        return say_nothing("No deal with an outside owner whose cost is known, so no way out to price.")
    block = say_block(say_breaks(business), METHOD) + show_table(business.breaks, WORTH, business.currency)
    title = f"By date, under the terms offered: {say_count(len(business.break_dates), 'way')} out"
    return block + fold_table(business.break_dates, BY_DATE, title, business.currency)


def say_breaks(business: BusinessCase) -> str:
    """Say what the right to leave the deal looked at costs, and what it is worth."""
    deal, currency = business.deal, business.currency
    own = None if deal is None else business.breaks[business.breaks["contract_form"] == deal["contract_form"]]
    if deal is None or own is None or own.empty or business.break_dates.empty:
        return "The deal looked at has no way out before its term ends."
    row, first = own.iloc[0], business.break_dates.iloc[0]
    worth = (
        "in hardly any drawn outcome does that pay"
        if row["leaving_share"] < RARE
        else f"that pays in {say_share(row['leaving_share'])} of the drawn outcomes, is worth "
        f"{say_money(row['worth_to_buyer'], currency)} to the buyer and costs the provider "
        f"{say_money(row['cost_to_provider'], currency)}"
    )
    return (
        f"{deal['process_name']} with {deal['owner']} ({row['form_name'].lower()}) may first be left after "
        f"{say_count(first['month'], 'month')}, for {say_money(first['exit_cost'], currency)} in all: {worth}."
    )


def show_running_breaks(given: BusinessCase | Decision) -> Block:
    """Show what leaving each running contract costs by date, and how often that pays."""
    business = take_business(given)
    if business.running.empty:
        return say_nothing("No running contract with an outside owner whose cost is known.")
    names = name_processes(business.decision.case)
    table = business.running.assign(process_name=business.running["process"].map(names))
    who = [Shown("process_name", "Process"), Shown("owner", "Owner")]
    now, later = table[table["month"] == 0], table[table["month"] > 0]
    block = say_block(_say_running(now, business.currency), "Reckoned as the way out of a new contract, from today on.")
    block += show_table(now, [*who, *BY_DATE[1:]], business.currency, caption="If left today.")
    title = f"Leaving later: {say_count(len(later), 'date')}"
    return block + fold_table(later, [*who, *BY_DATE], title, business.currency)


def _say_running(now: pd.DataFrame, currency: str) -> str:
    """Say which running contracts are better left at once than kept to their end."""
    better = now[now["gain"] > 0].sort_values("gain", ascending=False)
    if better.empty:
        return "By these figures no running contract is better left at once than kept to its end."
    return (
        f"Left at once rather than kept to the end, {say_list(better['process_name'], 3)} would gain "
        f"{say_money(better['gain'].sum(), currency)} in the mean of the outcomes, fees and change paid."
    )
