"""One bulk description of the problem: the truth that every solver's model is written from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.model.structure import Activation, add_fixed_charge, add_orders, add_schedule, add_splits
from sourcing.plan.model.writer import KeyNames, Problem, ProblemWriter

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sourcing.plan.model.alternatives import Alternatives
    from sourcing.plan.model.instance import Instance
    from sourcing.plan.model.links import Link, Links
    from sourcing.plan.model.rules import Limit

__all__ = ["Problem", "ProblemWriter", "build_feasibility", "build_problem", "find_least_total"]

Terms = tuple[np.ndarray, np.ndarray]


def build_problem(instance: Instance) -> Problem:
    """Write the whole problem: choices, limits, hand-offs and structure.

    Formula: minimize `Σ_a cost_a x_a + Σ_link Σ_pq traffic * cost_pq z_pq + …` with `Σ_{a in i} x_a = 1`, each
    limit's row, and per link `Σ_q z_pq = Σ_{a of process a at p} x_a`, `Σ_p z_pq = Σ_{b at q} x_b`. The last two
    are the transport formulation, the tightest there is for one link. Each table of `structure` adds what its
    module says. Columns: the alternatives, then the rest. Rows: one per process, one per limit, then the rest.
    """
    writer = ProblemWriter()
    read, structure = instance.alternatives, instance.structure
    add_choices(writer, instance, read.cost - structure.splits.fixed_cost, instance.locks.barred)
    add_limits(writer, instance, {limit.rule for limit in instance.limits})
    activation = add_bonds(writer, instance, instance.locks.barred, ())
    for link in instance.links.links if instance.links is not None else ():
        _add_link(writer, read, instance.links, link)  # type: ignore[arg-type]
    for charge in structure.fixed_charges:
        add_fixed_charge(writer, charge, read.process_of, activation)
    for schedule in structure.schedules:
        add_schedule(writer, schedule, read.process_of)
    return writer.write()


def build_feasibility(instance: Instance, kept: Collection[str], barred: np.ndarray) -> Problem:
    """Write the problem of keeping some rules, splits and orders only, at no cost; what limits nothing is left out.

    Parameters
    ----------
    instance : Instance
    kept : collection of str
        Names of rules, and typed names of splits and orders.
    barred : ndarray of bool, shape (n,)
        Alternatives that may not be chosen.
    """
    writer = ProblemWriter()
    add_choices(writer, instance, 0.0, barred)
    add_limits(writer, instance, kept)
    add_bonds(writer, instance, barred, {name for name in instance.structure.bonds if name not in kept}, 0.0)
    return writer.write()


def add_choices(writer: ProblemWriter, instance: Instance, cost: np.ndarray | float, barred: np.ndarray) -> np.ndarray:
    """Add one column per alternative, binary where its process is whole, and per process the row `Σ x = 1`."""
    read = instance.alternatives
    names = KeyNames(read.keys)
    is_whole = ~instance.structure.splits.divisible[read.process_of]
    positions = writer.add_columns(names, cost, np.where(barred, 0.0, 1.0), is_whole)
    sizes = np.bincount(read.process_of, minlength=len(read.processes))
    rows = [f"one option for {process}" for process in read.processes]
    writer.add_rows(rows, sizes, positions, np.ones(len(positions)), 1.0, 1.0)
    return positions


def add_limits(writer: ProblemWriter, instance: Instance, kept: Collection[str]) -> None:
    """Add the rows of the limits whose rule is in `kept`."""
    for limit in instance.limits:
        if limit.rule in kept:
            add_limit(writer, limit, instance)


def add_limit(writer: ProblemWriter, limit: Limit, instance: Instance, extra: Sequence[Terms] = ()) -> None:
    """Add the row of one limit; `extra` holds further positions and coefficients."""
    positions, coefficients = limit.find_coefficients(len(instance.alternatives.cost))
    right = limit.find_right_side()
    biggest = float(np.abs(coefficients).max(initial=0.0))
    floor = find_least_total(limit, instance)
    whole = max(1.0, abs(limit.limit)) * floor if limit.base is not None else abs(right)
    writer.add_row(
        limit.name,
        np.concatenate([positions, *(terms[0] for terms in extra)]),
        np.concatenate([coefficients, *(terms[1] for terms in extra)]),
        -np.inf if limit.sense == "<=" else right,
        np.inf if limit.sense == ">=" else right,
        max(whole, min(1.0, biggest)) or 1.0,
    )


def add_bonds(
    writer: ProblemWriter, instance: Instance, barred: np.ndarray, dropped: Collection[str], cost: float = 1.0
) -> Activation:
    """Add what binds choices beside the rules: splits and orders, but for those dropped.

    Returns
    -------
    Activation
        What tells whether a process uses any of some alternatives.
    """
    read, structure = instance.alternatives, instance.structure
    engaged = add_splits(writer, structure.splits, read, barred, dropped, cost)
    activation = Activation(writer, structure.splits, read.process_of, engaged)
    add_orders(writer, structure.orders, dropped, activation)
    return activation


def find_least_total(limit: Limit, instance: Instance) -> float:
    """Give the least total that `relative_to` can have, 0 where it may be negative or there is none."""
    if limit.base is None:
        return 0.0
    return max(0.0, float(np.minimum.reduceat(limit.base, instance.find_starts()).sum()))


def _add_link(writer: ProblemWriter, read: Alternatives, links: Links, link: Link) -> None:
    i, j = np.nonzero(~np.isnan(link.costs))
    ends = f"{read.processes[link.a]} - {read.processes[link.b]}"
    names = [
        f"handoff {ends} | {links.places[link.places_a[p]]} - {links.places[link.places_b[q]]}"
        for p, q in zip(i.tolist(), j.tolist(), strict=True)
    ]
    flows = writer.add_columns(names, link.costs[i, j], 1.0, False)
    for process, places, side in ((link.a, link.places_a, i), (link.b, link.places_b, j)):
        start, stop = np.searchsorted(read.process_of, [process, process + 1])
        own = np.arange(start, stop)
        for k, place in enumerate(places):
            here = own[links.place_of[own] == place]
            through = flows[side == k]
            positions = np.concatenate([through, here])
            signs = np.concatenate([np.ones(len(through)), -np.ones(len(here))])
            name = f"traffic {ends} at {read.processes[process]} | {links.places[place]}"
            writer.add_row(name, positions, signs, 0.0, 0.0)
