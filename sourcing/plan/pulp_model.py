"""Write a PuLP model from the bulk description and solve it with HiGHS."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
import pulp

if TYPE_CHECKING:
    from sourcing.plan.problem import Problem

_LONGEST_NAME = 100
_STATUS = highspy.HighsModelStatus


class HonestHighs(pulp.HiGHS):
    """HiGHS behind PuLP, with the status HiGHS itself gives.

    PuLP calls a solve that ran out of time optimal. Here it is optimal only where HiGHS says so, and values
    are assigned only where HiGHS has a feasible point.
    """

    def callSolver(self, lp: Any) -> None:  # noqa: N802  # PuLP's name
        """Run, and once more with a fresh scheduler if one with other threads is alive in this process."""
        if lp.solverModel.run() == highspy.HighsStatus.kError:
            highspy.Highs.resetGlobalScheduler(True)
            lp.solverModel.run()

    def findSolutionValues(self, lp: Any) -> tuple[int, int]:  # noqa: N802  # PuLP's name
        """Assign values and translate the model status."""
        status = lp.solverModel.getModelStatus()
        solution = lp.solverModel.getSolution()
        has_values = _has_point(lp.solverModel)
        for variable in lp.variables():
            variable.varValue = solution.col_value[variable.index] if has_values else None
        if status == _STATUS.kOptimal:
            return pulp.LpStatusOptimal, pulp.LpSolutionOptimal
        if status in (_STATUS.kInfeasible, _STATUS.kUnboundedOrInfeasible):
            return pulp.LpStatusInfeasible, pulp.LpSolutionInfeasible
        if status == _STATUS.kUnbounded:
            return pulp.LpStatusUnbounded, pulp.LpSolutionUnbounded
        found = pulp.LpSolutionIntegerFeasible if has_values else pulp.LpSolutionNoSolutionFound
        return pulp.LpStatusNotSolved, found


def write_model(problem: Problem, name: str = "plan") -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """Write a PuLP problem with the analyst's names kept readable.

    Returns
    -------
    model : pulp.LpProblem
        May be exported by `writeLP` and `writeMPS`.
    variables : list of pulp.LpVariable
        In the order of `problem.columns`; PuLP itself sorts by name.
    """
    model = pulp.LpProblem(name, pulp.LpMinimize)
    integer, lower, upper = (a.tolist() for a in (problem.integer, problem.lower, problem.upper))
    variables = [
        model.add_variable(label, low, high if np.isfinite(high) else None, "Integer" if whole else "Continuous")
        for label, low, high, whole in zip(make_names(problem.columns), lower, upper, integer, strict=True)
    ]
    model.setObjective(pulp.LpAffineExpression(dict(zip(variables, problem.cost.tolist(), strict=True))))
    starts, columns = problem.matrix.indptr.tolist(), problem.matrix.indices.tolist()
    amounts = problem.matrix.data.tolist()
    row_lower, row_upper = problem.row_lower.tolist(), problem.row_upper.tolist()
    for k, label in enumerate(make_names(problem.rows)):
        span = slice(starts[k], starts[k + 1])
        terms = {variables[j]: amount for j, amount in zip(columns[span], amounts[span], strict=True)}
        for suffix, sense, right in _split_row(row_lower[k], row_upper[k]):
            expression = pulp.LpAffineExpression(terms)
            model.addConstraint(pulp.LpConstraint(expression, sense, label + suffix, right))
    return model, variables


def _split_row(lower: float, upper: float) -> list[tuple[str, int, float]]:
    """Give the one or two PuLP constraints of a row."""
    if lower == upper:
        return [("", pulp.LpConstraintEQ, upper)]
    ends = [("", pulp.LpConstraintLE, upper), ("_least", pulp.LpConstraintGE, lower)]
    return [end for end in ends if np.isfinite(end[2])]


def make_names(labels: list[str]) -> list[str]:
    """Turn labels into unique names that LP and MPS files accept: ASCII letters, digits and underscores.

    Examples
    --------
    >>> make_names(["payroll | at home", "payroll / at home", "Zürich [1]", "2nd", "給与"])
    ['payroll_at_home', 'payroll_at_home_2', 'Zurich_1', 'n_2nd', 'n']
    """
    taken: set[str] = set()
    names = []
    for label in labels:
        plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
        name = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")[:_LONGEST_NAME]
        if not name or not name[0].isalpha() or re.fullmatch(r"[eE]\d*", name):
            name = f"n_{name}".rstrip("_")
        unique, count = name, 1
        while unique.lower() in taken:
            count += 1
            unique = f"{name}_{count}"
        taken.add(unique.lower())
        names.append(unique)
    return names


def solve_model(
    problem: Problem, gap: float, absolute_gap: float, time_limit: float, tolerance: float = 1e-6
) -> tuple[Any, np.ndarray | None, float]:
    """Solve a problem through PuLP with one HiGHS thread.

    Parameters
    ----------
    problem : Problem
        Scaled.
    gap, absolute_gap : float
        Where to stop.
    time_limit : float
        Seconds.
    tolerance : float
        How far a row may be off, and a whole number from whole.

    Returns
    -------
    status : highspy.HighsModelStatus
        What HiGHS itself says.
    values : ndarray of float, shape (n,), or None
        The best point found.
    bound : float
        Proven lower bound of the objective; -inf if none.
    """
    model, variables = write_model(problem)
    solver = HonestHighs(
        msg=False,
        threads=1,
        gapRel=gap,
        gapAbs=absolute_gap,
        timeLimit=max(0.0, time_limit),
        random_seed=0,
        mip_feasibility_tolerance=tolerance,
        primal_feasibility_tolerance=tolerance / 10,
    )
    model.solve(solver)
    highs = model.solverModel
    status = highs.getModelStatus()
    if not _has_point(highs):
        values = None
    else:
        found = np.asarray(highs.getSolution().col_value)
        values = found[np.array([variable.index for variable in variables])]
    if problem.integer.any():
        bound = float(highs.getInfo().mip_dual_bound)
    else:
        bound = float(highs.getInfo().objective_function_value) if status == _STATUS.kOptimal else -np.inf
    return status, values, bound if abs(bound) < highspy.kHighsInf else -np.inf


def _has_point(highs: Any) -> bool:
    feasible = int(highs.getInfo().primal_solution_status) == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    return bool(highs.getSolution().value_valid and feasible)
