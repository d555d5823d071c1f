"""Locks that cannot be kept, or that speak of what there is not, are told where they stand."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case, load_case
from sourcing.case import find_locked, save_case
from sourcing.case.checks.locks import _list_offers
from sourcing.value import build_alternatives
from tests.case.conftest import check, find

SOUND = {
    "lock": "help desk stays", "business_unit": "alpha", "process": "help_desk", "kind": "only", "option": "",
    "delivered_by": "own", "delivery_model": "", "from_wave": "", "until_wave": "", "reason": "So it is.",
    "owner": "the board",
}  # fmt: skip
CALENDAR = pd.DataFrame(
    {
        "business_unit": ["alpha"] * 3,
        "wave": ["1", "2", "4"],
        "start": ["2025-01-01", "2025-07-01", "2026-01-01"],
        "blackout": ["no", "yes", "no"],
    }
)


def lock(raw: dict, *locks: dict, **tables: pd.DataFrame) -> pd.DataFrame:
    """Find the problems of the tiny case with locks."""
    return check(raw | {"locks": pd.DataFrame([SOUND | each for each in locks])} | tables)


def test_a_lock_that_can_be_kept_is_sound(raw):
    assert lock(raw, {}).empty
    late = {"delivered_by": "", "from_wave": "2", "until_wave": "4"}
    assert lock(raw, late, calendar=CALENDAR).empty


@pytest.mark.parametrize(
    ("cells", "column", "rule", "hint"),
    [
        ({"process": "helpdesk"}, "process", "a process of processes", "'help_desk'"),
        ({"delivered_by": "DeskCoo"}, "delivered_by", "a owner of options", "'DeskCo'"),
        ({"option": "providr"}, "option", "a option of options", "'provider'"),
        ({"kind": "stays"}, "kind", "one of only, never", "write one of only, never"),
        ({"delivered_by": ""}, "kind", "one of option, delivered_by", "not before wave 3 is from_wave 3"),
        ({"delivered_by": "PayCo"}, "lock", "an option that keeps it", "add an option that keeps it"),
        (
            {"delivered_by": "DeskCo", "delivery_model": "in_house"},
            "lock",
            "an option that keeps it",
            "change its cells",
        ),
        ({"kind": "never", "delivered_by": "PayCo"}, "lock", "something that could be chosen", "loosen one"),
        ({"from_wave": "2"}, "from_wave", "a wave of the calendar", "add the waves of alpha"),
        ({"lock": "personal_data_stays"}, "lock", "no other ban has", "rename it"),
        ({"lock": "posture"}, "lock", "no other ban has", "rename it"),
        ({"lock": "one-off spending stays within 200000"}, "lock", "no rule", "rename it"),
        ({"lock": "help desk; always"}, "lock", "without a semicolon", "a comma"),
        ({"reason": ""}, "reason", "a value in every row", "Hint"),
    ],
)
def test_a_lock_that_says_nothing_that_can_be_kept_has_its_place_and_a_hint(raw, cells, column, rule, hint):
    problem = find(lock(raw, cells), "locks", 0, column)
    assert rule in problem["rule"]
    assert hint in problem["hint"]


def test_a_wave_that_the_calendar_has_not_is_told_with_those_it_has(raw):
    problem = find(lock(raw, {"from_wave": "3"}, calendar=CALENDAR), "locks", 0, "from_wave")
    assert problem["value"] == "3"
    assert "waves 1, 2, 4" in problem["hint"]
    backwards = {"from_wave": "4", "until_wave": "1"}
    assert "not before from_wave" in find(lock(raw, backwards, calendar=CALENDAR), "locks", 0, "until_wave")["rule"]


def test_locks_that_together_leave_nothing_are_told_with_each_other(raw):
    other = {"lock": "help desk leaves", "kind": "never"}
    problem = find(lock(raw, {}, other), "locks", 1, "lock")
    assert problem["rule"] == "locks that can be kept together"
    assert problem["value"] == "help_desk: 'help desk stays', 'help desk leaves'"


def test_two_units_may_say_the_same_but_not_one_unit_and_all(raw):
    beta = {"business_unit": "beta", "process": "collections"}
    assert lock(raw, {}, beta).empty
    everywhere = {"business_unit": "", "process": "", "kind": "never", "delivered_by": "LabCo"}
    assert "no lock of all units" in find(lock(raw, {}, everywhere), "locks", 0, "lock")["rule"]


def test_what_check_holds_a_lock_against_is_what_the_plan_can_choose(alpha):
    """Check lists offers from the tables, the plan from priced alternatives: the same rows are barred in both."""
    from sourcing.assess import Judgment
    from sourcing.case import Outlook, Policy

    whole = Case({**load_case("data/tiny").tables, "calendar": CALENDAR}).select("alpha")
    table = build_alternatives(whole, Judgment(whole, Policy()).postures, Policy(), Outlook())
    offers = _list_offers(whole.tables)
    for cells in ({}, {"from_wave": 4.0}, {"kind": "never", "until_wave": 1.0}, {"process": "", "delivered_by": ""}):
        row = {**SOUND, "from_wave": None, "until_wave": None} | cells
        barred = [
            {
                tuple(key)
                for key in frame.loc[find_locked(row, frame), ["process", "option", "wave"]].fillna(0).to_numpy()
            }
            for frame in (table, offers)
        ]
        assert barred[0] == barred[1], cells


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_locks_survive_being_written_and_read(tmp_path, kind):
    locks = pd.DataFrame([SOUND, SOUND | {"lock": "late", "delivered_by": "", "from_wave": "4"}])
    case = Case({**load_case("data/tiny").tables, "calendar": CALENDAR, "locks": locks})
    again = load_case(save_case(case, tmp_path / f"case.{kind}", kind))
    assert again.fingerprint == case.fingerprint
    assert again.locks["from_wave"].isna().tolist() == [True, False]
