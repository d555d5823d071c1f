"""Find the best plan of a statement: one solve per aim, whole numbers kept and shares made exact."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.errors import CertificateError, NoPlanFoundError
from sourcing.plan.infeasible import explain_infeasible
from sourcing.plan.model import add_lines, build_problem, find_largest, hold_value, tabulate_handoffs, tabulate_shared
from sourcing.plan.plan import measure_gap
from sourcing.plan.solve import solve

if TYPE_CHECKING:
    from sourcing.plan.model import Aim, Problem, Statement
    from sourcing.plan.solve import Outcome

_LEAST_SHARE = 1e-9
_LEAST_SECONDS = 1.0


@dataclass(frozen=True)
class Draft:
    """A plan before it is certified.

    Attributes
    ----------
    shares : ndarray of float, shape (n,)
    handoffs, shared : DataFrame
        See `Plan`.
    lines : Series
    multipliers : Series or None
        See `Plan`.
    """

    shares: np.ndarray
    handoffs: pd.DataFrame
    shared: pd.DataFrame
    lines: pd.Series
    multipliers: pd.Series | None = None

    @property
    def cost(self) -> float:
        """Give the whole cost."""
        return math.fsum(self.lines.tolist())


def draft_plan(statement: Statement, shares: np.ndarray) -> Draft:
    """Work out everything that follows from shares."""
    handoffs = tabulate_handoffs(statement, shares)
    shared = tabulate_shared(statement, shares)
    return Draft(shares, handoffs, shared, add_lines(statement, shares, handoffs, shared))


def search_plan(
    statement: Statement, aims: list[Aim], gap: float, time_limit: float, solver: str | None = None
) -> tuple[Draft, pd.DataFrame]:
    """Minimize the aims one after the other, each holding what the earlier ones reached within their tolerance.

    Parameters
    ----------
    statement : Statement
        With a free alternative for every process.
    aims : list of Aim
    gap : float
        Relative gap at which each search may stop.
    time_limit : float
        Seconds for all searches together.
    solver : str, optional
        See `solve`.

    Returns
    -------
    draft : Draft
    aims : DataFrame
        See `Plan.aims`.

    Raises
    ------
    InfeasiblePlanError, NoPlanFoundError
        See `choose`.
    """
    end = time.perf_counter() + time_limit
    problem = build_problem(statement)
    draft: Draft | None = None
    reached: list[tuple[float, float, float, float]] = []
    for level, aim in enumerate(aims):
        cost = aim.weigh_columns(problem.cost)
        weighed = replace(problem, cost=cost)
        left = max(1e-3, end - time.perf_counter())
        outcome = solve(weighed, gap, left, gap * 1e-6 * _least_sum(statement, aim), solver)
        if outcome.values is None:
            if draft is None:
                raise _explain_none(statement, aim, outcome, time_limit)
        else:
            draft = draft_plan(statement, _read_shares(statement, weighed, outcome.values, end))
            draft = replace(draft, multipliers=_name_multipliers(statement, weighed, outcome))
        value = aim.measure(draft.shares, draft.cost)
        bound = min(value, max(outcome.bound, find_plain_bound(statement, aim)))
        most = math.inf if level == len(aims) - 1 else value + aim.find_room(value)
        reached.append((value, bound, measure_gap(value, bound, sum_absolute(statement, aim, draft)), most))
        if most < math.inf:
            scale = max(abs(most), min(1.0, float(np.abs(cost).max(initial=0.0)))) or 1.0
            problem = hold_value(problem, f"aim {level + 1} held", cost, most, scale)
    if draft is None:
        raise CertificateError("an objective must have an aim; got none at objective. Hint: leave it out for cost.")
    return draft, tabulate_aims(statement, aims, draft, reached)


def _name_multipliers(statement: Statement, problem: Problem, outcome: Outcome) -> pd.Series | None:
    """Give the multiplier of each limit by its name; None where the solver gave none."""
    if outcome.multipliers is None:
        return None
    prices = dict(zip(problem.rows, outcome.multipliers.tolist(), strict=False))
    named = {limit.name: prices[limit.name] for limit in statement.limits}
    return pd.Series(named, name="multiplier", dtype=float)


def tabulate_aims(
    statement: Statement, aims: list[Aim], draft: Draft, reached: list[tuple[float, float, float, float]]
) -> pd.DataFrame:
    """Give `Plan.aims` from what each aim reached: value, bound, gap and the most that later ones had to keep."""
    table, records = statement.alternatives.table, []
    chosen = np.flatnonzero(draft.shares)
    share = draft.shares[chosen]
    for level, (aim, (best, bound, gap, most)) in enumerate(zip(aims, reached, strict=True), start=1):
        value = aim.measure(draft.shares, draft.cost)
        for measure, weight in aim.weights:
            own = np.ones(len(chosen)) if measure == "count" else table[measure].to_numpy(dtype=float)[chosen]
            amount = draft.cost if measure == "cost" else math.fsum((own * share).tolist())
            records.append((level, measure, weight, amount, value, best, bound, gap, most))
    columns = ["level", "measure", "weight", "amount", "value", "best", "bound", "gap", "most"]
    return pd.DataFrame(records, columns=columns)


def _explain_none(statement: Statement, aim: Aim, outcome: Outcome, time_limit: float) -> Exception:
    """Give the error that says why there is no plan."""
    if outcome.status in ("infeasible", "unbounded"):
        return explain_infeasible(statement, time_limit)
    bound = max(outcome.bound, find_plain_bound(statement, aim))
    return NoPlanFoundError(
        f"a plan must be found in time; got none at time_limit {time_limit:g} s, proven bound {bound:g}. "
        "Hint: allow more time or a wider gap.",
        bound,
    )


def _read_shares(statement: Statement, problem: Problem, values: np.ndarray, end: float) -> np.ndarray:
    """Read the share of each alternative: whole where the process is, exact where it is split.

    Where processes are divisible, whole numbers are held and what is left, a linear program, is solved again, so
    that shares are a vertex and not a point within a search's tolerance.
    """
    read, items = statement.alternatives, statement.structure.items
    if items.divisible.any():
        held = np.where(problem.integer, np.clip(np.round(values), problem.lower, problem.upper), np.nan)
        is_held = ~np.isnan(held)
        fixed = replace(
            problem,
            lower=np.where(is_held, held, problem.lower),
            upper=np.where(is_held, held, problem.upper),
            integer=np.zeros(len(held), dtype=bool),
        )
        again = solve(fixed, 0.0, max(_LEAST_SECONDS, end - time.perf_counter()))
        values = again.values if again.values is not None else values
    shares = values[: len(read.cost)].copy()
    whole = ~items.divisible[read.process_of]
    shares[whole] = np.where(shares[whole] > 0.5, 1.0, 0.0)
    shares[shares < _LEAST_SHARE] = 0.0
    total = np.bincount(read.process_of, weights=shares, minlength=len(read.processes))
    if (np.abs(total - 1.0) > 1e-6).any():
        raise CertificateError(
            f"a plan must choose once per process; got shares of {total[np.abs(total - 1.0).argmax()]:g} at the "
            "solver's answer. Hint: please report the input."
        )
    return shares / total[read.process_of]


def _least_sum(statement: Statement, aim: Aim) -> float:
    """Give the least sum of absolute amounts that any plan can have."""
    amounts = np.abs(aim.weigh_columns(statement.alternatives.cost))
    return float(np.minimum.reduceat(amounts, statement.find_starts()).sum())


def find_plain_bound(statement: Statement, aim: Aim) -> float:
    """Give the bound that needs no solver.

    The least free alternative per process, the cheapest pair per link, every discount at its largest.
    """
    read = statement.alternatives
    amounts = np.where(statement.locks.barred, np.inf, aim.weigh_columns(read.cost))
    parts = np.minimum.reduceat(amounts, statement.find_starts()).tolist()
    if statement.links is not None:
        parts += [aim.cost_weight * float(np.nanmin(link.costs)) for link in statement.links.links]
    parts += [-aim.cost_weight * find_largest(each, read.process_of) for each in statement.structure.schedules]
    return math.fsum(parts)


def sum_absolute(statement: Statement, aim: Aim, draft: Draft) -> float:
    """Give the sum of the absolute amounts of a plan, against which an objective near 0 is measured."""
    chosen = np.flatnonzero(draft.shares)
    own = aim.weigh_columns(statement.alternatives.cost)[chosen] * draft.shares[chosen]
    beside = [*draft.handoffs["cost"], *draft.shared["money"], draft.lines.get("splits", 0.0)]
    return math.fsum(np.abs(own).tolist()) + aim.cost_weight * math.fsum(map(abs, beside))
