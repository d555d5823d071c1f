"""A live problem, changed in place, against the same problem solved afresh."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from sourcing.errors import InputError
from sourcing.plan.model.writer import Problem
from sourcing.plan.solve.session import Session
from sourcing.plan.solve.solver import solve


def make_problem(seed=0, processes=40, options=5, limits=3):
    """Costs and uses drawn evenly, three limits at 0.8 times the mean use."""
    rng = np.random.default_rng(seed)
    size = processes * options
    choices = sparse.csr_array((np.ones(size), np.arange(size), np.arange(0, size + 1, options)))
    use = rng.uniform(0, 10, (limits, size))
    upper = np.concatenate([np.ones(processes), 0.8 * use.mean(axis=1) * processes])
    return Problem(
        cost=rng.uniform(50.0, 150.0, size),
        lower=np.zeros(size),
        upper=np.ones(size),
        integer=np.ones(size, dtype=bool),
        columns=[f"x{k}" for k in range(size)],
        matrix=sparse.csr_array(sparse.vstack([choices, sparse.csr_array(use)])),
        row_lower=np.where(np.arange(len(upper)) < processes, 1.0, -np.inf),
        row_upper=upper,
        rows=[*(f"one {k}" for k in range(processes)), *(f"limit {k}" for k in range(limits))],
        row_scale=np.maximum(1.0, upper),
    )


def agree(session, gap=0.0):
    """Compare with the problem as it stands, solved afresh."""
    warm, fresh = session.solve(gap, 30.0), solve(session.problem, gap, 30.0)
    assert warm.status == fresh.status
    if warm.values is not None:
        costs = session.problem.cost
        assert costs @ warm.values == pytest.approx(costs @ fresh.values, abs=1e-6 + 2 * gap * abs(costs @ warm.values))
        assert warm.bound <= costs @ fresh.values + 1e-6
    return warm


@pytest.mark.parametrize("seed", range(3))
def test_any_change_gives_what_a_fresh_solve_gives(seed):
    problem, rng = make_problem(seed), np.random.default_rng(seed)
    session = Session(problem)
    agree(session)
    for _ in range(6):
        kind = rng.integers(5)
        column = int(rng.integers(len(problem.cost)))
        if kind == 0:
            row = int(rng.integers(3))
            session.set_row(f"limit {row}", -np.inf, problem.row_upper[40 + row] * rng.uniform(0.97, 1.05))
        elif kind == 1:
            session.fix(f"x{column}", 1.0)
        elif kind == 2:
            session.bar(column)
        elif kind == 3:
            session.free(column)
        else:
            session.set_costs(rng.uniform(50, 150, 5), np.arange(column // 5 * 5, column // 5 * 5 + 5))
        agree(session)


def test_context_restores_every_change():
    problem = make_problem()
    session = Session(problem)
    before = session.solve(0.0, 30.0)
    with session:
        session.fix("x3", 1.0)
        with session:
            session.set_row("limit 0", -np.inf, 0.5 * problem.row_upper[40])
            session.set_costs(-problem.cost)
            assert session.problem.row_upper[40] == 0.5 * problem.row_upper[40]
        assert session.problem.cost.tolist() == problem.cost.tolist()
        assert session.problem.lower[3] == 1.0
    for name in ("cost", "lower", "upper", "row_lower", "row_upper"):
        assert getattr(session.problem, name).tolist() == getattr(problem, name).tolist()
    assert problem.cost @ session.solve(0.0, 30.0).values == pytest.approx(problem.cost @ before.values)


def test_context_restores_after_a_fault_too():
    session = Session(make_problem())
    with pytest.raises(InputError), session:
        session.fix("x0", 1.0)
        session.fix("nobody", 1.0)
    assert session.problem.lower[0] == 0.0


def test_given_problem_is_never_altered():
    problem = make_problem()
    session = Session(problem)
    session.set_costs(np.zeros(len(problem.cost)))
    session.set_row(0, 0.0, 0.0)
    assert problem.cost.min() > 0.0
    assert problem.row_lower[0] == 1.0


def test_infeasible_change_can_be_taken_back():
    session = Session(make_problem())
    session.solve()
    with session:
        session.set_row("limit 1", -np.inf, 1.0)
        assert session.solve().status == "infeasible"
    assert session.solve().status == "optimal"


def test_tightening_a_limit_never_lowers_the_cost():
    problem = make_problem(4)
    session = Session(problem)
    last = -np.inf
    for share in (1.1, 1.05, 1.0, 0.97, 0.94):
        session.set_row("limit 2", -np.inf, share * problem.row_upper[42])
        outcome = session.solve(0.0, 30.0)
        assert problem.cost @ outcome.values >= last - 1e-6
        last = problem.cost @ outcome.values


def test_bounds_of_one_problem_never_contradict():
    session = Session(make_problem(5))
    outcomes = [session.solve(gap, 30.0) for gap in (0.05, 0.01, 1e-3, 0.0)]
    values = [session.problem.cost @ outcome.values for outcome in outcomes]
    assert max(outcome.bound for outcome in outcomes) <= min(values) + 1e-6


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: s.set_row("limit 9", 0.0, 1.0), "did you mean|Hint"),
        (lambda s: s.set_row(99, 0.0, 1.0), "must be one of 43"),
        (lambda s: s.set_row(0, np.nan, 1.0), "bounds must be numbers"),
        (lambda s: s.fix("x0", np.inf), "bounds must be numbers"),
        (lambda s: s.set_costs([np.nan]), "finite"),
    ],
)
def test_unsound_changes_are_refused(call, words):
    with pytest.raises(InputError, match=words):
        call(Session(make_problem()))


def test_continuous_problem_is_solved_live():
    problem = replace(make_problem(), integer=np.zeros(200, dtype=bool))
    session = Session(problem)
    first = session.solve()
    session.set_row("limit 0", -np.inf, 0.98 * problem.row_upper[40])
    assert session.solve().bound >= first.bound - 1e-9
    agree(session)


@pytest.mark.parametrize("seed", range(3))
def test_beating_a_target_finds_a_cheaper_point_or_proves_that_there_is_none(seed):
    problem = make_problem(seed, processes=12)
    best = float(problem.cost @ solve(problem, 0.0, 30.0).values)
    below = Session(problem).beat(best * 0.9999, 30.0)
    assert below.values is None
    assert below.bound == pytest.approx(best * 0.9999, rel=1e-9)
    above = Session(problem).beat(best * 1.01, 30.0)
    assert problem.cost @ above.values <= best * 1.01
    assert (problem.matrix @ above.values <= problem.row_upper * (1 + 1e-6)).all()
    assert above.bound <= best * (1 + 1e-9)


def test_nothing_beats_a_target_where_no_point_keeps_every_row():
    problem = make_problem(0, processes=6)
    upper = problem.row_upper.copy()
    upper[-1] = 0.0
    outcome = Session(replace(problem, row_upper=upper)).beat(1e6, 30.0)
    assert (outcome.values, outcome.bound) == (None, 1e6)


@pytest.mark.parametrize("seed", range(3))
def test_a_point_is_bettered_and_what_that_proves_holds(seed):
    problem = make_problem(seed, processes=12)
    best = solve(problem, 0.0, 30.0).values
    still = replace(problem, cost=-problem.cost)
    start = solve(still, 0.5, 30.0).values
    outcome = Session(problem).better(start, np.zeros(len(start), dtype=bool), 1e-3, 30.0)
    assert outcome.bound - 1e-6 <= problem.cost @ best <= problem.cost @ outcome.values + 1e-6
    assert problem.cost @ outcome.values < problem.cost @ start
