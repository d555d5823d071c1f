"""Bring one supplied table to the types of the dictionary, collecting what does not fit."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sourcing.case.dictionary import supplied_tables
from sourcing.case.problem import MOST_ALIKE, Origin, Problem
from sourcing.case.reading.cells import Cells, is_faulty, leave_empty, spell_value, take_cells
from sourcing.case.reading.convert import Finding, Marks, convert_cells, prove_marks, read_signs
from sourcing.case.reading.headers import name_columns
from sourcing.errors import hint_near

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcing.case.dictionary import Column, Table

MISSING_COLUMN = "the column must be there"


class Conformed(NamedTuple):
    """A table with the dictionary's columns and types, what does not fit, and the signs beside its figures.

    Attributes
    ----------
    frame : DataFrame
        Texts and choices are str ("" where empty), numbers float64 (NaN where empty and without
        default), integers int64, flags bool (object with None where empty and without default),
        dates datetime64. Columns not given take the default.
    problems : list of Problem
    signs : dict
        (row, column) -> currency or per cent sign typed with a figure or shown by its number format.
    """

    frame: pd.DataFrame
    problems: list[Problem]
    signs: dict[tuple[int, str], str]


def conform_table(given: pd.DataFrame, table: Table, origin: Origin | None = None) -> Conformed:
    """Return the table with the dictionary's columns and types, and every fault of its cells.

    Parameters
    ----------
    given : DataFrame
        Index: the spreadsheet row of each record. Cells are texts, or already of the right type.
    table : Table
        Its description.
    origin : Origin, optional
        Where it was typed.
    """
    origin = origin or Origin()
    named, problems = _settle_columns(given, table, origin)
    if given.empty:
        return Conformed(make_empty(table.name).copy(), problems, dict(origin.signs))
    taken = {name: take_cells(named[name]) for name in table.columns if name in named}
    marks = prove_marks(table, taken, origin)
    conformed, signs = {}, dict(origin.signs)
    for column in table.columns.values():
        if column.name not in taken:
            conformed[column.name] = fill_absent(table.name, column.name).take(np.zeros(len(given), dtype=np.intp))
            continue
        cells, findings = taken[column.name], []
        if column.is_required:
            findings.append(Finding(cells.values == "", "a value in every row", column.meaning))
        faulty = np.fromiter(map(is_faulty, cells.values), bool, len(cells.values))
        broken = np.fromiter((isinstance(value, str) and "\0" in value for value in cells.values), bool, len(faulty))
        cells = cells.replace(faulty | broken, "")
        findings.append(Finding(faulty, "a value, not a spreadsheet error", "mend the formula or type the value"))
        findings.append(Finding(broken, "text without the character NUL", "type the cell again"))
        filled = cells.replace(cells.values == "", column.default) if column.default else cells
        values, found = convert_cells(filled, column, marks[column.name])
        conformed[column.name] = values
        for finding in [*findings, *found]:
            problems += _list_rows(finding, taken[column.name], column, given.index)
        typed = np.array(read_signs(cells, column), dtype=object)
        for row in np.flatnonzero((typed != "")[cells.codes]) if (typed != "").any() else ():
            signs[given.index[row], column.name] = typed[cells.codes[row]]
    return Conformed(pd.DataFrame(conformed, index=given.index), problems, signs)


@cache
def fill_absent(table: str, column: str) -> Any:
    """Return the one value, as an array, that every row has in a column that was not given: the default, or none."""
    about = supplied_tables()[table].columns[column]
    cells = leave_empty(1).replace(np.array([True]), about.default or "")
    return convert_cells(cells, about, Marks(set(), set(), None))[0]


@cache
def make_empty(name: str) -> pd.DataFrame:
    """Return a table without rows, its columns of the dictionary's types."""
    kinds = {"text": "str", "choice": "str", "number": "float64", "integer": "int64", "date": "datetime64[ns]"}
    return pd.DataFrame(
        {
            column.name: pd.Series(dtype=kinds.get(column.type) or ("bool" if column.default else "object"))
            for column in supplied_tables()[name].columns.values()
        }
    )


def _settle_columns(given: pd.DataFrame, table: Table, origin: Origin) -> tuple[pd.DataFrame, list[Problem]]:
    """Name columns as the dictionary does; report those unknown, given twice or missing."""
    problems = []

    def report(column: str, rule: str, hint: str) -> None:
        problems.append(Problem(table.name, origin.header_row, column, rule, column, hint))

    named = given.set_axis(pd.Index(name_columns(given.columns, table), dtype=object), axis=1)
    named = named.loc[:, named.columns != ""]
    counts = Counter(named.columns)
    for name in counts:
        if name not in table.columns:
            report(name, "a column of the dictionary", hint_near(name, table.columns))
        if counts[name] > 1:
            report(name, "each column once", "Hint: keep one of the two columns.")
    for column in table.columns.values():
        if column.is_required and column.name not in counts:
            hint = f"Hint: add the column '{column.name}': {column.meaning}."
            problems.append(Problem(table.name, origin.header_row, column.name, MISSING_COLUMN, "", hint))
    return named.loc[:, ~named.columns.duplicated()], problems


def _list_rows(finding: Finding, cells: Cells, column: Column, index: pd.Index) -> Iterable[Problem]:
    """List each row of a finding, and count those beyond a thousand."""
    if not finding.wrong.any():
        return
    rows = np.flatnonzero(finding.wrong[cells.codes])
    for row in rows[:MOST_ALIKE]:
        value = spell_value(cells.values[cells.codes[row]])
        advice = finding.advice if isinstance(finding.advice, str) else finding.advice[cells.codes[row]]
        yield Problem(column.table, index[row], column.name, finding.rule, value, f"Hint: {advice}.", finding.severity)
    if len(rows) > MOST_ALIKE:
        row, more = index[rows[MOST_ALIKE]], len(rows) - MOST_ALIKE
        hint = f"Hint: mend the first {MOST_ALIKE} and check again."
        yield Problem(column.table, row, column.name, finding.rule, f"… and {more} rows more", hint, finding.severity)
