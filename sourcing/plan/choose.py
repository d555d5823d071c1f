"""Choose one alternative per process at the least cost under linear rules."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.errors import CertificateError, InputError, NoPlanFoundError
from sourcing.plan.certificate import certify
from sourcing.plan.conflicts import explain_infeasible
from sourcing.plan.plan import Plan, add_lines, measure_gap, tabulate_handoffs, tabulate_rules
from sourcing.plan.problem import build_problem
from sourcing.plan.solver import Outcome, solve
from sourcing.plan.statement import Statement, read_statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_ROUNDING = 1e-9


def choose(
    alternatives: pd.DataFrame,
    rules: pd.DataFrame | None = None,
    links: pd.DataFrame | None = None,
    handoff_costs: pd.DataFrame | None = None,
    *,
    structure: Mapping[str, pd.DataFrame] | None = None,
    policy: Any = None,
    gap: float = 1e-3,
    time_limit: float = 60.0,
) -> Plan:
    """Choose one alternative per process: the least total cost that keeps every rule, within a proven gap.

    Parameters
    ----------
    alternatives : DataFrame
        One row per alternative: `process`, `option`, `cost` (lower is better, any sign), optional `wave` and
        `place`, and any number of numeric measures and label columns. (process, option[, wave]) is the key;
        the index is free. Numeric columns `cost_*`, where present, sum to `cost`, and each is a line.
    rules : DataFrame, optional
        `rule` (unique), `measure` (a numeric column, or `count`), `where` (comparisons on columns; blank =
        all rows), `sense` (`<=`, `>=`, `==`), `limit`; optional `relative_to` (the limit is a share of this
        measure's total over the whole plan), `for_each` (a limit for each value of this column among the rows
        that `where` keeps), `step`, `priority` (0-4; orders repairs only), and what else is to be carried.
    links : DataFrame, optional
        `process_a`, `process_b`, `traffic`.
    handoff_costs : DataFrame, optional
        `place_a`, `place_b`, `cost` per unit of traffic; unordered pairs; a missing pair of one place with
        itself costs 0, any other missing pair is an error.
    structure : dict of DataFrame, optional
        `locks`: `process`, `option`, `kind` (`take` or `bar`), optional `wave` (blank = every wave).
    policy : object, optional
        Kept on the plan. Of it only `solver` is looked at, if it has one: it must be None or "HiGHS".
    gap : float
        Relative gap at which the plan is good enough, at least 0.
    time_limit : float
        Seconds for the solve, more than 0. Explaining why there is no plan may take as long again.

    Returns
    -------
    Plan
        Re-checked by `certify`.

    Raises
    ------
    InputError
        If a table does not hold what it must; `FilterError` for a `where` that is not read.
    InfeasiblePlanError
        If no plan keeps every rule and lock; with the clashing sets and the cheapest repair.
    NoPlanFoundError
        If time ran out before any plan was found; with the proven bound.
    CertificateError
        If plain arithmetic does not confirm the solver's answer.

    Notes
    -----
    Formula: minimize `Σ_a cost_a x_a + Σ_links traffic * cost(place_a, place_b)` with one binary x_a = 1 per
    process and `Σ measure_a x_a  sense  limit` per rule, each kept within 1e-6 * max(1, |limit|). Among plans
    of equal cost the solver's one on the rows sorted by key is taken, so the order of rows never matters.

    Examples
    --------
    >>> import pandas as pd
    >>> alternatives = pd.DataFrame(
    ...     {
    ...         "process": ["payroll", "payroll", "billing", "billing"],
    ...         "option": ["stay", "move", "stay", "move"],
    ...         "cost": [10, 6, 20, 13],
    ...     }
    ... )
    >>> cap = pd.DataFrame(
    ...     {"rule": ["cap"], "measure": "count", "where": "option == 'move'", "sense": "<=", "limit": 1}
    ... )
    >>> plan = choose(alternatives, cap)
    >>> plan.objective, plan.choices["option"].tolist(), plan.rules["slack"].tolist()
    (23.0, ['move', 'stay'], [0.0])
    """
    start = time.perf_counter()
    _require_settings(gap, time_limit, policy)
    statement = read_statement(alternatives, rules, links, handoff_costs, structure)
    _require_free(statement, time_limit)
    problem = build_problem(statement)
    left = max(1e-3, time_limit - (time.perf_counter() - start))
    outcome = solve(problem, gap, left, gap * 1e-6 * _least_sum(statement))
    chosen = _read_chosen(statement, outcome, time_limit)
    handoffs = tabulate_handoffs(statement, chosen)
    lines = add_lines(statement, chosen, handoffs)
    objective = math.fsum(lines.tolist())
    bound = min(objective, max(outcome.bound, find_plain_bound(statement)))
    absolute_sum = math.fsum(np.abs(statement.alternatives.cost[chosen])) + math.fsum(np.abs(handoffs["cost"]))
    reached = measure_gap(objective, bound, absolute_sum)
    choices = statement.alternatives.table.iloc[chosen].reset_index(drop=True)
    choices["share"] = 1.0
    plan = Plan(
        choices=choices,
        objective=objective,
        bound=bound,
        gap=reached,
        status="optimal" if reached <= gap + _ROUNDING else "feasible",
        seconds=0.0,
        lines=lines,
        rules=tabulate_rules(statement, chosen),
        handoffs=handoffs,
        alternatives=alternatives.copy(),
        rulebook=None if rules is None else rules.copy(),
        links=None if links is None else links.copy(),
        handoff_costs=None if handoff_costs is None else handoff_costs.copy(),
        structure=None if structure is None else {key: table.copy() for key, table in structure.items()},
        policy=policy,
        asked_gap=gap,
        time_limit=time_limit,
    )
    certify(plan)
    return replace(plan, seconds=time.perf_counter() - start)


def _require_settings(gap: object, time_limit: object, policy: object) -> None:
    for name, value, least in (("gap", gap, 0.0), ("time_limit", time_limit, 1e-9)):
        is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
        if not is_number or not float(value) >= least:  # type: ignore[arg-type]
            raise InputError(
                f"{name} must be a number {'of at least 0' if least == 0.0 else 'above 0'}; got {value!r} at "
                f"{name}. Hint: leave it out for the default."
            )
    solver = getattr(policy, "solver", None)
    if solver not in (None, "HiGHS"):
        raise InputError(f"solver must be HiGHS; got {solver!r} at policy. Hint: leave it at its default.")


def _require_free(statement: Statement, time_limit: float) -> None:
    free = np.bincount(
        statement.alternatives.process_of,
        weights=~statement.locks.barred,
        minlength=len(statement.alternatives.processes),
    )
    if (free == 0).any():
        raise explain_infeasible(statement, time_limit)


def _read_chosen(statement: Statement, outcome: Outcome, time_limit: float) -> np.ndarray:
    """Give the positions of the chosen alternatives, or raise why there are none."""
    if outcome.status in ("infeasible", "unbounded"):
        raise explain_infeasible(statement, time_limit)
    if outcome.values is None:
        bound = max(outcome.bound, find_plain_bound(statement))
        raise NoPlanFoundError(
            f"a plan must be found in time; got none at time_limit {time_limit:g} s, proven bound {bound:g}. "
            "Hint: allow more time or a wider gap.",
            bound,
        )
    chosen = np.flatnonzero(outcome.values[: len(statement.alternatives.cost)] > 0.5)
    if len(chosen) != len(statement.alternatives.processes):
        raise CertificateError(
            f"a plan must choose once per process; got {len(chosen)} choices at the solver's answer for "
            f"{len(statement.alternatives.processes)} processes. Hint: please report the input."
        )
    return chosen


def _least_sum(statement: Statement) -> float:
    """Give the least sum of absolute costs that any plan can have."""
    return float(np.minimum.reduceat(np.abs(statement.alternatives.cost), _find_starts(statement)).sum())


def find_plain_bound(statement: Statement) -> float:
    """Give the bound that needs no solver: cheapest free alternative per process, cheapest pair per link."""
    cost = np.where(statement.locks.barred, np.inf, statement.alternatives.cost)
    parts = np.minimum.reduceat(cost, _find_starts(statement)).tolist()
    if statement.links is not None:
        parts += [float(np.nanmin(link.costs)) for link in statement.links.links]
    return math.fsum(parts)


def _find_starts(statement: Statement) -> np.ndarray:
    read = statement.alternatives
    return np.searchsorted(read.process_of, np.arange(len(read.processes)))
