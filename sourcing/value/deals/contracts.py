"""Contract forms compared over the same outcomes: both sides' pay-offs, risks, incentives and the win-win zone."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.case import fill_terms, load_dictionary
from sourcing.errors import InputError, hint_near
from sourcing.value.cash import BASELINE, FIGURES, FORMS, settle_year

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.case import Case
    from sourcing.value.cash import Outcomes

    Terms = Mapping[str, Any]

FILE = Path(__file__).with_name("contract_forms.csv")
EFFORTS = tuple(np.linspace(0, 1, 21).round(2))
DRIVERS = ("volume", "unit_cost", "inflation", "service")
TERM_COLUMNS = (
    "gain_share", "penalty_rate", "penalty_cap_share", "outcome_share", "volume_floor_share", "volume_band_share",
    "renewal_margin_years", "indexation_share", "profit_share", "subcontracted_share", "flow_down_share",
    "tender_cost", "term_months", "retender_price_ratio", "hand_back_cost", "break_notice_months", "break_fee_share",
)  # fmt: skip
VENTURE_SHARE = 0.5
"""Our part of a joint venture whose contract names none (assumed: equal partners)."""
ZONES = ("both better off", "only the buyer", "only the provider", "neither", "the provider walks away")


@cache
def load_forms() -> pd.DataFrame:
    """Return the documented terms of each contract form: index contract_form.

    Examples
    --------
    >>> load_forms().at["gain_share", "name"]
    'Gain share'
    """
    return pd.read_csv(FILE).set_index("contract_form")


def find_terms(case: Case, contract: str, form: str) -> dict[str, float]:
    """Find the terms under which a form is settled: the contract's where it fills them, else the form's.

    Parameters
    ----------
    case : Case
    contract : str
        Row of `contracts`; "" for the documented terms alone.
    form : str
        One of FORMS.

    Raises
    ------
    InputError
        Unknown form or contract.
    """
    if form not in FORMS:
        raise InputError(f"A contract form must be known; got {form!r}. {hint_near(form, FORMS)}")
    columns = load_dictionary()["contracts"].columns
    terms = {name: float(columns[name].default or "nan") for name in TERM_COLUMNS}
    terms |= {name: float(load_forms().at[form, name]) for name in TERM_COLUMNS if name in load_forms()}
    terms["profit_share"] = VENTURE_SHARE if form == "joint_venture" else 0.0
    if contract:
        table = fill_terms(case, "contracts")[0].set_index("contract")
        if contract not in table.index:
            raise InputError(
                f"A contract must be a row of contracts; got {contract!r}. {hint_near(contract, table.index)}"
            )
        given = table.loc[contract, list(TERM_COLUMNS)].astype(float)
        own = {name: value for name, value in given.items() if value == value}
        if form != "joint_venture" or own["profit_share"] == 0:
            own.pop("profit_share")
        terms |= own
    return terms


def find_best_effort(form: str, deal: Terms, terms: Terms, outcomes: Outcomes) -> tuple[float, float]:
    """Find the effort that pays the provider most, and the effort that both sides together want.

    The provider: highest mean profit plus what renewal is worth to it (renewal_margin_years x planned margin x
    chance that service is kept). Both: lowest mean of cost, effort and missed service, in which payments cancel. Ties
    go to the lower effort.

    Returns
    -------
    tuple of float and float
        Best for the provider, wanted; 0 to 1 in steps of a twentieth.
    """
    own, joint = [], []
    drawn = {name: np.asarray(outcomes[name]) for name in FIGURES}
    for effort in EFFORTS:
        year = settle_year(form, deal, terms, drawn, effort)
        own.append(float(year["profit"].mean()) + value_renewal(deal, terms, year))
        joint.append(-float((year["cost"] + year["effort_cost"] + year["missed_service"]).mean()))
    return EFFORTS[_first_best(own)], EFFORTS[_first_best(joint)]


def value_renewal(deal: Terms, terms: Terms, year: Mapping[str, np.ndarray]) -> float:
    """Value renewal without tender to the provider: years of planned margin x chance that service is kept."""
    margin = max(deal["price_per_year"] - deal["should_cost_per_year"], 0.0)
    return terms["renewal_margin_years"] * margin * float((year["missed_service"] <= 0).mean())


def _first_best(values: Sequence[float]) -> int:
    most = np.asarray(values)
    return int(np.argmax(most >= most.max() - 1e-9 * max(1.0, np.abs(most).max())))


def share_risks(form: str, deal: Terms, terms: Terms, outcomes: pd.DataFrame, effort: float) -> dict[str, float]:
    """Share each risk between the sides: the buyer's part of the spread when only that driver varies.

    buyer's part = spread of its cost / (spread of its cost + spread of the provider's profit), spreads as standard
    deviations, every other figure at its mean; NaN where neither moves.

    Returns
    -------
    dict of driver to share
    """
    shares, flat = {}, pd.DataFrame([outcomes.mean()] * len(outcomes), index=outcomes.index)
    for driver in DRIVERS:
        year = settle_year(form, deal, terms, flat.assign(**{driver: outcomes[driver]}), effort)
        ours, theirs = float((year["payment"] + year["missed_service"]).std()), float(year["profit"].std())
        shares[driver] = ours / (ours + theirs) if ours + theirs > 0.01 else np.nan
    return shares


def settle_form(form: str, deal: Terms, terms: Terms, outcomes: pd.DataFrame) -> dict[str, Any]:
    """Settle one form at the provider's best effort and sum it up; columns as in `compare_contracts`."""
    effort, wanted = find_best_effort(form, deal, terms, outcomes)
    year = settle_year(form, deal, terms, outcomes, effort)
    cost, revenue = year["payment"] + year["missed_service"], float(year["payment"].mean())
    paid = year["payment"] > 0
    margins = year["profit"][paid] / year["payment"][paid]
    low, high = np.quantile(cost, [0.1, 0.9])
    thin, fat = np.quantile(margins, [0.1, 0.9]) if paid.any() else (np.nan, np.nan)
    risks = share_risks(form, deal, terms, outcomes, effort)
    return {
        "contract_form": form,
        "form_name": load_forms().at[form, "name"],
        "buyer_cost": float(cost.mean()),
        "buyer_low": float(low),
        "buyer_high": float(high),
        "payment": revenue,
        "missed_service": float(year["missed_service"].mean()),
        "profit": float(year["profit"].mean()),
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


def compare_contracts(case: Case, deal: Terms, outcomes: pd.DataFrame, forms: Sequence[str] = FORMS) -> pd.DataFrame:
    """Compare contract forms for one deal over the same outcomes, each at the provider's best effort.

    Parameters
    ----------
    case : Case
    deal : mapping
        A row of `price_providers`: price_per_year, should_cost_per_year, margin_floor, and its option's contract_form
        and contract.
    outcomes : DataFrame
        From `draw_outcomes`.
    forms : sequence of str

    Returns
    -------
    DataFrame
        One row per form: contract_form, form_name; a year of the buyer's cost (payment and missed service: mean and
        tenth and ninetieth of a hundred), payment, missed_service; the provider's profit and margin (likewise),
        expected_penalty; renewal_to_provider and renewal_to_buyer (margin and tender that renewal without tender is
        worth, no payment); subcontractor_receipts; best_effort, wanted_effort, is_aligned (at most a tenth apart);
        volume_with_buyer, unit_cost_with_buyer, inflation_with_buyer, service_with_buyer (0 provider, 1 buyer);
        buyer_gain and provider_gain over the input-specified contract, is_win_win, walks_away (mean margin below the
        floor). Money is a year in price-year money.
    """
    contract = str(deal.get("contract", ""))
    rows = [
        settle_form(form, deal, find_terms(case, contract if form == deal.get("contract_form") else "", form), outcomes)
        for form in dict.fromkeys((BASELINE, *forms))
    ]
    table = pd.DataFrame(rows)
    base = table.iloc[0]
    table = table.assign(
        buyer_gain=base["buyer_cost"] - table["buyer_cost"],
        provider_gain=table["profit"] - base["profit"],
        walks_away=table["margin"] < deal["margin_floor"] - 1e-9,
    )
    table["is_win_win"] = (table["buyer_gain"] > 0) & (table["provider_gain"] > 0) & ~table["walks_away"]
    return table[table["contract_form"].isin(forms)].reset_index(drop=True)


def map_win_win(
    case: Case,
    deal: Terms,
    outcomes: pd.DataFrame,
    gain_shares: Sequence[float] = tuple(np.linspace(0, 1, 11).round(2)),
    penalty_rates: Sequence[float] = tuple(np.linspace(0, 0.1, 11).round(3)),
) -> pd.DataFrame:
    """Map which gain shares and penalty rates leave both sides better off than the input-specified contract.

    A gain-share contract at each pair, at the provider's best effort, against time and materials over the same
    outcomes. The provider walks away where its mean margin falls below its floor; the credits' cap does not bind
    here, so that the point is seen.

    Returns
    -------
    DataFrame
        One row per pair: gain_share, penalty_rate, buyer_gain, provider_gain (a year), margin, best_effort, zone (one
        of ZONES).
    """
    contract = str(deal.get("contract", "")) if deal.get("contract_form") == "gain_share" else ""
    terms = find_terms(case, contract, "gain_share")
    baseline, rows = settle_form(BASELINE, deal, find_terms(case, "", BASELINE), outcomes), []
    for share in gain_shares:
        for rate in penalty_rates:
            own = {**terms, "gain_share": share, "penalty_rate": rate, "penalty_cap_share": 1.0}
            effort, _ = find_best_effort("gain_share", deal, own, outcomes)
            year = settle_year("gain_share", deal, own, outcomes, effort)
            profit, paid = float(year["profit"].mean()), float(year["payment"].mean())
            ours = baseline["buyer_cost"] - float((year["payment"] + year["missed_service"]).mean())
            theirs, margin = profit - baseline["profit"], profit / paid if paid > 0 else np.nan
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
