"""What a plan saves against today: its mean, the likely figure, and how far outcomes lie from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan import find_own_shares, sum_measure
from sourcing.value import draw_figures, price_assumptions

if TYPE_CHECKING:
    from sourcing.decide.decide import Decision
    from sourcing.plan import Plan

DRAWS = 10_000


@dataclass(frozen=True)
class Saving:
    """What a plan saves in cash over the horizon, as present value.

    Attributes
    ----------
    mean : float
        Today's cash cost less the plan's, both at the means of the uncertain figures: what the plan is chosen on.
    likely : float
        The same if every uncertain figure took its likely value.
    low, high : float
        Tenth and ninetieth of a hundred of the outcomes.
    drawn : ndarray, shape (draws,)
        The outcomes.
    """

    mean: float
    likely: float
    low: float
    high: float
    drawn: np.ndarray


def range_saving(decision: Decision, draws: int = DRAWS) -> Saving:
    """Range what a plan saves over drawn outcomes; today and the plan in the same outcomes.

    Parameters
    ----------
    decision : Decision
    draws : int

    Returns
    -------
    Saving
        Money shared by several processes is taken as stated.
    """
    case, policy, table = decision.case, decision.policy, decision.alternatives
    assumed = price_assumptions(decision.offers, case, policy, decision.outlook)
    drawn_figures = draw_figures(case, table, policy, assumed, draws)
    moved = drawn_figures.spread @ (share_of(decision, decision.as_is) - share_of(decision, decision.plan))
    mean = sum_measure(decision.as_is, "cash_cost") - sum_measure(decision.plan, "cash_cost")
    own = _sum_cash(decision.as_is) - _sum_cash(decision.plan)
    shared = mean - own
    drawn = shared + drawn_figures.factors @ moved
    low, high = np.quantile(drawn, [0.1, 0.9])
    likely = shared + _sum_likely(decision.as_is) - _sum_likely(decision.plan)
    return Saving(mean, likely, float(low), float(high), drawn)


def share_of(decision: Decision, plan: Plan) -> np.ndarray:
    """Give the share of each alternative of a decision under one of its plans, shape (alternatives,)."""
    return find_own_shares(replace(plan, question=decision.plan.question))


def _sum_cash(plan: Plan) -> float:
    return float((plan.choices["cash_cost"] * plan.choices["share"]).sum())


def _sum_likely(plan: Plan) -> float:
    return float((plan.choices["likely_cash_cost"] * plan.choices["share"]).sum())
