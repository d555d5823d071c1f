"""The decision pack: charts, sentences, sections and the page that holds them."""

from sourcing.pack import charts
from sourcing.pack.basis import (
    show_additions,
    show_assumptions,
    show_deals,
    show_provenance,
    show_rules,
    show_set_aside,
)
from sourcing.pack.basis_tables import (
    list_additions,
    list_assumptions,
    list_bars,
    list_deals,
    list_given,
    list_set_aside,
)
from sourcing.pack.collect import collect, record_decision
from sourcing.pack.families import list_families, show_families
from sourcing.pack.figures_used import list_figures, list_sources, show_figures
from sourcing.pack.judgment import show_criteria, show_postures, show_scores
from sourcing.pack.lines import list_lines, show_lines
from sourcing.pack.oddities import list_oddities, say_oddities, show_oddities
from sourcing.pack.reasons import say_reasons, say_weakest
from sourcing.pack.renderer import prepare_display
from sourcing.pack.sections import (
    show_answer,
    show_closing,
    show_decisions,
    show_scenarios,
    show_states,
)
from sourcing.pack.sentences import say_answer, say_asks, say_bounds, say_limits, say_standing
from sourcing.pack.tables import (
    list_bridge,
    list_decisions,
    list_limits,
    list_postures,
    list_scenarios,
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
    "list_deals",
    "list_decisions",
    "list_families",
    "list_figures",
    "list_given",
    "list_limits",
    "list_lines",
    "list_oddities",
    "list_postures",
    "list_scenarios",
    "list_set_aside",
    "list_sources",
    "list_standings",
    "list_states",
    "list_years",
    "prepare_display",
    "record_decision",
    "say_answer",
    "say_asks",
    "say_bounds",
    "say_limits",
    "say_oddities",
    "say_reasons",
    "say_standing",
    "say_weakest",
    "show_additions",
    "show_answer",
    "show_assumptions",
    "show_closing",
    "show_criteria",
    "show_deals",
    "show_decisions",
    "show_families",
    "show_figures",
    "show_lines",
    "show_oddities",
    "show_postures",
    "show_provenance",
    "show_rules",
    "show_scenarios",
    "show_scores",
    "show_set_aside",
    "show_states",
]
