"""Caution: choices that look at bad outcomes too: worst tails, regrets, figures at their bad ends, chances."""

from sourcing.plan.caution.attitudes import (
    EveryScenario,
    LargestRegret,
    Measure,
    UncertaintyBudget,
    WorstTail,
)
from sourcing.plan.caution.chance import ChanceRule, choose_with_chance
from sourcing.plan.caution.choose import (
    Risk,
    RiskPlan,
    TracedPlan,
    choose_from,
    choose_under_risk,
    find_own_shares,
    measure_of,
    open_master,
    trace_risk,
)
from sourcing.plan.caution.master import count_shared_in, sum_beside
from sourcing.plan.caution.reduce import Reduced, reduce_scenarios

__all__ = [
    "ChanceRule",
    "EveryScenario",
    "LargestRegret",
    "Measure",
    "Reduced",
    "Risk",
    "RiskPlan",
    "TracedPlan",
    "UncertaintyBudget",
    "WorstTail",
    "choose_from",
    "choose_under_risk",
    "choose_with_chance",
    "count_shared_in",
    "find_own_shares",
    "measure_of",
    "open_master",
    "reduce_scenarios",
    "sum_beside",
    "trace_risk",
]
