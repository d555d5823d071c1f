"""What a contract charges for the volume of a month, and owes for its service: as contracts are priced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.program.ledger.commitments import TERMS
from sourcing.value import settle_year

if TYPE_CHECKING:
    import pandas as pd

BASE = 1e9
"""Fee at which ratios are worked, large against the cents to which a contract is settled."""
NEUTRAL = {
    "price": 1.0, "volume": 1.0, "unit_cost": 1.0, "inflation": 1.0, "service": 0.0, "variable_cost_share": 0.75,
    "effort_saving": 0.0, "effort_cost": 0.0, "effort_service": 0.0, "point_value": 0.0,
}  # fmt: skip
"""A year that goes as planned; indexation is in the price in force already."""


def _settle(terms: pd.Series, fee: float, count: int, **drawn: np.ndarray) -> dict[str, np.ndarray]:
    outcomes = {name: np.full(count, value) for name, value in NEUTRAL.items()} | drawn
    outcomes["variable_cost_share"] = np.full(count, float(terms["variable_cost_share"]))
    deal = {"price_per_year": fee, "should_cost_per_year": fee}
    stated: dict[str, Any] = {name: float(terms[name]) for name in TERMS}
    return settle_year(str(terms["contract_form"]), deal, stated, outcomes, 0.0)


def charge_volume(terms: pd.Series, ratio: np.ndarray) -> np.ndarray:
    """Return what is charged for a volume, as a ratio to what is charged for the volume promised.

    By `value.settle_year`: bands, floors and charges beyond them as the contract form has them; without a form in
    proportion to volume.

    Parameters
    ----------
    terms : Series
        A row of the commitments.
    ratio : ndarray
        Volume over the volume promised.

    Examples
    --------
    >>> import pandas as pd
    >>> terms = pd.Series({name: float("nan") for name in TERMS} | {"contract_form": "fixed_price", "penalty_rate": 0.0,
    ...     "penalty_cap_share": 0.0, "volume_band_share": 0.1, "indexation_share": 1.0, "subcontracted_share": 0.0,
    ...     "flow_down_share": 0.0, "variable_cost_share": 0.75})
    >>> charge_volume(terms, np.array([1.0, 1.1, 1.3])).round(6).tolist()  # 0.75 of the 20 points beyond the band
    [1.0, 1.0, 1.15]
    """
    if not terms["contract_form"]:
        return np.asarray(ratio, float)
    paid = _settle(terms, BASE, len(ratio), volume=np.asarray(ratio, float))
    return (paid["base_fee"] - paid["gain"]) / BASE


def find_credit(terms: pd.Series, points: np.ndarray) -> np.ndarray:
    """Return the service credit that is due, as a share of the fee, for points of service over (or under) the target.

    By `value.settle_year`: penalty_rate x points missed, at most penalty_cap_share.
    """
    if not terms["contract_form"]:
        return np.zeros(len(points))
    return _settle(terms, BASE, len(points), service=np.asarray(points, float))["credit"] / BASE


def count_points(measure: str, level: float, target: float) -> float:
    """Count the points by which a level is better than its target; a point is a hundredth.

    Availability in points of its own, throughput and response in hundredths of the target.

    Examples
    --------
    >>> round(count_points("availability", 0.985, 0.99), 4), count_points("response_seconds", 0.6, 0.5)
    (-0.5, -20.0)
    """
    if measure == "availability":
        return 100 * (level - target)
    if target <= 0:
        return float("nan")
    better = level / target - 1
    return round(100 * (-better if measure == "response_seconds" else better), 9)
