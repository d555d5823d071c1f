"""Choice: one alternative per process at the least cost under linear rules, proven and certified."""

from __future__ import annotations

from sourcing.errors import CertificateError, InfeasiblePlanError, NoPlanFoundError
from sourcing.plan.bars import explain_ban
from sourcing.plan.called import call_members, find_kind
from sourcing.plan.certificate import certify
from sourcing.plan.choose import choose
from sourcing.plan.decide import Decision, decide
from sourcing.plan.explain.around import mark_chosen, trace_around
from sourcing.plan.explain.differing import find_alternatives, list_core
from sourcing.plan.explain.flips import flip_decisions
from sourcing.plan.explain.frontier import trace_frontier
from sourcing.plan.explain.numbers import flip_numbers
from sourcing.plan.explain.prices import price_rules
from sourcing.plan.explain.repaired import choose_repaired, list_clashes
from sourcing.plan.explain.what_if import Difference, what_if
from sourcing.plan.objectives import limit_measures
from sourcing.plan.plan import Plan, measure_gap, share_amounts
from sourcing.plan.pulp_model import export_model
from sourcing.plan.reasons import list_breaks, list_swaps
from sourcing.plan.refusal import list_bans_behind, say_outward
from sourcing.plan.structure_of_case import find_origin
from sourcing.plan.way_out import WayOut, find_way_out
from sourcing.plan.where import match_where, parse_where

__all__ = [
    "CertificateError",
    "Decision",
    "Difference",
    "InfeasiblePlanError",
    "NoPlanFoundError",
    "Plan",
    "WayOut",
    "call_members",
    "certify",
    "choose",
    "choose_repaired",
    "decide",
    "explain_ban",
    "export_model",
    "find_alternatives",
    "find_kind",
    "find_origin",
    "find_way_out",
    "flip_decisions",
    "flip_numbers",
    "limit_measures",
    "list_bans_behind",
    "list_breaks",
    "list_clashes",
    "list_core",
    "list_swaps",
    "mark_chosen",
    "match_where",
    "measure_gap",
    "parse_where",
    "price_rules",
    "say_outward",
    "share_amounts",
    "trace_around",
    "trace_frontier",
    "what_if",
]
