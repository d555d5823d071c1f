"""Any table as a notebook shows it: a readable title for each column, figures written as in a pack, all escaped."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sourcing.pack.block import Block, Shown, fold_table, say_block, show_table
from sourcing.pack.wording import say_count

MOST_ROWS = 300
"""Rows of a longer table are not all shown: a page of thousands of rows is read by nobody and slows the browser."""


def show_frame(frame: pd.DataFrame | pd.Series) -> Block:
    """Show a table that no room shows by itself.

    Parameters
    ----------
    frame : DataFrame or Series
        An index that is named, or holds names, becomes the first columns.

    Returns
    -------
    Block
        The first MOST_ROWS rows.

    Examples
    --------
    >>> costs = pd.DataFrame({"cash_cost": [1234567.0], "is_abroad": [False]}, index=pd.Index(["pay"], name="process"))
    >>> html = show_frame(costs).html
    >>> [each in html for each in ("Process", "Cash cost", "1,234,567", "no")]
    [True, True, True, True]
    """
    shown, columns = _spell(frame)
    return show_table(shown, columns, caption=_say_left(frame))


def fold_frame(frame: pd.DataFrame | pd.Series, title: str) -> Block:
    """Show a listing that unfolds below its title: what is looked up, not read."""
    shown, columns = _spell(frame)
    if shown.empty:
        return say_block(f"{title}: none.")
    return fold_table(shown, columns, " ".join([f"{title}: {say_count(len(frame), 'row')}.", _say_left(frame)]).strip())


def _spell(frame: pd.DataFrame | pd.Series) -> tuple[pd.DataFrame, list[Shown]]:
    """Give the rows that are shown, texts as they are read, and their columns."""
    table = _name_columns(frame)
    columns = [Shown(name, _title(name), _tell_kind(table[name])) for name in table.columns]
    shown = table.head(MOST_ROWS)
    texts = {each.name: [_say(value) for value in shown[each.name]] for each in columns if each.kind == "text"}
    return shown.assign(**texts), columns


def _say_left(frame: pd.DataFrame | pd.Series) -> str:
    left = len(frame) - MOST_ROWS
    return f"{say_count(left, 'further row')} not shown." if left > 0 else ""


def _name_columns(frame: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """Return the table with the index as columns where it says something, and plain names that differ."""
    table = frame.to_frame("value" if frame.name is None else frame.name) if isinstance(frame, pd.Series) else frame
    table = table.set_axis([_join(name) for name in table.columns], axis=1)
    if not isinstance(table.index, pd.RangeIndex) and (
        any(name is not None for name in table.index.names) or not pd.api.types.is_integer_dtype(table.index)
    ):
        table = table.reset_index(names=[_free(_join(name), table) for name in table.index.names])
    taken: dict[str, int] = {}
    names = []
    for name in table.columns:
        taken[name] = taken.get(name, 0) + 1
        names.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return table.set_axis(names, axis=1)


def _join(name: Any) -> str:
    parts = name if isinstance(name, tuple) else (name,)
    return " · ".join("" if part is None else str(part) for part in parts).strip(" ·")


def _free(name: str, table: pd.DataFrame) -> str:
    return name if name not in table else f"{name} (of the row)"


def _title(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _tell_kind(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column):
        return "flag"
    if pd.api.types.is_numeric_dtype(column):
        return (
            "text" if "year" in str(column.name).split("_") and column.dropna().between(1900, 2200).all() else "number"
        )
    return "text"


def _say(value: Any) -> str:
    if value is None or (isinstance(value, float) and value != value) or value is pd.NaT:
        return ""
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(str, sorted(value, key=str) if isinstance(value, set | frozenset) else value))
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
