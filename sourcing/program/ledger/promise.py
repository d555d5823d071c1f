"""What a plan promises month by month, in the factors by which it can be held against what came.

A month of a process costs, over the options j that deliver it,

    sum over j of  L_j x (unit_j x X_j + B_j)  +  oversight  +  one-off  +  extra work  +  invoice errors  -  credits

with L_j the share of the work that j delivers, X_j its exchange rate and B_j running cost beside price and people.
unit_j is heads x wage of own staff, heads in proportion to volume, or what the contract charges at its price for the
volume of the month; oversight is the heads kept to govern and own the outcome x what one costs. The lines of the plan
are sorted into these factors, and the months of a quarter sum to the quarter of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.assess import date_valuation
from sourcing.decide import STATES, spread_states
from sourcing.program.ledger.commitments import find_rate, list_commitments
from sourcing.program.ledger.months import (
    THREE,
    list_months,
    mark_month,
    share_between,
    share_live_months,
    spread_quarters,
)
from sourcing.value import ONE_OFF, SHARED, SHARED_ONE_OFF

if TYPE_CHECKING:
    from collections.abc import Collection

    from sourcing.case import Case
    from sourcing.decide import Decision

PROMISE_COLUMNS = (
    "process", "option", "month", "volume", "live", "rate", "heads", "exchange_rate", "beside", "retained_heads",
    "retained_cost", "one_off", "invoice_errors", "cost", "as_is",
)  # fmt: skip
GROUPS = {
    "people": ("labor", "overhead", "until_go_live"),
    "ramp": ("ramp",),
    "price": ("price", "price_until_go_live"),
    "oversight": ("governance", "retained"),
    "errors": ("invoice_errors",),
    "one_off": ONE_OFF,
}
"""Factor -> lines of the plan's cash; every other line is running cost beside."""
AT_GO_LIVE = ("severance", "staff_transfer", "exit")
AT_START = ("investment", "tender")
AFTER_GO_LIVE = ("service_dip",)

Quarterly = dict[str, np.ndarray]
"""Line or factor -> amounts, shape (quarters,)."""


@dataclass(frozen=True)
class Frame:
    """What every process of a unit shares: its months and the growth of its money."""

    months: pd.DatetimeIndex
    quarters: int
    years: np.ndarray
    """Years from the valuation date to the middle of each month's quarter."""
    price_years: np.ndarray
    """Years from the price year to the middle of each month."""


def list_promise(decision: Decision, commitments: pd.DataFrame | None = None) -> pd.DataFrame:
    """List what a plan promises, one row per process, option and month of the horizon.

    Parameters
    ----------
    decision : Decision
    commitments : DataFrame, optional
        From `list_commitments` of the decision; listed if None.

    Returns
    -------
    DataFrame
        Columns PROMISE_COLUMNS: process, option, month (its first day); volume (promised of the whole process in the
        month, in its own units; 1 = a month of today where no volume is stated), live (share of the work that the
        option delivers), rate (of an outside owner: price per unit of volume; of own staff: one head in a month; in
        the currency of the delivery), heads (own, at full delivery; 0 of an outside owner), exchange_rate (unit's
        currency per currency of the delivery), beside (other running cost at full delivery); retained_heads,
        retained_cost, one_off, invoice_errors; cost (of the row); as_is (what today's delivery would have cost, on the
        row of its option). Nominal money of the unit at the plan's means.

        Options: those chosen, and today's; their factors stand for the whole horizon, so that a delay has a price.
        Money that processes share has the process `(shared)`. The costs of a year sum to the plan's nominal cash of
        that year, `as_is` to that of today.
    """
    terms = list_commitments(decision) if commitments is None else commitments
    terms, frame = terms.set_index(["process", "option"]), _frame_unit(decision.case.unit)
    cash = _index_cash(spread_states(decision), frame.quarters)
    today = decision.as_is.choices.set_index("process")
    processes = decision.case.processes.set_index("process")
    tables = []
    for process, chosen in decision.plan.choices.groupby("process", sort=True):
        volume = _find_volume(processes.loc[process], frame)
        own = {**today.loc[process].to_dict(), "process": process}
        tables.append(_promise_process(own, chosen.to_dict("records"), cash, volume, terms, decision.case, frame))
    tables.append(_promise_shared(cash, frame))
    promise = pd.concat(tables, ignore_index=True)
    return promise[list(PROMISE_COLUMNS)].sort_values(["process", "option", "month"], ignore_index=True)


