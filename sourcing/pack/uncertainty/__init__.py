"""What may come, in words, tables and charts."""

from sourcing.pack.uncertainty import charts
from sourcing.pack.uncertainty.sections import (
    draw_causes,
    draw_caution,
    draw_saving,
    list_causes,
    list_caution,
    list_saving_bins,
    show_causes,
    show_caution,
    show_chances,
    show_class,
    show_failure,
    show_firmness,
    show_gaps,
    show_information,
    show_limit,
    show_stresses,
    show_waiting,
)
from sourcing.pack.uncertainty.words import name_figures, say_chance, say_failure, say_firmness, say_first_questions

__all__ = [
    "charts",
    "draw_causes",
    "draw_caution",
    "draw_saving",
    "list_causes",
    "list_caution",
    "list_saving_bins",
    "name_figures",
    "say_chance",
    "say_failure",
    "say_firmness",
    "say_first_questions",
    "show_causes",
    "show_caution",
    "show_chances",
    "show_class",
    "show_failure",
    "show_firmness",
    "show_gaps",
    "show_information",
    "show_limit",
    "show_stresses",
    "show_waiting",
]
