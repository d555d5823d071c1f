"""The program in words, tables and charts: what changed between two runs, and why."""

from sourcing.pack.program.review_page import name_runs, render_review, write_review
from sourcing.pack.program.review_sections import (
    draw_causes_of_change,
    list_cause_shares,
    show_causes_of_change,
    show_changes,
    show_comparison,
    show_decision_changes,
    show_money_changes,
)
from sourcing.pack.program.review_words import say_comparison, say_effort, say_review

__all__ = [
    "draw_causes_of_change",
    "list_cause_shares",
    "name_runs",
    "render_review",
    "say_comparison",
    "say_effort",
    "say_review",
    "show_causes_of_change",
    "show_changes",
    "show_comparison",
    "show_decision_changes",
    "show_money_changes",
    "write_review",
]
