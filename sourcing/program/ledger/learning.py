"""What was learned: what came moves the ranges of the next case, the more the more was seen.

With n seen of a figure whose mean was x, a mean m believed before, and a weight k that says how many of what is counted
the belief is worth (`learning.csv`),

    learned mean = (n x + k m) / (n + k)

This is the posterior mean of a normal mean with a normal belief of variance s^2 / k (s^2 the variance of one seen), and
Buehlmann's credibility n / (n + k). For a rate of events seen over an exposure n (attrition) the same formula is the
posterior mean of a Poisson rate with a gamma belief of k m events in an exposure k. A range keeps its shape: it is
scaled to the new mean (moved, where its mean is not above 0), since what the next case may meet is not narrower for
having known more of the mean. Sources: Buehlmann (1967), Experience rating and credibility; Gelman et al., Bayesian
Data Analysis (3rd ed.), sections 2.5 and 2.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import fill_options, read_assumed, settle, write_csv
from sourcing.value import find_means, list_ranges

if TYPE_CHECKING:
    from sourcing.case import Case
    from sourcing.program.ledger.ledger import Ledger

SIDES = ["low", "likely", "high"]
ON_RAMP = 2.0
"""Ramp months over those planned for which heads beyond the steady state count as ramp (house rule)."""
LESSON_COLUMNS = (
    "figure", "applies_to", "table", "column", "seen", "counted_in", "weight", "observed", "before", "after",
    "credibility", "meaning", "source",
)  # fmt: skip


@dataclass(frozen=True)
class Lessons:
    """What was learned, and the next case.

    Attributes
    ----------
    table : DataFrame
        One row per figure seen: columns LESSON_COLUMNS; observed, before and after are means (of transition and ramp:
        ratios to the plan), credibility = seen / (seen + weight).
    ranges : DataFrame
        figure, low_before, likely_before, high_before, low, likely, high: ranges that moved.
    case : Case
        The case with those ranges, and with time to go-live, ramp and attrition of its options brought to what was
        learned.
    """

    table: pd.DataFrame
    ranges: pd.DataFrame
    case: Case


@cache
def load_weights() -> pd.DataFrame:
    """Return how much each belief weighs: index figure; weight, counted_in, table, column, meaning, source."""
    return pd.read_csv(Path(__file__).with_name("learning.csv")).set_index("figure")


def shrink(observed: float, seen: float, before: float, weight: float) -> float:
    """Return the learned mean, (seen x observed + weight x before) / (seen + weight).

    Examples
    --------
    >>> shrink(1.5, 2, 1.2, 4)  # two moves at 1.5 beside a belief of 1.2 that is worth four
    1.3
    """
    return (seen * observed + weight * before) / (seen + weight)


def learn(ledger: Ledger, case: Case) -> Lessons:
    """Learn from a ledger what the next case should expect.

    Parameters
    ----------
    ledger : Ledger
    case : Case
        The unit's case as it stands: its ranges are the belief before.

    Returns
    -------
    Lessons
    """
    policy, _ = settle(case)
    ranges = list_ranges(case)
    means, weights = find_means(ranges), load_weights()
    options = fill_options(case, policy)[0]
    rows = []
    for figure, applies_to, seen, observed in (*_observe_money(ledger), *_observe_moves(ledger)):
        about = weights.loc[figure]
        if not seen > 0 or observed != observed:
            continue
        before = (
            float(means[figure]) if about["table"] == "ranges"
            else _find_attrition(options, applies_to) if figure == "attrition"
            else 1.0
        )  # fmt: skip
        after = shrink(observed, seen, before, float(about["weight"]))
        rows.append((figure, applies_to, about["table"], about["column"], seen, about["counted_in"],
                     float(about["weight"]), observed, before, after, seen / (seen + float(about["weight"])),
                     about["meaning"], about["source"]))  # fmt: skip
    table = pd.DataFrame(rows, columns=list(LESSON_COLUMNS))
    moved = _move_ranges(table[table["table"] == "ranges"], ranges)
    return Lessons(table, moved, _write_case(case, table, moved, ranges, options))


def find_lessons(ledger: Ledger | None, case: Case) -> Lessons | None:
    """Learn where there is a ledger."""
    return None if ledger is None else learn(ledger, case)


def _observe_money(ledger: Ledger) -> list[tuple[str, str, float, float]]:
    """Observe prices, wages, one-off spending, governance, invoices and service: figure, "", seen, mean."""
    rows, months = ledger.aligned.rows, ledger.aligned.months
    terms = ledger.baseline.commitments.set_index(["process", "option"])
    ran = rows[rows["is_reported"] & (rows["live_a"] > 0) & (rows["rate_p"] > 0)]
    found = []
    for figure, own in (("wages", True), ("prices", False)):
        part = ran[ran["is_own"] == own]
        part = part[part["wage" if own else "price"].notna()]
        units = part["live_a"] * np.where(
            part["is_own"], part["heads_per_unit_a"] * part["volume_a"], part["charged_a"]
        )
        held = pd.Series([terms.at[key, f"mean_{figure}"] for key in zip(part["process"], part["option"], strict=True)],
                         part.index, dtype=float)  # fmt: skip
        worth = units * part["rate_p"] * part["exchange_rate_p"]
        ratio = (worth * held * part["rate_a"] / part["rate_p"]).sum() / worth.sum() if worth.sum() > 0 else np.nan
        found.append((figure, "", float(part["live_a"].sum()) / 12, float(ratio)))
    live = ledger.benefits[ledger.benefits["went_live"].notna()]
    spent = months[months["process"].isin(live["process"])].groupby("process")[["one_off_p", "one_off_a"]].sum()
    spent = spent[spent["one_off_p"] > 0]
    mean = float(ledger.baseline.commitments["mean_one_off"].iloc[0])
    found.append(("one_off", "", float(len(spent)), _compare(spent["one_off_a"], spent["one_off_p"], mean)))
    kept = months[months["retained_cost_p"] > 0]
    mean = float(ledger.baseline.commitments["mean_governance"].iloc[0])
    found.append(("governance", "", len(kept) / 12, _compare(kept["retained_cost_a"], kept["retained_cost_p"], mean)))
    billed = ledger.invoices[ledger.invoices["billed"].notna()]
    owed = float((billed["owed"] + billed["extra_work"]).sum())
    found.append(("invoice_errors", "", len(billed) / 12, float(billed["error"].sum()) / owed if owed > 0 else np.nan))
    served = ledger.invoices[ledger.invoices["service_points"].notna()]
    found.append(("service", "", len(served) / 12, float(served["service_points"].mean())))
    return found


def _compare(came: pd.Series, promised: pd.Series, mean: float) -> float:
    """Compare what came with what was stated; the promise holds the figure at its mean."""
    return mean * float(came.sum()) / float(promised.sum()) if promised.sum() > 0 else np.nan


def _observe_moves(ledger: Ledger) -> list[tuple[str, str, float, float]]:
    """Observe time to go-live and ramp of the moves, and attrition, by delivery model."""
    terms = ledger.baseline.commitments
    moves = terms[terms["is_moved_to"]]
    rows, promise = ledger.aligned.rows, ledger.baseline.promise
    found: list[tuple[str, str, float, float]] = []
    late, ramps = [], []
    for move in moves.to_dict("records"):
        own = rows[(rows["process"] == move["process"]) & (rows["option"] == move["option"])].sort_values("month")
        worked = own[own["is_reported"] & (own["live_a"] > 0)]
        if worked.empty:
            continue
        planned = (move["goes_live"] - move["starts"]).days / 30.4375
        went = worked.iloc[0]["month"]
        left = float(worked.iloc[0]["live_a"]) / max(float(move["share"]), 1e-9)
        day = went + (went + pd.DateOffset(months=1) - went) * (1 - min(left, 1.0))
        if planned > 0:
            late.append((move["delivery_model"], (day - move["starts"]).days / 30.4375 / planned, 1.0))
        if move["ramp_months"] > 0 and move["owner_type"] == "own" and worked["heads"].notna().all():
            planned_rows = promise[(promise["process"] == move["process"]) & (promise["option"] == move["option"])]
            ratio, part = _weigh_ramp(planned_rows[planned_rows["live"] > 0], worked, float(move["ramp_months"]))
            ramps.append((move["delivery_model"], ratio, part))
    for figure, seen in (("transition", late), ("ramp", ramps)):
        table = pd.DataFrame(seen, columns=["model", "ratio", "weight"]).dropna()
        for model, part in table.groupby("model"):
            seen_of_it = float(part["weight"].sum())
            if seen_of_it > 0:
                ratio = float(np.average(part["ratio"], weights=part["weight"]))
                found.append((figure, str(model), seen_of_it, ratio))
    named = terms.set_index(["process", "option"])["delivery_model"]
    counted = rows[rows["is_reported"] & rows["is_own"] & rows["leavers"].notna()]
    model = pd.Series([named[key] for key in zip(counted["process"], counted["option"], strict=True)], counted.index,
                      dtype=object)  # fmt: skip
    ordinary = read_assumed("ordinary_attrition").value
    for name, part in counted.groupby(model):
        exposure = float((part["live_a"] * part["heads_per_unit_a"] * part["volume_a"]).sum()) / 12
        if exposure > 0:
            beyond = max(float(part["leavers"].sum()) / exposure - ordinary, 0.0)
            found.append(("attrition", str(name), exposure, beyond))
    return found


def _weigh_ramp(promised: pd.DataFrame, worked: pd.DataFrame, ramp_months: float) -> tuple[float, float]:
    """Weigh heads beyond the steady state on the ramp, month by month after go-live, against those promised.

    Parameters
    ----------
    promised : DataFrame
        Rows of the promise of the option from its go-live on, by month.
    worked : DataFrame
        Aligned rows of the option from its first month on.
    ramp_months : float

    Returns
    -------
    tuple of float and float
        Ratio of the two over the months seen, and the part of the ramp promised that was seen; NaN and 0 without one.
    """
    steady = float(promised["heads"].iloc[-1] / promised["volume"].iloc[-1])
    until = int(np.ceil(ON_RAMP * ramp_months)) + 1
    planned = (promised["heads"] / promised["volume"]).to_numpy(float)[:until] / steady - 1
    came = worked["heads_per_unit_a"].to_numpy(float)[:until] / steady - 1
    whole, seen = float(planned.sum()), float(planned[: len(came)].sum())
    return (max(float(came.sum()), 0.0) / seen, seen / whole) if seen > 1e-9 else (np.nan, 0.0)


def _find_attrition(options: pd.DataFrame, model: str) -> float:
    own = options[(options["owner_type"] == "own") & (options["delivery_model"] == model)]
    return float(own["attrition_share"].mean())


def _move_ranges(learned: pd.DataFrame, ranges: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for figure, before, after in learned[["figure", "before", "after"]].itertuples(index=False):
        sides = ranges.loc[figure, SIDES].astype(float)
        moved = sides * (after / before) if before > 0 else sides + (after - before)
        rows.append((figure, *sides, *moved))
    return pd.DataFrame(rows, columns=["figure", *(f"{side}_before" for side in SIDES), *SIDES])


def _write_case(
    case: Case, learned: pd.DataFrame, moved: pd.DataFrame, ranges: pd.DataFrame, options: pd.DataFrame
) -> Case:
    """Write what was learned into the tables ranges and options of a case."""
    own = case.ranges
    kept = own[~((own["party"] == "buyer") & own["figure"].isin(moved["figure"]))]
    seen = learned.set_index("figure")
    rows = [
        {
            "business_unit": case.unit["business_unit"], "figure": row["figure"], "party": "buyer",
            **{side: row[side] for side in SIDES},
            "correlation_group": ranges.at[row["figure"], "correlation_group"],
            "loading": ranges.at[row["figure"], "loading"],
            "source": f"learned from {seen.at[row['figure'], 'seen']:.3g} {seen.at[row['figure'], 'counted_in']}",
        }
        for row in moved.to_dict("records")
    ]  # fmt: skip
    table, filled = case.options, options.set_index(["process", "option"])
    keys = pd.MultiIndex.from_frame(table[["process", "option"]])
    as_is = case.processes.set_index("process")["as_is_option"]
    for lesson in learned[learned["table"] == "options"].to_dict("records"):
        column = lesson["column"]
        hit = (table["delivery_model"] == lesson["applies_to"]) & (table["option"] != table["process"].map(as_is))
        hit &= (table["owner_type"] == "own") | (lesson["figure"] == "transition")
        stated = filled[column].astype(float).reindex(keys).to_numpy()
        learned_value = stated * lesson["after"] if lesson["figure"] != "attrition" else lesson["after"]
        table[column] = table[column].astype(float).where(~hit, np.round(learned_value, 4))
    return case.replace(
        ranges=pd.concat([kept, pd.DataFrame(rows, columns=list(own))], ignore_index=True), options=table
    )


def save_lessons(lessons: Lessons, folder: str | Path) -> list[str]:
    """Write what was learned beside the next case: lessons.csv and ranges_before_after.csv.

    Returns
    -------
    list of str
        Names of the files.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    tables = {"lessons.csv": lessons.table, "ranges_before_after.csv": lessons.ranges}
    for name, table in tables.items():
        write_csv(table, target / name)
    return list(tables)
