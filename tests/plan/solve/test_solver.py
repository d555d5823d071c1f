"""The search against HiGHS on the whole problem, small enough to be settled at gap 0."""

from dataclasses import replace

import highspy
import numpy as np
import pytest
from scipy import sparse

from sourcing.errors import CertificateError, InputError
from sourcing.plan.effort import USUAL, SolveEffort
from sourcing.plan.model.scaling import scale_problem
from sourcing.plan.model.writer import Problem, ProblemWriter
from sourcing.plan.solve import search
from sourcing.plan.solve.bounds import certify_bound
from sourcing.plan.solve.highs import open_highs, run_relaxation
from sourcing.plan.solve.price import price_problem
from sourcing.plan.solve.pulp import list_solvers
from sourcing.plan.solve.solver import solve
from tests.conftest import seeds


def make_problem(seed, processes=20, options=4, limits=3, caps=2, low=50.0, tight=0.8):
    """Draw costs and uses evenly; limits at a share of the mean use, caps of owners near theirs."""
    rng = np.random.default_rng(seed)
    size = processes * options
    choices = sparse.csr_array((np.ones(size), np.arange(size), np.arange(0, size + 1, options)))
    use = rng.uniform(0, 10, (limits, size))
    owner, hours = rng.integers(0, caps, size), rng.uniform(1, 10, size)
    held = np.array([np.where(owner == cap, hours, 0.0) for cap in range(caps)])
    upper = np.concatenate([np.ones(processes), tight * use.mean(axis=1) * processes, 1.2 * held.sum(axis=1) / options])
    return Problem(
        cost=rng.uniform(low, low + 100.0, size),
        lower=np.zeros(size),
        upper=np.ones(size),
        integer=np.ones(size, dtype=bool),
        columns=[f"x{k}" for k in range(size)],
        matrix=sparse.csr_array(sparse.vstack([choices, sparse.csr_array(use), sparse.csr_array(held)])),
        row_lower=np.where(np.arange(len(upper)) < processes, 1.0, -np.inf),
        row_upper=upper,
        rows=[f"row {k}" for k in range(len(upper))],
        row_scale=np.maximum(1.0, upper),
    )


def find_optimum(problem):
    """Ask HiGHS for the whole at gap 0, apart from the library; None where there is none."""
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = problem.matrix.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = problem.cost, problem.lower, problem.upper
    model.row_lower_, model.row_upper_ = problem.row_lower, problem.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = problem.matrix.indptr
    model.a_matrix_.index_, model.a_matrix_.value_ = problem.matrix.indices, problem.matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[whole] for whole in problem.integer.tolist()]
    highs = highspy.Highs()
    settings = {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0}
    for name, value in settings.items():
        highs.setOptionValue(name, value)
    highs.passModel(model)
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    return highs.getInfo().objective_function_value


@pytest.fixture
def always_cores(monkeypatch):
    monkeypatch.setattr(search, "_is_plain", lambda _: False)
    return SolveEffort(small=0)


def vary(problem, kind):
    """Shift costs below and about zero, and let some columns be continuous."""
    if kind == "negative":
        return replace(problem, cost=problem.cost - 300.0)
    if kind == "about zero":
        return replace(problem, cost=problem.cost - problem.cost.mean())
    if kind == "mixed":
        return replace(problem, integer=np.arange(len(problem.cost)) % 3 > 0)
    if kind == "barred":
        return replace(problem, upper=np.where(np.arange(len(problem.cost)) % 5 == 1, 0.0, 1.0))
    return problem


def check(problem, gap, effort=USUAL.solve):
    outcome, best = solve(problem, gap, 60.0, effort=effort), find_optimum(problem)
    if best is None:
        assert outcome.status == "infeasible"
        return
    value, allowed = float(problem.cost @ outcome.values), 1e-6 * max(1.0, abs(best))
    use = problem.matrix @ outcome.values
    assert outcome.status == "optimal"
    assert (use <= problem.row_upper + 1e-5).all() and (use >= problem.row_lower - 1e-5).all()
    assert outcome.bound <= best + allowed
    assert best <= value + allowed
    assert value - outcome.bound <= gap * abs(value) + allowed
    assert certify_bound(problem, outcome.multipliers) <= best + allowed


