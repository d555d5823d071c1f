from __future__ import annotations

from pathlib import Path

import pytest

from sourcing import Outlook, Policy, pick_levers, settle
from sourcing.case import LEVERS, list_levers, read_lever
from sourcing.case.writing.levers import write_page
from sourcing.errors import InputError

ROOT = Path(__file__).parents[2]


def test_levers_go_default_then_case_then_run(alpha):
    policy, outlook = settle(alpha)
    assert (policy.readiness_stretch, policy.price_of_fit, outlook.structural_rate) == (0.0, 0.0, 0.1)
    policy, _ = settle(alpha, readiness_stretch="0.3", price_of_fit="", core_threshold=None)
    assert (policy.readiness_stretch, policy.core_threshold) == (0.3, 0.5)


def test_every_lever_is_listed_with_its_origin(alpha):
    policy, outlook = settle(alpha, price_of_fit=7)
    levers = list_levers(alpha, policy, outlook)
    assert levers.loc["price_of_fit", "origin"] == "run"
    assert levers.loc["structural_rate", ["origin", "reason"]].tolist() == [
        "case", "one failure of an outside owner in ten years",
    ]  # fmt: skip
    assert levers.loc["gap", "origin"] == "default"
    assert list(levers.index) == list(LEVERS)
    for column in ("unit", "meaning", "source"):
        assert levers[column].tolist() == [each.metadata[column] for each in LEVERS.values()]
        assert (levers[column] != "").all(), column


def test_a_run_that_returns_to_the_default_against_the_case_is_said_to_have_set_it(alpha):
    levers = list_levers(alpha, *settle(alpha, readiness_stretch=0.5))
    assert levers.loc["readiness_stretch", ["value", "default", "origin", "reason"]].tolist() == [0.5, 0.5, "run", ""]


def test_any_lever_may_stand_in_the_dict_of_others():
    names = {"price_of_fit": "", "gap": "0.01", "levers": {"price_of_fit": 5, "core_threshold": 0.6}, "note": 1}
    assert pick_levers(names) == {"price_of_fit": 5, "gap": "0.01", "core_threshold": 0.6}


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_lever_gives_way_to_the_other_place(empty):
    assert pick_levers({"gap": "0.01", "levers": {"gap": empty}}) == {"gap": "0.01"}
    assert pick_levers({"gap": empty, "levers": {"gap": 0.01}}) == {"gap": 0.01}
    assert pick_levers({"levers": {"gap": empty}}) == {"gap": empty}


def test_a_lever_in_both_places_must_have_one_value():
    assert pick_levers({"posture_bars": "no", "levers": {"posture_bars": False}}) == {"posture_bars": False}
    with pytest.raises(InputError, match=r"got gap = '0\.01' and 0\.02 in levers\. Hint: leave it out of levers"):
        pick_levers({"gap": "0.01", "levers": {"gap": 0.02}})


def test_a_misspelt_lever_among_the_others_is_refused_with_the_near_name():
    with pytest.raises(InputError, match=r"got 'core_treshold'\. Hint: did you mean 'core_threshold'\?"):
        pick_levers({"levers": {"core_treshold": 0.6}})
    with pytest.raises(InputError, match=r"levers must be a dict of levers by name; got 'core_threshold=0\.6'"):
        pick_levers({"levers": "core_threshold=0.6"})


def test_the_page_of_levers_is_that_of_policy_and_outlook():
    kept = (ROOT / "docs" / "levers.md").read_text(encoding="utf-8")
    assert kept == write_page(), "Hint: python -m sourcing.case.writing.levers docs/levers.md"
    for name, each in LEVERS.items():
        row = next(line for line in kept.splitlines() if line.startswith(f"| `{name}` |"))
        for told in ("unit", "meaning", "source"):
            assert f" {each.metadata[told]} |" in row


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("price_of_fitt", 1, "did you mean 'price_of_fit'"),
        ("core_threshold", 2, "from 0 to 1"),
        ("core_threshold", "high", "must be a number"),
        ("posture_bars", "perhaps", "yes or no"),
        ("gap", float("nan"), "must be a number"),
    ],
)
def test_a_bad_lever_is_refused_with_what_to_do(alpha, name, value, words):
    with pytest.raises(InputError, match=words):
        settle(alpha, **{name: value})


def test_policy_and_outlook_check_themselves():
    assert Policy(budget_share="0.9").budget_share == 0.9
    with pytest.raises(InputError, match="move_failure"):
        Outlook(move_failure=1.5)


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("core_threshold", "80", "80 per cent is written 0.8"),
        ("core_threshold", "1.2", "from here a process counts as core"),
        ("service_years", "80", "length of service"),
    ],
)
def test_a_figure_out_of_range_is_told_what_it_may_have_meant(name, value, hint):
    with pytest.raises(InputError, match=f"Hint: {hint}"):
        read_lever(name, value)
