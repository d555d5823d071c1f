"""Exhaust a core of choices under a few rows: one choice after the other, all partial plans of a layer at once."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.solve.highs import open_highs, run_relaxation
from sourcing.plan.solve.price import find_choices, take_rows

if TYPE_CHECKING:
    from sourcing.plan.model import Problem

MOST_ROWS = 100
_SPREADS = (0.1, 0.3, 0.6, 1.0)
_CHUNK = 16_384
_SLACK = 1e-7


@dataclass(frozen=True)
class Layers:
    """A problem of choices, one a layer, under rows of one side.

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
class Walk:
    """What a walk through the layers found.

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


def lay_out(problem: Problem, penalty: np.ndarray) -> Layers | None:
    """Read a scaled problem as layers; None where it is anything but choices under at most a hundred rows.

    Parameters
    ----------
    problem : Problem
    penalty : ndarray of float, shape (n,)
        Least cost of taking each column over the relaxation. The choice whose second-best column is dearest comes
        first: few of its columns survive, and the cheap ones that are hard to tell apart multiply last.
    """
    own = find_choices(problem)
    others = np.delete(np.arange(problem.matrix.shape[0]), own)
    groups = take_rows(problem.matrix, own)
    if not len(own) or len(others) > MOST_ROWS or len(groups.indices) != len(problem.cost):
        return None
    choices = list(np.split(groups.indices, groups.indptr[1:-1]))
    second = np.array([np.sort(penalty[columns])[:2][-1] for columns in choices])
    has_upper, has_lower = np.isfinite(problem.row_upper[others]), np.isfinite(problem.row_lower[others])
    rows = np.concatenate([others[has_upper], others[has_lower]])
    signs = np.concatenate([np.ones(has_upper.sum()), -np.ones(has_lower.sum())])
    uses = signs[:, None] * take_rows(problem.matrix, others).toarray()[np.searchsorted(others, rows)]
    ranked = [choices[k] for k in np.argsort(-second, kind="stable")]
    return Layers(problem, ranked, np.vstack([problem.cost, uses]), find_limits(problem, rows, signs), rows, signs)


def find_limits(problem: Problem, rows: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Give the most that a point may use of one side of each row, with a slack well within what counts as kept."""
    ends = np.where(signs > 0, problem.row_upper[rows], -problem.row_lower[rows])
    return np.asarray(ends + _SLACK * problem.row_scale[rows])


def drop_idle(layers: Layers) -> Layers:
    """Leave out the limits that no point can break."""
    return keep_limits(layers, find_live(layers))


def find_live(layers: Layers) -> np.ndarray:
    """Tell which limits some point breaks, shape (r,)."""
    uses = layers.amounts[1:]
    most = sum((uses[:, columns].max(axis=1) for columns in layers.choices), np.zeros(len(uses)))
    return np.asarray(most > layers.limits)


def keep_limits(layers: Layers, kept: np.ndarray) -> Layers:
    """Leave out all limits but those kept."""
    return replace(
        layers,
        amounts=layers.amounts[np.append(True, kept)],
        limits=layers.limits[kept],
        rows=layers.rows[kept],
        signs=layers.signs[kept],
    )


def spread_multipliers(layers: Layers, count: int, seed: int, seconds: float) -> np.ndarray:
    """Price the limits as they stand and as partial plans may leave them.

    Formula: row duals of the relaxation with each limit moved by a normal draw of the spread that the choices'
    uses have, times 0.1 to 1. Any multipliers bound a partial plan; those of limits like its own bound it well.

    Returns
    -------
    ndarray of float, shape (k, r)
        At most `count` rows, none negative; the first is of the limits as they stand, or of zeros.
    """
    rng = np.random.default_rng(seed)
    uses = layers.amounts[1:]
    spread = np.sqrt(sum(uses[:, columns].var(axis=1) for columns in layers.choices))
    problem = layers.problem
    highs = open_highs(problem, relaxed=True)
    found = [np.zeros(len(layers.limits))]
    for k in range(count):
        moved = (0.0 if k == 0 else rng.choice(_SPREADS)) * spread * rng.normal(size=len(spread))
        lower, upper = problem.row_lower.copy(), problem.row_upper.copy()
        is_upper = layers.signs > 0
        upper[layers.rows[is_upper]] += moved[is_upper]
        lower[layers.rows[~is_upper]] -= moved[~is_upper]
        for row in np.unique(layers.rows):
            highs.changeRowBounds(int(row), min(lower[row], upper[row]), upper[row])
        duals = run_relaxation(highs, seconds).multipliers
        if duals is not None:
            found.append(np.maximum(0.0, -layers.signs * duals[layers.rows]))
    return np.array(found[1:] or found)


def walk_layers(layers: Layers, multipliers: np.ndarray, ceiling: float, width: int, end: float = np.inf) -> Walk:
    """Extend all partial plans choice by choice; drop those that cannot end at `ceiling` or below.

    Parameters
    ----------
    layers : Layers
    multipliers : ndarray of float, shape (k, r)
        From `spread_multipliers`.
    ceiling : float
        Points that cost more are of no use.
    width : int
        How many partial plans a layer may hold; the least promising beyond it are left out.
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
    rest, room = _find_rest(layers, weights)
    states = np.zeros((len(layers.amounts), 1))
    sure = np.zeros(1)
    trail: list[tuple[np.ndarray, np.ndarray]] = []
    dropped = np.inf
    for depth, columns in enumerate(layers.choices):
        added = layers.amounts[:, columns]
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
            return Walk(None, np.inf, min(dropped, float(bounds[kept].min(initial=np.inf))))
        states, sure = kids[:, kept], first[parents[kept], kinds[kept]]
        trail.append((parents[kept].astype(np.int32), columns[kinds[kept]].astype(np.int32)))
    if not states.shape[1]:
        return Walk(None, np.inf, dropped)
    best = int(states[0].argmin())
    return Walk(_trace(trail, best), float(states[0, best]), dropped)


def _find_rest(layers: Layers, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give what the choices left cost at least, (k, layers + 1), and what they leave of each limit, (r, layers + 1)."""
    reduced = weights @ layers.amounts
    least = np.column_stack([reduced[:, columns].min(axis=1) for columns in layers.choices])
    uses = np.column_stack([layers.amounts[1:, columns].min(axis=1) for columns in layers.choices])
    rest = _sum_back(least) - (weights[:, 1:] @ layers.limits)[:, None]
    return rest, layers.limits[:, None] - _sum_back(uses)


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
    """Follow a partial plan back to the first layer."""
    taken = []
    for parents, columns in reversed(trail):
        taken.append(columns[place])
        place = int(parents[place])
    return np.array(taken)
