"""Exhaust a core of choices under a few rows: one choice after the other, all partial plans of a stage at once."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.solve.highs import open_highs, run_relaxation
from sourcing.plan.solve.price import find_choices, take_rows
from sourcing.plan.tolerance import ROW_SLACK

if TYPE_CHECKING:
    from sourcing.plan.model import Problem

MOST_ROWS = 100
_SPREADS = (0.1, 0.3, 0.6, 1.0)
_CHUNK = 16_384


@dataclass(frozen=True)
class Stages:
    """A problem of choices, one a stage, under rows of one side.

    Attributes
    ----------
    problem : Problem
        Scaled.
    choices : list of ndarray of int
        The columns of each choice; the choices that the relaxation is least sure of come last.
    amounts : ndarray of float, shape (1 + r, n)
        Cost of every column, then its use of each row.
    limits : ndarray of float, shape (r,)
        The most that all columns taken may use.
    rows : ndarray of int, shape (r,)
        The row of the problem that each limit is a side of.
    signs : ndarray of float, shape (r,)
        1 for the upper side of its row, -1 for the lower one.
    """

    problem: Problem
    choices: list[np.ndarray]
    amounts: np.ndarray
    limits: np.ndarray
    rows: np.ndarray
    signs: np.ndarray


@dataclass(frozen=True)
class Enumeration:
    """What an enumeration found.

    Attributes
    ----------
    columns : ndarray of int, or None
        The columns of the cheapest point found.
    cost : float
        Its cost; inf without one.
    dropped : float
        Every point that was left out for lack of room costs at least this; inf if none was.
    """

    columns: np.ndarray | None
    cost: float
    dropped: float


def lay_out_stages(problem: Problem, reduced_cost: np.ndarray) -> Stages | None:
    """Read a scaled problem as stages; None where it is anything but choices under at most a hundred rows.

    Parameters
    ----------
    problem : Problem
    reduced_cost : ndarray of float, shape (n,)
        Least cost of taking each column over the relaxation. The choice whose second-best column is dearest comes
        first: few of its columns survive, and the cheap ones that are hard to tell apart multiply last.
    """
    own = find_choices(problem)
    others = np.delete(np.arange(problem.matrix.shape[0]), own)
    groups = take_rows(problem.matrix, own)
    if not len(own) or len(others) > MOST_ROWS or len(groups.indices) != len(problem.cost):
        return None
    choices = list(np.split(groups.indices, groups.indptr[1:-1]))
    second = np.array([np.sort(reduced_cost[columns])[:2][-1] for columns in choices])
    has_upper, has_lower = np.isfinite(problem.row_upper[others]), np.isfinite(problem.row_lower[others])
    rows = np.concatenate([others[has_upper], others[has_lower]])
    signs = np.concatenate([np.ones(has_upper.sum()), -np.ones(has_lower.sum())])
    uses = signs[:, None] * take_rows(problem.matrix, others).toarray()[np.searchsorted(others, rows)]
    ranked = [choices[k] for k in np.argsort(-second, kind="stable")]
    return Stages(problem, ranked, np.vstack([problem.cost, uses]), find_limits(problem, rows, signs), rows, signs)


def find_limits(problem: Problem, rows: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Give the most that a point may use of one side of each row, with a slack well within what counts as kept."""
    ends = np.where(signs > 0, problem.row_upper[rows], -problem.row_lower[rows])
    return np.asarray(ends + ROW_SLACK * problem.row_scale[rows])


def drop_idle(stages: Stages) -> Stages:
    """Leave out the limits that no point can break."""
    return keep_limits(stages, find_live(stages))


def find_live(stages: Stages) -> np.ndarray:
    """Tell which limits some point breaks, shape (r,)."""
    uses = stages.amounts[1:]
    most = sum((uses[:, columns].max(axis=1) for columns in stages.choices), np.zeros(len(uses)))
    return np.asarray(most > stages.limits)


def keep_limits(stages: Stages, kept: np.ndarray) -> Stages:
    """Leave out all limits but those kept."""
    return replace(
        stages,
        amounts=stages.amounts[np.append(True, kept)],
        limits=stages.limits[kept],
        rows=stages.rows[kept],
        signs=stages.signs[kept],
    )


