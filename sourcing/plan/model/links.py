"""Read links between processes and what a hand-off between two places costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.errors import InputError, hint_near
from sourcing.plan.model.tables import code_labels, plain_label, read_numbers, require_table, show_row

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.plan.model.alternatives import Alternatives


@dataclass(frozen=True)
class Link:
    """Traffic between two processes and what each pair of their places would cost.

    Attributes
    ----------
    a, b : int
        Positions of the two processes.
    traffic : float
        Hand-offs, at least zero.
    places_a, places_b : tuple of int
        Codes of the places that alternatives of each process offer.
    costs : ndarray of float, shape (len(places_a), len(places_b))
        Traffic * cost per unit; NaN where the pair is unknown and one of the places is barred.
    """

    a: int
    b: int
    traffic: float
    places_a: tuple[int, ...]
    places_b: tuple[int, ...]
    costs: np.ndarray


@dataclass(frozen=True)
class Links:
    """All links of a problem.

    Attributes
    ----------
    links : list of Link
        Sorted by the two processes.
    place_of : ndarray of int, shape (n,)
        Code of each alternative's place; -1 where it has none.
    places : list
        Label of each code.
    """

    links: list[Link]
    place_of: np.ndarray
    places: list[Any]


def read_links(links: object, handoff_costs: object, alternatives: Alternatives, barred: np.ndarray) -> Links | None:
    """Check links and hand-off costs against the alternatives.

    Parameters
    ----------
    links : DataFrame or None
        Columns `process_a`, `process_b`, `traffic` (hand-offs, at least 0).
    handoff_costs : DataFrame or None
        Columns `place_a`, `place_b`, `cost` per unit of traffic; unordered pairs. A missing pair of equal
        places costs 0.
    alternatives : Alternatives
        Their `place` column is needed for linked processes.
    barred : ndarray of bool, shape (n,)
        A place that only barred alternatives offer needs no cost.

    Raises
    ------
    InputError
        If a process is unknown or linked with itself, a link occurs twice, a place or a pair's cost is
        missing, a pair has two costs, or a number is not finite.
    """
    if links is None:
        if handoff_costs is not None:
            require_table(handoff_costs, "handoff_costs", ["place_a", "place_b", "cost"])
        return None
    frame = require_table(links, "links", ["process_a", "process_b", "traffic"])
    traffic = read_numbers(frame, "traffic", "links")
    pairs = _read_pairs(frame, traffic, alternatives)
    pair_costs = read_pair_costs(handoff_costs)
    if not pairs:
        return Links([], np.full(len(barred), -1), [])
    if "place" not in alternatives.table.columns:
        raise InputError(
            "alternatives of linked processes must have a place; got no column 'place' at alternatives. "
            f"{hint_near('place', alternatives.table.columns)}"
        )
    place_of, places = code_labels(alternatives.table["place"])
    if None in places:
        place_of, places = place_of - 1, places[1:]
    offered = _find_offered(place_of, alternatives, barred)
    made = [
        _make_link(a, b, amount, offered, places, pair_costs, alternatives.processes) for a, b, amount in sorted(pairs)
    ]
    return Links(made, place_of, places)


def read_pair_costs(handoff_costs: object) -> dict[tuple[Any, Any], float]:
    """Give the cost of a hand-off by pair of places, in both orders.

    Examples
    --------
    >>> import pandas as pd
    >>> read_pair_costs(pd.DataFrame({"place_a": ["x"], "place_b": ["y"], "cost": [2]}))
    {('x', 'y'): 2.0, ('y', 'x'): 2.0}
    """
    if handoff_costs is None:
        return {}
    frame = require_table(handoff_costs, "handoff_costs", ["place_a", "place_b", "cost"])
    cost = read_numbers(frame, "cost", "handoff_costs")
    found: dict[tuple[Any, Any], float] = {}
    for k, (a, b) in enumerate(zip(frame["place_a"], frame["place_b"], strict=True)):
        a, b = plain_label(a), plain_label(b)
        if a is None or b is None:
            raise InputError(
                "a hand-off cost must name two places; got a missing one at handoff_costs "
                f"{show_row(frame, k)}. "
                "Hint: fill both."
            )
        if found.setdefault((a, b), float(cost[k])) != cost[k]:
            raise InputError(
                f"a pair of places must have one cost; got {found[a, b]:g} and {cost[k]:g} at handoff_costs "
                f"{a!r} and {b!r}. Hint: pairs are unordered; keep one row."
            )
        found[b, a] = float(cost[k])
    return found


def _read_pairs(frame: pd.DataFrame, traffic: np.ndarray, alternatives: Alternatives) -> list[tuple[int, int, float]]:
    position = {process: k for k, process in enumerate(alternatives.processes)}
    pairs: dict[tuple[int, int], float] = {}
    for k, labels in enumerate(zip(frame["process_a"], frame["process_b"], strict=True)):
        ends = [plain_label(label) for label in labels]
        for end in ends:
            if end not in position:
                raise InputError(
                    f"a link must name processes of the alternatives; got {end!r} at links "
                    f"{show_row(frame, k)}. "
                    f"{hint_near(str(end), position)}"
                )
        a, b = position[ends[0]], position[ends[1]]
        if a == b:
            raise InputError(
                f"a link must join two processes; got {ends[0]!r} twice at links {show_row(frame, k)}. "
                "Hint: leave the row out."
            )
        if (a, b) in pairs:
            raise InputError(
                f"a link must occur once; got it twice at links {show_row(frame, k)}. Hint: add up the traffic."
            )
        if traffic[k] < 0:
            raise InputError(
                f"traffic must be at least 0; got {traffic[k]:g} at links {show_row(frame, k)}. "
                "Hint: put a gain from separation into the hand-off cost."
            )
        pairs[a, b] = float(traffic[k])
    return [(a, b, amount) for (a, b), amount in pairs.items()]


def _find_offered(place_of: np.ndarray, alternatives: Alternatives, barred: np.ndarray) -> dict[int, dict[int, bool]]:
    """Give for each process its places and whether a free alternative offers each."""
    offered: dict[int, dict[int, bool]] = {}
    process_of = alternatives.process_of.tolist()
    for process, place, is_barred in zip(process_of, place_of.tolist(), barred.tolist(), strict=True):
        places = offered.setdefault(process, {})
        places[place] = places.get(place, False) or not is_barred
    return offered


def _make_link(
    a: int,
    b: int,
    traffic: float,
    offered: dict[int, dict[int, bool]],
    places: list[Any],
    pair_costs: dict[tuple[Any, Any], float],
    processes: list[Any],
) -> Link:
    for end in (a, b):
        if -1 in offered[end]:
            raise InputError(
                f"alternatives of linked processes must have a place; got a missing one at process "
                f"{processes[end]!r}. Hint: fill the column place."
            )
    places_a, places_b = tuple(sorted(offered[a])), tuple(sorted(offered[b]))
    costs = np.full((len(places_a), len(places_b)), np.nan)
    for i, p in enumerate(places_a):
        for j, q in enumerate(places_b):
            cost = pair_costs.get((places[p], places[q]), 0.0 if p == q else None)
            if cost is not None:
                costs[i, j] = traffic * cost
            elif offered[a][p] and offered[b][q]:
                raise InputError(
                    f"every pair of places of linked processes must have a hand-off cost; got none at "
                    f"{places[p]!r} and {places[q]!r} (link {processes[a]!r} - {processes[b]!r}). "
                    "Hint: add the pair to handoff_costs."
                )
    return Link(a, b, traffic, places_a, places_b, costs)
