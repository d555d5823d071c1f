"""Actuals laid beside the promise, factor by factor; what was not reported is taken as promised, and told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.errors import InputError
from sourcing.program.ledger.charges import charge_volume

if TYPE_CHECKING:
    from sourcing.program.ledger.baseline import Baseline

KEYS = ["process", "option", "month"]
MONTH = ["process", "month"]
NONE = 1e-9
"""Heads or volume up to which there is none."""
RUNNING = ("volume", "charged", "live", "rate", "heads_per_unit", "exchange_rate", "beside")
"""Factors of running cost."""
AS_PROMISED, AS_ZERO, LEFT_OUT = "as promised", "as 0", "left out"


@dataclass(frozen=True)
class Alignment:
    """What was promised and what came, row by row.

    Attributes
    ----------
    rows : DataFrame
        One row per process, option and month of the months reported: the promise's factors with `_p`, what came with
        `_a`, and `is_own`; see `align_actuals`.
    months : DataFrame
        One row per process and month reported: promised, as_is and what is paid once for both options.
    told : DataFrame
        What was not reported or could not be used: process, what, months, first, last, taken.
    """

    rows: pd.DataFrame
    months: pd.DataFrame
    told: pd.DataFrame


class Notes:
    """What a ledger has to tell, gathered while it is made."""

    def __init__(self) -> None:
        self._rows: list[pd.DataFrame] = []

    def add(self, rows: pd.DataFrame, what: str, taken: str) -> None:
        """Note what is missing in some rows (process, month) and what is taken in its place."""
        if len(rows):
            found = rows.groupby("process")["month"].agg(months="nunique", first="min", last="max").reset_index()
            self._rows.append(found.assign(what=what, taken=taken))

    def tabulate(self) -> pd.DataFrame:
        """Return all notes as one table."""
        columns = ["process", "what", "months", "first", "last", "taken"]
        if not self._rows:
            return pd.DataFrame(columns=columns)
        return pd.concat(self._rows)[columns].sort_values(["process", "what"], ignore_index=True)


def align_actuals(baseline: Baseline, actuals: pd.DataFrame) -> Alignment:
    """Lay actuals beside the promise.

    Parameters
    ----------
    baseline : Baseline
    actuals : DataFrame
        The table `actuals` of the unit.

    Returns
    -------
    Alignment
        Factors of `rows`, promised (`_p`) and as they came (`_a`): volume (of the process in the month), charged
        (volume that an outside owner's contract charges for), live, rate, heads_per_unit (own heads per unit of
        volume), exchange_rate, beside.

    Raises
    ------
    InputError
        No actuals, or two options that delivered in a month without a volume each.
    """
    if actuals.empty:
        raise InputError(
            "A ledger needs actuals; got none for the unit. Hint: fill the table actuals (sourcing init FILE.xlsx "
            "--add actuals)."
        )
    notes = Notes()
    came = actuals.assign(month=actuals["month"].dt.to_period("M").dt.to_timestamp())
    came = _leave_out(came, baseline, notes)
    promised = baseline.promise[pd.MultiIndex.from_frame(baseline.promise[MONTH]).isin(
        pd.MultiIndex.from_frame(came[MONTH]))]  # fmt: skip
    rows = promised.merge(came, on=KEYS, how="left", suffixes=("_p", ""), indicator=True)
    rows["is_reported"] = rows.pop("_merge") == "both"
    terms = baseline.commitments.set_index(["process", "option"])
    rows["is_own"] = rows["heads_p"] > 0
    rows = _add_volume(rows, terms, notes)
    rows = _add_prices(rows, notes)
    months = _sum_months(rows, came, promised, notes)
    return Alignment(rows, months, notes.tabulate())


def _leave_out(came: pd.DataFrame, baseline: Baseline, notes: Notes) -> pd.DataFrame:
    """Leave out months beyond the horizon; note months that nobody reported between the first and the last."""
    known = pd.MultiIndex.from_frame(baseline.promise[MONTH])
    beyond = ~pd.MultiIndex.from_frame(came[MONTH]).isin(known)
    notes.add(came[beyond], "a month or process that the baseline does not hold", LEFT_OUT)
    came = came[~beyond]
    first, last = came["month"].min(), came["month"].max()
    wanted = baseline.promise.loc[baseline.promise["month"].between(first, last), MONTH].drop_duplicates()
    wanted = wanted[wanted["process"].isin(baseline.commitments["process"])]
    silent = ~pd.MultiIndex.from_frame(wanted).isin(pd.MultiIndex.from_frame(came[MONTH]))
    notes.add(wanted[silent], "nothing was reported", LEFT_OUT)
    return came


def _add_volume(rows: pd.DataFrame, terms: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Add volume and the share of the work that each option delivered."""
    rows = rows.rename(columns={"volume": "handled"})
    count = rows["is_reported"].groupby([rows["process"], rows["month"]]).transform("sum")
    empty = rows["is_reported"] & rows["handled"].isna()
    several = empty & (count > 1)
    if several.any():
        row = rows[several].iloc[0]
        raise InputError(
            f"Two options that deliver in one month must each have a volume in actuals; got none at process "
            f"{row['process']!r}, month {row['month']:%Y-%m}, option {row['option']!r}. Hint: fill the column volume."
        )
    notes.add(rows[empty], "volume", AS_PROMISED)
    rows["handled"] = rows["handled"].where(~empty, rows["volume_p"]).fillna(0.0)
    total = rows["handled"].groupby([rows["process"], rows["month"]]).transform("sum")
    idle = rows["is_reported"].astype(float) / count.clip(lower=1)
    rows["volume_a"] = total
    rows["live_p"] = rows.pop("live")
    rows["live_a"] = np.where(total > NONE, rows["handled"] / total.where(total > NONE, 1.0), idle)
    ratio = (rows["volume_a"] / rows["volume_p"]).to_numpy(float)
    charged = np.ones(len(rows))
    for key, places in rows.groupby(["process", "option"]).indices.items():
        charged[places] = charge_volume(terms.loc[key], ratio[places]) if key in terms.index else ratio[places]
    rows["charged_p"], rows["charged_a"] = rows["volume_p"], rows["volume_p"] * charged
    return rows


