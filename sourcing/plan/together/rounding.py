"""Round a relaxed point of a plain block: few of its processes are split, so that all ways can be tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.tolerance import ROW_SLACK, WHOLE

if TYPE_CHECKING:
    from sourcing.plan.model import Instance, Problem

MOST_WAYS = 4096
"""Ways to round that are tried at most."""


def round_point(instance: Instance, problem: Problem, cost: np.ndarray, point: np.ndarray) -> np.ndarray | None:
    """Give the cheapest whole point that differs from a relaxed one in its split processes alone.

    Parameters
    ----------
    instance : Instance
    problem : Problem
        Of the instance, nothing but its alternatives.
    cost : ndarray of float, shape (alternatives,)
    point : ndarray of float, shape (alternatives,)
        Shares that sum to 1 in each process.

    Returns
    -------
    ndarray of float, shape (alternatives,), or None
        None where no such point keeps every row, or there are too many ways.

    Examples
    --------
    One of two processes may move; the relaxed point moves half of the second as well:

    >>> import pandas as pd
    >>> from sourcing.plan import ask
    >>> from sourcing.plan.model import build_problem
    >>> offers = pd.DataFrame(
    ...     {"process": list("aabb"), "option": ["move", "stay"] * 2, "cost": [5.0, 9.0, 6.0, 8.0]}
    ... )
    >>> cap = pd.DataFrame({"rule": ["cap"], "measure": "count", "where": "option == 'move'", "sense": "<=",
    ...                     "limit": 1.5})
    >>> own = ask(offers, cap).instance
    >>> round_point(own, build_problem(own), own.alternatives.cost, np.array([1.0, 0.0, 0.5, 0.5])).tolist()
    [1.0, 0.0, 0.0, 1.0]
    """
    process_of = instance.alternatives.process_of
    is_split = np.zeros(len(instance.alternatives.processes), dtype=bool)
    is_split[process_of[np.abs(point - np.round(point)) > WHOLE]] = True
    whole = np.where(is_split[process_of], 0.0, np.round(point))
    choices = [np.flatnonzero((process_of == process) & (problem.upper > 0.0)) for process in np.flatnonzero(is_split)]
    ways = 1
    for own in choices:
        ways *= len(own)
    if ways > MOST_WAYS:
        choices = [own[point[own] > WHOLE] for own in choices]
        ways = int(np.prod([len(own) for own in choices], dtype=float))
        if ways > MOST_WAYS:
            return None
    rows = np.arange(len(is_split), len(problem.rows))
    matrix = problem.matrix[rows].toarray()
    use, paid = (matrix @ whole)[:, None], np.zeros(1)
    for own in choices:
        use = (use[:, :, None] + matrix[:, None, own]).reshape(len(rows), -1)
        paid = (paid[:, None] + cost[own]).ravel()
    room = ROW_SLACK * problem.row_scale[rows][:, None]
    kept = ((use <= problem.row_upper[rows][:, None] + room) & (use >= problem.row_lower[rows][:, None] - room)).all(
        axis=0
    )
    if not kept.any():
        return None
    best = int(np.argmin(np.where(kept, paid, np.inf)))
    for own in reversed(choices):
        best, pick = divmod(best, len(own))
        whole[own[pick]] = 1.0
    return whole
