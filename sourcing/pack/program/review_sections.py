"""Sections of a comparison: what changed in data and levers, in decisions, in money, and what caused it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.pack.block import Block, Shown, answer_block, fold_table, say_block, show_table
from sourcing.pack.program.review_charts import causes_of_change
from sourcing.pack.program.review_words import (
    MEASURES,
    OTHERWISE,
    SAME,
    SMALL,
    say_comparison,
    say_details,
    say_effort,
    say_flip_cause,
    write_lever_value,
)
from sourcing.pack.wording import call_line

if TYPE_CHECKING:
    from sourcing.program import Comparison

SHOWN_ROWS, DRAWN_CAUSES = 12, 10
NONE = "none"
LONGEST_LABEL = 48


def show_comparison(comparison: Comparison) -> Block:
    """Show what changed and why in a few sentences."""
    return answer_block(*say_comparison(comparison))


def show_changes(comparison: Comparison) -> Block:
    """Show what changed in the data, row by row, in the levers, and in what the reference filled in."""
    rows = [
        {
            "where": {"text": f"{row['table']}: {row['key']}", "note": row["column"] or f"row {row['change']}"},
            "before": row["before"] or NONE,
            "after": row["after"] or NONE,
        }
        for row in comparison.changes.to_dict("records")
    ]
    rows += [
        {
            "where": {"text": row["name"].replace("_", " "), "note": "lever"},
            "before": write_lever_value(row["before"]),
            "after": write_lever_value(row["after"]),
        }
        for row in comparison.levers.to_dict("records")
    ]
    table = pd.DataFrame(rows, columns=["where", "before", "after"])
    columns = [
        Shown("where", "What changed", "noted"),
        Shown("before", "Before", "prose"),
        Shown("after", "Now", "prose"),
    ]
    return show_table(
        table.head(SHOWN_ROWS),
        columns,
        empty="No row of data and no lever changed.",
        folded=table.iloc[SHOWN_ROWS:],
        folded_title=f"{max(len(table) - SHOWN_ROWS, 0)} more changes",
        is_stacked=True,
    ) + _show_filled(comparison)


def _show_filled(comparison: Comparison) -> Block:
    filled = comparison.filled.assign(
        where=[
            {
                "text": ", ".join(filter(None, (row["process"], row["option"]))) or "the whole unit",
                "note": row["column"],
            }
            for row in comparison.filled.to_dict("records")
        ]
    )
    columns = [
        Shown("where", "Filled in for", "noted"),
        Shown("before", "Before", "figure"),
        Shown("after", "Now", "figure"),
        Shown("source_after", "Source now", "prose"),
    ]
    title = f"What follows from it in {len(filled)} figures that the reference fills in"
    return fold_table(filled, columns, title, is_stacked=True)


def show_decision_changes(comparison: Comparison) -> Block:
    """Show each process that is decided otherwise with what caused it, then those that only cost something else."""
    table = comparison.decisions.assign(
        said=[{"text": row["name"], "note": _say_cause(row)} for row in comparison.decisions.to_dict("records")],
        cash=comparison.decisions["cash_after"] - comparison.decisions["cash_before"],
        loss=comparison.decisions["loss_after"] - comparison.decisions["loss_before"],
        keeping=comparison.decisions["keeping_cost"].astype(float).replace(math.inf, math.nan),
        before=comparison.decisions["before_name"].replace("", NONE),
        after=comparison.decisions["after_name"].replace("", NONE),
    )
    is_same = table["change"] == SAME
    columns = [
        Shown("said", "Process", "noted"),
        Shown("before", "Before"),
        Shown("after", "Now"),
        Shown("cash", "Change of cash cost", "money"),
        Shown("loss", "Change of expected loss", "money"),
        Shown("keeping", "Staying would cost more", "money"),
    ]
    shown = columns if table["keeping"].notna().any() else columns[:-1]
    return show_table(
        table[~is_same],
        shown,
        comparison.currency,
        empty="Every process is decided as before." if comparison.status_after == "plan" else "There is no plan.",
        folded=table[is_same],
        folded_title=f"{int(is_same.sum())} processes are decided as before and cost something else",
        is_stacked=True,
    )


def _say_cause(row: dict[str, Any]) -> str:
    if row["change"] == OTHERWISE and row["causes"]:
        barred = " Staying is no longer possible." if row["keeping_cost"] == math.inf else ""
        return f"{say_flip_cause(row)}{barred}"
    return "" if row["change"] in (OTHERWISE, SAME) else str(row["change"])


def show_causes_of_change(comparison: Comparison) -> Block:
    """Show each change with its share of the change of money, and how the shares were found."""
    causes = comparison.causes.assign(
        said=[{"text": row["cause"], "note": _say_details(row)} for row in comparison.causes.to_dict("records")]
    )
    is_idle = causes[list(MEASURES)].astype(float).abs().max(axis=1).lt(SMALL).to_numpy(bool)
    columns = [Shown("said", "Change", "noted")]
    columns += [Shown(key, f"Share: {name.lower()}", "money") for key, name in MEASURES.items()]
    if comparison.effort.method == "sampled":
        columns.append(Shown("error", "Error of the first share", "money"))
    columns += [Shown("alone", "Objective, this change alone", "money")]
    own = [column for column in columns if column.name in ("said", "objective") or causes[column.name].notna().any()]
    return show_table(
        causes[~is_idle],
        own,
        comparison.currency,
        empty="No change of data or levers moves any money.",
        folded=causes[is_idle],
        folded_title=f"{int(is_idle.sum())} changes that move no money",
        is_stacked=True,
    ) + say_block(*say_effort(comparison))


def _say_details(row: dict[str, Any]) -> str:
    if row["is_words"]:
        return "words that no calculation reads"
    return say_details(row["details"])


def show_money_changes(comparison: Comparison) -> Block:
    """Show each measure and each line of cost before and now."""
    table = comparison.money.assign(
        name=[MEASURES.get(line, call_line(line)) for line in comparison.money["line"]],
    )
    is_measure = table["kind"] == "measure"
    columns = [
        Shown("name", "Amount"),
        Shown("before", "Before", "money"),
        Shown("after", "Now", "money"),
        Shown("change", "Change", "money"),
    ]
    lines = table[~is_measure & (table["change"].abs() >= SMALL)]
    return show_table(
        table[is_measure],
        columns,
        comparison.currency,
        "Present value.",
        folded=lines,
        folded_title="Lines of cost that changed",
    )


def list_cause_shares(comparison: Comparison) -> pd.DataFrame:
    """List the share that each change has of the change of the objective, the largest first.

    Returns
    -------
    DataFrame
        label, amount, kind (dearer, cheaper); what is beyond the largest few in one row. Empty where money was not
        shared, or did not change.
    """
    causes = comparison.causes[comparison.causes["objective"].astype(float).abs() >= SMALL]
    told = [(_shorten(name), float(share)) for name, share in zip(causes["cause"], causes["objective"], strict=True)]
    if len(told) > DRAWN_CAUSES:
        rest = math.fsum(share for _, share in told[DRAWN_CAUSES:])
        told = [*told[:DRAWN_CAUSES], (f"{len(told) - DRAWN_CAUSES} more changes", rest)]
    rows = [
        (f"{place}. {label}", share, "dearer" if share > 0 else "cheaper")
        for place, (label, share) in enumerate(told, start=1)
    ]
    return pd.DataFrame(rows, columns=["label", "amount", "kind"])


def _shorten(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"


def draw_causes_of_change(comparison: Comparison) -> Any:
    """Draw the share of each change in the change of the objective, or say that there is nothing to draw."""
    shares = list_cause_shares(comparison)
    if shares.empty:
        return say_block("No change moves the objective, or it could not be shared.")
    return causes_of_change(shares, comparison.currency)
