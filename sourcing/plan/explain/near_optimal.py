"""Plans nearly as good and as different as possible: what stands in all of them, and what is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan.model import add_column, add_most, hold_value
from sourcing.plan.tolerance import HELD_SCALE, LEAST_SCALE, LESS_THAN_ONE, WHOLE

if TYPE_CHECKING:
    from sourcing.plan.explain.reoptimizer import Reoptimizer
    from sourcing.plan.model import Problem
    from sourcing.plan.plan import Plan

LEAST_APART = 2
"""Plans that differ in fewer processes are not worth telling apart."""


def find_plans(reoptimizer: Reoptimizer, slack: float, count: int) -> list[Plan]:
    """Find plans within a slack, each as different as possible; see `find_near_optimal_plans`."""
    most = reoptimizer.best.upper + slack * abs(reoptimizer.best.upper)
    scale = max(HELD_SCALE * abs(most), LEAST_SCALE)
    problem = hold_value(reoptimizer.problem, "within the slack", reoptimizer.problem.cost, most, scale)
    problem = add_column(problem, "apart", 0.0, np.zeros(problem.matrix.shape[0]), float(_count_processes(reoptimizer)))
    found, cost = [reoptimizer.taken], problem.cost
    options = [rows for _, _, rows in reoptimizer.list_options()]
    plans: list[Plan] = []
    while len(plans) < count:
        problem = _keep_apart(problem, found[-1], options, _count_processes(reoptimizer), len(found))
        session = reoptimizer.open(problem)
        session.set_costs(np.where(np.arange(len(cost)) == len(cost) - 1, -1.0, 0.0))
        farthest = session.solve(0.0, reoptimizer.left, _find_allowance(reoptimizer))
        if farthest.values is None:
            break
        apart = float(np.floor(farthest.values[-1] + WHOLE))
        if apart < LEAST_APART:
            break
        session.fix("apart", apart)
        session.set_costs(cost)
        session.start_from(np.append(farthest.values[:-1], apart))
        cheapest = session.solve(
            0.0, reoptimizer.left, max(reoptimizer.rooms[-1], reoptimizer.effort.tie_share * abs(most))
        )
        values = farthest.values if cheapest.values is None else cheapest.values
        plans.append(reoptimizer.state_plan(values[:-1]))
        found.append(reoptimizer.read_shares(values[:-1]))
    return plans


def _find_allowance(reoptimizer: Reoptimizer) -> float:
    """Give by how many processes a plan may be nearer than the farthest."""
    processes = _count_processes(reoptimizer)
    return (
        LESS_THAN_ONE
        if processes <= reoptimizer.effort.apart_processes
        else max(LESS_THAN_ONE, reoptimizer.effort.apart_share * processes)
    )


def _count_processes(reoptimizer: Reoptimizer) -> int:
    return len(reoptimizer.instance.alternatives.processes)


def _keep_apart(
    problem: Problem, shares: np.ndarray, options: list[np.ndarray], processes: int, number: int
) -> Problem:
    """Add that the column `apart` is at most the number of processes whose option is not that of some shares."""
    same = np.concatenate([rows for rows in options if shares[rows].sum() > 0.0])
    columns = np.append(same, len(problem.cost) - 1)
    return add_most(problem, f"apart from plan {number}", columns, np.ones(len(columns)), float(processes))


def list_stable(plan: Plan, others: list[Plan], flips: pd.DataFrame, slack: float) -> pd.DataFrame:
    """List which decisions stand in all of some plans, proven by forcing costs; see `list_core`."""
    met = [_join_options(each) for each in (plan, *others)]
    rivals = flips[~flips["chosen"] & ~flips["is_barred"]]
    least = rivals.groupby("process")["lower"].min()
    room = slack * abs(flips.attrs["objective"])
    records = []
    for process, option in met[0].items():
        options = tuple(dict.fromkeys(each[process] for each in met))
        is_proven = bool(least.get(process, np.inf) > room)
        records.append((process, option, len(options) == 1, is_proven, options))
    return pd.DataFrame(records, columns=["process", "option", "stands", "proven", "options"])


def _join_options(plan: Plan) -> dict[object, str]:
    texts = plan.choices["option"].astype(str)
    return texts.groupby(plan.choices["process"]).agg(lambda each: " + ".join(sorted(set(each)))).to_dict()
