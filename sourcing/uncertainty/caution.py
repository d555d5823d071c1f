"""What caution costs and buys: plans whose worst part of the futures is limited, and the curve that leads there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.decide import WORST, WORST_RULE, share_of
from sourcing.errors import InputError
from sourcing.plan import Plan, Risk, WorstTail, choose_under_risk, trace_risk
from sourcing.uncertainty.risk import cvar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.uncertainty.futures import Futures

ALPHA = WORST
WEIGHTS = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
"""What money in the worst futures counts beside money on average, from the mean alone; the worst alone comes last."""
CURVE_GAP = 1e-4
"""How closely each plan of the curve is searched: draws leave more of it open."""
MISSED = 1e-6
"""A share of a process, or of an amount, that is rounding."""


@dataclass(frozen=True)
class CautiousPlan:
    """A plan that keeps a limit on its worst futures.

    Attributes
    ----------
    plan : Plan
        The least expected cost that keeps it, all rules of the unit kept; its rules name the limit once per cut.
    worst : float
        Mean of cash and losses in its worst 1 - alpha of the futures.
    cuts : int
        How many worst parts had to be ruled out.
    gap : float
        Proven, of the plan's objective.
    """

    plan: Plan
    worst: float
    cuts: int
    gap: float


def measure_worst(futures: Futures, plan: Plan, alpha: float = ALPHA) -> float:
    """Measure what a plan pays and loses on average in its worst 1 - alpha of the futures."""
    return cvar(futures.measure(plan)["total"].to_numpy(float), alpha)


def choose_cautiously(futures: Futures, limit: float, alpha: float = ALPHA) -> CautiousPlan:
    """Choose the plan of least expected cost whose worst futures cost at most a limit on average.

    See `sourcing.plan.choose_under_risk`. What the lever `attitude` asks is left aside: it is asked in its place.

    Parameters
    ----------
    futures : Futures
    limit : float
        Most that cash and losses may come to in the worst part, net present value.
    alpha : float
        At least 0 and below 1.

    Raises
    ------
    InfeasiblePlanError
        No plan keeps the unit's rules and the limit; with the least limit that one keeps.
    NoPlanFoundError
        Time ran out.
    InputError
        An alpha outside.
    """
    tail = _find_tail(futures, alpha)
    chosen = choose_under_risk(futures.decision.plain_plan.question, Risk(tail, limit=limit))
    return CautiousPlan(chosen.plan, measure_worst(futures, chosen.plan, alpha), chosen.cuts, chosen.gap)


def trace_caution(futures: Futures, weights: Sequence[float] = WEIGHTS, alpha: float = ALPHA) -> pd.DataFrame:
    """Trace the plans from the least mean to the least worst part, and what each costs and buys.

    For each weight w the plan that minimizes objective + w x (mean over the worst 1 - alpha of the futures), and at
    last the one that minimizes the latter alone; each proven within a ten-thousandth. Between two neighbors further
    plans may lie, but none below the straight line between them.

    Parameters
    ----------
    futures : Futures
    weights : sequence of float
        At least 0; more is more cautious. The plain plan is always the first row.
    alpha : float

    Returns
    -------
    DataFrame
        One row per plan by price, the plan at the mean first: price (objective above that plan's), worst (cash and
        losses in its worst 1 - alpha of the futures), gain (worst below that plan's), processes (those decided
        otherwise than by it, a tuple), weight (the least that leads to the plan; NaN where none traced it, inf for
        the worst alone), is_plan (the decision's own).
    """
    decision = futures.decision
    table, plain = decision.alternatives, decision.plain_plan
    own = share_of(decision, plain)
    met = [(0.0, own, plain.objective)]
    traced = trace_risk(plain.question, _find_tail(futures, alpha), [*weights], gap=CURVE_GAP)
    met += [(each.weight, each.shares, each.cost) for each in traced]
    if decision.caution is not None:
        met.append((np.nan, share_of(decision, decision.plan), decision.plan.objective))
    planned = share_of(decision, decision.plan)
    names = table["process"].to_numpy()
    base = _measure_shares(futures, own, plain.objective - float(own @ table["cost"].to_numpy(float)), alpha)
    rows, seen = [], list[np.ndarray]()
    for weight, shares, objective in met:
        same = [k for k, known in enumerate(seen) if np.abs(known - shares).max() <= MISSED]
        is_plan = bool(np.abs(shares - planned).max() <= MISSED)
        if same:
            continue
        seen.append(shares)
        beside = objective - float(shares @ table["cost"].to_numpy(float))
        worst = _measure_shares(futures, shares, beside, alpha)
        moved = tuple(dict.fromkeys(names[np.abs(shares - own) > MISSED]))
        rows.append({"price": objective - plain.objective, "worst": worst, "gain": base - worst, "processes": moved,
                     "weight": weight, "is_plan": is_plan})  # fmt: skip
    found = pd.DataFrame(rows).sort_values(["price", "worst"], kind="stable")
    better = found["gain"] > found["gain"].cummax().shift(fill_value=-np.inf) + MISSED * abs(base)
    return found[better | found["is_plan"]].reset_index(drop=True)


def _find_tail(futures: Futures, alpha: float) -> WorstTail:
    if not 0.0 <= alpha < 1.0:
        raise InputError(f"alpha must be at least 0 and below 1; got {alpha!r} at alpha. Hint: 0.9 is a worst tenth.")
    return WorstTail(futures.cash + futures.loss, alpha, WORST_RULE)


def _measure_shares(futures: Futures, shares: np.ndarray, beside: float, alpha: float) -> float:
    """Measure the worst part of a plan given by its shares."""
    return cvar(futures.cash @ shares + futures.loss @ shares + beside, alpha)
