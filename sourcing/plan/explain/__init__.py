"""Answers about a plan: prices of rules, flips, near-optimal plans, the frontier, what if."""

from sourcing.plan.explain.around import mark_chosen, trace_around
from sourcing.plan.explain.flips import flip_decisions
from sourcing.plan.explain.frontier import trace_frontier
from sourcing.plan.explain.near_optimal import find_alternatives, list_core
from sourcing.plan.explain.prices import price_rules
from sourcing.plan.explain.swaps import list_breaks, list_swaps
from sourcing.plan.explain.thresholds import flip_numbers
from sourcing.plan.explain.what_if import Difference

__all__ = [
    "Difference",
    "find_alternatives",
    "flip_decisions",
    "flip_numbers",
    "list_breaks",
    "list_core",
    "list_swaps",
    "mark_chosen",
    "price_rules",
    "trace_around",
    "trace_frontier",
]
