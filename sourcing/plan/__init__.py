"""Choice: one alternative per process at the least cost under linear rules, proven and certified."""

from sourcing.errors import CertificateError, InfeasiblePlanError, NoPlanFoundError
from sourcing.plan.certify import certify
from sourcing.plan.choose import answer, choose, choose_repaired
from sourcing.plan.effort import USUAL, Effort, ExplainEffort, SolveEffort
from sourcing.plan.explain import (
    AnswerCache,
    Difference,
    Explanation,
    Recosted,
    choose_again,
    explain,
    find_alternatives,
    find_near_optimal_plans,
    flip_decisions,
    flip_numbers,
    list_breaks,
    list_core,
    list_swaps,
    mark_chosen,
    price_rules,
    price_savings,
    price_together,
    tell_difference,
    trace_around,
    trace_frontier,
    what_if,
)
from sourcing.plan.export import export_model
from sourcing.plan.infeasible import list_clashes, repair_rules
from sourcing.plan.model import limit_measures, name_order, name_schedule
from sourcing.plan.plan import Plan, measure_gap, share_amounts, sum_measure, sum_shared
from sourcing.plan.question import Drivers, Question, ask

__all__ = [
    "USUAL",
    "AnswerCache",
    "CertificateError",
    "Difference",
    "Drivers",
    "Effort",
    "ExplainEffort",
    "Explanation",
    "InfeasiblePlanError",
    "NoPlanFoundError",
    "Plan",
    "Question",
    "Recosted",
    "SolveEffort",
    "answer",
    "ask",
    "certify",
    "choose",
    "choose_again",
    "choose_repaired",
    "explain",
    "export_model",
    "find_alternatives",
    "find_near_optimal_plans",
    "flip_decisions",
    "flip_numbers",
    "limit_measures",
    "list_breaks",
    "list_clashes",
    "list_core",
    "list_swaps",
    "mark_chosen",
    "measure_gap",
    "name_order",
    "name_schedule",
    "price_rules",
    "price_savings",
    "price_together",
    "repair_rules",
    "share_amounts",
    "sum_measure",
    "sum_shared",
    "tell_difference",
    "trace_around",
    "trace_frontier",
    "what_if",
]
