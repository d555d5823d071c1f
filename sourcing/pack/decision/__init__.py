"""The decision: answer, reasons, flips, rulebook, lines, near-optimal plans, charts, record and workbook."""

from sourcing.pack.decision import charts, frontier
from sourcing.pack.decision.answer import say_answer, say_asks, say_bounds, say_limits, say_standing
from sourcing.pack.decision.attitude import say_attitude
from sourcing.pack.decision.families import list_families, show_families
from sourcing.pack.decision.flips import say_flips
from sourcing.pack.decision.losses import list_losses, say_losses, show_losses
from sourcing.pack.decision.near_optimal import list_frontier_choices, say_frontier, show_frontier, show_others
from sourcing.pack.decision.questions import TOPIC_NAMES, list_questions, show_questions
from sourcing.pack.decision.reasons import say_concentration, say_reasons, say_weakest
from sourcing.pack.decision.record import (
    MIME,
    collect,
    collect_plan,
    drop_inputs,
    dump_json,
    read_decision,
    record_decision,
    write_decision,
    write_records,
)
from sourcing.pack.decision.rulebook import show_rules
from sourcing.pack.decision.scenarios import list_scenario_rows, show_scenario_cards
from sourcing.pack.decision.sections import (
    show_answer,
    show_closing,
    show_decisions,
    show_lines,
    show_scenarios,
    show_states,
)
from sourcing.pack.decision.tables import (
    list_bridge,
    list_decisions,
    list_limits,
    list_lines,
    list_scenarios,
    list_states,
)
from sourcing.pack.decision.workbook import export_cash, say_workbook, write_cash_workbook

__all__ = [
    "MIME",
    "TOPIC_NAMES",
    "charts",
    "collect",
    "collect_plan",
    "drop_inputs",
    "dump_json",
    "export_cash",
    "frontier",
    "list_bridge",
    "list_decisions",
    "list_families",
    "list_frontier_choices",
    "list_limits",
    "list_lines",
    "list_losses",
    "list_questions",
    "list_scenario_rows",
    "list_scenarios",
    "list_states",
    "read_decision",
    "record_decision",
    "say_answer",
    "say_asks",
    "say_attitude",
    "say_bounds",
    "say_concentration",
    "say_flips",
    "say_frontier",
    "say_limits",
    "say_losses",
    "say_reasons",
    "say_standing",
    "say_weakest",
    "say_workbook",
    "show_answer",
    "show_closing",
    "show_decisions",
    "show_families",
    "show_frontier",
    "show_lines",
    "show_losses",
    "show_others",
    "show_questions",
    "show_rules",
    "show_scenario_cards",
    "show_scenarios",
    "show_states",
    "write_cash_workbook",
    "write_decision",
    "write_records",
]
