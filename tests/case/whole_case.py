"""The tiny case with a row in every table of the dictionary, as texts: what broken cases are broken from."""

from __future__ import annotations

from functools import cache

import pandas as pd

from sourcing.case.load import conform_tables, read_folder
from tests.conftest import TINY

UNIT = {"business_unit": "alpha"}
WHOLE = {
    "actuals": [
        {**UNIT, "process": "payroll", "month": "2025-03-01", "option": "shared", "heads": "10", "wage": "50000"},
    ],
    "feedback": [
        {**UNIT, "process": "payroll", "date": "2025-03-09", "party": "PayCo", "what": "Late hours", "asked": "yes"},
    ],
    "suggestions": [
        {**UNIT, "suggestion": "self_service", "process": "payroll", "from_whom": "PayCo", "what": "Payslips on line",
         "starts": "2025-07-01", "cost": "30000", "benefit_per_year": "18000", "status": "open"},
    ],
    "options": [
        {**UNIT, "process": "payroll", "option": "venture", "name": "Venture", "delivery_model": "outsource",
         "owner_type": "joint_venture", "owner": "PayVenture", "location": "USA", "contract_form": "joint_venture",
         "contract": "frame", "price_per_year": "320000", "transition_cost": "60000", "transition_months": "6"},
    ],
    "pairwise": [
        {"assessor": "board", "criterion_a": "standard", "criterion_b": "supply", "ratio": "3"},
    ],
    "criteria": [
        {"criterion": "standard", "index": "own_capability", "name": "Standard", "weight": "1", "direction": "up"},
        {"criterion": "supply", "index": "own_capability", "name": "Supply", "weight": "1", "direction": "up"},
        {"criterion": "trust", "index": "partnership", "name": "Trust", "weight": "1", "direction": "up"},
    ],
    "weights": [{"criterion": "commodity", "assessor": "operations", "points": "10"}],
    "readiness": [
        {**UNIT, "question": "executive_commitment", "assessor": "leadership", "score": "4", "due": "2026-03-01"},
    ],
    "deals": [
        {**UNIT, "process": "travel", "deal": "TripCo 2020", "months_left": "6", "minimum_per_year": "1000",
         "break_fee": "2000"},
    ],
    "processes": [
        {**UNIT, "process": "travel", "name": "Travel", "function": "Finance", "headcount_fte": "3",
         "customer_contact_share": "0.1", "data_class": "internal", "as_is_option": "today", "volume_per_year": "900",
         "volume_unit": "trips"},
        {**UNIT, "process": "audit", "name": "Audit", "function": "Finance", "headcount_fte": "2",
         "data_class": "confidential", "as_is_option": "stay", "cost_pool": "hall", "divisible": "yes"},
    ],
    "scores": [
        {**UNIT, "process": process, "criterion": criterion, "assessor": "operations", "score": score}
        for process in ("travel", "audit")
        for criterion, score in (("commodity", "4"), ("core", "2"), ("critical", "2"), ("ready", "4"))
    ],
    "locations": [
        {"location": "annex", "name": "Annex", "country": "USA", "location_risk": "0.1", "region": "South"},
    ],
    "improvements": [
        {**UNIT, "process": "research", "most_saved_share": "0.2", "half_investment": "50000", "levels": "2"},
    ],
    "rules": [
        {**UNIT, "rule": "half of the people stay", "measure": "own_fte", "sense": ">=", "limit": "0.1",
         "relative_to": "own_fte", "priority": "3"},
        {**UNIT, "rule": "at most five with each owner", "measure": "count", "where": "country == 'USA'",
         "sense": "<=", "limit": "5", "for_each": "owner"},
    ],
    "vetoes": [
        {**UNIT, "veto": "audit_stays_ours", "process": "audit", "owner_type": "provider",
         "reason_code": "own", "reason": "Auditors are ours.", "owner": "head", "expires": "2027-12-31"},
    ],
    "locks": [
        {**UNIT, "lock": "audit_stays_at_home", "process": "audit", "kind": "never", "option": "shared",
         "reason": "Files stay at the head office.", "owner": "head"},
    ],
    "scenarios": [
        {**UNIT, "scenario": "PayCo is dearer", "change": "quote", "process": "payroll", "delivered_by": "PayCo",
         "times": "1.1", "reason": "It may ask for more.", "owner": "purchasing"},
    ],
    "wage_paths": [{**UNIT, "country": "USA", "wage_growth": "0.02"}],
    "transitions": [{**UNIT, "process": "travel", "option": "back", "travel_cost": "1000", "severed_share": "0.1"}],
    "quotes": [
        {**UNIT, "process": "travel", "option": "agency", "per": "transaction", "low": "150", "likely": "160",
         "high": "180"},
    ],
    "contracts": [{**UNIT, "contract": "frame", "term_months": "12", "profit_share": "0.4"}],
    "losses": [{**UNIT, "process": "travel", "loss_per_day": "100"}],
    "capacity": [
        {**UNIT, "process": "help_desk", "peak_to_average": "1.2", "peak_months": "2", "calls_per_hour": "60",
         "handling_minutes": "5"},
    ],
    "services": [{**UNIT, "service": "trips", "name": "Trips booked", "availability": "0.9"}],
    "service_parts": [{**UNIT, "service": "trips", "process": "travel"}],
    "service_levels": [
        {**UNIT, "process": "travel", "option": option, "measure": "availability", "expected": "0.98"}
        for option in ("today", "back", "agency")
    ],
    "bands": [{**UNIT, "process": "travel", "measure": "availability", "good_from": "0.99", "bad_from": "0.9"}],
    "ranges": [{**UNIT, "figure": "prices", "low": "0.98", "likely": "1", "high": "1.1"}],
    "stresses": [{**UNIT, "stress": "wage round", "kind": "figure", "of": "wages", "size": "1.15", "meaning": "dear"}],
    "assumptions": [
        {**UNIT, "assumption": "time to move", "figure": "transition_months", "stated_as": "ratio"}
        | {"low": "0.8", "likely": "1", "high": "1.2"}
    ],
    "links": [{**UNIT, "process_a": "travel", "process_b": "audit", "traffic": "100"}],
    "providers": [{**UNIT, "provider": "PayCo", "capacity_fte": "40", "fixed_cost_per_year": "1000"}],
    "provider_scores": [
        {**UNIT, "provider": "PayCo", "criterion": "trust", "assessor": "buyer", "score": "4"},
        {**UNIT, "provider": "DeskCo", "criterion": "trust", "assessor": "buyer", "score": "3"},
    ],
    "price_tiers": [
        {**UNIT, "provider": "PayCo", "threshold": "100000", "discount_share": "0.02"},
        {**UNIT, "provider": "PayCo", "threshold": "300000", "discount_share": "0.05"},
    ],
    "cost_pools": [{**UNIT, "pool": "hall", "cost_per_year": "5000"}],
    "calendar": [
        {**UNIT, "wave": "1", "start": "2025-01-01", "knowledge_transfer_hours": "900"},
        {**UNIT, "wave": "2", "start": "2025-04-01", "transition_budget": "500000"},
    ],
    "orders": [
        {**UNIT, "kind": "apart", "process_a": "audit", "process_b": "travel", "column": "owner"},
        {**UNIT, "kind": "not_before", "process_a": "travel", "process_b": "payroll", "lag": "0"},
    ],
    "signoffs": [
        {**UNIT, "process": "travel", "role": "service lead", "faces_customer": "yes", "signed": "yes",
         "date": "2024-12-01"},
    ],
    "governance": [
        {**UNIT, "provider": "DeskCo", "kind": "executive_meeting", "subject": "board", "planned": "2025-07-01",
         "held": "2025-07-02"},
        {**UNIT, "provider": "DeskCo", "kind": "key_person", "subject": "service lead", "planned": "2025-07-01",
         "left_on": "2025-06-01"},
    ],
    "policy": [{**UNIT, "name": "core_threshold", "value": "0.6"}],
}  # fmt: skip
"""Rows that come to those of the tiny case."""
OPTIONS = [
    ("travel", "today", "outsource", "provider", "TripCo", "USA", "", "150000"),
    ("travel", "back", "in_house", "own", "own", "head_office", "52000", ""),
    ("travel", "agency", "outsource", "provider", "TravelCo", "USA", "", ""),
    ("audit", "stay", "in_house", "own", "own", "head_office", "70000", ""),
    ("audit", "shared", "onshore", "own", "own", "annex", "65000", ""),
    ("audit", "provider", "outsource", "provider", "AuditCo", "USA", "", "100000"),
]
"""Further options: process, option, delivery model, owner type, owner, location, labor cost a head, price."""
PLACES = ("own@head_office", "own@annex", "TripCo@USA", "TravelCo@USA", "AuditCo@USA")
"""Places of the two linked processes of alpha; each pair has a cost."""


