"""Tell why no plan keeps every rule: all minimal clashing sets, found by re-solves."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.errors import CertificateError, InfeasiblePlanError, PlanError
from sourcing.plan.infeasible.repairs import COLUMNS, find_repairs, list_repairs
from sourcing.plan.model import Problem, ProblemWriter, build_feasibility
from sourcing.plan.solve import solve

if TYPE_CHECKING:
    from sourcing.plan.model import Instance

MAX_SETS = 20


@dataclass(frozen=True)
class Conflicts:
    """Minimal clashing sets.

    Attributes
    ----------
    sets : list of list of str
        Each cannot be kept together; without any one member it can. Rules by name, locks as `lock: process`,
        limits of a split as `item: process`, orders as `order: a with b` (or `apart from`, `not before`).
    complete : bool
        Whether these are all there are, each proven minimal.
    """

    sets: list[list[str]]
    complete: bool


def explain_infeasible(instance: Instance, time_limit: float, *, repairs: bool = True) -> PlanError:
    """Give the error that says which rules clash and, where asked for, what the cheapest repair is."""
    conflicts = find_conflicts(instance, time_limit)
    if not conflicts.sets and conflicts.complete:
        return CertificateError(
            "a problem without a plan must have clashing rules; got none at the re-solves. "
            "Hint: check for coefficients of very unlike size."
        )
    if not repairs:
        message = _word(conflicts, "lift or loosen one of each set")
        unsought = pd.DataFrame(columns=COLUMNS)
        return InfeasiblePlanError(message, conflicts.sets, unsought, complete=conflicts.complete, cheapest=False)
    found, is_proven = find_repairs(instance, time_limit)
    message = _word(conflicts, _advise(found, is_proven))
    ways = list_repairs(instance, conflicts.sets, found, time_limit)
    return InfeasiblePlanError(
        message, conflicts.sets, found, ways=ways, complete=conflicts.complete, cheapest=is_proven
    )


def _word(conflicts: Conflicts, hint: str) -> str:
    shown = "; or ".join(" with ".join(repr(name) for name in names) for names in conflicts.sets[:3])
    more = f", {len(conflicts.sets) - 3} more" if len(conflicts.sets) > 3 else ""
    return (
        "a plan must keep every rule, lock and order; got "
        f"{shown or 'no clashing set found in time'} that cannot be kept together at the rules{more}. "
        f"Hint: {hint}."
    )


def _advise(repairs: pd.DataFrame, is_proven: bool) -> str:
    if repairs.empty:
        return "no change of limits alone makes a plan possible; drop a lock, an order or a rule of priority 0"
    changes = ", ".join(
        f"{rule!r} from {limit:g} to {needed:g}"
        for rule, limit, needed in zip(repairs["rule"], repairs["limit"], repairs["needed"], strict=True)
    )
    return f"the {'cheapest' if is_proven else 'best found'} repair is to change {changes}"


def find_conflicts(instance: Instance, time_limit: float, max_sets: int = MAX_SETS) -> Conflicts:
    """Find the minimal clashing sets of rules, locks, items and orders.

    Parameters
    ----------
    instance : Instance
        A question without a plan.
    time_limit : float
        Seconds for all re-solves together.
    max_sets : int
        At most so many sets.

    Notes
    -----
    MARCO (Liffiton, Previti, Malik and Mushtaq, "Fast, flexible MUS enumeration", Constraints 21, 2016): a
    small problem over the items proposes the largest set not yet explored; if a plan keeps it, every later
    set must hold something outside it; if not, it is shrunk to a minimal clashing set, and no later set may
    hold all of that. A rule with `for_each` is one item.
    """
    prober = _Prober(instance, time.perf_counter() + time_limit)
    found = [[item] for item in prober.items if prober.is_emptied(item)]
    kept_sets: list[list[str]] = []
    while True:
        proposal = _propose(prober.items, found, kept_sets)
        if proposal is None:
            return Conflicts(_order(found), not prober.is_unsure)
        verdict = prober.is_feasible(proposal)
        if verdict is None:
            return Conflicts(_order(found), False)
        if verdict:
            kept_sets.append(proposal)
        elif len(found) >= max_sets:
            return Conflicts(_order(found)[:max_sets], False)
        else:
            found.append(prober.shrink(proposal))


def _order(found: list[list[str]]) -> list[list[str]]:
    return sorted((sorted(names) for names in found), key=lambda names: (len(names), names))


def _propose(items: list[str], found: list[list[str]], kept_sets: list[list[str]]) -> list[str] | None:
    """Give the largest set that holds no clashing set and lies in no kept set; None if there is none."""
    writer = ProblemWriter()
    place = {item: k for k, item in enumerate(items)}
    writer.add_columns(items, -1.0, 1.0, True)
    for names in found:
        positions = np.array([place[name] for name in names])
        writer.add_row(f"not all {len(positions)}", positions, np.ones(len(positions)), -np.inf, len(names) - 1)
    for kept in kept_sets:
        outside = np.array(sorted(set(range(len(items))) - {place[name] for name in kept}), dtype=np.int64)
        if not len(outside):
            return None
        writer.add_row("something outside", outside, np.ones(len(outside)), 1.0, np.inf)
    if not found and not kept_sets:
        return list(items)
    outcome = solve(writer.write(), 0.0, np.inf)
    if outcome.values is None:
        return None
    return [item for item, value in zip(items, outcome.values, strict=True) if value > 0.5]


def _halve(items: list[str]) -> list[list[str]]:
    """Halve a list; one item stays one.

    Examples
    --------
    >>> _halve(["a", "b", "c"]), _halve(["a"])
    ([['a'], ['b', 'c']], [['a']])
    """
    middle = len(items) // 2
    return [half for half in (items[:middle], items[middle:]) if half]


class _Prober:
    """Asks whether some plan keeps a set of items, within one limit of time."""

    def __init__(self, instance: Instance, end: float) -> None:
        self._statement = instance
        self._end = end
        self._lock_of = {
            f"lock: {instance.alternatives.processes[process]}": process for process in instance.locks.processes
        }
        rules = sorted({limit.rule for limit in instance.limits})
        self.items = [*rules, *sorted(self._lock_of), *instance.structure.bonds]
        self.is_unsure = False

    def is_emptied(self, item: str) -> bool:
        """Tell whether a lock alone leaves its process no alternative."""
        if item not in self._lock_of:
            return False
        own = self._statement.alternatives.process_of == self._lock_of[item]
        return bool(self._statement.locks.barred[own].all())

    def is_feasible(self, kept: list[str]) -> bool | None:
        """Tell whether some plan keeps the items; None if time ran out."""
        left = self._end - time.perf_counter()
        if left <= 0:
            self.is_unsure = True
            return None
        outcome = solve(self._write(kept), 0.0, left)
        if outcome.status == "none":
            self.is_unsure = True
            return None
        return outcome.values is not None

    def shrink(self, clashing: list[str]) -> list[str]:
        """Drop items in their order as long as the rest still clashes: the deletion filter, by halves.

        Fewer items never clash more: where the rest clashes without a whole block, it would have without each of it in
        turn. What is left is that of dropping one by one, asked of few items out of many.
        """
        rest, blocks = list(clashing), _halve(clashing)
        while blocks:
            block = blocks.pop(0)
            without = [name for name in rest if name not in block]
            if self.is_feasible(without) is False:
                rest = without
            elif len(block) > 1:
                blocks = _halve(block) + blocks
        return rest

    def _write(self, kept: list[str]) -> Problem:
        read = self._statement.alternatives
        locked = [self._lock_of[item] for item in kept if item in self._lock_of]
        barred = self._statement.locks.barred & np.isin(read.process_of, locked)
        return build_feasibility(self._statement, {item for item in kept if item not in self._lock_of}, barred)
