"""Kinds of broken cases: what people do to tables, one fault at a time, over every table of the dictionary."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from sourcing.case.dictionary import Column, load_dictionary, supplied_tables
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
                    f"{name}: a column is misspelt",
                    name,
                    column.name,
                    lambda frame, names=misspelt: frame.rename(columns=names),
                )
            if column.is_required:
                yield Broken(
                    f"{name}: a column is left out",
                    name,
                    column.name,
                    lambda frame, lost=column.name: frame.drop(columns=lost),
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


def vary(rng: random.Random, names: Sequence[str] = ()) -> tuple[str, Tables]:
    """Change one to three cells of the whole case to what stands elsewhere in the case, or to what is often typed.

    Returns
    -------
    what : str
        The changes in words.
    tables : dict of str to DataFrame
        The changed tables.
    """
    changed: Tables = {}
    told = []
    for _ in range(rng.choice([1, 1, 2, 3])):
        name = rng.choice(list(names) or sorted(write_whole()))
        frame = changed.get(name, write_whole()[name]).copy()
        if frame.empty:
            continue
        column = rng.choice(list(supplied_tables()[name].columns.values()))
        row = rng.choice(list(frame.index))
        value = rng.choice(list_values(column))
        move = rng.choice(["write"] * 8 + ["drop", "swap"])
        if move == "drop":
            frame = frame.drop(index=row)
        elif move == "swap" and column.name in frame:
            other = rng.choice([each for each in frame.columns if each != column.name])
            frame.loc[row, [column.name, other]] = frame.loc[row, [other, column.name]].to_numpy()
        else:
            frame = frame if column.name in frame else frame.assign(**{column.name: ""})
            frame.loc[row, column.name] = value
        told.append(f"{move} {name} {row} {column.name} {value!r}")
        changed[name] = frame
    return "; ".join(told), changed


def list_values(column: Column) -> list[str]:
    """List what may be typed into a cell of a column: mostly what fits, so that few cases are refused at sight."""
    given = write_whole()
    same = sorted(set(given[column.table][column.name])) if column.name in given[column.table] else []
    if column.refers_to:
        table, key = column.refers_to.split(".")
        same += sorted(set(given[table][key])) if table in given else ["USA", "DEU", "IND", "FRA"]
    if column.type in ("number", "integer"):
        low = -1e6 if column.minimum is None else column.minimum
        high = 1e6 if column.maximum is None else column.maximum
        middle = [f"{low:g}", f"{high:g}", "0", "1", f"{low + 0.1 * (min(high, low + 100) - low):g}"]
        return [*middle, *same, ""]
    if column.type == "choice":
        return [*column.choices, ""]
    if column.type == "flag":
        return ["yes", "no", ""]
    if column.type == "date":
        return ["2025-01-01", "2025-06-30", "2024-12-31", "2030-01-01", ""]
    if column.name in ("measure", "relative_to", "for_each", "column"):
        return [*load_dictionary()["alternatives"].columns, "count", ""]
    return [*same, "", "own", "x"]


def mend(table: str, row: int, **cells: str) -> Tables:
    """Give a table of the whole case with some cells of a row written anew."""
    frame = write_whole()[table].copy()
    for column, value in cells.items():
        if column not in frame:
            frame[column] = ""
        frame.loc[row, column] = value
    return {table: frame}


def add_row(table: str, **cells: str) -> Tables:
    """Give a table of the whole case with a row more."""
    frame = write_whole()[table]
    row = pd.DataFrame([cells], index=[int(frame.index.max()) + 1])
    return {table: pd.concat([frame, row]).fillna("")}


def list_files() -> Iterator[tuple[str, str, bytes | None]]:
    """List what can be wrong with a file of a folder: fault, name of the file, content; None where it is gone."""
    units = write_whole()["units"].to_csv(index=False).encode()
    header, *rows = units.splitlines(keepends=True)
    yield "a needed file is gone", "units.csv", None
    yield "a needed file has a near name", "proceses.csv", None
    yield "a file is empty", "units.csv", b""
    yield "a file holds blanks", "units.csv", b" \r\n \r\n"
    yield "a file holds a header", "units.csv", header
    yield "a file has no header", "units.csv", b"".join(rows)
    yield "a file is a picture", "units.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    yield "a file ends in a quote", "units.csv", units.replace(b"Alpha Services", b'"Alpha Services')
    yield "a row is longer than the header", "units.csv", units + b"a,b,c,d,e,f,g,h,i,j,k,l,m,n\n"
    yield "a text is of no encoding", "units.csv", units.replace(b"Alpha", b"\xff\xfe\x00Alpha")
    yield "another table's file", "units.csv", write_whole()["scores"].to_csv(index=False).encode()
    yield "the same header twice", "units.csv", header + units
    yield "a workbook is a text", "units.xlsx", units
    yield "a workbook is cut off", "units.xlsx", b"PK\x03\x04" + bytes(40)
    yield "a workbook is locked", "units.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield "a sheet of LibreOffice is cut off", "units.ods", b"PK\x03\x04" + bytes(40)
    yield "a Parquet file is a text", "units.parquet", units
    yield "a Parquet file is cut off", "units.parquet", b"PAR1" + bytes(20) + b"PAR1"
    yield "one table in two files", "Units.csv", units
    rules = write_whole()["rules"].to_csv(index=False).encode()
    for fault, name in (
        ("a text file behind a table's name", "rules.csv.txt"),
        ("a copy of a table", "rules - Copy.csv"),
        ("another version of a table", "rules_v2.csv"),
        ("a packed table", "rules.csv.gz"),
        ("an old spreadsheet beside tables", "rules.xls"),
        ("a binary spreadsheet beside tables", "rules.xlsb"),
        ("a table of a near name", "vetos.csv"),
    ):
        yield fault, name, rules
    for error in ("#SPILL!", "#NV", "#WERT!", "#VALEUR!", "Err:502"):
        yield (
            f"a spreadsheet's error {error} for a name",
            "units.csv",
            units.replace(b"Alpha Services (fictional)", error.encode()),
        )
