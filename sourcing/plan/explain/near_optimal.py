"""Plans nearly as good and as different as possible: what stands in all of them, and what is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.errors import InputError
from sourcing.plan.explain.flips import flip_decisions
from sourcing.plan.explain.memory import archive_answer, open_study, read_plan
from sourcing.plan.explain.restate import restate_plan
from sourcing.plan.model import add_column, add_most, hold_value

if TYPE_CHECKING:
    from sourcing.plan.explain.study import Study
    from sourcing.plan.model import Problem
    from sourcing.plan.plan import Plan

LEAST_APART = 2
_LESS_THAN_ONE = 0.999
_EXACT_PROCESSES = 20
_NEARLY = 0.2
_TIE = 1e-3
_HELD_SCALE = 1e-3


def find_alternatives(plan: Plan, slack: float = 0.02, count: int = 5, *, time_limit: float = 60.0) -> list[Plan]:
    """Find plans within a slack of the best, each as different as possible from all before it.

    Parameters
    ----------
    plan : Plan
        From `choose`, or a decision that has one.
    slack : float
        Share of the objective that a plan may be worse than the best known, at least 0.
    count : int
        At most so many.
    time_limit : float
        Seconds for all of them.

    Returns
    -------
    list of Plan
        Each decides at least two processes otherwise than the plan and than every other of them; fewer than `count`
        where there are no more. With more than 20 processes the farthest is found within a fifth of the processes.

    Raises
    ------
    InputError
        If slack is negative or count is below 1.

    Notes
    -----
    Formula: maximize d with `d <= number of processes whose option is another` for each plan so far and `objective <=
    best + slack |best|`; then, with that d held, lower the objective to within a thousandth of the least. Another
    wave of one option is no other decision.

    Examples
    --------
    >>> from sourcing.plan import choose
    >>> offers = pd.DataFrame({"process": list("aabb"), "option": ["stay", "move"] * 2, "cost": [9, 9.1, 8, 8.1]})
    >>> [other.choices["option"].tolist() for other in find_alternatives(choose(offers))]
    [['move', 'move']]
    """
    plan = read_plan(plan)
    if not slack >= 0.0 or count < 1:
        raise InputError(
            f"slack must be at least 0 and count at least 1; got {slack!r} and {count!r} at find_alternatives. "
            "Hint: slack=0.02 allows 2 %."
        )
    question = ("others", slack, count, time_limit)
    return list(archive_answer(plan, question, lambda: _find_all(plan, slack, count, time_limit)))


def _find_all(plan: Plan, slack: float, count: int, time_limit: float) -> list[Plan]:
    study = open_study(plan, None, time_limit)
    most = study.best.upper + slack * abs(study.best.upper)
    scale = max(_HELD_SCALE * abs(most), 1e-6)
    problem = hold_value(study.problem, "within the slack", study.problem.cost, most, scale)
    problem = add_column(problem, "apart", 0.0, np.zeros(problem.matrix.shape[0]), float(_count_processes(study)))
    found, cost = [study.taken], problem.cost
    options = [rows for _, _, rows in study.list_options()]
    plans: list[Plan] = []
    while len(plans) < count:
        problem = _keep_apart(problem, found[-1], options, _count_processes(study), len(found))
        session = study.open(problem)
        session.set_costs(np.where(np.arange(len(cost)) == len(cost) - 1, -1.0, 0.0))
        farthest = session.solve(0.0, study.left, _find_allowance(study))
        if farthest.values is None:
            break
        apart = float(np.floor(farthest.values[-1] + 1e-6))
        if apart < LEAST_APART:
            break
        session.fix("apart", apart)
        session.set_costs(cost)
        session.start_from(np.append(farthest.values[:-1], apart))
        cheapest = session.solve(0.0, study.left, max(study.rooms[-1], _TIE * abs(most)), is_near=True)
        values = farthest.values if cheapest.values is None else cheapest.values
        plans.append(restate_plan(study, values[:-1]))
        found.append(study.read_shares(values[:-1]))
    return plans


def _find_allowance(study: Study) -> float:
    """Give by how many processes a plan may be nearer than the farthest."""
    processes = _count_processes(study)
    return _LESS_THAN_ONE if processes <= _EXACT_PROCESSES else max(_LESS_THAN_ONE, _NEARLY * processes)


def _count_processes(study: Study) -> int:
    return len(study.statement.alternatives.processes)


def _keep_apart(
    problem: Problem, shares: np.ndarray, options: list[np.ndarray], processes: int, number: int
) -> Problem:
    """Add that the column `apart` is at most the number of processes whose option is not that of some shares."""
    same = np.concatenate([rows for rows in options if shares[rows].sum() > 0.0])
    columns = np.append(same, len(problem.cost) - 1)
    return add_most(problem, f"apart from plan {number}", columns, np.ones(len(columns)), float(processes))


def list_core(
    plan: Plan,
    others: list[Plan],
    slack: float = 0.02,
    *,
    gap: float | None = None,
    time_limit: float = 60.0,
    every: bool = True,
) -> pd.DataFrame:
    """List which decisions stand in all of some plans, and which are free.

    Parameters
    ----------
    plan : Plan
    others : list of Plan
        From `find_alternatives` with the same slack.
    slack : float
    gap, time_limit, every
        As for `flip_decisions`, whose forcing costs prove what no plan within the slack decides otherwise.

    Returns
    -------
    DataFrame
        One row per process, sorted: process, option (the plan's; several of a split process joined by " + "), stands
        (bool: the same in all), proven (bool: every other option that is not barred costs more than the slack to
        force, so that it stands in every plan within the slack, found or not), options (tuple of those met).
    """
    plan = read_plan(plan)
    met = [_join_options(each) for each in (plan, *others)]
    flips = flip_decisions(plan, gap=gap, time_limit=time_limit, every=every)
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
