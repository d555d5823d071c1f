"""Hand a bulk problem to HiGHS in one call and read back what HiGHS itself says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from sourcing.plan.tolerance import SOLVER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sourcing.plan.model import Problem

STATUS = highspy.HighsModelStatus
NAMES = {
    STATUS.kOptimal: "optimal",
    STATUS.kInfeasible: "infeasible",
    STATUS.kUnbounded: "unbounded",
    STATUS.kUnboundedOrInfeasible: "unclear",
}


@dataclass(frozen=True)
class Report:
    """What a run of HiGHS gave.

    Attributes
    ----------
    status : str
        `optimal` (within the gap asked), `infeasible`, `unbounded`, `unclear` (one of the last two) or `limit`.
    values : ndarray of float, shape (n,), or None
        The best point found.
    bound : float
        Lower bound of the objective; -inf if none, inf where there is no point.
    multipliers : ndarray of float, shape (m,), or None
        Row duals; of a relaxation only.
    """

    status: str
    values: np.ndarray | None
    bound: float
    multipliers: np.ndarray | None = None


def open_highs(problem: Problem, relaxed: bool = False, tolerance: float = SOLVER) -> highspy.Highs:
    """Open a HiGHS that holds the problem: one bulk hand-over, one thread, fixed seed, silent.

    Parameters
    ----------
    problem : Problem
        Scaled.
    relaxed : bool
        Whether whole numbers may be broken.
    tolerance : float
        How far a row may be off, and a whole number from whole.

    Examples
    --------
    >>> from sourcing.plan.model.writer import ProblemWriter
    >>> writer = ProblemWriter()
    >>> own = writer.add_columns(["x", "y"], np.array([2.0, 1.0]), 1.0, True)
    >>> _ = writer.add_row("at least one and a half", own, np.ones(2), 1.5, np.inf)
    >>> run_relaxation(open_highs(writer.write(), relaxed=True), 1.0).bound
    2.0
    """
    highs = highspy.Highs()
    options = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_feasibility_tolerance": tolerance,
        "mip_heuristic_run_feasibility_jump": False,  # HiGHS 1.15.1 can call what it found optimal where it is not
        "primal_feasibility_tolerance": tolerance / 10,
    }
    _set_options(highs, options)
    matrix = problem.matrix
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = problem.cost, problem.lower, problem.upper
    lp.row_lower_, lp.row_upper_ = problem.row_lower, problem.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if not relaxed and problem.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in problem.integer.tolist()]
    highs.passModel(lp)
    return highs


def run_relaxation(highs: highspy.Highs, time_limit: float) -> Report:
    """Solve a problem without whole numbers, from the last basis where there is one."""
    _run(highs, time_limit)
    status = NAMES.get(highs.getModelStatus(), "limit")
    if status != "optimal":
        return Report(status, None, np.inf if status == "infeasible" else -np.inf)
    solution = highs.getSolution()
    bound = float(highs.getInfo().objective_function_value)
    return Report(status, np.asarray(solution.col_value), bound, np.asarray(solution.row_dual))


def run_search(
    highs: highspy.Highs,
    time_limit: float,
    options: Mapping[str, Any],
    start: np.ndarray | None = None,
    is_enough: Callable[[float, float], bool] | None = None,
) -> Report:
    """Search for whole numbers.

    Parameters
    ----------
    highs : highspy.Highs
        From `open_highs`.
    time_limit : float
        Seconds.
    options : dict
        Further options of HiGHS.
    start : ndarray of float, shape (n,), optional
        A point to start from.
    is_enough : callable, optional
        Told the incumbent and the bound now and then; the search stops where it answers True.
    """
    _set_options(highs, options)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start
        highs.setSolution(solution)

    def look(event: Any) -> None:
        if is_enough is not None and is_enough(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound):
            event.interrupt()

    if is_enough is not None:
        highs.cbMipInterrupt.subscribe(look)
    _run(highs, time_limit)
    status = NAMES.get(highs.getModelStatus(), "limit")
    facts = highs.getInfo()
    found = int(facts.primal_solution_status) == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    values = np.asarray(highs.getSolution().col_value) if found else None
    bound = np.inf if status == "infeasible" else float(facts.mip_dual_bound)
    return Report(status, values, -np.inf if bound <= -highspy.kHighsInf else bound)


def _set_options(highs: highspy.Highs, options: Mapping[str, Any]) -> None:
    for name, value in options.items():
        highs.setOptionValue(name, value)


def _run(highs: highspy.Highs, time_limit: float) -> None:
    """Run, and once more with a fresh scheduler if one with other threads is alive in this process."""
    highs.setOptionValue("time_limit", float(max(0.0, time_limit)) + highs.getRunTime())
    if highs.run() == highspy.HighsStatus.kError:
        highspy.Highs.resetGlobalScheduler(True)
        highs.run()
