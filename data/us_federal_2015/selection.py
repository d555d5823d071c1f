"""Which rows of the contract inventory are kept, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from us_federal_2015.bridge import value_of

if TYPE_CHECKING:
    from pathlib import Path

VALUATION_DATE = pd.Timestamp("2015-10-01")
UNITS = {
    "AGRICULTURE, DEPARTMENT OF": ("agriculture", "Department of Agriculture"),
    "DEPT OF DEFENSE": ("defense", "Department of Defense"),
    "GENERAL SERVICES ADMINISTRATION": ("general_services", "General Services Administration"),
    "HOUSING AND URBAN DEVELOPMENT, DEPARTMENT OF": (
        "housing",
        "Department of Housing and Urban Development",
    ),
}
KEEP = "kept"
REASONS = [
    "construction (PSC Y or Z)",
    "performed abroad",
    "no hours reported",
    "less than 0.16 contractor FTE",
    "price below 25,000 USD per FTE",
    "price above 750,000 USD per FTE",
    "function under one FTE",
    "department with fewer than six functions",
    KEEP,
]


def select_functions(source: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the functions kept and the count of rows by department and reason."""
    rows = pd.read_csv(source / "gsa_sci_fy2015_contractor_fte.csv", parse_dates=["date_signed"])
    rows[["invoiced_usd", "contractor_hours"]] = rows[["invoiced_usd", "contractor_hours"]].fillna(0)
    rows["fte"] = rows["contractor_hours"] / value_of("contractor_hours_per_fte")
    rate = rows["invoiced_usd"] / rows["fte"].where(rows["fte"] > 0)
    rows["reason"] = np.select(
        [
            rows["psc"].str[0].isin(["Y", "Z"]),
            rows["country"] != "USA",
            rows["fte"] <= 0,
            rows["fte"] < 0.16,
            rate < 25_000,
            rate > 750_000,
        ],
        REASONS[:6],
        KEEP,
    )
    kept = rows["reason"] == KEEP
    fte = rows["fte"].where(kept).groupby([rows["funding_department"], rows["psc"]]).transform("sum")
    rows.loc[kept & (fte < 1), "reason"] = REASONS[6]
    kept = rows["reason"] == KEEP
    functions = rows["psc"].where(kept).groupby(rows["funding_department"]).transform("nunique")
    rows.loc[kept & (functions < 6), "reason"] = REASONS[7]
    exclusions = (
        rows.groupby(["funding_department", "reason"])
        .agg(
            rows=("psc", "size"),
            functions=("psc", "nunique"),
            invoiced_usd=("invoiced_usd", "sum"),
            contractor_hours=("contractor_hours", "sum"),
        )
        .round(2)
        .reset_index()
    )
    exclusions["order"] = exclusions["reason"].map(REASONS.index)
    exclusions = exclusions.sort_values(["order", "funding_department"]).drop(columns="order").set_index("reason")
    return aggregate_functions(rows[rows["reason"] == KEEP]), exclusions


def aggregate_functions(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum contract rows to one row per department and service code."""
    paid = rows["invoiced_usd"]
    tags = rows["igf_class"]
    end = rows["date_signed"] + pd.DateOffset(months=12)
    rows = rows.assign(
        business_unit=rows["funding_department"].map(lambda name: UNITS[name][0]),
        cl=paid.where(tags.str.contains("CL"), 0.0),
        ct=paid.where(tags.str.contains("CT"), 0.0),
        fixed=paid.where(rows["contract_type"] == "FIRM FIXED PRICE", 0.0),
        months=paid * (end - VALUATION_DATE).dt.days.clip(lower=0) / (365.25 / 12),
    )
    sums = rows.groupby(["business_unit", "psc"]).agg(
        contract_actions=("psc", "size"),
        providers=("vendor", "nunique"),
        invoiced_usd=("invoiced_usd", "sum"),
        contractor_hours=("contractor_hours", "sum"),
        cl=("cl", "sum"),
        ct=("ct", "sum"),
        fixed=("fixed", "sum"),
        months=("months", "sum"),
    )
    for name, column in {
        "closely_associated_share": "cl",
        "critical_share": "ct",
        "fixed_price_share": "fixed",
    }.items():
        sums[name] = (sums[column] / sums["invoiced_usd"]).round(4)
    sums["months_left"] = (sums["months"] / sums["invoiced_usd"]).round(1)
    sums[["invoiced_usd", "contractor_hours"]] = sums[["invoiced_usd", "contractor_hours"]].round(2)
    return sums.drop(columns=["cl", "ct", "fixed", "months"]).rename_axis(["business_unit", "service_code"])
