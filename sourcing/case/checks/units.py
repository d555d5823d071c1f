"""Units have work and a day to be valued on; currencies are known, and signs typed beside figures agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case.checks.keys import look_up, suggest_name
from sourcing.case.checks.scores import ROUNDING
from sourcing.case.dictionary import supplied_tables
from sourcing.case.filling import load_reference
from sourcing.case.problem import WARNING, Problem, point_at
from sourcing.case.reading import CURRENCY_SIGNS, is_money, takes_percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]


FAR_YEARS = 10
"""Years between the price year and the valuation date that are asked about beyond (house rule)."""


def find_valuation(units: pd.DataFrame) -> pd.Series:
    """Return each unit's valuation date: as given, else 1 January of the price year."""
    start = pd.to_datetime(units["price_year"].clip(1900, 2200).astype(str) + "-01-01").astype("datetime64[ns]")
    return units["valuation_date"].fillna(start)


def units_have_processes(tables: Tables) -> Iterator[Problem]:
    """A unit has a process at least."""
    units = tables["units"]
    idle = (units["business_unit"] != "") & ~units["business_unit"].isin(tables["processes"]["business_unit"])
    hint = "Hint: add its processes, or take the row out."
    yield from point_at(units, idle, ("units", "business_unit"), "a unit with a process at least", hint)


def units_have_people(tables: Tables) -> Iterator[Problem]:
    """Somebody does the work of a unit (warning)."""
    processes = tables["processes"]
    for unit, heads in processes.groupby("business_unit")["headcount_fte"]:
        if unit and (heads == 0).all():
            rule, hint = (
                f"people in some process of {unit}",
                "Hint: with no people there is nothing to move or to save.",
            )
            yield Problem("processes", heads.index[0], "headcount_fte", rule, "0 in every row", hint, WARNING)


def days_fit_the_price_year(tables: Tables) -> Iterator[Problem]:
    """The valuation date is near the price year (warning)."""
    units = tables["units"]
    away = (units["valuation_date"].dt.year - units["price_year"]).abs() > FAR_YEARS
    rule, hint = f"a day within {FAR_YEARS} years of the price year", "Hint: check the year of both."
    shown = units["valuation_date"].dt.strftime("%Y-%m-%d")
    yield from point_at(units, away, ("units", "valuation_date"), rule, hint, shown, WARNING)


def contact_adds_up(tables: Tables) -> Iterator[Problem]:
    """The shares of customer contact of a unit's processes add up to 1 at most (warning)."""
    processes = tables["processes"]
    for unit, shares in processes.groupby("business_unit")["customer_contact_share"]:
        if shares.sum() > 1 + ROUNDING * len(shares):
            hint = "Hint: each is the share of the unit's contact that passes through the process; check them."
            rule, value = (
                f"shares of the customer contact of {unit} that add up to 1 at most",
                f"a sum of {shares.sum():.4g}",
            )
            yield Problem("processes", shares.idxmax(), "customer_contact_share", rule, value, hint, WARNING)


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
