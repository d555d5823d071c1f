import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sourcing.errors import CertificateError, InfeasiblePlanError, InputError
from sourcing.plan import certify, choose, limit_measures


@pytest.fixture
def table():
    """Six processes, four options each; cost and loss pull apart."""
    rng = np.random.default_rng(5)
    rows = pd.DataFrame(
        {
            "process": np.repeat([f"p{i}" for i in range(6)], 4),
            "option": np.tile(list("abcd"), 6),
            "cost": rng.integers(10, 99, 24).astype(float),
            "fit": rng.integers(0, 9, 24).astype(float),
            "owner": rng.choice(["own", "acme"], 24),
        }
    )
    return rows.assign(loss=np.round(900 / rows["cost"], 1))


def enumerate_totals(table):
    groups = [rows[["cost", "loss", "fit"]].to_numpy() for _, rows in table.groupby("process")]
    return np.array([sum(rows) for rows in itertools.product(*groups)])


def test_weights_minimize_their_sum_and_a_negative_one_maximizes(table):
    totals = enumerate_totals(table)
    plan = choose(table, objective={"cost": 1.0, "loss": 3.5, "fit": -2.0}, gap=0.0)
    assert plan.objective == pytest.approx((totals @ [1.0, 3.5, -2.0]).min())
    assert plan.lines.sum() == pytest.approx(plan.choices["cost"].sum())
    assert plan.levels["measure"].tolist() == ["cost", "fit", "loss"]
    assert plan.levels["weight"] @ plan.levels["amount"] == pytest.approx(plan.objective)
    best = choose(table, objective={"fit": -1}, gap=0.0)
    assert -best.objective == totals[:, 2].max()


@pytest.mark.parametrize(("tolerance", "kind"), [(0.0, "relative"), (0.1, "relative"), (25, "absolute")])
def test_aims_in_turn_hold_what_the_earlier_reached(table, tolerance, kind):
    totals = enumerate_totals(table)
    best = totals[:, 0].min()
    room = best * (1 + tolerance) if kind == "relative" else best + tolerance
    kept = totals[totals[:, 0] <= room + 1e-6]
    least = kept[:, 1].min()
    plan = choose(table, objective=[("cost", tolerance, kind), ("loss", 0.05), {"fit": -1}], gap=0.0)
    amount = plan.levels.set_index("measure")["amount"]
    assert amount["cost"] <= room + 1e-6
    assert amount["loss"] <= least * 1.05 + 1e-6
    assert -plan.objective == kept[kept[:, 1] <= least * 1.05 + 1e-9][:, 2].max()
    assert plan.levels["best"].tolist() == pytest.approx([best, least, plan.objective])
    assert plan.levels["most"].iloc[-1] == math.inf
    assert plan.status == "optimal"


def test_one_measure_may_be_named_alone(table):
    totals = enumerate_totals(table)
    assert choose(table, objective="loss", gap=0.0).objective == pytest.approx(totals[:, 1].min())
    assert choose(table, objective="cost", gap=0.0).objective == choose(table, gap=0.0).objective
    assert choose(table, objective={"count": 1.0}).objective == 6.0


def test_bounds_on_measures_are_rules(table):
    totals = enumerate_totals(table)
    rules = limit_measures({"loss": 100.0}, {"fit": 30})
    kept = totals[(totals[:, 1] <= 100) & (totals[:, 2] >= 30)]
    plan = choose(table, rules, gap=0.0)
    assert plan.objective == kept[:, 0].min()
    with pytest.raises(InfeasiblePlanError) as fault:
        choose(table, limit_measures({"loss": 0.0}))
    assert fault.value.conflicts == [["loss at most 0"]]


def test_structure_counts_in_the_cost_that_is_weighed_or_held(table):
    charges = pd.DataFrame({"column": "owner", "value": ["acme", "own"], "cost": 60.0})
    structure = {"charges": charges}
    plan = choose(table, structure=structure, objective=[("cost", 0.02), "loss"], gap=0.0)
    best = choose(table, structure=structure, gap=0.0)
    assert plan.lines.sum() <= best.objective * 1.02 + 1e-6
    assert plan.objective <= best.choices["loss"].sum() + 1e-9
    twice = choose(table, structure=structure, objective={"cost": 2.0}, gap=0.0)
    assert twice.objective == pytest.approx(2 * best.objective)
    assert twice.lines.sum() == pytest.approx(best.objective)


def test_divisible_shares_count_in_every_objective(table):
    items = pd.DataFrame({"process": ["p0", "p1"], "divisible": True, "min_share": 0.1})
    rules = limit_measures({"loss": enumerate_totals(table)[:, 1].mean() - 0.123})
    structure = {"items": items}
    plan = choose(table, rules, structure=structure, objective=[("cost", 0.05), {"loss": 1, "fit": -0.1}], gap=0.0)
    assert plan.status == "optimal"
    assert certify(plan)["holds"].all()


@pytest.mark.parametrize(
    ("objective", "words"),
    [
        ("los", "did you mean 'loss'"),
        ({"los": 1.0}, "did you mean 'loss'"),
        ({"owner": 1.0}, "owner must be a number"),
        ({"loss": math.nan}, "finite number"),
        ({"cost": -1.0}, "cost by at least 0"),
        ({}, "weigh some measure"),
        ([], "objective must be"),
        (3, "objective must be"),
        ([("cost", -0.1), "loss"], "tolerance must be"),
        ([("cost", "2%"), "loss"], "tolerance must be"),
        ([("cost", 0.1, "share"), "loss"], "relative or absolute"),
        ([("cost", 0.1, "relative", 1), "loss"], "a level must be"),
    ],
)
def test_unsound_objectives_are_refused(table, objective, words):
    with pytest.raises(InputError, match=words):
        choose(table, objective=objective)


def alter(plan, row, **cells):
    levels = plan.levels.copy()
    for name, value in cells.items():
        levels.loc[row, name] = value
    return replace(plan, levels=levels)


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (0, {"most": 1e9}),
        (0, {"best": 1.0}),
        (0, {"value": 1.0}),
        (1, {"value": 1.0, "best": 1.0}),
        (0, {"bound": 1e9}),
    ],
)
def test_altered_aims_are_refused(table, row, cells):
    plan = choose(table, objective=[("cost", 0.1), "loss"], gap=0.0)
    with pytest.raises(CertificateError, match=r"level|objective"):
        certify(alter(plan, row, **cells))


def test_level_given_up_by_more_than_its_tolerance_is_refused(table):
    plan = choose(table, objective=[("cost", 0.1), "loss"], gap=0.0)
    with pytest.raises(CertificateError, match="level 1"):
        certify(replace(plan, question=replace(plan.question, objective=[("cost", 0.0), "loss"])))


class Levers:
    solver = "PULP_CBC_CMD"


@pytest.mark.parametrize("solver", ["HiGHS", "PULP_CBC_CMD", None])
def test_another_solver_gives_the_same_optimum(table, solver):
    levers = Levers()
    levers.solver = solver
    items = {"items": pd.DataFrame({"process": ["p0"], "divisible": True, "min_share": 0.2})}
    rules = limit_measures({"loss": enumerate_totals(table)[:, 1].min() + 7.7})
    plan = choose(table, rules, structure=items, policy=levers, gap=0.0)
    assert plan.objective == pytest.approx(choose(table, rules, structure=items, gap=0.0).objective)


def test_unknown_solver_is_refused(table):
    levers = Levers()
    levers.solver = "HiGSH"
    with pytest.raises(InputError, match="did you mean 'HiGHS'"):
        choose(table, policy=levers)
