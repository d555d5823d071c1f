"""What the answer rests on: assumptions, figures, oddities, provenance."""

from sourcing.pack.basis.figures import list_figures, list_sources, show_figures
from sourcing.pack.basis.oddities import list_oddities, say_oddities, show_oddities
from sourcing.pack.basis.sections import (
    show_additions,
    show_assumptions,
    show_certificate,
    show_deals,
    show_provenance,
    show_set_aside,
)
from sourcing.pack.basis.tables import (
    list_additions,
    list_assumptions,
    list_bars,
    list_deals,
    list_given,
    list_set_aside,
)

__all__ = [
    "list_additions",
    "list_assumptions",
    "list_bars",
    "list_deals",
    "list_figures",
    "list_given",
    "list_oddities",
    "list_set_aside",
    "list_sources",
    "say_oddities",
    "show_additions",
    "show_assumptions",
    "show_certificate",
    "show_deals",
    "show_figures",
    "show_oddities",
    "show_provenance",
    "show_set_aside",
]
