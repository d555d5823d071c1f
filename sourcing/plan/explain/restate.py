"""State a point of a study as a plan of its own, certified like any other."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.choose import state_plan
from sourcing.plan.lexicographic import draft_plan, sum_absolute, tabulate_aims
from sourcing.plan.model import read_objective
from sourcing.plan.plan import measure_gap

if TYPE_CHECKING:
    from sourcing.plan.explain.study import Study
    from sourcing.plan.plan import Plan


def restate_plan(study: Study, values: np.ndarray) -> Plan:
    """Give the plan that a point of a study's problem is, with the bound of the study's best.

    Parameters
    ----------
    study : Study
    values : ndarray of float, shape (columns,)
        A point that keeps every rule.

    Returns
    -------
    Plan
        Made from the same tables as the study's plan; `seconds` is 0.

    Raises
    ------
    CertificateError
        If plain arithmetic does not confirm it.
    """
    plan, statement = study.plan, study.statement
    shares = study.read_shares(values)
    process_of, whole = statement.alternatives.process_of, ~statement.structure.items.divisible
    shares = np.where(whole[process_of], np.round(shares), shares)
    shares = shares / np.bincount(process_of, weights=shares)[process_of]
    draft = replace(draft_plan(statement, shares), multipliers=plan.multipliers)
    aims = read_objective(plan.asked_objective, statement.alternatives)
    value = aims[-1].measure(draft.shares, draft.cost)
    bound = min(value, study.best.lower)
    gap = measure_gap(value, bound, sum_absolute(statement, aims[-1], draft))
    levels = plan.aims.drop_duplicates("level")[["best", "bound", "gap", "most"]].to_numpy(dtype=float)
    reached = [*map(tuple, levels[:-1].tolist()), (value, bound, gap, math.inf)]
    return state_plan(statement, draft, tabulate_aims(statement, aims, draft, reached), plan.asked)
