"""All units decided together: equal to trying every split, single units untouched, money converted once."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sourcing import load_case
from sourcing.case import bridge_money
from sourcing.decide import pose_question, state_question
from sourcing.errors import CaseError, InfeasiblePlanError
from sourcing.plan import answer
from sourcing.portfolio import (
    decide_group,
    list_decisions,
    list_differences,
    list_discount_parts,
    list_load,
    list_owners,
    list_rules,
    list_units,
    pose_group,
    weigh_center,
)
from tests.conftest import TINY
from tests.portfolio.conftest import MOVES, add_group_rules


def cost_within(group, unit, moves):
    """The least cost of a unit that may move so many processes, in group currency; inf where it cannot."""
    question = state_question(group.units[unit])
    cap = {"rule": "moves", "measure": "count", "where": "is_as_is == False", "sense": "<=", "limit": float(moves)}
    rules = pd.concat([question.rules, pd.DataFrame([cap])], ignore_index=True)
    text = rules.select_dtypes(exclude="number").columns
    rules[text] = rules[text].fillna("")
    try:
        return float(group.rates[unit]) * answer(replace(question, rules=rules)).objective
    except InfeasiblePlanError:
        return math.inf


def test_the_group_costs_what_the_best_split_of_its_moves_does(tiny_group):
    group = tiny_group.group
    splits = [cost_within(group, "alpha", k) + cost_within(group, "beta", 2 - k) for k in range(3)]
    assert tiny_group.joint.objective == pytest.approx(min(splits))
    assert tiny_group.joint.bound == pytest.approx(min(splits))


def test_every_unit_keeps_its_own_rules_and_its_gap_is_what_it_gives_up(tiny_group):
    units = list_units(tiny_group).set_index("business_unit")
    for name, plan in tiny_group.plans.items():
        assert (plan.rules["slack"] >= -1e-6).all()
        given = float(tiny_group.group.rates[name]) * (plan.objective - plan.bound)
        assert given == pytest.approx(units.at[name, "gives_up"], abs=1e-6)
    assert (units["gives_up"] >= -1e-6).all()
    assert units["cost_group"].sum() == pytest.approx(tiny_group.joint.objective)


def test_a_rule_costs_what_the_group_saves_without_it(tiny_group):
    rule = list_rules(tiny_group).iloc[0]
    worth = weigh_center(tiny_group)
    assert rule["belongs_to"] == MOVES
    assert (rule["used"], rule["slack"], rule["is_kept_alone"]) == (2.0, 0.0, False)
    assert rule["drop_saving"] == pytest.approx(worth["group"] - worth["alone"])
    assert rule["drop_lower"] <= rule["drop_saving"] <= rule["drop_upper"]


def test_money_is_brought_to_one_currency_at_one_rate(group_case):
    group = pose_group(group_case)
    assert group.currency == "EUR"
    assert group.rates["beta"] == 1.0
    assert group.rates["alpha"] == pytest.approx(bridge_money(1.0, "USD", 2025, "EUR", 2025)[0])
    assert pose_group(group_case, "USD").rates["alpha"] == 1.0


def test_a_limit_of_today_is_what_all_units_have_today(group_case):
    case = add_group_rules(
        load_case(TINY), {"rule": "cash", "measure": "cash_cost", "limit": 0.9, "relative_to": "as_is"}
    )
    group = pose_group(case)
    today = sum(
        float(group.rates[name]) * question.as_is.choices["cash_cost"].sum() for name, question in group.units.items()
    )
    assert group.rules["limit"].iloc[0] == pytest.approx(0.9 * today)
    assert group.rules["relative_to"].iloc[0] == ""


def test_a_rule_by_quarter_is_one_rule_for_each_quarter_and_counts_what_moves_take_in_it():
    case = add_group_rules(load_case(TINY), {"rule": "moves", "measure": "count", "for_each": "quarter", "limit": 1.0})
    decision = decide_group(case, lift=False)
    load = list_load(decision).groupby("quarter")["moves_under_way"].sum()
    assert (load <= 1.0 + 1e-6).all()
    rules = list_rules(decision)
    assert set(rules["belongs_to"]) == {"moves"}
    used = rules.set_index("rule")["used"]
    for quarter, under_way in load.items():
        assert used[f"moves [{quarter}]"] == pytest.approx(under_way)


def test_single_units_leave_rules_and_discounts_of_the_group_aside(group_case):
    tiers = {"provider": "DeskCo", "threshold": 1.0, "discount_share": 0.5, "kind": "all_units"}
    owners = group_case.options["owner"]
    tiers["provider"] = next(owner for owner in owners if owner != "own")
    case = group_case.replace(price_tiers=pd.DataFrame([tiers]))
    for name in ("alpha", "beta"):
        plain, shared = (pose_question(each.select(name)) for each in (load_case(TINY), case))
        pd.testing.assert_frame_equal(plain.rules, shared.rules)
        assert "tiers" not in (state_question(shared).structure or {})


def test_a_joint_discount_is_taken_and_split():
    case = load_case(TINY)
    owner = next(owner for owner in case.options["owner"] if owner != "own")
    tiers = pd.DataFrame([{"provider": owner, "threshold": 1.0, "discount_share": 0.3, "kind": "all_units"}])
    decision = decide_group(case.replace(price_tiers=tiers), gap=0.0)
    parts = list_discount_parts(decision)
    assert parts["part"].sum() == pytest.approx(decision.joint.discounts["discount"].sum())
    assert decision.joint.discounts["discount"].iloc[0] == pytest.approx(0.3 * parts["volume"].sum())
    assert list_units(decision)["cost_group"].sum() == pytest.approx(decision.joint.objective)


def test_no_more_owners_are_used_than_the_group_allows():
    case = add_group_rules(
        load_case(TINY),
        {"rule": "nobody", "measure": "distinct_owner", "where": "owner_type != 'own'", "limit": 0},
    )
    decision = decide_group(case)
    assert list_owners(decision).empty
    assert (list_decisions(decision)["owner_type"] == "own").all()


def test_units_without_a_center_keep_their_part_of_every_limit(tiny_group):
    parted = {name: plan for name, plan in tiny_group.parted.items() if plan is not None}
    moved = sum(float((~plan.choices["is_as_is"].astype(bool)).sum()) for plan in parted.values())
    assert moved <= 2.0
    worth = weigh_center(tiny_group)
    if len(parted) == len(tiny_group.parted):
        assert worth["center_saves"] >= -1e-6


def test_rules_that_leave_nothing_are_named():
    case = add_group_rules(
        load_case(TINY),
        {"rule": "too much", "measure": "count", "where": "is_as_is == False", "sense": ">=", "limit": 99},
    )
    with pytest.raises(InfeasiblePlanError, match="too much"):
        decide_group(case)


def test_units_that_share_nothing_decide_as_each_by_itself():
    decision = decide_group(load_case(TINY), gap=0.0)
    assert list_rules(decision).empty
    assert list_units(decision)["gives_up"].abs().max() == pytest.approx(0.0, abs=1e-6)
    assert not list_decisions(decision)["is_changed"].any()


def test_each_difference_has_a_cause(tiny_group):
    found = list_differences(tiny_group)
    assert (found["unit"] != found["other_unit"]).all()
    assert found["cause"].isin(["not offered", "barred", "cost", "group rule", "unit rule"]).all()
    assert np.isfinite(found.loc[found["cause"] == "cost", "extra_cost"].astype(float)).all()


@pytest.mark.parametrize(
    ("rule", "column", "told"),
    [
        ({"business_unit": "alpha", "measure": "fte"}, "business_unit", "no unit beside scope group"),
        ({"measure": "distinct_ownr"}, "measure", "distinct_ and a column of texts"),
        ({"measure": "distinct_fte"}, "measure", "distinct_ and a column of texts"),
        ({"measure": "distinct_owner", "sense": ">="}, "sense", "<= beside distinct_"),
        ({"measure": "distinct_owner", "for_each": "owner"}, "for_each", "no for_each beside distinct_"),
        ({"measure": "fte", "for_each": "quarter"}, "measure", "beside quarter"),
        ({"measure": "count", "for_each": "quarter", "relative_to": "count"}, "relative_to", "no relative_to beside"),
        ({"measure": "distinct_owner", "scope": "unit"}, "measure", "a column of the alternatives"),
        ({"measure": "fte", "for_each": "quarter", "scope": "unit"}, "for_each", "a column of the alternatives"),
        ({"measure": "fte", "scope": "groups"}, "scope", "unit"),
    ],
)
def test_a_group_rule_that_makes_no_sense_is_a_problem_of_its_cell(rule, column, told):
    with pytest.raises(CaseError) as caught:
        add_group_rules(load_case(TINY), {"rule": "new", "limit": 1.0, **rule})
    problems = caught.value.problems
    own = problems[(problems["table"] == "rules") & (problems["column"] == column)]
    assert own["rule"].str.contains(told, regex=False).any(), problems.to_string()


def test_a_shared_discount_is_of_a_provider_of_some_unit():
    tiers = pd.DataFrame([{"provider": "Nobody", "threshold": 1.0, "discount_share": 0.3, "kind": "all_units"}])
    with pytest.raises(CaseError, match="an owner of some option"):
        load_case(TINY).replace(price_tiers=tiers)
