"""Options: today's is among them, owners fit models, each cause of money stands on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case.checks.keys import are_among, list_rows, look_up
from sourcing.case.filling import add_countries, is_place_bound, load_reference
from sourcing.case.problem import WARNING, Problem, point_at
from sourcing.errors import hint_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]

PROCESS = ["business_unit", "process"]
OURS = "own"
"""Owner of what own staff deliver, where no other is named."""
OUTSIDE = ("provider", "joint_venture")
"""Owner types of those who are not own staff."""


def as_is_is_offered(tables: Tables) -> Iterator[Problem]:
    """Each process has options, and today's delivery is one of them.

    Where options cannot be generated since the unit's home country is not known, that is the one fault.
    """
    processes, options, units = tables["processes"], tables["options"], tables["units"]
    missing = ~are_among(processes[[*PROCESS, "as_is_option"]], options[[*PROCESS, "option"]])
    strange = units.loc[~units["home_country"].isin(load_reference("countries")["country"]), "business_unit"]
    typed = options.loc[~options["is_generated"].astype(bool), PROCESS]
    missing &= ~processes["business_unit"].isin(strange).to_numpy() | are_among(processes[PROCESS], typed)
    for place in missing.nonzero()[0]:
        process = processes.iloc[place]
        own = options.loc[(options[PROCESS] == process[PROCESS]).all(axis=1), "option"]
        hint = hint_near(process["as_is_option"], own) if len(own) else f"Hint: add options for {process['process']!r}."
        row, value = processes.index[place], process["as_is_option"]
        yield Problem("processes", row, "as_is_option", "an option of the process", value, hint)


def no_process_is_part_of_itself(tables: Tables) -> Iterator[Problem]:
    """Going from a process to what it is part of, and on, comes to an end."""
    processes = tables["processes"]
    parent_of = {
        (unit, name): (unit, above) for unit, name, above in list_rows(processes[[*PROCESS, "parent_process"]])
    }
    is_circular = np.zeros(len(processes), dtype=bool)
    for place, key in enumerate(list_rows(processes[PROCESS])):
        above = parent_of[key]
        for _ in range(len(parent_of)):
            if above == key or above not in parent_of:
                break
            above = parent_of[above]
        is_circular[place] = above == key
    hint = "Hint: empty it for the outermost process."
    yield from point_at(
        processes, is_circular, ("processes", "parent_process"), "a process that is not part of it", hint
    )


def owners_fit_models(tables: Tables) -> Iterator[Problem]:
    """Own staff deliver in-house, onshore or offshore; another owner is outsourcing; home and abroad are kept apart."""
    options = tables["options"]
    model, owner = options["delivery_model"], options["owner_type"]
    rule = "own with in_house, onshore, offshore; another with outsource"
    clash = (model != "") & (owner != "") & ((owner == "own") == (model == "outsource"))
    hint = "Hint: ownership and delivery model must agree."
    yield from point_at(options, clash, ("options", "owner_type"), rule, hint, owner + " with " + model)

    home = look_up(options["business_unit"], tables["units"], "business_unit", "home_country").fillna("")
    country = find_countries(tables)
    known = (home != "") & (country != "")
    away = known & (country != home) & model.isin(["in_house", "onshore"])
    hint = "Hint: use delivery_model offshore or outsource, or another location."
    for each in ("in_house", "onshore"):
        rule = f"a site in the home country for {each}"
        yield from point_at(options, away & (model == each), ("options", "location"), rule, hint)
    near = known & (country == home) & (model == "offshore")
    hint = "Hint: use delivery_model onshore, or a location abroad."
    yield from point_at(options, near, ("options", "location"), "a site abroad for offshore", hint)


def outside_owners_have_names(tables: Tables) -> Iterator[Problem]:
    """Who delivers from outside has a name of its own, and an owner is ours in every option or in none (warning)."""
    options = tables["options"]
    outside = options["owner_type"].isin(OUTSIDE)
    nameless = outside & (options["owner"] == OURS) & ~options["is_generated"].astype(bool)
    hint = "Hint: name the provider or joint venture in owner, or check owner_type."
    rule = "the name of the outside owner"
    yield from point_at(options, nameless, ("options", "owner"), rule, hint, severity=WARNING)
    ours = options["owner_type"] == "own"
    both = set(options.loc[ours, "owner"]) & set(options.loc[outside & ~nameless, "owner"])
    rule, hint = "an owner that is own in every option or in none", "Hint: check owner and owner_type."
    shown = options["owner"] + ", an outside owner elsewhere"
    yield from point_at(options, ours & options["owner"].isin(both), ("options", "owner"), rule, hint, shown, WARNING)


def outside_owners_are_offered_once(tables: Tables) -> Iterator[Problem]:
    """No two options of a process are the same outside owner's, from the same site on the same terms (warning)."""
    options, processes = tables["options"], tables["processes"]
    is_today = are_among(options[[*PROCESS, "option"]], processes[[*PROCESS, "as_is_option"]])
    same = [*PROCESS, "owner", "location", "contract_form", "contract", "investment"]
    rows = options[options["owner_type"].isin(OUTSIDE) & ~is_today & ~options["is_generated"].astype(bool)]
    first = rows.groupby(same, dropna=False)["option"].transform("first")
    rule = "each offer of an outside owner for a process once"
    hint = "Hint: keep one of the two, or say in contract, site or investment what sets them apart."
    again = rows["option"] != first
    shown = rows["owner"] + ", as in " + first
    yield from point_at(rows, again, ("options", "owner"), rule, hint, shown, WARNING)


