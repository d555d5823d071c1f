"""Until when something is asked, where a case gives no day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.wording import say_day
from sourcing.program import date_months

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.program import Roadmap

FIRST_MOVE, ITS_MOVE = "the first move", "the move itself"
"""Events until which something is due where the case has no calendar: every move then starts on the valuation date."""


def say_due(day: pd.Timestamp, roadmap: Roadmap, event: str) -> str:
    """Say until when: the day, or the event it belongs to where no calendar places moves after the valuation date."""
    is_placed = roadmap.has_calendar or day > date_months(roadmap.decision.case.unit, 0.0)
    return say_day(day) if is_placed else event
