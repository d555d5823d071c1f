"""Write a table as CSV, in which no text comes alive as a formula, and read it back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TextIO

import pandas as pd

from sourcing.case.reading import free_texts, guard_text

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def write_csv(table: pd.DataFrame, path: Path, *, numbers: Collection[str] = (), encoding: str = "utf-8") -> None:
    """Write a table as CSV; texts that a spreadsheet would take for a formula get an apostrophe before them.

    Parameters
    ----------
    table : DataFrame
        Texts, numbers, truth values.
    path : Path
    numbers : collection of str
        Columns whose texts stand for numbers where they can be read so.
    encoding : str
        utf-8, or utf-8-sig with the mark by which Excel knows it.
    """
    texts = table.select_dtypes(exclude="number").columns
    guarded = table.assign(
        **{name: table[name].map(partial(_guard_cell, name in numbers), na_action="ignore") for name in texts}
    )
    guarded.to_csv(path, index=False, lineterminator="\n", encoding=encoding)


def _guard_cell(is_number: bool, cell: object) -> object:
    return guard_text(cell, is_number=is_number) if isinstance(cell, str) else cell


def read_csv(path: Path | TextIO) -> pd.DataFrame:
    """Read back what `write_csv` wrote, every cell as a text, empty ones as ""; apostrophes of guarded texts are off.

    Raises
    ------
    OSError, ValueError
        Not there, or no CSV.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    return table.apply(free_texts)
