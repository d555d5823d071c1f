"""A changed question about a unit is answered as the unit decided anew with the change."""

import pytest

from sourcing.decide import compare_cases, decide_unit, what_if
from sourcing.errors import InputError

RULE = "no more than 20 people move to outside owners"


def test_a_lever_answers_as_the_unit_decided_with_it(alpha, decide):
    found = what_if(decide(alpha), {"lever": {"posture_bars": False}})
    anew = decide_unit(alpha, posture_bars=False)
    assert found.plan.objective == anew.plan.objective
    assert found.change == anew.plan.objective - decide(alpha).plan.objective == -457_500
    assert found.moves["why"].str.contains("uses|posture_bars at False").all()
    now, then = (plan.choices.set_index("process")["option"] for plan in (decide(alpha).plan, anew.plan))
    assert found.moves["process"].tolist() == sorted(now.index[now != then.loc[now.index]])


def test_a_lever_and_a_limit_change_at_once(alpha, decide):
    both = what_if(decide(alpha), {"lever": {"posture_bars": False}, "rule": {RULE: None}})
    looser = alpha.replace(rules=alpha.rules[alpha.rules["rule"] != RULE])
    assert both.plan.objective == decide_unit(looser, posture_bars=False).plan.objective
    assert both.change == -517_500


def test_a_lever_keeps_the_levers_in_use(alpha, decide):
    decision = decide(alpha, price_of_fit=1000.0)
    found = what_if(decision, {"lever": {"posture_bars": False}})
    assert found.plan.objective == decide_unit(alpha, price_of_fit=1000.0, posture_bars=False).plan.objective


def test_cases_are_answered_by_name(alpha, decide):
    told = compare_cases(decide(alpha), {"no cap": {"rule": {RULE: None}}, "as it is": {"rule": {RULE: 20.0}}})
    assert told[["case", "change", "moves"]].values.tolist() == [["no cap", -57_500.0, 1], ["as it is", 0.0, 0]]
    assert told["decided"].tolist() == [("payroll: provider",), ()]


def test_a_misspelt_lever_is_refused(alpha, decide):
    with pytest.raises(InputError, match="posture_bars"):
        what_if(decide(alpha), {"lever": {"posture_bar": False}})
