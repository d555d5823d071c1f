"""Kinds of broken cases: what people do to tables, one fault at a time, over every table of the dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pandas as pd

from sourcing.case.dictionary import Column, supplied_tables
from tests.case.whole_case import write_whole

Tables = dict[str, pd.DataFrame]


class Broken(NamedTuple):
    """One way to break a case.

    `kind` names table and fault and is shared by the columns that it can strike; `strike` takes the whole case's
    tables and gives the broken table.
    """

    kind: str
    table: str
    column: str
    strike: Callable[[pd.DataFrame], pd.DataFrame]


def write_cell(column: str, value: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Write a value into the last row, whether the column was there or not."""

    def strike(frame: pd.DataFrame) -> pd.DataFrame:
        broken = frame.copy() if column in frame else frame.assign(**{column: ""})
        broken.loc[broken.index[-1], column] = value
        return broken

    return strike


def list_cells(column: Column) -> Iterator[tuple[str, str]]:
    """List what can be wrong in a cell of a column: fault, text."""
    yield "a formula failed", "#REF!"
    yield "a sign that ends texts", "a\x00b"
    if column.is_required:
        yield "a cell is empty", ""
    if column.type in ("number", "integer"):
        yield "a word for a figure", "many"
        yield "a figure without end", "inf"
        yield "a figure beyond all measure", "1e300"
        yield "a figure of two meanings", "1,2,3"
        if column.minimum is not None:
            yield "a figure below the least", f"{column.minimum - 1:g}"
        if column.maximum is not None:
            yield "a figure above the most", f"{column.maximum + 1:g}"
        if column.type == "integer":
            yield "half of a whole", "2.5"
    if column.type == "choice":
        yield "a word that is no choice", "whatever"
    if column.type == "flag":
        yield "neither yes nor no", "perhaps"
    if column.type == "date":
        yield "no day", "31.31.2025"
        yield "a day of two meanings", "03/04/2025"
        yield "a day of another age", "1600-01-01"
    if column.refers_to:
        yield "a name that nobody has", "nobody"


def list_systematic() -> Iterator[Broken]:
    """List the faults that every table can have, by what its columns are."""
    for name, table in supplied_tables().items():
        given = write_whole()[name]
        for column in table.columns.values():
            for fault, text in list_cells(column):
                yield Broken(f"{name}: {fault}", name, column.name, write_cell(column.name, text))
            if column.name in given:
                misspelt = {column.name: f"{column.name[:-1]}q"}
                yield Broken(
                    f"{name}: a column is misspelt", name, column.name, lambda frame, names=misspelt: frame.rename(columns=names)
                )
            if column.is_required:
                yield Broken(
                    f"{name}: a column is left out", name, column.name, lambda frame, lost=column.name: frame.drop(columns=lost)
                )
        if table.keys:
            yield Broken(f"{name}: a row is there twice", name, table.keys[-1], repeat_row)
        yield Broken(f"{name}: a column is there twice", name, given.columns[0], repeat_column)


def repeat_row(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the last row once more."""
    twice = pd.concat([frame, frame.iloc[[-1]]])
    return twice.set_axis(range(2, len(twice) + 2))


def repeat_column(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the first column once more."""
    return pd.concat([frame, frame.iloc[:, [0]]], axis=1)
