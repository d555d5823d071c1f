"""Write a table as CSV, in which no text comes alive as a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.case.reading import guard_text

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def write_csv(table: pd.DataFrame, path: Path, *, encoding: str = "utf-8") -> None:
    """Write a table as CSV; texts that a spreadsheet would take for a formula get an apostrophe before them.

    Parameters
    ----------
    table : DataFrame
        Texts, numbers, truth values.
    path : Path
    encoding : str
        utf-8, or utf-8-sig with the mark by which Excel knows it.
    """
    texts = table.select_dtypes(exclude="number").columns
    guarded = table.assign(**{name: table[name].map(_guard_cell, na_action="ignore") for name in texts})
    guarded.to_csv(path, index=False, lineterminator="\n", encoding=encoding)


def _guard_cell(cell: object) -> object:
    return guard_text(cell) if isinstance(cell, str) else cell
