"""Bans that no score can outvote: what is set aside before anything is optimized, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from sourcing.case import Case

LATE = ": live only after its exit date"
"""Ends the name of a ban where it bars an option that would come too late."""
MATCHED = ("process", "option", "owner_type", "delivery_model", "is_abroad")


def date_valuation(unit: pd.Series) -> pd.Timestamp:
    """Return the unit's valuation date: as given, else 1 January of the price year."""
    given = unit["valuation_date"]
    return pd.Timestamp(year=int(unit["price_year"]), month=1, day=1) if pd.isna(given) else pd.Timestamp(given)


def list_vetoes(case: Case) -> pd.DataFrame:
    """List the unit's vetoes with whether each is in force on the valuation date.

    Returns
    -------
    DataFrame
        The vetoes table with the column in_force; an expired veto is listed, not applied.
    """
    vetoes = case.vetoes
    return vetoes.assign(in_force=vetoes["expires"].isna() | (vetoes["expires"] >= date_valuation(case.unit)))


def bar_options(case: Case, options: pd.DataFrame) -> pd.Series:
    """Say which vetoes bar each option.

    A veto bars an option when every cell the veto fills matches. Existing work is never stranded: today's delivery
    is barred only by a veto whose `exit_by` date lies within the horizon, and then every option that would go live
    after that date is barred too.

    Parameters
    ----------
    case : Case
        One unit.
    options : DataFrame
        Columns process, option, owner_type, delivery_model, is_abroad, is_as_is, go_live_months.

    Returns
    -------
    Series
        Index of `options`; names of the vetoes in force, joined by "; ", "" where none bars. A late option names
        the veto and its date.
    """
    barred = pd.Series("", index=options.index)
    in_force = list_vetoes(case)
    for veto in in_force[in_force["in_force"]].to_dict("records"):
        hit = pd.Series(True, index=options.index)
        for column in MATCHED:
            if veto[column] not in ("", None):
                hit &= options[column] == veto[column]
        exit_by = pd.Series(veto["exit_by"], index=options.index, dtype="datetime64[ns]")
        barred = join_reasons(barred, bar_leaving(case, options, hit, exit_by, veto["veto"]))
    return barred


def bar_leaving(case: Case, options: pd.DataFrame, hit: pd.Series, exit_by: pd.Series, name: str) -> pd.Series:
    """Bar what is hit, but today's delivery only by a date: then all that would go live after it is barred as well.

    Parameters
    ----------
    case : Case
        One unit.
    options : DataFrame
        Columns process, is_as_is, go_live_months.
    hit : Series of bool
        What the ban speaks of.
    exit_by : Series of datetime64
        Day by which work that is hit and done today must have left; NaT where it may stay.
    name : str
        Of the ban.

    Returns
    -------
    Series
        The name where it bars, with "live only after its exit date" for what comes too late; "" elsewhere.
    """
    months = (exit_by - date_valuation(case.unit)).dt.days / 365.25 * 12
    leaving = hit & options["is_as_is"] & (months <= 12 * int(case.unit["horizon_years"]))
    last = options["process"].map(months[leaving].groupby(options.loc[leaving, "process"]).min())
    late = options["go_live_months"] > last
    barred = pd.Series("", index=options.index).mask(late & ~hit, name + LATE)
    return barred.mask(hit & ~options["is_as_is"] | leaving, name)


def join_reasons(first: pd.Series, second: pd.Series) -> pd.Series:
    """Join two columns of reasons by "; ", leaving out what is empty.

    Examples
    --------
    >>> join_reasons(pd.Series(["a", "", "a"]), pd.Series(["b", "b", ""])).tolist()
    ['a; b', 'b', 'a']
    """
    return (first + "; " + second).str.removeprefix("; ").str.removesuffix("; ")
