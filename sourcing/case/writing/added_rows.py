"""Add rows to a table of a case where it stands, so that what was there before stays as it was typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case.dictionary import supplied_tables
from sourcing.case.load import load_case
from sourcing.case.reading import WORKBOOKS, read_tables
from sourcing.case.writing.save import spell_table
from sourcing.case.writing.sheets import add_drop_downs, add_lists, add_sheet, append_rows
from sourcing.case.writing.template import find_end, keep_book, open_book, read_as_typed, replace_csv
from sourcing.errors import InputError, hint_near

if TYPE_CHECKING:
    from collections.abc import Collection


def add_rows(case_folder: str | Path, table: str, rows: pd.DataFrame) -> str:
    """Add rows to a table of a case; the file is written aside, then takes the place of the old one.

    Parameters
    ----------
    case_folder : path
        Folder of the case's tables, or a workbook.
    table : str
        One of the dictionary; made where it is not there yet.
    rows : DataFrame
        Columns of the table; those left out are empty.

    Returns
    -------
    str
        Name of the file.

    Raises
    ------
    CaseError
        The case would be unsound with the rows; nothing is written.
    InputError
        No such case (one that came with the suite is not written to) or table, the table stands where rows cannot be
        added without loss, or the file cannot be written.
    """
    path = Path(case_folder)
    if not path.exists():
        raise InputError(
            f"A case to add rows to must be there; got {str(path)!r}. Hint: copy the case to a folder of your own, and "
            "point case_folder at it."
        )
    if table not in supplied_tables():
        raise InputError(f"A table must be of the dictionary; got {table!r}. {hint_near(table, supplied_tables())}")
    case = load_case(path)
    there = case.tables[table]
    joined = pd.concat([spell_table(there), spell_table(rows)], ignore_index=True) if len(there) else spell_table(rows)
    case.replace(**{table: joined.fillna("")})
    return (_add_to_book if path.suffix.lower() in WORKBOOKS else _add_to_folder)(path, table, rows)


def _add_to_book(path: Path, table: str, rows: pd.DataFrame) -> str:
    book = open_book(path)
    if table in book.sheetnames:
        sheet = book[table]
        heads = {str(cell.value) for cell in sheet[1]}
        rows = _leave_defaults_out(rows, heads, table)
        for name in (name for name in rows.columns if name not in heads):
            sheet.cell(1, sheet.max_column + 1, name)
    else:
        add_lists(book)
        add_sheet(book, table, list(supplied_tables()[table].columns))
        add_drop_downs(book, table)
    append_rows(book[table], table, rows, find_end(book[table]) + 1)
    keep_book(book, path)
    return path.name


def _leave_defaults_out(rows: pd.DataFrame, typed: Collection[str], table: str) -> pd.DataFrame:
    """Leave out columns that nobody typed and that say no more than their default: empty cells say the same."""
    columns = supplied_tables()[table].columns
    idle = [
        name
        for name in rows.columns
        if name not in typed and columns[name].default and (rows[name].astype(str) == columns[name].default).all()
    ]
    return rows.drop(columns=idle)


def _add_to_folder(path: Path, table: str, rows: pd.DataFrame) -> str:
    file, origins = path / f"{table}.csv", read_tables(path).origins
    given = read_as_typed(file, origins[table]) if table in origins else pd.DataFrame(columns=rows.columns)
    rows = _leave_defaults_out(rows, given.columns, table) if table in origins else rows
    columns = [*given.columns, *(name for name in rows.columns if name not in given.columns)]
    replace_csv(pd.concat([given, spell_table(rows)]).reindex(columns=columns).fillna(""), file, table)
    return file.name
