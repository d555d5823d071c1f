"""What a short case leaves out is made: criteria that are scored directly, and options of processes without any.

A process without a row in options gets one per delivery model and place (`starting_options.csv`): in-house, a shared
center and a provider at home; with the unit's `country_abroad` also an own center and a provider there, unless the
work of its occupation is done on the spot (`place_bound.csv`). Its own rows,
even one alone, stand as they are. Generated rows are marked `is_generated`; their costs are filled from the reference
figures when they are priced, so that each figure is shown. A process with a row in improvements gets an option per
level of investment in today's own delivery.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.case.dictionary import load_dictionary
from sourcing.case.filling.assumed import load_place_bound, load_starting_options
from sourcing.case.filling.reference import find_occupation, load_reference
from sourcing.case.filling.running_cost import find_running_cost
from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    Tables = Mapping[str, pd.DataFrame]

FOLDER = Path(__file__).parent
GENERATED_BY = "generated: delivery model x location"
BRIDGED = ("options", "deals", "quotes", "transitions", "contracts", "losses")
"""Tables whose rows may name a currency and price year of their own."""
TODAY_IS = "in_house"
"""Today's delivery of a process whose options are generated and that names none."""


def load_criteria(name: str = "criteria") -> pd.DataFrame:
    """Return the documented default criteria, or `criteria_direct`: one criterion per index, scored in one number.

    Examples
    --------
    >>> load_criteria("criteria_direct")["criterion"].tolist()[:2]
    ['commoditization', 'core_competency']
    """
    table = pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)
    return table.set_index(pd.RangeIndex(2, len(table) + 2))


def pick_criteria(scores: pd.DataFrame | None) -> pd.DataFrame:
    """Return the criteria of a case that brings none.

    The default set; of an index that is scored under its own name (criterion `commoditization`), the one direct
    criterion stands instead, so that one score is the whole index.

    Parameters
    ----------
    scores : DataFrame or None
        The scores as given.

    Examples
    --------
    >>> picked = pick_criteria(pd.DataFrame({"criterion": ["core_competency"]}))
    >>> picked.loc[picked["index"] == "core_competency", "criterion"].tolist()
    ['core_competency']
    """
    default, direct = load_criteria(), load_criteria("criteria_direct")
    scored = set() if scores is None or "criterion" not in scores else set(scores["criterion"].astype(str).str.strip())
    used = direct[direct["criterion"].isin(scored)]
    kept = default[~default["index"].isin(used["index"])]
    return pd.concat([used, kept]).pipe(lambda table: table.set_axis(pd.RangeIndex(2, len(table) + 2)))


def generate_options(tables: Tables) -> pd.DataFrame:
    """Generate the options of every process that has none.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Every table of the dictionary, conformed.

    Returns
    -------
    DataFrame
        Rows of the options table, costs empty; an option without a default for its cost is left out, today's
        delivery is not.
    """
    given = tables["options"]
    have = set(zip(given["business_unit"], given["process"], strict=True))
    units = tables["units"].drop_duplicates("business_unit").set_index("business_unit")
    names = load_reference("countries").set_index("country")["name"]
    rows = []
    for process in tables["processes"].to_dict("records"):
        if (process["business_unit"], process["process"]) in have or process["business_unit"] not in units.index:
            continue
        unit, today = units.loc[process["business_unit"]], process["as_is_option"] or TODAY_IS
        for about in load_starting_options().to_dict("records"):
            place = unit["country_abroad"] if about["is_abroad"] == "yes" else unit["home_country"]
            goes_abroad = about["is_abroad"] == "yes"
            if place not in names.index or (goes_abroad and place == unit["home_country"]):
                continue
            if goes_abroad and about["option"] != today and is_place_bound(process):
                continue
            row = _make_row(process, about, place, str(names[place]))
            if about["option"] == today or _has_cost({**process, "as_is_option": today}, row, unit, today):
                rows.append(row)
    if not rows:
        return given.iloc[:0]
    columns = {column.name: column for column in load_dictionary()["options"].columns.values()}
    start = int(given.index.max()) + 1 if len(given) else 2
    made = pd.DataFrame(rows, index=pd.RangeIndex(start, start + len(rows)), columns=pd.Index(list(columns)))
    numbers = [name for name, column in columns.items() if column.type == "number"]
    return made.astype({**dict.fromkeys(numbers, float), "is_generated": bool})


