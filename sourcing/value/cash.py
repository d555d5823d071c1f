"""What is paid, quarter by quarter: each cause of money on exactly one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.assess import date_valuation
from sourcing.value.offers import RUN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case import Policy

    Quarters = np.ndarray  # (alternatives, quarters)


def discount_quarters(unit: pd.Series) -> np.ndarray:
    """Return the factor that brings a price-year payment of each quarter to the valuation date.

    factor_q = (1 + inflation) ** years x ((1 + inflation) / (1 + discount rate)) ** ((q + 0.5) / 4): every payment
    grows with prices and falls in the middle of its quarter, q = 0 being the first after the valuation date; years
    are the calendar years from the price year to that of the valuation date.

    Returns
    -------
    ndarray, shape (quarters,)

    Examples
    --------
    >>> unit = {"inflation_rate": 0.0, "discount_rate": 0.1, "horizon_years": 1}
    >>> discount_quarters(pd.Series(unit | {"price_year": 2025, "valuation_date": None})).round(4).tolist()
    [0.9882, 0.9649, 0.9422, 0.92]
    """
    return grow_quarters(unit) * discount_fixed(unit)


def grow_quarters(unit: pd.Series) -> np.ndarray:
    """Return the factor that turns a price-year amount into nominal money of each quarter, shape (quarters,)."""
    years = date_valuation(unit).year - int(unit["price_year"])
    middle = (np.arange(4 * int(unit["horizon_years"])) + 0.5) / 4
    return (1 + float(unit["inflation_rate"])) ** (years + middle)


def discount_fixed(unit: pd.Series) -> np.ndarray:
    """Return the factor for amounts fixed in a contract, which do not grow with prices; shape (quarters,)."""
    middle = (np.arange(4 * int(unit["horizon_years"])) + 0.5) / 4
    return (1 + float(unit["discount_rate"])) ** -middle


def share_live(go_live_months: np.ndarray, quarters: int) -> np.ndarray:
    """Return the share of each quarter after go-live.

    Examples
    --------
    >>> share_live(np.array([0.0, 4.5]), 3).tolist()
    [[1.0, 1.0, 1.0], [0.0, 0.5, 1.0]]
    """
    ends = 3.0 * (np.arange(quarters) + 1)
    return np.clip((ends[None, :] - np.asarray(go_live_months, float)[:, None]) / 3, 0, 1)


def work_lost_in_ramp(offers: pd.DataFrame, quarters: int) -> np.ndarray:
    """Return the extra share of labor that the ramp costs in each quarter, shape (alternatives, quarters).

    Productivity grows in a straight line from `start_productivity` at go-live to 1 after `ramp_months`; the
    work takes 1 / productivity, taken at the middle of the live part of the quarter.
    """
    months = 3.0 * np.arange(quarters)[None, :]
    go_live = offers["go_live_months"].to_numpy(float)[:, None]
    ramp = offers["ramp_months"].to_numpy(float)[:, None]
    start = offers["start_productivity"].to_numpy(float)[:, None]
    since = np.maximum((np.maximum(months, go_live) + months + 3) / 2 - go_live, 0)
    progress = np.where(ramp > 0, np.minimum(since / np.where(ramp > 0, ramp, 1), 1), 1)
    moved = ~offers["is_as_is"].to_numpy(bool)[:, None]
    return np.where(moved, 1 / (start + (1 - start) * progress) - 1, 0)


def price_flows(offers: pd.DataFrame, unit: pd.Series, policy: Policy) -> Mapping[str, Quarters]:
    """Price what each alternative pays in each quarter, in price-year money (exit in contract money).

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.
    unit : Series
        The unit's row.
    policy : Policy
        governance_share_outside, governance_share_site.

    Returns
    -------
    mapping of line to ndarray, shape (alternatives, quarters)
        labor, overhead, non_labor, price: the option's own running cost from go-live;
        until_go_live: today's running cost until then; ramp: labor lost while productivity grows;
        stranded: the part of today's own running cost that does not end (what a contract still owes is exit);
        governance: retained organization;
        transition: spread evenly from the move's start to go-live; investment: in the quarter of the start;
        exit: what leaving today's deal costs, in the quarter of go-live.
    """
    quarters = 4 * int(unit["horizon_years"])
    live = share_live(offers["go_live_months"].to_numpy(float), quarters)
    moved = ~offers["is_as_is"].to_numpy(bool)[:, None]
    steady = {line: offers[line].to_numpy(float)[:, None] / 4 for line in RUN}
    today = {line: offers[f"today_{line}"].to_numpy(float)[:, None] / 4 for line in RUN}
    today_price = _price_with_deal(offers, today["price"], quarters)
    flows = {line: steady[line] * live for line in RUN}
    flows["price"] = np.where(moved, steady["price"], today_price) * live
    today_run = today["labor"] + today["overhead"] + today["non_labor"] + today_price
    flows["until_go_live"] = today_run * (1 - live)
    flows["ramp"] = (steady["labor"] + steady["overhead"]) * work_lost_in_ramp(offers, quarters) * live
    staying = 1 - offers["avoidable_share"].to_numpy(float)[:, None]
    own_today = today_run - today_price
    flows["stranded"] = np.where(moved, staying * own_today * live, 0)
    own = flows["labor"] + flows["overhead"] + flows["non_labor"]
    flows["governance"] = _governance(offers, "", own, flows["price"], policy) + _governance(
        offers, "today_", own_today * (1 - live), today_price * (1 - live), policy
    )
    flows |= _one_off_flows(offers, live, moved)
    return flows


def _price_with_deal(offers: pd.DataFrame, price: np.ndarray, quarters: int) -> np.ndarray:
    """Today's price per quarter: as paid until the deal ends, as re-tendered after."""
    months_left = offers["months_left"].fillna(np.inf).to_numpy(float)
    after = np.where(
        np.isinf(months_left)[:, None],
        0.0,
        share_live(np.where(np.isinf(months_left), 0, months_left), quarters),
    )
    retender = offers["retender_price_per_year"].to_numpy(float)[:, None] / 4
    return price * (1 - after) + np.where(np.isnan(retender), price, retender) * after


