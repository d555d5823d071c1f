"""The single numbers behind an alternative's cost: what each is today, and how the cost follows it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.assess import load_postures, map_postures
from sourcing.case import add_countries, change_amount, match_options
from sourcing.value.alternatives import price_offers
from sourcing.value.deals import price_providers
from sourcing.value.shifts import shift_number

if TYPE_CHECKING:
    from sourcing.case import Case, Outlook, Policy

COLUMNS = (
    "process", "option", "wave", "driver", "of", "value", "rate", "linear", "low", "high", "change", "barred", "moves",
)  # fmt: skip
NUMBERS = {
    "quote": ("price_per_year", np.inf),
    "wage": ("labor_cost_per_fte", np.inf),
    "risk probability": ("failure_rate", 1.0),
    "transition cost": ("transition_cost", np.inf),
}
"""Driver -> column of the offers, largest value."""
SCORES = {"commoditization score": "commoditization", "core score": "core_competency"}
_SHIFT, _LEAST_RATE = 0.1, 1e-9
_GRID = tuple((np.arange(101) / 100).tolist())


def change_numbers(options: pd.DataFrame, rows: pd.DataFrame, case: Case, outlook: Outlook) -> pd.DataFrame:
    """Give filled options with the numbers that the rows of a scenario change.

    Parameters
    ----------
    options : DataFrame
        From `fill_options`: empty numbers filled, amounts in the unit's money.
    rows : DataFrame
        Rows of the table scenarios; other changes than of NUMBERS are left alone.
    case : Case
        One unit.
    outlook : Outlook
        operational_rate stands for an empty rate of failure.

    Returns
    -------
    DataFrame
        A matched option whose number is 0, such as the price of own staff, keeps it; of rates and of what a move costs
        one of 0 takes a new value too.
    """
    is_as_is = options["option"] == options["process"].map(case.processes.set_index("process")["as_is_option"])
    is_abroad = add_countries(options, case.locations) != case.unit["home_country"]
    described = options.assign(is_abroad=is_abroad)
    for row in rows[rows["change"].isin(NUMBERS)].to_dict("records"):
        column, most = NUMBERS[row["change"]]
        given = options[column].astype(float).fillna(outlook.operational_rate if column == "failure_rate" else 0.0)
        meant = match_options(row, described) & ((given > 0.0) | (column == "failure_rate")).to_numpy()
        if column == "transition_cost":
            meant = match_options(row, described) & ~is_as_is.to_numpy()
        changed = change_amount(row, given).clip(0.0, most)
        options = options.assign(**{column: options[column].astype(float).where(~meant, changed)})
    return options


def list_drivers(
    offers: pd.DataFrame, case: Case, indices: pd.DataFrame, policy: Policy, outlook: Outlook
) -> pd.DataFrame:
    """List the numbers that each alternative's cost depends on, and how, by pricing every alternative again.

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.
    case : Case
        One unit.
    indices : DataFrame
        From `score_indices`.
    policy, outlook : Policy, Outlook

    Returns
    -------
    DataFrame
        One row per alternative and number that moves it: process, option[, wave] (of the alternative), driver (quote,
        wage, risk probability, transition cost, commoditization score, core score), of (the option whose number it is;
        "" for a score of the process), value (today's), rate (change of cost per unit; NaN if not linear), linear,
        low, high (between which this row says how the cost follows), change (of cost against today's, beside what
        follows at the rate), barred (where not linear: whether the alternative would be barred; else as it is), moves
        (the measures beside cost that follow the number too, joined by "; ").

    Notes
    -----
    Linear: the alternatives are priced again with the number a tenth higher, and a tenth lower to see that the rate
    is one; a number that is not linear in the cost of any alternative of its process is left out. Whether a price
    starves its provider is held in this; a price then has a row above and one below the price at which that changes,
    with the change of the expected loss. A wage leaves the providers' own costs as they are. Scores: posture is found
    again at every hundredth.
    """
    keys = [name for name in ("process", "option", "wave") if name in offers]
    base = price_offers(offers, case, policy, outlook)
    tables = [
        _rate_number(offers, base, driver, of_today, keys, (case, policy, outlook))
        for driver in NUMBERS
        for of_today in (False, True)
    ]
    tables += [_list_pieces(offers, keys, driver, indices, policy) for driver in SCORES]
    table = pd.concat([each for each in tables if len(each)] or tables[:1], ignore_index=True)
    return table[[name for name in COLUMNS if name in table]]


def _rate_number(
    offers: pd.DataFrame,
    base: pd.DataFrame,
    driver: str,
    of_today: bool,
    keys: list[str],
    levers: tuple[Case, Policy, Outlook],
) -> pd.DataFrame:
    """Rate a number of today's options, which all alternatives of their processes follow, or of the others."""
    case, policy, outlook = levers
    column, most = NUMBERS[driver]
    given = offers[column].astype(float).fillna(outlook.operational_rate if driver == "risk probability" else 0.0)
    own = (offers["is_as_is"] == of_today) & (given > 0.0)
    number, of = given.where(own), offers["option"]
    if of_today:
        number = offers["process"].map(pd.Series(given[own].to_numpy(), index=offers.loc[own, "process"]))
        of = offers["as_is_option"]
    higher, lower = (
        price_offers(shift_number(offers, case, column, given.where(~own, factor * given)), case, policy, outlook)
        for factor in (1 + _SHIFT, 1 - _SHIFT)
    )
    step = _SHIFT * number.to_numpy(dtype=float)
    cost = base["cost"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        up, down = (higher["cost"].to_numpy(float) - cost) / step, (cost - lower["cost"].to_numpy(float)) / step
    is_moved = np.isfinite(up) & (np.maximum(np.abs(up), np.abs(down)) > _LEAST_RATE)
    named = pd.Series(list(zip(offers["process"], of, strict=True)), index=offers.index)
    bent = set(named[is_moved & ~np.isclose(up, down, rtol=1e-6, atol=_LEAST_RATE)])
    moved = is_moved & ~named.isin(bent).to_numpy()
    rows = offers.loc[moved, keys].assign(driver=driver, of=of[moved], value=number[moved], rate=up[moved])
    rows = rows.assign(
        linear=True, low=0.0, high=most, change=0.0, barred=(offers["barred_by"] != "")[moved],
        moves=_name_moves(base, higher)[moved],
    )  # fmt: skip
    return _split_at_starving(rows, offers, base, own, of_today, levers) if driver == "quote" else rows


def _split_at_starving(
    rows: pd.DataFrame,
    offers: pd.DataFrame,
    base: pd.DataFrame,
    own: pd.Series,
    of_today: bool,
    levers: tuple[Case, Policy, Outlook],
) -> pd.DataFrame:
    """Split the rows of prices where a price begins to starve its provider, each with the jump of cost there.

    Parameters
    ----------
    rows : DataFrame
        Rows of `_rate_number`, index that of their offers.
    offers, base : DataFrame
        The offers and their pricing.
    own : Series of bool
        Offers whose price it is.
    of_today : bool
        Whether those are of today, so that all alternatives of their processes follow.
    levers : tuple of Case, Policy and Outlook
    """
    case, policy, outlook = levers
    walk_away = price_providers(offers, case.unit)["walk_away_price_per_year"].reindex(offers.index).where(own)
    turned = offers.assign(is_starved=offers["is_starved"] != own)
    if of_today:
        todays = pd.Series(walk_away[own].to_numpy(), offers.loc[own, "process"])
        walk_away = offers["process"].map(todays)
        turned["today_is_starved"] = offers["today_is_starved"] != walk_away.notna()
    jump = price_offers(turned, case, policy, outlook)["cost"] - base["cost"]
    parts = []
    for _, group in rows.groupby(["process", "of"], sort=False):
        below = walk_away[group.index]
        is_starved = group["value"] < below
        ends = [0.0, *sorted(below[jump[group.index] != 0.0].dropna().unique()), np.inf]
        for low, high in pairwise(ends):
            turns = (high <= below) != is_starved
            parts.append(group.assign(low=low, high=high, change=jump[group.index].where(turns & below.notna(), 0.0)))
    return pd.concat(parts) if parts else rows


def _name_moves(base: pd.DataFrame, higher: pd.DataFrame) -> np.ndarray:
    """Name for each alternative the measures other than lines of cost that differ between two pricings."""
    names = [
        name for name in base.select_dtypes("number").columns
        if name in higher and name != "cost" and not name.startswith(("cost_", "today_"))
    ]  # fmt: skip
    away = ~np.isclose(base[names].to_numpy(float), higher[names].to_numpy(float), rtol=1e-12, equal_nan=True)
    return np.array(["; ".join(name for name, is_away in zip(names, row, strict=True) if is_away) for row in away])


def _list_pieces(
    offers: pd.DataFrame, keys: list[str], driver: str, indices: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    """List, per stretch of a score over which a process has another posture than today, what that changes."""
    stretches = _find_stretches(indices, SCORES[driver], policy)
    rows = offers.merge(stretches, on="process", suffixes=("", "_there"))
    fits = load_postures()[["posture", "owner_type", "standing", "fit"]]
    there = rows[["posture_there", "owner_type"]].merge(
        fits, left_on=["posture_there", "owner_type"], right_on=["posture", "owner_type"], how="left"
    )
    fit, standing = there["fit"].fillna(0.0).to_numpy(float), there["standing"].fillna("admissible").to_numpy()
    otherwise = rows["barred_by"].str.split("; ").map(lambda bars: bool(set(bars) - {"", "posture", "unscored"}))
    bars = (standing == "barred") & policy.posture_bars & ~rows["is_as_is"].to_numpy(bool)
    return rows[[*keys, "value", "low", "high"]].assign(
        driver=driver, of="", rate=np.nan, linear=False,
        change=-policy.price_of_fit * rows["headcount_fte"] * (fit - rows["fit"]), barred=otherwise | bars,
        moves="fit_points",
    )  # fmt: skip


def _find_stretches(indices: pd.DataFrame, index: str, policy: Policy) -> pd.DataFrame:
    """Find the stretches of a score, in hundredths, over which a scored process has another posture than today.

    Returns
    -------
    DataFrame
        Columns process, value (today's score), low, high, posture.
    """
    own = indices[(indices["index"] == index) & (indices["coverage"] >= policy.min_coverage)]
    columns = ["process", "value", "low", "high", "posture"]
    if own.empty:
        return pd.DataFrame(columns=columns)
    probed = indices[indices["process"].isin(own["process"])].merge(pd.Series(_GRID, name="score"), how="cross")
    probed["value"] = probed["value"].where(probed["index"] != index, probed["score"])
    probed["process"] = pd.MultiIndex.from_frame(probed[["process", "score"]]).to_flat_index()
    found = map_postures(probed, policy)["posture"]
    today = map_postures(indices, policy)["posture"]
    scores = own.set_index("process")["value"]
    records = []
    for process in own["process"]:
        there = found.loc[[(process, score) for score in _GRID]].to_numpy()
        starts = np.flatnonzero(np.append(True, there[1:] != there[:-1]))
        for start, stop in zip(starts, [*starts[1:], len(_GRID)], strict=True):
            if there[start] != today[process]:
                records.append((process, scores[process], _GRID[start], _GRID[stop - 1], there[start]))
    return pd.DataFrame(records, columns=columns)
