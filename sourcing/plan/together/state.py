"""State what a block chooses as a certified answer to its own question."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sourcing.plan.choose import state_plan
from sourcing.plan.lexicographic import draft_plan, sum_absolute, tabulate_levels
from sourcing.plan.model import read_objective
from sourcing.plan.plan import measure_gap

if TYPE_CHECKING:
    import numpy as np

    from sourcing.plan.plan import Plan
    from sourcing.plan.question import Question


def state_shares(question: Question, shares: np.ndarray, bound: float) -> Plan:
    """State shares as an answer to a question, certified, with a bound that is known of it; -inf where none is."""
    instance = question.instance
    draft, levels = draft_plan(instance, shares), read_objective(None, instance)
    value = draft.cost
    bound = min(bound, value) if math.isfinite(bound) else value - abs(value)
    gap = measure_gap(value, bound, sum_absolute(instance, levels[0], draft))
    table = tabulate_levels(instance, levels, draft, [(value, bound, gap, math.inf)])
    return state_plan(question, draft, table)
