"""Every fault of every table, found at once, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case.conform import Problem
from sourcing.case.dictionary import load_dictionary, supplied_tables
from sourcing.case.policy import read_lever
from sourcing.case.reference import country_risk
from sourcing.errors import InputError, hint_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]


def find_problems(tables: Tables) -> list[Problem]:
    """Find the faults that show only when rows and tables are held together.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Every table of the dictionary, conformed; the index is the spreadsheet row.
    """
    return [problem for check in CHECKS for problem in check(tables)]


def frame_problems(problems: list[Problem]) -> pd.DataFrame:
    """Return problems as a table: table, row, column, rule, value, hint; in a fixed order."""
    order = {name: place for place, name in enumerate(load_dictionary())}
    listed = sorted(set(problems), key=lambda p: (order.get(p.table, 99), p.table, p.row or 0, p.column, p.rule))
    frame = pd.DataFrame(listed, columns=pd.Index(Problem._fields))
    return frame.astype({"row": "Int64"})


def keys_are_unique(tables: Tables) -> Iterator[Problem]:
    """No two rows of a table have the same key."""
    for name, table in supplied_tables().items():
        frame = tables[name]
        again = frame.duplicated(table.keys)
        for row, keys in frame.loc[again, table.keys].iterrows():
            shown = ", ".join(map(str, keys))
            yield Problem(
                name,
                row,
                table.keys[-1],
                "each key once: " + ", ".join(table.keys),
                shown,
                "Hint: remove or rename one of the rows.",
            )


def references_are_known(tables: Tables) -> Iterator[Problem]:
    """A cell that names a row of another table names one that exists, within the same unit."""
    countries = country_risk().index
    for name, table in supplied_tables().items():
        for column in table.columns.values():
            if not column.refers_to:
                continue
            other, key = column.refers_to.split(".")
            cells = tables[name][column.name]
            known = countries if other == "countries" else tables[other][key]
            if other == "locations":
                known = pd.Index(known).union(countries)
            fine = (cells == "") | cells.isin(known)
            if key == "process":
                fine = _pairs_known(tables, name, column.name)
            for row, value in cells[~fine].items():
                yield Problem(name, row, column.name, f"a {key} of {other}", value, hint_near(value, known))


def _pairs_known(tables: Tables, name: str, column: str) -> pd.Series:
    """Whether (business unit, process) exists; an empty unit or process matches any."""
    frame, processes = tables[name], tables["processes"]
    pairs = pd.MultiIndex.from_frame(processes[["business_unit", "process"]])
    given = pd.MultiIndex.from_arrays([frame["business_unit"], frame[column]])
    anywhere = (frame["business_unit"] == "") & frame[column].isin(processes["process"])
    return (frame[column] == "") | anywhere | pd.Series(given.isin(pairs), index=frame.index)


def as_is_is_offered(tables: Tables) -> Iterator[Problem]:
    """Each process has options, and today's delivery is one of them."""
    options = tables["options"]
    for row, process in tables["processes"].iterrows():
        own = options[
            (options["business_unit"] == process["business_unit"]) & (options["process"] == process["process"])
        ]
        if process["as_is_option"] not in set(own["option"]):
            hint = (
                hint_near(process["as_is_option"], own["option"])
                if len(own)
                else f"Hint: add options for {process['process']!r}."
            )
            yield Problem("processes", row, "as_is_option", "an option of the process", process["as_is_option"], hint)


def owners_fit_models(tables: Tables) -> Iterator[Problem]:
    """Own staff deliver in-house, onshore or offshore; another owner is outsourcing; home and abroad are kept apart."""
    options, home = tables["options"], tables["units"].set_index("business_unit")["home_country"]
    site = tables["locations"].set_index("location")["country"]
    for row, option in options.iterrows():
        is_own, model = option["owner_type"] == "own", option["delivery_model"]
        if model and option["owner_type"] and is_own == (model == "outsource"):
            yield Problem(
                "options",
                row,
                "owner_type",
                "own with in_house, onshore, offshore; another with outsource",
                f"{option['owner_type']} with {model}",
                "Hint: ownership and delivery model must agree.",
            )
        country = site.get(option["location"], option["location"])
        at_home = country == home.get(option["business_unit"], country)
        if model in ("in_house", "onshore") and not at_home:
            yield Problem(
                "options",
                row,
                "location",
                f"a site in the home country for {model}",
                option["location"],
                "Hint: use delivery_model offshore or outsource, or another location.",
            )
        if model == "offshore" and at_home:
            yield Problem(
                "options",
                row,
                "location",
                "a site abroad for offshore",
                option["location"],
                "Hint: use delivery_model onshore, or a location abroad.",
            )


