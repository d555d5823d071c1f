"""What keeps an option out where no plan has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.infeasible import find_conflicts
from sourcing.plan.model import TOLERANCE, Locks

if TYPE_CHECKING:
    from sourcing.plan.explain.study import Study
    from sourcing.plan.model import Limit


def name_blocks(study: Study, rows: np.ndarray) -> tuple[str, ...]:
    """Name what cannot be kept together with one of some alternatives of a process.

    Parameters
    ----------
    study : Study
    rows : ndarray of int
        Alternatives of one process, of which no plan has any.

    Returns
    -------
    tuple of str
        One rule that none of them can keep whatever else is chosen, if there is one; else a minimal clashing set of
        rules, locks, items and orders, as in `InfeasiblePlanError.conflicts`.
    """
    process_of = study.statement.alternatives.process_of
    process = int(process_of[rows[0]])
    barred = study.barred.copy()
    barred[process_of == process] = True
    barred[rows] = study.barred[rows] & ~study.barred[rows].all()
    for limit in study.statement.limits:
        if limit.base is None and not _can_keep(study, limit, barred):
            return (limit.rule,)
    locked = tuple(sorted({*study.locked, process}))
    found = find_conflicts(replace(study.statement, locks=Locks(barred, locked)), max(1.0, study.left), max_sets=1)
    own = f"lock: {study.statement.alternatives.processes[process]}"
    return tuple(name for name in found.sets[0] if name != own) if found.sets else ()


def _can_keep(study: Study, limit: Limit, barred: np.ndarray) -> bool:
    """Tell whether the least or most use of a limit over all choices keeps it."""
    use = np.zeros(len(barred))
    use[limit.rows] = limit.amounts
    starts, allowed = study.statement.find_starts(), TOLERANCE * max(1.0, abs(limit.limit))
    least = np.minimum.reduceat(np.where(barred, np.inf, use), starts).sum()
    most = np.maximum.reduceat(np.where(barred, -np.inf, use), starts).sum()
    too_much = limit.sense != ">=" and least > limit.limit + allowed
    return not too_much and not (limit.sense != "<=" and most < limit.limit - allowed)
