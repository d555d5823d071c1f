"""Who decides, and who can lift what: the owners on record, in place of the tables that state a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcing.case import Case

MADE = ("policy", "services", "calendar", "providers")
"""Owners of what a case states without naming one: bans of its policy, promises to its customers, hours and budgets of
its waves, capacities of its providers."""


def name_decider(case: Case) -> str:
    """Name who decides on the plan, as the case does, else by the role."""
    return str(case.unit["decided_by"] or "the unit's leadership")


def name_owners(owners: Iterable[str], case: Case) -> list[str]:
    """Name who can do something: the owners on record, what tables state being for whoever decides.

    Where nobody is on record it is for whoever decides too: nobody is named for what the case does not give them.

    Examples
    --------
    >>> from sourcing import load_case
    >>> name_owners(["works council", "policy", "calendar"], load_case("data/tiny", "alpha"))
    ['works council', "the unit's leadership"]
    """
    named = [name_decider(case) if owner in MADE else owner for owner in owners if owner]
    return list(dict.fromkeys(named)) or [name_decider(case)]
