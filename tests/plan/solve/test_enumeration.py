"""Enumeration of partial plans, and searches that ask one question after another, against all points, written out."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sourcing.plan.effort import USUAL
from sourcing.plan.model.writer import Problem
from sourcing.plan.solve.parametric_search import ParametricSearch
from sourcing.plan.solve.partial_plans import enumerate_partial_plans, lay_out_stages, spread_multipliers
from sourcing.plan.solve.session import Session


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
        columns=[f"x{k}" for k in range(n)],
        matrix=sparse.csr_array(np.vstack([choices, uses])),
        row_lower=np.concatenate([np.ones(len(sizes)), lower]),
        row_upper=np.concatenate([np.ones(len(sizes)), upper]),
        rows=[f"row {k}" for k in range(len(sizes) + rows)],
        row_scale=np.ones(len(sizes) + rows),
    )


def list_points(problem):
    """Give every point that keeps all rows and bounds."""
    matrix = problem.matrix.toarray()
    groups = [np.flatnonzero(row) for row in matrix[(problem.row_lower == 1.0) & (problem.row_upper == 1.0)]]
    points = []
    for columns in product(*groups):
        point = np.zeros(len(problem.cost))
        point[list(columns)] = 1.0
        use = matrix @ point
        rows_kept = (use <= problem.row_upper + 1e-9).all() and (use >= problem.row_lower - 1e-9).all()
        if rows_kept and (point <= problem.upper).all():
            points.append(point)
    return points


def list_costs(problem):
    """Give the cost of every point that keeps all rows and bounds."""
    return [float(problem.cost @ point) for point in list_points(problem)]


@settings(deadline=None)
@given(problems(), st.integers(0, 99))
def test_wide_walk_finds_the_cheapest_point(problem, seed):
    costs = list_costs(problem)
    stages = lay_out_stages(problem, np.abs(problem.cost))
    walk = enumerate_partial_plans(stages, spread_multipliers(stages, 4, seed, 10.0), np.inf, 10_000)
    assert walk.dropped == np.inf
    assert walk.cost == pytest.approx(min(costs)) if costs else walk.columns is None
    if costs:
        assert problem.cost[walk.columns].sum() == pytest.approx(walk.cost)


@settings(deadline=None)
@given(problems(), st.integers(1, 3), st.integers(-10, 40))
def test_narrow_walk_leaves_out_nothing_cheaper_than_it_says(problem, width, ceiling):
    costs = list_costs(problem)
    stages = lay_out_stages(problem, np.abs(problem.cost))
    walk = enumerate_partial_plans(stages, spread_multipliers(stages, 4, 0, 10.0), ceiling + 1e-9, width)
    least = min(costs, default=np.inf)
    assert min(walk.dropped, walk.cost, ceiling) <= least + 1e-6
    assert walk.cost >= least - 1e-9


@settings(deadline=None)
@given(problems())
def test_walk_out_of_time_says_what_it_left_out(problem):
    stages = lay_out_stages(problem, np.abs(problem.cost))
    walk = enumerate_partial_plans(stages, spread_multipliers(stages, 2, 0, 10.0), np.inf, 100, end=0.0)
    assert walk.columns is None
    assert walk.dropped <= min(list_costs(problem), default=np.inf) + 1e-6


@settings(deadline=None)
@given(problems(), st.lists(st.tuples(st.integers(0, 20), st.integers(-4, 4)), max_size=4), st.integers(0, 3))
def test_probe_finds_the_least_of_every_question(problem, moves, room):
    """One parametric answers all: a column barred and a row moved, whatever the questions before left in it."""
    session = Session(problem)
    parametric = ParametricSearch.open(session, USUAL.explain)
    columns, rows = len(problem.cost), np.flatnonzero((problem.row_lower != 1.0) | (problem.row_upper != 1.0))
    for barred, moved in [(0, 0), *moves]:
        with session:
            session.bar(barred % columns)
            row = int(rows[barred % len(rows)])
            session.set_row(row, problem.row_lower[row] + moved, problem.row_upper[row] + moved)
            points = list_points(session.problem)
            found = parametric.ask(-np.inf, np.inf, float(room), 60.0)
        if not points:
            assert found.values is None
            assert found.bound == np.inf
            continue
        assert any((found.values == point).all() for point in points)
        assert problem.cost @ found.values == pytest.approx(found.objective)
        least = min(float(problem.cost @ point) for point in points)
        assert found.bound - 1e-6 <= least <= found.objective + 1e-6
        assert found.objective - found.bound <= room + 1e-6
        parametric.remember(found.values)


@settings(deadline=None)
@given(problems())
def test_what_a_search_knows_without_asking_is_true_of_every_point(problem):
    parametric, points = ParametricSearch.open(Session(problem), USUAL.explain), list_points(problem)
    for point in points[::3]:
        parametric.remember(point)
    bounds = parametric.bound_columns()
    for column in range(len(problem.cost)):
        with_it = [float(problem.cost @ point) for point in points if point[column]]
        assert bounds[column] <= min(with_it, default=np.inf) + 1e-6
        swapped = parametric.swap_in(np.array([column]))
        if swapped is not None:
            assert swapped[column] == 1.0
            assert any((swapped == point).all() for point in points)
        assert swapped is not None or not any(point[column] for point in points[::3])


def test_a_search_proves_a_column_impossible():
    """Two choices of 1 or 0 under `at most 1`: both at 1 is no point."""
    matrix = sparse.csr_array([[1.0, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]])
    cost = np.array([1.0, 5.0, 2.0, 4.0])
    sides = (np.array([1.0, 1.0, -np.inf]), np.array([1.0, 1.0, 1.0]))
    whole = np.ones(4, dtype=bool)
    names = (["a high", "a low", "b high", "b low"], ["a", "b", "at most 1"])
    session = Session(Problem(cost, np.zeros(4), np.ones(4), whole, names[0], matrix, *sides, names[1], np.ones(3)))
    parametric = ParametricSearch.open(session, USUAL.explain)
    with session:
        session.bar(1)
        assert parametric.ask(-np.inf, np.inf, 0.0, 60.0).objective == pytest.approx(5.0)
        session.bar(3)
        assert parametric.ask(-np.inf, np.inf, 0.0, 60.0).bound == np.inf
