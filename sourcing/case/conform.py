"""Bring one supplied table to the types of the dictionary, collecting what does not fit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sourcing.case.dictionary import Column, Table
from sourcing.errors import hint_near

FLAGS = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}


class Problem(NamedTuple):
    """One fault of a case, as one row of the table of problems.

    `row` is the row as a spreadsheet counts it: the header is row 1.
    """

    table: str
    row: int | None
    column: str
    rule: str
    value: str
    hint: str


def conform_table(given: pd.DataFrame, table: Table) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the table with the dictionary's columns and types, and every fault of its cells.

    Parameters
    ----------
    given : DataFrame
        Index: the spreadsheet row of each record. Cells are texts, or already of the right type.
    table : Table
        Its description.

    Returns
    -------
    tuple of DataFrame and list of Problem
        Texts and choices are str ("" where empty), numbers float64 (NaN where empty and without
        default), integers int64, flags bool (object with None where empty and without default),
        dates datetime64. Columns not given take the default.
    """
    problems = [
        Problem(
            table.name,
            1,
            str(name),
            "a column of the dictionary",
            str(name),
            hint_near(str(name), table.columns),
        )
        for name in given.columns
        if name not in table.columns
    ]
    problems += [
        Problem(table.name, 1, str(name), "each column once", str(name), "Hint: keep one of the two columns.")
        for name in given.columns[given.columns.duplicated()].unique()
    ]
    given = given.loc[:, ~given.columns.duplicated()]
    conformed = {}
    for column in table.columns.values():
        if column.name not in given.columns:
            if column.is_required:
                hint = f"Hint: add the column '{column.name}': {column.meaning}."
                problems.append(Problem(table.name, 1, column.name, "the column must be there", "", hint))
            cells = pd.Series("", index=given.index, dtype=object)
        else:
            cells = _strip(given[column.name])
            if column.is_required:
                problems += _report(cells[cells == ""], column, "a value in every row", column.meaning)
        values, found = _convert(cells, column)
        conformed[column.name] = values
        problems += found
    return pd.DataFrame(conformed, index=given.index), problems


def _strip(cells: pd.Series) -> pd.Series:
    """Texts without surrounding blanks; missing cells as the empty text; other types as they are."""
    cells = cells.astype(object).where(cells.notna(), "")
    return cells.map(lambda cell: cell.strip() if isinstance(cell, str) else cell)


def _report(cells: pd.Series, column: Column, rule: str, advice: str) -> list[Problem]:
    return [
        Problem(column.table, row, column.name, rule, str(value), f"Hint: {advice}.") for row, value in cells.items()
    ]


def _convert(cells: pd.Series, column: Column) -> tuple[pd.Series, list[Problem]]:
    filled = cells.mask(cells == "", column.default) if column.default else cells
    if column.type in ("text", "choice"):
        values = filled.map(str).astype(str)
        if column.type == "text":
            return values, []
        wrong = (values != "") & ~values.isin(column.choices)
        advice = f"write one of {', '.join(column.choices)}"
        return values, _report(cells[wrong], column, column.wanted, advice)
    if column.type == "flag":
        return _convert_flags(filled, cells, column)
    if column.type == "date":
        dates = pd.to_datetime(filled.where(filled != "", None), errors="coerce", format="ISO8601")
        wrong = dates.isna() & (filled != "")
        return dates.astype("datetime64[ns]"), _report(cells[wrong], column, column.wanted, "write 2026-03-31")
    return _convert_numbers(filled, cells, column)


def _convert_flags(filled: pd.Series, cells: pd.Series, column: Column) -> tuple[pd.Series, list[Problem]]:
    flags = filled.map(lambda cell: cell if isinstance(cell, bool | np.bool_) else FLAGS.get(str(cell).lower()))
    flags = flags.astype(object).where(flags.notna(), None)
    wrong = flags.isna() & (filled != "")
    if column.default:
        flags = flags.map(bool).astype(bool)
    return flags, _report(cells[wrong], column, column.wanted, "write yes or no")


def _convert_numbers(filled: pd.Series, cells: pd.Series, column: Column) -> tuple[pd.Series, list[Problem]]:
    numbers = pd.to_numeric(filled.where(filled != "", None), errors="coerce").astype(float)
    present = filled != ""
    wrong = present & ~np.isfinite(numbers)
    if column.type == "integer":
        wrong |= present & np.isfinite(numbers) & (numbers % 1 != 0)
    problems = _report(cells[wrong], column, column.wanted, "write a plain number such as 1250.5, without unit")
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    outside = present & ~wrong & ~numbers.between(low, high)
    unit = f" (unit: {column.unit})" if column.unit else ""
    problems += _report(cells[outside], column, column.wanted, f"check the figure and its unit{unit}")
    if column.type == "integer":
        return numbers.where(~wrong & present, 0).astype("int64"), problems
    return numbers, problems
