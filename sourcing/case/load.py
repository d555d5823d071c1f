"""From a folder of tables to a frozen, sound Case."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from sourcing.card import Card, Carded, list_names
from sourcing.case.checks import BASIS, complete_sound, find_problems, frame_problems, number_rows
from sourcing.case.dictionary import supplied_tables
from sourcing.case.filling import pick_criteria
from sourcing.case.fingerprint import fingerprint_tables
from sourcing.case.handed import take_handed
from sourcing.case.problem import ERROR, Problem
from sourcing.case.reading import (
    MISSING_COLUMN,
    UNREAD,
    Reading,
    conform_table,
    is_filled,
    name_columns,
    read_tables,
    settle_spelling,
)
from sourcing.errors import CaseError, InputError, hint_near
from sourcing.remote import fetching
from sourcing.shipped import find_shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sourcing.case.dictionary import Table

Found = TypeVar("Found")


@dataclass(frozen=True, repr=False)
class Case(Carded):
    """What the analyst supplies and believes; an unsound one cannot exist.

    Each table is an attribute (`case.processes`), a DataFrame with the columns of the dictionary.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables by name; texts or typed. Tables not given are empty, `criteria` is the default set.
    source : str
        Where the tables came from, for messages.

    Attributes
    ----------
    fingerprint : str
        SHA-256 of the content: equal for equal tables in any order of rows.
    warnings : DataFrame
        What is sound but deserves a look, as the table of problems: table, row, column, rule, value, hint,
        severity, place.

    Raises
    ------
    CaseError
        With every problem found, as a table.
    """

    tables: Mapping[str, pd.DataFrame]
    source: str = "tables"
    fingerprint: str = field(init=False)
    warnings: pd.DataFrame = field(init=False, repr=False, compare=False)
    _rows: Mapping[str, pd.Index] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._settle(*conform_tables(self.tables))

    def _settle(
        self,
        tables: Mapping[str, pd.DataFrame],
        problems: list[Problem],
        kept: Mapping[str, pd.DataFrame] = MappingProxyType({}),
    ) -> None:
        """Keep tables that are sound, raise the problems of others."""
        if any(problem.severity == ERROR for problem in problems):
            raise_problems(problems, self.source)
        self._keep(tables, frame_problems(problems), kept)

    def _keep(
        self,
        tables: Mapping[str, pd.DataFrame],
        warnings: pd.DataFrame,
        kept: Mapping[str, pd.DataFrame] = MappingProxyType({}),
    ) -> None:
        """Keep sound tables, sorted by key, with the spreadsheet row of each record; those of another case as is."""
        ordered, rows = {}, {}
        for name, frame in tables.items():
            rows[name] = frame.index
            if frame is not kept.get(name):
                if len(frame):
                    frame = frame.iloc[_order(frame, supplied_tables()[name].keys)]
                rows[name], frame = frame.index, frame.reset_index(drop=True)
            ordered[name] = frame
        object.__setattr__(self, "tables", MappingProxyType(ordered))
        object.__setattr__(self, "fingerprint", fingerprint_tables(ordered))
        object.__setattr__(self, "warnings", warnings)
        object.__setattr__(self, "_rows", rows)

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return a table by its name; what its holder writes into it does not reach the case."""
        if name not in supplied_tables():
            raise AttributeError(f"a case has no table {name!r}. {hint_near(name, supplied_tables())}")
        return self.tables[name].copy(deep=False)

    def __reduce__(self) -> tuple[Callable[..., Case], tuple[Any, ...]]:
        """Travel to another process as it is, without being checked again."""
        return _restore_case, (dict(self.tables), self.source, self.fingerprint, self.warnings, dict(self._rows))

    @property
    def unit(self) -> pd.Series:
        """The one unit of this case (raises InputError where there are several)."""
        if len(self.tables["units"]) != 1:
            known = list(self.tables["units"]["business_unit"])
            raise InputError(
                f"A case of one business unit is wanted here; got {len(known)}. "
                f"Hint: load_case(folder, business_unit={known[0]!r})."
            )
        return self.tables["units"].iloc[0]

    def select(self, business_unit: str) -> Case:
        """Return the case of one unit: its own rows and those that hold for all units.

        Raises
        ------
        InputError
            No such unit.
        """
        known = self.tables["units"]["business_unit"]
        business_unit = settle_spelling(business_unit)
        if business_unit not in set(known):
            raise InputError(
                f"business_unit must be one of the case's; got {business_unit!r} in {self.source}. "
                f"{hint_near(business_unit, known)}"
            )
        tables = {
            name: frame[frame["business_unit"].isin([business_unit, ""])] if "business_unit" in frame else frame
            for name, frame in self.tables.items()
        }
        processes = tables["processes"]["process"]
        for name in ("vetoes", "locks"):
            rows = tables[name]
            tables[name] = rows[(rows["process"] == "") | rows["process"].isin(processes)]
        numbered = {name: self._number(name, frame) for name, frame in tables.items()}
        kept = [
            pd.isna(row) or name not in numbered or row in numbered[name].index or row not in self._rows[name]
            for name, row in zip(self.warnings["table"], self.warnings["row"], strict=True)
        ]
        # every check holds for each unit by itself, so a part of a sound case is sound
        selected = object.__new__(Case)
        object.__setattr__(selected, "source", self.source)
        selected._keep(numbered, self.warnings[np.array(kept, dtype=bool)].reset_index(drop=True))
        return selected

    def replace(self, **tables: pd.DataFrame) -> Case:
        """Return the case with some tables replaced, as `Case({**case.tables, name: frame})` does but faster.

        Only the tables given are conformed, and only checks that read one of them run. A table that was made for
        the case stands unless it is given: `criteria` and generated options do not follow replaced scores and
        processes.

        Parameters
        ----------
        **tables : DataFrame
            Tables by name; texts or typed.

        Raises
        ------
        CaseError
            With every problem found, as a table; rows are those of the frames given, counted as their indices do.

        Examples
        --------
        >>> case = load_case("data/tiny", "alpha")
        >>> tight = case.replace(rules=case.rules.assign(limit=5.0))
        >>> tight.rules["limit"].tolist(), case.rules["limit"].tolist()
        ([5.0, 5.0], [20.0, 200000.0])
        >>> case.replace(rules=case.rules.assign(measure="moved_heads"))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        sourcing.errors.CaseError: A case must be sound; got 2 problems in tables: rules, row 0, column 'measure': ...
        """
        replaced = object.__new__(Case)
        object.__setattr__(replaced, "source", "tables")
        replaced._settle(*conform_tables(tables, self.tables, is_spotless=self._is_spotless), self.tables)
        if self._is_spotless and replaced.warnings.empty:
            replaced.__dict__["_is_spotless"] = True
        return replaced

    @cached_property
    def _is_spotless(self) -> bool:
        """Whether all checks, run on these tables alone, find nothing: then those on kept tables need not run again.

        A warning is not kept with the check that found it, and a part of a case may deserve one that the whole
        does not.
        """
        return not find_problems(self.tables, {}, self.tables)

    def find_row(self, table: str, row: int) -> pd.Series | None:
        """Return the record that stands in a spreadsheet row of a table, None where no record does."""
        if table not in self._rows or row not in self._rows[table]:
            return None
        return self.tables[table].iloc[int(np.argmax(self._rows[table] == row))]

    def _number(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Give rows of a table back their spreadsheet rows."""
        return frame.set_axis(self._rows[name][frame.index], axis=0)

    def _card(self) -> Card:
        units = self.tables["units"]["business_unit"]
        filled = [name for name, frame in self.tables.items() if len(frame)]
        one = len(units) == 1
        return Card(
            "Case",
            {
                "read from": Path(self.source).name,
                "business units": list_names(units),
                "processes": len(self.tables["processes"]),
                "options": len(self.tables["options"]),
                "tables filled": f"{len(filled)} of {len(self.tables)}",
                "worth a look": len(self.warnings),
                "fingerprint": self.fingerprint[:12],
            },
            "decide.decide_unit(case)" if one else f"case.select({units.iloc[0]!r})",
        )


def _restore_case(
    tables: dict[str, pd.DataFrame], source: str, fingerprint: str, warnings: pd.DataFrame, rows: dict[str, pd.Index]
) -> Case:
    case = object.__new__(Case)
    found = {"tables": MappingProxyType(tables), "source": source, "fingerprint": fingerprint, "warnings": warnings}
    for name, value in (found | {"_rows": rows}).items():
        object.__setattr__(case, name, value)
    return case


def once_a_case(find: Callable[[Case], Found]) -> Callable[[Case], Found]:
    """Find what follows from a case alone once for each case, which never changes; nobody may change what is found."""

    @wraps(find)
    def recall(case: Case) -> Found:
        kept: dict[str, Any] = case.__dict__.setdefault("_found", {})
        name = f"{find.__module__}.{find.__qualname__}"
        if name not in kept:
            kept[name] = find(case)
        return kept[name]

    return recall


def _order(frame: pd.DataFrame, keys: list[str]) -> np.ndarray:
    """Return the positions of the rows in the order of their keys."""
    return np.argsort(number_rows(frame, keys), kind="stable")


def conform_tables(
    given: Mapping[str, pd.DataFrame], kept: Mapping[str, pd.DataFrame] | None = None, *, is_spotless: bool = False
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Conform every table of the dictionary and find every problem; tables not given become empty.

    Parameters
    ----------
    given : mapping of str to DataFrame
        Tables as typed, or a `Reading`, whose own faults and places are kept.
    kept : mapping of str to DataFrame, optional
        Tables of a sound case, which stand where none is given.
    is_spotless : bool
        Whether no check finds anything in the tables kept, so that only those run that read a table given.

    Returns
    -------
    tables : dict of str to DataFrame
        Indexed by spreadsheet row.
    problems : list of Problem
        Errors and warnings.
    """
    reading, kept = given if isinstance(given, Reading) else Reading(given), kept or {}
    tables, problems, signs = {}, list(reading.problems), {}
    for name in reading:
        if name not in supplied_tables():
            hint = hint_near(name, supplied_tables())
            problems.append(Problem(name, None, "", "a table of the dictionary", name, hint))
    complete = set()
    for name, table in supplied_tables().items():
        if name in kept and name not in reading:
            tables[name] = kept[name]
            complete.add(name)
            continue
        origin = reading.origins.get(name)
        frame, found = _find_frame(reading, table, kept)
        conformed = conform_table(frame, table, origin)
        tables[name], signs[name] = conformed.frame, conformed.signs
        found += _drop_echoes(conformed.problems, reading.problems)
        if not _is_refused(name, reading) and not any(
            problem.column == "" or problem.rule == MISSING_COLUMN for problem in found
        ):
            complete.add(name)
        problems += found
    changed = set(reading) if is_spotless else None
    if changed is None or not changed.isdisjoint(BASIS):
        before, tables = tables, complete_sound(tables, complete)
        if changed is not None:
            changed |= {name for name in tables if tables[name] is not before[name]}
    unread = _list_unread(problems)
    for each in _drop_echoes(find_problems(tables, signs, complete, changed), problems):
        if (each.table, each.row) not in unread or _is_typed(each, reading):
            problems.append(each)
    return tables, [_place(problem, reading) for problem in problems]


def _find_frame(reading: Reading, table: Table, kept: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, list[Problem]]:
    """Return a table as typed, or an empty one; say where a required one is missing."""
    frame = reading.get(table.name)
    if table.name == "criteria" and (frame is None or frame.empty):
        return pick_criteria(reading.get("scores", kept.get("scores"))), []
    found = []
    if frame is None:
        if table.is_required and table.name not in reading.origins:
            lying = [each for each in reading.problems if (each.table, each.rule) == (table.name, UNREAD)]
            hint = f"Hint: add {table.name}.csv or a sheet {table.name}: {table.meaning}."
            if lying:
                hint = f"{lying[0].hint} {lying[0].value!r} lies there and is not read."
            found.append(Problem(table.name, None, "", "the table must be there", "", hint))
        elif table.is_required and not _is_refused(table.name, reading):
            found.append(Problem(table.name, None, "", "at least one row", "", f"Hint: add rows: {table.meaning}."))
        frame = pd.DataFrame(columns=pd.Index(list(table.columns)))
    elif frame.empty and table.is_required:
        found.append(Problem(table.name, None, "", "at least one row", "", f"Hint: add rows: {table.meaning}."))
    return frame, found


def _is_refused(name: str, reading: Reading) -> bool:
    """Whether a table was given and could not be read: its own fault says so."""
    return name not in reading and any(each.table == name and each.severity == ERROR for each in reading.problems)


def _drop_echoes(found: list[Problem], earlier: list[Problem]) -> list[Problem]:
    """Leave out faults of a cell that was found faulty before: what cannot be read is one fault."""
    known = {(each.table, each.row, each.column) for each in earlier if each.severity == ERROR and each.column}
    return [each for each in found if (each.table, each.row, each.column) not in known]


def _list_unread(problems: list[Problem]) -> set[tuple[str, int | None]]:
    """List rows with a cell that cannot be read."""
    return {(each.table, each.row) for each in problems if each.severity == ERROR and each.column}


def _is_typed(problem: Problem, reading: Reading) -> bool:
    """Whether somebody typed something into the cell of a problem."""
    frame, table = reading.get(problem.table), supplied_tables().get(problem.table)
    if frame is None or table is None or problem.row not in frame.index:
        return True
    names = name_columns(frame.columns, table)
    return problem.column in names and is_filled(frame.loc[problem.row].iloc[names.index(problem.column)])


def _place(problem: Problem, reading: Reading) -> Problem:
    origin = reading.origins.get(problem.table)
    if problem.place or origin is None:
        return problem
    return problem._replace(place=origin.locate(problem.row, problem.column))


def raise_problems(problems: list[Problem], source: str) -> None:
    """Raise all problems as one error, warnings listed with them."""
    table = frame_problems(problems)
    errors = table[table["severity"] == ERROR]
    first = errors.iloc[0]
    row = "" if pd.isna(first["row"]) else f", row {first['row']}"
    where = f"{first['table']}{row}" + (f", column {first['column']!r}" if first["column"] else "")
    more = f", {len(errors) - 1} more" if len(errors) > 1 else ""
    raise CaseError(
        f"A case must be sound; got {len(errors)} problem{'s' * (len(errors) > 1)} in {source}: {where}: "
        f"wanted {first['rule']}, got {first['value']!r}{more}. {first['hint']} All of them: sourcing check.",
        table,
    )


def read_folder(folder: str | Path) -> Reading:
    """Read every table of a folder or workbook as typed.

    A relative path such as `data/tiny` that does not exist here is looked for among the shipped cases; what lies at an
    address such as `s3://bucket/case` is copied here for the while.

    Raises
    ------
    InputError
        Nothing there, no table in it, or a file that cannot be read.
    """
    with fetching(folder) as path:
        return read_tables(find_case(path))


def find_case(folder: Path) -> Path:
    """Return the folder as given, or the shipped case of that name where a relative path does not exist here."""
    if folder.exists() or folder.is_absolute():
        return folder
    try:
        return find_shipped(str(folder))
    except InputError:
        return folder


def check_case(folder: str | Path) -> pd.DataFrame:
    """Find every problem of the tables in a folder or workbook.

    Returns
    -------
    DataFrame
        Columns table, row, column, rule, value, hint, severity (error or warning), place; without errors
        the case is sound.
    """
    return frame_problems(conform_tables(read_folder(folder))[1])


def load_case(path: str | Path, business_unit: str | None = None) -> Case:
    """Load a case from a folder of tables or one workbook.

    Parameters
    ----------
    path : path
        A folder with the tables units, processes, scores, options and any further one of the dictionary, each
        as CSV, Parquet or a sheet of a workbook; or one workbook (.xlsx, .ods); or the address of either, such as
        `s3://bucket/case`. Files by other names are left alone, those nearly named as a table with a warning.
    business_unit : str, optional
        Keep this unit only.

    Raises
    ------
    CaseError
        The tables hold problems; `.problems` lists all of them.
    InputError
        The folder or the unit does not exist, or a file cannot be read.
    """
    handed: Case | None = None if business_unit is None else take_handed(path, business_unit)
    if handed is not None:
        return handed
    case = Case(read_folder(path), str(path))
    return case if business_unit is None else case.select(business_unit)
