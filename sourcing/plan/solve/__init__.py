"""Solve a problem: bounds by row prices, search, sessions that are solved again, other solvers through PuLP."""

from sourcing.plan.solve.highs import open_highs, run_relaxation
from sourcing.plan.solve.parametric_search import ParametricSearch
from sourcing.plan.solve.pulp import require_solver
from sourcing.plan.solve.session import Outcome, Session
from sourcing.plan.solve.solver import solve

__all__ = [
    "Outcome",
    "ParametricSearch",
    "Session",
    "open_highs",
    "require_solver",
    "run_relaxation",
    "solve",
]
