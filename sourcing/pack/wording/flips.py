"""What would flip a decision, said from rows of flips: forcing costs, the nearest number, how sure the choice is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sourcing.pack.wording.names import name_processes
from sourcing.pack.wording.numbers import say_interval, say_list, say_share, say_two_amounts, say_two_numbers
from sourcing.pack.wording.rules import say_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sourcing.case import Case

MONEY = ("quote", "wage", "transition cost")
NAMED = {
    "quote": "yearly price",
    "wage": "yearly labor cost per head",
    "transition cost": "transition cost",
    "risk probability": "yearly rate of serious failures",
    "commoditization score": "commoditization score",
    "core score": "core score",
}


def say_flip(
    flips: pd.DataFrame,
    numbers: pd.DataFrame,
    names: Mapping[tuple[str, str], str],
    case: Case,
    posture: Mapping[Any, Any],
) -> str:
    """Say what the next best of a process costs, which number is nearest to flipping it, and how sure the choice is.

    Parameters
    ----------
    flips : DataFrame
        The process's rows of `list_flips`, with the column size: by how much the number of each changes.
    numbers : DataFrame
        The process's rows of `list_number_ranges`.
    names : mapping of (process, option) to str
    case : Case
        One unit, for names and currency.
    posture : mapping
        The process's row of how sure its scores are: confidence, is_unsettled.
    """
    rival = flips[flips["runner_up"]]
    others = flips[~flips["chosen"] & ~flips["is_barred"]]
    if rival.empty and not (others["lower"] == math.inf).all():
        return "Which other option is possible was not found within the limits of the search."
    if rival.empty:
        return "No other option is possible under the rules and bans, so no number flips this choice."
    words, changes = [_say_rival(rival.iloc[0].to_dict(), names, case)], flips[flips["driver"].notna()]
    if changes.empty:
        return " ".join([*words, say_no_number(numbers, posture)])
    nearest = changes.loc[changes["size"].idxmin()].to_dict()
    once = say_number_change(nearest, names, case.unit["currency"])
    words.append(f"{names[nearest['process'], nearest['option']]} wins once {once}. {say_sureness(numbers, posture)}")
    if nearest["held"]:
        words.append(f"In this, today's amounts count for {say_rules(nearest['held'], case)}.")
    return " ".join(words)


def say_sureness(numbers: pd.DataFrame, posture: Mapping[Any, Any]) -> str:
    """Say how sure a choice is: against the range of each number alone, and by how sure its scores are."""
    open_ones = numbers[numbers["may_flip"]]
    if len(open_ones):
        named = list(dict.fromkeys(NAMED.get(driver, driver) for driver in open_ones["driver"]))
        words = f"The choice is open: within the range of its {say_list(named, 3)} it flips"
    elif numbers["flips"].any():
        ranges = numbers[numbers["flips"].astype(bool)]
        stated = "" if ranges["has_range"].all() else ", a tenth or a point of a score where none is given"
        words = f"The choice is sure against the range of each of its numbers alone{stated}"
    else:
        words = "The choice is sure against any one number"
    if posture["is_unsettled"]:
        return f"{words}; but its posture is unsettled: it holds in {say_share(posture['confidence'])} of the draws."
    return f"{words}."


def _say_rival(rival: dict[str, Any], names: Mapping[tuple[str, str], str], case: Case) -> str:
    """Say what taking the next best costs, and which processes would be decided otherwise with it."""
    cost = say_interval(max(rival["lower"], 0.0), rival["upper"], case.unit["currency"])
    called = name_processes(case)
    follow = [called[process] for process in rival["moves"]]
    also = f", and {say_list(follow, 3)} would be decided otherwise too" if follow else ""
    return (
        f"Taking {names[rival['process'], rival['option']]} instead costs {cost} more, all else free to follow{also}."
    )


def say_no_number(numbers: pd.DataFrame, posture: Mapping[Any, Any]) -> str:
    """Say that no number flips a choice, and how far that is proven."""
    if not numbers["exact"].all():
        return "No single number was found in time that, changed alone, surely flips this choice."
    if numbers["held"].map(len).any():
        return "No single number behind it, changed alone and with today's amounts in the rules, flips this choice."
    return f"No single number behind it, changed alone, flips this choice. {say_sureness(numbers, posture)}"


def say_number_change(flip: dict[str, Any], names: Mapping[tuple[str, str], str], currency: str) -> str:
    """Say which number has to change from what to what, and by how much; "" where none flips the decision."""
    if not isinstance(flip["driver"], str):
        return ""
    if flip["driver"] in MONEY:
        today, needed = say_two_amounts(flip["today"], flip["needed"], currency)
    else:
        today, needed = say_two_numbers(flip["today"], flip["needed"])
    whose = f"{names[flip['process'], flip['of']]}'s" if flip["of"] else "its"
    named = NAMED.get(flip["driver"], flip["driver"])
    if today == needed:
        return f"{whose} {named} of {today} changes at all: both cost the same"
    verb = "falls" if flip["change"] < 0 else "rises"
    share = f" ({say_share(abs(flip['change_share']))})" if flip["of"] and flip["today"] else ""
    return f"{whose} {named} {verb} from {today} to {needed}{share}"


def say_forcing(flip: dict[str, Any], case: Case) -> str:
    """Say what forcing an option costs, or what keeps it out; "" for what is chosen."""
    if flip["chosen"]:
        return ""
    if flip["lower"] == math.inf:
        return f"impossible: {say_rules(flip['blocked_by'], case)}" if flip["blocked_by"] else "impossible"
    return say_interval(flip["lower"], flip["upper"], case.unit["currency"])
