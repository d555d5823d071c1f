"""Scenarios change something that there is, in cells that their change reads, and leave a sound case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.case.checks.keys import are_among, look_up
from sourcing.case.checks.locks import JOINTS
from sourcing.case.checks.options import PROCESS, find_countries
from sourcing.case.policy import LEVERS, read_lever
from sourcing.case.problem import ERROR, WARNING, Problem, point_at
from sourcing.case.reading import is_filled
from sourcing.case.scenarios import (
    LEVER,
    LIFT,
    LIMITS,
    LOCK,
    MATCHED,
    NAMED_IN,
    NUMBERS,
    RULE,
    VETO,
    change_limits,
    match_options,
    read_amount,
)
from sourcing.errors import InputError, hint_near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]
    Find = Callable[[Tables, frozenset[str]], list[Problem]]

READ = frozenset({"units", "processes", "options", "locations", "rules", "locks", "vetoes", "scenarios"})
"""Tables that the checks of scenarios need."""
AMOUNTS = ("value", "times")
NAMES = ("process", "option", "delivered_by")
"""Cells that name what other tables hold: names unknown there are told as such."""
OF_LOCK = ("option", "delivered_by", "delivery_model")
UNREAD_CELLS = {
    LEVER: (*MATCHED, "times"),
    RULE: tuple(MATCHED),
    LIFT: (*MATCHED, *AMOUNTS),
    LOCK: ("name", "is_abroad", *AMOUNTS),
    VETO: ("name", *AMOUNTS),
    **dict.fromkeys(NUMBERS, ("name",)),
}
"""Change -> cells that it does not read, which must be empty."""
OWNED = {"quote": "an outside owner", "wage": "own staff"}
"""Number -> whose options have it."""


def scenarios_fill_what_is_read(tables: Tables) -> Iterator[Problem]:
    """A row of a scenario fills the cells that its change reads, and no other."""
    for place, row in tables["scenarios"].iterrows():
        change = row["change"]
        for cell in UNREAD_CELLS.get(change, ()):
            if is_filled(row[cell]):
                hint = "Hint: empty the cell, or write another change."
                yield Problem("scenarios", place, cell, f"an empty {cell} beside {change}", str(row[cell]), hint)
        if change in (LEVER, RULE, LIFT) and not row["name"]:
            yield Problem("scenarios", place, "name", f"a name beside {change}", "", "Hint: say what is changed.")
        if change in (RULE, *NUMBERS) and is_filled(row["value"]) == is_filled(row["times"]):
            value = "both" if is_filled(row["value"]) else "neither"
            hint = "Hint: value is the new one; times 1.15 is 15 % more than that of the case."
            yield Problem("scenarios", place, "value", "either a value or times", value, hint)
        wanted = OF_LOCK if change == LOCK else tuple(MATCHED) if change == VETO else ()
        if wanted and not any(is_filled(row[cell]) for cell in wanted):
            hint = "Hint: say how the work is delivered then." if change == LOCK else "Hint: say where nothing goes."
            yield Problem("scenarios", place, "change", f"one of {', '.join(wanted)} beside it", change, hint)


def scenarios_name_what_there_is(tables: Tables) -> Iterator[Problem]:
    """A scenario sets a lever that there is, and changes or lifts a rule, lock or ban of each unit it speaks of."""
    scenarios = tables["scenarios"]
    for place, row in scenarios[scenarios["name"] != ""].iterrows():
        change, name = row["change"], row["name"]
        if change == LEVER:
            if name not in LEVERS:
                yield Problem("scenarios", place, "name", "a lever", name, hint_near(name, LEVERS))
            continue
        read = {RULE: LIMITS[:1], LIFT: LIMITS}.get(change, ())
        for unit in _list_units(row, tables) if read else ():
            known = [each for table in read for each in _take_unit(tables[table], unit)[NAMED_IN[table]]]
            if name not in known:
                rule = f"a rule of {unit}" if change == RULE else f"a rule, lock or ban of {unit}"
                yield Problem("scenarios", place, "name", rule, name, hint_near(name, known))
                break


def scenarios_hold_readable_values(tables: Tables) -> Iterator[Problem]:
    """The value of a lever is one it may have; a limit is a number, and a number of options none below 0."""
    scenarios = tables["scenarios"]
    for place, row in scenarios.iterrows():
        change, value = row["change"], row["value"]
        if change == LEVER and row["name"] in LEVERS:
            try:
                read_lever(row["name"], value)
            except InputError as error:
                rule, _, hint = str(error).partition(" Hint: ")
                yield Problem("scenarios", place, "value", rule.partition("; got ")[0], value, f"Hint: {hint}")
        elif change in (RULE, *NUMBERS) and value:
            amount = read_amount(value)
            if not np.isfinite(amount) or (change in NUMBERS and amount < 0):
                rule = "a number" if change == RULE else "a number of at least 0"
                yield Problem("scenarios", place, "value", rule, value, "Hint: write digits, such as 250000 or 0.15.")


def scenarios_match_options(tables: Tables) -> Iterator[Problem]:
    """The cells of a scenario match an option of each unit it speaks of; of a ban, that none moves (warning)."""
    scenarios = tables["scenarios"]
    spoken = scenarios[scenarios["change"].isin([VETO, LOCK, *NUMBERS])]
    if spoken.empty:
        return
    every = _describe_options(tables)
    for place, row in spoken.iterrows():
        change = row["change"]
        if any(row[cell] and row[cell] not in set(every[MATCHED[cell]]) for cell in NAMES):
            continue
        for unit in _list_units(row, tables):
            options = every[every["business_unit"] == unit]
            options = options[~options["is_as_is"].to_numpy(bool)] if change == VETO else options
            is_own = (options["owner_type"] == "own").to_numpy()
            meant = {"quote": ~is_own, "wage": is_own}.get(change, np.ones(len(options), dtype=bool))
            if not (match_options(row, options) & meant).any():
                whose = f" of {OWNED[change]}" if change in OWNED else ""
                rule = f"an option{whose} in {unit} that its cells match"
                is_lost = row["process"] and row["option"] and not _has_pair(row, every, unit)
                known = every.loc[(every["business_unit"] == unit) & (every["process"] == row["process"]), "option"]
                hint = hint_near(row["option"], known) if is_lost else "Hint: loosen one of its cells."
                column, value = ("option", row["option"]) if is_lost else ("change", change)
                severity = WARNING if change == VETO and not is_lost else ERROR
                yield Problem("scenarios", place, column, rule, value, hint, severity)
                break


def scenarios_have_plain_names(tables: Tables) -> Iterator[Problem]:
    """A scenario's name can be told in a list of names."""
    scenarios = tables["scenarios"]
    joined = scenarios["scenario"].map(lambda name: any(joint in name for joint in JOINTS)).astype(bool)
    rule = "a name without a semicolon, a plus sign or a colon before a blank: lists of bans are told with them"
    yield from point_at(scenarios, joined, ("scenarios", "scenario"), rule, "Hint: write a comma or a dash instead.")