def options_cost_something(tables: Tables) -> Iterator[Problem]:
    """An option has a price or a labor cost, not both and not neither: each cause of money on one line."""
    options = tables["options"]
    priced, staffed = options["price_per_year"] > 0, options["labor_cost_per_fte"] > 0
    for row in options.index[priced & staffed]:
        yield Problem(
            "options",
            row,
            "price_per_year",
            "a price or a labor cost per FTE, not both",
            f"{options.at[row, 'price_per_year']:g}",
            "Hint: an all-in price holds the provider's labor.",
        )
    for row in options.index[~priced & ~staffed & (options["non_labor_cost_per_year"] <= 0)]:
        yield Problem(
            "options",
            row,
            "labor_cost_per_fte",
            "some running cost",
            "0",
            "Hint: fill labor_cost_per_fte, price_per_year or non_labor_cost_per_year.",
        )


def scores_lie_on_scale(tables: Tables) -> Iterator[Problem]:
    """A score lies on its criterion's scale, and between its own low and high."""
    scores = tables["scores"]
    scales = tables["criteria"].drop_duplicates("criterion").set_index("criterion")
    low, high = (scores["criterion"].map(scales[end]) for end in ("scale_min", "scale_max"))
    for column in ("score", "low", "high"):
        off = (scores[column] < low) | (scores[column] > high)
        for row in scores.index[off]:
            yield Problem(
                "scores",
                row,
                column,
                f"a point from {low[row]:g} to {high[row]:g}",
                f"{scores.at[row, column]:g}",
                "Hint: use the scale of the criterion.",
            )
    crossed = (scores["low"] > scores["score"]) | (scores["high"] < scores["score"])
    for row in scores.index[crossed]:
        yield Problem(
            "scores",
            row,
            "score",
            "low <= score <= high",
            f"{scores.at[row, 'score']:g}",
            "Hint: low and high are the ends of what the assessor would defend.",
        )


def weights_say_something(tables: Tables) -> Iterator[Problem]:
    """The weights of an index do not all vanish, and its scales have a length."""
    criteria = tables["criteria"]
    for index, weight in criteria.groupby("index")["weight"].sum().items():
        if not weight > 0:
            yield Problem(
                "criteria",
                None,
                "weight",
                f"a positive weight in index {index}",
                f"{weight:g}",
                "Hint: give at least one criterion of the index a weight.",
            )
    for row in criteria.index[criteria["scale_min"] >= criteria["scale_max"]]:
        yield Problem(
            "criteria",
            row,
            "scale_max",
            "scale_min < scale_max",
            f"{criteria.at[row, 'scale_max']:g}",
            "Hint: the highest score must exceed the lowest.",
        )


def rules_name_measures(tables: Tables) -> Iterator[Problem]:
    """A rule measures a numeric column of the alternatives, or counts; `for_each` names a column."""
    columns = load_dictionary()["alternatives"].columns
    numeric = {name for name, column in columns.items() if column.type == "number"}
    wanted = {
        "measure": numeric | {"count"},
        "relative_to": numeric | {"count", ""},
        "for_each": {*columns, ""},
    }
    for name, known in wanted.items():
        cells = tables["rules"][name]
        for row, value in cells[~cells.isin(known)].items():
            # one line for a measure of the alternatives; cost lines are open-ended
            if value.startswith("cost_"):
                continue
            yield Problem("rules", row, name, "a column of the alternatives", value, hint_near(value, known))


def levers_can_be_read(tables: Tables) -> Iterator[Problem]:
    """Each row of policy names a lever and gives it a value in range."""
    for row, lever in tables["policy"].iterrows():
        try:
            read_lever(lever["name"], lever["value"])
        except InputError as error:
            rule, _, hint = str(error).partition(" Hint: ")
            yield Problem("policy", row, "value", rule, lever["value"], f"Hint: {hint}")


def deals_serve_outside_work(tables: Tables) -> Iterator[Problem]:
    """A deal stands behind an as-is that another owner delivers."""
    keys = ["business_unit", "process"]
    as_is = (
        tables["processes"]
        .merge(
            tables["options"],
            left_on=[*keys, "as_is_option"],
            right_on=[*keys, "option"],
            suffixes=("", "_option"),
        )
        .drop_duplicates(keys)
    )
    outside = as_is[as_is["owner_type"].isin(["provider", "joint_venture"])].set_index(keys).index
    for row, deal in tables["deals"].iterrows():
        if (deal["business_unit"], deal["process"]) not in outside:
            yield Problem(
                "deals",
                row,
                "process",
                "a process delivered by another owner today",
                deal["process"],
                "Hint: check the process's as_is_option and that option's owner_type.",
            )


CHECKS = (
    keys_are_unique,
    references_are_known,
    as_is_is_offered,
    owners_fit_models,
    options_cost_something,
    scores_lie_on_scale,
    weights_say_something,
    rules_name_measures,
    levers_can_be_read,
    deals_serve_outside_work,
)
