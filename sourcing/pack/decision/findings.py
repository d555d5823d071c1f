"""What the charts of a decision find, in a sentence each: their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.theme import STATE_ORDER
from sourcing.pack.wording import MODEL_NAMES, capitalize, lower_first, say_count, say_money, say_number, say_share

if TYPE_CHECKING:
    import pandas as pd

CORE = ("retain", "ally", "streamline")
MARKET = "release"
NEGLIGIBLE = 0.5
"""A part of the people, in full-time equivalents, below which nobody is said to have moved."""


def find_standing(postures: pd.DataFrame) -> str:
    """Say how many processes the market could deliver, and how many are core."""
    bought, core = int((postures["posture"] == MARKET).sum()), int(postures["posture"].isin(CORE).sum())
    whole = say_count(len(postures), "process", "processes")
    return f"Of {whole}, {say_number(bought)} could be bought from the market and {say_number(core)} are core"


def find_largest_shift(states: pd.DataFrame) -> str:
    """Say which delivery model gains or loses most people; of today alone, who does most of the work."""
    people = states.groupby(["state", "delivery_model"])["fte"].sum().unstack("state", fill_value=0.0)
    people = people.reindex(columns=STATE_ORDER)
    if people[STATE_ORDER[1]].isna().all():
        today = people[STATE_ORDER[0]]
        return f"{capitalize(MODEL_NAMES[today.idxmax()])}: {say_share(today.max() / today.sum())} of the people today"
    shift = people[STATE_ORDER[1]] - people[STATE_ORDER[0]]
    if shift.abs().max() < NEGLIGIBLE:
        return "Who does the work stays as it is"
    model = shift.abs().idxmax()
    before, after = (say_number(round(float(people.loc[model, state]))) for state in STATE_ORDER)
    verb = "grows" if shift[model] > 0 else "falls"
    return f"Work {_place(model)} {verb} from {before} to {after} people"


def _place(model: str) -> str:
    """Say where work is done."""
    own = f"with own staff {MODEL_NAMES[model]}"
    return {"outsource": "with outside owners", "in_house": "in-house"}.get(model, own)


def find_difference(bridge: pd.DataFrame, currency: str) -> str:
    """Say what the plan pays less or more in all, and on which line most of it; bridge: label, amount, kind."""
    totals = bridge.loc[bridge["kind"] == "total", "amount"]
    less = float(totals.iloc[0] - totals.iloc[-1])
    kind, verb = ("cheaper", "less") if less > 0 else ("dearer", "more")
    lines = bridge[bridge["kind"] == kind]
    if lines.empty or not less:
        return "The plan pays what today's delivery pays"
    step = lines.loc[lines["amount"].abs().idxmax()]
    largest = f"{say_money(abs(step['amount']), currency)} {verb} {lower_first(step['label'])}"
    return f"The plan pays {say_money(abs(less), currency)} {verb} than today; the largest step is {largest}"


def find_plan_against_today(rows: pd.DataFrame, measure: str, currency: str) -> str:
    """Say how the plan's amount lies to today's: the second of the scenarios to the first."""
    today, plan = float(rows["amount"].iloc[0]), float(rows["amount"].iloc[1])
    if round(abs(today - plan)) == 0:
        return f"{measure} of the plan is what it is today"
    side = "below" if plan < today else "above"
    return f"{measure} of the plan lies {say_money(abs(today - plan), currency)} {side} today's"


def find_extremes(table: pd.DataFrame) -> str:
    """Say which index is highest on average and which lowest; table: index, value."""
    means = table.groupby("index")["value"].mean().dropna()
    if len(means) < 2:
        return "Indices of each process"
    return f"Highest on average: {means.idxmax()}; lowest: {means.idxmin()}"


def find_price_of_safety(choices: pd.DataFrame, currency: str) -> str:
    """Say what the efficient plan of least expected loss pays beyond the one of least cash."""
    plans = choices[choices["first"]]
    cheapest, safest = plans.loc[plans["cash_cost"].idxmin()], plans.loc[plans["expected_loss"].idxmin()]
    dearer = float(safest["cash_cost"] - cheapest["cash_cost"])
    if len(plans) == 1 or not dearer:
        return "No other plan is better in cash or in expected loss"
    price = say_money(dearer, currency)
    avoided = say_money(float(cheapest["expected_loss"] - safest["expected_loss"]), currency)
    return f"From the cheapest plan to the safest: {price} more cash, {avoided} less expected loss"
