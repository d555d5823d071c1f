"""Assumptions: each speaks of something, stands where the case does, and is told once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case.checks.options import PROCESS, find_countries
from sourcing.case.dictionary import load_dictionary
from sourcing.case.problem import WARNING, Problem, point_at
from sourcing.case.shapes import find_shape_fault, read_shape
from sourcing.errors import hint_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]

NAME = "assumptions"
TABLE_OF = {"headcount_fte": "processes", "location_risk": "locations"} | dict.fromkeys(
    ("loss_per_day", "recovery_days", "replacement_days"), "losses"
)
"""Figure -> table in which the case states it; options where not named."""
OF_PROCESS = ("headcount_fte", "loss_per_day", "recovery_days", "replacement_days")
FAR = 0.05
"""How far the mean of an assumption may lie from the number that the plan stands on, unremarked (house rule)."""


def _match(row: Mapping[str, object], offers: pd.DataFrame) -> pd.DataFrame:
    """Find the options of which an assumption speaks; of a figure of the process, all of the process."""
    found = offers["business_unit"] == row["business_unit"]
    for name in ("process",) if row["figure"] in OF_PROCESS else ("process", "option", "country"):
        if row[name]:
            found &= offers[name] == row[name]
    return offers[found]


def _list_rows(tables: Tables) -> Iterator[tuple[int, dict, pd.DataFrame]]:
    table = tables[NAME]
    if len(table):
        offers = tables["options"].assign(country=find_countries(tables))
        for row, record in zip(table.index, table.to_dict("records"), strict=True):
            yield row, record, _match(record, offers)


def assumptions_match_something(tables: Tables) -> Iterator[Problem]:
    """An assumption speaks of at least one option of its unit (warning)."""
    for row, told, matched in _list_rows(tables):
        own = tables["options"][tables["options"]["business_unit"] == told["business_unit"]]
        if len(matched) or own.empty:
            continue
        known = told["option"] == "" or (own["option"] == told["option"]).any()
        hint = "Hint: loosen process, option or country." if known else hint_near(told["option"], own["option"])
        column, value = ("assumption", told["assumption"]) if known else ("option", told["option"])
        yield Problem(NAME, row, column, "an assumption about at least one option", value, hint, WARNING)


def assumptions_of_processes_name_no_option(tables: Tables) -> Iterator[Problem]:
    """A figure of the process holds for all its options."""
    table = tables[NAME]
    for column in ("option", "country"):
        wrong = table["figure"].isin(OF_PROCESS) & (table[column] != "")
        rule = f"an empty cell for {', '.join(OF_PROCESS)}, which belong to the process"
        yield from point_at(table, wrong, (NAME, column), rule, "Hint: name the process alone.")


def assumptions_have_names_of_their_own(tables: Tables) -> Iterator[Problem]:
    """No assumption is called as a documented range is."""
    table, known = tables[NAME], load_dictionary()["ranges"].columns["figure"].choices
    rule, hint = "a name other than those of table ranges", "Hint: say whose figure it is, such as 'price of PayCo'."
    yield from point_at(table, table["assumption"].isin(known), (NAME, "assumption"), rule, hint)


def assumptions_are_above_zero(tables: Tables) -> Iterator[Problem]:
    """No figure of the case is negative, and a ratio or productivity is above 0."""
    for row, record in zip(tables[NAME].index, tables[NAME].to_dict("records"), strict=True):
        if find_shape_fault(record) is not None:
            continue
        shape, must_be_above = read_shape(record), record["figure"] == "productivity"
        if (
            shape.low < 0.0
            or (must_be_above and shape.low <= 0.0)
            or (record["stated_as"] == "ratio" and not shape.mean)
        ):
            rule = "a figure above 0" if must_be_above else "a figure of at least 0, with a mean above 0 where a ratio"
            yield Problem(NAME, row, "low", rule, f"{shape.low:g}", "Hint: check the sign and the unit.")


def assumptions_stand_where_the_case_does(tables: Tables) -> Iterator[Problem]:
    """The mean of a buyer's assumption is the number that the case states: the plan stands on that (warning)."""
    for row, told, matched in _list_rows(tables):
        if told["party"] != "buyer" or told["status"] == "cleared" or find_shape_fault(told) is not None:
            continue
        mean = read_shape(told).mean
        stated = np.ones(1) if told["stated_as"] == "ratio" else _find_stated(told["figure"], matched, tables)
        away = stated[np.abs(stated / mean - 1) > FAR] if mean else stated
        if len(away):
            rule = "a mean within 5 % of the number that the case states, on which the plan stands"
            value = f"mean {mean:g}, the case {away[0]:g}"
            hint = (
                "Hint: put the mean into the case, or correct low, likely and high; the spread is taken about the case."
            )
            yield Problem(NAME, row, "likely", rule, value, hint, WARNING)


def _find_stated(figure: str, matched: pd.DataFrame, tables: Tables) -> np.ndarray:
    """Find the numbers above 0 that the case states in the money of the unit."""
    name = TABLE_OF.get(figure, "options")
    keys = ["location"] if name == "locations" else PROCESS
    table = matched if name == "options" else tables[name].merge(matched[keys].drop_duplicates(), on=keys)
    if "currency" in table:
        money = tables["units"].drop_duplicates("business_unit").set_index("business_unit")["currency"]
        unit = table["business_unit"].map(money) if "business_unit" in table else ""
        table = table[(table["currency"] == "") | (table["currency"] == unit)]
    numbers = table[figure].astype(float).to_numpy()
    return numbers[numbers > 0]


def prices_have_one_range(tables: Tables) -> Iterator[Problem]:
    """An assumption about a price speaks of no option whose quote has a range of its own."""
    quotes, keys = tables["quotes"], [*PROCESS, "option"]
    ranged = quotes[quotes["low"].notna() | quotes["high"].notna()]
    for row, told, matched in _list_rows(tables):
        twice = told["figure"] == "price_per_year" and len(ranged.merge(matched[keys], on=keys))
        if twice and told["party"] == "buyer":
            rule, hint = "one range for each price", "Hint: empty low and high of the quote, or drop the assumption."
            yield Problem(NAME, row, "figure", rule, f"{told['figure']} of an option with a ranged quote", hint)


def assumptions_are_cleared_in_time(tables: Tables) -> Iterator[Problem]:
    """An assumption is cleared by a wave of the calendar or a date, and does not expire before it was checked."""
    table = tables[NAME]
    wrong = table["expires"] < table["checked"]
    hint = "Hint: were the two swapped?"
    yield from point_at(table, wrong, (NAME, "expires"), "a day on or after the one on which it was checked", hint)
    waves = tables["calendar"].groupby("business_unit")["wave"].agg(lambda each: {f"{wave:g}" for wave in each})
    for row, unit, text in zip(table.index, table["business_unit"], table["clear_by"], strict=True):
        if text and text not in waves.get(unit, set()) and not _is_date(text):
            hint = "Hint: write a wave of the calendar such as 2, or a day such as 2026-03-31."
            yield Problem(NAME, row, "clear_by", "a wave of the unit's calendar or a date YYYY-MM-DD", text, hint)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


CHECKS = (
    assumptions_match_something,
    assumptions_of_processes_name_no_option,
    assumptions_have_names_of_their_own,
    assumptions_are_above_zero,
    assumptions_stand_where_the_case_does,
    prices_have_one_range,
    assumptions_are_cleared_in_time,
)
