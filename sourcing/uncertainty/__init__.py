"""Uncertainty: what may come, how far the plan can be trusted, and what is worth finding out."""

from typing import TYPE_CHECKING

from sourcing.face import attach_face

if TYPE_CHECKING:
    from sourcing.uncertainty.caution import CautiousPlan, choose_cautiously, measure_worst, trace_caution
    from sourcing.uncertainty.conditions import FailureRule, find_failure_rule
    from sourcing.uncertainty.futures import Futures, draw_futures
    from sourcing.uncertainty.gaps import list_expectation_gaps
    from sourcing.uncertainty.information import Information, weigh_figures, weigh_information, weigh_solution
    from sourcing.uncertainty.reference_class import load_reference_class, place_case
    from sourcing.uncertainty.risk import cvar, cvar_error, mean_error, value_at_risk
    from sourcing.uncertainty.robustness import Hindsight, choose_in_futures, price_information, rate_decisions
    from sourcing.uncertainty.sensitivity import measure_sensitivity
    from sourcing.uncertainty.standing import (
        count_lost_days,
        describe_saving,
        find_chance_within,
        move_alone,
        range_moves,
        range_plan,
        rank_causes,
        save_in_futures,
    )
    from sourcing.uncertainty.stresses import stress_plan
    from sourcing.uncertainty.study import Study, join_event, study_unit
    from sourcing.uncertainty.waiting import price_waiting

__all__ = [
    "CautiousPlan",
    "FailureRule",
    "Futures",
    "Hindsight",
    "Information",
    "Study",
    "choose_cautiously",
    "choose_in_futures",
    "count_lost_days",
    "cvar",
    "cvar_error",
    "describe_saving",
    "draw_futures",
    "find_chance_within",
    "find_failure_rule",
    "join_event",
    "list_expectation_gaps",
    "load_reference_class",
    "mean_error",
    "measure_sensitivity",
    "measure_worst",
    "move_alone",
    "place_case",
    "price_information",
    "price_waiting",
    "range_moves",
    "range_plan",
    "rank_causes",
    "rate_decisions",
    "save_in_futures",
    "stress_plan",
    "study_unit",
    "trace_caution",
    "value_at_risk",
    "weigh_figures",
    "weigh_information",
    "weigh_solution",
]

__getattr__ = attach_face(__name__)
