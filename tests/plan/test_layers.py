"""Walks through layers against all points, written out."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sourcing.plan.layers import lay_out, spread_multipliers, walk_layers
from sourcing.plan.writer import Problem


@st.composite
def problems(draw):
    """Draw two to five choices of two or three columns under one to three rows with one side, the other or both."""
    sizes = draw(st.lists(st.integers(2, 3), min_size=2, max_size=5))
    n, rows = sum(sizes), draw(st.integers(1, 3))
    whole = st.integers(-5, 9)
    uses = np.array(draw(st.lists(st.lists(whole, min_size=n, max_size=n), min_size=rows, max_size=rows)), dtype=float)
    cost = np.array(draw(st.lists(whole, min_size=n, max_size=n)), dtype=float)
    middle = np.array(draw(st.lists(st.integers(-6, 20), min_size=rows, max_size=rows))) + 0.5
    sides = draw(st.lists(st.sampled_from(["<=", ">=", "between"]), min_size=rows, max_size=rows))
    lower = np.array([-np.inf if side == "<=" else value for side, value in zip(sides, middle, strict=True)])
    upper = np.array([np.inf if s == ">=" else v + 3.0 * (s != "<=") for s, v in zip(sides, middle, strict=True)])
    choices = np.repeat(np.eye(len(sizes)), sizes, axis=1)
    return Problem(
        cost=cost,
        lower=np.zeros(n),
        upper=np.ones(n),
        integer=np.ones(n, dtype=bool),
        columns=[],
        matrix=sparse.csr_array(np.vstack([choices, uses])),
        row_lower=np.concatenate([np.ones(len(sizes)), lower]),
        row_upper=np.concatenate([np.ones(len(sizes)), upper]),
        rows=[],
        row_scale=np.ones(len(sizes) + rows),
    )


def list_costs(problem):
    """Give the cost of every point that keeps all rows."""
    matrix = problem.matrix.toarray()
    groups = [np.flatnonzero(row) for row in matrix[(problem.row_lower == 1.0) & (problem.row_upper == 1.0)]]
    costs = []
    for columns in product(*groups):
        point = np.zeros(len(problem.cost))
        point[list(columns)] = 1.0
        use = matrix @ point
        if (use <= problem.row_upper + 1e-9).all() and (use >= problem.row_lower - 1e-9).all():
            costs.append(float(problem.cost @ point))
    return costs


@settings(deadline=None)
@given(problems(), st.integers(0, 99))
def test_wide_walk_finds_the_cheapest_point(problem, seed):
    costs = list_costs(problem)
    layers = lay_out(problem, np.abs(problem.cost))
    walk = walk_layers(layers, spread_multipliers(layers, 4, seed, 10.0), np.inf, 10_000)
    assert walk.dropped == np.inf
    assert walk.cost == pytest.approx(min(costs)) if costs else walk.columns is None
    if costs:
        assert problem.cost[walk.columns].sum() == pytest.approx(walk.cost)


@settings(deadline=None)
@given(problems(), st.integers(1, 3), st.integers(-10, 40))
def test_narrow_walk_leaves_out_nothing_cheaper_than_it_says(problem, width, ceiling):
    costs = list_costs(problem)
    layers = lay_out(problem, np.abs(problem.cost))
    walk = walk_layers(layers, spread_multipliers(layers, 4, 0, 10.0), ceiling + 1e-9, width)
    least = min(costs, default=np.inf)
    assert min(walk.dropped, walk.cost, ceiling) <= least + 1e-6
    assert walk.cost >= least - 1e-9


@settings(deadline=None)
@given(problems())
def test_walk_out_of_time_says_what_it_left_out(problem):
    layers = lay_out(problem, np.abs(problem.cost))
    walk = walk_layers(layers, spread_multipliers(layers, 2, 0, 10.0), np.inf, 100, end=0.0)
    assert walk.columns is None
    assert walk.dropped <= min(list_costs(problem), default=np.inf) + 1e-6
