"""Choice: one alternative per process at the least cost under linear rules, proven and certified."""

from __future__ import annotations

from sourcing.errors import CertificateError, InfeasiblePlanError, NoPlanFoundError
from sourcing.plan.certificate import certify
from sourcing.plan.choose import choose
from sourcing.plan.decide import Decision, decide
from sourcing.plan.objectives import limit_measures
from sourcing.plan.plan import Plan, measure_gap, share_amounts
from sourcing.plan.pulp_model import export_model
from sourcing.plan.reasons import list_breaks, list_swaps
from sourcing.plan.where import match_where

__all__ = [
    "CertificateError",
    "Decision",
    "InfeasiblePlanError",
    "NoPlanFoundError",
    "Plan",
    "certify",
    "choose",
    "decide",
    "export_model",
    "limit_measures",
    "list_breaks",
    "list_swaps",
    "match_where",
    "measure_gap",
    "share_amounts",
]
