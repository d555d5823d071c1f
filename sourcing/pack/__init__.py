"""The decision pack: charts, sentences, sections and the page that holds them."""

from sourcing.pack import charts
from sourcing.pack.collect import collect, record_decision
from sourcing.pack.judgment import show_criteria, show_postures, show_scores
from sourcing.pack.reasons import say_reasons, say_weakest
from sourcing.pack.renderer import prepare_display
from sourcing.pack.sections import (
    show_additions,
    show_answer,
    show_assumptions,
    show_closing,
    show_decisions,
    show_lines,
    show_provenance,
    show_rules,
    show_scenarios,
    show_set_aside,
    show_states,
)
from sourcing.pack.sentences import say_answer, say_asks, say_bounds, say_limits, say_standing
from sourcing.pack.tables import (
    list_additions,
    list_assumptions,
    list_bars,
    list_bridge,
    list_decisions,
    list_limits,
    list_postures,
    list_scenarios,
    list_set_aside,
    list_standings,
    list_states,
    list_years,
)

__all__ = [
    "charts",
    "collect",
    "list_additions",
    "list_assumptions",
    "list_bars",
    "list_bridge",
    "list_decisions",
    "list_limits",
    "list_postures",
    "list_scenarios",
    "list_set_aside",
    "list_standings",
    "list_states",
    "list_years",
    "prepare_display",
    "record_decision",
    "say_answer",
    "say_asks",
    "say_bounds",
    "say_limits",
    "say_reasons",
    "say_standing",
    "say_weakest",
    "show_additions",
    "show_answer",
    "show_assumptions",
    "show_closing",
    "show_criteria",
    "show_decisions",
    "show_lines",
    "show_postures",
    "show_provenance",
    "show_rules",
    "show_scenarios",
    "show_scores",
    "show_set_aside",
    "show_states",
]
