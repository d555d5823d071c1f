"""Leaving a contract early: what it costs by date, what the right to leave is worth, and what it costs the provider.

Notation, per drawn outcome, which is taken to hold in every year of the term: t date of leaving, T end of the term,
P yearly fee, v volume, i inflation, c unit cost, phi variable share of cost, D(t) real discount factor.

    fee(t)     break fee share x P x (T - t) / 12; of a running deal the smaller of its fee and the minimum still owed
    staying    payment + missed service, a year
    leaving    yearly cost of the best fallback x c x i x (1 + phi x (v - 1)), service on target, a year
    gain(t)    A(t) x (staying - leaving) - D(t) x (fee(t) + one-off of the fallback), A(t) the sum of D from t to T
    the buyer leaves at the date of the highest gain, and stays where none is above 0
    worth to the buyer       mean of that gain
    cost to the provider     mean of A(t) x profit - D(t) x fee(t) over the outcomes in which the buyer leaves

Work that turns out dearer than planned is so for whoever does it: a unit cost of the outcome holds for the market and
for own staff as well, or a price that follows cost would seem worth leaving whenever cost is high.

A fallback is to tender again (price at re-tender; tender and hand-back) or to bring the work in-house (own running
cost; hand-back and once more what the move out costs). Dates: a whole number of years and the months of notice after
the start, since a year must be seen first; of a running deal from today on. Source: house rule; a right that is used
where it pays is valued as an option on exchange (Margrabe 1978), here over drawn outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.value.cash import BASELINE, FORMS, RUN, UNTIL_GO_LIVE, price_exit, settle_year
from sourcing.value.deals.contracts import find_best_effort, find_terms, load_forms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.case import Case

    Terms = Mapping[str, Any]

MOVE_COSTS = ("transition_cost", *(f"{cause}_cost" for cause in UNTIL_GO_LIVE))


@dataclass(frozen=True)
class Exits:
    """How a contract can be left.

    Attributes
    ----------
    months : float
        End of the term, in months from its start (of a running deal: from today).
    dates : DataFrame
        Columns month, fee: when the buyer may leave and what it then owes.
    fallbacks : DataFrame
        Columns fallback, per_year, one_off: what the work costs elsewhere; follows_price: in proportion to the price
        at which the deal is signed.
    """

    months: float
    dates: pd.DataFrame
    fallbacks: pd.DataFrame


def find_exits(case: Case, offers: pd.DataFrame, deal: Terms, terms: Terms) -> Exits:
    """Find the dates, fees and fallbacks of leaving a contract.

    Parameters
    ----------
    case : Case
    offers : DataFrame
        From `list_offers`.
    deal : mapping
        A row of `price_providers`.
    terms : mapping
        From `find_terms`.
    """
    here = offers[(offers["process"] == deal["process"]) & (offers["option"] == deal["option"])].iloc[0]
    horizon, notice = 12.0 * int(case.unit["horizon_years"]), terms["break_notice_months"]
    if here["is_as_is"] and here["months_left"] > 0:
        months = float(min(here["months_left"], horizon))
        dates = np.arange(0.0, months, 12.0)
        fees = price_exit(pd.DataFrame([here] * len(dates)), dates)
    else:
        months = float(np.fmin(terms["term_months"], horizon))
        dates = np.arange(12.0 + notice, months, 12.0)
        fees = terms["break_fee_share"] * deal["price_per_year"] * (months - dates) / 12
    table = pd.DataFrame({"month": dates, "fee": np.round(fees, 2)})
    return Exits(months, table, _list_fallbacks(offers, here, deal, terms))


def _list_fallbacks(offers: pd.DataFrame, here: pd.Series, deal: Terms, terms: Terms) -> pd.DataFrame:
    """List what the work costs elsewhere: tendered again, and in-house where own staff could do it."""
    clean_up = here["clean_up_cost"] if here["is_as_is"] else terms["hand_back_cost"]
    known = here["is_as_is"] and here["retender_price_per_year"] > 0
    again = here["retender_price_per_year"] if known else deal["price_per_year"] * terms["retender_price_ratio"]
    rows = [("tender again", float(again), float(clean_up + terms["tender_cost"]), not known)]
    inside = offers[(offers["process"] == deal["process"]) & (offers["delivery_model"] == "in_house")]
    if len(inside):
        yearly = inside[list(RUN)].sum(axis=1)
        best = inside.loc[yearly.idxmin()]
        back = best if here["is_as_is"] else here
        rows.append(("bring in-house", float(yearly.min()), float(clean_up + back[list(MOVE_COSTS)].sum()), False))
    return pd.DataFrame(rows, columns=["fallback", "per_year", "one_off", "follows_price"])


def settle_term(year: Mapping[str, np.ndarray], months: np.ndarray, fee: np.ndarray) -> dict[str, np.ndarray]:
    """Settle the whole time a contract runs and its break fee, to the cent and not discounted.

    Parameters
    ----------
    year : mapping
        From `settle_year`.
    months : ndarray
        Months the contract ran, per outcome.
    fee : ndarray
        Fee of leaving, 0 where the buyer stays.

    Returns
    -------
    dict of str to ndarray, shape (outcomes,)
        payment, which is provider_receipts and subcontractor_receipts cent for cent.
    """
    payment = np.round(year["payment"] * months / 12 + fee, 2)
    handed_on = np.round(year["subcontractor_receipts"] * months / 12, 2)
    return {
        "payment": payment,
        "provider_receipts": np.round(payment - handed_on, 2),
        "subcontractor_receipts": handed_on,
    }


def draw_gains(exits: Exits, year: Mapping[str, np.ndarray], outcomes: pd.DataFrame, unit: pd.Series) -> np.ndarray:
    """Draw what leaving gains at each date with the best fallback; shape (outcomes, dates), present values."""
    flex = 1 + outcomes["variable_cost_share"] * (outcomes["volume"] - 1)
    flex = flex * outcomes["inflation"] * outcomes["unit_cost"]
    price, staying = outcomes["price"], year["payment"] + year["missed_service"]
    ratio = (1 + float(unit["inflation_rate"])) / (1 + float(unit["discount_rate"]))
    rest, at = _discount(exits, ratio)
    fees = exits.dates["fee"].to_numpy()
    gains = [
        rest * (staying - row["per_year"] * (flex * price if row["follows_price"] else flex).to_numpy())[:, None]
        - at * (fees + row["one_off"])
        for row in exits.fallbacks.to_dict("records")
    ]
    return np.maximum.reduce(gains)


def _discount(exits: Exits, ratio: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the worth of a yearly payment from each date to the end of the term, and of a sum at the date."""
    months = np.arange(exits.months)
    dates = exits.dates["month"].to_numpy()
    left = np.clip(months[None, :] + 1 - dates[:, None], 0, 1) * np.clip(exits.months - months, 0, 1)
    return left @ ratio ** ((months + 0.5) / 12) / 12, ratio ** (dates / 12)


