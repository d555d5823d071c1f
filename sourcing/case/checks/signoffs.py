"""Sign-offs and what was promised for after the signature can be read, and what holds a wave up is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.case.checks.keys import are_among
from sourcing.case.problem import WARNING, Problem, point_at
from sourcing.errors import hint_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]

KEY_PERSON = "key_person"


def answers_have_a_day(tables: Tables) -> Iterator[Problem]:
    """A sign-off that was given or refused has its day (warning)."""
    signoffs = tables["signoffs"]
    undated = (signoffs["signed"] != "no") & signoffs["date"].isna()
    hint = "Hint: write the day of the answer, so that it can be held against the start of the wave."
    rule = "the day on which the role answered"
    yield from point_at(signoffs, undated, ("signoffs", "date"), rule, hint, signoffs["signed"], WARNING)


def waves_are_signed_off(tables: Tables) -> Iterator[Problem]:
    """No sign-off is refused or open: it blocks the wave in which its process would move (warning)."""
    signoffs = tables["signoffs"]
    of = (" of " + signoffs["process"]).where(signoffs["process"] != "", " of every process")
    for answer, hint in (
        ("refused", "Hint: settle what the role asks for, or keep the process as it is with a lock."),
        ("no", "Hint: ask the role for its answer before the wave starts; if nothing moves, nothing waits."),
    ):
        rule = "a sign-off before the wave of the move starts"
        shown = signoffs["signed"] + " by " + signoffs["role"] + of
        yield from point_at(signoffs, signoffs["signed"] == answer, ("signoffs", "signed"), rule, hint, shown, WARNING)


def promises_name_an_owner(tables: Tables) -> Iterator[Problem]:
    """A promise is one of an outside owner that some option of the unit has."""
    governance, options = tables["governance"], tables["options"]
    outside = options[options["owner_type"] != "own"].rename(columns={"owner": "provider"})
    pair = ["business_unit", "provider"]
    strange = ~are_among(governance[pair], outside[pair]) & (governance["provider"] != "").to_numpy()
    for place in strange.nonzero()[0]:
        unit, name = governance[pair].iloc[place]
        known = outside.loc[outside["business_unit"] == unit, "provider"].unique()
        rule = "an outside owner of an option of the unit"
        yield Problem("governance", governance.index[place], "provider", rule, str(name), hint_near(str(name), known))


def only_people_leave(tables: Tables) -> Iterator[Problem]:
    """A day of leaving is that of a key person, and not before one on which the person was found there."""
    governance = tables["governance"]
    wrong = governance["left_on"].notna() & (governance["kind"] != KEY_PERSON)
    hint = "Hint: the day of a meeting or forecast goes into held."
    shown = governance["left_on"].dt.strftime("%Y-%m-%d")
    rule = f"left_on only where kind is {KEY_PERSON}"
    yield from point_at(governance, wrong, ("governance", "left_on"), rule, hint, shown)
    early = governance["left_on"].notna() & (governance["left_on"] < governance["held"])
    hint = "Hint: check both days."
    yield from point_at(governance, early, ("governance", "left_on"), "left_on not before held", hint, shown)


CHECKS = (
    (answers_have_a_day, frozenset({"signoffs"})),
    (waves_are_signed_off, frozenset({"signoffs"})),
    (promises_name_an_owner, frozenset({"governance", "options", "processes", "units", "locations"})),
    (only_people_leave, frozenset({"governance"})),
)
"""Each check with the tables it needs."""
