"""The columns of a unit's alternatives and the texts in them, told from its tables before anything is priced."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case.checks.keys import suggest_name
from sourcing.case.checks.options import PROCESS, find_countries
from sourcing.case.dictionary import load_dictionary
from sourcing.case.filling import find_country_code
from sourcing.case.promises import sum_promises
from sourcing.errors import InputError
from sourcing.where import match_where

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sourcing.case.dictionary import Column

    Tables = Mapping[str, pd.DataFrame]

READ = frozenset(
    {"units", "processes", "options", "locations", "vetoes", "locks", "calendar", "cost_pools", "services",
     "service_parts", "service_levels"}
)  # fmt: skip
"""Tables that say which columns there are and what they hold."""
KINDS = {"text": "text", "choice": "text", "number": "number", "integer": "number", "flag": "truth"}
"""Type of the dictionary -> kind of a column, as `where` texts are checked."""
TOLD = ("process", "option", "owner", "location", "country", "place", "contract", "function", "wave")
"""Columns of the alternatives whose values the tables alone tell."""
_BUYING = ("calendar", "cost_pools", "services")
"""Tables without whose rows the columns that refer to them are not there."""


class ExpectedColumns:
    """The columns that the alternatives of each unit of a case will have.

    No column is ever without a value where the costs can be told at all: texts left empty are empty texts.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of `READ`, conformed, options generated.
    """

    def __init__(self, tables: Tables) -> None:
        offers = tables["options"]
        offers = offers.assign(country=find_countries(tables), place=offers["owner"] + "@" + offers["location"])
        self._tables = {name: tables[name] for name in READ} | {"options": offers}
        self._kinds: dict[str, dict[str, str]] = {}
        self._told: set[str] = set()
        self._texts: dict[tuple[str, str], frozenset[str] | None] = {}

    def list_units(self, unit: str) -> list[str]:
        """List the units that a rule of a unit speaks of: that one, or all where it is empty; none if unknown."""
        known = self._tables["units"]["business_unit"].tolist()
        return known if unit == "" else [unit] if unit in known else []

    def list_kinds(self, unit: str, asked: Collection[str] | None = None) -> Mapping[str, str]:
        """List the columns of a unit's alternatives with their kind: text, number or truth.

        Parameters
        ----------
        unit : str
        asked : collection of str, optional
            The names in question: what services promise is summed only where one of them is none of the others.
        """
        if unit not in self._kinds:
            self._kinds[unit] = self._list_plain(unit)
        kinds = self._kinds[unit]
        if unit not in self._told and (asked is None or not kinds.keys() >= set(asked)):
            kinds |= dict.fromkeys(self._list_promised(unit), "number")
            self._told.add(unit)
        return kinds

    def _list_plain(self, unit: str) -> dict[str, str]:
        kinds: dict[str, str] = {}
        absent = {table for table in _BUYING if self._pick(table, unit).empty}
        for name, column in load_dictionary()["alternatives"].columns.items():
            table = _find_table(column)
            if table in absent:
                continue
            stem, is_family, _ = name.partition("<")
            if not is_family:
                kinds[name] = KINDS[column.type]
            elif table == "cost_pools":
                kinds |= {f"{stem}{year}": KINDS[column.type] for year in self._list_years(unit)}
        return kinds

    def _list_years(self, unit: str) -> range:
        horizon = self._pick("units", unit)["horizon_years"].dropna()
        return range(1, 1 + int(horizon.max() if len(horizon) else 0))

    def _list_promised(self, unit: str) -> list[str]:
        """List the columns of what the services promise; none where they cannot be summed."""
        if self._pick("services", unit).empty:
            return []
        names = ("services", "service_parts", "service_levels", "options")
        try:
            return [row["column"] for row in sum_promises({name: self._pick(name, unit) for name in names})]
        except InputError:
            return []

    def _pick(self, table: str, unit: str) -> pd.DataFrame:
        """Pick the rows of a unit and those of all units; every row for the unit ""."""
        frame = self._tables[table]
        return frame[frame["business_unit"].isin([unit, ""])] if unit and "business_unit" in frame else frame

    def hint_lack(self, name: str, unit: str) -> str:
        """Hint at the table that would give a unit's alternatives a column; "" where none would."""
        for known, column in load_dictionary()["alternatives"].columns.items():
            stem, is_family, _ = known.partition("<")
            table = _find_table(column)
            is_meant = name.startswith(stem) if is_family else name == known
            if is_meant and table in _BUYING and self._pick(table, unit).empty:
                return f"Hint: {unit} has no rows in {table}: add them, or state the rule for units that have some."
        return ""

    def can_hold(self, column: str, text: str, unit: str) -> bool:
        """Tell whether a text column of a unit's alternatives, of all units' for "", can hold a text."""
        known = self._list_known(column, unit)
        if known is None or text in known:
            return True
        reasons = [(part, part.partition(": ")[0]) for part in text.split("; ")]
        return column == "barred_by" and all(part in known or cause in known for part, cause in reasons)

    def hint_text(self, column: str, text: str, unit: str) -> str:
        """Hint at the nearest text that a column can hold; at a country's code even where no work can go there."""
        known = (self._list_known(column, unit) or frozenset()) - {""}
        code = find_country_code(text) if column == "country" else None
        return suggest_name(text, pd.Index(sorted(known | {code} if code else known)))

    def can_match(self, text: str, names: Collection[str], unit: str) -> bool:
        """Tell whether a filter that names these columns can keep an alternative of a unit, of any unit for "".

        It can, for all that is known, where it names a column that only prices or judgment fill, or one of choices:
        a rule may speak of a kind of option before there is one.
        """
        offered = self._offered
        if not set(names) <= set(offered.columns):
            return True
        rows = offered.loc[(offered["business_unit"] == unit) | (unit == ""), list(dict.fromkeys(names))]
        return bool(match_where(text, rows.drop_duplicates()).any())

    @cached_property
    def _offered(self) -> pd.DataFrame:
        """The columns of the alternatives that are told before anything is priced."""
        options, processes = self._tables["options"], self._tables["processes"]
        about = processes.drop_duplicates(PROCESS)[[*PROCESS, "function", "as_is_option"]]
        offered = options.merge(about, on=PROCESS)
        stays = offered["option"] == offered["as_is_option"]
        waves = self._tables["calendar"][["business_unit", "wave"]]
        if len(waves):
            moves = offered[~stays].merge(waves, on="business_unit", how="left")
            offered = pd.concat([offered[stays], moves]).fillna({"wave": 0})
        return offered[["business_unit", *(name for name in TOLD if name in offered)]]

    def _list_known(self, column: str, unit: str) -> frozenset[str] | None:
        key = (column, unit)
        if key not in self._texts:
            about = load_dictionary()["alternatives"].columns.get(column)
            self._texts[key] = None if about is None else self._list_texts(about, unit)
        return self._texts[key]

    def _list_texts(self, column: Column, unit: str) -> frozenset[str] | None:
        """List the texts that a column can hold; of `barred_by` what may stand in it; None where it is not told."""
        if column.name == "barred_by":
            promised = "service " + self._pick("services", unit)["name"]
            own = (*self._pick("vetoes", unit)["veto"], *self._pick("locks", unit)["lock"])
            return frozenset({"", *column.choices, *own, *promised})
        if column.choices:
            return frozenset(column.choices)
        if column.name in ("country", "place"):
            return frozenset(self._pick("options", unit)[column.name])
        table, _, source = column.refers_to.partition(".")
        return frozenset(self._pick(table, unit)[source]) if table in ("processes", "options") else None


def _find_table(column: Column) -> str:
    return column.refers_to.partition(".")[0]
