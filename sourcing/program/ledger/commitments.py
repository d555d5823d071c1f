"""What a plan commits to beside its curve: who delivers, under which terms, at which service, who answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.assess import date_valuation
from sourcing.case import bridge_money, fill_options, load_reference
from sourcing.errors import InputError
from sourcing.value import FORMS, find_means, find_terms, list_levels, list_ranges, name_quote

if TYPE_CHECKING:
    from sourcing.case import Case
    from sourcing.decide import Decision

TERMS = (
    "penalty_rate", "penalty_cap_share", "volume_floor_share", "volume_band_share", "extra_charge_ratio",
    "reduced_credit_ratio", "indexation_share", "gain_share", "outcome_share", "profit_share", "subcontracted_share",
    "flow_down_share",
)  # fmt: skip
"""Terms of a contract that an invoice is settled under."""
MEASURES = ("availability", "throughput_per_day", "response_seconds")
MEANS = ("wages", "prices", "one_off", "governance", "invoice_errors")
"""Figures of the plan that are learned from; what is promised holds them at these means."""
COMMITMENT_COLUMNS = (
    "process", "option", "process_name", "option_name", "benefit_owner", "owner_type", "owner", "delivery_model",
    "is_today", "share", "starts", "goes_live", "volume_unit", "currency", "contract_form", "contract",
    "yearly_improvement_share", "variable_cost_share", *TERMS, *MEASURES, "attrition_share", "ramp_months",
    "is_moved_to", *(f"mean_{name}" for name in MEANS),
)  # fmt: skip


def list_commitments(decision: Decision) -> pd.DataFrame:
    """List what a plan commits to, one row per process and option: the options chosen and those of today.

    Parameters
    ----------
    decision : Decision

    Returns
    -------
    DataFrame
        Columns COMMITMENT_COLUMNS: names, benefit_owner ("" where nobody is named), owner and its kind, share (0 of
        what is left), starts and goes_live (days; of a move), volume_unit, currency (of the delivery), the contract's
        TERMS with the variable share of cost, expected level of each service measure (empty where none is stated),
        attrition and ramp, and the means at which the promise holds each figure of MEANS.
    """
    case, unit = decision.case, decision.case.unit
    named = case.processes.set_index("process")
    levels = list_levels(case).set_index(["process", "option", "measure"])["expected"].to_dict()
    filled = fill_options(case, decision.policy)[0].set_index(["process", "option"])
    improvement = case.contracts.set_index("contract")["yearly_improvement_share"].astype(float).to_dict()
    chosen = pd.concat([decision.plan.choices, decision.as_is.choices]).drop_duplicates(["process", "option"])
    shares = decision.plan.choices.set_index(["process", "option"])["share"].astype(float).to_dict()
    ranges = list_ranges(case, chosen[["process", "option"]], use_ranges=decision.policy.use_ranges)
    means, start = find_means(ranges), date_valuation(unit)
    variable = float(find_means(list_ranges(case))["variable_cost_share"])
    rows: list[dict[str, Any]] = []
    for row in chosen.to_dict("records"):
        key = (row["process"], row["option"])
        about, own = named.loc[row["process"]], filled.loc[key]
        form, contract = str(row["contract_form"]), str(row["contract"])
        terms = find_terms(case, contract, form) if form in FORMS else {}
        rows.append(
            {
                **{name: row[name] for name in ("process", "option", "process_name", "owner_type", "owner")},
                "option_name": row["name"],
                "benefit_owner": about["benefit_owner"],
                "delivery_model": row["delivery_model"],
                "is_today": row["option"] == about["as_is_option"],
                "is_moved_to": key in shares and row["option"] != about["as_is_option"],
                "share": shares.get(key, 0.0),
                "starts": _add_months(start, row["start_months"]),
                "goes_live": _add_months(start, row["go_live_months"]),
                "volume_unit": about["volume_unit"] or "months of today's volume",
                "currency": name_currency(case, row, str(own["currency"])),
                "contract_form": form if form in FORMS else "",
                "contract": contract,
                "yearly_improvement_share": improvement.get(contract, 0.0),
                "variable_cost_share": variable,
                **{name: terms.get(name) for name in TERMS},
                **{measure: levels.get((*key, measure)) for measure in MEASURES},
                "attrition_share": float(own["attrition_share"]),
                "ramp_months": float(own["ramp_months"]),
                **{f"mean_{name}": float(means[name]) for name in MEANS},
                "mean_prices": float(means.get(name_quote(*key), means["prices"])),
            }
        )
    table = pd.DataFrame(rows, columns=list(COMMITMENT_COLUMNS))
    numbers = [*TERMS, *MEASURES]
    table[numbers] = table[numbers].astype(float)
    return table.sort_values(["process", "option"], ignore_index=True)


def name_currency(case: Case, row: dict[str, Any], stated: str) -> str:
    """Name the currency in which an option is paid.

    Own staff: that of the country they work in. An outside owner: that of its quote, else of the option's row, else the
    unit's.
    """
    unit = str(case.unit["currency"])
    if row["owner_type"] == "own":
        country = load_reference("countries").set_index("country")["currency"].get(row["country"])
        currency = str(country) if isinstance(country, str) else unit
    else:
        quotes = case.quotes[(case.quotes["process"] == row["process"]) & (case.quotes["option"] == row["option"])]
        currency = next((name for name in quotes["currency"] if name), stated) or unit
    try:
        find_rate(currency, case.unit)
    except InputError:
        return unit
    return currency


def find_rate(currency: str, unit: pd.Series) -> float:
    """Find the exchange rate of the price year: the unit's currency per one of another; 1 for its own."""
    year = int(unit["price_year"])
    return bridge_money(1.0, currency, year, str(unit["currency"]), year)[0]


def _add_months(day: pd.Timestamp, months: float) -> pd.Timestamp:
    """Add months, a part of one as a part of its days."""
    whole = int(months)
    first = day + pd.DateOffset(months=whole)
    return (first + (first + pd.DateOffset(months=1) - first) * (months - whole)).normalize()
