"""What a comparison of two runs says in words."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from sourcing.pack.wording import capitalize, lower_first, say_count, say_list, say_money, say_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from sourcing.program import Comparison, Review

MEASURES = {
    "objective": "Objective",
    "cash_cost": "Cash cost",
    "expected_loss": "Expected loss",
    "as_is_cash_cost": "Cash cost as it is today",
    "saving": "Saving in cash over as-is",
}
STATUSES = {"plan": "a plan", "infeasible": "no plan that keeps every rule", "out of time": "no plan in the time given"}
REFUSALS = {
    "infeasible": "have no plan that keeps every rule",
    "unsound": "are no sound case",
    "out of time": "gave no plan in the time given",
}
OTHERWISE, SAME = "decided otherwise", "same decision"
SMALL = 0.5
"""An amount below this is shown as none."""
TOLD = 3
"""How many changes of cells one group tells of."""


def say_details(details: Iterable[str]) -> str:
    """Say what changed within a group: the most frequent changes, each once.

    Examples
    --------
    >>> say_details(["price: 9 → 8", "months: 6 → 7", "months: 6 → 7"])
    'months: 6 → 7 (2 times); price: 9 → 8'
    """
    counted = Counter(details).most_common()
    told = [f"{change} ({count} times)" if count > 1 else change for change, count in counted[:TOLD]]
    more = f"; {say_count(len(counted) - TOLD, 'further change')}" if len(counted) > TOLD else ""
    return "; ".join(told) + more


SHOWN_CAUSES, SHOWN_FLIPS = 3, 6


def say_comparison(comparison: Comparison) -> list[str]:
    """Say what changed between two decisions of a unit, what it does to money, and which change caused it."""
    name = comparison.name
    if comparison.is_unchanged:
        return [f"Nothing changed for {name}: data, levers, decisions and money are the same."]
    rows, levers = len(comparison.changes.drop_duplicates(["table", "key"])), len(comparison.levers)
    counts = [say_count(rows, "row of data", "rows of data")] * (rows > 0) + [say_count(levers, "lever")] * (levers > 0)
    words = [f"{name}: {say_list(counts) if counts else 'neither data nor levers'} changed."]
    if comparison.status_before != comparison.status_after or comparison.status_after != "plan":
        return [*words, *_say_statuses(comparison), *_say_drift(comparison)]
    flipped = comparison.decisions[comparison.decisions["change"] == OTHERWISE]
    others = comparison.decisions[~comparison.decisions["change"].isin([OTHERWISE, SAME])]
    words.append(
        f"{say_count(len(flipped), 'process is', 'processes are')} decided otherwise: {say_list(flipped['name'], 6)}."
        if len(flipped)
        else "No decision changed."
    )
    words += [f"{capitalize(kind)}: {say_list(own['name'], 6)}." for kind, own in others.groupby("change", sort=True)]
    return [*words, *_say_money(comparison), *_say_causes(comparison), *_say_drift(comparison)]


def _say_statuses(comparison: Comparison) -> list[str]:
    before, after = STATUSES[comparison.status_before], STATUSES[comparison.status_after]
    words = [f"Before there was {before}; now there is {after}."]
    for names in comparison.feasibility[:SHOWN_CAUSES]:
        words.append(f"Applied alone, {_say_names(names)} makes it so.")
    return words


def _say_names(names: Any) -> str:
    quoted = [f"“{name}”" for name in names]
    return say_list(quoted, 6) if len(quoted) == 1 else f"{say_list(quoted, 6)} together"


def say_change_of(amount: float, currency: str) -> str:
    """Say a difference of money with its sign.

    Examples
    --------
    >>> say_change_of(2420, "USD"), say_change_of(-57500, "USD"), say_change_of(0.1, "USD")
    ('+USD 2,420', '−USD 57,500', 'no change')
    """
    if math.isnan(amount):
        return "not told"
    if abs(amount) < SMALL:
        return "no change"
    return f"{'+' if amount > 0 else ''}{say_money(amount, currency)}"


def _say_money(comparison: Comparison) -> list[str]:
    if not comparison.is_comparable:
        return ["The two runs count in different currencies: no amount is subtracted."]
    change = comparison.money[comparison.money["kind"] == "measure"].set_index("line")["change"]
    moved = {key: float(change[key]) for key in MEASURES if abs(float(change[key])) >= SMALL}
    told = [f"{lower_first(MEASURES[key])} {say_change_of(moved[key], comparison.currency)}" for key in moved]
    return [f"In present value: {say_list(told, len(MEASURES))}."] if told else ["No amount changed."]


def _say_causes(comparison: Comparison) -> list[str]:
    words = []
    shared = comparison.causes[comparison.causes["objective"].astype(float).abs() >= SMALL]
    if len(shared):
        told = [
            f"“{row['cause']}” {say_change_of(row['objective'], comparison.currency)}"
            for row in shared.head(SHOWN_CAUSES).to_dict("records")
        ]
        more = f", and {len(shared) - SHOWN_CAUSES} more" if len(shared) > SHOWN_CAUSES else ""
        words.append(f"Shares of the change of the objective: {', '.join(told)}{more}.")
    words += [say_flip_cause(row) for row in comparison.decisions.head(SHOWN_FLIPS).to_dict("records") if row["causes"]]
    return words


def say_flip_cause(row: dict[str, Any]) -> str:
    """Say which change decided a process otherwise, as solving with that change alone has shown."""
    move = f"{row['name']} goes from {row['before_name']} to {row['after_name']}"
    if row["before_name"] == row["after_name"]:
        move = f"{row['name']} stays with {row['after_name']} but at another time or share"
    said = f"{move}: {_say_names(row['causes'])}, applied alone, {'do' if len(row['causes']) > 1 else 'does'} it"
    if row["other_causes"]:
        others = say_list(map(_quote, row["other_causes"]), 2)
        said += f"; so {'does' if len(row['other_causes']) == 1 else 'do'} {others}"
    if len(row["causes"]) > 1:
        unproven = "whether fewer changes do was not looked into to the end"
        said += f"; {'no fewer changes do' if row['is_smallest'] else unproven}"
    keeping = row["keeping_cost"]
    if not math.isnan(keeping) and abs(keeping) < SMALL:
        said += "; staying would now cost the same, so that either is as good"
    return f"{said}."


def _quote(name: Any) -> str:
    return f"“{name}”"


def say_effort(comparison: Comparison) -> list[str]:
    """Say how the causes were found, and what that leaves open."""
    effort = comparison.effort
    every = say_count(effort.solved, "mixture")
    words = {
        "nothing": [],
        "exact": [
            f"A share is what a change adds on average over every order in which the changes can be made (Shapley); "
            f"all {every} of the two cases were solved, and the shares add up to the whole change."
        ],
        "sampled": [
            f"A share is what a change adds on average over {say_count(effort.orders, 'order')} drawn of all orders in "
            f"which the changes can be made; {every} of the two cases were solved. The shares add up to the whole "
            f"change; each is uncertain by the error beside it (95 % of samples)."
        ],
        "no order": [
            "Money is not shared: whatever the order in which the changes are made, one step has no plan. "
            f"{capitalize(every)} of the two cases were solved."
        ],
        "no money": [
            "Money is not shared, since the two amounts cannot be subtracted. "
            f"{capitalize(every)} of the two cases were solved."
        ],
    }[effort.method]
    refused = [f"{count} {REFUSALS[why]}" for why, count in sorted(effort.refused.items())]
    if refused and effort.method in ("exact", "sampled"):
        words.append(f"Of the mixtures {say_list(refused)}; orders that pass through one of them are left out.")
    elif refused:
        words.append(f"Of the mixtures {say_list(refused)}.")
    return words


def _say_drift(comparison: Comparison) -> list[str]:
    if comparison.drift.empty:
        return []
    runs = say_list(dict.fromkeys("first" if run == "before" else "second" for run in comparison.drift["run"]))
    return [
        f"The {runs} run recorded other amounts than its inputs give now: the inputs were altered since, or another "
        "version of the suite made it. Amounts and decisions here are what the inputs give now."
    ]


def say_review(review: Review) -> list[str]:
    """Say what changed between two runs, unit by unit."""
    words = [sentence for comparison in review.units.values() for sentence in say_comparison(comparison)]
    words += [f"Only the first run has {say_list(review.only_before, 6)}."] * bool(review.only_before)
    words += [f"Only the second run has {say_list(review.only_after, 6)}."] * bool(review.only_after)
    return words + [f"{unit} could not be compared: {reason}" for unit, reason in review.left_out.items()]


def write_lever_value(value: Any) -> str:
    """Write a lever's value to the last digit that was given.

    Examples
    --------
    >>> write_lever_value(True), write_lever_value(0.12345), write_lever_value(float("inf"))
    ('yes', '0.12345', 'no limit')
    """
    is_number = isinstance(value, float) and math.isfinite(value)
    return f"{value:,.10g}" if is_number else say_value(value)


def pick_flipped(comparison: Comparison) -> pd.DataFrame:
    """Pick the processes that are decided otherwise, were added or removed."""
    return comparison.decisions[comparison.decisions["change"] != SAME]
