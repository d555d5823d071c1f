"""Find the cheapest change of limits that makes a plan possible."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan.model import (
    DISCOUNTS,
    ProblemWriter,
    add_bonds,
    add_choices,
    add_limit,
    add_shared,
    bound_shared,
    build_feasibility,
    count_shared,
    extend_limits,
    find_least_total,
    hold_value,
    measure_limit,
)
from sourcing.plan.solve import solve
from sourcing.plan.tolerance import HAIRS, KEPT, ROW_SLACK, WIDEST_REPAIR

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sourcing.plan.model import Instance, Limit, Problem

COLUMNS = ["rule", "limit", "needed", "change"]
_OUTWARD = {"<=": 1.0, ">=": -1.0, "==": 0.0}
Terms = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class _Change:
    """How far a rule's limit moves up and down, as two columns in units of max(1, |limit|)."""

    rule: str
    limit: float
    priority: int
    columns: np.ndarray
    reach: float


def find_repairs(
    instance: Instance, time_limit: float, only: Collection[str] | None = None
) -> tuple[pd.DataFrame, bool]:
    """Find the cheapest change of limits: lexicographic by priority, relaxing 4 first and 1 last, 0 never.

    Parameters
    ----------
    instance : Instance
        A question without a plan. Locks, items and orders stay.
    time_limit : float
        Seconds for all solves together.
    only : collection of str, optional
        The rules whose limits may change; all of priority 1 to 4 if None.

    Returns
    -------
    repairs : DataFrame
        rule, limit, needed, change (needed - limit), in the rule's own unit; empty if no change of limits of
        priority 1 to 4 makes a plan possible.
    is_proven : bool
        Whether the change is proven the cheapest.

    Notes
    -----
    Formula: minimize `Σ |change_r| / max(1, |limit_r|)` over the rules of priority 1, then with that held of
    2, of 3 and of 4. The limits needed are then read off the plan found. A relative limit's change
    multiplies the total of `relative_to`: `s Σ base x` is written exactly as `Σ base p` with `Σ_{a in i} p_a
    = s` and `0 <= p_a <= S x_a` per process.
    """
    problem, changes = _write_elastic(instance, only)
    end = time.perf_counter() + time_limit
    values: np.ndarray | None = None
    is_proven = True
    for priority in sorted({change.priority for change in changes}):
        cost = np.zeros(len(problem.columns))
        for change in changes:
            if change.priority == priority:
                cost[change.columns] = 1.0
        outcome = solve(replace(problem, cost=cost), 0.0, max(0.0, end - time.perf_counter()))
        is_proven &= outcome.status in ("optimal", "infeasible")
        if outcome.values is None:
            break
        values = outcome.values
        most = float(cost @ values)
        problem = hold_value(problem, f"changes held {priority}", cost, most + ROW_SLACK * max(1.0, most), 1.0)
    if values is None:
        return pd.DataFrame(columns=COLUMNS), is_proven
    is_proven &= not _is_inexact(instance)
    needed = _read_limits(instance, changes, _round_shares(instance, values), end)
    today = {change.rule: change.limit for change in changes}
    records = [(rule, today[rule], limit, limit - today[rule]) for rule, limit in needed.items()]
    return pd.DataFrame(records, columns=COLUMNS), is_proven


