"""What would flip a decision, said from the flips: forcing costs, the nearest number, how sure the choice is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.pack.answers import list_flips, list_numbers, measure_change
from sourcing.pack.wording.numbers import say_list, say_money, say_number, say_share

if TYPE_CHECKING:
    from sourcing.decide import Decision

CLOSE, SURE = 0.02, 0.1
"""Up to which relative change of one number a choice is close, and from which it is sure."""
NO_PLAN = "no plan"
MONEY = ("quote", "wage", "transition cost")
NAMED = {
    "quote": "yearly price",
    "wage": "yearly labor cost per head",
    "transition cost": "transition cost",
    "risk probability": "yearly rate of serious failures",
    "commoditization score": "commoditization score",
    "core score": "core score",
}


def say_interval(lower: float, upper: float, currency: str) -> str:
    """Write an amount, or the interval it is proven to lie in.

    Examples
    --------
    >>> say_interval(5e4, 5e4, "EUR"), say_interval(4e4, 5e4, "EUR"), say_interval(float("inf"), float("inf"), "EUR")
    ('EUR 50,000', 'EUR 40,000 to EUR 50,000', 'no plan')
    """
    if np.isnan(upper):
        return ""
    if np.isinf(lower):
        return NO_PLAN
    low = say_money(lower, currency)
    if np.isinf(upper):
        return f"at least {low}"
    high = say_money(upper, currency)
    return high if low == high else f"{low} to {high}"


def say_number_change(row: dict[str, Any], decision: Decision) -> str:
    """Say which number has to change from what to what, and by how much; "" where none flips the decision."""
    if not isinstance(row["driver"], str):
        return ""
    currency = decision.case.unit["currency"]
    say = (lambda value: say_money(value, currency)) if row["driver"] in MONEY else say_number
    if row["of"] == "":
        whose = "its"
    else:
        names = decision.alternatives.drop_duplicates(["process", "option"]).set_index(["process", "option"])["name"]
        whose = f"{names[row['process'], row['of']]}'s"
    verb = "falls" if row["change"] < 0 else "rises"
    share = f" ({say_share(abs(row['change_share']))})" if row["of"] and row["today"] else ""
    named = NAMED.get(row["driver"], row["driver"])
    return f"{whose} {named} {verb} from {say(row['today'])} to {say(row['needed'])}{share}"


def say_flips(decision: Decision) -> pd.Series:
    """Say for each process what the next best costs, which number is nearest to flipping it, and how sure it is.

    Returns
    -------
    Series
        Index process; one or more sentences, each from the numbers of `list_flips`.
    """
    flips = list_flips(decision)
    return pd.Series({process: _say_process(rows, decision) for process, rows in flips.groupby("process")}, dtype=str)


def _say_no_number(process: Any, decision: Decision) -> str:
    """Say that no number flips a choice, and how far that is proven."""
    numbers = list_numbers(decision)
    own = numbers[numbers["process"] == process]
    if not own["exact"].all():
        return "No single number was found in time that, changed alone, surely flips this choice."
    if own["held"].map(len).any():
        return "No single number behind it, changed alone and with today's amounts in the rules, flips this choice."
    return "No single number behind it, changed alone, flips this choice: it is sure."


def _say_process(flips: pd.DataFrame, decision: Decision) -> str:
    currency = decision.case.unit["currency"]
    table = decision.alternatives.drop_duplicates(["process", "option"]).set_index(["process", "option"])
    names = table.loc[flips["process"].iloc[0], "name"]
    called = decision.alternatives.drop_duplicates("process").set_index("process")["process_name"]
    rival = flips[flips["runner_up"]]
    if rival.empty:
        return "No other option is possible under the rules and bans, so no number flips this choice."
    first = rival.iloc[0].to_dict()
    cost = say_interval(max(first["lower"], 0.0), first["upper"], currency)
    follow = [called[process] for process in first["moves"]]
    also = f", and {say_list(follow, 3)} would be decided otherwise too" if follow else ""
    words = [f"Taking {names[first['option']]} instead costs {cost} more, all else free to follow{also}."]
    numbers = flips[flips["driver"].notna()]
    if numbers.empty:
        return " ".join([*words, _say_no_number(flips["process"].iloc[0], decision)])
    nearest = numbers.loc[measure_change(numbers).idxmin()].to_dict()
    size = float(measure_change(pd.DataFrame([nearest])).iloc[0])
    sure = "a close call" if size < CLOSE else "fairly sure" if size < SURE else "sure"
    words.append(f"{names[nearest['option']]} wins once {say_number_change(nearest, decision)}: the choice is {sure}.")
    if nearest["held"]:
        held = say_list([f"'{rule}'" for rule in nearest["held"]], 2)
        words.append(f"In this, today's amounts count for {held}.")
    return " ".join(words)
