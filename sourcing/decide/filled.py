"""Amounts behind a decision that the case left empty, with the reference or assumed figure that filled each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.case import Worked, fill_moves, fill_options, fill_terms, list_cell_figures, look_up_country
from sourcing.value import fill_losses

if TYPE_CHECKING:
    from sourcing.decide.decide import Decision


def list_filled(decision: Decision) -> pd.DataFrame:
    """List every reference or assumed figure behind the amounts of a decision, and every bridge of money.

    Returns
    -------
    DataFrame
        One row per filled cell and figure: process, option, column, value (the cell's), figure, figure_value (the
        figure's own), unit, source, year, licence, bridge (the way in words). Option holds the contract's name where
        the cell is of a deal.
    """
    options, filled = fill_options(decision.case, decision.policy)
    tables = [filled, fill_moves(decision.case, options, decision.policy)[1]]
    tables += [fill_terms(decision.case, name)[1] for name in ("deals", "contracts")]
    tables.append(_list_losses(decision))
    tables.append(pd.DataFrame(_list_risks(decision), columns=tables[0].columns))
    given = [table for table in tables if len(table)]
    return pd.concat(given, ignore_index=True) if given else tables[0]


def _list_losses(decision: Decision) -> pd.DataFrame:
    """List the figures behind the sizes of losses that the case leaves empty."""
    today = decision.alternatives[decision.alternatives["is_as_is"]].set_index("process")
    return fill_losses(decision.case, decision.judgment.postures["criticality"], today["run_cost_per_year"])[1]


def _list_risks(decision: Decision) -> list[dict[str, Any]]:
    """List the risk figure of each option's country, where the case brings none of its own for the site."""
    sites = decision.case.locations.set_index("location")["location_risk"].dropna()
    rows: list[dict[str, Any]] = []
    used = decision.alternatives.drop_duplicates(["process", "option"])
    for process, option, country in used.loc[
        ~used["location"].isin(sites.index), ["process", "option", "country"]
    ].to_numpy():
        risk = look_up_country(country, "location_risk")
        named = replace(risk, figure=f"{risk.figure} (standard error {risk.standard_error:.2g} on the source's scale)")
        rows += list_cell_figures(process, option, "location_risk", Worked(risk.value, (named,), ("as in the source",)))
    return rows
