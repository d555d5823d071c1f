"""Who is asked, and until when, where a case names nobody and no day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.wording import say_day
from sourcing.program import date_months

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from sourcing.case import Case
    from sourcing.program import Roadmap

MADE = ("policy", "services")
"""Owners of what a case states without naming one: bans of its policy, promises to its customers."""
FIRST_MOVE, ITS_MOVE = "the first move", "the move itself"
"""Events until which something is due where the case has no calendar: every move then starts on the valuation date."""


def name_decider(case: Case) -> str:
    """Name who decides on the plan, as the case does, else by the role."""
    return str(case.unit["decided_by"] or "the unit's leadership")


def name_owners(owners: Iterable[str], case: Case) -> list[str]:
    """Name who can do something: the owners on record, bans of policy and promises being for whoever decides.

    Where nobody is on record it is for whoever decides too: nobody is named for what the case does not give them.
    """
    named = [name_decider(case) if owner in MADE else owner for owner in owners if owner]
    return list(dict.fromkeys(named)) or [name_decider(case)]


def say_due(day: pd.Timestamp, roadmap: Roadmap, event: str) -> str:
    """Say until when: the day, or the event it belongs to where no calendar places moves after the valuation date."""
    is_placed = roadmap.has_calendar or day > date_months(roadmap.decision.case.unit, 0.0)
    return say_day(day) if is_placed else event
