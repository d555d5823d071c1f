"""What was found out about a decision by solving again, asked for once with the same settings everywhere in a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.pack.wording import say_ban
from sourcing.value import list_ranges, name_quote

if TYPE_CHECKING:
    from sourcing.decide import Decision
    from sourcing.plan import Plan

SLACK, OTHERS, OTHERS_OF_LARGE = 0.02, 2, 1
STEPS, STEPS_OF_LARGE = 8, 4
PRICES = [
    "kind", "step", "drop_saving", "tighter_cost", "looser_saving", "exact",
    "drop_saving_lower", "drop_saving_upper", "tighter_cost_lower", "tighter_cost_upper",
    "looser_saving_lower", "looser_saving_upper", "tighter_from", "tighter_to", "looser_from", "looser_to",
    "drop_moves", "tighter_moves", "looser_moves", "for_sale",
]  # fmt: skip


def list_prices(decision: Decision) -> pd.DataFrame:
    """List what each rule and ban costs, from `price_rules`, exact in small units, else to a ten-thousandth.

    The column reason holds that of every ban, also where the ban is none of the analyst's own.
    """
    prices = decision.explanation.price_rules(gap=decision.answer_gap, time_limit=decision.policy.explain_time)
    bans = prices["kind"] != "rule"
    return prices.assign(reason=prices["reason"].mask(bans, [say_ban(name, decision.case) for name in prices["rule"]]))


def list_pairs(decision: Decision) -> pd.DataFrame:
    """List what every two rules and bans that may bind save if lifted together, from `price_together`."""
    return decision.explanation.price_together(gap=decision.answer_gap, time_limit=decision.policy.explain_time)


def list_savings(decision: Decision) -> pd.DataFrame:
    """List the fewest rules and bans to lift for a saving, from `price_savings`."""
    return decision.explanation.price_savings(gap=decision.answer_gap, time_limit=decision.policy.explain_time)


def list_flips(decision: Decision) -> pd.DataFrame:
    """List what forcing each option costs, and the smallest change of one number that would make it the choice.

    Returns
    -------
    DataFrame
        From `flip_decisions`, with the columns driver, of, today, needed, change, change_share, held of the number
        whose relative change is least among those that flip the decision to this option; empty where none does.
    """
    flips = decision.explanation.flip_decisions(
        gap=decision.answer_gap, time_limit=decision.policy.explain_time, every=decision.is_small
    )
    numbers = list_numbers(decision)
    nearest = numbers[numbers["flips"]].assign(size=lambda table: measure_change(table))
    nearest = nearest.sort_values(["process", "to_option", "size", "driver"], kind="stable")
    nearest = nearest.drop_duplicates(["process", "to_option"]).rename(columns={"to_option": "option"})
    wanted = ["process", "option", "driver", "of", "today", "needed", "change", "change_share", "held"]
    return flips.merge(nearest[wanted], on=["process", "option"], how="left")


def list_numbers(decision: Decision) -> pd.DataFrame:
    """List for each number behind a process the change that flips the decision, from `flip_numbers`."""
    return decision.explanation.flip_numbers(
        gap=decision.answer_gap, time_limit=decision.policy.explain_time, every=decision.is_small
    )


RANGE_OF = {"wage": "wages", "quote": "prices", "transition cost": "one_off"}
"""Driver -> the range of the business case that it may move in; a quoted price has one of its own."""
STATED_SHARE, STATED_POINTS = 0.1, 1.0
"""How far a number without a range is taken to move: a share of today's value, of a score points of its scale."""