@cache
def write_whole() -> dict[str, pd.DataFrame]:
    """Every table of the dictionary with a row at least, as texts; only read what it returns."""
    tables = dict(read_folder(TINY))
    columns = ("process", "option", "delivery_model", "owner_type", "owner", "location", "labor_cost_per_fte",
               "price_per_year")  # fmt: skip
    rows = {
        **WHOLE,
        "options": [UNIT | dict(zip(columns, option, strict=True)) for option in OPTIONS] + WHOLE["options"],
        "handoff_costs": [
            {"place_a": a, "place_b": b, "cost": "2"} for k, a in enumerate(PLACES) for b in PLACES[k + 1 :]
        ],
    }
    for name, added in rows.items():
        new = pd.DataFrame(added, dtype=str)
        old = tables.get(name, new.iloc[:0])
        whole = pd.concat([old, new], ignore_index=True).fillna("")
        tables[name] = whole.set_axis(range(2, len(whole) + 2))
    tables["processes"] = tables["processes"].assign(labor_cost_today_per_fte="")
    tables["processes"].loc[2, "labor_cost_today_per_fte"] = "50000"
    return tables


@cache
def conform_whole() -> dict[str, pd.DataFrame]:
    """The same tables conformed; they are sound and nothing about them is asked."""
    tables, problems = conform_tables(write_whole())
    assert not problems, problems
    return tables
