"""Offers with another number in one column, and what follows from it for them and for today's delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.value.cash import RUN
from sourcing.value.deals import price_should_cost
from sourcing.value.offers import SHARED_TODAY, price_year_of_running, stand_beside

if TYPE_CHECKING:
    from sourcing.case import Case

BESIDE = ("failure_rate", "attrition_share", "customer_value_per_year", "location_risk")
"""Numbers of an option that stand beside the others of its process as today_*, where it is today's."""


def shift_number(offers: pd.DataFrame, case: Case, column: str, values: pd.Series) -> pd.DataFrame:
    """Give the offers with other numbers in a column.

    A steady year, what providers pay for the work and what today's delivery shows beside every option follow; another
    `transition_months` moves the go-live by as much as it is stretched, never before people can be hired. Whether a
    price starves its provider, and what bars an option, are held.

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.
    case : Case
    column : str
    values : Series
        Index of `offers`.
    """
    shifted = offers.assign(**{column: values})
    if column == "transition_months":
        before, after = (
            (table["transition_months"] * table["stretch"]).clip(lower=table["hiring_lead_months"])
            for table in (offers, shifted)
        )
        shifted["go_live_months"] += (after - before).where(~offers["is_as_is"], 0.0)
    year = price_year_of_running(shifted)
    shifted[list(year)] = year
    today = shifted[shifted["is_as_is"]].set_index("process")
    for line in (*RUN, *BESIDE):
        shifted[f"today_{line}"] = shifted["process"].map(today[line])
    shifted["today_labor_per_head"] = shifted["process"].map(today["labor_cost_per_fte"])
    return stand_beside(shifted.assign(**price_should_cost(shifted, case)), SHARED_TODAY)
