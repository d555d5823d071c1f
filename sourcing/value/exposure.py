"""Expected loss: probability times impact of causes that no cash line holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.value.cash import RUN, mark_quarter, share_live

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case import Outlook


def loss_of_one_failure(offers: pd.DataFrame, outlook: Outlook) -> np.ndarray:
    """Return the loss of one serious failure, in price-year currency, shape (alternatives,).

    loss = criticality x today's yearly run cost x loss_multiple. A process without a criticality counts as
    fully critical, the cautious end; the pack lists it.
    """
    today = sum(offers[f"today_{line}"].to_numpy(float) for line in RUN)
    return offers["criticality"].fillna(1.0).to_numpy(float) * today * outlook.loss_multiple


def price_losses(offers: pd.DataFrame, unit: pd.Series, outlook: Outlook) -> Mapping[str, np.ndarray]:
    """Price the expected loss of each alternative in each quarter, in price-year money.

    Operational: yearly rate of the option (or `operational_rate`); structural: `structural_rate` while
    another owner delivers; location: `location_rate` x location risk of the site; each for the option from
    go-live and for today's delivery until then. Move: `move_failure` once, in the quarter of go-live.
    The three kinds are those of Aron and Singh (2005) and Aron, Clemons and Reddi (2005); rates are Outlook's.

    Returns
    -------
    mapping of cause to ndarray, shape (alternatives, quarters)
        operational, structural, location, move.
    """
    quarters = 4 * int(unit["horizon_years"])
    go_live = offers["go_live_months"].to_numpy(float)
    live = share_live(go_live, quarters)
    loss = loss_of_one_failure(offers, outlook)[:, None]

    def per_quarter(option_rate: pd.Series, today_rate: pd.Series) -> np.ndarray:
        rate = option_rate.to_numpy(float)[:, None] * live + today_rate.to_numpy(float)[:, None] * (1 - live)
        return loss * rate / 4

    at_go_live = mark_quarter(go_live, quarters)
    moved = ~offers["is_as_is"].to_numpy(bool)[:, None]
    return {
        "operational": per_quarter(
            offers["failure_rate"].fillna(outlook.operational_rate),
            offers["today_failure_rate"].fillna(outlook.operational_rate),
        ),
        "structural": per_quarter(
            (offers["owner_type"] != "own") * outlook.structural_rate,
            (offers["today_owner_type"] != "own") * outlook.structural_rate,
        ),
        "location": per_quarter(
            offers["location_risk"] * outlook.location_rate,
            offers["today_location_risk"] * outlook.location_rate,
        ),
        "move": np.where(moved, outlook.move_failure * loss * at_go_live, 0),
    }
