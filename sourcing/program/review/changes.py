"""What changed between two cases of a unit: rows by their keys, cell by cell, levers by name, figures filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.case import fill_options, spell_table, supplied_tables
from sourcing.case import read_lever as read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case import Case

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
CHANGE_COLUMNS = ("table", "key", "change", "column", "before", "after")
LEVER_COLUMNS = ("name", "before", "after")
FILLED_COLUMNS = ("process", "option", "column", "before", "after", "source_before", "source_after")
UNIT = "business_unit"

Key = tuple[str, ...]


def list_keys(case: Case, table: str) -> list[Key]:
    """List the key of each row of a table as texts, in the order of the rows."""
    names = supplied_tables()[table].keys or list(supplied_tables()[table].columns)
    texts = spell_table(case.tables[table][names])
    return [tuple(row) for row in texts.itertuples(index=False, name=None)]


def call_key(table: str, key: Key) -> str:
    """Write a key as text, the unit left out where the key says more than that.

    Examples
    --------
    >>> call_key("quotes", ("alpha", "payroll", "provider")), call_key("units", ("alpha",))
    ('payroll, provider', 'alpha')
    """
    names = supplied_tables()[table].keys
    own = [part for name, part in zip(names, key, strict=False) if name != UNIT and part]
    return ", ".join(own or [part for part in key if part])


def list_rows(before: Case, after: Case) -> list[tuple[str, Key, str]]:
    """List the rows that differ: table, key, and added, removed or changed; in the order of the dictionary and keys."""
    rows = []
    for table in supplied_tables():
        old, new = (_spell_rows(case, table) for case in (before, after))
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                rows.append((table, key, ADDED if key not in old else REMOVED if key not in new else CHANGED))
    return rows


def list_changes(before: Case, after: Case) -> pd.DataFrame:
    """List what changed in the tables, row by row.

    Parameters
    ----------
    before, after : Case
        Of one unit each.

    Returns
    -------
    DataFrame
        Columns CHANGE_COLUMNS, all texts as in a table of CSV: a changed cell is one row; an added or removed row is
        one row without column, its filled cells under after or before as "name=value; …".
    """
    rows: list[tuple[str, ...]] = []
    spelled: dict[str, tuple[dict[Key, dict[str, str]], dict[Key, dict[str, str]]]] = {}
    for table, key, change in list_rows(before, after):
        if table not in spelled:
            spelled[table] = _spell_rows(before, table), _spell_rows(after, table)
        old, new = (side.get(key, {}) for side in spelled[table])
        named = (table, call_key(table, key), change)
        if change != CHANGED:
            rows.append((*named, "", _write_row(table, old), _write_row(table, new)))
            continue
        rows += [(*named, column, old[column], new[column]) for column in new if old[column] != new[column]]
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS), dtype="str")


def list_lever_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> pd.DataFrame:
    """List the levers that differ by value: columns LEVER_COLUMNS.

    Examples
    --------
    >>> list_lever_changes({"price_of_fit": 0.0}, {"price_of_fit": "5"}).values.tolist()
    [['price_of_fit', 0.0, 5.0]]
    """
    rows = [
        (name, read(name, before[name]), read(name, after[name]))
        for name in before
        if read(name, before[name]) != read(name, after[name])
    ]
    return pd.DataFrame(rows, columns=list(LEVER_COLUMNS), dtype=object)


def list_filled_changes(before: Case, after: Case) -> pd.DataFrame:
    """List the cells of options that the reference filled in, on either side, and that differ.

    Returns
    -------
    DataFrame
        Columns FILLED_COLUMNS: process, option, column, the value used before and after (NaN: the option was not there,
        or the cell was not filled), and where each came from.
    """
    old, new = (_list_filled(case) for case in (before, after))
    joined = old.add_suffix("_before").join(new.add_suffix("_after"), how="outer")
    of_case = (
        joined[["source_before", "source_after"]].isin(["the case", ""])
        | joined[["source_before", "source_after"]].isna()
    )
    differs = joined["value_before"].ne(joined["value_after"]) & ~(
        joined["value_before"].isna() & joined["value_after"].isna()
    )
    told = joined[differs & ~of_case.all(axis=1)].reset_index()
    told = told.rename(columns={"value_before": "before", "value_after": "after"})[list(FILLED_COLUMNS)]
    return told.fillna({"source_before": "", "source_after": ""})


def _list_filled(case: Case) -> pd.DataFrame:
    figures = fill_options(case)[1]
    keys = ["process", "option", "column"]
    if figures.empty:
        empty = pd.MultiIndex.from_arrays([[], [], []], names=keys)
        return pd.DataFrame({"value": pd.Series(dtype=float), "source": pd.Series(dtype=object)}, index=empty)
    sources = figures.groupby(keys)["source"].agg(lambda names: "; ".join(dict.fromkeys(names)))
    return pd.DataFrame({"value": figures.groupby(keys)["value"].first(), "source": sources})


def _spell_rows(case: Case, table: str) -> dict[Key, dict[str, str]]:
    texts = spell_table(case.tables[table])
    return dict(zip(list_keys(case, table), texts.to_dict("records"), strict=True))


def _write_row(table: str, cells: Mapping[str, str]) -> str:
    """Write the filled cells of a row that are no part of its key."""
    keys = supplied_tables()[table].keys
    return "; ".join(f"{name}={text}" for name, text in cells.items() if text and name not in keys)
