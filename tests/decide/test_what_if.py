"""A changed question about a unit is answered as the unit decided anew with the change."""

import pytest
from pandas.testing import assert_frame_equal

from sourcing.decide import compare_cases, decide_unit, pose_question, restate_levers, what_if
from sourcing.decide.decide import LIMITING, PRICING, RESTATED
from sourcing.errors import InfeasiblePlanError, InputError

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


@pytest.mark.parametrize("changes", [{"lever": {"budget_share": 0.5}}, {"rule": {RULE: -1.0}}])
def test_where_no_plan_is_left_it_says_what_clashes_without_seeking_repairs(alpha, decide, changes):
    """Repairs take many times as long as the answer; whoever wants them decides the changed case."""
    with pytest.raises(InfeasiblePlanError, match="cannot be kept together") as caught:
        what_if(decide(alpha), changes)
    assert caught.value.conflicts
    assert caught.value.repairs.empty


def test_a_misspelt_lever_is_refused(alpha, decide):
    with pytest.raises(InputError, match="posture_bars"):
        what_if(decide(alpha), {"lever": {"posture_bar": False}})


@pytest.mark.parametrize("unit", ["alpha", "beta", "retail"])
def test_what_is_restated_is_the_question_posed_anew(unit, shipped, take_unit):
    """Levers of each kind, alone and with others: offers, consequences, limits and today, to the last digit."""
    prices = {name: 0.5 if name == "price_of_customer_value" else 700.0 for name in PRICING}
    limits = dict(zip(sorted(LIMITING), (0.97, 1.3), strict=True))
    base, case = shipped(unit).question, take_unit(unit)
    thresholds = {"commoditization_threshold": 0.7, "core_threshold": 0.3, "capability_threshold": 0.6}
    bars = {"posture_bars": False, "readiness_floor": 0.4, "margin_bars": True, "partnership_floor": 0.3}
    assert set(limits | prices | thresholds | bars) == RESTATED
    for levers in ({"budget_share": 0.97}, {"price_of_fit": 700.0}, thresholds, bars, limits | prices | thresholds):
        found, anew = restate_levers(base, levers), pose_question(case, **levers)
        assert (found.policy, found.outlook, found.judgment.policy) == (anew.policy, anew.outlook, anew.policy)
        assert_frame_equal(found.offers, anew.offers, check_exact=True)
        assert_frame_equal(found.alternatives, anew.alternatives, check_exact=True)
        assert_frame_equal(found.rules, anew.rules, check_exact=True)
        assert found.as_is.objective == anew.as_is.objective
        assert_frame_equal(found.judgment.postures, anew.judgment.postures)


def test_a_limit_that_was_not_there_before_is_told_as_used(alpha, decide):
    """Today risks nothing, so a cap of any share of it sends the help desk from its provider to the shared center."""
    found = what_if(decide(alpha), {"lever": {"budget_share": 0.97, "risk_cap_share": 1.5}})
    assert found.moves[["process", "option", "option_then"]].values.tolist() == [["help_desk", "provider", "shared"]]
    assert found.change == 60_000
    assert "uses 35000 less of 'Expected loss stays within the cap'" in found.moves["why"].iloc[0]