def value_break(
    exits: Exits, year: Mapping[str, np.ndarray], outcomes: pd.DataFrame, unit: pd.Series
) -> dict[str, float]:
    """Value the right to leave over the outcomes.

    Returns
    -------
    dict
        worth_to_buyer, cost_to_provider (present values at the start), leaving_share (of the outcomes), leaving_month
        (mean of those that leave, NaN for none), paid_over_term (mean of `settle_term`, fees in).
    """
    stays = np.full(len(outcomes), exits.months)
    if exits.dates.empty:
        paid = settle_term(year, stays, np.zeros(len(outcomes)))["payment"].mean()
        return {
            "worth_to_buyer": 0.0,
            "cost_to_provider": 0.0,
            "leaving_share": 0.0,
            "leaving_month": np.nan,
            "paid_over_term": float(paid),
        }
    gains = draw_gains(exits, year, outcomes, unit)
    best = gains.argmax(axis=1)
    leaves = gains.max(axis=1) > 0
    rest, at = _discount(exits, (1 + float(unit["inflation_rate"])) / (1 + float(unit["discount_rate"])))
    month, fee = exits.dates["month"].to_numpy()[best], exits.dates["fee"].to_numpy()[best]
    lost = np.where(leaves, rest[best] * year["profit"] - at[best] * fee, 0.0)
    paid = settle_term(year, np.where(leaves, month, stays), np.where(leaves, fee, 0.0))["payment"]
    return {
        "worth_to_buyer": float(np.where(leaves, gains.max(axis=1), 0.0).mean()),
        "cost_to_provider": float(lost.mean()),
        "leaving_share": float(leaves.mean()),
        "leaving_month": float(month[leaves].mean()) if leaves.any() else np.nan,
        "paid_over_term": float(paid.mean()),
    }


