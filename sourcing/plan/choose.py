"""Choose one alternative per process at the least cost under linear rules."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import InputError
from sourcing.plan.certify import certify
from sourcing.plan.effort import USUAL, Effort
from sourcing.plan.infeasible import explain_infeasible, repair_rules
from sourcing.plan.lexicographic import search_plan
from sourcing.plan.model import read_objective, tabulate_rules
from sourcing.plan.plan import Plan
from sourcing.plan.question import Question, ask
from sourcing.plan.solve import require_solver
from sourcing.plan.tolerance import EQUAL, LEAST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.errors import InfeasiblePlanError
    from sourcing.plan.lexicographic import Draft
    from sourcing.plan.model import Instance


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
    gap: float | None = None,
    time_limit: float = 60.0,
    effort: Effort = USUAL,
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
        that end with their last user), `tiers` (volume discounts), `orders` (together, apart, not before),
        `locks` (`process`, `option`, `kind` take or bar, optional `wave`) and `counts` (`line`, `measure`: in which
        measures the money of a line counts beside cost); see `sourcing.plan.model.structure`.
    objective : optional
        What is minimized; None = cost, all lines. A measure; weights by measure such as
        `{"cost": 1, "fit_points": -2000}` (a negative weight maximizes); or levels one after the other, such as
        `[("cost", 0.02), ("expected_loss", 50, "absolute"), {"fit_points": -1}]`, where each holds what the
        earlier ones reached but for their tolerance (a share of it, or an amount). A bound on a measure is a rule
        (`limit_measures`).
    policy : object, optional
        Of it only `solver` is looked at, if it has one: None or `HiGHS` for the suite's own search, or the name of a
        PuLP solver.
    drivers : DataFrame or function without arguments that gives one, optional
        Kept with the question for `flip_numbers`, which says what it must hold; a function is called when first asked.
    gap : float, optional
        Relative gap at which the plan is good enough, at least 0. None: 0 up to 600 alternatives (see `SolveEffort`),
        a thousandth beyond.
    time_limit : float
        Seconds for the solve, more than 0. Explaining why there is no plan may take as long again.
    effort : Effort, optional
        How wide searches go, of this question and of those about its answer.

    Returns
    -------
    Plan
        Re-checked by `certify`; it carries what was asked as `question`.

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
    rule, each kept within 1e-6 * max(1, |limit|). A rule on `cost` counts the alternatives' own cost. Shared
    money counts in the measures that `counts` names: in rules without `where` and `for_each` and in the total of
    `relative_to`; a rule that picks rows counts what they carry, and shared money belongs to none. Among plans of
    equal cost the solver's one on the rows sorted by key is taken, so the order of rows never matters.

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
    question = ask(
        alternatives, rules, links, handoff_costs, structure=structure, objective=objective, policy=policy,
        drivers=drivers, gap=gap, time_limit=time_limit, effort=effort,
    )  # fmt: skip
    return answer(question)


def answer(question: Question, near: Plan | None = None) -> Plan:
    """Answer a question; `choose` is the same with the parts of the question as arguments.

    Parameters
    ----------
    question : Question
    near : Plan, optional
        The answer to nearly the same question: the search starts from it where it keeps the rules, which takes half as
        long where little changes. As good an answer is found without; of several of equal cost it may be another.

    Raises
    ------
    InputError, InfeasiblePlanError, NoPlanFoundError, CertificateError
        As for `choose`.
    """
    start = time.perf_counter()
    _require_settings(question)
    instance = question.instance
    levels = read_objective(question.objective, instance)
    _require_free(instance, question)
    left = max(LEAST_SECONDS, question.time_limit - (time.perf_counter() - start))
    draft, reached = search_plan(levels, question, left, near)
    return replace(state_plan(question, draft, reached), seconds=time.perf_counter() - start)


def state_plan(question: Question, draft: Draft, levels: pd.DataFrame) -> Plan:
    """State a draft as the answer to a question and certify it.

    Parameters
    ----------
    question : Question
    draft : Draft
    levels : DataFrame
        See `Plan.levels`; its last row gives objective, bound and gap.

    Raises
    ------
    CertificateError
        If plain arithmetic does not confirm it.
    """
    last = levels.iloc[-1]
    plan = Plan(
        choices=take_choices(question.instance, draft),
        objective=float(last["value"]),
        bound=float(last["bound"]),
        gap=float(last["gap"]),
        multipliers=draft.multipliers,
        status="optimal" if float(levels["gap"].max()) <= question.gap + EQUAL else "feasible",
        seconds=0.0,
        lines=draft.lines,
        rules=tabulate_rules(question.instance, draft.shares),
        handoffs=draft.handoffs,
        shared=draft.shared,
        levels=levels,
        question=question,
    )
    certify(plan)
    return plan


def take_choices(instance: Instance, draft: Draft) -> pd.DataFrame:
    """Give the chosen rows with their share; see `Plan.choices`."""
    chosen = np.flatnonzero(draft.shares)
    choices = instance.alternatives.table.iloc[chosen].reset_index(drop=True)
    choices["share"] = draft.shares[chosen]
    return choices


def _require_settings(question: Question) -> None:
    for name, least in (("gap", 0.0), ("time_limit", EQUAL)):
        value: Any = getattr(question, name)
        is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
        if not is_number or not float(value) >= least:
            raise InputError(
                f"{name} must be a number {'of at least 0' if least == 0.0 else 'above 0'}; got {value!r} at "
                f"{name}. Hint: leave it out for the default."
            )
    if question.solver not in (None, "HiGHS"):
        require_solver(str(question.solver).removesuffix(" through PuLP"))


def _require_free(instance: Instance, question: Question) -> None:
    free = np.bincount(
        instance.alternatives.process_of,
        weights=~instance.locks.barred,
        minlength=len(instance.alternatives.processes),
    )
    if (free == 0).any():
        raise explain_infeasible(instance, question.time_limit, repairs=question.effort.repairs)


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
