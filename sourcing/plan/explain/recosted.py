"""The best plan under other costs: the same question, one set of costs after another, in one live session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcing.errors import InputError
from sourcing.plan.explain.reoptimizer import Reoptimizer, show_progress
from sourcing.plan.tolerance import EQUAL

if TYPE_CHECKING:
    from sourcing.plan.plan import Plan


@dataclass(frozen=True)
class Recosted:
    """The best plans under other costs.

    Attributes
    ----------
    shares : ndarray of float, shape (cases, alternatives)
        Share of each alternative, in the order of the rows of the question's alternatives.
    fixed : ndarray of float, shape (cases,)
        What each plan pays beside its alternatives: hand-offs, charges, pools, less discounts.
    is_proven : ndarray of bool, shape (cases,)
        Whether the plan is proven to be the best under these costs.
    """

    shares: np.ndarray
    fixed: np.ndarray
    is_proven: np.ndarray


def choose_again(plan: Plan, costs: np.ndarray, *, time_limit: float = 600.0) -> Recosted:
    """Find the best plan of the same question under other costs of its alternatives, case by case.

    Rules, links and what processes share stay as they are, and so do the amounts that rules count. Each case starts
    from the best of the plans met so far. Time that runs out leaves the best plan known, not proven.

    Parameters
    ----------
    plan : Plan
        From `choose`, of one objective.
    costs : ndarray of float, shape (cases, alternatives)
        In the order of the rows of `plan.question.alternatives`.
    time_limit : float
        Seconds for all cases.

    Returns
    -------
    Recosted

    Raises
    ------
    InputError
        If the shape is another, a cost is not finite, or the plan has several objectives.

    Examples
    --------
    >>> import pandas as pd
    >>> from sourcing.plan import choose
    >>> table = pd.DataFrame({"process": ["a", "a"], "option": ["stay", "move"], "cost": [5.0, 4.0]})
    >>> choose_again(choose(table), np.array([[5.0, 6.0], [5.0, 4.5]])).shares.tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    costs = np.asarray(costs, dtype=float)
    asked = plan.question.alternatives
    _require_costs(plan, costs)
    opened = Reoptimizer(plan, time_limit=time_limit)
    place = {key: k for k, key in enumerate(opened.instance.alternatives.keys)}
    names = [name for name in ("process", "option", "wave") if name in asked]
    at = np.array([place[key] for key in zip(*(asked[name].tolist() for name in names), strict=True)])
    size, own = len(at), opened.problem.cost.copy()
    known = [np.asarray(opened.best.values)]
    shares, fixed, proven = np.zeros((len(costs), size)), np.zeros(len(costs)), np.zeros(len(costs), dtype=bool)
    for case in show_progress(range(len(costs)), "other costs"):
        new = own.copy()
        new[at] = costs[case]
        opened.session.set_costs(new)
        start = min(known, key=lambda values: float(new @ values))
        opened.session.start_from(start)
        outcome = opened.session.solve(0.0, opened.left, 0.0)
        best = start if outcome.values is None or new @ outcome.values > new @ start else outcome.values
        scale = EQUAL * max(float(np.abs(new) @ np.abs(best)), EQUAL)
        proven[case] = float(new @ best) - outcome.bound <= scale
        if not any(np.array_equal(best, values) for values in known):
            known.append(best)
        shares[case], fixed[case] = opened.read_shares(best)[at], float(own[size:] @ best[size:])
    return Recosted(shares, fixed, proven)


def _require_costs(plan: Plan, costs: np.ndarray) -> None:
    wanted = len(plan.question.alternatives)
    if costs.ndim != 2 or costs.shape[1] != wanted or not np.isfinite(costs).all():
        raise InputError(
            f"costs must be a finite number per case and alternative, {wanted} columns; got shape {costs.shape} at "
            "choose_again. Hint: one row per case, in the order of the question's alternatives."
        )
    if plan.levels["level"].nunique() > 1:
        raise InputError(
            f"costs can only change where one objective is asked for; got {plan.levels['level'].nunique()} at "
            "choose_again. Hint: choose without the list of objectives."
        )
