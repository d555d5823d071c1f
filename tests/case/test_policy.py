from __future__ import annotations

import pytest

from sourcing import Outlook, Policy, settle
from sourcing.case import list_levers
from sourcing.errors import InputError


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
    assert (levers["unit"] != "").all()
    assert (levers["meaning"] != "").all()


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
