"""Choice: one alternative per process at the least cost under linear rules, proven and certified."""

from sourcing.errors import CertificateError, InfeasiblePlanError, NoPlanFoundError
from sourcing.plan.certify import certify
from sourcing.plan.choose import choose, choose_repaired
from sourcing.plan.explain import (
    Difference,
    find_alternatives,
    flip_decisions,
    flip_numbers,
    list_breaks,
    list_core,
    list_swaps,
    mark_chosen,
    price_rules,
    trace_around,
    trace_frontier,
    what_if,
)
from sourcing.plan.infeasible import list_clashes, repair_rules
from sourcing.plan.model import KINDS, export_model, limit_measures
from sourcing.plan.plan import Plan, measure_gap, share_amounts, sum_measure

__all__ = [
    "KINDS",
    "CertificateError",
    "Difference",
    "InfeasiblePlanError",
    "NoPlanFoundError",
    "Plan",
    "certify",
    "choose",
    "choose_repaired",
    "export_model",
    "find_alternatives",
    "flip_decisions",
    "flip_numbers",
    "limit_measures",
    "list_breaks",
    "list_clashes",
    "list_core",
    "list_swaps",
    "mark_chosen",
    "measure_gap",
    "price_rules",
    "repair_rules",
    "share_amounts",
    "sum_measure",
    "trace_around",
    "trace_frontier",
    "what_if",
]
