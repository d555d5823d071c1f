"""The days of a program: starts, go-lives, sign-offs, reviews and what was promised, as one dated list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.program.roadmap.governance import AHEAD, list_outside, list_promises_kept
from sourcing.program.roadmap.known import CLEARED, find_due, find_first_wave, tell_state
from sourcing.program.roadmap.signoffs import SIGNED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.program.roadmap.roadmap import Roadmap

REVIEW_MONTHS, REVIEWED_AFTER_MONTHS = 3, 12
"""Months between reviews, and for how long after the last go-live they are set (house rules)."""
SIGN, START, LIVE, REVIEW, MEND = "sign-off", "wave starts", "go-live", "review", "mend"
PROMISE, CLEAR = "promise", "clear"
PROGRAM_OFFICE = "program office"
AGENDA_COLUMNS = ["day", "kind", "role", "process", "wave", "subject", "provider", "number"]


def list_agenda(roadmap: Roadmap, as_of: str = "") -> pd.DataFrame:
    """List every day that the program has to keep, in order.

    sign-off: due, not given yet; wave starts: of each wave with moves; go-live: of each move; review: of the program
    and with every outside owner each quarter, from the quarter after the first start until a year after the last
    go-live; mend: steps of the situational assessment that have a day; clear: an assumption of the unit that is not
    cleared, by the day told, else by the start of the first wave that leans on it; promise: what was promised for after
    the signature and is still ahead.

    Returns
    -------
    DataFrame
        Columns AGENDA_COLUMNS; role: who has to act; number: moves of a wave, or which review.
    """
    rows = [*_list_program(roadmap), *_list_reviews(roadmap), *_list_duties(roadmap, as_of)]
    empty = {"role": PROGRAM_OFFICE, "process": "", "wave": 0, "subject": "", "provider": "", "number": 0}
    table = pd.DataFrame([empty | row for row in rows], columns=AGENDA_COLUMNS)
    return table.sort_values(["day", "kind", "wave", "process", "role", "provider", "subject"], ignore_index=True)


def _list_program(roadmap: Roadmap) -> Iterator[dict[str, Any]]:
    for wave in roadmap.waves[roadmap.waves["moves"] > 0].to_dict("records"):
        yield {"day": wave["start"], "kind": START, "wave": wave["wave"], "number": wave["moves"]}
    for move in roadmap.moves.to_dict("records"):
        owner = move["owner"] if move["owner_type"] != "own" else ""
        yield {"day": move["go_live"], "kind": LIVE, "process": move["process"], "wave": move["wave"],
               "subject": move["name"], "provider": owner}  # fmt: skip


def _list_reviews(roadmap: Roadmap) -> Iterator[dict[str, Any]]:
    if roadmap.moves.empty:
        return
    first, last = roadmap.moves["start"].min(), roadmap.moves["go_live"].max()
    until, number = last + pd.DateOffset(months=REVIEWED_AFTER_MONTHS), 1
    while (day := first + pd.DateOffset(months=REVIEW_MONTHS * number)) <= until:
        yield {"day": day, "kind": REVIEW, "number": number, "subject": "; ".join(list_outside(roadmap.decision))}
        number += 1


def _list_duties(roadmap: Roadmap, as_of: str) -> Iterator[dict[str, Any]]:
    waiting = roadmap.signoffs[roadmap.signoffs["state"] != SIGNED]
    for each in waiting.to_dict("records"):
        named = {name: each[name] for name in ("role", "process", "wave", "subject")}
        yield {"day": each["due"], "kind": SIGN, **named}
    steps = roadmap.decision.judgment.situation.road_map
    for step in steps[steps["due"].notna()].to_dict("records"):
        yield {"day": step["due"], "kind": MEND, "role": step["owner"], "subject": step["action"]}
    yield from _list_to_clear(roadmap)
    promises = list_promises_kept(roadmap.decision.case, as_of)
    for each in promises[promises["state"] == AHEAD].to_dict("records"):
        yield {"day": each["planned"], "kind": PROMISE, "provider": each["provider"], "subject": each["subject"] or
               each["kind"].replace("_", " ")}  # fmt: skip


def _list_to_clear(roadmap: Roadmap) -> Iterator[dict[str, Any]]:
    starts = roadmap.waves.set_index("wave")["start"]
    today = roadmap.decision.as_is.choices.set_index("process")["option"]
    for row in roadmap.decision.case.assumptions.to_dict("records"):
        wave = find_first_wave(roadmap.decision.offers, roadmap.moves, today, row)
        state = tell_state(row, wave, starts.get(wave, pd.NaT), starts)
        due = find_due(str(row["clear_by"]), starts)
        day = starts.get(wave, pd.NaT) if pd.isna(due) else due
        if row["party"] == "buyer" and state != CLEARED and pd.notna(day):
            yield {"day": day, "kind": CLEAR, "role": row["owner"] or PROGRAM_OFFICE, "wave": wave or 0,
                   "process": row["process"], "subject": row["assumption"]}  # fmt: skip
