"""What was found out about a decision by solving again, asked for once with the same settings everywhere in a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.pack.wording import say_ban
from sourcing.plan import USUAL

if TYPE_CHECKING:
    from sourcing.decide import Decision
    from sourcing.plan import Plan

PRICE_GAP = 1e-4
SMALL = USUAL.explain.exact_processes
"""Up to so many processes every option is searched to the end, else the nearest rival of each process."""
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
    prices = decision.explanation.price_rules(gap=find_gap(decision), time_limit=decision.policy.explain_time)
    bans = prices["kind"] != "rule"
    return prices.assign(reason=prices["reason"].mask(bans, [say_ban(name, decision.case) for name in prices["rule"]]))


def list_pairs(decision: Decision) -> pd.DataFrame:
    """List what every two rules and bans that may bind save if lifted together, from `price_together`."""
    return decision.explanation.price_together(gap=find_gap(decision), time_limit=decision.policy.explain_time)


def list_savings(decision: Decision) -> pd.DataFrame:
    """List the fewest rules and bans to lift for a saving, from `price_savings`."""
    return decision.explanation.price_savings(gap=find_gap(decision), time_limit=decision.policy.explain_time)


def find_gap(decision: Decision) -> float | None:
    """Give how wide an interval may be: none in a small unit, else a ten-thousandth of the objective."""
    return None if is_small(decision) else PRICE_GAP


def is_small(decision: Decision) -> bool:
    """Tell whether every question about a decision is answered to the end."""
    return decision.alternatives["process"].nunique() <= SMALL


def list_flips(decision: Decision) -> pd.DataFrame:
    """List what forcing each option costs, and the smallest change of one number that would make it the choice.

    Returns
    -------
    DataFrame
        From `flip_decisions`, with the columns driver, of, today, needed, change, change_share, held of the number
        whose relative change is least among those that flip the decision to this option; empty where none does.
    """
    flips = decision.explanation.flip_decisions(
        gap=find_gap(decision), time_limit=decision.policy.explain_time, every=is_small(decision)
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
        gap=find_gap(decision), time_limit=decision.policy.explain_time, every=is_small(decision)
    )


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
    frontier = list_frontier(decision)
    cut = {"frontier": (int(bool(frontier.attrs.get("cut"))), 1)}
    if is_small(decision):
        for kind, table in (("options", list_flips(decision)), ("rules", list_prices(decision))):
            cut[kind] = (int((~table["exact"].astype(bool)).sum()), len(table))
    return {kind: counts for kind, counts in cut.items() if counts[0]}


def list_others(decision: Decision) -> list[Plan]:
    """List plans within the slack, as different as possible."""
    count = OTHERS if is_small(decision) else OTHERS_OF_LARGE
    return decision.explanation.find_near_optimal_plans(SLACK, count, time_limit=decision.policy.explain_time)


def list_stable(decision: Decision) -> pd.DataFrame:
    """List which decisions stand in all plans within the slack, and which are free; from `list_core`."""
    return decision.explanation.list_core(
        list_others(decision),
        SLACK,
        gap=find_gap(decision),
        time_limit=decision.policy.explain_time,
        every=is_small(decision),
    )


def list_frontier(decision: Decision) -> pd.DataFrame:
    """List efficient plans between least cash and least expected loss, at most about sixteen, the plan among them."""
    spread = np.ptp(decision.alternatives.groupby("process")["expected_loss"].agg(["min", "max"]).sum().to_numpy())
    steps = {"expected_loss": max(spread / (2 * (STEPS if is_small(decision) else STEPS_OF_LARGE)), 1.0)}
    return decision.explanation.trace_around(steps=steps, time_limit=decision.policy.explain_time)