@pytest.mark.parametrize("gap", [0.0, 1e-3, 2e-2])
@pytest.mark.parametrize("kind", ["plain", "negative", "about zero", "mixed", "barred"])
@pytest.mark.parametrize("seed", seeds(4, 1))
def test_cores_agree_with_the_whole_problem(always_cores, seed, kind, gap):
    check(vary(make_problem(seed), kind), gap, always_cores)


@pytest.mark.parametrize("gap", [0.0, 1e-3, 2e-2])
@pytest.mark.parametrize("kind", ["plain", "negative", "about zero", "barred"])
@pytest.mark.parametrize("seed", seeds(4, 1))
def test_enumeration_agrees_with_the_whole_problem(monkeypatch, seed, kind, gap):
    if kind == "plain":
        monkeypatch.setattr(search, "_search_whole", lambda *_: pytest.fail("enumeration left something open"))
    check(vary(make_problem(seed), kind), gap, SolveEffort(small=0))


@pytest.mark.parametrize("gap", [0.0, 1e-2])
@pytest.mark.parametrize("kind", ["plain", "negative", "barred"])
@pytest.mark.parametrize("seed", seeds(3, 1))
def test_sampled_prices_agree_with_the_whole_problem(seed, kind, gap):
    effort = SolveEffort(small=0, sampled_from=2, least_touched=1)
    check(vary(make_problem(seed, processes=30), kind), gap, effort)


def test_sampled_prices_settle_many_processes_without_the_whole_relaxation(monkeypatch):
    problem = make_problem(1, processes=4000, options=6, limits=5, caps=8)
    monkeypatch.setattr(search, "run_relaxation", lambda *_: pytest.fail("the whole relaxation was solved"))
    outcome = solve(problem, 1e-3, 60.0)
    assert outcome.status == "optimal"
    assert certify_bound(problem, outcome.multipliers) >= problem.cost @ outcome.values * (1 - 2e-3)


def test_rule_on_few_processes_falls_back_to_the_relaxation():
    problem = make_problem(2, processes=3500, options=3, limits=2, caps=2)
    few = np.zeros(len(problem.cost))
    few[:9] = 1.0
    narrow = replace(
        problem,
        matrix=sparse.csr_array(sparse.vstack([problem.matrix, sparse.csr_array(few[np.newaxis])])),
        row_lower=np.append(problem.row_lower, 2.0),
        row_upper=np.append(problem.row_upper, 2.0),
        rows=[*problem.rows, "two of nine"],
        row_scale=np.append(problem.row_scale, 1.0),
    )
    assert solve(narrow, 1e-3, 60.0).status == "infeasible"
    two = replace(narrow, row_upper=np.append(problem.row_upper, 3.0))
    assert solve(two, 1e-3, 60.0).values[:9].sum() == 3.0


@pytest.mark.parametrize("seed", range(5))
def test_any_multipliers_prove_a_bound_no_better_than_the_relaxation(seed):
    problem = make_problem(seed)
    relaxed = run_relaxation(open_highs(problem, relaxed=True), 10.0)
    rng = np.random.default_rng(seed)
    for spread in (0.0, 0.1, 10.0):
        multipliers = relaxed.multipliers + spread * rng.normal(size=len(relaxed.multipliers))
        assert certify_bound(problem, multipliers) <= relaxed.bound + 1e-6
    assert certify_bound(problem, relaxed.multipliers) == pytest.approx(relaxed.bound)


def test_column_left_out_costs_at_least_its_penalty():
    problem = make_problem(3, processes=6, options=3, tight=1.0)
    relaxed = run_relaxation(open_highs(problem, relaxed=True), 10.0)
    price = price_problem(problem, relaxed.values, relaxed.multipliers)
    for column in np.flatnonzero(price.reduced_cost > 0):
        other = 1.0 - price.point[column]
        lower, upper = problem.lower.copy(), problem.upper.copy()
        lower[column] = upper[column] = other
        forced = find_optimum(replace(problem, lower=lower, upper=upper))
        assert forced is None or forced >= price.bound + price.reduced_cost[column] - 1e-6


