"""Contract forms: the terms each is settled under, the effort it pays for, and which risk it leaves with whom."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.case import fill_terms, load_dictionary
from sourcing.errors import InputError, hint_near
from sourcing.value.cash import FIGURES, FORMS, settle_year

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
    "extra_charge_ratio", "reduced_credit_ratio", "renewal_margin_years", "indexation_share", "profit_share",
    "venture_capital_share", "subcontracted_share", "flow_down_share",
    "tender_cost", "term_months", "retender_price_ratio", "hand_back_cost", "break_notice_months", "break_fee_share",
)  # fmt: skip
VENTURE_SHARE = 0.5
"""Our part of a joint venture whose contract names none (assumed: equal partners)."""


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
