"""Decide one unit: from its case to a question, from the answer to a decision with what it is compared with."""

from typing import TYPE_CHECKING

from sourcing.face import attach_face

if TYPE_CHECKING:
    from sourcing.decide.bans import explain_ban
    from sourcing.decide.business_case import (
        STATES,
        BusinessCase,
        build_business_case,
        list_cash_ranges,
        list_contract_ranges,
        list_ladder,
        list_leans,
        spread_plans,
        spread_states,
        take_business,
        weigh_states,
    )
    from sourcing.decide.caution import FRESH_SEED, LIMITED, WORST, WORST_RULE, Caution, list_cash_limits
    from sourcing.decide.decide import (
        Decision,
        answer_question,
        answer_with_caution,
        compare_plan,
        decide_unit,
        pose_question,
        restate_levers,
        restate_rules,
        state_question,
    )
    from sourcing.decide.filled import list_filled
    from sourcing.decide.held import answer_held
    from sourcing.decide.materiality import MATERIAL, SMALL, UNSURE, Materiality, weigh_materiality
    from sourcing.decide.no_plan import NoPlan, explain_refusal, find_no_plan
    from sourcing.decide.questions import list_doubts
    from sourcing.decide.saving import Saving, range_saving, share_of
    from sourcing.decide.scenarios import (
        BASE,
        INFEASIBLE,
        OUT_OF_TIME,
        UNSOUND,
        Scenario,
        compare_scenarios,
        list_scenario_moves,
        solve_scenarios,
    )
    from sourcing.decide.structure import find_origin, shares_money
    from sourcing.decide.today import measure_today
    from sourcing.decide.unit_question import UnitQuestion
    from sourcing.decide.what_ifs import compare_cases, what_if

__all__ = [
    "BASE",
    "FRESH_SEED",
    "INFEASIBLE",
    "LIMITED",
    "MATERIAL",
    "OUT_OF_TIME",
    "SMALL",
    "STATES",
    "UNSOUND",
    "UNSURE",
    "WORST",
    "WORST_RULE",
    "BusinessCase",
    "Caution",
    "Decision",
    "Materiality",
    "NoPlan",
    "Saving",
    "Scenario",
    "UnitQuestion",
    "answer_held",
    "answer_question",
    "answer_with_caution",
    "build_business_case",
    "compare_cases",
    "compare_plan",
    "compare_scenarios",
    "decide_unit",
    "explain_ban",
    "explain_refusal",
    "find_no_plan",
    "find_origin",
    "list_cash_limits",
    "list_cash_ranges",
    "list_contract_ranges",
    "list_doubts",
    "list_filled",
    "list_ladder",
    "list_leans",
    "list_scenario_moves",
    "measure_today",
    "pose_question",
    "range_saving",
    "restate_levers",
    "restate_rules",
    "share_of",
    "shares_money",
    "solve_scenarios",
    "spread_plans",
    "spread_states",
    "state_question",
    "take_business",
    "weigh_materiality",
    "weigh_states",
    "what_if",
]

__getattr__ = attach_face(__name__)
