"""What passes between buyer and outside owner beside the price: incentives, a venture's profit, its capital."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.value.cash.prices import read_column
from sourcing.value.cash.quarters import Quarters, drift_quarters, grow_volume, mark_quarter

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def spread_should_cost(offers: pd.DataFrame, unit: pd.Series, side: str = "") -> tuple[Quarters, Quarters]:
    """Spread should-cost over the quarters as if the work were live throughout, in price-year money.

    Labor and overhead follow the wages of the owner's country, non-labor cost the unit's prices, and both the volume.

    Returns
    -------
    tuple of ndarray
        Labor with its overhead, and the whole; each of shape (alternatives, quarters) or (alternatives, 1); NaN where
        no cost is known.
    """
    volume = grow_volume(offers, unit) / 4
    labor, overhead, non_labor = (
        read_column(offers, f"{side}provider_{cause}") * volume for cause in ("labor", "overhead", "non_labor")
    )
    staffed = (labor + overhead) * drift_quarters(offers[f"{side}wage_drift"], unit)
    return staffed, staffed + non_labor


def share_results(
    offers: pd.DataFrame, paid: Mapping[str, Mapping[str, Quarters]], live: Quarters, unit: pd.Series
) -> dict[str, Quarters]:
    """Price what a contract's form moves beside its price, in price-year money (capital in contract money).

    incentives: expected outcome fees less service credits and the buyer's part of gains, as shares of price and of
    should-cost (`rate_incentives`); profit_share: - our part of a joint venture's profit, price less should-cost;
    venture_capital: our part of its capital, see `price_capital`. Each for the option from go-live and for today's
    delivery until then.

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.
    paid : mapping
        From `price_running`.
    live : ndarray
    unit : Series

    Returns
    -------
    dict of line to ndarray, shape (alternatives, quarters)
    """
    incentives, profit = np.zeros_like(live), np.zeros_like(live)
    for side, share in (("", live), ("today_", 1 - live)):
        price, cost = paid[side]["price"], np.nan_to_num(spread_should_cost(offers, unit, side)[1]) * share
        on_price, on_cost = (read_column(offers, f"{side}incentive_on_{base}") for base in ("price", "cost"))
        incentives = incentives + on_price * price + on_cost * cost
        profit = profit + read_column(offers, f"{side}profit_share") * (price - cost)
    return {"incentives": incentives, "profit_share": -profit, "venture_capital": price_capital(offers, live.shape[1])}


def price_capital(offers: pd.DataFrame, quarters: int) -> Quarters:
    """Price our part of a joint venture's capital: paid in when the move starts, given back unchanged at the end.

    capital = our part of the profit x capital share x yearly price. What was paid in for today's venture is sunk; it
    comes back when the work leaves, or at the horizon. Source: house rule.

    Returns
    -------
    ndarray, shape (alternatives, quarters), contract money
    """
    stays = offers["is_as_is"].to_numpy(bool)[:, None]
    own, today = (
        read_column(offers, f"{side}profit_share")
        * read_column(offers, f"{side}venture_capital_share")
        * read_column(offers, f"{side}price")
        for side in ("", "today_")
    )
    first, left = (mark_quarter(offers[f"{name}_months"].to_numpy(float), quarters) for name in ("start", "go_live"))
    last = np.eye(quarters)[-1]
    return np.where(stays, 0.0, own * first - today * left) - own * last
