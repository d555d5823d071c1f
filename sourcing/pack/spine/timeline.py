"""When it happens and whom it asks: the waves on one row each, cash so far, people by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.block import Block, Shown, say_block, show_table
from sourcing.pack.parts import Parts, head_block, join_parts, set_half
from sourcing.pack.roadmap import NO_MOVES, draw_cash_curve, draw_people, say_blocked, say_overload
from sourcing.pack.wording import say_day

if TYPE_CHECKING:
    from sourcing.program import Roadmap


def show_timeline(roadmap: Roadmap) -> Parts:
    """Show the waves with their days, people and money, what stands in their way, cash so far and people by place."""
    head = head_block("When, and whom it asks")
    if roadmap.moves.empty:
        return join_parts(head, say_block(NO_MOVES))
    said = [*say_overload(roadmap), *say_blocked(roadmap)]
    return join_parts(
        head,
        _show_waves(roadmap),
        say_block(*said) if said else Block("", ""),
        set_half(draw_cash_curve(roadmap)),
        set_half(draw_people(roadmap)),
    )


def _show_waves(roadmap: Roadmap) -> Block:
    waves = roadmap.waves[roadmap.waves["moves"] > 0]
    blocked = set(roadmap.blocked["wave"])
    table = waves.assign(
        begins=[say_day(day) for day in waves["start"]],
        ends=[say_day(day) for day in waves["last_go_live"]],
        people=waves["people"].round(),
        state=[{"text": "blocked", "tone": "bad"} if wave in blocked else {} for wave in waves["wave"]],
        hours=waves["knowledge_transfer_hours"].round(),
    )
    columns = [
        Shown("wave", "Wave"),
        *([Shown("begins", "Starts", "short")] if roadmap.has_calendar else []),
        Shown("ends", "All live by", "short"),
        Shown("moves", "Changes", "number"),
        Shown("people", "People", "number"),
        *([Shown("hours", "Hours of own experts", "number")] if table["hours"].any() else []),
        Shown("one_off_cost", "One-off", "money"),
        Shown("saving", "Saves in cash", "money"),
        *([Shown("state", "State", "badge")] if blocked else []),
    ]
    currency = roadmap.decision.case.unit["currency"]
    caption = "Present values over the horizon."
    if not roadmap.has_calendar:
        caption = f"Without a calendar a wave is a quarter in which moves go live, all begun at the start. {caption}"
    return show_table(table, columns, currency, caption=caption, is_stacked=True)
