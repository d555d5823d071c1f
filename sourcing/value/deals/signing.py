"""The price at which a provider signs a contract form: its profit, risk counted, is worth what it wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.case import Policy
from sourcing.value.cash import settle_year
from sourcing.value.deals.contracts import find_best_effort

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    Terms = Mapping[str, Any]

PREMIUM = Policy.risk_premium_share
"""Part of a standard deviation of yearly profit that a provider asks for, where Policy says nothing."""
ROUNDS = 10
"""Times that effort and price are found in turn; they settle after two or three."""


def value_certain(profit: np.ndarray, premium_share: float) -> float:
    """Value an uncertain yearly profit to the provider: its mean less a part of its standard deviation.

    The principle of the standard deviation in pricing risk (Buehlmann 1970, Mathematical Methods in Risk Theory); the
    part is a house rule (`risk_premium_share`).

    Examples
    --------
    >>> value_certain(np.array([100.0, 140.0]), 0.3)
    114.0
    """
    return float(profit.mean() - premium_share * profit.std())


def charge_capital(form: str, terms: Terms, price: float, unit: pd.Series) -> tuple[float, float]:
    """Charge a year of a joint venture's capital at the discount rate: our part, and the provider's; else 0."""
    if form != "joint_venture":
        return 0.0, 0.0
    charge = terms["venture_capital_share"] * price * float(unit["discount_rate"])
    return terms["profit_share"] * charge, (1 - terms["profit_share"]) * charge


def find_signing_price(
    form: str, deal: Terms, terms: Terms, outcomes: pd.DataFrame, unit: pd.Series, wanted: float, premium_share: float
) -> float:
    """Find the lowest price at which a provider signs a form, with what it then does at its best effort.

    It signs where its profit, risk counted (`value_certain`) and its part of a venture's capital paid, is worth what is
    wanted, and its mean margin is at least its floor. Effort and price are found in turn until they fit; where they
    swing between two, the higher price.

    Parameters
    ----------
    deal : mapping
        price_per_year (where the search starts), should_cost_per_year, margin_floor.
    wanted : float
        What a year is to be worth to it.

    Returns
    -------
    float
        inf where no price is enough, as where the whole profit is the buyer's.
    """
    price, tried = float(deal["price_per_year"]), dict[float, float]()
    for _ in range(ROUNDS):
        effort, _ = find_best_effort(form, {**deal, "price_per_year": price}, terms, outcomes)
        if effort in tried:
            return max(price, tried[effort])
        price = tried[effort] = _solve_price(form, deal, terms, outcomes, unit, (effort, wanted, premium_share))
        if np.isinf(price):
            break
    return price


def _solve_price(
    form: str,
    deal: Terms,
    terms: Terms,
    outcomes: pd.DataFrame,
    unit: pd.Series,
    asked: tuple[float, float, float],
) -> float:
    """Solve for the price at one effort: profit and payment are straight lines in it, outcome by outcome."""
    effort, wanted, premium_share = asked
    scale = float(deal["should_cost_per_year"])
    low, high = (
        settle_year(form, {**deal, "price_per_year": times * scale}, terms, outcomes, effort) for times in (1, 2)
    )

    def has_enough(price: float) -> bool:
        part = price / scale - 1
        profit, payment = (low[name] + part * (high[name] - low[name]) for name in ("profit", "payment"))
        worth = value_certain(profit, premium_share) - charge_capital(form, terms, price, unit)[1]
        return bool(worth >= wanted and profit.mean() >= deal["margin_floor"] * payment.mean())

    too_low, enough = 0.0, scale
    while not has_enough(enough):
        too_low, enough = enough, 2 * enough
        if enough > 1e3 * scale:
            return np.inf
    while enough - too_low > 1e-12 * scale:
        middle = (too_low + enough) / 2
        too_low, enough = (too_low, middle) if has_enough(middle) else (middle, enough)
    return enough
