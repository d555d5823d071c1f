"""Why each process is delivered as planned, said from its own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.assess import load_postures
from sourcing.pack.wording import MODEL_NAMES, say_count, say_list, say_money, say_share

if TYPE_CHECKING:
    from sourcing.plan import Decision

MOST_OF_IT = 0.4
"""A process that carries at least this share of the net saving is named."""
SIZABLE = 0.01
"""A closest call is looked for among processes with at least this share of the cash cost."""


def say_concentration(decision: Decision) -> list[str]:
    """Name the process that carries most of the saving, its share, and where its figures come from."""
    moved = decision.plan.choices.set_index("process")
    saving = decision.as_is.choices.groupby("process")["cash_cost"].sum() - moved["cash_cost"].groupby("process").sum()
    total = saving.sum()
    if total <= 0.5 or saving.max() < MOST_OF_IT * total:
        return []
    process = saving.idxmax()
    sources = decision.case.options.set_index(["process", "option"])["source"]
    source = sources.get((process, moved.loc[[process], "option"].iloc[0]), "")
    rests = f" Its figures: {source.rstrip('.')}." if source else " No source is given for its figures."
    return [
        f"{say_share(min(saving.max() / total, 1.0))} of the net saving comes from "
        f"{moved.loc[[process], 'process_name'].iloc[0]}: have its figures checked first.{rests}"
    ]


def say_weakest(decision: Decision) -> str:
    """Name the sizable decision that the smallest relative difference in cost would turn."""
    swaps = decision.swaps
    costs = decision.plan.choices.groupby("process")["cash_cost"].sum()
    sizable = costs.index[costs >= SIZABLE * costs.sum()]
    is_open = ~swaps["is_barred"] & (swaps["breaks"].map(len) == 0) & (swaps["extra_cost"] >= -0.5)
    open_swaps = swaps[is_open & swaps["process"].isin(sizable) & np.isfinite(swaps["extra_cost"])]
    if open_swaps.empty:
        return "No sizable process has a second choice that the rules allow on its own."
    relative = open_swaps["extra_cost"] / open_swaps["process"].map(costs)
    nearest = open_swaps.loc[relative.idxmin()]
    return (
        f"Closest call: {nearest['process_name']}, where {nearest['name']} is only "
        f"{say_money(max(nearest['extra_cost'], 0), decision.case.unit['currency'])} "
        f"({say_share(max(relative.min(), 0))}) behind the choice made."
    )


def say_reasons(decision: Decision) -> pd.Series:
    """Say why each process is delivered as planned, from its own numbers.

    Returns
    -------
    Series
        Index process; one or more sentences.
    """
    chosen = decision.plan.choices
    return pd.Series(
        {row["process"]: _say_reason(row, decision) for row in chosen.to_dict("records")},
        name="reason",
        dtype=str,
    ).rename_axis("process")


def _say_reason(row: dict, decision: Decision) -> str:
    currency = decision.case.unit["currency"]
    swaps = decision.swaps[decision.swaps["process"] == row["process"]].sort_values("extra_cost")
    allowed = swaps[~swaps["is_barred"]]
    cheaper, dearer = allowed[allowed["extra_cost"] < -0.5], allowed[allowed["extra_cost"] >= -0.5]
    words = [_say_place(row, decision)]
    if allowed.empty:
        words.append("No other option is open.")
    if len(cheaper):
        words.append(_say_cheaper(cheaper, currency))
    if len(dearer):
        runner_up = dearer.iloc[0]
        handoff = runner_up["handoff_change"]
        verb = "add" if handoff > 0 else "save"
        linked = f" (hand-offs {verb} {say_money(abs(handoff), currency)})" if abs(handoff) > 0.5 else ""
        words.append(
            f"Next best: {runner_up['name']}, {say_money(max(runner_up['extra_cost'], 0), currency)} more{linked}."
        )
    barred = swaps[swaps["is_barred"]]
    if len(barred):
        named = [f"{other['name']} ({other['barred_by'].replace('_', ' ')})" for other in _name_bars(barred, decision)]
        words.append(f"Set aside: {say_list(named, 3)}.")
    return " ".join(words)


def _say_cheaper(cheaper: pd.DataFrame, currency: str) -> str:
    """Name the cheapest choice that was not taken, and what keeps it out."""
    first = cheaper.iloc[0]
    more = f" ({say_count(len(cheaper) - 1, 'further cheaper option')} below)" if len(cheaper) > 1 else ""
    saving = say_money(-first["extra_cost"], currency)
    if first["breaks"]:
        rules = say_list([repr(rule) for rule in first["breaks"]], 2)
        return f"{first['name']} would save {saving} more, but breaks {rules}{more}."
    return f"{first['name']} would save {saving} more; the search was allowed to leave that."


def _name_bars(barred: pd.DataFrame, decision: Decision) -> list[dict[str, str]]:
    by = decision.alternatives[["process", "option", "barred_by"]].drop_duplicates(["process", "option"])
    return barred.merge(by, on=["process", "option"])[["name", "barred_by"]].to_dict("records")


def _say_posture(row: dict[str, Any]) -> str:
    """Say that the process's posture speaks for other owners, where it does."""
    postures = load_postures().set_index(["posture", "owner_type"])
    key = (row["posture"], row["owner_type"])
    if key not in postures.index or postures.at[key, "fit"] >= 0:
        return ""
    name = postures.at[key, "name"].lower()
    return f", although its posture ({name}) speaks for other owners"


def _say_place(row: dict, decision: Decision) -> str:
    today = decision.as_is.choices.set_index("process").loc[row["process"]]
    saving = float(today["cash_cost"] - row["cash_cost"])
    currency = decision.case.unit["currency"]
    against = _say_posture(row)
    if row["is_as_is"]:
        return f"Stays {MODEL_NAMES[row['delivery_model']]} as today{against}."
    compared = (
        f"saves {say_money(saving, currency)} in cash against today"
        if saving > 0.5
        else f"costs {say_money(-saving, currency)} more in cash than today"
        if saving < -0.5
        else "costs the same in cash as today"
    )
    model = MODEL_NAMES[row["delivery_model"]]
    named = row["name"] if model in row["name"].lower() else f"{row['name']} ({model})"
    return f"{named} {compared}{against}."
