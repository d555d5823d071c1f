"""What the hand-offs of a plan cost, and what they would cost with one process elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.errors import CertificateError
from sourcing.plan.tolerance import LEAST_FLOW

if TYPE_CHECKING:
    from sourcing.plan.model.instance import Instance
    from sourcing.plan.model.links import Link, Links

COLUMNS = ["process_a", "process_b", "traffic", "place_a", "place_b", "cost"]


def tabulate_handoffs(instance: Instance, shares: np.ndarray) -> pd.DataFrame:
    """Give the places between which the traffic of each link passes under a plan, and what that costs.

    Traffic of a split process is split by its shares; between two split processes it is routed where it costs
    least.

    Parameters
    ----------
    instance : Instance
    shares : ndarray of float, shape (n,)
        Share of each alternative.

    Returns
    -------
    DataFrame
        One row per link and pair of places in use: process_a, process_b, traffic, place_a, place_b, cost.
    """
    links, read = instance.links, instance.alternatives
    records: list[tuple[object, ...]] = []
    for link in links.links if links is not None else ():
        at_a, at_b = (weigh_places(instance, links, link, end, shares) for end in "ab")  # type: ignore[arg-type]
        flows = route_traffic(link.costs, at_a, at_b)
        ends = (read.processes[link.a], read.processes[link.b])
        for p, q in np.argwhere(flows > 0.0).tolist():
            places = (links.places[link.places_a[p]], links.places[link.places_b[q]])  # type: ignore[union-attr]
            part = float(flows[p, q])
            records.append((*ends, link.traffic * part, *places, float(link.costs[p, q]) * part))
    return pd.DataFrame(records, columns=COLUMNS)


def weigh_places(instance: Instance, links: Links, link: Link, end: str, shares: np.ndarray) -> np.ndarray:
    """Give the share of one end of a link at each of its places."""
    process, places = (link.a, link.places_a) if end == "a" else (link.b, link.places_b)
    start, stop = np.searchsorted(instance.alternatives.process_of, [process, process + 1])
    place_of = links.place_of[start:stop]
    return np.array([shares[start:stop][place_of == place].sum() for place in places])


def route_traffic(costs: np.ndarray, at_a: np.ndarray, at_b: np.ndarray) -> np.ndarray:
    """Give the cheapest flow between places with the shares of both ends; NaN costs carry none.

    Examples
    --------
    >>> route_traffic(np.array([[0.0, 9.0], [9.0, 0.0]]), np.array([0.4, 0.6]), np.array([0.5, 0.5])).round(9).tolist()
    [[0.4, 0.0], [0.1, 0.5]]
    """
    if min(np.count_nonzero(at_a), np.count_nonzero(at_b)) < 2:
        return np.outer(at_a, at_b)
    from scipy.optimize import linprog

    rows, columns = costs.shape
    kept = np.flatnonzero(~np.isnan(costs).ravel())
    sums = np.vstack([np.kron(np.eye(rows), np.ones(columns)), np.kron(np.ones(rows), np.eye(columns))])
    answer = linprog(costs.ravel()[kept], A_eq=sums[:, kept], b_eq=np.concatenate([at_a, at_b]), method="highs")
    if answer.x is None:
        raise CertificateError(
            f"traffic between split processes must be routable; got {answer.message!r} at hand-offs. "
            "Hint: please report the input."
        )
    flows = np.zeros(rows * columns)
    flows[kept] = np.where(answer.x > LEAST_FLOW, answer.x, 0.0)
    return flows.reshape(rows, columns)


def change_handoffs(instance: Instance, shares: np.ndarray, handoffs: pd.DataFrame) -> np.ndarray:
    """Change of hand-off cost if each alternative alone were swapped in; inf where a pair of places has no cost."""
    read, links = instance.alternatives, instance.links
    change = np.zeros(len(read.cost))
    if links is None:
        return change
    now = handoffs.groupby(["process_a", "process_b"])["cost"].sum()
    for link in links.links:
        paid = float(now[read.processes[link.a], read.processes[link.b]])
        at_a, at_b = (weigh_places(instance, links, link, end, shares) for end in "ab")
        for end, places, costs, other in (
            (link.a, link.places_a, link.costs, at_b),
            (link.b, link.places_b, link.costs.T, at_a),
        ):
            by_place = np.where(other > 0.0, np.nan_to_num(costs, nan=np.inf), 0.0) @ np.where(other > 0.0, other, 1.0)
            mine = np.flatnonzero(read.process_of == end)
            swapped = by_place[[places.index(place) for place in links.place_of[mine]]]
            change[mine] += swapped - paid
    return change
