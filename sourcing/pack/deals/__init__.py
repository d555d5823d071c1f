"""Deals: returns of moves, contracts from both sides, leaving early, services, peaks and regions."""

from sourcing.pack.deals import charts
from sourcing.pack.deals.breaks import say_breaks, show_breaks, show_running_breaks
from sourcing.pack.deals.negotiation import list_negotiations, show_negotiations
from sourcing.pack.deals.sections import (
    draw_or_say,
    say_business,
    say_contracts,
    show_contracts,
    show_moves,
    show_providers,
    show_ranges,
    show_zone_edges,
)
from sourcing.pack.deals.services import show_peaks, show_regions, show_services

__all__ = [
    "charts",
    "draw_or_say",
    "list_negotiations",
    "say_breaks",
    "say_business",
    "say_contracts",
    "show_breaks",
    "show_contracts",
    "show_moves",
    "show_negotiations",
    "show_peaks",
    "show_providers",
    "show_ranges",
    "show_regions",
    "show_running_breaks",
    "show_services",
    "show_zone_edges",
]