def work_on_the_spot_stays(tables: Tables) -> Iterator[Problem]:
    """Work that is done on the spot is offered at home, or where it is done today (warning)."""
    options, processes = tables["options"], tables["processes"]
    is_bound = np.array([is_place_bound(process) for process in processes.to_dict("records")], dtype=bool)
    home = look_up(options["business_unit"], tables["units"], "business_unit", "home_country").fillna("")
    country = find_countries(tables)
    is_today = are_among(options[[*PROCESS, "option"]], processes[[*PROCESS, "as_is_option"]])
    wrong = are_among(options[PROCESS], processes.loc[is_bound, PROCESS]) & (country != home) & ~is_today
    wrong &= (home != "") & (country != "") & ~options["is_generated"].astype(bool)
    rule = "a site in the home country for work that is done on the spot"
    hint = "Hint: offer it at home, or write no in processes.is_place_bound if it can be done from there."
    yield from point_at(options, wrong, ("options", "location"), rule, hint, severity=WARNING)


def find_countries(tables: Tables) -> pd.Series:
    """Return the country of each option: its site's, or the code it names."""
    return add_countries(tables["options"], tables["locations"])


def price_or_labor(tables: Tables) -> Iterator[Problem]:
    """An option has a price or a labor cost, not both: each cause of money on one line."""
    options = tables["options"]
    both = (options["price_per_year"] > 0) & (options["labor_cost_per_fte"] > 0)
    rule, hint = "a price or a labor cost per FTE, not both", "Hint: an all-in price holds the provider's labor."
    yield from point_at(options, both, ("options", "price_per_year"), rule, hint)


def as_is_costs_nothing_to_start(tables: Tables) -> Iterator[Problem]:
    """Today's delivery has no spending to start it: what was spent is sunk, what is planned is another option."""
    options, processes = tables["options"], tables["processes"]
    is_today = are_among(options[[*PROCESS, "option"]], processes[[*PROCESS, "as_is_option"]])
    rule = "no spending to start today's delivery: past spending is sunk"
    hint = "Hint: write 0; make planned improvements an option of their own."
    for column in ("investment", "transition_cost"):
        yield from point_at(options, is_today & (options[column] > 0), ("options", column), rule, hint)


def customer_value_has_a_source(tables: Tables) -> Iterator[Problem]:
    """A customer value says where it comes from; without a source it is 0."""
    options = tables["options"]
    bare = (options["customer_value_per_year"].abs() > 0) & (options["source"] == "")
    rule = "a source beside a customer value"
    hint = "Hint: write where the figure comes from, or empty customer_value_per_year."
    shown = options["customer_value_per_year"].map("no source for {:,.0f} a year".format)
    yield from point_at(options, bare, ("options", "source"), rule, hint, shown)
