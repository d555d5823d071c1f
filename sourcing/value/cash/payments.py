"""What a contract makes the buyer pay and the provider keep in one year, outcome by outcome.

Notation: P yearly fee as signed, C the provider's cost at today's volume, v volume, i inflation, c unit cost, e effort
(0 to 1), q points of service over target, phi the variable share of cost, m = P / C - 1.

    flexed cost   T = C x (1 + phi x (v - 1))
    cost          X = T x c x i x (1 - saving x e)
    index         I = 1 + indexation share x (i - 1)
    base fee      time_and_materials (1 + m) X;  fixed_price, outcome_based P I (1 + rate x swing beyond the band), rate
                  the extra charge or the reduced credit a unit over the price a unit, phi where none is agreed;
                  per_transaction, joint_venture P I max(v, floor);  gain_share P I T / C
    gain          (1 - provider's share) x (T I - X), back to the buyer; for gain_share
    outcome       outcome share x P I x clip(q / 10, -1, 1), to the provider; for outcome_based
    credit        min(penalty rate x max(-q, 0), cap) x P I, back to the buyer
    dividend      profit share x (fees - X - effort cost), to the buyer; for joint_venture
    payment       base fee - gain + outcome - credit - dividend

Sources: forms after FAR part 16; one share of the gap between target and actual cost as in a fixed-price incentive
contract (FAR 16.403-1); effort and its quadratic cost after Holmstrom and Milgrom (1987).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

Outcomes: TypeAlias = pd.DataFrame | Mapping[str, np.ndarray]

FORMS = ("time_and_materials", "fixed_price", "per_transaction", "gain_share", "outcome_based", "joint_venture")
BASELINE = "time_and_materials"
"""The contract that specifies inputs, with which every other is compared."""
POINTS_FOR_WHOLE_OUTCOME = 10.0
"""Points of service that earn or lose the whole outcome part of a fee (house rule)."""
FIGURES = (
    "price", "volume", "unit_cost", "inflation", "service", "variable_cost_share", "effort_saving", "effort_cost",
    "effort_service", "point_value",
)  # fmt: skip
"""Figures of an outcome that a contract is settled with."""
PARTS = ("base_fee", "gain", "outcome", "credit", "dividend")


def settle_year(
    form: str, deal: Mapping[str, Any], terms: Mapping[str, Any], outcomes: Outcomes, effort: float
) -> dict[str, np.ndarray]:
    """Settle a contract for one year in every outcome, in price-year money, to the cent.

    Parameters
    ----------
    form : str
        One of FORMS.
    deal : mapping
        price_per_year, should_cost_per_year.
    terms : mapping
        gain_share, penalty_rate, penalty_cap_share, outcome_share, volume_floor_share, volume_band_share,
        extra_charge_ratio, reduced_credit_ratio (NaN: none agreed), indexation_share, profit_share,
        subcontracted_share, flow_down_share.
    outcomes : DataFrame or mapping of str to ndarray
        From `draw_outcomes`.
    effort : float
        0 to 1.

    Returns
    -------
    dict of str to ndarray, shape (outcomes,)
        What the buyer pays: base_fee, gain, outcome, credit, dividend, and payment (base_fee - gain + outcome
        - credit - dividend). Who gets it: provider_receipts and subcontractor_receipts, which sum to payment. The
        provider's cost, effort_cost, and profit (receipts less its own part of the cost and its effort). The
        buyer's missed_service (no payment).
    """
    drawn = {name: np.asarray(outcomes[name]) for name in FIGURES}
    v, i, phi = drawn["volume"], drawn["inflation"], drawn["variable_cost_share"]
    price, should = deal["price_per_year"] * drawn["price"], float(deal["should_cost_per_year"])
    points = drawn["service"] + drawn["effort_service"] * effort
    flexed = should * (1 + phi * (v - 1))
    saved = 1 - drawn["effort_saving"] * effort
    cost = flexed * drawn["unit_cost"] * i * saved
    effort_cost = drawn["effort_cost"] * effort**2 * should
    index = 1 + terms["indexation_share"] * (i - 1)
    fee = price * index
    base = _find_base_fee(form, fee, cost / should * price, flexed / should, v, phi, terms)
    parts = dict.fromkeys(PARTS, np.zeros_like(v)) | {"base_fee": base}
    if form == "gain_share":
        parts["gain"] = (1 - terms["gain_share"]) * (flexed * index - cost)
    if form == "outcome_based":
        parts["outcome"] = terms["outcome_share"] * fee * np.clip(points / POINTS_FOR_WHOLE_OUTCOME, -1, 1)
    parts["credit"] = np.minimum(terms["penalty_rate"] * np.maximum(-points, 0), terms["penalty_cap_share"]) * fee
    if form == "joint_venture":
        parts["dividend"] = terms["profit_share"] * (base - parts["credit"] - cost - effort_cost)
    parts = {name: np.round(part, 2) for name, part in parts.items()}
    missed = drawn["point_value"] * price * np.maximum(-points, 0)
    return _share_receipts(parts, cost, effort_cost, terms) | {"missed_service": missed}


def _find_base_fee(
    form: str,
    fee: np.ndarray,
    marked_up: np.ndarray,
    flexed: np.ndarray,
    v: np.ndarray,
    phi: np.ndarray,
    terms: Mapping[str, Any],
) -> np.ndarray:
    """Return the base fee of a form; `marked_up` is cost with its margin, `flexed` the flexed cost over today's."""
    if form == "time_and_materials":
        return marked_up
    if form == "gain_share":
        return fee * flexed
    if form in ("fixed_price", "outcome_based"):
        swing = np.sign(v - 1) * np.maximum(np.abs(v - 1) - terms["volume_band_share"], 0)
        agreed = np.where(v > 1, terms["extra_charge_ratio"], terms["reduced_credit_ratio"])
        return fee * (1 + np.where(np.isnan(agreed), phi, agreed) * swing)
    return fee * np.maximum(v, terms["volume_floor_share"])


def _share_receipts(
    parts: Mapping[str, np.ndarray], cost: np.ndarray, effort_cost: np.ndarray, terms: Mapping[str, Any]
) -> dict[str, np.ndarray]:
    """Share the payment between provider and subcontractors, to the cent.

    Subcontractors are paid the cost of their part and, as far as terms flow down, that part of gains (a share of
    what the provider keeps of a saving goes back with `gain`), outcome fees and credits.
    """
    payment = np.round(parts["base_fee"] - parts["gain"] + parts["outcome"] - parts["credit"] - parts["dividend"], 2)
    passed = terms["subcontracted_share"] * terms["flow_down_share"]
    incentives = parts["outcome"] - parts["credit"] - parts["gain"]
    handed_on = np.round(terms["subcontracted_share"] * cost + passed * incentives, 2)
    receipts = np.round(payment - handed_on, 2)
    own_cost = (1 - terms["subcontracted_share"]) * cost
    return {
        **parts,
        "payment": payment,
        "provider_receipts": receipts,
        "subcontractor_receipts": handed_on,
        "cost": cost,
        "effort_cost": effort_cost,
        "profit": receipts - own_cost - effort_cost,
    }
