"""How sure the plan is: the spread of what it saves, the decisions that hold, the figures that move most money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.block import Block, Shown, say_block, show_table
from sourcing.pack.parts import Parts, head_block, join_parts, set_half
from sourcing.pack.uncertainty import draw_saving, list_causes, say_firmness

if TYPE_CHECKING:
    from sourcing.uncertainty import Study

SHOWN = 5
SCORES_STAND = "Firm or open is said of the money: scores and rules are taken as they stand."


def show_sureness(study: Study) -> Parts:
    """Show how often the plan saves how much, which decisions are firm, and what moves most money."""
    return join_parts(
        head_block("How sure is it?"),
        say_block(say_firmness(study), SCORES_STAND),
        set_half(draw_saving(study)),
        set_half(_show_causes(study)),
    )


def _show_causes(study: Study) -> Block:
    columns = [
        Shown("title", "What moves most money"),
        Shown("at_low", "Saved when low, or when it does not happen", "money"),
        Shown("at_high", "When high, or when it happens", "money"),
    ]
    return show_table(
        list_causes(study).head(SHOWN),
        columns,
        study.decision.case.unit["currency"],
        caption="Cash and losses together, on average over the futures at each end.",
        empty="Nothing moves what the plan saves.",
    )
