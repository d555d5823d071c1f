"""A unit without a plan gets a page: every clash by kind, the cheapest repair, and what would be decided with it."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case, pack
from sourcing.decide.no_plan import find_no_plan
from sourcing.errors import InputError

BASE = {"business_unit": "", "where": "", "sense": ">=", "priority": 2, "reason": "So it is.", "owner": "the board"}
PROVIDERS = ("DeskCo", "PayCo")
OUTSIDE = BASE | {"rule": "all three go outside", "measure": "count", "where": "owner_type != 'own'", "limit": 3.0}


def limit(case: Case, *rules: dict) -> Case:
    """Put rules in place of the case's own."""
    return case.replace(rules=pd.DataFrame(rules))


def test_a_repair_is_told_in_money_with_what_it_would_decide(alpha):
    no_plan = find_no_plan(alpha, budget_share=0.5)
    said = pack.say_no_plan(no_plan)
    assert said[:2] == [
        "No plan keeps every rule, ban and order of Alpha Services (fictional). This is not a decision.",
        "1 minimal set of demands clashes; these are all there are.",
    ]
    assert "'Cash cost stays within the budget' at USD 3,895,000 in place of at most USD 2,100,000" in said[2]
    assert said[3].startswith("With it: Change 2 of 3 processes")
    repairs = pack.list_repairs(no_plan)
    assert repairs["asks"].tolist() == ["Cash cost: at most USD 2.10 million"]
    assert repairs["share"].iloc[0] == pytest.approx(3_895_000 / 2_100_000 - 1)
    assert no_plan.decision.question.rules["limit"].max() == pytest.approx(3_895_000)
    assert no_plan.question.rules["limit"].max() == pytest.approx(2_100_000)
    assert no_plan.decision.plan.choices["cash_cost"].sum() <= 3_895_000 + 1


def test_members_are_marked_by_kind_and_the_hard_ones_are_said(alpha):
    no_plan = find_no_plan(limit(alpha, OUTSIDE))
    members = pack.list_clash_members(no_plan)
    assert members["kind"].tolist() == ["rule", "lock"]
    assert members["hard"].tolist() == [False, True]
    assert members["member"].tolist() == ["all three go outside", "What is barred for Product research"]
    assert members["owner"].tolist() == ["the board", "policy"]
    assert "Core and not commoditized" in members["asks"].iloc[1]
    shown = pack.show_clashes(no_plan).html
    assert shown.count(">hard<") == 1
    assert "Bans, vetoes and locks" in shown
    assert "lock: " not in shown
    assert "at least 2" in shown
    assert any(
        "no repair touches it: What is barred for Product research" in said for said in pack.say_no_plan(no_plan)
    )


def test_a_lever_and_a_capacity_are_told_apart_from_the_units_own_rules(alpha):
    providers = pd.DataFrame(
        [{"business_unit": "alpha", "provider": name, "capacity_fte": 1.0} for name in ("DeskCo", "PayCo")]
    )
    case = limit(alpha, OUTSIDE | {"limit": 2.0, "priority": 0})
    case = case.replace(providers=providers)
    kinds = pack.list_clash_members(find_no_plan(case, risk_cap_share=0.0)).set_index("member")["kind"].to_dict()
    assert kinds["all three go outside"] == "rule"
    assert kinds["DeskCo delivers at most 1 FTE"] == "capacity"


@pytest.mark.parametrize("priority", [1, 2, 3, 4])
def test_the_rule_that_matters_less_gives_way(alpha, priority):
    few = OUTSIDE | {"rule": "nobody goes outside", "sense": "==", "limit": 0.0, "priority": priority}
    other = 5 - priority
    repairs = pack.list_repairs(find_no_plan(limit(alpha, few, OUTSIDE | {"limit": 2.0, "priority": other})))
    assert repairs["rule"].tolist() == [few["rule"] if priority > other else OUTSIDE["rule"]]


def test_where_no_limit_can_give_way_the_page_still_stands_and_says_so(alpha):
    no_plan = find_no_plan(limit(alpha, OUTSIDE | {"priority": 0}))
    assert no_plan.decision is None
    none = "No change of limits alone makes a plan possible"
    assert pack.say_no_plan(no_plan)[-1].startswith(none)
    assert none in pack.show_repairs(no_plan).html
    for show in (pack.show_answer, pack.show_states, pack.show_decisions, pack.show_rules):
        assert none in pack.show_repaired(show, no_plan).html
    assert pack.record_refusal(no_plan)._repr_mimebundle_()["text/plain"].startswith("No plan keeps every rule")


