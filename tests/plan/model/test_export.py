from pathlib import Path

import highspy
import numpy as np
import pulp
import pytest
from pulp.apis.coin_api import PULP_CBC_CMD

from sourcing.errors import InputError
from sourcing.plan import choose
from sourcing.plan.export import export_model
from sourcing.plan.model.instance import read_instance
from sourcing.plan.model.problem import build_problem
from sourcing.plan.model.pulp_model import make_names, write_model
from sourcing.plan.model.writer import ProblemWriter
from sourcing.plan.solve.pulp import HonestHighs
from sourcing.plan.solve.solver import solve


def test_names_stay_readable_unique_and_fit_for_files(tmp_path, offers, rule):
    offers = offers.assign(process=["pay roll (a)", "pay roll (a)", "pay-roll [a]", "pay-roll [a]"])
    instance = read_instance(offers, rule("no more than one; [see 3]"), None, None, None)
    model, variables = write_model(build_problem(instance))
    assert [v.name for v in variables] == [
        "pay_roll_a_move",
        "pay_roll_a_stay",
        "pay_roll_a_move_2",
        "pay_roll_a_stay_2",
    ]
    model.writeLP(str(tmp_path / "plan.lp"))
    model.writeMPS(str(tmp_path / "plan.mps"))
    assert "no_more_than_one_see_3" in (tmp_path / "plan.lp").read_text()


def test_names_never_collide():
    labels = ["x", "x", "x_2", "X", "x 2", "", "9", "e5"]
    names = make_names(labels)
    assert len({name.lower() for name in names}) == len(labels)


@pytest.mark.parametrize("seed", range(0, 30, 3))
def test_written_model_has_the_optimum_of_the_problem(seed, draw, enumerate_plans):
    instance = draw(seed)
    plans = enumerate_plans(instance)
    model, _ = write_model(build_problem(read_instance(*instance.tables, instance.structure)))
    model.solve(pulp.COIN_CMD(path=PULP_CBC_CMD.pulp_cbc_path, msg=False, gapRel=0.0))
    if not plans:
        assert pulp.LpStatus[model.status] == "Infeasible"
        return
    assert pulp.value(model.objective) == pytest.approx(min(cost for cost, _ in plans), abs=1e-5)


def test_link_formulation_is_tight(offers):
    """With links only, the relaxation of a single link is already whole."""
    import pandas as pd

    links = pd.DataFrame({"process_a": ["payroll"], "process_b": ["billing"], "traffic": [3.0]})
    pairs = [("own@US", "acme@IN"), ("own@US", "zen@PL"), ("zen@PL", "acme@IN")]
    costs = pd.DataFrame([(*pair, 4.0) for pair in pairs], columns=["place_a", "place_b", "cost"])
    model, variables = write_model(build_problem(read_instance(offers, None, links, costs, None)))
    for variable in variables:
        variable.cat = pulp.LpContinuous
    model.solve(HonestHighs(msg=False, threads=1))
    assert pulp.value(model.objective) == pytest.approx(choose(offers, None, links, costs, gap=0.0).objective)


def test_pulp_status_is_what_the_solver_says():
    rng = np.random.default_rng(0)
    writer = ProblemWriter()
    own = writer.add_columns([f"x{k}" for k in range(300)], rng.integers(10, 99, 300).astype(float) * -1, 1.0, True)
    for row in range(8):
        writer.add_row(f"r{row}", own, rng.integers(5, 99, 300).astype(float), -np.inf, 5000.0)
    problem = writer.write()
    model, _ = write_model(problem)
    model.solve(HonestHighs(msg=False, threads=1, gapRel=0.0, timeLimit=0.3))
    assert pulp.LpStatus[model.status] != "Optimal"
    outcome = solve(problem, 0.0, 0.3)
    assert outcome.status == "feasible"
    assert outcome.bound < problem.cost @ outcome.values


def test_row_that_the_tolerance_let_pass_is_cut_off():
    """1e9 x - 1e9 y = 0 within 1e-6 of 1, but 0.5 is over: only the exact pair is right."""
    writer = ProblemWriter()
    own = writer.add_columns(["a0", "a1", "b0", "b1"], np.array([1.0, 3.0, 1.0, 3.0]), 1.0, True)
    writer.add_row("a", own[:2], np.ones(2), 1.0, 1.0)
    writer.add_row("b", own[2:], np.ones(2), 1.0, 1.0)
    amounts = np.array([1e12, 1e12, -1e12 + 1e-3, -1e12])
    writer.add_row("balance", own, amounts, 0.0, 0.0)
    outcome = solve(writer.write(), 0.0, 10.0)
    assert outcome.values is not None
    assert outcome.values[[2, 3]].tolist() == [0.0, 1.0]


def test_unbounded_and_infeasible_are_told_apart():
    writer = ProblemWriter()
    own = writer.add_columns(["x"], -1.0, np.inf, True)
    writer.add_row("none", own, np.ones(1), 0.0, np.inf)
    assert solve(writer.write(), 0.0, 5.0).status == "unbounded"
    writer.add_row("cap", own, np.ones(1), -np.inf, -1.0)
    assert solve(writer.write(), 0.0, 5.0).status == "infeasible"


@pytest.mark.parametrize("ending", ["lp", "mps"])
def test_exported_plan_has_the_same_optimum_elsewhere(tmp_path, offers, rule, ending):
    plan = choose(offers, rule(), gap=0.0)
    path = export_model(plan, tmp_path / f"plan.{ending}")
    assert "billing_move" in path.read_text()
    other = highspy.Highs()
    other.setOptionValue("output_flag", False)
    other.setOptionValue("threads", 1)
    other.readModel(str(path))
    other.run()
    assert other.getInfo().objective_function_value == pytest.approx(plan.objective)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_export_refuses_an_unknown_format_and_leaves_nothing(tmp_path, offers):
    with pytest.raises(InputError, match=r"\.lp or \.mps"):
        export_model(choose(offers), tmp_path / "plan.xlsx")
    assert not list(tmp_path.iterdir())


def test_export_that_fails_leaves_the_old_file_whole(tmp_path, offers, monkeypatch):
    path = tmp_path / "plan.lp"
    path.write_text("old")

    def break_off(self, name):
        Path(name).write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(pulp.LpProblem, "writeLP", break_off)
    with pytest.raises(OSError, match="disk full"):
        export_model(choose(offers), path)
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.lp"]
