"""What a plan in the cockpit changes, against the base plan and the last answer: in figures and in moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.pack.block import Block, Shown, show_table
from sourcing.pack.wording import name_options, name_processes, say_money, say_number
from sourcing.plan import sum_measure

if TYPE_CHECKING:
    from sourcing.decide import Decision
    from sourcing.plan import Plan

MEASURES = (
    ("cash_cost", "Cash", True),
    ("expected_loss", "Expected loss", True),
    ("one_off_cost", "One-off cost", True),
    ("fit_points", "Points of strategic fit", False),
    ("moved_fte", "People who change employer or site", False),
)
"""Measure, its words, whether it is money."""


def compare_plans(decision: Decision, last: Plan, now: Plan) -> pd.DataFrame:
    """Compare a plan with the base plan and the last answer, measure by measure.

    Parameters
    ----------
    decision : Decision
        Holds the base plan.
    last, now : Plan

    Returns
    -------
    DataFrame
        One row per measure: measure, is_money, base, last, now; the saving in cash against today comes first.
    """
    plans = {"base": decision.plan, "last": last, "now": now}
    today = sum_measure(decision.as_is, "cash_cost")
    saved = {at: today - sum_measure(plan, "cash_cost") for at, plan in plans.items()}
    rows: list[dict[str, object]] = [{"measure": "Saving in cash against today", "is_money": True, **saved}]
    rows += [
        {"measure": words, "is_money": is_money, **{at: sum_measure(plan, name) for at, plan in plans.items()}}
        for name, words, is_money in MEASURES
    ]
    return pd.DataFrame(rows)


def list_differing(decision: Decision, last: Plan, now: Plan) -> pd.DataFrame:
    """List the processes that a plan decides otherwise than the base plan or the last answer.

    Returns
    -------
    DataFrame
        Columns process, today, base, last, now: names; the options of a split process are joined by " + ".
    """
    names, options = name_processes(decision.case), name_options(decision.alternatives)
    plans = {"today": decision.as_is, "base": decision.plan, "last": last, "now": now}
    table = pd.DataFrame({at: _name_choices(plan, options) for at, plan in plans.items()})
    differing = table[(table["now"] != table["base"]) | (table["now"] != table["last"])]
    return differing.rename(index=names).rename_axis("process").reset_index()


def _name_choices(plan: Plan, options: dict[tuple[str, str], str]) -> pd.Series:
    chosen = plan.choices
    named = pd.Series([options[key] for key in zip(chosen["process"], chosen["option"], strict=True)], chosen.index)
    return named.groupby(chosen["process"]).agg(lambda own: " + ".join(sorted(set(own))))


def show_comparison(decision: Decision, last: Plan, now: Plan) -> Block:
    """Show a plan beside the base plan and the last answer, and what it decides otherwise."""
    currency = decision.case.unit["currency"]
    figures = compare_plans(decision, last, now)
    texts = pd.DataFrame(
        {
            "measure": figures["measure"],
            **{at: _say(figures[at], figures["is_money"], currency) for at in ("base", "last", "now")},
            "against_last": _say(figures["now"] - figures["last"], figures["is_money"], currency),
            "against_base": _say(figures["now"] - figures["base"], figures["is_money"], currency),
        }
    )
    heads = {"base": "Base plan", "last": "Last answer", "now": "Now"}
    changes = {"against_last": "Now less last", "against_base": "Now less base"}
    columns = [Shown("measure", "Measure"), *(Shown(name, title) for name, title in (heads | changes).items())]
    moves = list_differing(decision, last, now)
    named = [Shown("process", "Process"), Shown("today", "Today"), *(Shown(*head) for head in heads.items())]
    empty = "Every process is decided as in the base plan and in the last answer."
    return show_table(texts, columns) + show_table(moves, named, empty=empty)


def _say(amounts: pd.Series, are_money: pd.Series, currency: str) -> list[str]:
    pairs = zip(amounts, are_money, strict=True)
    return [say_money(amount, currency) if is_money else say_number(amount) for amount, is_money in pairs]