def list_number_ranges(decision: Decision) -> pd.DataFrame:
    """List the numbers of `list_numbers` with the range that each may move in.

    Returns
    -------
    DataFrame
        With range_low, range_high (in the number's own unit: the quote's low and high, the range of the business case
        times today's value, else a tenth of it or a point of a score up and down), has_range (whether it is the case's
        or a documented one), may_flip (the value at which the decision flips lies in it).
    """
    numbers = list_numbers(decision)
    quoted = numbers.loc[numbers["driver"] == "quote", ["process", "of"]].rename(columns={"of": "option"})
    ranges = list_ranges(decision.case, quoted if len(quoted) else None)
    names = [
        name_quote(process, of)
        if driver == "quote" and name_quote(process, of) in ranges.index
        else RANGE_OF.get(driver)
        for process, driver, of in zip(numbers["process"], numbers["driver"], numbers["of"], strict=True)
    ]
    ratios = ranges[["low", "high"]].reindex([name or "" for name in names])
    ratios = ratios.set_axis(numbers.index).astype(float)
    today, is_score = numbers["today"].astype(float), numbers["of"] == ""
    has_range = ratios["low"].notna() & ~is_score
    away = (STATED_SHARE * today.abs()).mask(is_score, STATED_POINTS)
    low = (today * ratios["low"]).where(has_range, today - away)
    high = (today * ratios["high"]).where(has_range, today + away)
    may_flip = numbers["flips"].astype(bool) & (numbers["needed"] >= low) & (numbers["needed"] <= high)
    return numbers.assign(range_low=low, range_high=high, has_range=has_range, may_flip=may_flip)


def measure_change(numbers: pd.DataFrame) -> pd.Series:
    """Measure a change as a share of today's value, of a score as points of its scale."""
    is_score = numbers["of"] == ""
    return numbers["change_share"].abs().where(~is_score & numbers["change_share"].notna(), numbers["change"].abs())


def list_rulebook(decision: Decision) -> pd.DataFrame:
    """List every limit of the plan with its price, then every ban: the table that a run keeps."""
    prices = list_prices(decision)
    rules = decision.plan.rules.drop(columns="step", errors="ignore").merge(
        prices[["rule", *PRICES]].rename(columns={"rule": "belongs_to"}), on="belongs_to", how="left"
    )
    bans = prices[prices["kind"] != "rule"]
    bans = bans[["rule", *PRICES, "owner", "reason"]].assign(belongs_to=bans["rule"])
    whole = pd.concat([rules, bans], ignore_index=True) if len(bans) else rules
    return join_lists(whole)


def join_lists(table: pd.DataFrame) -> pd.DataFrame:
    """Write lists in cells as text, joined by "; ", and infinite numbers as `inf`, which JSON has not."""
    joined = table.copy()
    for name in joined.select_dtypes("number").columns[np.isinf(joined.select_dtypes("number")).any()]:
        joined[name] = joined[name].astype(object).where(~np.isinf(joined[name]), joined[name].map(str))
    for name in joined.columns:
        if joined[name].map(lambda cell: isinstance(cell, (tuple, list))).any():
            joined[name] = joined[name].map(lambda cell: "; ".join(map(str, cell)) if isinstance(cell, tuple) else "")
    return joined


def list_open(decision: Decision) -> dict[str, tuple[int, int]]:
    """List the kinds of answers that the safety limit cut: kind to how many are not exact, of how many.

    Kinds: options (what forcing each costs), rules (and bans: their prices), frontier. In a large unit, where intervals
    are all that is asked for, options and rules are not among them.
    """
    cut = {}
    if decision.is_small:
        for kind, table in (("options", list_flips(decision)), ("rules", list_prices(decision))):
            cut[kind] = (int((~table["exact"].astype(bool)).sum()), len(table))
    cut["frontier"] = (int(bool(list_frontier(decision).attrs.get("cut"))), 1)
    return {kind: counts for kind, counts in cut.items() if counts[0]}


def list_others(decision: Decision) -> list[Plan]:
    """List plans within the slack, as different as possible."""
    count = OTHERS if decision.is_small else OTHERS_OF_LARGE
    return decision.explanation.find_near_optimal_plans(SLACK, count, time_limit=decision.policy.explain_time)


def list_stable(decision: Decision) -> pd.DataFrame:
    """List which decisions stand in all plans within the slack, and which are free; from `list_core`."""
    return decision.explanation.list_core(
        list_others(decision),
        SLACK,
        gap=decision.answer_gap,
        time_limit=decision.policy.explain_time,
        every=decision.is_small,
    )


def list_frontier(decision: Decision) -> pd.DataFrame:
    """List efficient plans between least cash and least expected loss, at most about sixteen, the plan among them."""
    spread = np.ptp(decision.alternatives.groupby("process")["expected_loss"].agg(["min", "max"]).sum().to_numpy())
    steps = {"expected_loss": max(spread / (2 * (STEPS if decision.is_small else STEPS_OF_LARGE)), 1.0)}
    return decision.explanation.trace_around(steps=steps, time_limit=decision.policy.explain_time)
