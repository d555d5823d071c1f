"""Currencies are known, and signs typed beside figures agree with the units of the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case.checks.keys import look_up, suggest_name
from sourcing.case.dictionary import supplied_tables
from sourcing.case.filling import load_reference
from sourcing.case.problem import WARNING, Problem, point_at
from sourcing.case.reading import CURRENCY_SIGNS, is_money, takes_percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]


def list_currencies() -> pd.Index:
    """Return the known currencies (ISO 4217): those of countries and those with exchange rates."""
    names = {*load_reference("countries")["currency"].dropna(), *load_reference("exchange_rates")["currency"]}
    return pd.Index(sorted(names))


def currencies_are_known(tables: Tables) -> Iterator[Problem]:
    """A currency is an ISO 4217 code."""
    known = list_currencies()
    countries = load_reference("countries")
    for name, frame in tables.items():
        for column in supplied_tables()[name].columns.values() if len(frame) else ():
            if column.unit != "ISO 4217":
                continue
            cells = frame[column.name]
            wrong = (cells != "") & ~cells.isin(known)
            for value in cells[wrong].unique():
                signs = sorted(CURRENCY_SIGNS.get(value, ()))
                named = countries.loc[countries["country"] == value, "currency"]
                likely = [*signs[:1], *named[:1]] if len(signs) < 2 else []
                hint = f"Hint: did you mean {likely[0]!r}?" if likely else suggest_name(value, known)
                if len(signs) > 1:
                    hint = f"Hint: write the code, such as {', '.join(signs[:4])}."
                yield from point_at(frame, cells == value, (name, column.name), "a currency of ISO 4217", hint)


def signs_agree(tables: Tables, signs: Mapping[str, Mapping[tuple[int, str], str]]) -> Iterator[Problem]:
    """A per cent sign stands at shares only, and a currency at money of that currency only."""
    for name, frame in tables.items():
        given = signs.get(name, {})
        if not given:
            continue
        currency = _find_currency(frame, tables["units"])
        for (row, column_name), sign in given.items():
            column = supplied_tables()[name].columns.get(column_name)
            if column is None or column.type not in ("number", "integer") or row not in currency.index:
                continue
            if sign == "%" or not is_money(column):
                if not (sign == "%" and takes_percent(column)):
                    hint = f"Hint: the figure is taken as {column.unit or 'it stands'}; change the cell's format."
                    rule = f"a figure in {column.unit}"
                    yield Problem(name, row, column_name, rule, f"shown as {sign}", hint, WARNING)
            elif currency[row] and currency[row] not in CURRENCY_SIGNS.get(sign, {sign}):
                hint = f"Hint: bring the amount to {currency[row]}, or name its currency."
                yield Problem(name, row, column_name, f"an amount in {currency[row]}", f"shown in {sign}", hint)


def _find_currency(frame: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Return the currency of each row: its own, else the unit's, else the only one there is."""
    given = units["currency"]
    only = given.iloc[0] if len(given) and (given == given.iloc[0]).all() else ""
    found = pd.Series(only, index=frame.index, dtype="str")
    if "business_unit" in frame:
        found = look_up(frame["business_unit"], units, "business_unit", "currency").fillna(only)
    if "currency" in frame:
        found = frame["currency"].where(frame["currency"] != "", found)
    return found[~found.index.duplicated()]
