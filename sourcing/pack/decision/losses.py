"""What the expected loss is made of, cause by cause, and what of the work stays in own hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.pack.block import Block, Shown, say_block, show_table
from sourcing.pack.wording import CAUSES, say_count, say_share
from sourcing.plan import share_amounts, sum_measure
from sourcing.value import LOSS_LINES

if TYPE_CHECKING:
    from sourcing.decide import Decision

RISK_COLUMNS = [
    "cause", "title", "process", "process_name", "option", "name", "owner", "country", "as_is", "plan", "change",
    "holds",
]  # fmt: skip
LEAST_SKILLED = 0.5
"""Own people below which hardly anybody is said to be left who knows the work (house rule)."""


def list_losses(decision: Decision) -> pd.DataFrame:
    """List the expected loss by cause, as it is and as planned; the causes sum to it.

    Returns
    -------
    DataFrame
        One row per cause, the largest of the plan first: cause, title, as_is, plan, change, holds (what it counts, and
        on which line of cash the rest stands).
    """
    rows = [
        (cause, *CAUSES[cause], *(sum_measure(plan, f"loss_{cause}") for plan in (decision.as_is, decision.plan)))
        for cause in LOSS_LINES
    ]
    table = pd.DataFrame(rows, columns=pd.Index(["cause", "title", "holds", "as_is", "plan"]))
    table = table.assign(change=table["plan"] - table["as_is"])
    return table.sort_values("plan", ascending=False, kind="stable", ignore_index=True)


def list_risks(decision: Decision) -> pd.DataFrame:
    """List the expected loss process by process and cause, where there is any, the largest of the plan first.

    Returns
    -------
    DataFrame
        Columns RISK_COLUMNS: cause, title, process, process_name, option, name (of the option that the plan takes, the
        largest part of a split process), owner, country, as_is, plan, change, holds; the causes sum to those of
        `list_losses`.
    """
    planned, today = (share_amounts(plan) for plan in (decision.plan, decision.as_is))
    lines = [f"loss_{cause}" for cause in LOSS_LINES]
    taken = planned.sort_values("share", ascending=False, kind="stable").drop_duplicates("process").set_index("process")
    wide = [table.groupby("process")[lines].sum() for table in (today, planned)]
    long = pd.DataFrame({name: table.stack() for name, table in zip(("as_is", "plan"), wide, strict=True)})
    rows = long[(long > 0).any(axis=1)].rename_axis(["process", "cause"]).reset_index()
    rows["cause"] = rows["cause"].str.removeprefix("loss_")
    rows = rows.join(taken[["process_name", "option", "name", "owner", "country"]], on="process")
    said = pd.DataFrame.from_dict(CAUSES, orient="index", columns=["title", "holds"])
    rows = rows.join(said, on="cause").assign(change=rows["plan"] - rows["as_is"])
    rows = rows.sort_values(["plan", "process", "cause"], ascending=[False, True, True], ignore_index=True)
    return rows[RISK_COLUMNS]


def say_losses(decision: Decision) -> list[str]:
    """Say where hardly anybody is left who knows work done by others, and who speaks to customers for the unit."""
    shared = share_amounts(decision.plan)
    outside = shared.loc[shared["owner_type"] != "own", "process"].unique()
    kept = shared.groupby("process")["retained_skills"].sum()
    left, many = int((kept[outside] < LEAST_SKILLED).sum()), say_count(len(outside), "process", "processes")
    before, after = (sum_measure(plan, "brand_exposure") for plan in (decision.as_is, decision.plan))
    against = "as today" if say_share(after) == say_share(before) else f"against {say_share(before)} today"
    words = [f"In {left} of {many} with outside owners hardly anybody of the unit's own is left who knows the work."]
    spoken = f"Outside owners speak for the unit in {say_share(after)} of its customer contact, {against}."
    return [*(words if len(outside) else []), spoken]


def show_losses(decision: Decision) -> Block:
    """Show the expected loss by cause, and what of the work and of the customers stays in own hands."""
    columns = [
        Shown("title", "What may happen"),
        Shown("as_is", "As it is", "money"),
        Shown("plan", "This plan", "money"),
        Shown("change", "Change", "money"),
        Shown("holds", "What it counts", "prose"),
    ]
    table = show_table(list_losses(decision), columns, decision.case.unit["currency"])
    return table + say_block(*say_losses(decision))
