"""What the charts of deals find, in a sentence each: their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.theme import STATE_ORDER
from sourcing.pack.wording import say_count, say_money, say_share

if TYPE_CHECKING:
    import pandas as pd


def find_first_saving(ranges: pd.DataFrame) -> str:
    """Say from which year on the plan pays less than today."""
    paid = ranges.pivot(index="year", columns="state", values="stated")
    saves = paid[STATE_ORDER[1]] < paid[STATE_ORDER[0]]
    if saves.all():
        return "The plan pays less than today in every year"
    if not saves.iloc[-1]:
        return "In the last year the plan pays no less than today"
    first = saves.idxmax()
    if not saves[first:].all():
        return "In some years the plan pays less than today"
    return f"From year {first} on the plan pays less than today"


def find_best_form(rows: pd.DataFrame, currency: str, *, is_cost: bool) -> str:
    """Say which contract form is best on average for the side that is drawn."""
    if is_cost:
        row = rows.loc[rows["mean"].idxmin()]
        return f"{row['form_name']} costs the buyer least on average: {say_money(row['mean'], currency)} a year"
    row = rows.loc[rows["mean"].idxmax()]
    return f"{row['form_name']} leaves the provider most on average: {say_share(row['mean'])} of what it is paid"


def find_win_win(zones: pd.DataFrame) -> str:
    """Say in how many of the terms tried both sides are better off."""
    both = int((zones["zone"] == "both better off").sum())
    if not both:
        return "None of the terms tried leaves both sides better off than specified inputs"
    return f"{both} of {len(zones)} terms tried leave both sides better off than specified inputs"


def find_tightest(ladder: pd.DataFrame) -> str:
    """Say how many requirements the plan misses, else which it meets most narrowly."""
    planned = ladder[ladder["who"] == "planned"]
    if planned.empty:
        return "No requirement is asked of the plan"
    missed = planned[planned["room"] < 1]
    if len(missed):
        return f"The plan misses {say_count(len(missed), 'requirement')}, that of {_call(missed.iloc[0])} among them"
    return f"The plan meets every requirement, most narrowly that of {_call(planned.loc[planned['room'].idxmin()])}"


def _call(step: pd.Series) -> str:
    return f"{step['process_name']} ({step['step'].rsplit(', ', 1)[1]})"
