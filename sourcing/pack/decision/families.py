"""Processes and their parts: what belongs together is shown together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.pack.block import Block, Shown, show_table
from sourcing.pack.decision.tables import list_decisions
from sourcing.pack.wording import MODEL_NAMES, name_processes, say_count, say_list

if TYPE_CHECKING:
    from sourcing.decide import Decision


def name_wholes(processes: pd.DataFrame) -> pd.Series:
    """Name what each process is part of: index process; name of the parent, "" where it stands alone.

    Examples
    --------
    >>> table = pd.DataFrame({"process": ["a", "b"], "name": ["Finance", "Payroll"], "parent_process": ["", "a"]})
    >>> name_wholes(table).to_dict()
    {'a': '', 'b': 'Finance'}
    """
    named = processes.set_index("process")
    return named["parent_process"].map({**named["name"].to_dict(), "": ""}).rename("part_of")


def find_roots(processes: pd.DataFrame) -> pd.Series:
    """Find the outermost process that each is part of: index process; itself where it stands alone.

    Examples
    --------
    >>> table = pd.DataFrame({"process": ["a", "b", "c"], "parent_process": ["", "a", "b"]})
    >>> find_roots(table).to_dict()
    {'a': 'a', 'b': 'a', 'c': 'a'}
    """
    parents = processes.set_index("process")["parent_process"]
    roots = pd.Series(parents.index, index=parents.index)
    for _ in range(len(parents)):
        above = roots.map(parents)
        if (above == "").all():
            break
        roots = above.where(above != "", roots)
    return roots


def order_by_family(rows: pd.DataFrame, processes: pd.DataFrame) -> pd.DataFrame:
    """Put the parts of a process below it, the family with the dearest today first.

    Parameters
    ----------
    rows : DataFrame
        From `list_decisions`.
    processes : DataFrame
        The case's table.
    """
    root = rows["process"].map(find_roots(processes))
    today = rows["from_cash_cost"] * rows["share"]
    ranked = rows.assign(family=today.groupby(root).transform("sum"), root=root, is_part=rows["process"] != root)
    ranked = ranked.sort_values(
        ["family", "root", "is_part", "from_cash_cost", "process"], ascending=[False, True, True, False, True]
    )
    return ranked.drop(columns=["family", "root", "is_part"]).reset_index(drop=True)


def list_families(decision: Decision) -> pd.DataFrame:
    """List each process that has parts, taken together with them.

    Returns
    -------
    DataFrame
        One row per outermost process: name, members (count, itself included), moving (count), fte (today),
        from_cash_cost, cash_cost, saving, models (planned delivery models in words); dearest first.
    """
    rows = list_decisions(decision)
    root = rows["process"].map(find_roots(decision.case.processes))
    names = name_processes(decision.case)
    rows = rows.assign(today=rows["from_cash_cost"] * rows["share"], people=rows["from_fte"] * rows["share"])
    families = [
        {
            "name": names[process],
            "members": members["process"].nunique(),
            "moving": members.loc[members["moves"], "process"].nunique(),
            "fte": members["people"].sum(),
            "from_cash_cost": members["today"].sum(),
            "cash_cost": members["cash_cost"].sum(),
            "saving": members["saving"].sum(),
            "models": _say_models(members),
        }
        for process, members in rows.groupby(root)
        if len(set(members["process"])) > 1
    ]
    columns = ["name", "members", "moving", "fte", "from_cash_cost", "cash_cost", "saving", "models"]
    table = pd.DataFrame(families, columns=pd.Index(columns))
    return table.sort_values(["from_cash_cost", "name"], ascending=[False, True], ignore_index=True)


def _say_models(members: pd.DataFrame) -> str:
    counts = members.drop_duplicates(["process", "delivery_model"])["delivery_model"].value_counts(sort=False)
    return say_list(f"{counts[model]} {name}" for model, name in MODEL_NAMES.items() if model in counts)


def show_families(decision: Decision) -> Block:
    """Show the processes that have parts, each taken together with its parts; nothing where none has."""
    families = list_families(decision)
    if families.empty:
        return Block("", "")
    columns = [
        Shown("name", "Process with its parts"),
        Shown("members", "Decided apart", "number"),
        Shown("moving", "Of these change", "number"),
        Shown("fte", "FTE today", "number"),
        Shown("from_cash_cost", "Cash cost today", "money"),
        Shown("cash_cost", "Cash cost planned", "money"),
        Shown("saving", "Saving", "money"),
        Shown("models", "Planned"),
    ]
    number = say_count(len(families), "process is", "processes are")
    caption = f"{number} made of parts that are decided one by one; here each is taken together with its parts."
    return show_table(families, columns, decision.case.unit["currency"], caption=caption)
