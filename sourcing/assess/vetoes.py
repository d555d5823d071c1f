"""Bans that no score can outvote: what is set aside before anything is optimized, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from sourcing.case import Case

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
        months = _count_exit_months(case.unit, veto["exit_by"])
        leaving = hit & options["is_as_is"] & (months <= 12 * int(case.unit["horizon_years"]))
        late = options["process"].isin(options.loc[leaving, "process"]) & (options["go_live_months"] > months)
        barred = _add_reason(barred, hit & ~options["is_as_is"] | leaving, veto["veto"])
        barred = _add_reason(barred, late & ~hit, f"{veto['veto']}: live only after its exit date")
    return barred


def _count_exit_months(unit: pd.Series, exit_by: pd.Timestamp) -> float:
    """Months from the valuation date to an exit date; infinite where there is none."""
    return float("inf") if pd.isna(exit_by) else (exit_by - date_valuation(unit)).days / 365.25 * 12


def _add_reason(barred: pd.Series, hit: pd.Series, reason: str) -> pd.Series:
    return barred.where(~hit, (barred + f"; {reason}").str.removeprefix("; "))
