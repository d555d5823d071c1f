"""The spine of a decision pack: four pages that say what, how much, how sure, what would change it, what is asked."""

from sourcing.pack.spine.asks import list_asks, show_asks
from sourcing.pack.spine.assumptions import show_agreed, show_clearing
from sourcing.pack.spine.considered import list_considered, show_considered
from sourcing.pack.spine.levers import list_levers, show_levers
from sourcing.pack.spine.money import list_short_bridge, show_money
from sourcing.pack.spine.moves import list_spine_moves, show_what_moves
from sourcing.pack.spine.recommendation import (
    list_tiles,
    say_recommendation,
    show_facts,
    show_header,
    show_recommendation,
)
from sourcing.pack.spine.risks import list_risks, show_risks
from sourcing.pack.spine.sureness import show_sureness
from sourcing.pack.spine.timeline import show_timeline

__all__ = [
    "list_asks",
    "list_considered",
    "list_levers",
    "list_risks",
    "list_short_bridge",
    "list_spine_moves",
    "list_tiles",
    "say_recommendation",
    "show_agreed",
    "show_asks",
    "show_clearing",
    "show_considered",
    "show_facts",
    "show_header",
    "show_levers",
    "show_money",
    "show_recommendation",
    "show_risks",
    "show_sureness",
    "show_timeline",
    "show_what_moves",
]