def test_a_scaled_problem_stays_as_it_is_when_scipy_sorts_the_one_it_came_from():
    writer = ProblemWriter()
    own = writer.add_columns(["x", "y"], np.array([2.0, 1.0]), 1.0, True)
    writer.add_row("cap", own[::-1], np.array([4096.0, 8192.0]), -np.inf, 8192.0, 8192.0)
    problem = writer.write()
    scaled, _ = scale_problem(problem)
    before = scaled.matrix.toarray()
    problem.matrix.sort_indices()
    assert scaled.matrix.toarray().tolist() == before.tolist()


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1e6, 1e12])
def test_scaling_costs_scales_the_answer(always_cores, scale):
    problem = make_problem(5, processes=40)
    usual, scaled = solve(problem, 0.0, 60.0), solve(replace(problem, cost=problem.cost * scale), 0.0, 60.0)
    assert scaled.values.tolist() == usual.values.tolist()
    assert scaled.bound == pytest.approx(usual.bound * scale, rel=1e-9)


def test_order_of_columns_changes_nothing(always_cores):
    problem = make_problem(6, processes=40)
    order = np.random.default_rng(0).permutation(len(problem.cost))
    mixed = replace(problem, cost=problem.cost[order], matrix=sparse.csr_array(problem.matrix[:, order]))
    usual, other = solve(problem, 0.0, 60.0), solve(mixed, 0.0, 60.0)
    assert mixed.cost @ other.values == pytest.approx(problem.cost @ usual.values)


def test_same_problem_gives_the_same_bytes():
    problem = make_problem(7, processes=120, options=6, limits=4)
    first, second = (solve(problem, 5e-3, 60.0) for _ in range(2))
    assert first.values.tobytes() == second.values.tobytes()
    assert first.bound == second.bound
    assert first.multipliers.tobytes() == second.multipliers.tobytes()


def test_time_that_runs_out_leaves_an_honest_bound():
    problem = make_problem(8, processes=200, options=8, limits=8)
    outcome = solve(problem, 0.0, 1.5)
    assert outcome.status == "feasible"
    assert outcome.bound < problem.cost @ outcome.values
    assert outcome.bound >= certify_bound(problem, outcome.multipliers) - 1e-6
    assert solve(problem, 0.0, 0.0).status == "none"


@pytest.mark.parametrize("solver", ["HiGHS through PuLP", "PULP_CBC_CMD"])
@pytest.mark.parametrize("seed", seeds(3, 1))
def test_second_opinion_agrees(seed, solver):
    problem = make_problem(seed, processes=12)
    own, other = solve(problem, 0.0, 60.0), solve(problem, 0.0, 60.0, solver=solver)
    assert other.status == own.status == "optimal"
    assert problem.cost @ other.values == pytest.approx(problem.cost @ own.values)
    assert other.bound <= problem.cost @ own.values + 1e-6


def test_second_opinion_agrees_that_there_is_no_plan():
    problem = make_problem(0, tight=0.05)
    for solver in (None, "HiGHS through PuLP", "PULP_CBC_CMD"):
        assert solve(problem, 0.0, 60.0, solver=solver).status == "infeasible"


def test_unknown_solver_is_refused_with_a_hint():
    assert list_solvers()[0] == "HiGHS"
    with pytest.raises(InputError, match="PULP_CBC_CMD"):
        solve(make_problem(0), 0.0, 1.0, solver="PULP_CBC")


def test_answer_of_another_solver_is_checked(monkeypatch):
    problem = make_problem(0)
    wrong = lambda *_: ("optimal", np.zeros(len(problem.cost)), 0.0)  # noqa: E731
    monkeypatch.setattr("sourcing.plan.solve.pulp.solve_by_pulp", wrong)
    with pytest.raises(CertificateError, match="must keep every row"):
        solve(problem, 0.0, 1.0, solver="PULP_CBC_CMD")