def _add_prices(rows: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Add rate, heads per unit of volume, exchange rate and other running cost."""
    told, own, live = rows["is_reported"], rows["is_own"], rows["live_a"].where(rows["live_a"] > NONE, 1.0)
    rate = (rows["wage"] / 12).where(own, rows["price"])
    worked = told & (rows["live_a"] > NONE)
    notes.add(rows[worked & own & rate.isna()], "wage", AS_PROMISED)
    notes.add(rows[worked & ~own & rate.isna()], "price", AS_PROMISED)
    rows["rate_p"] = rows.pop("rate")
    rows["rate_a"] = rate.fillna(rows["rate_p"])
    rows["heads_per_unit_p"] = (rows["heads_p"] / rows["volume_p"]).fillna(0.0)
    given = rows["heads"] / (live * rows["volume_a"].where(rows["volume_a"] > NONE, 1.0))
    notes.add(rows[worked & own & given.isna()], "heads", AS_PROMISED)
    rows["heads_per_unit_a"] = given.where(own & worked).fillna(rows["heads_per_unit_p"])
    abroad = rows["exchange_rate_p"] != 1.0
    notes.add(rows[worked & abroad & rows["exchange_rate"].isna()], "exchange rate", AS_PROMISED)
    rows["exchange_rate_a"] = rows["exchange_rate"].fillna(rows["exchange_rate_p"])
    rows["beside_p"] = rows.pop("beside")
    missing = worked & rows["other_running_cost"].isna() & (rows["beside_p"].abs() > 0.005)
    notes.add(rows[missing], "other running cost", AS_PROMISED)
    rows["beside_a"] = (rows["other_running_cost"] / live).where(worked).fillna(rows["beside_p"])
    return rows


def price_running(at: dict[str, np.ndarray] | pd.DataFrame, is_own: np.ndarray) -> np.ndarray:
    """Price running delivery from its factors, row by row: live x (rate x units x exchange rate + beside)."""
    units = np.where(is_own, at["heads_per_unit"] * at["volume"], at["charged"])
    return np.asarray(at["live"] * (at["rate"] * units * at["exchange_rate"] + at["beside"]), float)


def _sum_running(rows: pd.DataFrame, side: str) -> pd.Series:
    """Sum the running cost of each process and month, as promised (p) or as it came (a)."""
    taken = pd.DataFrame({name: rows[f"{name}_{side}"] for name in RUNNING})
    priced = pd.Series(price_running(taken, rows["is_own"].to_numpy(bool)), rows.index)
    return priced.groupby([rows["process"], rows["month"]]).sum()


def _sum_months(rows: pd.DataFrame, came: pd.DataFrame, promised: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Sum what is paid once for a process and month: oversight, one-off, extra work, errors, credits, the books."""
    by = [rows["process"], rows["month"]]
    once = ["retained_cost", "one_off", "invoice_errors", "suggestions"]
    months = promised.groupby(MONTH)[["as_is", "retained_heads", *once]].sum().add_suffix("_p")
    months = months.rename(columns={"as_is_p": "as_is"})
    months["promised"] = _sum_running(rows, "p") + months[[f"{name}_p" for name in once]].sum(axis=1)
    given = came.groupby(MONTH)
    for name, column, label in (("retained_heads", "retained_heads", "retained heads"),
                                ("one_off", "one_off_cost", "one-off cost")):  # fmt: skip
        paid = given[column].sum(min_count=1)
        silent = paid.isna() & (months[f"{name}_p"].abs() > 0.005)
        notes.add(silent[silent].reset_index(), label, AS_PROMISED)
        months[f"{name}_a"] = paid.fillna(months[f"{name}_p"])
    each = months["retained_cost_p"] / months["retained_heads_p"].where(months["retained_heads_p"] > 0)
    paid = given["retained_cost"].sum(min_count=1)
    unpriced = paid.isna() & each.isna() & (months["retained_heads_a"] > 0)
    notes.add(unpriced[unpriced].reset_index(), "retained cost, where none was promised to go by", AS_ZERO)
    months["retained_cost_a"] = paid.fillna((months["retained_heads_a"] * each).fillna(0.0))
    months["scope_a"] = given["scope_cost"].sum()
    months["credits_a"] = given["credits_received"].sum()
    running = rows["live_a"] * rows["rate_a"] * rows["charged_a"] * rows["exchange_rate_a"]
    billed = rows["is_reported"] & ~rows["is_own"] & rows["invoice_amount"].notna()
    error = (rows["invoice_amount"] - running - rows["scope_cost"].fillna(0.0)).where(billed)
    months["invoice_errors_a"] = error.groupby(by).sum(min_count=1)
    unchecked = months["invoice_errors_a"].isna() & (months["invoice_errors_p"].abs() > 0.005)
    notes.add(unchecked[unchecked].reset_index(), "invoice", AS_PROMISED)
    months["invoice_errors_a"] = months["invoice_errors_a"].fillna(months["invoice_errors_p"])
    months["running_a"] = _sum_running(rows, "a")
    months["modelled"] = months[["running_a", "retained_cost_a", "one_off_a", "scope_a", "invoice_errors_a"]].sum(
        axis=1) - months["credits_a"]  # fmt: skip
    unpromised = came.merge(promised[KEYS], on=KEYS, how="left", indicator=True)
    strange = unpromised[unpromised["_merge"] == "left_only"]
    notes.add(strange, "an option that was not promised: all of it is extra work", "at its cost in the books")
    own = strange[["scope_cost", "retained_cost", "one_off_cost"]].sum(axis=1) - strange["credits_received"].fillna(0.0)
    extra = (strange["cost"].fillna(0.0) - own).groupby([strange["process"], strange["month"]]).sum()
    months["scope_a"] += extra.reindex(months.index).fillna(0.0)
    months["modelled"] += extra.reindex(months.index).fillna(0.0)
    booked, partly = given["cost"].sum(min_count=1), given["cost"].apply(lambda each: each.isna().any())
    mixed = partly & booked.notna()
    notes.add(mixed[mixed].reset_index(), "cost in the books of one of the options", "the sum of its parts")
    notes.add((partly & ~mixed)[partly & ~mixed].reset_index(), "cost in the books", "the sum of its parts")
    months["actual"] = booked.where(~partly).fillna(months["modelled"])
    return months.reset_index()
