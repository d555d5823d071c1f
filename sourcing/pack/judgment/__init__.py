"""Judgment: criteria and scores, weights, postures, conflicts, readiness, questions; and today's delivery."""

from sourcing.pack.judgment import charts
from sourcing.pack.judgment.conflicts import list_exits, show_conflicts, show_exits
from sourcing.pack.judgment.questions import say_questions, show_contradictions, show_evidence, show_reversals
from sourcing.pack.judgment.readiness import (
    list_as_is,
    list_health,
    list_road_map,
    list_situation,
    say_as_is,
    say_gate,
    show_as_is,
    show_health,
    show_road_map,
    show_situation,
)
from sourcing.pack.judgment.scores import say_seal, show_criteria, show_postures, show_scores, show_seal
from sourcing.pack.judgment.tables import list_gaps, list_postures, list_shares, list_spread, list_standings
from sourcing.pack.judgment.weights import (
    list_confidence,
    list_weights,
    say_confidence,
    show_agreement,
    show_confidence,
    show_homes,
    show_partners,
    show_weights,
)

__all__ = [
    "charts",
    "list_as_is",
    "list_confidence",
    "list_exits",
    "list_gaps",
    "list_health",
    "list_postures",
    "list_road_map",
    "list_shares",
    "list_situation",
    "list_spread",
    "list_standings",
    "list_weights",
    "say_as_is",
    "say_confidence",
    "say_gate",
    "say_questions",
    "say_seal",
    "show_agreement",
    "show_as_is",
    "show_confidence",
    "show_conflicts",
    "show_contradictions",
    "show_criteria",
    "show_evidence",
    "show_exits",
    "show_health",
    "show_homes",
    "show_partners",
    "show_postures",
    "show_reversals",
    "show_road_map",
    "show_scores",
    "show_seal",
    "show_situation",
    "show_weights",
]
