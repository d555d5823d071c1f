"""Links join two processes once, and every hand-off that options make possible has one cost."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case.checks.keys import are_among, list_rows, list_sites, suggest_name
from sourcing.case.checks.offers import list_barred
from sourcing.case.checks.options import PROCESS
from sourcing.case.problem import WARNING, Problem, point_at
from sourcing.errors import suggest
from sourcing.spelling import find_alike

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]

SITE = "owner@location, with a site of locations or the code of a country"
NEAR = 0.85
"""Likeness (`difflib`) from which a place is taken for a misspelt one (house rule)."""
ENDS, PLACES = ["process_a", "process_b"], ["place_a", "place_b"]


def links_join_two_processes(tables: Tables) -> Iterator[Problem]:
    """A link joins two processes, and is typed once; the other way round it is asked about (warning)."""
    links = tables["links"]
    itself = (links["process_a"] == links["process_b"]) & (links["process_a"] != "")
    rule, hint = "a link must join two processes", "Hint: leave the row out."
    yield from point_at(links, itself, ("links", "process_b"), rule, hint, links["process_b"] + " twice")
    turned = links.assign(process_a=links["process_b"], process_b=links["process_a"])[["business_unit", *ENDS]]
    again = ~itself & are_among(links[["business_unit", *ENDS]], turned) & (links["process_a"] > links["process_b"])
    rule = "each link once: the traffic counts both ways"
    hint = "Hint: keep one row with the traffic of both; as typed, the two are added up."
    shown = "the other way round, " + links["process_a"] + " to " + links["process_b"]
    yield from point_at(links, again, ("links", "process_b"), rule, hint, shown, WARNING)


def handoffs_have_a_cost(tables: Tables) -> Iterator[Problem]:
    """Every pair of places that options of linked processes offer has a cost; the same place to itself costs nothing.

    A place that only vetoed options offer needs none.
    """
    links, options = tables["links"], tables["options"]
    if links.empty:
        return
    costs = tables["handoff_costs"]
    known = {pair for a, b in list_rows(costs[PLACES]) for pair in ((a, b), (b, a))}
    free = options[~list_barred(tables)]
    offered = free.assign(place=name_places(free)).groupby(PROCESS)["place"].unique().map(sorted).to_dict()
    told: set[frozenset[str]] = set()
    for row, (unit, first, second) in zip(links.index, list_rows(links[["business_unit", *ENDS]]), strict=True):
        for pair in product(offered.get((unit, first), ()), offered.get((unit, second), ())):
            if first == second or pair[0] == pair[1] or pair in known or frozenset(pair) in told:
                continue
            told.add(frozenset(pair))
            rule = "every pair of places of linked processes must have a hand-off cost"
            hint = f"Hint: add the pair {pair[0]}, {pair[1]} to handoff_costs."
            value = f"none at {pair[0]!r} and {pair[1]!r}"
            yield Problem("links", row, "process_b", rule, value, hint)


def pairs_have_one_cost(tables: Tables) -> Iterator[Problem]:
    """A pair of places has one cost, in whichever order it is typed."""
    costs = tables["handoff_costs"]
    first: dict[frozenset[str], float] = {}
    for row, (a, b, cost) in zip(costs.index, list_rows(costs[[*PLACES, "cost"]]), strict=True):
        if a and b and not np.isnan(cost) and first.setdefault(frozenset((a, b)), cost) != cost:
            value = f"{first[frozenset((a, b))]:g} and {cost:g}"
            hint = f"Hint: pairs are unordered; keep one row of {a} and {b}."
            yield Problem("handoff_costs", row, "cost", "a pair of places must have one cost", value, hint)


def places_are_known(tables: Tables) -> Iterator[Problem]:
    """A place of a hand-off cost is owner@location, its site is known, and it is no misspelling (warning).

    A place that no option has may be another unit's, or one that is priced ahead: where owner and site are known it is
    asked about only if an option's differs in what people overlook, else if one is spelled nearly so.
    """
    costs = tables["handoff_costs"]
    if costs.empty:
        return
    offered = sorted(name_places(tables["options"]).unique())
    sites, owners = list_sites(tables), {*tables["options"]["owner"], *tables["providers"]["provider"]}
    for column in PLACES:
        for place in sorted(set(costs[column]) - {"", *offered}):
            owner, at, site = place.rpartition("@")
            is_strange = not at or site not in sites
            close = get_close_matches(place, offered, 1, NEAR) if is_strange or owner not in owners else []
            near = find_alike(place, offered) or next(iter(close), None)
            if is_strange or near:
                rule = "a place that some option has" if not is_strange else SITE
                hint = suggest(place, near) if near else suggest_name(site, sites)
                yield from point_at(
                    costs, costs[column] == place, ("handoff_costs", column), rule, hint, severity=WARNING
                )


def name_places(options: pd.DataFrame) -> pd.Series:
    """Name the place of each option: owner@location."""
    return options["owner"] + "@" + options["location"]
