"""From a folder of tables to a frozen, sound Case."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case.conform import Problem, conform_table
from sourcing.case.dictionary import supplied_tables
from sourcing.case.problems import find_problems, frame_problems
from sourcing.errors import CaseError, InputError, hint_near
from sourcing.shipped import find_shipped

if TYPE_CHECKING:
    from collections.abc import Mapping

CRITERIA = Path(__file__).with_name("criteria.csv")


@dataclass(frozen=True)
class Case:
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

    Raises
    ------
    CaseError
        With every problem found, as a table.
    """

    tables: Mapping[str, pd.DataFrame]
    source: str = "tables"
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        tables, problems = conform_tables(self.tables)
        if problems:
            raise_problems(problems, self.source)
        ordered = {name: _order(frame, supplied_tables()[name].keys) for name, frame in tables.items()}
        object.__setattr__(self, "tables", MappingProxyType(ordered))
        object.__setattr__(self, "fingerprint", _fingerprint(ordered))

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return a copy of a table by its name."""
        if name not in supplied_tables():
            raise AttributeError(f"a case has no table {name!r}. {hint_near(name, supplied_tables())}")
        return self.tables[name].copy()

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
        vetoes = tables["vetoes"]
        tables["vetoes"] = vetoes[(vetoes["process"] == "") | vetoes["process"].isin(processes)]
        return Case(tables, self.source)


def _order(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return frame.sort_values(keys, kind="stable").reset_index(drop=True)


def _fingerprint(tables: Mapping[str, pd.DataFrame]) -> str:
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(name.encode())
        digest.update(tables[name].to_csv(index=False, lineterminator="\n").encode())
    return digest.hexdigest()


def conform_tables(given: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Conform every table of the dictionary and find every problem; tables not given become empty."""
    tables, problems = {}, []
    for name in given:
        if name not in supplied_tables():
            hint = hint_near(name, supplied_tables())
            problems.append(Problem(name, None, "", "a table of the dictionary", name, hint))
    for name, table in supplied_tables().items():
        frame = given.get(name)
        if frame is None and name == "criteria":
            frame = read_csv(CRITERIA)
        if frame is None:
            if table.is_required:
                hint = f"Hint: add {name}.csv: {table.meaning}."
                problems.append(Problem(name, None, "", "the table must be there", "", hint))
            frame = pd.DataFrame(columns=pd.Index(list(table.columns)))
        elif frame.empty and table.is_required:
            hint = f"Hint: add rows: {table.meaning}."
            problems.append(Problem(name, None, "", "at least one row", "", hint))
        tables[name], found = conform_table(frame, table)
        problems += found
    if not any(problem.column == "" or problem.rule == "the column must be there" for problem in problems):
        problems += find_problems(tables)
    return tables, problems


def raise_problems(problems: list[Problem], source: str) -> None:
    """Raise all problems as one error."""
    table = frame_problems(problems)
    first = table.iloc[0]
    where = f"{first['table']}, row {first['row']}, column {first['column']!r}" if first["column"] else first["table"]
    more = f", {len(table) - 1} more" if len(table) > 1 else ""
    raise CaseError(
        f"A case must be sound; got {len(table)} problem{'s' * (len(table) > 1)} in {source}: {where}: "
        f"wanted {first['rule']}, got {first['value']!r}{more}. {first['hint']} All of them: sourcing check.",
        table,
    )


def read_csv(path: Path) -> pd.DataFrame:
    """Read one table as texts, indexed by spreadsheet row."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False)
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    blank = (frame == "").all(axis=1)
    return frame[~blank]


def read_folder(folder: str | Path) -> dict[str, pd.DataFrame]:
    """Read every CSV table of a folder as texts.

    A relative path such as `data/tiny` that does not exist here is looked for among the shipped cases.

    Raises
    ------
    InputError
        No such folder, no table in it, or a file that cannot be read as CSV.
    """
    folder = find_case(Path(folder))
    if not folder.is_dir():
        raise InputError(f"A case must be a folder of CSV tables; got {str(folder)!r}. Hint: check the path.")
    known = [path for path in sorted(folder.glob("*.csv")) if path.stem in supplied_tables()]
    if not known:
        raise InputError(
            f"A case must hold tables such as processes.csv; got none in {str(folder)!r}. "
            f"Hint: data/tiny shows a small case."
        )
    tables = {}
    for path in known:
        try:
            tables[path.stem] = read_csv(path)
        except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
            raise InputError(
                f"A table must be a CSV file in UTF-8; got {str(path)!r}: {error}. Hint: save it as 'CSV UTF-8'."
            ) from error
    return tables


def find_case(folder: Path) -> Path:
    """Return the folder as given, or the shipped case of that name where a relative path does not exist here."""
    if folder.exists() or folder.is_absolute():
        return folder
    try:
        return find_shipped(str(folder))
    except InputError:
        return folder


def check_case(folder: str | Path) -> pd.DataFrame:
    """Find every problem of the tables in a folder.

    Returns
    -------
    DataFrame
        Columns table, row, column, rule, value, hint; empty where the case is sound.
    """
    return frame_problems(conform_tables(read_folder(folder))[1])


def load_case(folder: str | Path, business_unit: str | None = None) -> Case:
    """Load a case from a folder of CSV tables.

    Parameters
    ----------
    folder : path
        Holds units.csv, processes.csv, scores.csv, options.csv and any further table of the dictionary.
        Files by other names are left alone.
    business_unit : str, optional
        Keep this unit only.

    Raises
    ------
    CaseError
        The tables hold problems; `.problems` lists all of them.
    InputError
        The folder or the unit does not exist.
    """
    case = Case(read_folder(folder), str(folder))
    return case if business_unit is None else case.select(business_unit)
