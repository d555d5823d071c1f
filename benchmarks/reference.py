"""What the suite is measured against: HiGHS given the whole in bulk, and PuLP's own hand-over."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np
import pulp

if TYPE_CHECKING:
    from sourcing.plan.model.writer import Problem


@dataclass(frozen=True)
class Reference:
    """Seconds, objective and the gap reached."""

    seconds: float
    objective: float
    gap: float


def solve_by_highs(problem: Problem, gap: float, time_limit: float) -> Reference:
    """Give HiGHS the whole problem in one call with its own settings, one thread, and the gap asked."""
    start = time.perf_counter()
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
    settings = {"output_flag": False, "threads": 1, "mip_rel_gap": gap, "time_limit": time_limit}
    for name, value in settings.items():
        highs.setOptionValue(name, value)
    highs.passModel(model)
    highs.run()
    found = highs.getInfo()
    return Reference(time.perf_counter() - start, found.objective_function_value, found.mip_gap)


def build_by_pulp(problem: Problem) -> pulp.LpProblem:
    """Build the problem with PuLP in the ordinary way, row by row."""
    model = pulp.LpProblem("reference", pulp.LpMinimize)
    kinds = ["Integer" if whole else "Continuous" for whole in problem.integer.tolist()]
    bounds = zip(problem.lower.tolist(), problem.upper.tolist(), kinds, strict=True)
    columns = [model.add_variable(f"x{k}", low, high, kind) for k, (low, high, kind) in enumerate(bounds)]
    model.setObjective(pulp.LpAffineExpression(dict(zip(columns, problem.cost.tolist(), strict=True))))
    starts, places, amounts = (a.tolist() for a in (problem.matrix.indptr, problem.matrix.indices, problem.matrix.data))
    for k, (low, high) in enumerate(zip(problem.row_lower.tolist(), problem.row_upper.tolist(), strict=True)):
        span = slice(starts[k], starts[k + 1])
        terms = pulp.LpAffineExpression({columns[j]: a for j, a in zip(places[span], amounts[span], strict=True)})
        if low == high:
            model.addConstraint(pulp.LpConstraint(terms, pulp.LpConstraintEQ, f"r{k}", high))
        elif np.isfinite(high):
            model.addConstraint(pulp.LpConstraint(terms, pulp.LpConstraintLE, f"r{k}", high))
        else:
            model.addConstraint(pulp.LpConstraint(terms, pulp.LpConstraintGE, f"r{k}", low))
    return model


def hand_over_by_pulp(problem: Problem) -> float:
    """Give the seconds that PuLP needs to build the problem and hand it to HiGHS, without any solve."""
    start = time.perf_counter()
    model = build_by_pulp(problem)
    solver = pulp.HiGHS(msg=False, threads=1)
    solver.createAndConfigureSolver(model)
    solver.buildSolverModel(model)
    return time.perf_counter() - start


def solve_by_pulp_afresh(problem: Problem, gap: float) -> float:
    """Give the seconds of a fresh PuLP build and stock solve."""
    start = time.perf_counter()
    build_by_pulp(problem).solve(pulp.HiGHS(msg=False, threads=1, gapRel=gap))
    return time.perf_counter() - start
