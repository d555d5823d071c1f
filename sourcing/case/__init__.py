"""What the analyst supplies and believes: tables, levers, reference figures."""

from sourcing.case.defaults import fill_deals, fill_options, fill_terms
from sourcing.case.dictionary import load_dictionary, supplied_tables
from sourcing.case.generate import is_place_bound
from sourcing.case.load import Case, check_case, find_case, load_case
from sourcing.case.mark import mark_problems
from sourcing.case.policy import BUDGET_RULE, RISK_RULE, Outlook, Policy, list_levers, pick_levers, settle
from sourcing.case.reference import country_risk, load_reference
from sourcing.case.save import save_case
from sourcing.case.seal import SealState, check_seal, seal_case

__all__ = [
    "BUDGET_RULE",
    "RISK_RULE",
    "Case",
    "Outlook",
    "Policy",
    "SealState",
    "check_case",
    "check_seal",
    "country_risk",
    "fill_deals",
    "fill_options",
    "fill_terms",
    "find_case",
    "is_place_bound",
    "list_levers",
    "load_case",
    "load_dictionary",
    "load_reference",
    "mark_problems",
    "pick_levers",
    "save_case",
    "seal_case",
    "settle",
    "supplied_tables",
]
