"""Changed questions against the same question asked anew."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import answer, choose, choose_repaired, list_clashes
from sourcing.plan.explain import what_if
from tests.conftest import examples


def test_a_looser_rule_moves_what_it_held_and_says_so(offers, rule):
    plan = choose(offers, rule(limit=1.0), gap=0.0)
    found = what_if(plan, {"rule": {"cap": 2}})
    assert found.change == pytest.approx(-4.0)
    assert found.moves[["process", "option", "option_then"]].values.tolist() == [["payroll", "stay", "move"]]
    assert found.moves["why"].tolist() == ["uses 1 more of 'cap'"]
    assert found.lines["change"].to_dict() == {"cost_cash": -5.0, "cost_risk": 1.0}
    assert what_if(plan, {"rule": {"cap": None}}).change == pytest.approx(-4.0)


def test_a_lock_and_a_cost_answer_as_a_question_of_their_own(offers, rule):
    plan = choose(offers, rule(limit=1.0), gap=0.0)
    locked = what_if(plan, {"lock": {"billing": "stay"}})
    assert locked.plan.objective == pytest.approx(26.0)
    assert locked.moves.set_index("process").loc["billing", "why"] == "locked to stay"
    assert locked.moves.set_index("process").loc["payroll", "why"] == "uses 1 more of 'cap'"
    dearer = what_if(plan, {"quote": {("billing", "move"): 18.0}})
    changed = offers.assign(cost=[10.0, 6.0, 20.0, 18.0]).drop(columns=["cost_cash", "cost_risk"])
    assert dearer.plan.objective == pytest.approx(choose(changed, rule(limit=1.0), gap=0.0).objective)


def test_a_driver_prices_every_alternative_that_follows_it(offers):
    drivers = pd.DataFrame(
        [("payroll", "stay", "wage", "stay", 5.0, 2.0), ("payroll", "move", "wage", "stay", 5.0, 0.5)],
        columns=["process", "option", "driver", "of", "value", "rate"],
    )
    found = what_if(choose(offers, drivers=drivers), {"wage": {("payroll", "stay"): 7.0}})
    assert found.plan.objective == pytest.approx(19.0 + 0.5 * 2)


def test_a_rule_on_cost_counts_the_new_cost_and_other_amounts_stay(offers, rule):
    """Today the budget of 8 and the rule on what costs over 8 both keep x, now at 5, out."""
    table = pd.DataFrame([("p", "x", 9.0, 9.0), ("p", "y", 7.0, 7.0)], columns=["process", "option", "cost", "paid"])
    five = {"cost": {("p", "x"): 5.0}}
    for some in (rule("budget", "cost", "", "<=", 8.0), rule("few", "count", "cost > 8", "<=", 0.0)):
        found = what_if(choose(table, some), five)
        assert (found.plan.choices["option"].tolist(), found.plan.objective) == (["x"], 5.0)
    found = what_if(choose(table, rule("paid", "paid", "", "<=", 8.0)), five)
    assert (found.plan.choices["option"].tolist(), found.plan.objective) == (["y"], 7.0)


def test_several_changes_at_once_answer_as_one_question(offers, rule):
    plan = choose(offers, rule(limit=1.0))
    both = what_if(plan, {"rule": {"cap": 2}, "cost": {("payroll", "move"): 11.0}})
    assert both.plan.choices["option"].tolist() == ["move", "stay"]
    assert both.plan.objective == 23.0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rule": {"cup": 2}}, "did you mean 'cap'"),
        ({"cost": {("payroll", "moove"): 2}}, "did you mean 'move'"),
        ({"wag": {("payroll", "move"): 2}}, "must be asked of rule"),
    ],
)
def test_what_is_not_there_is_refused(offers, rule, changes, said):
    with pytest.raises(InputError, match=said):
        what_if(choose(offers, rule()), changes)


def ask(question, near=None):
    try:
        return answer(question, near).objective
    except InfeasiblePlanError:
        return None


@examples(50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_from_the_plan_of_another_question_the_same_is_reached_as_from_none(seed, draw):
    """Each limit tightened and loosened, the dearest choice locked to another option; with links and locks."""
    instance = draw(seed)
    try:
        plan = choose(*instance.tables, structure=instance.structure, gap=0.0)
    except InfeasiblePlanError:
        assume(False)
    rules = plan.question.rules
    changed = [
        replace(plan.question, rules=rules.assign(limit=rules["limit"].where(rules["rule"] != name, limit)))
        for share in (0.0, 0.8, 5.0)
        for name, limit in (rules.set_index("rule")["limit"] * share).items()
    ]
    dearest = plan.choices.loc[plan.choices["cost"].idxmax()]
    others = plan.question.alternatives.query("process == @dearest.process and option != @dearest.option")
    if len(others):
        lock = pd.DataFrame([{"process": dearest["process"], "option": others["option"].iloc[0], "kind": "take"}])
        changed.append(replace(plan.question, structure={**(plan.question.structure or {}), "locks": lock}))
    for question in changed:
        assert ask(question, plan) == pytest.approx(ask(question), rel=1e-9, abs=1e-6)


@examples(25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_a_repair_gives_a_plan_that_keeps_what_it_changed(seed, draw):
    instance = draw(seed)
    try:
        choose(*instance.tables, structure=instance.structure, gap=0.0)
        return
    except InfeasiblePlanError as fault:
        error = fault
    clashes = list_clashes(error, instance.rules)
    assert clashes.groupby("set")["name"].apply(sorted).tolist() == [sorted(each) for each in error.conflicts]
    hard = set(instance.rules.loc[instance.rules["priority"] == 0, "rule"])
    assert set(clashes.loc[clashes["hard"] & (clashes["kind"] == "rule"), "name"]) <= hard
    if error.repairs.empty:
        return
    repaired = choose_repaired(error, *instance.tables, structure=instance.structure, gap=0.0)
    changed = set(error.repairs["rule"])
    kept = repaired.rules.set_index("belongs_to")["limit"]
    for row in instance.rules.to_dict("records"):
        if row["rule"] not in changed and row["rule"] in kept.index:
            assert (kept.loc[[row["rule"]]] == row["limit"]).all()
    assert not changed & hard