def list_improvements(tables: Tables) -> pd.DataFrame:
    """List an option per level of investment in today's own delivery.

    Level k invests k x half_investment and saves most_saved_share x (1 - 2 ** -k) of today's people, so that each
    further investment saves half as much as the one before; productivity = today's / (1 - saved). All else is as today.
    A level that the analyst typed (`improve_1` ...) stands as it is.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        With the options of every process, today's among them.

    Returns
    -------
    DataFrame
        Rows of the options table.

    Notes
    -----
    Source: house rule; the diminishing return of spending on what is widely available is Carr (2003), IT doesn't
    matter, Harvard Business Review.
    """
    options, keys = tables["options"], ["business_unit", "process"]
    today = tables["processes"][[*keys, "as_is_option"]].rename(columns={"as_is_option": "option"})
    about = tables["improvements"].merge(today, on=keys).merge(options, on=[*keys, "option"], suffixes=("_there", ""))
    about = about[about["owner_type"] == "own"]
    levels = about.loc[about.index.repeat(about["levels"].fillna(0).astype(int))]
    level = levels.groupby(level=0).cumcount() + 1
    saved = levels["most_saved_share"] * (1 - 0.5**level)
    made = levels.assign(
        option="improve_" + level.astype(str),
        name="In-house, improved (level " + level.astype(str) + ")",
        delivery_model="in_house",
        productivity=levels["productivity"].fillna(1.0) / (1 - saved),
        investment=level * levels["half_investment"],
        transition_months=levels["transition_months_there"],
        transition_cost=0.0,
        is_generated=True,
        source=levels["source_there"].where(levels["source_there"] != "", "generated: levels of investment"),
    )[list(options.columns)]
    typed = pd.MultiIndex.from_frame(options[[*keys, "option"]])
    made = made[~pd.MultiIndex.from_frame(made[[*keys, "option"]]).isin(typed)]
    start = int(options.index.max()) + 1 if len(options) else 2
    return made.set_axis(pd.RangeIndex(start, start + len(made)))


def is_place_bound(process: Mapping[str, Any]) -> bool:
    """Tell whether a process is done on the spot: as the analyst says, else by its occupation.

    Parameters
    ----------
    process : mapping
        Of the table processes: occupation, is_place_bound (None where nothing is said).

    Examples
    --------
    >>> clean, mail = "37-2011 Janitors and Cleaners", "43-9051"
    >>> [is_place_bound({"occupation": each, "is_place_bound": None}) for each in (clean, mail, "43-3051", "")]
    [True, True, False, False]
    >>> is_place_bound({"occupation": mail, "is_place_bound": False})
    False
    """
    said, occupation = process["is_place_bound"], process["occupation"]
    if not pd.isna(said):
        return bool(said)
    try:
        code = find_occupation(occupation) if occupation else ""
    except InputError:
        return False
    return any(code.startswith(each) for each in load_place_bound()["occupations"])


@cache
def _name_countries() -> dict[str, str]:
    return load_reference("countries").set_index("country")["name"].to_dict()


def _make_row(process: Mapping[str, Any], about: Mapping[str, Any], place: str, country: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, column in load_dictionary()["options"].columns.items():
        row[name] = (float(column.default) if column.default else np.nan) if column.type == "number" else column.default
    shared = ["option", "delivery_model", "owner_type", "owner", "contract_form", "productivity", "transition_months",
              "ramp_months", "start_productivity"]  # fmt: skip
    return {
        **row,
        **{name: about[name] for name in shared},
        "business_unit": process["business_unit"],
        "process": process["process"],
        "name": about["name"].format(country=_name_countries().get(country, country)),
        "location": place,
        "is_generated": True,
        "source": GENERATED_BY,
    }


def _has_cost(process: Mapping[str, Any], row: Mapping[str, Any], unit: pd.Series, today: str) -> bool:
    try:
        find_running_cost(
            process, {**row, "country": row["location"]}, unit, is_staffed_today=not today.startswith("provider")
        )
    except InputError:
        return False
    return True


def complete_tables(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return the tables with generated options; a process with those that names no as-is option takes `in_house`.

    Levels of improvements come last, for they build on today's option.

    Completing twice gives the same.
    """
    made, options, processes = generate_options(tables), tables["options"], tables["processes"].copy()
    if len(made):
        options = pd.concat([options, made]) if len(options) else made
    as_today = options[options["is_generated"].astype(bool) & (options["option"] == TODAY_IS)]
    if len(as_today):
        pairs = pd.MultiIndex.from_frame(processes[["business_unit", "process"]])
        is_made = pairs.isin(pd.MultiIndex.from_frame(as_today[["business_unit", "process"]]))
        processes.loc[is_made & (processes["as_is_option"] == ""), "as_is_option"] = TODAY_IS
    completed = {**tables, "processes": processes, "options": options}
    levels = list_improvements(completed) if len(tables["improvements"]) else options.iloc[:0]
    return completed | {"options": pd.concat([options, levels])} if len(levels) else completed
