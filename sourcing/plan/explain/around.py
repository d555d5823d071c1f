"""The efficient plans around a plan, and where among them it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan.explain.frontier import trace_frontier
from sourcing.plan.explain.memory import keep_answer, read_plan
from sourcing.plan.model import COST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.plan.plan import Plan


def trace_around(
    plan: Plan,
    measures: Sequence[str] = ("cash_cost", "expected_loss"),
    *,
    steps: Mapping[str, float] | None = None,
    time_limit: float = 60.0,
) -> pd.DataFrame:
    """Find the efficient plans of a plan's own question, with the plan itself marked among them.

    Parameters
    ----------
    plan : Plan
        From `choose`, or a decision that has one.
    measures, steps
        As for `trace_frontier`.
    time_limit : float
        Seconds for the whole frontier.

    Returns
    -------
    DataFrame
        From `trace_frontier`, marked by `mark_chosen`.
    """
    plan = read_plan(plan)
    question = ("around", tuple(measures), repr(steps), time_limit)
    return keep_answer(plan, question, lambda: _trace_around(plan, measures, steps, time_limit)).copy()


def _trace_around(
    plan: Plan, measures: Sequence[str], steps: Mapping[str, float] | None, time_limit: float
) -> pd.DataFrame:
    frontier = trace_frontier(
        plan.alternatives, plan.rulebook, measures, links=plan.links, handoff_costs=plan.handoff_costs,
        structure=plan.structure, policy=plan.policy, answers_folder=plan.answers_folder, steps=steps,
        time_limit=time_limit,
    )  # fmt: skip
    return mark_chosen(frontier, plan)


def mark_chosen(frontier: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Put a plan among the efficient ones: column `chosen`; a row of its own where it is none of them.

    Parameters
    ----------
    frontier : DataFrame
        From `trace_frontier`.
    plan : Plan

    Returns
    -------
    DataFrame
        With `chosen` and `efficient` (bool), sorted by the first measure.
    """
    plan = read_plan(plan)
    measures = [name for name in frontier.columns if name not in ("price_of_next", "plan")]
    own = {
        name: plan.lines.sum() if name == COST else float((plan.choices[name] * plan.choices["share"]).sum())
        for name in measures
    }
    near = [np.isclose(frontier[name].astype(float), own[name], rtol=1e-6, atol=1e-6) for name in measures]
    same = np.logical_and.reduce(near)
    table = frontier.assign(chosen=same, efficient=True)
    if not same.any():
        row = pd.DataFrame([own | {"price_of_next": np.nan, "plan": plan, "chosen": True, "efficient": False}])
        table = pd.concat([table, row[table.columns]], ignore_index=True)
    return table.sort_values(measures[0], kind="stable", ignore_index=True)
