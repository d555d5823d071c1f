"""Choice under risk: against every plan of small questions, against linear programs, and against published answers."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import (
    ChanceRule,
    LargestRegret,
    Risk,
    UncertaintyBudget,
    WorstTail,
    ask,
    certify,
    choose_under_risk,
    choose_with_chance,
    find_own_shares,
    flip_decisions,
    measure_of,
    reduce_scenarios,
    trace_risk,
)
from tests.conftest import examples

CHARGES = pd.DataFrame([("visit", "owner == 'b'", 7.0)], columns=["charge", "where", "cost"])


def make_question(seed, processes=4, options=3, **more):
    """Draw a small question with a rule and a charge that two processes may share."""
    random = np.random.default_rng(seed)
    size = processes * options
    table = pd.DataFrame({"process": np.repeat([f"p{k}" for k in range(processes)], options),
                          "option": np.tile([f"o{k}" for k in range(options)], processes),
                          "cost": random.integers(20, 60, size).astype(float),
                          "use": random.integers(0, 9, size).astype(float),
                          "owner": random.choice(["a", "b"], size)})  # fmt: skip
    cap = pd.DataFrame(
        [("cap", "use", "", "<=", 5.0 * processes)], columns=["rule", "measure", "where", "sense", "limit"]
    )
    return ask(table.sample(frac=1.0, random_state=seed), cap, structure={"charges": CHARGES}, **more)


def draw_costs(question, seed, scenarios=40):
    random = np.random.default_rng(seed + 1)
    own = question.alternatives["cost"].to_numpy()
    return own * random.lognormal(-0.08, 0.4, (scenarios, len(own)))


def enumerate_plans(question):
    """Give shares, cost and shared money of every plan that keeps the rules, by plain sums."""
    table = question.alternatives.reset_index(drop=True)
    for rows in itertools.product(*table.groupby("process").indices.values()):
        own = table.loc[list(rows)]
        if question.rules is None or own["use"].sum() <= question.rules["limit"].iloc[0]:
            beside = 7.0 if question.structure and (own["owner"] == "b").any() else 0.0
            yield np.isin(np.arange(len(table)), rows).astype(float), own["cost"].sum() + beside, beside


def worst_mean(values, alpha):
    """Average the worst 1 - alpha, the last one split, by a sorted sum."""
    size, rest, total = (1 - alpha) * len(values), (1 - alpha) * len(values), 0.0
    for value in sorted(values, reverse=True):
        total += min(1.0, rest) * value
        rest -= min(1.0, rest)
    return total / size


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("weight", [0.3, 2.0])
def test_a_weighed_worst_tail_is_the_least_of_all_plans(seed, weight):
    question = make_question(seed)
    costs = draw_costs(question, seed)
    found = choose_under_risk(question, Risk(WorstTail(costs, 0.83), weight=weight))
    every = [
        cost + weight * (worst_mean(costs @ taken, 0.83) + beside) for taken, cost, beside in enumerate_plans(question)
    ]
    assert found.objective == pytest.approx(min(every), rel=1e-9)
    assert found.plan.objective + weight * found.value == pytest.approx(min(every), rel=1e-8)
    certify(found.plan)


@pytest.mark.parametrize("seed", range(4))
def test_a_limited_worst_tail_is_kept_at_the_least_cost_of_all_plans(seed):
    question = make_question(seed)
    costs = draw_costs(question, seed)
    plans = [(cost, worst_mean(costs @ taken, 0.9) + beside) for taken, cost, beside in enumerate_plans(question)]
    levels = sorted(worst for _, worst in plans)
    for limit in (levels[0] * (1 + 1e-7), levels[3] + 0.1, levels[len(levels) // 3]):
        found = choose_under_risk(question, Risk(WorstTail(costs, 0.9), limit=limit))
        assert found.plan.objective == pytest.approx(min(cost for cost, worst in plans if worst <= limit * (1 + 1e-9)))
        assert found.value <= limit * (1 + 1.1e-6)
    assert flip_decisions(found.plan)["exact"].all()


@pytest.mark.parametrize("seed", range(4))
def test_the_largest_regret_is_the_least_of_all_plans(seed):
    question = make_question(seed)
    costs = draw_costs(question, seed, 5)
    plans = [(taken, costs @ taken + beside) for taken, _, beside in enumerate_plans(question)]
    best = np.min([totals for _, totals in plans], axis=0)
    found = choose_under_risk(question, Risk(LargestRegret(costs, best)))
    assert found.value == pytest.approx(min((totals - best).max() for _, totals in plans), abs=1e-6)


def test_minimax_regret_of_two_options_is_worked_by_hand():
    # left 10 or 40, right 16 or 30, best 10 and 30: regrets (0, 10) and (6, 0); the middle's (4, 5) are the least
    table = pd.DataFrame({"process": ["a"] * 3, "option": ["left", "right", "middle"], "cost": [25.0, 23.0, 24.5]})
    costs = np.array([[10.0, 16.0, 14.0], [40.0, 30.0, 35.0]])
    found = choose_under_risk(ask(table), Risk(LargestRegret(costs, np.array([10.0, 30.0]))))
    assert (found.plan.choices["option"].tolist(), found.value) == (["middle"], 5.0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.5, 9.0])
def test_figures_at_their_bad_ends_cost_the_least_of_all_plans(seed, gamma):
    question = make_question(seed)
    random = np.random.default_rng(seed)
    own, ends = question.alternatives["cost"].to_numpy(), random.normal(0, 8, (4, 2, 12))
    found = choose_under_risk(question, Risk(UncertaintyBudget(own, ends, gamma)))
    every = []
    for taken, cost, _ in enumerate_plans(question):
        harm = sorted((max(0.0, *(ends[j] @ taken)) for j in range(4)), reverse=True)
        every.append(cost + sum(max(0.0, min(1.0, gamma - k)) * each for k, each in enumerate(harm)))
    assert found.value == pytest.approx(min(every), abs=1e-6)


def test_the_price_of_robustness_is_that_of_the_robust_counterpart():
    """Take from (process) or not: the robust counterpart of Bertsimas and Sim (2004), theorem 1, with costs uncertain.

    min c x + z gamma + sum p_j with z + p_j >= d_j x_j, solved here as one program by another solver (scipy's own).
    """
    random = np.random.default_rng(5)
    items, gamma = 12, 3
    cost, deviation, use = random.uniform(5, 20, items), random.uniform(1, 12, items), random.uniform(1, 9, items)
    need = 0.5 * use.sum()
    matrix = np.zeros((items + 1, 2 * items + 1))
    matrix[:items, :items], matrix[:items, items] = -np.diag(deviation), 1.0
    matrix[:items, items + 1 :] = np.eye(items)
    matrix[items, :items] = use
    lower = np.append(np.zeros(items), need)
    whole = np.append(np.ones(items), np.zeros(items + 1))
    ends = Bounds(np.zeros(2 * items + 1), np.append(np.ones(items), np.full(items + 1, np.inf)))
    objective = np.concatenate([cost, [gamma], np.ones(items)])
    robust = milp(objective, integrality=whole, bounds=ends, constraints=LinearConstraint(matrix, lower, np.inf))
    table = pd.DataFrame({"process": np.repeat([f"i{k:02d}" for k in range(items)], 2),
                          "option": ["take", "leave"] * items,
                          "cost": np.ravel(np.column_stack([cost, np.zeros(items)])),
                          "use": np.ravel(np.column_stack([use, np.zeros(items)]))})  # fmt: skip
    rule = pd.DataFrame([("need", "use", "", ">=", need)], columns=["rule", "measure", "where", "sense", "limit"])
    ends = np.zeros((items, 1, 2 * items))
    ends[np.arange(items), 0, 2 * np.arange(items)] = deviation
    budget = UncertaintyBudget(table["cost"].to_numpy(), ends, gamma)
    found = choose_under_risk(ask(table, rule), Risk(budget))
    assert found.value == pytest.approx(robust.fun, rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("share", [0.6, 0.8, 0.95])
def test_a_limit_kept_often_enough_costs_the_least_of_all_plans(seed, share):
    question = make_question(seed)
    costs = draw_costs(question, seed)
    plans = [(cost, np.sort(costs @ taken + beside)) for taken, cost, beside in enumerate_plans(question)]
    place = int(np.ceil(share * len(costs) - 1e-9)) - 1
    reached = sorted(totals[place] for _, totals in plans)
    cheapest = min(cost for cost, _ in plans)
    for limit in (reached[1] + 1e-3, reached[len(reached) // 4] + 1e-3):
        found = choose_with_chance(question, ChanceRule(costs, limit, share))
        best = min(cost for cost, totals in plans if totals[place] <= limit)
        assert found.value >= share - 1e-12
        assert cheapest - 1e-9 <= found.bound <= best + 1e-6
        assert found.plan.objective >= best - 1e-6
        assert found.plan.objective == pytest.approx(best) if found.gap == 0.0 else found.plan.objective <= 1.05 * best


@given(st.integers(0, 10_000))
@examples(20)
def test_more_aversion_never_raises_the_worst_tail_nor_lowers_the_cost(seed):
    question = make_question(seed)
    costs = draw_costs(question, seed)
    tail, weights = WorstTail(costs, 0.9), (0.0, 0.2, 1.0, 5.0)
    found = [choose_under_risk(question, Risk(tail, weight=weight)) for weight in weights]
    assert (np.diff([each.value for each in found]) <= 1e-6).all()
    assert (np.diff([each.plan.objective for each in found]) >= -1e-6).all()
    traced = trace_risk(question, tail, weights, gap=0.0)
    assert [each.value for each in traced[:-1]] == pytest.approx([each.value for each in found])
    assert traced[-1].value == pytest.approx(choose_under_risk(question, Risk(tail)).value)


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.5, 0.9]))
@examples(20)
def test_equal_scenarios_give_the_plain_plan(seed, alpha):
    question = make_question(seed)
    own = question.alternatives["cost"].to_numpy()
    costs = np.tile(own, (10, 1))
    plain = min(cost for _, cost, _ in enumerate_plans(question))
    tail, budget = WorstTail(costs, alpha), UncertaintyBudget(own, np.zeros((2, 2, 12)), 2.0)
    regret = LargestRegret(costs, np.full(10, plain))
    for risk in (Risk(tail, weight=3.0), Risk(tail), Risk(regret), Risk(budget)):
        assert choose_under_risk(question, risk).plan.objective == pytest.approx(plain)
    assert choose_with_chance(question, ChanceRule(costs, plain, 0.9)).plan.objective == pytest.approx(plain)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0.0, 0.99))
@examples(50)
def test_a_cut_is_the_worst_tail_of_a_sample(values, alpha):
    tail = WorstTail(np.array(values)[:, None], alpha)
    assert tail.find_cut(np.ones(1)).amounts[0] == pytest.approx(
        worst_mean(values, alpha), abs=1e-6 * (1 + max(map(abs, values)))
    )


def test_split_processes_are_measured_by_their_shares():
    table = pd.DataFrame({"process": ["a", "a"], "option": ["left", "right"], "cost": [10.0, 10.0]})
    items = pd.DataFrame([("a", True, 0.1, 2)], columns=["process", "divisible", "min_share", "max_parts"])
    costs = np.array([[20.0, 0.0], [0.0, 20.0]])
    found = choose_under_risk(ask(table, structure={"items": items}), Risk(WorstTail(costs, 0.5)))
    assert found.value == pytest.approx(10.0, abs=1e-4)
    assert find_own_shares(found.plan) == pytest.approx([0.5, 0.5], abs=1e-5)


def test_a_limit_that_no_plan_keeps_names_itself_and_the_least_that_one_keeps():
    question = make_question(1)
    costs = draw_costs(question, 1)
    least = min(worst_mean(costs @ taken, 0.9) + beside for taken, _, beside in enumerate_plans(question))
    with pytest.raises(InfeasiblePlanError, match="worst tenth kept") as caught:
        choose_under_risk(question, Risk(WorstTail(costs, 0.9, "worst tenth kept"), limit=0.9 * least))
    assert caught.value.conflicts == [["worst tenth kept"]]
    needed = float(caught.value.repairs["needed"].iloc[0])
    assert least <= needed <= least + 1.0
    choose_under_risk(question, Risk(WorstTail(costs, 0.9), limit=needed))
    with pytest.raises(InfeasiblePlanError, match="enough") as caught:
        choose_with_chance(question, ChanceRule(costs, 0.5 * least, 0.9, "kept in enough"))
    found = choose_with_chance(question, ChanceRule(costs, float(caught.value.repairs["needed"].iloc[0]), 0.9))
    assert found.value >= 0.9


def test_rules_that_clash_are_told_as_such():
    question = make_question(1)
    rules = question.rules.assign(limit=-1.0)
    clashing = ask(question.alternatives, rules)
    with pytest.raises(InfeasiblePlanError) as caught:
        choose_under_risk(clashing, Risk(WorstTail(draw_costs(question, 1), 0.9), weight=1.0))
    assert caught.value.conflicts == [["cap"]]


def test_the_same_input_gives_the_same_bytes():
    one, again = (
        choose_under_risk(make_question(3), Risk(WorstTail(draw_costs(make_question(3), 3), 0.9))) for _ in "ab"
    )
    assert one.plan.choices.to_csv() == again.plan.choices.to_csv()
    assert one.plan.rules.to_csv() == again.plan.rules.to_csv()
    assert (one.value, one.bound) == (again.value, again.bound)


def test_a_plan_under_risk_answers_why():
    question = make_question(1)
    costs = draw_costs(question, 1)
    tail = WorstTail(costs, 0.9, "worst tenth kept")
    plain = choose_under_risk(question, Risk(tail, weight=0.0))
    cautious = choose_under_risk(question, Risk(tail))
    assert cautious.value < plain.value
    added = cautious.plan.rules["rule"].str.startswith("worst tenth kept")
    assert added.any()
    assert measure_of(cautious.plan, tail) == pytest.approx(cautious.value)
    assert len(cautious.plan.question.alternatives) == len(question.alternatives)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: WorstTail(np.ones((2, 2)), 1.0), "alpha"),
        (lambda: WorstTail(np.ones(2), 0.5), "costs"),
        (lambda: LargestRegret(np.ones((2, 2)), np.ones(3)), "best"),
        (lambda: UncertaintyBudget(np.ones(2), np.ones((1, 2, 3)), 1.0), "deviations"),
        (lambda: UncertaintyBudget(np.ones(2), np.ones((1, 2, 2)), -1.0), "gamma"),
        (lambda: ChanceRule(np.ones((2, 2)), 1.0, 0.0), "chance"),
        (lambda: Risk(WorstTail(np.ones((2, 2)), 0.5), weight=1.0, limit=1.0), "risk"),
        (lambda: Risk(WorstTail(np.ones((2, 2)), 0.5), weight=-1.0), "weight"),
        (lambda: choose_under_risk(make_question(0), Risk(WorstTail(np.ones((2, 5)), 0.5))), "12"),
        (lambda: choose_under_risk(make_question(0, objective="use"), Risk(WorstTail(np.ones((2, 12)), 0.5))), "use"),
        (lambda: reduce_scenarios(np.ones(3), 2), "outcomes"),
        (lambda: reduce_scenarios(np.ones((3, 1)), 0), "count"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(make, named):
    with pytest.raises(InputError, match=named):
        make()


def test_few_scenarios_stand_for_many():
    random = np.random.default_rng(1)
    outcomes = random.normal(0, 1, (400, 3))
    few, more = (reduce_scenarios(outcomes, count) for count in (10, 100))
    assert few.weights.sum() == pytest.approx(1.0)
    assert more.distance < few.distance
    kept = reduce_scenarios(outcomes, 400)
    assert (len(kept.rows), kept.distance) == (400, 0.0)
    mean = few.weights @ outcomes[few.rows]
    assert np.abs(mean - outcomes.mean(axis=0)).max() < 0.2
    assert np.array_equal(few.rows, reduce_scenarios(outcomes, 10).rows)


@pytest.mark.parametrize("gap", [1e-3, 0.01, 0.05])
@pytest.mark.parametrize("seed", range(6))
def test_within_a_wide_gap_the_printed_bound_is_below_the_best_of_all_plans(seed, gap):
    question = make_question(seed, processes=5)
    costs = draw_costs(question, seed)
    tail = WorstTail(costs, 0.9)
    every = [(cost, worst_mean(costs @ taken, 0.9) + beside) for taken, cost, beside in enumerate_plans(question)]
    values = sorted(value for _, value in every)
    for limit in (values[0] + 1.0, values[len(values) // 20], values[len(values) // 3]):
        best = min(cost for cost, value in every if value <= limit)
        found = choose_under_risk(question, Risk(tail, limit=limit), gap=gap)
        certify(found.plan)
        assert found.value <= limit * (1 + 1e-6)
        assert found.bound <= best + 1e-6 <= found.objective + 2e-6
        assert found.gap == pytest.approx((found.objective - found.bound) / found.objective, abs=1e-9)
        assert found.gap <= gap + 1e-9
        assert found.plan.objective == pytest.approx(found.objective)
        assert found.plan.bound <= best + 1e-6
