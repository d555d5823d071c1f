"""What has to be known before a wave starts: the assumptions that a unit states, and how they stand on that day."""

from __future__ import annotations

import pandas as pd

from sourcing.value import find_assumed

OPEN, CLEARED, REFUTED, EXPIRED, LATE = "open", "cleared", "refuted", "expired", "clears too late"


def find_first_wave(offers: pd.DataFrame, moves: pd.DataFrame, today: pd.Series, row: dict[str, object]) -> int | None:
    """Find the first wave with a move whose new delivery, or today's, holds the figure of an assumption.

    Parameters
    ----------
    offers : DataFrame
        From `value.list_offers`.
    moves : DataFrame
        From `list_moves`.
    today : Series
        Today's option of each process.
    row : dict
        A row of the table `assumptions`.
    """
    spoken = offers[find_assumed(offers, row)]
    pairs = set(zip(spoken["process"], spoken["option"], strict=True))
    waves = [
        move["wave"]
        for move in moves.to_dict("records")
        if {(move["process"], move["option"]), (move["process"], today[move["process"]])} & pairs
    ]
    return min(waves) if waves else None


def tell_state(row: dict[str, object], wave: int | None, start: pd.Timestamp, starts: pd.Series) -> str:
    """Tell how an assumption stands on the day the wave starts that leans on it.

    clear_by is the number of a wave, by whose start it is to be known, or a date.
    """
    if row["status"] == REFUTED:
        return REFUTED
    if row["status"] == CLEARED:
        has_ended = pd.notna(row["expires"]) and pd.notna(start) and row["expires"] < start
        return EXPIRED if has_ended else CLEARED
    due = find_due(str(row["clear_by"]), starts)
    return LATE if wave is not None and pd.notna(due) and due > start else OPEN


def find_due(clear_by: str, starts: pd.Series) -> pd.Timestamp:
    """Find the day by which an assumption is to be known; NaT where none is told."""
    if clear_by.isdigit():
        return starts.get(int(clear_by), pd.NaT)
    return pd.to_datetime(clear_by, errors="coerce") if clear_by else pd.NaT