def test_further_sets_are_folded_and_an_open_list_says_so(alpha):
    both = pd.DataFrame(
        [
            {"business_unit": "alpha", "kind": kind, "process_a": a, "process_b": b, "column": "owner"}
            for a, b in (("payroll", "help_desk"), ("help_desk", "research"), ("payroll", "research"))
            for kind in ("together", "apart")
        ]
    )
    no_plan = find_no_plan(alpha.replace(orders=both))
    shown = pack.show_clashes(no_plan).html
    assert "further clashing set" in shown
    assert "Payroll and Help desk have the same owner" in shown
    no_plan.error.complete = no_plan.error.cheapest = False
    assert "there may be more" in pack.say_no_plan(no_plan)[1]


def test_page_one_has_the_facts_the_way_out_and_who_is_asked(alpha):
    no_plan = find_no_plan(alpha, budget_share=0.5)
    said = pack.show_refusal(no_plan).words
    assert said.startswith("Unit: Alpha Services (fictional); Scope: 3 processes, 38 people, USD ")
    assert "State: no plan keeps every rule: not a decision" in said
    for sentence in pack.say_no_plan(no_plan):
        assert sentence in said
    html = pack.show_refusal(no_plan).html
    assert html.count('class="tile"') == 4
    assert "USD 305,000" in html
    lifts = pack.list_lifts(no_plan)
    assert (
        lifts["what"].iloc[0].startswith("Say whether to accept 'Cash cost stays within the budget' at USD 3,895,000")
    )
    assert lifts["who"].iloc[-1] == "the unit's leadership"
    assert lifts["what"].iloc[-1].startswith("Decide which demand gives way")


def test_where_no_repair_will_do_the_owners_of_what_clashes_are_asked(alpha):
    no_plan = find_no_plan(limit(alpha, OUTSIDE | {"priority": 0}))
    lifts = pack.list_lifts(no_plan)
    assert lifts["who"].tolist() == ["the board", "the unit's leadership", "the unit's leadership"]
    assert lifts["what"].iloc[1] == "Say whether it can be lifted: what is barred for Product research."
    assert pack.show_refusal(no_plan).html.count('class="tile"') == 2
    assert "What would be decided with it" not in "".join(part.html for part in pack.show_way_out(no_plan).shown)


def test_hostile_names_are_escaped(alpha):
    hostile = "<script>alert(1)</script>"
    rules = limit(alpha, OUTSIDE | {"rule": hostile, "owner": hostile, "reason": hostile}).rules
    no_plan = find_no_plan(alpha.replace(rules=rules, processes=alpha.processes.assign(name=hostile)))
    for show in (pack.show_refusal, pack.show_clashes, pack.show_repairs, pack.show_lifts):
        assert "<script" not in show(no_plan).html


def test_a_unit_with_a_plan_needs_no_reasons_for_none(alpha):
    with pytest.raises(InputError, match="got a plan for Alpha Services"):
        find_no_plan(alpha)


def test_every_rule_that_would_do_alone_is_told_with_the_plan_it_gives(alpha):
    """Two may go outside and three must: either rule alone can give way, and each has its own plan and owner."""
    few = OUTSIDE | {"rule": "at most one goes outside", "sense": "<=", "limit": 1.0, "owner": "head of operations"}
    two = OUTSIDE | {"rule": "at least two go outside", "limit": 2.0}
    no_plan = find_no_plan(limit(alpha, few, two))
    ways = pack.list_ways(no_plan)
    assert ways["rules"].tolist() == [1, 1]
    assert set(ways["owner"]) == {"head of operations", "the board"}
    assert ways["is_cheapest"].sum() == 1
    least = ways[ways["is_cheapest"]].iloc[0]
    assert least["cash_cost"] == no_plan.decision.plan.choices["cash_cost"].sum()
    for way in ways.to_dict("records"):
        outside = no_plan.plans[way["repair"]].choices["owner_type"] != "own"
        assert outside.sum() == (2 if "one" in way["changes"] else 1)
    shown = pack.show_ways(no_plan).words
    assert "least change" in shown
    assert "'at most one goes outside' at 2 in place of at most 1" in shown
