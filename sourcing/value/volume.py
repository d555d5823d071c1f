"""What another volume does to what each alternative pays: own cost by its variable part, contracts by their terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.value.cash import FORMS, settle_year
from sourcing.value.deals import find_means, find_terms, list_ranges

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.case import Case

OWN_LINES = ("labor", "overhead", "non_labor")
OWN_LINES_TODAY = ("until_go_live", "non_labor_until_go_live")
AS_PLANNED = ("volume", "price", "unit_cost", "inflation")
PRICE_LINES, PRICE_LINES_TODAY = ("price", "vat", "invoice_errors", "value_lost"), ("price_until_go_live",)


def price_volume(alternatives: pd.DataFrame, offers: pd.DataFrame, case: Case, volume: float) -> np.ndarray:
    """Price a volume that differs from the planned one from the first year to the last.

    Own running cost: line x variable_cost_share x (volume - 1). What an outside owner is paid: line x (payment at this
    volume - payment at the planned one) / price a year, both settled by the contract's form and terms without effort,
    prices and unit cost as planned and all else at the means of the unit's ranges, so that floors, bands and charges
    agreed for more or less count; without a contract form the price stands. Today's lines follow today's option. Heads
    that oversee, moves and losses stay as they are.

    Parameters
    ----------
    alternatives : DataFrame
        From `build_alternatives`.
    offers : DataFrame
        From `list_offers`, same rows.
    case : Case
    volume : float
        Ratio to the planned volume.

    Returns
    -------
    ndarray, shape (alternatives,)
        What is paid more, net present value in the unit's currency.
    """
    means = find_means(list_ranges(case))
    own = float(means["variable_cost_share"]) * (volume - 1)
    keys = list(zip(offers["process"], offers["option"], strict=True))
    paid = dict(zip(keys, _rate_payments(offers, case, means, volume), strict=True))
    option = np.array([paid[key] for key in keys])
    today = np.array([paid.get(key, 0.0) for key in zip(offers["process"], offers["as_is_option"], strict=True)])
    parts = ((OWN_LINES + OWN_LINES_TODAY, own), (PRICE_LINES, option), (PRICE_LINES_TODAY, today))
    return np.add.reduce(
        [alternatives[[f"cost_{line}" for line in lines]].sum(axis=1).to_numpy(float) * rate for lines, rate in parts]
    )


def _rate_payments(offers: pd.DataFrame, case: Case, means: pd.Series, volume: float) -> list[float]:
    """Rate what each offer's contract is paid more at a volume, as a share of its yearly price."""
    planned = {name: np.array([mean]) for name, mean in means.items()} | dict.fromkeys(AS_PLANNED, np.ones(1))
    moved = planned | {"volume": np.array([volume])}
    rates = []
    for deal in offers.to_dict("records"):
        price = float(deal["price_per_year"] or 0.0)
        if not price > 0.0 or deal["contract_form"] not in FORMS:
            rates.append(0.0)
            continue
        terms = find_terms(case, deal["contract"], deal["contract_form"])
        should = float(deal["should_cost_per_year"])
        asked = {"price_per_year": price, "should_cost_per_year": price if np.isnan(should) else should}
        before, after = (
            settle_year(deal["contract_form"], asked, terms, outcome, 0.0)["payment"][0] for outcome in (planned, moved)
        )
        rates.append(float(after - before) / price)
    return rates
