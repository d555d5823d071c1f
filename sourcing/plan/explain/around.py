"""The efficient plans around a plan, and where among them it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan.model import COST
from sourcing.plan.tolerance import SAME_POINT

if TYPE_CHECKING:
    from sourcing.plan.plan import Plan


def mark_chosen(frontier: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Put a plan among the efficient ones: column `chosen`; a row of its own where it is none of them.

    Parameters
    ----------
    frontier : DataFrame
        From `trace_frontier`.
    plan : Plan

    Returns
    -------
    DataFrame
        With `chosen` and `efficient` (bool), sorted by the first measure.
    """
    measures = [name for name in frontier.columns if name not in ("price_of_next", "plan")]
    own = {
        name: plan.lines.sum() if name == COST else float((plan.choices[name] * plan.choices["share"]).sum())
        for name in measures
    }
    near = [np.isclose(frontier[name].astype(float), own[name], rtol=SAME_POINT, atol=SAME_POINT) for name in measures]
    same = np.logical_and.reduce(near)
    table = frontier.assign(chosen=same, efficient=True)
    if not same.any():
        row = pd.DataFrame([own | {"price_of_next": np.nan, "plan": plan, "chosen": True, "efficient": False}])
        table = pd.concat([table, row[table.columns]], ignore_index=True)
    return table.sort_values(measures[0], kind="stable", ignore_index=True)
