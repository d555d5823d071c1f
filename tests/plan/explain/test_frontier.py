"""Efficient plans against published sets and complete enumeration."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import certify, choose, mark_chosen, trace_frontier
from tests.conftest import examples


def make_assignment(*tables):
    """Each worker takes one task, each task one worker; one measure per table."""
    size = len(tables[0])
    names = [f"time {k}" for k in range(len(tables))]
    rows = [
        (f"worker {i}", f"task {j}", 0.0, *(float(table[i][j]) for table in tables))
        for i in range(size)
        for j in range(size)
    ]
    once = {"rule": "each task once", "measure": "count", "sense": "==", "limit": 1, "for_each": "option"}
    return pd.DataFrame(rows, columns=["process", "option", "cost", *names]), pd.DataFrame([once]), names


def test_two_assignments_have_the_efficient_set_that_enumeration_gives():
    """E. L. Ulungu, J. Teghem, 1994, as Example 9.38, page 255, of M. Ehrgott, Multicriteria Optimization, 2005.

    The tables are kept in the public repository vOptSolver/vOptGeneric.jl, `examples/LinearAssignmentUlungu1994.jl`;
    the set is that of all 24 assignments.
    """
    first = [[5, 1, 4, 7], [6, 2, 2, 6], [2, 8, 4, 4], [3, 5, 7, 1]]
    second = [[3, 6, 4, 2], [1, 3, 8, 3], [5, 2, 2, 3], [4, 2, 3, 5]]
    table, rules, names = make_assignment(first, second)
    frontier = trace_frontier(table, rules, names)
    assert frontier[names].values.tolist() == [[6, 24], [9, 17], [12, 13], [16, 11], [19, 10], [22, 7]]
    totals = [
        [sum(each[i][j] for i, j in enumerate(order)) for each in (first, second)]
        for order in itertools.permutations(range(4))
    ]
    assert frontier[names].values.tolist() == [list(point) for point in keep_efficient(totals)]
    assert frontier.attrs["complete"]


ASSIGNMENT = """
6 1 20 2 3 | 2 6 9 10 18 | 1 6 20 5 9 | 6 8 6 9 6 | 7 10 10 6 2
17 20 8 8 20 | 10 13 1 10 15 | 4 11 1 13 1 | 19 13 7 18 17 | 15 3 5 1 11
10 7 1 19 12 | 2 15 12 10 3 | 11 20 16 12 9 | 10 15 20 11 7 | 1 9 20 7 6
"""
ASSIGNED = """
16 61 47 | 17 43 71 | 18 47 67 | 20 52 54 | 22 37 63 | 22 54 47 | 23 43 44 | 24 39 45 | 28 33 58 | 28 66 39 | 29 29 59
34 60 42 | 35 38 56 | 35 49 39 | 37 55 36 | 38 33 53 | 39 43 41 | 40 47 37 | 43 51 31 | 45 33 34 | 50 40 32
"""
KNAPSACK = """
566 611 506 180 817 184 585 423 26 317 | 62 84 977 979 874 54 269 93 881 563
664 982 962 140 224 215 12 869 332 537 | 557 898 148 63 78 964 246 662 386 272
"""
PACKED = """
2518 3866 3191 | 2706 3857 3304 | 2854 3570 3714 | 2854 4636 3076 | 2997 3539 3509 | 3042 4627 3189 | 3394 3817 3408
"""


def read_figures(text):
    return np.array([row.split() for row in text.strip().replace("\n", "|").split("|")], dtype=float)


def test_three_assignments_have_the_published_efficient_set():
    """Five workers, five tasks, three measures, 21 efficient plans.

    As kept in the public repository jump-dev/MultiObjectiveAlgorithms.jl, `test/problems.jl`, assignment with p = 3.
    """
    table, rules, names = make_assignment(*read_figures(ASSIGNMENT).reshape(3, 5, 5))
    frontier = trace_frontier(table, rules, names)
    assert frontier[names].values.tolist() == read_figures(ASSIGNED).tolist()
    assert frontier.attrs["complete"]
    assert all(certify(plan)["holds"].all() for plan in frontier["plan"])


def test_three_values_of_a_knapsack_have_the_published_efficient_set():
    """Ten items of a weight and three values, at most 2,137 in all; the same source, knapsack with p = 3.

    The values stand for points of fit, of customers and of the public, of each of which more is better.
    """
    *values, weights = read_figures(KNAPSACK)
    names = ["fit_points", "customer_value", "social_value"]
    table = pd.DataFrame({"process": np.repeat([f"item {k}" for k in range(10)], 2), "option": ["out", "in"] * 10})
    for name, amounts in zip([*names, "weight"], [*values, weights], strict=True):
        table[name] = np.column_stack([np.zeros(10), amounts]).ravel()
    cap = pd.DataFrame([{"rule": "cap", "measure": "weight", "sense": "<=", "limit": 2137.0}])
    frontier = trace_frontier(table.assign(cost=0.0), cap, names)
    assert sorted(frontier[names].values.tolist()) == read_figures(PACKED).tolist()
    assert frontier["fit_points"].is_monotonic_decreasing
    assert frontier.attrs["complete"]


def keep_efficient(points):
    points = np.unique(np.round(points, 9), axis=0)
    beaten = [((points <= p).all(1) & (points < p).any(1)).any() for p in points]
    return sorted(map(tuple, points[~np.array(beaten)].tolist()))


@examples(6, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.sampled_from([2, 3]))
def test_every_efficient_plan_is_found(seed, count):
    rng = np.random.default_rng(seed)
    processes, options = 4, 3
    table = pd.DataFrame(
        {
            "process": np.repeat([f"p{k}" for k in range(processes)], options),
            "option": np.tile(list("abc"), processes),
            "cost": 0.0,
            "cash_cost": rng.integers(-5, 9, processes * options),
            "expected_loss": rng.uniform(0, 9, processes * options).round(2),
            "fit_points": rng.integers(-3, 4, processes * options),
        }
    )
    measures = ["cash_cost", "expected_loss", "fit_points"][:count]
    amounts = table[measures].to_numpy(dtype=float) * [1, 1, -1][:count]
    whole = [sum(amounts[3 * i + k] for i, k in enumerate(picked)) for picked in itertools.product(range(3), repeat=4)]
    frontier = trace_frontier(table, measures=measures)
    met = frontier[measures].to_numpy() * [1, 1, -1][:count]
    assert sorted(map(tuple, met.tolist())) == [pytest.approx(point, abs=1e-6) for point in keep_efficient(whole)]
    for row in frontier.to_dict("records"):
        assert certify(row["plan"])["holds"].all()
        assert row["plan"].choices["cash_cost"].sum() == pytest.approx(row["cash_cost"])


MEASURES = ["cash_cost", "expected_loss", "fit_points", "customer_value", "social_value"]
MORE_IS_BETTER = {"fit_points", "customer_value", "social_value"}


@examples(12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_under_rules_links_and_ties_every_efficient_plan_is_found_once(seed, draw, enumerate_plans):
    """Few different amounts: many plans tie, and many are as good in some measures and worse in the others."""
    instance, rng = draw(seed), np.random.default_rng(seed)
    table, size = instance.alternatives, len(instance.alternatives)
    table["cash_cost"] = rng.integers(-2, 4, size) * 1e5
    table["expected_loss"] = rng.uniform(0, 9, size).round(1)
    table["fit_points"] = rng.integers(-2, 3, size)
    table["customer_value"] = np.where(rng.random(size) < 0.6, 0.0, rng.integers(1, 4, size) * 1e3)
    table["social_value"] = rng.integers(0, 2, size) / 4
    names = [str(name) for name in rng.permutation(MEASURES)[: rng.integers(2, 4)]]
    signs = np.array([-1.0 if name in MORE_IS_BETTER else 1.0 for name in names])
    plans = enumerate_plans(instance)
    tables = {"links": instance.links, "handoff_costs": instance.handoff_costs, "structure": instance.structure}
    if not plans:
        with pytest.raises(InfeasiblePlanError):
            trace_frontier(table, instance.rules, names, **tables)
        return
    frontier = trace_frontier(table, instance.rules, names, **tables)
    amounts = table.reset_index(drop=True)[names].to_numpy(dtype=float) * signs
    wanted = keep_efficient([amounts[picked].sum(axis=0) for _, picked in plans])
    met = sorted(map(tuple, (frontier[names].to_numpy() * signs).tolist()))
    assert met == [pytest.approx(point, rel=1e-9, abs=1e-6) for point in wanted]
    assert frontier.attrs["complete"]


def test_a_point_kept_out_by_less_than_a_solver_s_tolerance_hides_no_other():
    """Whole numbers that miss a bound by a hair are forbidden one by one; that once upset the amounts of other rows."""
    rng = np.random.default_rng(13)
    rows = [
        (f"p{i}", f"o{o}", float(rng.normal(20, 6)), float(rng.uniform(0, 20)), str(rng.choice(["acme", "zen"])))
        for i in range(4) for o in range(4)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["process", "option", "cost", "price", "owner"])
    table["fit_points"], table["social_value"] = rng.integers(-3, 4, 16), rng.uniform(-1, 1, 16).round(2)
    tiers = [("owner", owner, "price", start, share, "all_units")
             for owner in ("acme", "zen") for start, share in ((0.0, 0.4), (15.0, 0.7))]  # fmt: skip
    columns = ["column", "value", "measure", "threshold", "discount_share", "kind"]
    names, structure = ["social_value", "price", "fit_points"], {"tiers": pd.DataFrame(tiers, columns=columns)}
    frontier = trace_frontier(table, None, names, structure=structure)
    amounts = table[names].to_numpy() * [-1, 1, -1]
    whole = [sum(amounts[4 * i + k] for i, k in enumerate(each)) for each in itertools.product(range(4), repeat=4)]
    met = sorted(map(tuple, (frontier[names].to_numpy() * [-1, 1, -1]).tolist()))
    assert met == [pytest.approx(point, abs=1e-6) for point in keep_efficient(whole)]


def test_price_along_the_frontier_is_the_slope_to_the_next_plan():
    table = pd.DataFrame({"process": ["a"] * 3, "option": list("xyz"), "cost": [1.0, 5.0, 6.0], "risk": [9, 7, 1.0]})
    frontier = trace_frontier(table, measures=("cost", "risk"))
    assert frontier["price_of_next"].tolist()[:2] == [2.0, pytest.approx(1 / 6)]
    assert np.isnan(frontier["price_of_next"].iloc[-1])


def test_with_steps_plans_are_fewer_and_efficient():
    rng = np.random.default_rng(3)
    table = pd.DataFrame(
        {
            "process": np.repeat([f"p{k}" for k in range(8)], 3),
            "option": np.tile(list("abc"), 8),
            "cost": rng.uniform(0, 9, 24),
            "risk": rng.uniform(0, 9, 24),
        }
    )
    whole, some = (trace_frontier(table, measures=("cost", "risk"), steps=steps) for steps in (None, {"risk": 8.0}))
    assert 1 < len(some) < len(whole)
    assert {tuple(np.round(each, 6)) for each in some[["cost", "risk"]].to_numpy()} <= {
        tuple(np.round(each, 6)) for each in whole[["cost", "risk"]].to_numpy()
    }
    assert whole.attrs["complete"]
    assert not some.attrs["complete"]


def test_chosen_plan_is_marked_or_set_beside(offers):
    frontier = trace_frontier(
        offers.drop(columns="cost").assign(cost=offers["cost"]), measures=("cost_cash", "cost_risk")
    )
    plan = choose(offers)
    marked = mark_chosen(frontier, plan)
    assert marked["chosen"].sum() == 1
    assert marked.loc[marked["chosen"], "cost_cash"].item() == plan.choices["cost_cash"].sum()


def test_a_priced_sum_is_refused_against_its_parts(offers):
    with pytest.raises(InputError, match="priced sum"):
        trace_frontier(offers, measures=("cost", "cost_cash"))
    with pytest.raises(InputError, match="two or three"):
        trace_frontier(offers, measures=("cost_cash",))


def test_a_split_process_has_both_ends_and_a_few_plans_between_in_place_of_a_continuum():
    """Points (0, 10), (10, 0) and the dominated (6, 6): efficient plans are all mixtures of the first two."""
    table = pd.DataFrame(
        [("p", "a", 0.0, 0.0, 10.0), ("p", "b", 10.0, 10.0, 0.0), ("p", "c", 6.0, 6.0, 6.0)],
        columns=["process", "option", "cost", "cash", "risk"],
    )
    items = pd.DataFrame([{"process": "p", "divisible": True, "min_share": 0.0, "max_parts": 3}])
    found = trace_frontier(table, measures=("cash", "risk"), structure={"items": items})
    assert 10 < len(found) <= 30
    assert found.iloc[[0, -1]][["cash", "risk"]].to_numpy() == pytest.approx(np.array([[0, 10], [10, 0]]), abs=1e-5)
    assert found["cash"].diff().iloc[1:].min() > 0.2
    assert (found["cash"] + found["risk"]).to_numpy() == pytest.approx(np.full(len(found), 10.0), abs=1e-5)
    assert not found.attrs["complete"]
    assert not found.attrs["cut"]


def test_a_frontier_without_points_leaves_the_plan_alone_on_it(offers):
    """What a search cut at once finds: nothing; the plan is then asked about by itself."""
    empty = pd.DataFrame(columns=["cost_cash", "cost_risk", "price_of_next", "plan"])
    empty.attrs = {"complete": False, "cut": True}
    marked = mark_chosen(empty, choose(offers))
    assert marked[["cost_cash", "cost_risk", "chosen", "efficient"]].values.tolist() == [[16.0, 3.0, True, True]]
    assert marked.attrs["cut"]


def test_a_plan_that_is_beaten_stands_beside_the_one_that_beats_it(offers):
    """Kept at home for a third line of 5, the move of payroll would be better in both measures looked at."""
    table = offers.assign(cost_other=[0.0, 9.0, 0.0, 0.0], cost_risk=[3.0, 2.0, 2.0, 1.0])
    table["cost"] = table["cost_cash"] + table["cost_risk"] + table["cost_other"]
    plan = choose(table)
    assert plan.choices["option"].tolist() == ["move", "stay"]
    marked = mark_chosen(trace_frontier(table, measures=("cost_cash", "cost_risk")), plan)
    assert marked[["cost_cash", "cost_risk", "chosen", "efficient"]].values.tolist() == [
        [16.0, 3.0, False, True],
        [21.0, 4.0, True, False],
    ]
    assert marked["price_of_next"].isna().all()
