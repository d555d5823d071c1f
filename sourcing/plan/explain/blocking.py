"""What keeps an option out where no plan has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.infeasible import find_conflicts
from sourcing.plan.model import Locks, bound_shared
from sourcing.plan.tolerance import KEPT

if TYPE_CHECKING:
    from sourcing.plan.explain.reoptimizer import Reoptimizer
    from sourcing.plan.model import Limit


def name_blocks(reoptimizer: Reoptimizer, rows: np.ndarray) -> tuple[str, ...]:
    """Name what cannot be kept together with one of some alternatives of a process.

    Parameters
    ----------
    reoptimizer : Reoptimizer
    rows : ndarray of int
        Alternatives of one process, of which no plan has any.

    Returns
    -------
    tuple of str
        One rule that none of them can keep whatever else is chosen, if there is one; else a minimal clashing set of
        rules, locks, items and orders, as in `InfeasiblePlanError.conflicts`.
    """
    process_of = reoptimizer.instance.alternatives.process_of
    process = int(process_of[rows[0]])
    barred = reoptimizer.barred.copy()
    barred[process_of == process] = True
    barred[rows] = reoptimizer.barred[rows] & ~reoptimizer.barred[rows].all()
    for limit in reoptimizer.instance.limits:
        if limit.base is None and not _can_keep(reoptimizer, limit, barred):
            return (limit.rule,)
    locked = tuple(sorted({*reoptimizer.locked, process}))
    found = find_conflicts(
        replace(reoptimizer.instance, locks=Locks(barred, locked)), max(1.0, reoptimizer.left), max_sets=1
    )
    own = f"lock: {reoptimizer.instance.alternatives.processes[process]}"
    return tuple(name for name in found.sets[0] if name != own) if found.sets else ()


def _can_keep(reoptimizer: Reoptimizer, limit: Limit, barred: np.ndarray) -> bool:
    """Tell whether the least or most use of a limit over all choices keeps it."""
    use = np.zeros(len(barred))
    use[limit.rows] = limit.amounts
    instance, allowed = reoptimizer.instance, KEPT * max(1.0, abs(limit.limit))
    starts, shared = instance.find_starts(), bound_shared(instance, instance.weigh_lines(limit))
    least = np.minimum.reduceat(np.where(barred, np.inf, use), starts).sum() + shared[0]
    most = np.maximum.reduceat(np.where(barred, -np.inf, use), starts).sum() + shared[1]
    too_much = limit.sense != ">=" and least > limit.limit + allowed
    return not too_much and not (limit.sense != "<=" and most < limit.limit - allowed)
