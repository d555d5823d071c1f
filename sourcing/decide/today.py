"""Rules that limit a share of what is so today, as limits in the measure's own unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.case import TODAY
from sourcing.plan import sum_measure
from sourcing.where import match_where

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.plan import Plan


def limit_by_today(rules: pd.DataFrame, as_is: Plan) -> pd.DataFrame:
    """Turn limits that are shares of today's figure into limits in the measure's unit, the share kept in the reason.

    Parameters
    ----------
    rules : DataFrame
        Columns measure, where, limit, relative_to, step, reason; relative_to `as_is` where the limit is a share of the
        same amount today.
    as_is : Plan
        Everything as it is today.
    """
    settled = rules.astype({"limit": float, "step": float})
    for row in rules.index[rules["relative_to"] == TODAY]:
        rule = rules.loc[row]
        today = measure_today(as_is, str(rule["measure"]), str(rule["where"]))
        said = f"{100 * rule['limit']:g} % of today's {str(rule['measure']).replace('_', ' ')}"
        settled.loc[row, ["limit", "step"]] = [rule["limit"] * today, rule["step"] * today]
        settled.loc[row, "relative_to"] = ""
        settled.loc[row, "reason"] = f"{said}; {rule['reason']}" if rule["reason"] else said
    return settled


def measure_today(as_is: Plan, measure: str, where: str) -> float:
    """Sum a measure over today's delivery as a rule does: money that processes share counts where no row is picked."""
    if not where and measure != "count":
        return sum_measure(as_is, measure)
    picked = as_is.choices[match_where(where, as_is.choices)] if where else as_is.choices
    return float(len(picked) if measure == "count" else picked[measure].astype(float).sum())
