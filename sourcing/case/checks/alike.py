"""Names that differ only in what people overlook are asked about, wherever a name joins rows."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from sourcing.case.checks.links import name_places
from sourcing.case.problem import WARNING, Problem
from sourcing.spelling import fold_name, tell_difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]

JOINS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "unit": (("units", "business_unit"),),
    "process": (("processes", "process"),),
    "function": (("processes", "function"),),
    "service code": (("processes", "service_code"),),
    "option": (("options", "option"), ("vetoes", "option"), ("assumptions", "option")),
    "owner": (("options", "owner"), ("providers", "provider"), ("price_tiers", "provider"),
              ("provider_scores", "provider"), ("governance", "provider")),
    "location": (("locations", "location"), ("options", "location")),
    "region": (("locations", "region"),),
    "contract": (("contracts", "contract"), ("options", "contract")),
    "criterion": (("criteria", "criterion"),),
    "assessor": (("scores", "assessor"), ("provider_scores", "assessor"), ("readiness", "assessor"),
                 ("pairwise", "assessor"), ("weights", "assessor")),
    "pool": (("cost_pools", "pool"), ("processes", "cost_pool")),
    "service": (("services", "service"),),
    "group of stand-bys": (("service_parts", "stand_by"),),
    "correlation group": (("ranges", "correlation_group"), ("assumptions", "correlation_group")),
    "role": (("rules", "owner"), ("vetoes", "owner"), ("readiness", "owner"), ("signoffs", "role"),
             ("assumptions", "owner")),
    "assumption": (("assumptions", "assumption"),),
    "rule": (("rules", "rule"),),
    "veto": (("vetoes", "veto"),),
    "place": (("options", "place"), ("handoff_costs", "place_a"), ("handoff_costs", "place_b")),
}  # fmt: skip
"""What a name names -> the columns in which equal names are one thing."""


def names_are_spelled_one_way(tables: Tables) -> Iterator[Problem]:
    """Two names of one kind differ in more than case, blanks, punctuation, accents or letters that look alike.

    The spelling of the fewest rows is asked about, once, where it stands first.
    """
    options = tables.get("options")
    known = dict(tables) if options is None else {**tables, "options": options.assign(place=name_places(options))}
    for kind, columns in JOINS.items():
        cells = [known[name][column].tolist() for name, column in columns if name in known]
        counts = Counter(chain.from_iterable(cells))
        alike: dict[str, list[str]] = {}
        for name in sorted(counts, key=lambda name: (-counts[name], name)):
            alike.setdefault(fold_name(name), []).append(name)
        for folded, (first, *others) in alike.items():
            for other in others if folded else ():
                yield from _ask(other, first, kind, counts, known)


def _ask(name: str, first: str, kind: str, counts: Mapping[str, int], tables: Tables) -> Iterator[Problem]:
    """Ask whether a name is another spelling of one that more rows have."""
    for table, column in JOINS[kind]:
        if table in tables and (hit := (tables[table][column] == name)).any() and column != "place":
            rows = "a row" if counts[first] == 1 else f"{counts[first]} rows"
            rule = f"one spelling of each {kind}; {first!r} stands in {rows}"
            hint = f"Hint: write {first!r} if it is the same: only {tell_difference(name, first)} differs."
            yield Problem(table, int(hit.idxmax()), column, rule, name, hint, WARNING)
            return
