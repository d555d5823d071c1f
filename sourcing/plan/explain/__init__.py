"""Answers about a plan: prices of rules, flips, near-optimal plans, the frontier, what if."""

from sourcing.plan.explain.around import mark_chosen
from sourcing.plan.explain.cache import AnswerCache
from sourcing.plan.explain.differences import Difference, change_rule, tell_difference
from sourcing.plan.explain.explanation import (
    Explanation,
    explain,
    find_alternatives,
    find_near_optimal_plans,
    flip_decisions,
    flip_numbers,
    list_core,
    price_rules,
    price_savings,
    price_together,
    trace_around,
    what_if,
)
from sourcing.plan.explain.frontier import trace_frontier
from sourcing.plan.explain.recosted import Recosted, choose_again
from sourcing.plan.explain.swaps import list_breaks, list_swaps

__all__ = [
    "AnswerCache",
    "Difference",
    "Explanation",
    "Recosted",
    "change_rule",
    "choose_again",
    "explain",
    "find_alternatives",
    "find_near_optimal_plans",
    "flip_decisions",
    "flip_numbers",
    "list_breaks",
    "list_core",
    "list_swaps",
    "mark_chosen",
    "price_rules",
    "price_savings",
    "price_together",
    "tell_difference",
    "trace_around",
    "trace_frontier",
    "what_if",
]
