"""Choose one alternative per process at the least cost under linear rules."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan.certify import certify
from sourcing.plan.infeasible import explain_infeasible, repair_rules
from sourcing.plan.lexicographic import search_plan
from sourcing.plan.model import Statement, read_objective, read_statement, tabulate_rules
from sourcing.plan.plan import Plan
from sourcing.plan.solve import require_solver

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sourcing.plan.lexicographic import Draft

_ROUNDING = 1e-9


def choose(
    alternatives: pd.DataFrame,
    rules: pd.DataFrame | None = None,
    links: pd.DataFrame | None = None,
    handoff_costs: pd.DataFrame | None = None,
    *,
    structure: Mapping[str, pd.DataFrame] | None = None,
    objective: Any = None,
    policy: Any = None,
    drivers: Any = None,
    answers_folder: str | Path | None = None,
    gap: float = 1e-3,
    time_limit: float = 60.0,
) -> Plan:
    """Choose one alternative per process: the least total cost that keeps every rule, within a proven gap.

    A process marked divisible may be split over several.

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
        `items` (processes that may be split), `charges` (fixed costs of what is used), `pools` (shared costs
        that end with their last user), `tiers` (volume discounts), `orders` (together, apart, not before) and
        `locks` (`process`, `option`, `kind` take or bar, optional `wave`); see `sourcing.plan.model.structure`.
    objective : optional
        What is minimized; None = cost, all lines. A measure; weights by measure such as
        `{"cost": 1, "fit_points": -2000}` (a negative weight maximizes); or aims one after the other, such as
        `[("cost", 0.02), ("expected_loss", 50, "absolute"), {"fit_points": -1}]`, where each holds what the
        earlier ones reached but for their tolerance (a share of it, or an amount). A bound on a measure is a rule
        (`limit_measures`).
    policy : object, optional
        Kept on the plan. Of it only `solver` is looked at, if it has one: None or `HiGHS` for the suite's own
        search, or the name of a PuLP solver.
    drivers : DataFrame or function without arguments that gives one, optional
        Kept on the plan for `flip_numbers`, which says what it must hold; a function is called when first asked.
    answers_folder : path, optional
        Kept on the plan: folder in which what is found out about it is kept for later runs; see
        `sourcing.plan.explain.cache`.
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
        If no plan keeps every rule, lock, item and order; with the clashing sets and the cheapest repair.
    NoPlanFoundError
        If time ran out before any plan was found; with the proven bound.
    CertificateError
        If plain arithmetic does not confirm the solver's answer.

    Notes
    -----
    Formula: minimize `Σ_a cost_a x_a + Σ_links traffic * cost(place_a, place_b) + charges + pools - discounts`
    with one binary x_a = 1 per process (shares where it is divisible) and `Σ measure_a x_a  sense  limit` per
    rule, each kept within 1e-6 * max(1, |limit|). A rule on `cost` counts the alternatives' own cost. Among plans
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
    goals = read_objective(objective, statement.alternatives)
    _require_free(statement, time_limit)
    left = max(1e-3, time_limit - (time.perf_counter() - start))
    draft, aims = search_plan(statement, goals, gap, left, getattr(policy, "solver", None))
    asked = state_asked(
        alternatives=alternatives, rules=rules, links=links, handoff_costs=handoff_costs, structure=structure,
        objective=objective, policy=policy, drivers=drivers, answers_folder=answers_folder, gap=gap,
        time_limit=time_limit,
    )  # fmt: skip
    plan = state_plan(statement, draft, aims, asked)
    return replace(plan, seconds=time.perf_counter() - start)


def state_asked(
    *,
    rules: pd.DataFrame | None,
    objective: Any,
    gap: float,
    structure: Mapping[str, pd.DataFrame] | None,
    **others: Any,
) -> dict[str, Any]:
    """Give the arguments of `choose`, all by name, as the fields of `Plan` that say what it was made from."""
    asked = others | {"rulebook": rules, "asked_objective": objective, "asked_gap": gap}
    asked = {name: value.copy() if isinstance(value, pd.DataFrame) else value for name, value in asked.items()}
    return asked | {"structure": None if structure is None else {key: _copy(each) for key, each in structure.items()}}


def state_plan(statement: Statement, draft: Draft, aims: pd.DataFrame, asked: Mapping[str, Any]) -> Plan:
    """State a draft as a plan and certify it.

    Parameters
    ----------
    statement : Statement
    draft : Draft
    aims : DataFrame
        See `Plan.aims`; its last row gives objective, bound and gap.
    asked : mapping
        The fields of `Plan` that say what it was made from.

    Raises
    ------
    CertificateError
        If plain arithmetic does not confirm it.
    """
    last = aims.iloc[-1]
    plan = Plan(
        choices=take_choices(statement, draft),
        objective=float(last["value"]),
        bound=float(last["bound"]),
        gap=float(last["gap"]),
        multipliers=draft.multipliers,
        status="optimal" if float(aims["gap"].max()) <= asked["asked_gap"] + _ROUNDING else "feasible",
        seconds=0.0,
        lines=draft.lines,
        rules=tabulate_rules(statement, draft.shares),
        handoffs=draft.handoffs,
        shared=draft.shared,
        aims=aims,
        **asked,
    )
    certify(plan)
    return plan


def _copy(table: pd.DataFrame | None) -> Any:
    return None if table is None else table.copy()


def take_choices(statement: Statement, draft: Draft) -> pd.DataFrame:
    """Give the chosen rows with their share; see `Plan.choices`."""
    chosen = np.flatnonzero(draft.shares)
    choices = statement.alternatives.table.iloc[chosen].reset_index(drop=True)
    choices["share"] = draft.shares[chosen]
    return choices


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
        require_solver(str(solver).removesuffix(" through PuLP"))


def _require_free(statement: Statement, time_limit: float) -> None:
    free = np.bincount(
        statement.alternatives.process_of,
        weights=~statement.locks.barred,
        minlength=len(statement.alternatives.processes),
    )
    if (free == 0).any():
        raise explain_infeasible(statement, time_limit)


def choose_repaired(
    error: InfeasiblePlanError, alternatives: pd.DataFrame, rules: pd.DataFrame, *tables: Any, **as_choose: Any
) -> Plan:
    """Choose under the rules as the cheapest repair changes them.

    Parameters
    ----------
    error : InfeasiblePlanError
        From `choose`, asked the same.
    alternatives, rules, *tables, **as_choose
        As for `choose`.

    Raises
    ------
    InfeasiblePlanError
        The same again where no change of limits makes a plan possible.

    Examples
    --------
    >>> from sourcing.errors import InfeasiblePlanError
    >>> offers = pd.DataFrame({"process": list("ab"), "option": ["stay"] * 2, "cost": [9.0, 8.0]})
    >>> cap = pd.DataFrame({"rule": ["cap"], "measure": "cost", "where": "", "sense": "<=", "limit": 10.0})
    >>> try:
    ...     plan = choose(offers, cap)
    ... except InfeasiblePlanError as error:
    ...     plan = choose_repaired(error, offers, cap)
    >>> plan.objective, plan.rules["limit"].tolist()
    (17.0, [17.0])
    """
    if error.repairs.empty:
        raise error
    return choose(alternatives, repair_rules(error, rules), *tables, **as_choose)
