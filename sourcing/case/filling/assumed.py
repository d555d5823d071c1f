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
