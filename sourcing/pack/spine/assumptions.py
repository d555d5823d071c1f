"""What has to be known first, and who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.pack.block import Shown, show_table
from sourcing.pack.parts import Parts, head_block, join_parts
from sourcing.pack.roadmap import KINDS, TONES, name_assumptions
from sourcing.pack.spine.due import FIRST_MOVE, ITS_MOVE, say_due
from sourcing.pack.wording import name_decider, name_owners, say_count, say_list

if TYPE_CHECKING:
    from sourcing.decide import Decision
    from sourcing.program import Roadmap

SHOWN, NAMED = 5, 2


def show_clearing(register: pd.DataFrame, decision: Decision) -> Parts:
    """Show the assumptions that the saving leans on most, who clears each, and by when."""
    first = register[register["leans"] > 0].head(SHOWN)
    table = first.assign(
        title=name_assumptions(first, decision),
        rests=[KINDS[kind] for kind in first["kind"]],
        badge=[{"text": state, "tone": TONES[state]} for state in first["state"]],
        by=first["clear_by"].astype(str).replace("NaT", ""),
        owner=[say_list(name_owners([owner], decision.case)) for owner in first["owner"]],
    )
    columns = [
        Shown("title", "Assumption"),
        Shown("leans", "Saving that leans on it", "money"),
        Shown("badge", "State", "badge"),
        Shown("owner", "Cleared by"),
        *([Shown("by", "Until", "short")] if (table["by"] != "").any() else []),
        Shown("rests", "Kind"),
    ]
    rest = len(register) - len(first)
    caption = f"{say_count(rest, 'more stands', 'more stand')} with the evidence." if rest else ""
    return join_parts(
        head_block("Assumptions to clear"),
        show_table(
            table,
            columns,
            decision.case.unit["currency"],
            caption=caption,
            empty="The saving leans on no assumption.",
            is_stacked=True,
        ),
    )


def show_agreed(roadmap: Roadmap) -> Parts:
    """Show who signs what until when, with room for a signature; whoever decides comes first."""
    start = say_due(_find_start(roadmap), roadmap, FIRST_MOVE) if len(roadmap.moves) else ""
    rows = [(name_decider(roadmap.decision.case), "the plan", start, "open")]
    for (role, state), group in roadmap.signoffs.groupby(["role", "state"], sort=False):
        names = say_list(group["process_name"].drop_duplicates(), NAMED)
        rows.append((role, f"the move of {names}", say_due(group["due"].min(), roadmap, ITS_MOVE), state))
    table = pd.DataFrame(rows, columns=["who", "what", "due", "state"]).assign(signature="")
    columns = [
        Shown("who", "Signs"),
        Shown("what", "For", "prose"),
        Shown("due", "By", "short"),
        Shown("state", "State"),
        Shown("signature", "Day and signature"),
    ]
    return join_parts(head_block("Sign-off"), show_table(table, columns, is_stacked=True))


def _find_start(roadmap: Roadmap) -> pd.Timestamp:
    return roadmap.moves["start"].min() if len(roadmap.moves) else pd.NaT
