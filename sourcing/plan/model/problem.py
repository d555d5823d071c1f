"""One bulk description of the problem: the truth that every solver's model is written from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.model.shared import bound_shared, count_shared
from sourcing.plan.model.structure import (
    DISCOUNTS,
    HANDOFFS,
    SPLITS,
    Activation,
    add_fixed_charge,
    add_orders,
    add_schedule,
    add_splits,
)
from sourcing.plan.model.writer import KeyNames, Problem, ProblemWriter

if TYPE_CHECKING:
    from collections.abc import Collection

    from sourcing.plan.model.alternatives import Alternatives
    from sourcing.plan.model.instance import Instance
    from sourcing.plan.model.links import Link, Links
    from sourcing.plan.model.rules import Limit

__all__ = ["Problem", "ProblemWriter", "build_feasibility", "build_problem", "find_least_total"]

Limited = list[tuple[int, "Limit"]]
"""Limits with the numbers of their rows."""


def build_problem(instance: Instance) -> Problem:
    """Write the whole problem: choices, limits, hand-offs and structure.

    Formula: minimize `Σ_a cost_a x_a + Σ_link Σ_pq traffic * cost_pq z_pq + …` with `Σ_{a in i} x_a = 1`, each
    limit's row, and per link `Σ_q z_pq = Σ_{a of process a at p} x_a`, `Σ_p z_pq = Σ_{b at q} x_b`. The last two
    are the transport formulation, the tightest there is for one link. Each table of `structure` adds what its
    module says. A limit's row holds the columns of the shared money that counts in its measure as well. Columns: the
    alternatives, then the rest. Rows: one per process, one per limit, then the rest.
    """
    writer = ProblemWriter()
    read, structure = instance.alternatives, instance.structure
    add_choices(writer, instance, read.cost - structure.splits.fixed_cost, instance.locks.barred)
    limited = add_limits(writer, instance, {limit.rule for limit in instance.limits})
    activation = add_bonds(writer, instance, instance.locks.barred, ())
    add_shared(writer, instance, activation)
    extend_limits(writer, instance, limited)
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
    limited = add_limits(writer, instance, kept)
    dropped = {name for name in instance.structure.bonds if name not in kept}
    activation = add_bonds(writer, instance, barred, dropped, 0.0)
    add_shared(writer, instance, activation, {line for _, limit in limited for line in instance.weigh_lines(limit)})
    extend_limits(writer, instance, limited)
    problem = writer.write()
    return replace(problem, cost=np.zeros(len(problem.cost)))


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


def add_limits(writer: ProblemWriter, instance: Instance, kept: Collection[str]) -> Limited:
    """Add the rows of the limits whose rule is in `kept`, without the shared money that counts in them."""
    return [(add_limit(writer, limit, instance), limit) for limit in instance.limits if limit.rule in kept]


def extend_limits(writer: ProblemWriter, instance: Instance, limited: Limited) -> None:
    """Add the shared money that counts in limits to their rows."""
    lines = writer.lines
    for row, limit in limited:
        positions, amounts = count_shared(instance, limit, lines)
        if len(positions):
            writer.extend_row(row, positions, amounts)


def add_shared(
    writer: ProblemWriter, instance: Instance, activation: Activation, lines: Collection[str] | None = None
) -> None:
    """Add the columns and rows of shared money: hand-offs, charges, pools and discounts.

    Parameters
    ----------
    writer : ProblemWriter
    instance : Instance
    activation : Activation
    lines : collection of str, optional
        Lines that are wanted; all if None.
    """
    read, structure = instance.alternatives, instance.structure
    counted = instance.all_counted
    is_wanted = (lambda _: True) if lines is None else (lambda line: line in lines)
    for link in instance.links.links if instance.links is not None and is_wanted(HANDOFFS) else ():
        flows = _add_link(writer, read, instance.links, link)  # type: ignore[arg-type]
        if HANDOFFS in counted and structure.splits.divisible[[link.a, link.b]].all():
            _hold_cheapest(writer, read, link, flows)
    for charge in structure.fixed_charges:
        if is_wanted(charge.line):
            add_fixed_charge(writer, charge, read.process_of, activation, charge.line in counted)
    for schedule in structure.schedules if is_wanted(DISCOUNTS) else ():
        add_schedule(writer, schedule, read.process_of, DISCOUNTS in counted)


def add_limit(writer: ProblemWriter, limit: Limit, instance: Instance) -> int:
    """Add the row of one limit, without the shared money that counts in it, and give its number."""
    positions, coefficients = limit.find_coefficients(len(instance.alternatives.cost))
    right = limit.find_right_side()
    biggest = float(np.abs(coefficients).max(initial=0.0))
    floor = find_least_total(limit, instance)
    whole = max(1.0, abs(limit.limit)) * floor if limit.base is not None else abs(right)
    return writer.add_row(
        limit.name,
        positions,
        coefficients,
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
    engaged = add_splits(writer, structure.splits, read, barred, dropped, cost, SPLITS in instance.all_counted)
    activation = Activation(writer, structure.splits, read.process_of, engaged)
    add_orders(writer, structure.orders, dropped, activation)
    return activation


def find_least_total(limit: Limit, instance: Instance) -> float:
    """Give the least total that `relative_to` can have, 0 where it may be negative or there is none."""
    if limit.base is None:
        return 0.0
    own = float(np.minimum.reduceat(limit.base, instance.find_starts()).sum())
    return max(0.0, own + bound_shared(instance, dict.fromkeys(instance.list_counted(limit.relative_to), 1.0))[0])


def _add_link(writer: ProblemWriter, read: Alternatives, links: Links, link: Link) -> np.ndarray:
    """Add the flows of a link between pairs of places, and give their columns."""
    i, j = np.nonzero(~np.isnan(link.costs))
    ends = f"{read.processes[link.a]} - {read.processes[link.b]}"
    names = [
        f"handoff {ends} | {links.places[link.places_a[p]]} - {links.places[link.places_b[q]]}"
        for p, q in zip(i.tolist(), j.tolist(), strict=True)
    ]
    flows = writer.add_columns(names, link.costs[i, j], 1.0, False)
    writer.pay(HANDOFFS, flows, link.costs[i, j])
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
    return flows


def _hold_cheapest(writer: ProblemWriter, read: Alternatives, link: Link, flows: np.ndarray) -> None:
    """Hold the flows between two split processes to the cheapest, where a dearer one could pay.

    Formula: duals u_p, v_q with `u_p + v_q <= c_pq`, equal where z_pq > 0 (complementary slackness): `z_pq <= w_pq` and
    `c_pq - u_p - v_q <= M (1 - w_pq)` with w binary. c is taken as a share of its largest absolute value, so that u
    and v lie within the number of places of both ends, and M within four times it.
    """
    size = float(np.nanmax(np.abs(link.costs)))
    if size == 0.0:
        return
    i, j = np.nonzero(~np.isnan(link.costs))
    ends = f"{read.processes[link.a]} - {read.processes[link.b]}"
    reach = float(len(link.places_a) + len(link.places_b))
    duals = [
        writer.add_columns([f"cheapest {ends} {end}{k}" for k in range(count)], 0.0, 2.0 * reach, False)
        for end, count in (("u", len(link.places_a)), ("v", len(link.places_b)))
    ]
    names = [f"cheapest {ends} {p} {q}" for p, q in zip(i.tolist(), j.tolist(), strict=True)]
    uses = writer.add_columns(names, 0.0, 1.0, True)
    for name, flow, use, p, q in zip(names, flows, uses, i, j, strict=True):
        cost = float(link.costs[p, q]) / size
        pair = np.array([duals[0][p], duals[1][q]])
        writer.add_row(f"{name}, carries", np.array([flow, use]), np.array([1.0, -1.0]), -np.inf, 0.0)
        writer.add_row(f"{name}, least", pair, np.ones(2), -np.inf, cost + 2.0 * reach)
        most = 4.0 * reach
        writer.add_row(f"{name}, held", np.append(pair, use), np.array([-1.0, -1.0, most]), -np.inf,
                       most - cost - 2.0 * reach)  # fmt: skip
