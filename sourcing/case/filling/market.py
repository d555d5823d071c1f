"""Published figures on the work itself: how an occupation or a service compares with all others."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from sourcing.case.filling.reference import Figure, cite, find_occupation, load_reference
from sourcing.errors import InputError

BY_OCCUPATION = {
    "routineness": ("routineness", "up", "routineness of the occupation"),
    "automation": ("degree_of_automation", "up", "degree of automation of the occupation"),
    "wage_spread": ("wage_spread", "down", "spread of wages (90th over 10th percentile) of the occupation"),
}
BY_SERVICE = {
    "market_concentration": ("hhi", "down", "concentration of the provider market of the service"),
    "competed_share": ("competed_share", "up", "share of contract actions of the service that were competed"),
}
KINDS = (*BY_OCCUPATION, *BY_SERVICE)
FEWEST_ACTIONS = 5
"""Contract actions behind a service code below which its market says nothing."""


class Evidence(NamedTuple):
    """A published figure and where it stands among all of its kind.

    Attributes
    ----------
    figure : Figure
    point : float
        0 to 1: share of all occupations (or services) that show less of what the kind stands for; ties count half.
    """

    figure: Figure
    point: float


@cache
def _load_ranked(kind: str) -> pd.DataFrame:
    """Return value and point of every occupation or service that has the figure, by code."""
    if kind in BY_OCCUPATION:
        column, direction, _ = BY_OCCUPATION[kind]
        table = load_reference("occupations").set_index("soc")
        table["wage_spread"] = table["wage_p90"] / table["wage_p10"]
    else:
        column, direction, _ = BY_SERVICE[kind]
        table = load_reference("service_markets").set_index("service_code")
        table = table[table["actions"] >= FEWEST_ACTIONS]
    values = table[column].dropna().astype(float)
    ranks = values.rank(method="average") - 0.5
    points = ranks / len(values)
    return pd.DataFrame({"value": values, "point": points if direction == "up" else 1 - points})


def look_up_evidence(kind: str, occupation: str, service_code: str) -> Evidence:
    """Look up where a process's occupation or service stands among all others.

    Parameters
    ----------
    kind : str
        One of KINDS. High points mean routine, automated, evenly paid, unconcentrated, competed.
    occupation, service_code : str
        As the table processes holds them; words may follow the codes.

    Raises
    ------
    InputError
        The process names no code of the kind, or the reference table has no figure of it.

    Examples
    --------
    >>> found = look_up_evidence("routineness", "43-3051 Payroll and Timekeeping Clerks", "")
    >>> found.figure.value, 0.5 < found.point < 1
    (0.693, True)
    """
    if kind in BY_OCCUPATION:
        column, _, words = BY_OCCUPATION[kind]
        code = find_occupation(occupation) if occupation else ""
        table, cited = "occupations", "wage_p90" if column == "wage_spread" else column
    else:
        column, _, words = BY_SERVICE[kind]
        code = (service_code.split() or [""])[0].upper()
        table, cited = "service_markets", column
    ranked = _load_ranked(kind)
    if code not in ranked.index:
        raise InputError(
            f"Evidence of {kind} needs an occupation or service code with a figure; got {code!r}. "
            "Hint: fill occupation and service_code of the process."
        )
    value, point = ranked.loc[code, ["value", "point"]].to_numpy(float)
    figure = cite(table, cited, f"{words} {code}", value)
    return Evidence(figure, float(np.clip(point, 0, 1)))