def _frame_unit(unit: pd.Series) -> Frame:
    quarters, day = 4 * int(unit["horizon_years"]), date_valuation(unit)
    months = list_months(day, quarters)
    years = np.repeat((np.arange(quarters) + 0.5) / 4, THREE)
    first = pd.Timestamp(year=int(unit["price_year"]), month=1, day=1)
    return Frame(months, quarters, years, ((months - first).days.to_numpy(float) + 15) / 365.25)


def _index_cash(cash: pd.DataFrame, quarters: int) -> dict[tuple[str, str, str], Quarterly]:
    """Index nominal cash by state, process and option: line -> amounts by quarter."""
    found: dict[tuple[str, str, str], Quarterly] = {}
    table = cash.pivot_table(
        index=["state", "process", "option", "line"], columns="quarter", values="amount", aggfunc="sum", fill_value=0.0
    ).reindex(columns=range(1, quarters + 1), fill_value=0.0)
    for (state, process, option, line), amounts in zip(table.index, table.to_numpy(float), strict=True):
        found.setdefault((state, process, option), {})[line] = amounts
    return found


def _find_volume(process: pd.Series, frame: Frame) -> np.ndarray:
    base = float(process["volume_per_year"]) / 12
    grown = (1 + float(process["volume_growth"])) ** frame.years
    return (base if base > 0 else 1.0) * grown


def _group(lines: Quarterly, quarters: int) -> Quarterly:
    """Sum the lines of each factor; what no factor names is `beside`."""
    named = {line for members in GROUPS.values() for line in members}
    groups = {name: _sum([lines[line] for line in members if line in lines], quarters)
              for name, members in GROUPS.items()}  # fmt: skip
    groups["beside"] = _sum([amounts for line, amounts in lines.items() if line not in named], quarters)
    return groups


def _sum(amounts: Collection[np.ndarray], quarters: int) -> np.ndarray:
    return np.sum(list(amounts), axis=0) if len(amounts) else np.zeros(quarters)


def _promise_process(
    own: dict[str, Any],
    chosen: list[dict[str, Any]],
    cash: dict[tuple[str, str, str], Quarterly],
    volume: np.ndarray,
    terms: pd.DataFrame,
    case: Case,
    frame: Frame,
) -> pd.DataFrame:
    """Promise one process: today's delivery as far as it goes on, and each option that takes over."""
    process, months = own["process"], len(frame.months)
    as_is = cash.get((STATES[0], process, own["option"]), {})
    todays = _group(as_is, frame.quarters)
    full = {name: np.repeat(amounts, THREE) / THREE for name, amounts in todays.items()}
    left, late = np.zeros(months), np.zeros(months)
    staying, tables = np.zeros(months), []
    for row in sorted(chosen, key=lambda each: str(each["option"])):
        share, lines = float(row["share"]), cash.get((STATES[1], process, row["option"]), {})
        if row["option"] == own["option"]:
            left, staying = left + share, staying + _spread_one_off(lines, row, frame)
            continue
        live = share * share_live_months(float(row["go_live_months"]), months)
        before = share - live
        groups = _group(lines, frame.quarters)
        paid = {}
        for name in ("people", "ramp", "price", "oversight", "errors", "beside"):
            rest = groups[name] - (before * full[name]).reshape(-1, THREE).sum(axis=1)
            is_live = live.reshape(-1, THREE).sum(axis=1) > 0
            paid[name] = spread_quarters(np.where(is_live, rest, 0.0), live)
            late = late + spread_quarters(np.where(is_live, 0.0, rest), before)
        left = left + before
        table = _tabulate(row, paid, live, volume, terms.loc[(process, row["option"])], case, frame)
        tables.append(table.assign(one_off=_spread_one_off(lines, row, frame), as_is=0.0))
    paid = {name: left * full[name] for name in ("people", "ramp", "price", "oversight", "errors", "beside")}
    table = _tabulate(own, paid, left, volume, terms.loc[(process, own["option"])], case, frame, full)
    table["beside"] += np.where(left > 0, late / np.where(left > 0, left, 1.0), 0.0)
    table["one_off"] = staying + np.where(left > 0, 0.0, late)
    table["as_is"] = np.repeat(_sum(as_is.values(), frame.quarters), THREE) / THREE
    tables.append(table)
    joined = pd.concat(tables, ignore_index=True).assign(process=process)
    return joined.assign(cost=sum_cost(joined))


def sum_cost(promise: pd.DataFrame) -> pd.Series:
    """Sum the promised cost of each row from its factors; see the head of this module."""
    unit = np.where(promise["heads"] > 0, promise["heads"], promise["volume"]) * promise["rate"]
    running = promise["live"] * (unit * promise["exchange_rate"] + promise["beside"])
    return running + promise[["retained_cost", "one_off", "invoice_errors"]].sum(axis=1)


