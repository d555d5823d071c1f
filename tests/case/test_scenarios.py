"""Scenarios that change nothing, or what there is not, are told where they stand."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import load_case
from sourcing.case import change_limits, match_options
from tests.case.conftest import check, find
from tests.conftest import TINY

RULE = "no more than 20 people move to outside owners"
EMPTY = dict.fromkeys(
    ("name", "process", "option", "delivered_by", "delivery_model", "is_abroad", "value", "times", "owner"), ""
)
SOUND = EMPTY | {"scenario": "what if", "business_unit": "alpha", "change": "veto", "reason": "It was asked."}


def ask(raw: dict, *rows: dict) -> pd.DataFrame:
    """Find the problems of the tiny case with scenarios."""
    return check(raw | {"scenarios": pd.DataFrame([SOUND | each for each in rows])})


@pytest.mark.parametrize(
    "cells",
    [
        {"change": "lever", "name": "budget_share", "value": "90 %"},
        {"change": "rule", "name": RULE, "value": "30"},
        {"change": "rule", "name": RULE, "times": "1.5"},
        {"change": "lift", "name": RULE},
        {"business_unit": "beta", "change": "lift", "name": "personal_data_stays"},
        {"change": "quote", "delivered_by": "PayCo", "times": "1.15"},
        {"change": "wage", "process": "payroll", "option": "shared", "value": "45000"},
        {"change": "lock", "process": "help_desk", "option": "stay"},
        {"delivery_model": "outsource"},
    ],
)
def test_what_a_scenario_may_change_is_sound(raw, cells):
    assert ask(raw, cells).empty


@pytest.mark.parametrize(
    ("cells", "column", "rule", "hint"),
    [
        ({"change": "raise"}, "change", "one of lever, rule", "write one of"),
        ({"change": "lever", "name": "budget_shar", "value": "1"}, "name", "a lever", "'budget_share'"),
        ({"change": "lever", "name": "budget_share", "value": "much"}, "value", "from 0 to inf", "Hint"),
        ({"change": "lever", "name": "gap", "value": "0", "process": "payroll"}, "process", "empty process", "empty"),
        ({"change": "rule", "name": RULE[:-1], "value": "30"}, "name", "a rule of alpha", RULE),
        ({"change": "rule", "name": RULE}, "value", "either a value or times", "15 %"),
        ({"change": "rule", "name": RULE, "value": "30", "times": "2"}, "value", "either a value or times", "15 %"),
        ({"change": "rule", "name": RULE, "value": "thirty"}, "value", "a number", "digits"),
        ({"change": "rule", "value": "30"}, "name", "a name beside rule", "what is changed"),
        ({"change": "lift", "name": "personal_data_stay"}, "name", "a rule, lock or ban of alpha", "Hint"),
        ({"change": "quote", "delivered_by": "PayC", "times": "2"}, "delivered_by", "a owner of options", "'PayCo'"),
        (
            {"change": "quote", "process": "payroll", "option": "stay", "times": "2"},
            "change",
            "outside owner",
            "loosen",
        ),
        ({"change": "wage", "delivered_by": "PayCo", "times": "2"}, "change", "own staff", "loosen"),
        ({"change": "quote", "delivered_by": "PayCo", "value": "-1"}, "value", "at least 0", "digits"),
        ({"change": "lock", "process": "payroll", "option": "provde"}, "option", "a option of options", "'provider'"),
        ({"change": "lock", "process": "payroll"}, "change", "one of option, delivered_by", "delivered then"),
        ({"change": "lock", "process": "payroll", "delivered_by": "DeskCo"}, "change", "its cells match", "loosen"),
        ({"change": "veto"}, "change", "one of process", "nothing goes"),
        ({"change": "veto", "process": "payroll", "value": "1"}, "value", "empty value", "empty"),
        ({"scenario": "a; b", "process": "payroll"}, "scenario", "without a semicolon", "a comma"),
        ({"reason": "", "process": "payroll"}, "reason", "a value in every row", "Hint"),
    ],
)
def test_a_scenario_of_what_there_is_not_has_its_place_and_a_hint(raw, cells, column, rule, hint):
    problem = find(ask(raw, cells), "scenarios", 0, column)
    assert rule in problem["rule"]
    assert hint in problem["hint"]


def test_a_ban_of_what_nobody_offers_is_worth_a_look_only(raw):
    problem = find(ask(raw, {"is_abroad": "yes"}), "scenarios", 0, "change")
    assert problem["severity"] == "warning"


def test_locks_of_a_scenario_that_cannot_be_kept_together_are_told_before_anything_is_solved(raw):
    stay, leave = ({"change": "lock", "process": "payroll", "option": option} for option in ("stay", "provider"))
    problem = find(ask(raw, stay, leave), "scenarios", 0, "scenario")
    assert "leaves alpha sound: locks that can be kept together" in problem["rule"]
    assert "payroll" in problem["value"]
    assert ask(raw, stay, leave | {"scenario": "another"}).empty


def test_a_limit_that_no_share_can_be_is_told_as_of_a_rule(raw):
    shares = raw["rules"].assign(relative_to="moved_fte", limit="0.5", measure="moved_fte")
    found = ask(raw | {"rules": shares}, {"change": "rule", "name": RULE, "value": "30"})
    assert "a share from 0 to 1" in find(found, "scenarios", 0, "scenario")["rule"]


def test_cells_match_all_at_once():
    options = load_case(TINY, "alpha").options.assign(is_abroad=False)
    hit = match_options(SOUND | {"process": "payroll", "delivery_model": "outsource"}, options)
    assert options.loc[hit, ["process", "option"]].to_numpy().tolist() == [["payroll", "provider"]]


def test_tables_of_limits_change_as_told_and_others_stay():
    case = load_case(TINY, "alpha")
    options = case.options.assign(is_abroad=False, is_as_is=case.options["option"] == "stay")
    rows = pd.DataFrame([
        SOUND | {"change": "rule", "name": RULE, "times": 1.5},
        SOUND | {"delivered_by": "PayCo"},
        SOUND | {"change": "lock", "process": "help_desk", "option": "stay"},
    ])  # fmt: skip
    changed = change_limits(case.tables, rows, options)
    assert changed["rules"].set_index("rule").loc[RULE, "limit"] == 30.0
    assert changed["locks"][["lock", "process", "kind", "option"]].to_numpy().tolist() == [
        ["what if", "help_desk", "only", "stay"]
    ]
    added = changed["vetoes"][changed["vetoes"]["veto"] == "what if"]
    assert added[["process", "option", "owner"]].to_numpy().tolist() == [
        ["payroll", "provider", "who asks for the scenario"]
    ]
    assert set(change_limits(case.tables, rows.iloc[:1], options)) == {"rules"}