def scenarios_leave_a_sound_case(tables: Tables, find: Find) -> Iterator[Problem]:
    """The rules, locks and bans of each unit are sound with what a scenario changes of them.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Sound but for scenarios.
    find : function
        Gives the problems of tables, by checks that read one of some tables.
    """
    scenarios, options = tables["scenarios"], _describe_options(tables)
    limiting = scenarios[scenarios["change"].isin([RULE, LIFT, LOCK, VETO])]
    spoken = {unit for row in limiting.to_dict("records") for unit in _list_units(row, tables)}
    for unit in (each for each in tables["units"]["business_unit"] if each in spoken):
        own = {name: _take_unit(frame, unit) for name, frame in tables.items()}
        for _, rows in own["scenarios"].groupby("scenario", sort=False):
            changed = change_limits(own, rows, options[options["business_unit"] == unit])
            if not changed:
                continue
            found = find(own | changed | {"scenarios": scenarios.iloc[:0]}, frozenset(changed))
            for each in (problem for problem in found if problem.severity == ERROR):
                value = f"{each.table}, {each.column}: {each.value}"
                rule = f"a scenario that leaves {unit} sound: {each.rule}"
                yield Problem("scenarios", rows.index[0], "scenario", rule, value, each.hint)


def _list_units(row: Mapping[str, Any] | pd.Series, tables: Tables) -> list[str]:
    return [row["business_unit"]] if row["business_unit"] else list(tables["units"]["business_unit"])


def _take_unit(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    return frame[frame["business_unit"].isin([unit, ""])] if "business_unit" in frame else frame


def _describe_options(tables: Tables) -> pd.DataFrame:
    """Return the options with is_abroad and is_as_is."""
    units, options = tables["units"], tables["options"]
    today = tables["processes"][[*PROCESS, "as_is_option"]]
    home = look_up(options["business_unit"], units, "business_unit", "home_country")
    is_as_is = are_among(options[[*PROCESS, "option"]], today)
    return options.assign(is_abroad=find_countries(tables) != home, is_as_is=is_as_is)


def _has_pair(row: pd.Series, options: pd.DataFrame, unit: str) -> bool:
    named = (options[["business_unit", "process", "option"]] == [unit, row["process"], row["option"]]).all(axis=1)
    return bool(named.any())


CHECKS = (
    scenarios_fill_what_is_read,
    scenarios_name_what_there_is,
    scenarios_hold_readable_values,
    scenarios_match_options,
    scenarios_have_plain_names,
)
