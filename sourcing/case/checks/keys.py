"""Keys are unique, and names of other tables' rows are known."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.case.dictionary import supplied_tables
from sourcing.case.filling import find_country_code, load_reference
from sourcing.case.problem import MOST_ALIKE, Problem, point_at
from sourcing.errors import hint_near, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from sourcing.case.dictionary import Column

    Tables = Mapping[str, pd.DataFrame]


def number_rows(frame: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Number the rows by the values of some columns: equal rows equally, in the order of the values.

    Examples
    --------
    >>> number_rows(pd.DataFrame({"a": ["y", "x", "y"], "b": ["1", "2", "1"]}), ["a", "b"]).tolist()
    [1, 0, 1]
    """
    numbers = np.zeros(len(frame), dtype=np.int64)
    for column in columns:
        codes, distinct = pd.factorize(frame[column], sort=True)
        if len(distinct) * (int(numbers.max(initial=0)) + 1) > 2**62:
            numbers = pd.factorize(numbers, sort=True)[0]
        numbers = numbers * max(1, len(distinct)) + codes
    return pd.factorize(numbers, sort=True)[0]


def look_up(names: pd.Series, table: pd.DataFrame, key: str, column: str) -> pd.Series:
    """Return a column of another table by name, of that column's type and by the index of the names; else missing.

    Examples
    --------
    >>> units = pd.DataFrame({"business_unit": ["a"], "horizon_years": [5.0]})
    >>> look_up(pd.Series(["a", "b"], index=[7, 8]), units, "business_unit", "horizon_years").to_dict()
    {7: 5.0, 8: nan}
    """
    found = table.drop_duplicates(key).set_index(key)[column].reindex(names)
    return found.set_axis(names.index)


def list_rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """List the rows of a frame as tuples."""
    return zip(*(frame[column].to_numpy(dtype=object) for column in frame), strict=True)


def are_among(frame: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    """Say which rows of a frame are rows of another, whose columns stand in the same order.

    Examples
    --------
    >>> are_among(pd.DataFrame({"a": ["x", "y"]}), pd.DataFrame({"b": ["y", "z"]})).tolist()
    [False, True]
    """
    known = set(list_rows(others))
    return np.fromiter((row in known for row in list_rows(frame)), bool, len(frame))


def keys_are_unique(tables: Tables) -> Iterator[Problem]:
    """No two rows of a table have the same key."""
    for name, frame in tables.items():
        keys = supplied_tables()[name].keys
        if not keys or len(frame) < 2:
            continue
        again = pd.Series(number_rows(frame, keys)).duplicated().to_numpy()
        if again.any():
            shown = frame[keys].astype("str").agg(", ".join, axis=1)
            rule = "each key once: " + ", ".join(keys)
            yield from point_at(frame, again, (name, keys[-1]), rule, "Hint: remove or rename one of the rows.", shown)


def references_are_known(tables: Tables, changed: Collection[str] | None = None) -> Iterator[Problem]:
    """A cell that names a row of another table names one that exists, within the same unit.

    Only references from or to tables that changed are looked at, all of them where `changed` is None.
    """
    for name, frame in tables.items():
        for column in supplied_tables()[name].columns.values() if len(frame) else ():
            if not column.refers_to:
                continue
            other, key = column.refers_to.split(".")
            is_seen = changed is None or name in changed or other in changed
            if not is_seen or not (frame[column.name] != "").any():
                continue
            keyed = "business_unit" in frame and other in tables and "business_unit" in tables[other]
            if keyed and key != "business_unit":
                yield from _report_within_units(frame, tables[other], column)
            elif other == "countries" or other in tables:
                yield from _report_names(frame, column, _list_known(tables, other, key), other)


def _list_known(tables: Tables, other: str, key: str) -> pd.Index:
    if other == "countries":
        return _list_countries()
    return list_sites(tables) if other == "locations" else pd.Index(tables[other][key].unique())


def list_sites(tables: Tables) -> pd.Index:
    """List what a location can be: a row of locations, or the code of a country."""
    return pd.Index(tables["locations"]["location"].unique()).union(_list_countries())


@cache
def _list_countries() -> pd.Index:
    return pd.Index(load_reference("countries")["country"])


def _report_names(frame: pd.DataFrame, column: Column, known: pd.Index, other: str) -> Iterator[Problem]:
    cells = frame[column.name]
    wrong = ((cells != "") & ~cells.isin(known)).to_numpy()
    if not wrong.any():
        return
    rule = f"a {column.refers_to.split('.')[1]} of {other}"
    yield from _point_each(frame, wrong, column, rule, lambda place: suggest_name(cells.iloc[place], known))


def _point_each(
    frame: pd.DataFrame, wrong: np.ndarray, column: Column, rule: str, suggest: Callable[[int], str]
) -> Iterator[Problem]:
    """List rows with an unknown name, each with the hint for its name; hints are sought for those listed only."""
    places, cells = np.flatnonzero(wrong), frame[column.name]
    hints: dict[Any, str] = {}
    for place in places[:MOST_ALIKE].tolist():
        key = (frame["business_unit"].iloc[place] if "business_unit" in frame else "", cells.iloc[place])
        hints[key] = hints.get(key) or suggest(place)
        yield Problem(column.table, frame.index[place], column.name, rule, cells.iloc[place], hints[key])
    if len(places) > MOST_ALIKE:
        row, more = frame.index[places[MOST_ALIKE]], f"… and {len(places) - MOST_ALIKE} rows more"
        yield Problem(column.table, row, column.name, rule, more, f"Hint: mend the first {MOST_ALIKE} and check again.")


def suggest_name(value: str, known: pd.Index) -> str:
    """Suggest a known name; the code of a country that is named in words or by another code.

    Examples
    --------
    >>> [suggest_name(name, pd.Index(["DEU", "FRA", "GBR"])) for name in ("Germany", "UK", "fra")]
    ["Hint: did you mean 'DEU'?", "Hint: did you mean 'GBR'?", "Hint: did you mean 'FRA' (only case differs)?"]
    """
    code = find_country_code(value)
    return suggest(value, code) if code is not None and code in known else hint_near(value, known)


def _report_within_units(frame: pd.DataFrame, other: pd.DataFrame, column: Column) -> Iterator[Problem]:
    """Whether (business unit, name) exists in the other table; an empty unit or name matches any."""
    table, key = column.refers_to.split(".")
    known = set(list_rows(other[["business_unit", key]]))
    known |= {("", name) for _, name in known}
    numbers = number_rows(frame, ["business_unit", column.name])
    pairs = list(list_rows(frame[["business_unit", column.name]].iloc[np.unique(numbers, return_index=True)[1]]))
    wrong = np.fromiter((bool(pair[1]) and pair not in known for pair in pairs), bool, len(pairs))

    def suggest(place: int) -> str:
        unit, name = pairs[numbers[place]]
        own = other.loc[other["business_unit"].isin([unit] if unit else other["business_unit"]), key]
        elsewhere = other.loc[other[key] == name, "business_unit"]
        if len(elsewhere):
            return f"Hint: {name!r} is of {elsewhere.iloc[0]!r}; add it to {unit!r}, or change the unit."
        return suggest_name(name, pd.Index(own))

    yield from _point_each(frame, wrong[numbers], column, f"a {key} of {table}", suggest)
