"""How sure the plan is: the spread of what it saves, the decisions that hold, the figures that move most money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.block import Block, Shown, say_block, show_table
from sourcing.pack.parts import Parts, head_block, join_parts, set_half
from sourcing.pack.uncertainty import draw_saving, list_causes, say_chance, say_firmness

if TYPE_CHECKING:
    from sourcing.uncertainty import Study

SHOWN = 5


def show_sureness(study: Study) -> Parts:
    """Show how often the plan saves how much, which decisions are firm, and what moves most money."""
    return join_parts(
        head_block("How sure is it?"),
        say_block(say_chance(study), say_firmness(study)),
        set_half(draw_saving(study)),
        set_half(_show_causes(study)),
    )


def _show_causes(study: Study) -> Block:
    columns = [
        Shown("title", "What moves most money"),
        Shown("at_low", "Saved if low, or not", "money"),
        Shown("at_high", "If high, or it happens", "money"),
    ]
    return show_table(
        list_causes(study).head(SHOWN),
        columns,
        study.decision.case.unit["currency"],
        caption="Cash and losses together, on average over the futures at each end.",
        empty="Nothing moves what the plan saves.",
    )
