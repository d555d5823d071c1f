"""Invoices against contract prices and bands; credits due against the service agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.program.ledger.alignment import KEYS, Alignment
from sourcing.program.ledger.charges import count_points, find_credit
from sourcing.program.ledger.commitments import MEASURES

if TYPE_CHECKING:
    from sourcing.program.ledger.baseline import Baseline

CENT = 0.01
"""A difference below half of it is none."""
INVOICE_COLUMNS = (
    *KEYS, "owner", "volume_ratio", "owed_at_contract", "price_excess", "owed", "extra_work", "billed", "error",
    "service_points", "credit_due", "credit_received", "credit_missing", "verdict",
)  # fmt: skip


def check_invoices(aligned: Alignment, baseline: Baseline) -> pd.DataFrame:
    """Check what outside owners billed against price, bands and service of the contract.

    owed_at_contract = contract price x what the contract charges for the month's volume (`charge_volume`); owed = the
    same at the price in force; error = billed - owed - extra work ordered; credit due = `find_credit` of the points by
    which service missed its target, of what is owed.

    Returns
    -------
    DataFrame
        Columns INVOICE_COLUMNS, one row per process, option and month with an outside owner that billed, or whose
        service is known; volume_ratio (volume over the volume promised), price_excess (owed less owed_at_contract),
        service_points (over the target; empty where no target is known), verdict: right, billed too much, billed too
        little, credit missing (a credit is owed and the rest is right), not billed.
    """
    rows = aligned.rows[aligned.rows["is_reported"] & ~aligned.rows["is_own"]].reset_index(drop=True)
    terms = baseline.commitments.set_index(["process", "option"])
    rows = rows.merge(baseline.commitments[["process", "option", "owner", "owner_type"]], on=["process", "option"])
    rows = rows[rows["owner_type"] != "own"].reset_index(drop=True)
    units = rows["live_a"] * rows["charged_a"] * rows["exchange_rate_a"]
    rows["owed_at_contract"], rows["owed"] = units * rows["rate_p"], units * rows["rate_a"]
    rows["price_excess"] = rows["owed"] - rows["owed_at_contract"]
    rows["volume_ratio"] = rows["volume_a"] / rows["volume_p"]
    rows["extra_work"], rows["billed"] = rows["scope_cost"].fillna(0.0), rows["invoice_amount"]
    rows["error"] = rows["billed"] - rows["owed"] - rows["extra_work"]
    rows["service_points"] = [
        _score(row, terms.loc[(row["process"], row["option"])]) for row in rows.to_dict("records")
    ]
    rows["credit_due"] = 0.0
    for key, places in rows.groupby(["process", "option"]).indices.items():
        points = rows["service_points"].to_numpy(float)[places]
        due = find_credit(terms.loc[key], np.nan_to_num(points)) * rows["owed"].to_numpy(float)[places]
        rows.loc[places, "credit_due"] = due
    rows["credit_received"] = rows["credits_received"].fillna(0.0)
    rows["credit_missing"] = (rows["credit_due"] - rows["credit_received"]).clip(lower=0.0)
    rows["verdict"] = np.select(
        [rows["billed"].isna(), rows["error"] > CENT, rows["error"] < -CENT, rows["credit_missing"] > CENT],
        ["not billed", "billed too much", "billed too little", "credit missing"],
        "right",
    )
    seen = rows["billed"].notna() | rows["service_points"].notna()
    return rows.loc[seen, list(INVOICE_COLUMNS)].sort_values(KEYS, ignore_index=True)


def _score(row: dict[str, object], terms: pd.Series) -> float:
    """Score the month's service against its target: as reported, else as the option promised."""
    target = find_target(row, terms)
    level = float(row["service"])  # type: ignore[arg-type]
    return count_points(str(row["service_measure"]), level, target) if level == level and target == target else np.nan


def find_target(row: dict[str, object], terms: pd.Series) -> float:
    """Find the agreed level of the measure reported: that of the row, else the promised one of the option."""
    measure, target = row["service_measure"], float(row["service_target"])  # type: ignore[arg-type]
    return target if target == target else float(terms[str(measure)]) if measure in MEASURES else np.nan
