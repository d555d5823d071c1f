"""Fewer scenarios that stand for many: chosen among them, each with the weight of those that it stands for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sourcing.errors import InputError


@dataclass(frozen=True)
class Reduced:
    """Scenarios that stand for all.

    Attributes
    ----------
    rows : ndarray of int, shape (kept,)
        Their places among all, ascending.
    weights : ndarray of float, shape (kept,)
        Share of all scenarios that each stands for; they sum to 1.
    distance : float
        Mean distance of a scenario to the one that stands for it, in units of the spread of all (standard deviation).
    """

    rows: np.ndarray
    weights: np.ndarray
    distance: float


def reduce_scenarios(outcomes: np.ndarray, count: int) -> Reduced:
    """Reduce equally likely scenarios to a few: forward selection.

    One after the other the scenario is kept that lessens the mean distance of all scenarios to the nearest kept one
    most; each that is not kept hands its weight to the nearest. No draw is made: the same outcomes give the same
    scenarios. Source: H. Heitsch and W. Römisch, "Scenario reduction algorithms in stochastic programming", 2003,
    algorithm 2.4 (forward selection), for the distance of outcomes.

    Parameters
    ----------
    outcomes : ndarray, shape (scenarios, plans)
        What tells scenarios apart: the cost of each of some plans in each scenario.
    count : int
        How many are kept, at least 1; all where there are no more.

    Examples
    --------
    Two clusters of three and one scenarios:

    >>> reduced = reduce_scenarios(np.array([[0.0], [1.0], [2.0], [50.0]]), 2)
    >>> reduced.rows.tolist(), reduced.weights.tolist()
    ([1, 3], [0.75, 0.25])
    """
    outcomes = np.asarray(outcomes, dtype=float)
    if outcomes.ndim != 2 or not len(outcomes) or not np.isfinite(outcomes).all():
        raise InputError(
            f"outcomes must be finite numbers, one per scenario and plan; got shape {outcomes.shape} at outcomes. "
            "Hint: one row per scenario."
        )
    if not count >= 1:
        raise InputError(f"count must be at least 1; got {count!r} at count. Hint: a hundred stand for thousands.")
    spread = float(np.sqrt(outcomes.var(axis=0).sum())) or 1.0
    points = outcomes / spread
    nearest = np.full(len(points), np.inf)
    rows: list[int] = []
    gaps = _measure_distances(points)
    for _ in range(min(count, len(points))):
        best = int(np.minimum(gaps, nearest[:, None]).sum(axis=0).argmin())
        if rows and nearest.max() == 0.0:
            break
        rows.append(best)
        nearest = np.minimum(nearest, gaps[:, best])
    kept = np.array(sorted(rows))
    stands = gaps[:, kept].argmin(axis=1)
    weights = np.bincount(stands, minlength=len(kept)) / len(points)
    return Reduced(kept, weights, float(gaps[:, kept].min(axis=1).mean()))


def _measure_distances(points: np.ndarray) -> np.ndarray:
    squares = (points**2).sum(axis=1)
    distances = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2.0 * points @ points.T, 0.0))
    np.fill_diagonal(distances, 0.0)
    return np.asarray(distances)
