"""The road map of a program in words, tables, charts and files."""

from sourcing.pack.roadmap.files import PROGRAM_HEADS, list_program_tables, write_calendar
from sourcing.pack.roadmap.register import KINDS, TONES, name_assumptions, say_register, show_register
from sourcing.pack.roadmap.sections import (
    draw_as_is_to_be,
    draw_cash_curve,
    draw_gantt,
    draw_load,
    draw_one_off,
    draw_people,
    say_roadmap,
    show_governance,
    show_order_worth,
    show_people,
    show_program_moves,
    show_readout,
    show_signoffs,
    show_waves,
    show_workforce,
)
from sourcing.pack.roadmap.words import NO_MOVES, say_blocked, say_overload

__all__ = [
    "KINDS",
    "NO_MOVES",
    "PROGRAM_HEADS",
    "TONES",
    "draw_as_is_to_be",
    "draw_cash_curve",
    "draw_gantt",
    "draw_load",
    "draw_one_off",
    "draw_people",
    "list_program_tables",
    "name_assumptions",
    "say_blocked",
    "say_overload",
    "say_register",
    "say_roadmap",
    "show_governance",
    "show_order_worth",
    "show_people",
    "show_program_moves",
    "show_readout",
    "show_register",
    "show_signoffs",
    "show_waves",
    "show_workforce",
    "write_calendar",
]
