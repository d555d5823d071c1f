"""Efficient plans against published sets and complete enumeration."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.errors import InputError
from sourcing.plan import certify, choose, mark_chosen, trace_frontier


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


def test_two_assignments_have_the_published_efficient_set():
    """E. L. Ulungu, J. Teghem, Multi-objective combinatorial optimization problems: a survey, JMCDA 3, 1994."""
    first = [[5, 1, 4, 7], [6, 2, 2, 6], [2, 8, 4, 4], [3, 5, 7, 1]]
    second = [[3, 6, 4, 2], [1, 3, 8, 3], [5, 2, 2, 3], [4, 2, 3, 5]]
    table, rules, names = make_assignment(first, second)
    frontier = trace_frontier(table, rules, names)
    assert frontier[names].values.tolist() == [[6, 24], [9, 17], [12, 13], [16, 11], [19, 10], [22, 7]]
    assert frontier.attrs["complete"]


def keep_efficient(points):
    points = np.unique(np.round(points, 9), axis=0)
    beaten = [((points <= p).all(1) & (points < p).any(1)).any() for p in points]
    return sorted(map(tuple, points[~np.array(beaten)].tolist()))


@settings(max_examples=12, deadline=None)
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
