"""What the further tables say of each option: path of wages, contract, transition, peak, distance, law on staff."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import fill_moves, fill_terms, load_dictionary, load_reference
from sourcing.value.service import size_capacity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.case import Case, Policy

FILE = Path(__file__).with_name("staff_transfer.csv")
TERMS = ("term_months", "renewals", "retender_price_ratio", "tender_cost", "hand_back_cost", "indexation_share",
         "profit_share", "venture_capital_share", "yearly_improvement_share")  # fmt: skip
MOVES = (
    "knowledge_transfer_cost", "travel_cost", "training_cost", "set_up_cost", "parallel_months", "recruited_share",
    "recruitment_cost_per_head", "transferred_share", "transfer_cost_per_head", "severed_share", "severance_months",
    "service_dip_share", "service_dip_months",
)  # fmt: skip
PEAKS = ("peak_months", "peak_premium")


@cache
def load_staff_laws() -> pd.DataFrame:
    """Return the countries whose law passes staff to the new owner: index country; columns law, source.

    Examples
    --------
    >>> load_staff_laws().at["GBR", "law"]
    'TUPE 2006'
    """
    return pd.read_csv(FILE).set_index("country")


def count_hours_away(country: pd.Series, home: str) -> pd.Series:
    """Count the hours of time difference between each country and home.

    The least distance between their ranges of offsets from universal time, the short way round the day; 0 where a
    country has none.

    Examples
    --------
    >>> count_hours_away(pd.Series(["USA", "IND", "DEU"]), "DEU").tolist()  # USA from -10, or -4 in the summer east
    [5.0, 3.5, 0.0]
    """
    offsets = load_reference("countries").set_index("country")[["utc_offset_min", "utc_offset_max"]].astype(float)
    low, high = (country.map(offsets[side]) for side in offsets)
    first, last = offsets.reindex([home]).iloc[0]
    gap = np.maximum(np.maximum(low - last, first - high), 0)
    round_way = np.maximum(24 - np.maximum(high - first, last - low), 0)
    return np.minimum(gap, round_way).fillna(0.0)


def join_terms(
    offers: pd.DataFrame, table: pd.DataFrame, name: str, keys: Sequence[str], columns: Sequence[str]
) -> pd.DataFrame:
    """Join columns of an optional table to the offers; where there is no row, the dictionary's default stands."""
    defaults = {
        column: float(text) if (text := load_dictionary()[name].columns[column].default) else np.nan
        for column in columns
    }
    joined = offers.merge(table[[*keys, *columns]], on=list(keys), how="left")
    return joined.fillna({column: value for column, value in defaults.items() if value == value})


def add_terms(offers: pd.DataFrame, case: Case, policy: Policy) -> pd.DataFrame:
    """Add contract, transition, peak, distance and price paths to the offers.

    Returns
    -------
    DataFrame
        With the columns of TERMS, MOVES and PEAKS; peak_excess (heads at the peak over heads on average - 1);
        wage_drift and price_drift (growth over the unit's inflation, a year); hours_away.
    """
    unit = case.unit
    offers = join_terms(offers, fill_terms(case, "contracts")[0], "contracts", ["contract"], TERMS)
    moves = fill_moves(case, offers, policy)[0]
    offers = join_terms(offers, moves, "transitions", ["process", "option"], MOVES)
    offers = join_terms(offers, case.capacity, "capacity", ["process"], PEAKS)
    sizes = size_capacity(case).set_index("process")
    excess = (sizes["heads_peak"] / sizes["heads_average"] - 1).astype(float)
    inflation = float(unit["inflation_rate"])
    return offers.assign(
        peak_excess=offers["process"].map(excess).fillna(0.0),
        wage_drift=offers["country"].map(list_wage_drifts(case)).fillna(1.0),
        price_drift=(1 + offers["indexation_share"] * inflation) / (1 + inflation),
        hours_away=count_hours_away(offers["country"], unit["home_country"]),
    )


def list_wage_drifts(case: Case) -> dict[str, float]:
    """List by country how wages in the unit's money grow over its inflation in a year.

    drift = (1 + wage growth) x (1 + gain of the currency) / (1 + inflation)
    """
    paths, inflation = case.wage_paths, float(case.unit["inflation_rate"])
    drift = (1 + paths["wage_growth"].fillna(inflation)) * (1 + paths["currency_gain"]) / (1 + inflation)
    return dict(zip(paths["country"], drift.astype(float), strict=True))


def apply_staff_law(offers: pd.DataFrame, home: str) -> pd.Series:
    """Return the share of today's own people who pass to the new owner; the law's where the case says nothing.

    All pass where the law of the home country says so, today's staff are own, the new owner is another and the work
    stays in the country; else none.
    """
    by_law = (
        (home in load_staff_laws().index)
        & (offers["today_owner_type"] == "own")
        & (offers["owner_type"] != "own")
        & ~offers["is_abroad"].astype(bool)
    )
    return offers["transferred_share"].fillna(by_law.astype(float))
