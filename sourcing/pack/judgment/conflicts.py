"""Sections on who may not do what: conflicts of interest, and what must have left by a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess import list_conflicts, list_vetoes
from sourcing.pack.block import Block, Shown, fold_table, show_table
from sourcing.pack.judgment.weights import add_names
from sourcing.pack.wording import say_ban, say_count, say_day

if TYPE_CHECKING:
    from sourcing.assess import Judgment


def show_conflicts(judgment: Judgment, alternatives: pd.DataFrame) -> Block:
    """Show the conflicts of interest of outside owners and how each is treated."""
    table = add_names(judgment, list_conflicts(judgment.case, alternatives, judgment.policy))
    columns = [
        Shown("process_name", "Process"),
        Shown("owner", "Owner"),
        Shown("kind", "Conflict"),
        Shown("is_today", "Delivers today", "flag"),
        Shown("treatment", "Treatment"),
    ]
    if table.empty:
        return show_table(
            table, columns, empty="No outside owner is known to compete with the unit or to serve a rival."
        )
    owners = table["owner"].nunique()
    title = f"Conflicts of interest: {say_count(owners, 'owner')}, {say_count(len(table), 'case')}"
    held = table[table["is_today"]]
    return show_table(held, columns, empty="No owner in conflict delivers anything today.") + fold_table(
        table, columns, title
    )


def list_exits(judgment: Judgment, alternatives: pd.DataFrame) -> pd.DataFrame:
    """List the work that is done today in a way that a ban with a date ends.

    Returns
    -------
    DataFrame
        process, process_name, name, delivery_model, barred_by, exit_by (date of the ban or of the provider's conflict,
        NaT where a lock ends it whenever the move may start), reason.
    """
    today = alternatives[alternatives["is_as_is"] & (alternatives["barred_by"] != "")]
    today = today.drop_duplicates("process")
    first = today["barred_by"].str.split("; ").str[0]
    vetoes = list_vetoes(judgment.case).set_index("veto")
    conflicts = judgment.case.providers.set_index("provider")["conflict_exit_by"]
    dates = pd.to_datetime(first.map(vetoes["exit_by"].to_dict()))
    return today.assign(
        exit_by=dates.fillna(pd.to_datetime(today["owner"].map(conflicts.to_dict()))),
        reason=[say_ban(name, judgment.case) for name in first],
    )[["process", "process_name", "name", "delivery_model", "barred_by", "exit_by", "reason"]]


def show_exits(judgment: Judgment, alternatives: pd.DataFrame) -> Block:
    """Show which of today's delivery must have ended by a date."""
    rows = list_exits(judgment, alternatives)
    rows = rows.assign(by=rows["exit_by"].map(say_day))
    columns = [
        Shown("process_name", "Process"),
        Shown("name", "Delivered today by"),
        Shown("delivery_model", "Model", "model"),
        Shown("by", "Must have left by"),
        Shown("reason", "Reason", "prose"),
    ]
    return show_table(rows, columns, empty="Nothing that is done today has to leave by a date.")
