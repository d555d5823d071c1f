"""Contract forms compared over the same outcomes: both sides' pay-offs, risks, incentives and the win-win zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.value.cash import BASELINE, FORMS, settle_year
from sourcing.value.deals.contracts import find_best_effort, find_terms, load_forms, share_risks, value_renewal
from sourcing.value.deals.signing import PREMIUM, charge_capital, find_signing_price, value_certain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.case import Case

    Terms = Mapping[str, Any]

ZONES = ("both better off", "only the buyer", "only the provider", "neither", "the provider walks away")


def settle_form(
    form: str, deal: Terms, terms: Terms, outcomes: pd.DataFrame, unit: pd.Series, premium_share: float = PREMIUM
) -> dict[str, Any]:
    """Settle one form at the deal's price and the provider's best effort and sum it up, as `compare_contracts` does."""
    effort, wanted = find_best_effort(form, deal, terms, outcomes)
    year = settle_year(form, deal, terms, outcomes, effort)
    ours, theirs = charge_capital(form, terms, deal["price_per_year"], unit)
    cost, revenue = year["payment"] + year["missed_service"] + ours, float(year["payment"].mean())
    paid = year["payment"] > 0
    margins = year["profit"][paid] / year["payment"][paid]
    low, high = np.quantile(cost, [0.1, 0.9])
    thin, fat = np.quantile(margins, [0.1, 0.9]) if paid.any() else (np.nan, np.nan)
    risks = share_risks(form, deal, terms, outcomes, effort)
    return {
        "contract_form": form,
        "form_name": load_forms().at[form, "name"],
        "price": float(deal["price_per_year"]),
        "buyer_cost": float(cost.mean()),
        "buyer_low": float(low),
        "buyer_high": float(high),
        "payment": revenue,
        "missed_service": float(year["missed_service"].mean()),
        "capital_charge": ours,
        "profit": float(year["profit"].mean()),
        "profit_spread": float(year["profit"].std()),
        "certain_profit": value_certain(year["profit"], premium_share) - theirs,
        "margin": float(year["profit"].mean()) / revenue if revenue > 0 else np.nan,
        "margin_low": float(thin),
        "margin_high": float(fat),
        "expected_penalty": float(year["credit"].mean()),
        "renewal_to_provider": value_renewal(deal, terms, year),
        "renewal_to_buyer": terms["tender_cost"] * float((year["missed_service"] <= 0).mean()),
        "subcontractor_receipts": float(year["subcontractor_receipts"].mean()),
        "best_effort": effort,
        "wanted_effort": wanted,
        "is_aligned": abs(effort - wanted) <= 0.1 + 1e-9,
        **{f"{driver}_with_buyer": share for driver, share in risks.items()},
    }


def compare_contracts(
    case: Case,
    deal: Terms,
    outcomes: pd.DataFrame,
    forms: Sequence[str] = FORMS,
    premium_share: float = PREMIUM,
) -> pd.DataFrame:
    """Compare contract forms for one deal over the same outcomes, each at the price at which the provider signs it.

    The price of the deal is asked for its own form (for specified inputs where it has none). For any other the provider
    asks what leaves it as well off, risk counted: a form that moves risk to it costs the buyer a premium, one that lets
    it save costs less. Where specified inputs would be below its floor, it wants in every form what they leave it at
    their floor. See `find_signing_price`.

    Parameters
    ----------
    case : Case
    deal : mapping
        A row of `price_providers`: price_per_year, should_cost_per_year, margin_floor, and its option's contract_form
        and contract.
    outcomes : DataFrame
        From `draw_outcomes`.
    forms : sequence of str
    premium_share : float
        Part of the standard deviation of its yearly profit that the provider asks for bearing it.

    Returns
    -------
    DataFrame
        One row per form: contract_form, form_name; price (at which it is signed, inf where at none) and risk_premium
        (what in it pays for more risk than specified inputs bring); a year of the buyer's cost (payment, missed
        service and capital_charge: mean and tenth and ninetieth of a hundred), payment, missed_service, capital_charge
        (our part of a joint venture's capital at the discount rate); the provider's profit and margin (likewise),
        profit_spread (standard deviation), certain_profit (risk counted), expected_penalty; renewal_to_provider and
        renewal_to_buyer (margin and tender that renewal without tender is worth, no payment);
        subcontractor_receipts; best_effort, wanted_effort, is_aligned (at most a tenth apart); volume_with_buyer,
        unit_cost_with_buyer, inflation_with_buyer, service_with_buyer (0 provider, 1 buyer); buyer_gain and
        provider_gain (of certain_profit) over the input-specified contract; walks_away (mean margin below the floor at
        the deal's price, or no price is enough); is_win_win (the buyer gains, the provider is as well off and stays).
        Money is a year in price-year money.
    """
    contract, form_of_deal = str(deal.get("contract", "")), str(deal.get("contract_form", ""))
    own = form_of_deal if form_of_deal in FORMS else BASELINE
    names = list(dict.fromkeys((BASELINE, *forms)))
    terms = {form: find_terms(case, contract if form == form_of_deal else "", form) for form in {own, *names}}
    stated = {
        form: settle_form(form, deal, terms[form], outcomes, case.unit, premium_share)
        for form in dict.fromkeys((own, *names))
    }
    wanted, rows = stated[own]["certain_profit"], []
    for form in names:
        price = find_signing_price(form, deal, terms[form], outcomes, case.unit, wanted, premium_share)
        row = stated[form]
        if np.isfinite(price):
            row = settle_form(form, {**deal, "price_per_year": price}, terms[form], outcomes, case.unit, premium_share)
        if form == BASELINE:
            wanted = max(wanted, row["certain_profit"])
        walks_away = np.isinf(price) or stated[form]["margin"] < deal["margin_floor"] - 1e-9
        rows.append({**row, "price": price, "walks_away": walks_away})
    table = pd.DataFrame(rows)
    base = table.iloc[0]
    table = table.assign(
        risk_premium=premium_share * (table["profit_spread"] - base["profit_spread"]),
        buyer_gain=base["buyer_cost"] - table["buyer_cost"],
        provider_gain=table["certain_profit"] - base["certain_profit"],
    )
    table["is_win_win"] = (table["buyer_gain"] > 0.01) & ~table["walks_away"]
    return table[table["contract_form"].isin(forms)].reset_index(drop=True)


def map_win_win(
    case: Case,
    deal: Terms,
    outcomes: pd.DataFrame,
    gain_shares: Sequence[float] = tuple(np.linspace(0, 1, 11).round(2)),
    penalty_rates: Sequence[float] = tuple(np.linspace(0, 0.1, 11).round(3)),
    premium_share: float = PREMIUM,
) -> pd.DataFrame:
    """Map which gain shares and penalty rates leave both sides better off than the input-specified contract.

    A gain-share contract at each pair, at the deal's price and the provider's best effort, against time and materials
    over the same outcomes; the provider's side with its risk counted (`value_certain`). The provider walks away where
    its mean margin falls below its floor; the credits' cap does not bind here, so that the point is seen.

    Returns
    -------
    DataFrame
        One row per pair: gain_share, penalty_rate, buyer_gain, provider_gain (a year), margin, best_effort, zone (one
        of ZONES).
    """
    contract = str(deal.get("contract", "")) if deal.get("contract_form") == "gain_share" else ""
    terms = find_terms(case, contract, "gain_share")
    baseline = settle_form(BASELINE, deal, find_terms(case, "", BASELINE), outcomes, case.unit, premium_share)
    rows = []
    for share in gain_shares:
        for rate in penalty_rates:
            own = {**terms, "gain_share": share, "penalty_rate": rate, "penalty_cap_share": 1.0}
            effort, _ = find_best_effort("gain_share", deal, own, outcomes)
            year = settle_year("gain_share", deal, own, outcomes, effort)
            profit, paid = float(year["profit"].mean()), float(year["payment"].mean())
            ours = baseline["buyer_cost"] - float((year["payment"] + year["missed_service"]).mean())
            theirs = value_certain(year["profit"], premium_share) - baseline["certain_profit"]
            margin = profit / paid if paid > 0 else np.nan
            zone = _name_zone(ours, theirs, walks=margin < deal["margin_floor"] - 1e-9)
            rows.append((share, rate, ours, theirs, margin, effort, zone))
    columns = ["gain_share", "penalty_rate", "buyer_gain", "provider_gain", "margin", "best_effort", "zone"]
    return pd.DataFrame(rows, columns=columns)


def _name_zone(ours: float, theirs: float, *, walks: bool) -> str:
    if walks:
        return ZONES[4]
    return ZONES[0 if ours > 0 and theirs > 0 else 1 if ours > 0 else 2 if theirs > 0 else 3]


def find_walk_away(zones: pd.DataFrame) -> pd.DataFrame:
    """Find for each gain share the lowest penalty rate at which the provider walks away.

    Parameters
    ----------
    zones : DataFrame
        From `map_win_win`.

    Returns
    -------
    DataFrame
        Columns gain_share, walk_away_rate (inf where it stays at every rate mapped).
    """
    walks = zones[zones["zone"] == ZONES[4]].groupby("gain_share")["penalty_rate"].min()
    shares = zones["gain_share"].drop_duplicates()
    return pd.DataFrame({"gain_share": shares, "walk_away_rate": shares.map(walks).fillna(np.inf)}).reset_index(
        drop=True
    )
