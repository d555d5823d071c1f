"""What caution costs and buys: plans whose worst part of the futures is limited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.errors import InputError, NoPlanFoundError
from sourcing.plan import Plan, answer, choose_again
from sourcing.uncertainty.futures import share_of
from sourcing.uncertainty.risk import cvar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.uncertainty.futures import Futures

ALPHA = 0.9
MOST_CUTS = 60
"""Worst parts that one search may have to rule out."""
WEIGHTS, ROUNDS = (0.25, 0.5, 1.0, 2.0, 4.0), 6
"""How much more than the mean the worst futures count, and how often the worst ones are found anew."""
MISSED = 1e-6
"""Share of a limit that counts as kept."""


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
    """

    plan: Plan
    worst: float
    cuts: int


def measure_worst(futures: Futures, plan: Plan, alpha: float = ALPHA) -> float:
    """Measure what a plan pays and loses on average in its worst 1 - alpha of the futures."""
    return cvar(futures.measure(plan)["total"].to_numpy(float), alpha)


def choose_cautiously(futures: Futures, limit: float, alpha: float = ALPHA) -> CautiousPlan:
    """Choose the plan of least expected cost whose worst futures cost at most a limit on average.

    CVaR is the largest mean over any 1 - alpha of the futures, so that each set of futures gives a plain rule that
    every plan within the limit keeps: mean over the set <= limit. Starting from the unit's own plan, the worst set of
    the plan at hand is added as a rule until that plan keeps the limit; it is then the best of all that do. Source: the
    dual form of R. T. Rockafellar and S. Uryasev, "Optimization of conditional value-at-risk", 2000; cuts as in A.
    Künzi-Bay and J. Mayer, "Computational aspects of minimizing conditional value-at-risk", 2006.

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
        No plan keeps the unit's rules and the limit.
    NoPlanFoundError
        Time, or the number of cuts, ran out.
    InputError
        An alpha outside.
    """
    if not 0.0 <= alpha < 1.0:
        raise InputError(f"alpha must be at least 0 and below 1; got {alpha!r} at alpha. Hint: 0.9 is a worst tenth.")
    plan = futures.decision.plan
    question, kept = plan.question, limit + MISSED * abs(limit)
    for cuts in range(MOST_CUTS):
        worst = measure_worst(futures, plan, alpha)
        if worst <= kept:
            return CautiousPlan(plan, worst, cuts)
        name = f"worst_part_{cuts + 1}"
        mean = _average_worst(futures, share_of(futures.decision, plan), alpha)
        rule = {"rule": f"worst futures within their limit, {cuts + 1}", "measure": name, "where": "", "sense": "<=",
                "limit": limit, "relative_to": "", "for_each": "", "priority": 1}  # fmt: skip
        question = replace(
            question,
            alternatives=question.alternatives.assign(**{name: mean}),
            rules=pd.concat([question.rules, pd.DataFrame([rule])], ignore_index=True),
            structure=_count_shared(question.structure, name),
        )
        plan = answer(question)
    raise NoPlanFoundError(
        f"a cautious plan must be found within {MOST_CUTS} cuts; got none at limit {limit:,.0f}. "
        "Hint: ask for a limit nearer to the plan's own worst futures.",
        plan.bound,
    )


def _average_worst(futures: Futures, shares: np.ndarray, alpha: float) -> np.ndarray:
    """Average cash and loss of each alternative over the worst futures of a plan, an atom at the end split."""
    total = futures.cash @ shares + futures.loss @ shares
    order = np.argsort(-total, kind="stable")
    size = (1.0 - alpha) * len(total)
    weights = np.clip(size - np.arange(len(total)), 0.0, 1.0)
    taken, parts = order[weights > 0], weights[weights > 0] / size
    return parts @ futures.cash[taken] + parts @ futures.loss[taken]


def _count_shared(structure: Mapping[str, pd.DataFrame] | None, measure: str) -> Mapping[str, pd.DataFrame] | None:
    """Let shared money count in a measure as it does in cash."""
    if structure is None or "counts" not in structure:
        return structure
    counts = structure["counts"]
    own = counts[counts["measure"] == "cash_cost"].assign(measure=measure)
    return {**structure, "counts": pd.concat([counts, own], ignore_index=True)}


def trace_caution(futures: Futures, weights: Sequence[float] = WEIGHTS, alpha: float = ALPHA) -> pd.DataFrame:
    """Trace what caution costs on average and buys in the worst futures, over the plans that caution leads to.

    For each weight w the plan is chosen again at cost + w x (mean over the worst futures - mean over all), averaged
    over the worst futures of every plan that this weight has led to so far; a few rounds, from the unit's own plan.
    Those that are beaten in both by another of them are left out. What is told of each plan is exact; that no other
    plan lies between them is not. Source: averaged subgradients, as in B. T. Polyak and A. B. Juditsky, 1992.

    Parameters
    ----------
    futures : Futures
    weights : sequence of float
        Above 0; more is more cautious.
    alpha : float

    Returns
    -------
    DataFrame
        One row per plan, the unit's own first, then by price: price (objective above the own plan's), worst (cash and
        losses in its worst 1 - alpha of the futures), gain (worst below the own plan's), processes (those decided
        otherwise, a tuple).
    """
    decision = futures.decision
    table, own = decision.alternatives, share_of(decision, decision.plan)
    cost = table["cost"].to_numpy(float)
    mean = futures.cash.mean(axis=0, dtype=float) + futures.loss.mean(axis=0, dtype=float)
    shares = np.tile(own, (len(weights), 1))
    beside = np.full(len(weights), float(decision.plan.objective - own @ cost))
    met: dict[bytes, tuple[np.ndarray, float]] = {own.tobytes(): (own, float(beside[0]))}
    tails = np.zeros((len(weights), len(cost)))
    for number in range(1, ROUNDS + 1):
        tails += (np.array([_average_worst(futures, part, alpha) for part in shares]) - tails) / number
        best = choose_again(decision.plan, cost + np.asarray(weights)[:, None] * (tails - mean))
        shares, beside = best.shares, best.fixed
        for part, fixed in zip(shares, beside, strict=True):
            met.setdefault(part.tobytes(), (part, float(fixed)))
    names = table["process"].to_numpy()
    rows = [
        {
            "objective": float(part @ cost) + fixed,
            "worst": cvar(futures.cash @ part + futures.loss @ part + fixed, alpha),
            "processes": tuple(dict.fromkeys(names[np.abs(part - own) > MISSED])),
        }
        for part, fixed in met.values()
    ]
    found = pd.DataFrame(rows)
    found = found.assign(
        price=found["objective"] - found["objective"].iloc[0], gain=found["worst"].iloc[0] - found["worst"]
    )
    found = found.sort_values(["price", "worst"], kind="stable")
    better = found["gain"] > found["gain"].cummax().shift(fill_value=-np.inf) + MISSED * abs(found["worst"].iloc[0])
    return found.loc[better, ["price", "worst", "gain", "processes"]].reset_index(drop=True)