def _tabulate(
    row: dict[str, Any],
    paid: Quarterly,
    live: np.ndarray,
    volume: np.ndarray,
    terms: pd.Series,
    case: Case,
    frame: Frame,
    full: Quarterly | None = None,
) -> pd.DataFrame:
    """Tabulate the factors of one option from what is paid in each month, or what it costs at full delivery."""
    whole = {name: _fill(amounts, live) for name, amounts in paid.items()} if full is None else full
    heads = float(row["fte"]) * volume / volume[0] if row["owner_type"] == "own" else np.zeros(len(live))
    heads = heads * (1 + np.where(whole["people"] > 0, whole["ramp"] / np.where(whole["people"] > 0,
                                                                               whole["people"], 1.0), 0.0))  # fmt: skip
    rates, beside = _follow_rate(str(terms["currency"]), str(row["country"]), case, frame), whole["beside"]
    people = whole["people"] + whole["ramp"]
    if (heads > 0).all():
        rate, beside = people / (heads * rates), beside + whole["price"]
    else:
        heads, rate, beside = np.zeros(len(live)), whole["price"] / (volume * rates), beside + people
    governing = float(row["governance_fte"]) + float(row["retained_fte"])
    kept = paid["oversight"] if governing > 0 else np.zeros(len(live))
    if governing <= 0:
        beside = beside + whole["oversight"]
    return pd.DataFrame(
        {
            "option": row["option"],
            "month": frame.months,
            "volume": volume,
            "live": live,
            "rate": rate,
            "heads": heads,
            "exchange_rate": rates,
            "beside": beside,
            "retained_heads": governing * live,
            "retained_cost": kept,
            "invoice_errors": paid["errors"],
        }
    )


def _fill(amounts: np.ndarray, live: np.ndarray) -> np.ndarray:
    """Return what a month costs at full delivery; a month before go-live as the first one after."""
    whole = pd.Series(np.where(live > 0, amounts / np.where(live > 0, live, 1.0), np.nan))
    return whole.bfill().ffill().fillna(0.0).to_numpy()


def _follow_rate(currency: str, country: str, case: Case, frame: Frame) -> np.ndarray:
    """Follow the exchange rate of a delivery: that of the price year, with the gain that the case states a year."""
    if currency == case.unit["currency"]:
        return np.ones(len(frame.months))
    gain = case.wage_paths.set_index("country")["currency_gain"].get(country, 0.0)
    return find_rate(currency, case.unit) * (1 + float(gain)) ** frame.price_years


def _spread_one_off(lines: Quarterly, row: dict[str, Any], frame: Frame) -> np.ndarray:
    """Spread one-off spending over the months in which it falls due."""
    start, go_live, months = float(row["start_months"]), float(row["go_live_months"]), len(frame.months)
    total = np.zeros(months)
    for line in ONE_OFF:
        if line not in lines:
            continue
        if line in AT_GO_LIVE:
            weights = mark_month(go_live, months)
        elif line in AT_START:
            weights = mark_month(start, months)
        elif line in AFTER_GO_LIVE:
            weights = share_live_months(go_live, months)
        else:
            weights = share_between(start, go_live, months)
        total = total + spread_quarters(lines[line], weights)
    return total


def _promise_shared(cash: dict[tuple[str, str, str], Quarterly], frame: Frame) -> pd.DataFrame:
    """Promise the money that processes share, evenly over the months of each quarter."""
    items = sorted({option for _, process, option in cash if process == SHARED})
    tables = []
    for item in items:
        planned, today = (cash.get((state, SHARED, item), {}) for state in reversed(STATES))
        once = _sum([planned[line] for line in SHARED_ONE_OFF if line in planned], frame.quarters)
        running = _sum(planned.values(), frame.quarters) - once
        before = _sum(today.values(), frame.quarters)
        one_off, beside, as_is = (np.repeat(each, THREE) / THREE for each in (once, running, before))
        flat = {"volume": 1.0, "live": 1.0, "rate": 0.0, "heads": 0.0, "exchange_rate": 1.0, "retained_heads": 0.0,
                "retained_cost": 0.0, "invoice_errors": 0.0}  # fmt: skip
        table = pd.DataFrame(
            {"option": item, "month": frame.months, "beside": beside, "one_off": one_off, "as_is": as_is}
        )
        tables.append(table.assign(process=SHARED, **flat, cost=beside + one_off))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(PROMISE_COLUMNS))