def _governance(offers: pd.DataFrame, which: str, own: np.ndarray, price: np.ndarray, policy: Policy) -> np.ndarray:
    outside = (offers[f"{which}owner_type"] != "own").to_numpy()[:, None]
    elsewhere = offers[f"{which}delivery_model"].isin(["onshore", "offshore"]).to_numpy()[:, None]
    return np.where(
        outside,
        policy.governance_share_outside * (own + price),
        np.where(elsewhere, policy.governance_share_site * (own + price), 0.0),
    )


def _one_off_flows(offers: pd.DataFrame, live: np.ndarray, moved: np.ndarray) -> dict[str, np.ndarray]:
    start = offers["start_months"].to_numpy(float)
    first = np.zeros_like(live)
    first[np.arange(len(offers)), np.minimum(start // 3, live.shape[1] - 1).astype(int)] = 1
    waiting = share_live(start, live.shape[1]) - live
    total = waiting.sum(axis=1, keepdims=True)
    spread = np.where(total > 0, waiting / np.where(total > 0, total, 1), first)
    cost = (offers["transition_cost"] * offers["stretch"]).to_numpy(float)[:, None]
    go_live = offers["go_live_months"].to_numpy(float)
    quarter = np.minimum(go_live // 3, live.shape[1] - 1).astype(int)
    at_go_live = np.zeros_like(live)
    at_go_live[np.arange(len(offers)), quarter] = 1
    return {
        "transition": np.where(moved, cost * spread, 0),
        "investment": offers["investment"].to_numpy(float)[:, None] * first,
        "exit": np.where(moved, price_exit(offers, go_live)[:, None] * at_go_live, 0),
    }


def price_exit(offers: pd.DataFrame, go_live_months: np.ndarray) -> np.ndarray:
    """Return what leaving today's deal at go-live costs, shape (alternatives,).

    The smaller of the break fee and the minimum payments still owed; nothing after the deal's end.

    Examples
    --------
    >>> offers = pd.DataFrame({"months_left": [12.0], "break_fee": [50.0], "minimum_per_year": [120.0]})
    >>> price_exit(offers, np.array([0.0])), price_exit(offers, np.array([9.0])), price_exit(offers, np.array([12.0]))
    (array([50.]), array([30.]), array([0.]))
    """
    remaining = np.maximum(offers["months_left"].fillna(0).to_numpy(float) - go_live_months, 0)
    owed = offers["minimum_per_year"].fillna(0).to_numpy(float) * remaining / 12
    fee = offers["break_fee"].to_numpy(float)
    # without a minimum the fee is what is owed for leaving early; without a fee the minimum is
    cheaper = np.where(np.isnan(fee), owed, np.where(owed > 0, np.minimum(fee, owed), fee))
    return np.where(remaining > 0, cheaper, 0.0)
