"""Every reference figure behind a decision: source, year, licence, and the way to the unit's money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import AS_ASSUMED, is_place_bound
from sourcing.decide import list_filled
from sourcing.pack.basis.defaults import list_defaults
from sourcing.pack.block import Block, Shown, fold_table, show_table
from sourcing.pack.wording import name_processes, say_count, say_list, say_number

if TYPE_CHECKING:
    from sourcing.decide import Decision

SHOWN_FIRST = 15
ABOUT = ["figure", "figure_value", "unit", "source", "year", "licence"]
WHOLE_UNIT = "The whole unit"


def list_figures(decision: Decision) -> pd.DataFrame:
    """List every reference or assumed figure behind the amounts of a decision, and every bridge of money.

    Returns
    -------
    DataFrame
        That of `decide.list_filled` with process_name, WHOLE_UNIT where a figure is of no one process.
    """
    figures = list_filled(decision)
    return figures.assign(process_name=figures["process"].map(name_processes(decision.case)).fillna(WHOLE_UNIT))


def list_sources(decision: Decision) -> pd.DataFrame:
    """List each figure once: figure, figure_value, unit, source, year, licence, cells (how many amounts rest on it).

    The analyst's own figures that were only bridged are left out.
    """
    figures = list_figures(decision)
    used = figures[figures["source"] != "the case"]
    counted = used.groupby(ABOUT, dropna=False).size().rename("cells").reset_index()
    return counted.sort_values(["cells", "figure"], ascending=[False, True], ignore_index=True)


def show_figures(decision: Decision) -> Block:
    """Show every figure that was not the unit's own, and folded, each amount with the way to it."""
    sources, figures = list_sources(decision), list_figures(decision)
    generated = decision.case.options["is_generated"].astype(bool)
    caption = "Amounts that the case leaves empty rest on these figures; a figure of the case always wins."
    if generated.any():
        processes = decision.case.options.loc[generated, "process"].nunique()
        said = f"{say_count(int(generated.sum()), 'option')} of {say_count(processes, 'process', 'processes')}"
        caption += f" {said} were generated from delivery model and location.{_say_place_bound(decision)}"
    columns = [
        Shown("figure", "Figure"),
        Shown("shown", "Value"),
        Shown("source", "Source", "prose"),
        Shown("year", "Year"),
        Shown("licence", "Licence"),
        Shown("cells", "Amounts", "number"),
    ]
    units = sources["unit"].str.partition(";")[0]
    values = [f"{_spell(value)} {unit}" for value, unit in zip(sources["figure_value"], units, strict=True)]
    shown, empty = sources.assign(shown=values), "Every amount is the unit's own figure in its own money."
    first, rest = shown.iloc[:SHOWN_FIRST], shown.iloc[SHOWN_FIRST:]
    more = f"{say_count(len(rest), 'figure')} behind fewer amounts"
    table = show_table(first, columns, caption=caption, empty=empty, folded=rest, folded_title=more)
    worked = figures[(figures["bridge"] != AS_ASSUMED) & (figures["column"] != "location_risk")]
    ways = worked.drop_duplicates(["process", "option", "column"])
    ways = ways.assign(what=ways["column"].str.replace("_", " "), shown=[_spell(value) for value in ways["value"]])
    columns = [
        Shown("process_name", "Process"),
        Shown("option", "Option"),
        Shown("what", "What"),
        Shown("shown", "Amount"),
        Shown("bridge", "How it was worked", "prose"),
    ]
    worked_out = fold_table(ways, columns, f"{say_count(len(ways), 'amount')} and how each was worked")
    return table + worked_out + _fold_defaults(decision)


def _fold_defaults(decision: Decision) -> Block:
    """Fold every default of the suite with its source, used or not; of those by country the unit's own."""
    places = set(decision.alternatives["country"]) | {decision.case.unit["home_country"]}
    defaults = list_defaults(places)
    columns = [
        Shown("part", "Part"),
        Shown("figure", "Figure"),
        Shown("of", "Of"),
        Shown("value", "Value"),
        Shown("range", "Range"),
        Shown("unit", "Unit"),
        Shown("source", "Source", "prose"),
    ]
    return fold_table(defaults, columns, f"{say_count(len(defaults), 'default')} of the suite, used or not")


def _say_place_bound(decision: Decision) -> str:
    """Say which processes got no generated option abroad, since their work is done on the spot."""
    options, processes = decision.case.options, decision.case.processes
    made = processes["process"].isin(options.loc[options["is_generated"].astype(bool), "process"])
    is_bound = np.array([is_place_bound(process) for process in processes.to_dict("records")], dtype=bool)
    bound = processes.loc[made & is_bound, "name"]
    if bound.empty or not decision.case.unit["country_abroad"]:
        return ""
    return f" Work done on the spot was offered at home only: {say_list(bound)}."


def _spell(value: float) -> str:
    """Write a figure with the digits it is read by.

    Examples
    --------
    >>> _spell(49560.0), _spell(0.9242), _spell(12.0)
    ('49,560', '0.9242', '12')
    """
    return say_number(value) if abs(value) >= 100 or value == round(value) else f"{value:.4g}"
