"""The road map: moves over time with what they ask of people and money, and what their order is worth."""

from sourcing.program.roadmap.agenda import list_agenda
from sourcing.program.roadmap.dates import date_months, list_quarters
from sourcing.program.roadmap.governance import find_day, find_drift, list_promises_kept
from sourcing.program.roadmap.icalendar import write_icalendar
from sourcing.program.roadmap.known import EXPIRED, LATE, OPEN, REFUTED, find_first_wave, tell_state
from sourcing.program.roadmap.money import Curve
from sourcing.program.roadmap.moves import number_waves
from sourcing.program.roadmap.orders import AT_LAST, AT_ONCE, BEST, FREE, PLANNED
from sourcing.program.roadmap.roadmap import Roadmap, draw_roadmap
from sourcing.program.roadmap.staffing import list_redundancies, staff_program
from sourcing.program.roadmap.workforce import Workforce, plan_workforce

__all__ = [
    "AT_LAST",
    "AT_ONCE",
    "BEST",
    "EXPIRED",
    "FREE",
    "LATE",
    "OPEN",
    "PLANNED",
    "REFUTED",
    "Curve",
    "Roadmap",
    "Workforce",
    "date_months",
    "draw_roadmap",
    "find_day",
    "find_drift",
    "find_first_wave",
    "list_agenda",
    "list_promises_kept",
    "list_quarters",
    "list_redundancies",
    "number_waves",
    "plan_workforce",
    "staff_program",
    "tell_state",
    "write_icalendar",
]
