"""The worst tenth of the group's futures: limits kept in the same futures of all units, at the least cost."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from sourcing import Case, load_case
from sourcing.decide import state_question
from sourcing.errors import CaseError, CertificateError, InfeasiblePlanError
from sourcing.pack import show_group_rules, show_method
from sourcing.plan import state_shares, sum_beside
from sourcing.portfolio import decide_group, list_rules, list_units, pose_group
from sourcing.portfolio.group import list_today
from sourcing.value import SEED, draw_consequences
from tests.conftest import TINY
from tests.portfolio.conftest import MOVES, add_group_rules

TAIL = "The worst tenth of the group stays below today's"


def limit_tail(case, share, **more):
    rule = {"rule": TAIL, "measure": "worst_tenth", "limit": share, "relative_to": "as_is"}
    return add_group_rules(case, rule | more)


def list_plans(question):
    """Every plan of a unit that keeps its rules: objective, what is paid beside, positions of alternatives."""
    asked, table = state_question(question), question.alternatives.reset_index(drop=True)
    found = []
    for chosen in itertools.product(*(list(rows.index) for _, rows in table.groupby("process", sort=False))):
        shares = np.zeros(len(table))
        shares[list(chosen)] = 1.0
        try:
            plan = state_shares(asked, shares, -np.inf)
        except CertificateError:
            continue
        found.append((plan.objective, sum_beside(plan), list(chosen)))
    return found


@pytest.fixture(scope="module")
def every_plan():
    """Every pair of plans of the tiny units: what it costs, and its worst tenth, both summed here."""
    group = pose_group(load_case(TINY))
    drawn, plans = {}, {}
    for name, asked in group.units.items():
        futures = int(asked.policy.risk_futures)
        found = draw_consequences(
            asked.case, asked.alternatives, asked.offers, asked.policy, asked.outlook, futures, SEED
        )
        drawn[name] = found.cash + found.loss
        plans[name] = list_plans(asked)
    pairs = []
    for one, other in itertools.product(plans["alpha"], plans["beta"]):
        cost, total = 0.0, 0.0
        for name, (objective, beside, chosen) in (("alpha", one), ("beta", other)):
            rate = float(group.rates[name])
            cost += rate * objective
            total = total + rate * (drawn[name][:, chosen].sum(axis=1) + beside)
        pairs.append((cost, float(np.sort(total)[-len(total) // 10 :].mean())))
    return pd.DataFrame(pairs, columns=["cost", "worst"])


@pytest.mark.parametrize("share", [1.0, 0.95, 0.94])
def test_the_group_costs_what_the_best_pair_of_plans_within_its_worst_tenth_does(every_plan, share):
    found = decide_group(limit_tail(load_case(TINY), share), gap=0.0, lift=False)
    limit = share * found.worst_tenth.at["today", "seen"]
    kept = every_plan[every_plan["worst"] <= limit * (1 + 1e-9)]
    assert 0 < len(kept) < len(every_plan)
    assert found.joint.objective == pytest.approx(kept["cost"].min())
    assert found.joint.bound == pytest.approx(found.joint.objective)
    told = list_rules(found).set_index("rule").loc[TAIL]
    assert told["used"] == pytest.approx(found.worst_tenth.at["group", "seen"])
    cheapest = kept.loc[kept["cost"] <= kept["cost"].min() + 1e-6, "worst"]
    assert np.isclose(told["used"], cheapest).any()
    assert told["limit"] == pytest.approx(limit)


@pytest.fixture(scope="module")
def careful():
    """The tiny group with a limit on its worst tenth beside one on its moves."""
    case = add_group_rules(
        load_case(TINY), {"rule": MOVES, "measure": "count", "where": "is_as_is == False", "limit": 3}
    )
    return decide_group(limit_tail(case, 0.95), gap=0.0)


def test_its_price_is_what_the_group_saves_without_it(careful, every_plan):
    rules = list_rules(careful).set_index("rule")
    free = careful.lifted[TAIL].objective
    assert rules.at[TAIL, "drop_saving"] == pytest.approx(careful.joint.objective - free)
    assert rules.at[TAIL, "drop_saving"] > 0
    assert free >= every_plan["cost"].min() - 1e-6
    assert not rules.at[TAIL, "is_kept_alone"]
    assert rules["belongs_to"].tolist() == [MOVES, TAIL]
    assert list_units(careful)["cost_group"].sum() == pytest.approx(careful.joint.objective)


def test_each_units_part_of_the_limit_keeps_the_whole():
    found = decide_group(limit_tail(load_case(TINY), 1.0), gap=0.0, lift=False)
    today = list_today(found.group.units)
    for unit, plan in found.parted.items():
        own = found.group.tail.take(unit)
        assert own.measure(found.parted) <= own.measure(today) * (1 + 1e-6), unit
        assert plan.objective <= today[unit].objective
    assert found.group.tail.measure(found.parted) <= found.worst_tenth.at["today", "seen"]


def test_the_page_tells_the_limit_and_what_the_worst_tenth_comes_to(careful):
    rules, method = show_group_rules(careful).words, show_method(careful).words
    assert TAIL in rules
    assert "In the worst tenth of futures cash and losses come to" in method
    assert "that the choice has not seen" in method


def test_units_that_are_alike_are_struck_together():
    tables = load_case(TINY, "alpha").tables
    twice = {
        name: pd.concat(
            [table[table["business_unit"] == ""]]
            + [table[table["business_unit"] == "alpha"].assign(business_unit=unit) for unit in ("one", "two")],
            ignore_index=True,
        )
        if "business_unit" in table
        else table
        for name, table in tables.items()
    }
    group = pose_group(limit_tail(Case(twice), 1.0))
    plans = list_today(group.units)
    both = group.tail.measure(plans)
    assert both == pytest.approx(2 * group.tail.take("one").measure(plans))


def test_a_group_carries_no_more_than_its_units_apart(careful):
    tail, plans = careful.group.tail, careful.plans
    assert tail.measure(plans) <= sum(tail.take(unit).measure(plans) for unit in plans) + 1e-6


def test_a_limit_that_no_plan_keeps_is_named(every_plan):
    with pytest.raises(InfeasiblePlanError, match=TAIL) as refusal:
        decide_group(limit_tail(load_case(TINY), 0.5), gap=0.0)
    assert refusal.value.conflicts == [[TAIL]]
    assert "worst_tenth_" not in str(refusal.value)


@pytest.mark.parametrize(
    ("rule", "column", "wanted"),
    [
        ({"sense": ">="}, "sense", "<= beside worst_tenth"),
        ({"where": "is_abroad == True"}, "where", "no where beside worst_tenth"),
        ({"for_each": "owner"}, "for_each", "no for_each beside worst_tenth"),
        ({"relative_to": "cash_cost", "limit": 0.5}, "relative_to", "as_is beside worst_tenth"),
        ({"scope": "unit"}, "measure", "a column of the alternatives"),
    ],
)
def test_what_a_rule_on_the_worst_tenth_cannot_say_is_told(rule, column, wanted):
    with pytest.raises(CaseError) as refusal:
        limit_tail(load_case(TINY), 1.0, **rule)
    assert wanted in refusal.value.problems.query("column == @column")["rule"].tolist()


def test_a_second_limit_on_the_worst_tenth_is_told():
    case = limit_tail(load_case(TINY), 1.0)
    with pytest.raises(CaseError) as refusal:
        limit_tail(case, 0.9, rule="Again")
    assert "one rule on worst_tenth" in refusal.value.problems["rule"].tolist()
