"""Suggestions: each weighed by net present value and payback; accepted ones enter the next baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.assess import date_valuation
from sourcing.program.ledger.months import THREE, list_months, share_live_months
from sourcing.value import discount_fixed, grow_quarters, value_stream

if TYPE_CHECKING:
    from sourcing.case import Case

ACCEPTED, REJECTED, DONE = "accepted", "rejected", "done"


def spread_suggestions(case: Case) -> pd.DataFrame:
    """Spread what each suggestion is expected to pay and save over the months of the horizon.

    saving of a month = benefit_per_year / 12 x (1 - risk_share), from the day it starts, growing with prices; its cost
    in full in the month of the start, whether it succeeds or not.

    Returns
    -------
    DataFrame
        suggestion, process, status, month, cost, saving: nominal, in the unit's currency.
    """
    unit = case.unit
    quarters, day = 4 * int(unit["horizon_years"]), date_valuation(unit)
    months, growth = list_months(day, quarters), np.repeat(grow_quarters(unit), THREE)
    tables = []
    for row in case.suggestions.to_dict("records"):
        wait = _count_months(day, row["starts"]) if pd.notna(row["starts"]) else 0.0
        cost, saving = np.zeros(len(months)), np.zeros(len(months))
        if wait < len(months):
            cost[int(wait)] = float(row["cost"]) * growth[int(wait)]
            yearly = float(row["benefit_per_year"]) * (1 - float(row["risk_share"]))
            saving = yearly / 12 * growth * share_live_months(wait, len(months))
        tables.append(pd.DataFrame({"month": months, "cost": cost, "saving": saving}).assign(
            **{name: row[name] for name in ("suggestion", "process", "status")}))  # fmt: skip
    columns = ["suggestion", "process", "status", "month", "cost", "saving"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def weigh_suggestions(case: Case) -> pd.DataFrame:
    """Weigh each suggestion by what it is worth.

    Flows by quarter from `spread_suggestions`, valued as moves are (`value.value_stream`): risk lessens the saving and
    not the cost.

    Returns
    -------
    DataFrame
        The columns of the table `suggestions`, and npv, payback_years (from its start), irr, roi, is_worth_it (npv
        above 0), as_told (npv if it could not fail), and kept_share: what it saves now that it is done, over what was
        expected (empty where it was not measured). Dearest first.
    """
    table, monthly = case.suggestions, spread_suggestions(case)
    discount, rows = discount_fixed(case.unit), []
    for row in table.to_dict("records"):
        own = monthly[monthly["suggestion"] == row["suggestion"]]
        cost, saving = (own[name].to_numpy(float).reshape(-1, THREE).sum(axis=1) for name in ("cost", "saving"))
        value = value_stream(saving - cost, float(cost @ discount), case.unit)
        chance = 1 - float(row["risk_share"])
        as_told = value["npv"] + (float(saving @ discount) * (1 / chance - 1) if chance > 0 else 0.0)
        kept = float(row["realized_per_year"]) / float(row["benefit_per_year"]) if row["benefit_per_year"] else np.nan
        wait = float(np.argmax(cost + np.abs(saving) > 0)) / 4
        value["payback_years"] = max(value["payback_years"] - wait, 0.0)
        rows.append({**row, **{name: value[name] for name in ("npv", "payback_years", "irr", "roi")},
                     "is_worth_it": value["npv"] > 0, "as_told": as_told, "kept_share": kept})  # fmt: skip
    columns = [*table, "npv", "payback_years", "irr", "roi", "is_worth_it", "as_told", "kept_share"]
    weighed = pd.DataFrame(rows, columns=columns)
    return weighed.sort_values(["npv", "suggestion"], ascending=[False, True], ignore_index=True)


def _count_months(first: pd.Timestamp, day: pd.Timestamp) -> float:
    """Count the months from one day to another, 0 where it lies before."""
    months = 12 * (day.year - first.year) + day.month - first.month + (day.day - first.day) / day.days_in_month
    return max(months, 0.0)