def price_breaks(
    case: Case, offers: pd.DataFrame, deal: Terms, outcomes: pd.DataFrame, forms: Sequence[str] = FORMS
) -> pd.DataFrame:
    """Price the break clause of each contract form for one deal, over the same outcomes and the deal's own term.

    Parameters
    ----------
    case : Case
    offers : DataFrame
        From `list_offers`.
    deal : mapping
        A row of `price_providers`.
    outcomes : DataFrame
        From `draw_outcomes`.
    forms : sequence of str

    Returns
    -------
    DataFrame
        One row per form: contract_form, form_name, term_months, break_notice_months, break_fee_share, first_month,
        first_fee (NaN where the term ends before), and the columns of `value_break`.
    """
    own = find_terms(case, str(deal.get("contract", "")), _find_form(deal))
    rows = []
    for form in forms:
        contract = str(deal.get("contract", "")) if form == deal.get("contract_form") else ""
        terms = find_terms(case, contract, form)
        shared = {name: own[name] for name in ("term_months", "retender_price_ratio", "tender_cost", "hand_back_cost")}
        exits = find_exits(case, offers, deal, {**terms, **shared})
        year = _settle(form, deal, terms, outcomes)
        first = exits.dates.head(1)
        rows.append(
            {
                "contract_form": form,
                "form_name": load_forms().at[form, "name"],
                "term_months": exits.months,
                "break_notice_months": terms["break_notice_months"],
                "break_fee_share": terms["break_fee_share"],
                "first_month": float(first["month"].sum()) if len(first) else np.nan,
                "first_fee": float(first["fee"].sum()) if len(first) else np.nan,
                **value_break(exits, year, outcomes, case.unit),
            }
        )
    return pd.DataFrame(rows)


def list_breaks_by_date(case: Case, offers: pd.DataFrame, deal: Terms, outcomes: pd.DataFrame) -> pd.DataFrame:
    """List by date what leaving a deal costs and how often it pays, under the deal's own form and terms.

    Returns
    -------
    DataFrame
        One row per date: process, owner, month, months_left, fee, exit_cost (fee and least one-off of a fallback), gain
        (mean over all outcomes, leaving whatever comes), worth (mean where leaving pays at that date, else 0),
        leaving_share.
    """
    form = _find_form(deal)
    terms = find_terms(case, str(deal.get("contract", "")), form)
    exits = find_exits(case, offers, deal, terms)
    gains = draw_gains(exits, _settle(form, deal, terms, outcomes), outcomes, case.unit)
    return exits.dates.assign(
        process=deal["process"],
        owner=deal["owner"],
        months_left=exits.months - exits.dates["month"],
        exit_cost=exits.dates["fee"] + float(exits.fallbacks["one_off"].min()),
        gain=gains.mean(axis=0),
        worth=np.maximum(gains, 0).mean(axis=0),
        leaving_share=(gains > 0).mean(axis=0),
    )


def list_running_breaks(
    case: Case, offers: pd.DataFrame, providers: pd.DataFrame, outcomes: pd.DataFrame
) -> pd.DataFrame:
    """List `list_breaks_by_date` of every running deal whose provider's cost is known; their prices are agreed."""
    outcomes = outcomes.assign(price=1.0)
    today = offers[offers["is_as_is"] & (offers["months_left"] > 0)]
    keys = pd.MultiIndex.from_frame(today[["process", "option"]])
    rows = providers.drop_duplicates(["process", "option"])
    running = rows[pd.MultiIndex.from_frame(rows[["process", "option"]]).isin(keys)].sort_values("process")
    columns = ["month", "fee", "process", "owner", "months_left", "exit_cost", "gain", "worth", "leaving_share"]
    tables = [list_breaks_by_date(case, offers, deal, outcomes) for deal in running.to_dict("records")]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=pd.Index(columns))


def _find_form(deal: Terms) -> str:
    """Return the deal's contract form; the input-specified one where it has none."""
    form = str(deal.get("contract_form", ""))
    return form if form in FORMS else BASELINE


def _settle(form: str, deal: Terms, terms: Terms, outcomes: pd.DataFrame) -> dict[str, np.ndarray]:
    """Settle a year at the effort that pays the provider most."""
    effort, _ = find_best_effort(form, deal, terms, outcomes)
    return settle_year(form, deal, terms, outcomes, effort)
