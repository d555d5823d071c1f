"""Find the cheapest change of limits that makes a plan possible."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from sourcing.plan.plan import measure_limit
from sourcing.plan.problem import Problem, ProblemWriter, find_least_total
from sourcing.plan.solver import solve
from sourcing.plan.tables import TOLERANCE

if TYPE_CHECKING:
    from sourcing.plan.rules import Limit
    from sourcing.plan.statement import Statement

COLUMNS = ["rule", "limit", "needed", "change"]
_WIDEST_SHARE = 1e3
Terms = list[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class _Change:
    """How far a rule's limit moves up and down, as two columns in units of max(1, |limit|)."""

    rule: str
    limit: float
    priority: int
    columns: np.ndarray
    reach: float


def find_repairs(statement: Statement, time_limit: float) -> tuple[pd.DataFrame, bool]:
    """Find the cheapest change of limits: lexicographic by priority, relaxing 4 first and 1 last, 0 never.

    Parameters
    ----------
    statement : Statement
        A question without a plan. Locks stay.
    time_limit : float
        Seconds for all solves together.

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
    problem, changes = _write_elastic(statement)
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
        problem = _hold(problem, cost, float(cost @ values))
    if values is None:
        return pd.DataFrame(columns=COLUMNS), is_proven
    chosen = values[: len(statement.alternatives.cost)] > 0.5
    records = [
        (change.rule, change.limit, needed, needed - change.limit)
        for change in changes
        for needed in [_find_needed(statement, change, chosen)]
        if abs(needed - change.limit) > TOLERANCE * max(1.0, abs(change.limit))
    ]
    return pd.DataFrame(records, columns=COLUMNS), is_proven


def _find_needed(statement: Statement, change: _Change, is_chosen: np.ndarray) -> float:
    """Give the limit nearest to today's that a choice keeps."""
    needed = change.limit
    for limit in statement.limits:
        if limit.rule != change.rule:
            continue
        used, slack = measure_limit(limit, is_chosen)
        farther = abs(used - change.limit) > abs(needed - change.limit)
        if slack < -TOLERANCE * max(1.0, abs(change.limit)) and farther and math.isfinite(used):
            needed = used
    return needed


def _write_elastic(statement: Statement) -> tuple[Problem, list[_Change]]:
    """Write the problem in which every rule of priority 1 to 4 may move its limit."""
    writer = ProblemWriter()
    choices = writer.add_choices(statement, 0.0, statement.locks.barred)
    soft = [limit for limit in statement.limits if limit.priority > 0]
    changes: dict[str, _Change] = {}
    for limit in soft:
        if limit.rule not in changes:
            reach = max(_find_reach(statement, other) for other in soft if other.rule == limit.rule)
            changes[limit.rule] = _add_change(writer, limit, reach, find_least_total(limit, statement) > 0.0)
    for limit in statement.limits:
        extra = _relax(writer, statement, limit, changes[limit.rule]) if limit.rule in changes else []
        writer.add_limit(limit, len(choices), find_least_total(limit, statement), extra)
    return writer.write(), list(changes.values())


def _find_reach(statement: Statement, limit: Limit) -> float:
    """Give how far a limit can ever need to move; a fixed wide figure where a total may be 0."""
    if limit.base is None:
        return math.inf
    least = find_least_total(limit, statement)
    if least == 0.0:
        return _WIDEST_SHARE * max(1.0, abs(limit.limit))
    read = statement.alternatives
    _, coefficients = limit.find_coefficients(len(read.cost))
    starts = np.searchsorted(read.process_of, np.arange(len(read.processes)))
    return float(np.maximum.reduceat(np.abs(coefficients), starts).sum()) / least


def _add_change(writer: ProblemWriter, limit: Limit, reach: float, is_positive: bool) -> _Change:
    """Add how far a limit moves up and down, as multiples of max(1, |limit|)."""
    both = limit.sense == "==" or (limit.base is not None and not is_positive)
    unit = max(1.0, abs(limit.limit))
    upper = [reach / unit if both or limit.sense == sense else 0.0 for sense in ("<=", ">=")]
    names = [f"{limit.rule} higher", f"{limit.rule} lower"]
    columns = writer.add_columns(names, 0.0, np.array(upper), False)
    return _Change(limit.rule, limit.limit, limit.priority, columns, reach / unit)


def _relax(writer: ProblemWriter, statement: Statement, limit: Limit, change: _Change) -> Terms:
    """Give the terms by which a limit's row moves with its change: `- unit * higher + unit * lower`."""
    unit = max(1.0, abs(limit.limit))
    signs = np.array([-unit, unit])
    if limit.base is None:
        return [(change.columns, signs)]
    read = statement.alternatives
    starts = np.searchsorted(read.process_of, np.arange(len(read.processes) + 1))
    least, most = (reduce(limit.base, starts[:-1]) for reduce in (np.minimum.reduceat, np.maximum.reduceat))
    if (least == most).all():
        return [(change.columns, signs * float(least.sum()))]
    terms: Terms = []
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


def _hold(problem: Problem, cost: np.ndarray, most: float) -> Problem:
    """Add the row `cost · x <= most`, so that later priorities do not undo an earlier one."""
    return replace(
        problem,
        matrix=sparse.csr_array(sparse.vstack([problem.matrix, sparse.csr_array(cost[np.newaxis, :])])),
        row_lower=np.append(problem.row_lower, -np.inf),
        row_upper=np.append(problem.row_upper, most + 1e-7 * max(1.0, most)),
        rows=[*problem.rows, f"changes held {len(problem.rows)}"],
        row_scale=np.append(problem.row_scale, 1.0),
    )
