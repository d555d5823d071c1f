"""What a plan saves against today: its mean, the likely figure, and how far outcomes lie from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan import sum_measure
from sourcing.value import draw_cash, draw_outcomes, list_lines, list_ranges, weigh_outcomes

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
    today, planned = decision.as_is.choices, decision.plan.choices
    pairs = pd.concat([today, planned])[["process", "option"]]
    ranges = list_ranges(decision.case, pairs, use_ranges=decision.policy.use_ranges)
    weights = weigh_outcomes(ranges, draw_outcomes(ranges, draws))
    as_is = today[["process", "option"]].set_index("process")["option"]
    lines = [list_lines(rows, as_is) for rows in (today, planned)]
    saved = pd.concat([lines[0], lines[1].assign(amount=-lines[1]["amount"])])
    mean = sum_measure(decision.as_is, "cash_cost") - sum_measure(decision.plan, "cash_cost")
    shared = mean - float(saved["amount"].sum())
    drawn = shared + draw_cash(saved.assign(state=0), "state", weights).to_numpy().sum(axis=1)
    low, high = np.quantile(drawn, [0.1, 0.9])
    likely = shared + _sum_likely(decision.as_is) - _sum_likely(decision.plan)
    return Saving(mean, likely, float(low), float(high), drawn)


def _sum_likely(plan: Plan) -> float:
    return float((plan.choices["likely_cash_cost"] * plan.choices["share"]).sum())