def spread_multipliers(stages: Stages, count: int, seed: int, seconds: float) -> np.ndarray:
    """Price the limits as they stand and as partial plans may leave them.

    Formula: row duals of the relaxation with each limit moved by a normal draw of the spread that the choices'
    uses have, times 0.1 to 1. Any multipliers bound a partial plan; those of limits like its own bound it well.

    Returns
    -------
    ndarray of float, shape (k, r)
        At most `count` rows, none negative; the first is of the limits as they stand, or of zeros.
    """
    rng = np.random.default_rng(seed)
    uses = stages.amounts[1:]
    spread = np.sqrt(sum(uses[:, columns].var(axis=1) for columns in stages.choices))
    problem = stages.problem
    highs = open_highs(problem, relaxed=True)
    found = [np.zeros(len(stages.limits))]
    for k in range(count):
        moved = (0.0 if k == 0 else rng.choice(_SPREADS)) * spread * rng.normal(size=len(spread))
        lower, upper = problem.row_lower.copy(), problem.row_upper.copy()
        is_upper = stages.signs > 0
        upper[stages.rows[is_upper]] += moved[is_upper]
        lower[stages.rows[~is_upper]] -= moved[~is_upper]
        for row in np.unique(stages.rows):
            highs.changeRowBounds(int(row), min(lower[row], upper[row]), upper[row])
        duals = run_relaxation(highs, seconds).multipliers
        if duals is not None:
            found.append(np.maximum(0.0, -stages.signs * duals[stages.rows]))
    return np.array(found[1:] or found)


def enumerate_partial_plans(
    stages: Stages, multipliers: np.ndarray, ceiling: float, width: int, end: float = np.inf
) -> Enumeration:
    """Extend all partial plans choice by choice; drop those that cannot end at `ceiling` or below.

    Parameters
    ----------
    stages : Stages
    multipliers : ndarray of float, shape (k, r)
        From `spread_multipliers`.
    ceiling : float
        Points that cost more are of no use.
    width : int
        How many partial plans a stage may hold; the least promising beyond it are left out.
    end : float
        `time.perf_counter()` at which all are left out.

    Notes
    -----
    Formula: a partial plan of cost c and use u, with the choices R left, ends at no less than
    `max_k c + y_k (u - limit) + Σ_{i in R} min_{a in i} (cost_a + y_k use_a)`. Source of cores: E. Balas
    and E. Zemel, "An algorithm for large zero-one knapsack problems", 1980; of the bounds: A. M. Geoffrion,
    "Lagrangean relaxation for integer programming", 1974.
    """
    weights = np.hstack([np.ones((len(multipliers), 1)), multipliers])
    rest, room = _find_rest(stages, weights)
    states = np.zeros((len(stages.amounts), 1))
    sure = np.zeros(1)
    trail: list[tuple[np.ndarray, np.ndarray]] = []
    dropped = np.inf
    for depth, columns in enumerate(stages.choices):
        added = stages.amounts[:, columns]
        first = sure[:, None] + (weights[0] @ added)[None, :]
        parents, kinds = np.nonzero(first <= ceiling - rest[0, depth + 1])
        kids = states[:, parents] + added[:, kinds]
        bounds = _bound(kids, weights, rest[:, depth + 1], room[:, depth + 1])
        kept = np.flatnonzero((bounds <= ceiling) & (bounds < np.inf))
        if len(kept) > width:
            ranks = np.argpartition(bounds[kept], width)
            dropped = min(dropped, float(bounds[kept[ranks[width:]]].min()))
            kept = np.sort(kept[ranks[:width]])
        if time.perf_counter() >= end:
            return Enumeration(None, np.inf, min(dropped, float(bounds[kept].min(initial=np.inf))))
        states, sure = kids[:, kept], first[parents[kept], kinds[kept]]
        trail.append((parents[kept].astype(np.int32), columns[kinds[kept]].astype(np.int32)))
    if not states.shape[1]:
        return Enumeration(None, np.inf, dropped)
    best = int(states[0].argmin())
    return Enumeration(_trace(trail, best), float(states[0, best]), dropped)


def _find_rest(stages: Stages, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give what the choices left cost at least, (k, stages + 1), and what they leave of each limit, (r, stages + 1)."""
    reduced = weights @ stages.amounts
    least = np.column_stack([reduced[:, columns].min(axis=1) for columns in stages.choices])
    uses = np.column_stack([stages.amounts[1:, columns].min(axis=1) for columns in stages.choices])
    rest = _sum_back(least) - (weights[:, 1:] @ stages.limits)[:, None]
    return rest, stages.limits[:, None] - _sum_back(uses)


def _sum_back(amounts: np.ndarray) -> np.ndarray:
    """Sum each row from every place to its end, and 0 behind it."""
    sums = np.cumsum(amounts[:, ::-1], axis=1)[:, ::-1]
    return np.hstack([sums, np.zeros((len(amounts), 1))])


def _bound(states: np.ndarray, weights: np.ndarray, rest: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Bound what each partial plan ends at; inf where a limit is broken whatever follows."""
    bounds = np.empty(states.shape[1])
    for start in range(0, len(bounds), _CHUNK):
        part = states[:, start : start + _CHUNK]
        bounds[start : start + _CHUNK] = (weights @ part + rest[:, None]).max(axis=0)
    bounds[(states[1:] > room[:, None]).any(axis=0)] = np.inf
    return bounds


def _trace(trail: list[tuple[np.ndarray, np.ndarray]], place: int) -> np.ndarray:
    """Follow a partial plan back to the first stage."""
    taken = []
    for parents, columns in reversed(trail):
        taken.append(columns[place])
        place = int(parents[place])
    return np.array(taken)
