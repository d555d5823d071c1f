"""One table of alternatives: one row per (process, option) with every consequence in a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.value.cash import discount_fixed, discount_quarters, price_flows, share_live
from sourcing.value.exposure import price_losses
from sourcing.value.offers import RUN, list_offers

if TYPE_CHECKING:
    from sourcing.case import Case, Outlook, Policy

LABELS = (
    "process", "option", "process_name", "name", "function", "delivery_model", "owner_type", "owner", "location",
    "country", "is_abroad", "is_as_is", "place", "contract_form", "data_class", "posture", "standing", "barred_by",
)  # fmt: skip
CASH_LINES = (*RUN, "until_go_live", "ramp", "stranded", "governance", "transition", "investment", "exit")
LOSS_LINES = ("operational", "structural", "location", "move")
ONE_OFF = ("transition", "investment", "exit")


def build_alternatives(case: Case, postures: pd.DataFrame, policy: Policy, outlook: Outlook) -> pd.DataFrame:
    """Build the table of alternatives of a unit.

    cash_cost = sum of the lines of `price_flows`, discounted; expected_loss = sum of the causes of
    `price_losses`, discounted; fit_points = headcount as-is x fit of posture and owner;
    cost = cash_cost + expected_loss - price_of_fit x fit_points - price_of_customer_value x customer_value.

    Parameters
    ----------
    case : Case
        One unit.
    postures : DataFrame
        From `map_postures`.
    policy, outlook : Policy, Outlook

    Returns
    -------
    DataFrame
        Sorted by (process, option), barred ones included (`barred_by` not empty). Labels, the measures of
        the dictionary's table `alternatives`, the lines `cost_*` that sum to cost, and the parts `loss_*`
        that sum to expected_loss. Money is net present value on the valuation date in the unit's currency.
    """
    unit, offers = case.unit, list_offers(case, postures, policy)
    growing, fixed = discount_quarters(unit), discount_fixed(unit)
    flows = price_flows(offers, unit, policy)
    cash = {line: flows[line] @ (fixed if line == "exit" else growing) for line in CASH_LINES}
    losses = {cause: flow @ growing for cause, flow in price_losses(offers, unit, outlook).items()}
    live = share_live(offers["go_live_months"].to_numpy(float), len(growing))
    customer_value = offers["customer_value_per_year"].to_numpy(float) / 4 * (live @ growing)
    heads, moved = offers["headcount_fte"], ~offers["is_as_is"]
    fit_points = heads * offers["fit"]
    lines = {f"cost_{line}": amount for line, amount in cash.items()}
    lines["cost_expected_loss"] = np.add.reduce([losses[cause] for cause in LOSS_LINES])
    lines["cost_fit"] = 0.0 - policy.price_of_fit * fit_points.to_numpy(float)
    lines["cost_customer_value"] = 0.0 - policy.price_of_customer_value * customer_value
    measures = {
        "cost": np.add.reduce(list(lines.values())),
        "cash_cost": np.add.reduce([cash[line] for line in CASH_LINES]),
        "expected_loss": lines["cost_expected_loss"],
        "fit_points": fit_points,
        "customer_value": customer_value,
        "one_off_cost": np.add.reduce([cash[line] for line in ONE_OFF]),
        "run_cost_per_year": offers[list(RUN)].sum(axis=1),
        "fte": offers["fte"],
        "own_fte": offers["fte"].where(offers["owner_type"] == "own", 0.0),
        "moved_fte": heads.where(moved, 0.0),
        "customer_contact_share": offers["customer_contact_share"],
        "go_live_months": offers["go_live_months"],
    }
    parts = {f"loss_{cause}": losses[cause] for cause in LOSS_LINES}
    return pd.DataFrame({**{name: offers[name] for name in LABELS}, **measures, **lines, **parts})


def price_years(case: Case, postures: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Price what each alternative pays in each calendar year, in nominal money.

    Returns
    -------
    DataFrame
        Columns process, option, year (0 = first), line, amount (currency of the unit, not discounted).
    """
    unit, offers = case.unit, list_offers(case, postures, policy)
    flows = price_flows(offers, unit, policy)
    years = int(unit["horizon_years"])
    growth = (1 + float(unit["inflation_rate"])) ** ((np.arange(4 * years) + 0.5) / 4)
    tables = []
    for line in CASH_LINES:
        nominal = flows[line] * (1.0 if line == "exit" else growth)
        yearly = nominal.reshape(len(offers), years, 4).sum(axis=2)
        frame = pd.DataFrame(yearly, index=pd.MultiIndex.from_frame(offers[["process", "option"]]))
        long = frame.rename_axis(columns="year").stack().rename("amount").reset_index()
        tables.append(long.assign(line=line))
    return pd.concat(tables, ignore_index=True)[["process", "option", "year", "line", "amount"]]
