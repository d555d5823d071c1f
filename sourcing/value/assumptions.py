"""Assumptions: any figure of the case as a range, and what every alternative costs and risks at its ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.assess import date_valuation
from sourcing.value.alternatives import price_offers
from sourcing.value.deals import find_means, shape_rows
from sourcing.value.shifts import shift_number

if TYPE_CHECKING:
    from sourcing.case import Case, Outlook, Policy

OF_PROCESS = ("headcount_fte", "loss_per_day", "recovery_days", "replacement_days")
"""Figures of the process: every option follows, whichever the row names."""
ENDS = ("low", "high")


@dataclass(frozen=True)
class Assumed:
    """What the assumptions of the buyer do to every alternative.

    Attributes
    ----------
    ranges : DataFrame
        Index assumption; columns of `list_ranges` (acts_on assumption), figure and mean.
    cash, loss : ndarray, shape (2 x assumptions, alternatives)
        Change of `cash_cost` and `expected_loss` with the figure at the low end, then at the high end, of each.
    """

    ranges: pd.DataFrame
    cash: np.ndarray
    loss: np.ndarray


def list_assumptions(case: Case, policy: Policy, party: str = "buyer") -> pd.DataFrame:
    """List the assumptions of a party that are uncertain today.

    One that was cleared is certain until it expires; with `use_ranges` off all of the buyer's are.

    Returns
    -------
    DataFrame
        Index assumption, sorted; the columns of the table, with low, likely and high of every shape, and mean, unit,
        acts_on, meaning.
    """
    rows = case.assumptions[case.assumptions["party"] == party].sort_values("assumption")
    has_ended = rows["expires"].notna() & (rows["expires"] < date_valuation(case.unit))
    rows = rows[(rows["status"] != "cleared") | has_ended].set_index("assumption")
    if not policy.use_ranges and party == "buyer":
        rows = rows.head(0)
    rows = shape_rows(rows)
    unit = rows["figure"].where(rows["stated_as"] != "ratio", "ratio to the plan")
    said = rows["source"].where(rows["source"] != "", "the case, without a source")
    return rows.assign(mean=find_means(rows), unit=unit, acts_on="assumption", meaning=rows.index, source=said,
                       loading=rows["loading"].astype(float).fillna(0.0))  # fmt: skip


def price_assumptions(offers: pd.DataFrame, case: Case, policy: Policy, outlook: Outlook) -> Assumed | None:
    """Price every alternative again with each assumption of the buyer at its low and at its high end.

    At an end the number of the case moves by end - mean, or with a ratio by the factor end / mean, so that the plan
    stays where the case puts it. Two pricings for each assumption.

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.
    case : Case
    policy, outlook : Policy, Outlook

    Returns
    -------
    Assumed or None
        None where nothing is assumed.
    """
    rows = list_assumptions(case, policy)
    if rows.empty:
        return None
    base = price_offers(offers, case, policy, outlook)
    cash, loss = [], []
    for row in rows.to_dict("records"):
        for end in ENDS:
            priced = price_offers(shift_assumed(offers, case, row, float(row[end]), outlook), case, policy, outlook)
            cash.append((priced["cash_cost"] - base["cash_cost"]).to_numpy(float))
            loss.append((priced["expected_loss"] - base["expected_loss"]).to_numpy(float))
    return Assumed(rows, np.array(cash), np.array(loss))


def shift_assumed(offers: pd.DataFrame, case: Case, row: dict, value: float, outlook: Outlook) -> pd.DataFrame:
    """Give the offers with the figure of an assumption at another value than its mean.

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.
    case : Case
    row : dict
        One of `list_assumptions`.
    value : float
        As the assumption is stated: a value, or a ratio.
    outlook : Outlook
        operational_rate stands for an empty failure_rate.
    """
    column, mean = row["figure"], float(row["mean"])
    number = offers[column].astype(float).fillna(outlook.operational_rate if column == "failure_rate" else np.nan)
    moved = number * (value / mean) if row["stated_as"] == "ratio" else (number + value - mean).clip(lower=0.0)
    return shift_number(offers, case, column, moved.where(find_assumed(offers, row), offers[column]))


def find_assumed(offers: pd.DataFrame, row: dict) -> pd.Series:
    """Find the offers of which an assumption speaks.

    Those of its process, option and country that have the figure; where it names an option, a figure of 0 counts too.
    """
    column = row["figure"]
    found = pd.Series(True, offers.index)
    for name in ("process",) if column in OF_PROCESS else ("process", "option", "country"):
        if row[name]:
            found &= offers[name] == row[name]
    if column != "failure_rate" and not row["option"]:
        found &= offers[column].astype(float) > 0.0
    return found


def name_bend(assumption: str, end: str) -> str:
    """Name what multiplies the change at an end of an assumption."""
    return f"{assumption}, towards {end}"


def name_bends(rows: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return how far each outcome lies towards the low and the high end of each assumption, its mean taken off.

    What an alternative costs follows the figure in two straight pieces through its mean and both ends, and beyond the
    ends of a lognormal figure: (mean - drawn) / (mean - low) below the mean, (drawn - mean) / (high - mean) above.
    The mean over the outcomes is taken off, so that the table of alternatives stays the mean.

    Parameters
    ----------
    rows : DataFrame
        From `list_assumptions`.
    outcomes : DataFrame
        From `draw_outcomes`; columns of `rows` and others.

    Returns
    -------
    DataFrame
        Index of `outcomes`; two columns for each row, of `name_bend`, in the order of `Assumed.cash`.
    """
    bends = {}
    for name, row in rows.iterrows():
        drawn, mean = outcomes[str(name)].to_numpy(float), float(row["mean"])
        for end in ENDS:
            width = float(row[end]) - mean
            part = np.clip((drawn - mean) / width, 0.0, None) if width else np.zeros_like(drawn)
            bends[name_bend(str(name), end)] = part - part.mean()
    return pd.DataFrame(bends, index=outcomes.index)
