"""Judgment: criteria, weights, indices, evidence, posture, vetoes, locks and readiness."""

from sourcing.assess.acceptability import POSTURES, Acceptability, draw_weights, sample_postures
from sourcing.assess.agreement import list_agreement, list_dissent, list_habits, measure_concordance
from sourcing.assess.best_worst import BestWorstWeights, best_worst_weights
from sourcing.assess.conflicts import (
    COMPETITOR,
    RIVAL,
    bar_conflicts,
    find_customer_records,
    list_conflicts,
    weigh_conflicts,
)
from sourcing.assess.contradictions import find_contradictions, list_unasked
from sourcing.assess.evidence import propose_scores
from sourcing.assess.indices import INDICES, combine_scores, score_indices
from sourcing.assess.judgment import Judgment, list_reversals
from sourcing.assess.locks import bar_locked
from sourcing.assess.pairwise import PairwiseWeights, combine_judgments, pairwise_weights, random_index
from sourcing.assess.partnership import rate_partners, score_partners
from sourcing.assess.posture import load_homes, load_postures, map_postures, require_service
from sourcing.assess.readiness import GATE, Situation, assess_situation, bar_transfers, list_late_steps, load_questions
from sourcing.assess.scale import place_on_scale
from sourcing.assess.vetoes import LATE, bar_leaving, bar_options, date_valuation, join_reasons, list_vetoes
from sourcing.assess.weights import STATED, Weights, combine_priorities, settle_weights, weigh_criteria, weigh_points

__all__ = [
    "COMPETITOR",
    "GATE",
    "INDICES",
    "LATE",
    "POSTURES",
    "RIVAL",
    "STATED",
    "Acceptability",
    "BestWorstWeights",
    "Judgment",
    "PairwiseWeights",
    "Situation",
    "Weights",
    "assess_situation",
    "bar_conflicts",
    "bar_leaving",
    "bar_locked",
    "bar_options",
    "bar_transfers",
    "best_worst_weights",
    "combine_judgments",
    "combine_priorities",
    "combine_scores",
    "date_valuation",
    "draw_weights",
    "find_contradictions",
    "find_customer_records",
    "join_reasons",
    "list_agreement",
    "list_conflicts",
    "list_dissent",
    "list_habits",
    "list_late_steps",
    "list_reversals",
    "list_unasked",
    "list_vetoes",
    "load_homes",
    "load_postures",
    "load_questions",
    "map_postures",
    "measure_concordance",
    "pairwise_weights",
    "place_on_scale",
    "propose_scores",
    "random_index",
    "rate_partners",
    "require_service",
    "sample_postures",
    "score_indices",
    "score_partners",
    "settle_weights",
    "weigh_conflicts",
    "weigh_criteria",
    "weigh_points",
]