def list_repairs(
    instance: Instance, conflicts: Sequence[Collection[str]], overall: pd.DataFrame, time_limit: float
) -> pd.DataFrame:
    """List the change of each rule that alone makes a plan possible, the cheapest of any two, and the cheapest of all.

    Parameters
    ----------
    instance : Instance
        A question without a plan.
    conflicts : sequence of collections of str
        Minimal clashing sets: what repairs has a rule of each.
    overall : DataFrame
        From `find_repairs`.
    time_limit : float
        Seconds.

    Returns
    -------
    DataFrame
        One row per repair and rule: repair (1 first: fewest rules, then what matters least and changes least), rule,
        limit, needed, change, share (|change| / max(1, |limit|)), priority, is_cheapest (bool: this is `overall`).
    """
    end = time.perf_counter() + time_limit
    priority_of = {limit.rule: limit.priority for limit in instance.limits if limit.priority > 0}
    found: list[tuple[tuple[float, ...], pd.DataFrame]] = []
    for count in (1, 2):
        met = []
        for names in combinations(sorted(priority_of), count):
            hits = all(set(names) & set(members) for members in conflicts)
            if not hits or time.perf_counter() >= end:
                continue
            repairs, _ = find_repairs(instance, max(0.0, end - time.perf_counter()), names)
            if len(repairs) == count:
                met.append((_weigh(repairs, priority_of), repairs))
        met.sort(key=lambda each: each[0])
        found += met if count == 1 else met[:1]
    if len(overall) and not any(set(each["rule"]) == set(overall["rule"]) for _, each in found):
        found.append((_weigh(overall, priority_of), overall))
    tables = [
        each.assign(
            repair=number,
            share=[abs(c) / max(1.0, abs(a)) for c, a in zip(each["change"], each["limit"], strict=True)],
            priority=each["rule"].map(priority_of),
            is_cheapest=set(each["rule"]) == set(overall["rule"]),
        )
        for number, (_, each) in enumerate(found, start=1)
    ]
    columns = ["repair", *COLUMNS, "share", "priority", "is_cheapest"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def _weigh(repairs: pd.DataFrame, priority_of: Mapping[str, int]) -> tuple[float, ...]:
    """Sum the relative changes of each priority, of 1 first: what is smaller is cheaper."""
    shares = repairs["change"].abs() / repairs["limit"].abs().clip(lower=1.0)
    priorities = repairs["rule"].map(priority_of)
    return tuple(round(float(shares[priorities == priority].sum()), 9) for priority in (1, 2, 3, 4))


def _read_limits(instance: Instance, changes: list[_Change], shares: np.ndarray, end: float) -> dict[str, float]:
    """Read the limits that change off a choice; where processes are split, with the hair that rounding asks for.

    Shares are exact to the solver's tolerance only, and the limits that do not change leave no room for that.
    """
    needed = {change.rule: _find_needed(instance, change, shares) for change in changes}
    changed = [
        change for change in changes if abs(needed[change.rule] - change.limit) > KEPT * max(1.0, abs(change.limit))
    ]
    read = {change.rule: needed[change.rule] for change in changed}
    if not instance.structure.splits.divisible.any():
        return read
    senses = {limit.rule: limit.sense for limit in instance.limits}
    for hair in HAIRS:
        limits = {
            change.rule: read[change.rule] + _OUTWARD[senses[change.rule]] * hair * max(1.0, abs(change.limit))
            for change in changed
        }
        moved = [replace(each, limit=limits.get(each.rule, each.limit)) for each in instance.limits]
        names = {*senses, *instance.structure.bonds}
        problem = build_feasibility(replace(instance, limits=moved), names, instance.locks.barred)
        if solve(problem, 0.0, max(0.0, end - time.perf_counter())).values is not None:
            return limits
    return read


def _round_shares(instance: Instance, values: np.ndarray) -> np.ndarray:
    read, items = instance.alternatives, instance.structure.splits
    shares = np.clip(values[: len(read.cost)], 0.0, 1.0)
    return np.where(items.divisible[read.process_of], shares, shares > 0.5)


def _is_inexact(instance: Instance) -> bool:
    """Tell whether a relative limit that may move meets a split process or a discount whose base depends on the choice.

    There the change times the share is not linear; the change found makes a plan possible, but a smaller one
    might.
    """
    divisible = instance.structure.splits.divisible[instance.alternatives.process_of]
    for limit in instance.limits:
        if limit.priority == 0 or limit.base is None:
            continue
        counted = instance.list_counted(limit.relative_to)
        if divisible.any() and (counted or np.ptp(limit.base[divisible]) > 0.0):
            return True
        if instance.structure.schedules and DISCOUNTS in counted:
            return True
    return False


def _find_needed(instance: Instance, change: _Change, shares: np.ndarray) -> float:
    """Give the limit nearest to today's that a choice keeps."""
    needed = change.limit
    for limit in instance.limits:
        if limit.rule != change.rule:
            continue
        used, slack = measure_limit(instance, limit, shares)
        farther = abs(used - change.limit) > abs(needed - change.limit)
        if slack < -KEPT * max(1.0, abs(change.limit)) and farther and math.isfinite(used):
            needed = used
    return needed


def _write_elastic(instance: Instance, only: Collection[str] | None) -> tuple[Problem, list[_Change]]:
    """Write the problem in which every rule of priority 1 to 4, or only some of them, may move its limit."""
    writer = ProblemWriter()
    add_choices(writer, instance, 0.0, instance.locks.barred)
    soft = [limit for limit in instance.limits if limit.priority > 0 and (only is None or limit.rule in only)]
    changes: dict[str, _Change] = {}
    for limit in soft:
        if limit.rule not in changes:
            reach = max(_find_reach(instance, other) for other in soft if other.rule == limit.rule)
            changes[limit.rule] = _add_change(writer, limit, reach, find_least_total(limit, instance) > 0.0)
    limited = [(add_limit(writer, limit, instance), limit) for limit in instance.limits]
    activation = add_bonds(writer, instance, instance.locks.barred, (), 0.0)
    add_shared(
        writer, instance, activation, {line for limit in instance.limits for line in instance.weigh_lines(limit)}
    )
    extend_limits(writer, instance, limited)
    for row, limit in limited:
        for terms in _relax(writer, instance, limit, changes[limit.rule]) if limit.rule in changes else ():
            writer.extend_row(row, *terms)
    return writer.write(), list(changes.values())


def _find_reach(instance: Instance, limit: Limit) -> float:
    """Give how far a limit can ever need to move; a fixed wide figure where a total may be 0."""
    if limit.base is None:
        return math.inf
    least = find_least_total(limit, instance)
    if least == 0.0:
        return WIDEST_REPAIR * max(1.0, abs(limit.limit))
    read = instance.alternatives
    _, coefficients = limit.find_coefficients(len(read.cost))
    own = float(np.maximum.reduceat(np.abs(coefficients), instance.find_starts()).sum())
    return (own + max(map(abs, bound_shared(instance, instance.weigh_lines(limit))))) / least


def _add_change(writer: ProblemWriter, limit: Limit, reach: float, is_positive: bool) -> _Change:
    """Add how far a limit moves up and down, as multiples of max(1, |limit|)."""
    both = limit.sense == "==" or (limit.base is not None and not is_positive)
    unit = max(1.0, abs(limit.limit))
    upper = [reach / unit if both or limit.sense == sense else 0.0 for sense in ("<=", ">=")]
    names = [f"{limit.rule} higher", f"{limit.rule} lower"]
    columns = writer.add_columns(names, 0.0, np.array(upper), False)
    return _Change(limit.rule, limit.limit, limit.priority, columns, reach / unit)


def _relax(writer: ProblemWriter, instance: Instance, limit: Limit, change: _Change) -> list[Terms]:
    """Give the terms by which a limit's row moves with its change: `- unit * higher + unit * lower`."""
    unit = max(1.0, abs(limit.limit))
    signs = np.array([-unit, unit])
    if limit.base is None:
        return [(change.columns, signs)]
    read = instance.alternatives
    starts = np.searchsorted(read.process_of, np.arange(len(read.processes) + 1))
    least, most = (reduce(limit.base, starts[:-1]) for reduce in (np.minimum.reduceat, np.maximum.reduceat))
    shared = count_shared(instance, replace(limit, measure=None, limit=-1.0), writer.lines)
    terms = _relax_shared(writer, limit, change, signs, shared)
    if (least == most).all():
        return [(change.columns, signs * float(least.sum())), *terms]
    for column, sign in zip(change.columns, signs, strict=True):
        labels = [f"{limit.name} moved {column} {k}" for k in range(len(limit.base))]
        parts = writer.add_columns(labels, 0.0, change.reach, False)
        for k, part in enumerate(parts):
            writer.add_row(
                f"{labels[k]} where chosen", np.array([part, k]), np.array([1.0, -change.reach]), -np.inf, 0.0
            )
        for i, process in enumerate(read.processes):
            own = parts[starts[i] : starts[i + 1]]
            weights = np.append(np.ones(len(own)), -1.0)
            writer.add_row(f"{limit.name} moved {column} at {process}", np.append(own, column), weights, 0.0, 0.0)
        terms.append((parts, sign * limit.base))
    return terms


def _relax_shared(
    writer: ProblemWriter, limit: Limit, change: _Change, signs: np.ndarray, shared: Terms
) -> list[Terms]:
    """Give the terms by which the shared money in a base moves a limit's row.

    Formula: `s m v` with v in 0 to 1 is `m p` with `p <= S v`, `p <= s`, `p >= s - S (1 - v)`: exact where v is whole.
    """
    terms = []
    for column, sign in zip(change.columns, signs, strict=True):
        for k, (place, money) in enumerate(zip(*shared, strict=True)):
            name = f"{limit.name} moved {column} shared {k}"
            part = writer.add_columns([name], 0.0, change.reach, False)[0]
            writer.add_row(f"{name} where paid", np.array([part, place]), np.array([1.0, -change.reach]), -np.inf, 0.0)
            writer.add_row(f"{name} at most", np.array([part, column]), np.array([1.0, -1.0]), -np.inf, 0.0)
            writer.add_row(f"{name} at least", np.array([column, part, place]), np.array([1.0, -1.0, change.reach]),
                           -np.inf, change.reach)  # fmt: skip
            terms.append((np.array([part]), np.array([sign * money])))
    return terms
