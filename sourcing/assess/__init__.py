"""Judgment: criteria, indices, posture and vetoes."""

from sourcing.assess.indices import INDICES, place_on_scale, score_indices, weigh_criteria
from sourcing.assess.posture import load_postures, map_postures
from sourcing.assess.vetoes import bar_options, date_valuation, list_vetoes

__all__ = [
    "INDICES",
    "bar_options",
    "date_valuation",
    "list_vetoes",
    "load_postures",
    "map_postures",
    "place_on_scale",
    "score_indices",
    "weigh_criteria",
]
