"""The decision pack: charts, sentences, sections and the page that holds them."""

from sourcing.pack import charts, deal_charts, judgment_charts
from sourcing.pack.assessment import (
    list_confidence,
    list_weights,
    say_confidence,
    show_agreement,
    show_confidence,
    show_homes,
    show_partners,
    show_weights,
)
from sourcing.pack.basis import (
    show_additions,
    show_assumptions,
    show_deals,
    show_provenance,
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
from sourcing.pack.business import (
    BusinessCase,
    build_business_case,
    list_cash_ranges,
    list_contract_ranges,
    list_ladder,
    list_leans,
)
from sourcing.pack.choices_open import list_frontier_choices, show_frontier, show_others
from sourcing.pack.collect import collect, record_decision
from sourcing.pack.deal_sections import (
    draw_or_say,
    say_block,
    say_business,
    say_contracts,
    show_contracts,
    show_moves,
    show_providers,
    show_ranges,
    show_zone_edges,
)
from sourcing.pack.excel import export_cash, write_cash_workbook
from sourcing.pack.exits import list_exits, show_conflicts, show_exits
from sourcing.pack.explained import list_flips, list_frontier, list_numbers, list_prices, list_rulebook, list_stable
from sourcing.pack.families import list_families, show_families
from sourcing.pack.figures_used import list_figures, list_sources, show_figures
from sourcing.pack.flip_words import say_flips
from sourcing.pack.judgment import show_criteria, show_postures, show_scores
from sourcing.pack.judgment_tables import list_gaps, list_shares, list_spread
from sourcing.pack.lines import list_lines, show_lines
from sourcing.pack.oddities import list_oddities, say_oddities, show_oddities
from sourcing.pack.questions import say_questions, show_contradictions, show_evidence, show_reversals
from sourcing.pack.reasons import say_reasons, say_weakest
from sourcing.pack.renderer import prepare_display
from sourcing.pack.rulebook import show_rules
from sourcing.pack.seal import say_seal, show_seal
from sourcing.pack.sections import (
    show_answer,
    show_closing,
    show_decisions,
    show_scenarios,
    show_states,
)
from sourcing.pack.sentences import say_answer, say_asks, say_bounds, say_limits, say_standing
from sourcing.pack.service_sections import show_peaks, show_regions, show_services
from sourcing.pack.situation import (
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
    "BusinessCase",
    "build_business_case",
    "charts",
    "collect",
    "deal_charts",
    "draw_or_say",
    "export_cash",
    "judgment_charts",
    "list_additions",
    "list_as_is",
    "list_assumptions",
    "list_bars",
    "list_bridge",
    "list_cash_ranges",
    "list_confidence",
    "list_contract_ranges",
    "list_deals",
    "list_decisions",
    "list_exits",
    "list_families",
    "list_figures",
    "list_flips",
    "list_frontier",
    "list_frontier_choices",
    "list_gaps",
    "list_given",
    "list_health",
    "list_ladder",
    "list_leans",
    "list_limits",
    "list_lines",
    "list_numbers",
    "list_oddities",
    "list_postures",
    "list_prices",
    "list_road_map",
    "list_rulebook",
    "list_scenarios",
    "list_set_aside",
    "list_shares",
    "list_situation",
    "list_sources",
    "list_spread",
    "list_stable",
    "list_standings",
    "list_states",
    "list_weights",
    "list_years",
    "prepare_display",
    "record_decision",
    "say_answer",
    "say_as_is",
    "say_asks",
    "say_block",
    "say_bounds",
    "say_business",
    "say_confidence",
    "say_contracts",
    "say_flips",
    "say_gate",
    "say_limits",
    "say_oddities",
    "say_questions",
    "say_reasons",
    "say_seal",
    "say_standing",
    "say_weakest",
    "show_additions",
    "show_agreement",
    "show_answer",
    "show_as_is",
    "show_assumptions",
    "show_closing",
    "show_confidence",
    "show_conflicts",
    "show_contracts",
    "show_contradictions",
    "show_criteria",
    "show_deals",
    "show_decisions",
    "show_evidence",
    "show_exits",
    "show_families",
    "show_figures",
    "show_frontier",
    "show_health",
    "show_homes",
    "show_lines",
    "show_moves",
    "show_oddities",
    "show_others",
    "show_partners",
    "show_peaks",
    "show_postures",
    "show_provenance",
    "show_providers",
    "show_ranges",
    "show_regions",
    "show_reversals",
    "show_road_map",
    "show_rules",
    "show_scenarios",
    "show_scores",
    "show_seal",
    "show_services",
    "show_set_aside",
    "show_situation",
    "show_states",
    "show_weights",
    "show_zone_edges",
    "write_cash_workbook",
]
