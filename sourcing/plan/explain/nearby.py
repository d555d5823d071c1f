"""Better plans close by: up to two processes changed at once, as long as that helps; no solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sourcing.plan.price import find_choices
from sourcing.plan.writer import Problem

_CANDIDATES = 160
_ROUNDS = 12


@dataclass(frozen=True)
class Grid:
    """A problem that is nothing but choices under rows, dense.

    Attributes
    ----------
    cost : ndarray of float, shape (n,)
    process_of : ndarray of int, shape (n,)
    uses : ndarray of float, shape (m, n)
        What each column uses of each row.
    least, most : ndarray of float, shape (m,)
        Ends of the rows, widened by what counts as kept.
    """

    cost: np.ndarray
    process_of: np.ndarray
    uses: np.ndarray
    least: np.ndarray
    most: np.ndarray


def read_grid(problem: Problem, process_of: np.ndarray) -> Grid | None:
    """Read a problem as a grid; None where it has columns or choices beside those of its processes."""
    choices = find_choices(problem)
    if len(problem.cost) != len(process_of) or len(choices) != int(process_of[-1]) + 1 or not problem.integer.all():
        return None
    others = np.setdiff1d(np.arange(problem.matrix.shape[0]), choices)
    if len(others) == 0:
        return None
    room = 0.5e-6 * problem.row_scale[others]
    uses = problem.matrix[others].toarray()
    return Grid(problem.cost, process_of, uses, problem.row_lower[others] - room, problem.row_upper[others] + room)


def improve_nearby(grid: Grid, taken: np.ndarray, is_free: np.ndarray, priced: np.ndarray) -> tuple[float, np.ndarray]:
    """Change one or two processes at a time while that mends a row or lowers the cost.

    Parameters
    ----------
    grid : Grid
    taken : ndarray of int, shape (processes,)
        The column taken by each process; rows may be broken.
    is_free : ndarray of bool, shape (n,)
        Columns that may be taken.
    priced : ndarray of float, shape (n,)
        Reduced costs: moves that cost least by them are tried first.

    Returns
    -------
    cost : float
        inf where rows stay broken.
    taken : ndarray of int, shape (processes,)

    Notes
    -----
    Formula: of the 160 moves of least reduced cost, all pairs; first the pair that leaves the least broken, each row
    measured by its largest use, then that of least cost.
    """
    taken = taken.copy()
    size = np.maximum(np.abs(grid.uses).max(axis=1), 1e-12)
    for _ in range(_ROUNDS):
        now = taken[grid.process_of]
        open_moves = np.flatnonzero(is_free & (np.arange(len(now)) != now))
        ranked = open_moves[np.argsort((priced - priced[now])[open_moves], kind="stable")[:_CANDIDATES]]
        saved = (grid.cost - grid.cost[now])[ranked]
        changes = (grid.uses - grid.uses[:, now])[:, ranked]
        stand = grid.uses[:, taken].sum(axis=1)
        broken, gain = _weigh_pairs(grid, stand, changes, saved, size, grid.process_of[ranked])
        here = float((np.maximum(stand - grid.most, grid.least - stand).clip(0.0) / size).sum())
        one, other = _pick_pair(broken, gain)
        if (here > 0.0 and broken[one, other] >= here) or (here == 0.0 and gain[one, other] >= -1e-9):
            break
        for move in (one, other):
            if move < len(ranked):
                taken[grid.process_of[ranked[move]]] = ranked[move]
    stand = grid.uses[:, taken].sum(axis=1)
    is_kept = bool(((stand <= grid.most) & (stand >= grid.least)).all())
    return (float(grid.cost[taken].sum()) if is_kept else np.inf), taken


def _pick_pair(broken: np.ndarray, gain: np.ndarray) -> tuple[int, int]:
    """Give the pair that leaves least broken, the cheapest of those."""
    least = float(broken.min())
    place = int(np.argmin(np.where(broken <= least, gain, np.inf)))
    return divmod(place, len(gain))


def _weigh_pairs(
    grid: Grid, stand: np.ndarray, changes: np.ndarray, saved: np.ndarray, size: np.ndarray, process_of: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give how much is broken and what is paid after each pair of moves; the last stands for none."""
    changes = np.hstack([changes, np.zeros((len(stand), 1))])
    saved, process_of = np.append(saved, 0.0), np.append(process_of, -1)
    broken = np.zeros((len(saved), len(saved)))
    for row in range(len(stand)):
        after = stand[row] + changes[row][:, None] + changes[row][None, :]
        if np.isfinite(grid.most[row]):
            broken += np.maximum(after - grid.most[row], 0.0) / size[row]
        if np.isfinite(grid.least[row]):
            broken += np.maximum(grid.least[row] - after, 0.0) / size[row]
    gain = saved[:, None] + saved[None, :]
    twice = (process_of[:, None] == process_of[None, :]) & (process_of[:, None] >= 0)
    broken[twice] = np.inf
    return broken, gain


def swap_in(grid: Grid, plans: list[np.ndarray], column: int, count: int = 2) -> list[np.ndarray]:
    """Give the plans that a column swapped in leaves least broken, the cheapest first."""
    if not plans:
        return []
    taken = np.array(plans)
    taken[:, grid.process_of[column]] = column
    stands = grid.uses[:, taken].sum(axis=2)
    size = np.maximum(np.abs(grid.uses).max(axis=1), 1e-12)
    over = np.maximum(stands - grid.most[:, None], grid.least[:, None] - stands).clip(0.0) / size[:, None]
    worth = grid.cost[taken].sum(axis=1)
    price = float(np.abs(np.diff(np.sort(grid.cost))).mean()) * len(grid.cost) / 10
    order = np.argsort(worth + price * over.sum(axis=0), kind="stable")
    return [taken[k] for k in order[:count]]
