"""Figures that no one measured, in one table: conventions and assumptions behind every default."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from sourcing.case.filling.reference import Figure
from sourcing.errors import InputError, hint_near

FOLDER = Path(__file__).parent


@cache
def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, dtype={"year": str}, keep_default_na=False)


def load_starting_options() -> pd.DataFrame:
    """Return the ways to deliver from which options are generated, with what is assumed about each.

    Returns
    -------
    DataFrame
        One row per option: columns of the options table, is_abroad (yes or no), and transition_share (share of
        today's yearly running cost).
    """
    return _read("starting_options.csv").copy()


def load_starting_figures() -> pd.DataFrame:
    """Return range and source of each kind of figure in the starting options.

    Returns
    -------
    DataFrame
        Columns figure (a column of `load_starting_options`), low, high, unit, source.
    """
    return _read("starting_figures.csv").copy()


def load_assumed() -> pd.DataFrame:
    """Return every convention and assumption that is the same for all countries.

    Returns
    -------
    DataFrame
        Columns figure, value, low, high (as published, or what is plausible), unit, kind (published, survey, industry
        or house rule), source, year, licence.
    """
    return _read("assumed.csv").copy()


def load_place_bound() -> pd.DataFrame:
    """Return the occupations whose work is done on the spot, so that no option abroad is generated for it.

    The criterion, delivery in person, is that of A. S. Blinder, "How many US jobs might be offshorable?", World
    Economics 10(2), 2009; which occupations meet it is a house rule: the work is done with a person, or on a thing
    (mail, a collection, a building, a vehicle, a plant), that is here.

    Returns
    -------
    DataFrame
        Columns occupations (a SOC code, or the digits that the codes of a group begin with), name, source.
    """
    return _read("place_bound.csv").copy()


OTHER = "other"
"""Row of a figure by country that stands for the countries without one."""


def load_by_country() -> pd.DataFrame:
    """Return the figures that differ by country: severance, attrition, and what labor costs at least.

    Returns
    -------
    DataFrame
        Columns figure (severance, attrition, wage_floor), country (ISO 3166 alpha-3, or other), value, low, high (as
        published), unit, kind (law, practice, survey, industry or house rule), source, year, licence, page, remark.
    """
    return _read("by_country.csv").copy()


@cache
def look_up_by_country(name: str, country: str) -> Figure:
    """Return a figure of a country, or that of the other countries.

    Raises
    ------
    InputError
        No such figure, or none of the country nor of the others.

    Examples
    --------
    >>> look_up_by_country("severance", "POL").value, look_up_by_country("severance", "KOR").figure
    (0.4, 'severance of other countries')
    """
    table = _read("by_country.csv")
    of_name = table[table["figure"] == name].set_index("country")
    if of_name.empty:
        raise InputError(f"A figure by country must be known; got {name!r}. {hint_near(name, table['figure'])}")
    found = country if country in of_name.index else OTHER
    if found not in of_name.index:
        raise InputError(
            f"A figure must be there; got none of {name} for {country}. {hint_near(country, of_name.index)}"
        )
    row = of_name.loc[found]
    named = f"{name.replace('_', ' ')} of {'other countries' if found == OTHER else country}"
    source = row["source"] if row["kind"] == "house rule" else f"{row['source']} ({row['kind']})"
    return Figure(named, float(row["value"]), row["unit"], source, row["year"], row["licence"])


@cache
def read_assumed(name: str) -> Figure:
    """Return one convention or assumption.

    Raises
    ------
    InputError
        No such figure.

    Examples
    --------
    >>> read_assumed("overhead_share").value
    0.12
    """
    table = _read("assumed.csv").set_index("figure")
    if name not in table.index:
        raise InputError(f"An assumed figure must be known; got {name!r}. {hint_near(name, table.index)}")
    row = table.loc[name]
    return Figure(
        name.replace("_", " "),
        float(row["value"]),
        row["unit"],
        row["source"],
        row["year"] or "not dated",
        row["licence"] or "none needed",
    )
