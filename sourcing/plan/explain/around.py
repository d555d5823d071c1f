"""The efficient plans around a plan, and where among them it lies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import PlanError
from sourcing.plan.choose import answer
from sourcing.plan.explain.frontier import LARGER_IS_BETTER, price_next
from sourcing.plan.model import COST, limit_measures
from sourcing.plan.plan import sum_measure
from sourcing.plan.tolerance import KEPT, SAME_POINT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.plan.plan import Plan

BESIDE = ("price_of_next", "plan")


def mark_chosen(frontier: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Put a plan among the efficient ones: column `chosen`; a row of its own where it is none of those found.

    Parameters
    ----------
    frontier : DataFrame
        From `trace_frontier`.
    plan : Plan

    Returns
    -------
    DataFrame
        With `chosen` and `efficient` (bool), sorted by the first measure; `price_of_next` is from one efficient row to
        the next one. A plan that was not found is asked about: it is efficient where no plan is as good in every
        measure and better in one; else the plan that is stands in the list too.
    """
    measures = [name for name in frontier.columns if name not in BESIDE]
    own = _measure(plan, measures)
    near = [np.isclose(frontier[name].astype(float), own[name], rtol=SAME_POINT, atol=SAME_POINT) for name in measures]
    same = np.logical_and.reduce(near)
    table = frontier.assign(chosen=same, efficient=True)
    if not same.any():
        better = _find_better(plan, own)
        rows: list[dict[str, Any]] = [own | {"plan": plan, "chosen": True, "efficient": better is None}]
        if better is not None:
            met = _measure(better, measures)
            known = np.logical_and.reduce([np.isclose(table[name], met[name], rtol=SAME_POINT) for name in measures])
            rows += [] if known.any() else [met | {"plan": better, "chosen": False, "efficient": True}]
        added = pd.DataFrame(rows, columns=[name for name in table.columns if name != "price_of_next"])
        table = pd.concat([table.drop(columns="price_of_next"), added], ignore_index=True) if len(table) else added
        table = table.astype({"chosen": bool, "efficient": bool})
    table = table.sort_values(measures[0], kind="stable", ignore_index=True)
    table["price_of_next"] = np.nan
    efficient = table["efficient"].to_numpy()
    signs = [-1.0 if name in LARGER_IS_BETTER else 1.0 for name in measures]
    table.loc[efficient, "price_of_next"] = price_next(table.loc[efficient, measures], measures, signs)
    table.attrs = dict(frontier.attrs)
    return table[[*measures, *BESIDE, "chosen", "efficient"]]


def _measure(plan: Plan, measures: Sequence[str]) -> dict[str, float]:
    return {name: plan.lines.sum() if name == COST else sum_measure(plan, name) for name in measures}


def _find_better(plan: Plan, own: Mapping[str, float]) -> Plan | None:
    """Find an efficient plan that is as good in every measure and better in one; None where there is none."""
    asked = plan.question
    signs = {name: -1.0 if name in LARGER_IS_BETTER else 1.0 for name in own}
    sizes = {name: max(abs(value), 1.0) for name, value in own.items()}
    most = {name: value for name, value in own.items() if signs[name] > 0}
    least = {name: value for name, value in own.items() if signs[name] < 0}
    bounds = limit_measures(most, least)
    bounds["rule"] = [f"as good in {name}" for name in bounds["measure"]]
    rules = bounds if asked.rules is None else pd.concat([asked.rules, bounds], ignore_index=True)
    weights = {name: signs[name] / sizes[name] for name in own}
    try:
        better = answer(replace(asked, rules=rules, objective=weights, gap=0.0))
    except PlanError:
        return None
    met = _measure(better, list(own))
    gains = [signs[name] * (own[name] - met[name]) / sizes[name] for name in own]
    return better if max(gains) > SAME_POINT + KEPT and min(gains) >= -2 * KEPT else None
