"""Write a PuLP model from the bulk description: to read, to export, and to ask any PuLP solver."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
import pulp
from pulp.apis.coin_api import PULP_CBC_CMD

from sourcing.errors import InputError, hint_near
from sourcing.plan.model import Problem, scale_problem, write_model
from sourcing.plan.tolerance import KEPT

if TYPE_CHECKING:
    pass

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


def list_solvers() -> list[str]:
    """Give the names of the PuLP solvers that work on this machine, HiGHS first.

    Examples
    --------
    >>> "HiGHS" in list_solvers() and "PULP_CBC_CMD" in list_solvers()
    True
    """
    found = {name for name in pulp.listSolvers(onlyAvailable=True) if name != "PULP_CBC_CMD"}
    if Path(PULP_CBC_CMD.pulp_cbc_path).exists():
        found.add("PULP_CBC_CMD")
    return sorted(found, key=lambda name: (name != "HiGHS", name))


def require_solver(name: str) -> str:
    """Give back the name of a PuLP solver that works on this machine.

    Raises
    ------
    InputError
        If there is none of this name.
    """
    known = list_solvers()
    if name not in known:
        raise InputError(f"solver must be one that PuLP finds here; got {name!r} at policy. {hint_near(name, known)}")
    return name


def solve_by_pulp(problem: Problem, solver: str, gap: float, time_limit: float) -> tuple[str, np.ndarray | None, float]:
    """Solve a problem through PuLP with any solver it finds.

    Parameters
    ----------
    problem : Problem
    solver : str
        `HiGHS`, `PULP_CBC_CMD` or another of `list_solvers`.
    gap : float
        Relative gap at which to stop.
    time_limit : float
        Seconds.

    Returns
    -------
    status : str
        `optimal`, `feasible`, `infeasible`, `unbounded` or `none`.
    values : ndarray of float, shape (n,), or None
    bound : float
        Of HiGHS its own; of another solver that calls a whole-number answer optimal, the objective less the gap
        asked of it; else -inf.

    Raises
    ------
    InputError
        If PuLP does not find the solver.
    """
    require_solver(solver)
    scaled, factor = scale_problem(problem)
    model, variables = write_model(scaled)
    with tempfile.TemporaryDirectory() as folder:
        model.solve(_open_solver(solver, gap, time_limit, folder))
    if solver == "HiGHS":
        return _read_highs(model.solverModel, variables, scaled, factor)
    return _read_status(model, variables, scaled, gap, factor)


def _open_solver(solver: str, gap: float, time_limit: float, folder: str) -> Any:
    limits = {"msg": False, "gapRel": gap, "timeLimit": max(1e-3, min(time_limit, 1e9))}
    if solver == "HiGHS":
        return HonestHighs(threads=1, random_seed=0, **limits)
    if solver == "PULP_CBC_CMD":
        made = pulp.COIN_CMD(path=PULP_CBC_CMD.pulp_cbc_path, threads=1, **limits)
    else:
        made = pulp.getSolver(solver, **limits)
    made.tmpDir = folder
    return made


def _read_highs(
    highs: Any, variables: list[Any], scaled: Problem, factor: float
) -> tuple[str, np.ndarray | None, float]:
    status, facts = highs.getModelStatus(), highs.getInfo()
    names = {
        _STATUS.kOptimal: "optimal",
        _STATUS.kInfeasible: "infeasible",
        _STATUS.kUnboundedOrInfeasible: "infeasible",
        _STATUS.kUnbounded: "unbounded",
    }
    if not _has_point(highs):
        return names.get(status, "none").replace("optimal", "none"), None, -np.inf
    found = np.asarray(highs.getSolution().col_value)
    values = found[np.array([variable.index for variable in variables])]
    bound = float(facts.mip_dual_bound if scaled.integer.any() else facts.objective_function_value)
    bound = bound / factor if abs(bound) < highspy.kHighsInf else -np.inf
    return "optimal" if status == _STATUS.kOptimal else "feasible", _round(scaled, values), bound


def _read_status(
    model: Any, variables: list[Any], scaled: Problem, gap: float, factor: float
) -> tuple[str, np.ndarray | None, float]:
    if model.status == pulp.LpStatusInfeasible:
        return "infeasible", None, np.inf
    if model.status == pulp.LpStatusUnbounded:
        return "unbounded", None, -np.inf
    has_values = model.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    if not has_values or any(variable.varValue is None for variable in variables):
        return "none", None, -np.inf
    values = _round(scaled, np.array([variable.varValue for variable in variables], dtype=float))
    if model.sol_status != pulp.LpSolutionOptimal:
        return "feasible", values, -np.inf
    objective = float(scaled.cost @ values)
    return "optimal", values, (objective - (gap + KEPT) * abs(objective)) / factor


def _round(problem: Problem, values: np.ndarray) -> np.ndarray:
    return np.where(problem.integer, np.round(values), values)


def _has_point(highs: Any) -> bool:
    feasible = int(highs.getInfo().primal_solution_status) == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    return bool(highs.getSolution().value_valid and feasible)
