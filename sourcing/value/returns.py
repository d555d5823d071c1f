"""What a stream of cash is worth: net present value, payback, rates of return, return on investment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy_financial as npf
import pandas as pd

from sourcing.errors import InputError
from sourcing.value.cash import (
    CASH_LINES,
    ONE_OFF,
    SHARED_ONE_OFF,
    discount_fixed,
    grow_flows,
    list_times,
    price_flows,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from sourcing.case import Policy

HALF_QUARTER = 0.125
"""Years from the middle of a quarter, where its payments are discounted, to its end, where all of it is paid."""
TOLERANCE = 1e-9
SHARED = "(shared)"
"""Stands where a process would for money that processes share."""


def find_rates(flows: npt.ArrayLike) -> list[float]:
    """Find every internal rate of return: each rate above -1 at which the flows are worth nothing.

    sum over t of flow_t / (1 + rate) ** t = 0; the real roots of the polynomial. Flows that change sign more than
    once can have several rates, and then none of them decides anything (Lorie and Savage 1955): use the net present
    value or the modified rate.

    Parameters
    ----------
    flows : array
        One payment per period, the first now.

    Returns
    -------
    list of float
        Rates per period, ascending; empty where there is none.

    Examples
    --------
    >>> [round(rate, 4) for rate in find_rates([-1600, 10000, -10000])]
    [0.25, 4.0]
    >>> [round(rate, 4) for rate in find_rates([-70000, 12000, 15000, 18000, 21000, 26000])]
    [0.0866]
    >>> find_rates([100, 50])
    []

    A payment below a billionth of the largest is what rounding leaves, and no payment:

    >>> [round(rate, 4) for rate in find_rates([-100, 60, 60, 60, -1e-11])]
    [0.3631]
    """
    paid = np.asarray(flows, float)
    paid = np.trim_zeros(np.where(np.abs(paid) > TOLERANCE * np.abs(paid).max(initial=0.0), paid, 0.0))
    if len(paid) < 2 or (paid > 0).all() or (paid < 0).all():
        return []
    roots = np.roots(paid)  # of the growth factor 1 + rate, highest power first
    real = np.sort(roots.real[(np.abs(roots.imag) < 1e-6) & (roots.real > 0)]) - 1
    found: list[float] = []
    for rate in real:
        if not found or rate - found[-1] > 1e-6:
            found.append(float(rate))
    return found


def find_modified_rate(flows: npt.ArrayLike, finance_rate: float, reinvest_rate: float) -> float:
    """Find the modified internal rate of return, which is one however often the flows change sign; NaN without both.

    (future value of returns at the reinvestment rate / present value of outlays at the finance rate)
    ** (1 / periods) - 1, as numpy-financial reckons it.

    Examples
    --------
    >>> round(find_modified_rate([-120000, 39000, 30000, 21000, 37000, 46000], 0.1, 0.12), 4)
    0.1261
    """
    paid = np.asarray(flows, float)
    if not ((paid > 0).any() and (paid < 0).any()):
        return np.nan
    return float(npf.mirr(paid, finance_rate, reinvest_rate))


def find_payback(flows: npt.ArrayLike, times: npt.ArrayLike) -> float:
    """Find the time from which the sum of the flows stays at or above 0; inf where it never does, 0 if always.

    Between two times the sum is taken to grow in a straight line. Of what is paid evenly over a quarter, the time at
    which its sum is reached is the quarter's end; its middle would tell a day before the money is back.

    Parameters
    ----------
    flows : array_like
    times : array_like
        When the sum up to and with each flow is reached, in the unit of the answer.

    Examples
    --------
    >>> find_payback([-100.0, 40.0, 40.0, 40.0], [0, 1, 2, 3])
    2.5
    >>> find_payback([-100.0, 150.0, -80.0], [0, 1, 2]), find_payback([5.0, 5.0], [0, 1])
    (inf, 0.0)
    """
    paid, when = np.asarray(flows, float), np.asarray(times, float)
    total = np.cumsum(paid)
    short = np.flatnonzero(total < -TOLERANCE * np.abs(paid).max(initial=1.0))
    if not len(short):
        return 0.0
    last = int(short[-1])
    if last == len(total) - 1:
        return np.inf
    step = (0 - total[last]) / (total[last + 1] - total[last])
    return float(when[last] + step * (when[last + 1] - when[last]))


def value_stream(flows: np.ndarray, outlay: float, unit: pd.Series) -> dict[str, float]:
    """Value one stream of quarterly differences against today.

    Parameters
    ----------
    flows : ndarray, shape (quarters,)
        Nominal cash today less nominal cash of the move: below 0 where the move costs.
    outlay : float
        Present value of the move's one-off spending.
    unit : Series
        The unit's row: discount_rate, horizon_years.

    Returns
    -------
    dict
        npv (payments in the middle of their quarter); payback_years and discounted_payback_years (a quarter is paid
        in full at its end, evenly until then); irr (a year; NaN
        where there is none or more than one), rates (how many), mirr (a year, at the discount rate); roi = npv over
        outlay (NaN without outlay).
    """
    times, factors = list_times(unit), discount_fixed(unit)
    quarterly = (1 + float(unit["discount_rate"])) ** 0.25 - 1
    npv = float(npf.npv(quarterly, flows) * factors[0])
    rates = find_rates(flows)
    modified = find_modified_rate(flows, quarterly, quarterly)
    return {
        "npv": npv,
        "payback_years": find_payback(flows, times + HALF_QUARTER),
        "discounted_payback_years": find_payback(flows * factors, times + HALF_QUARTER),
        "irr": (1 + rates[0]) ** 4 - 1 if len(rates) == 1 else np.nan,
        "rates": len(rates),
        "mirr": (1 + modified) ** 4 - 1,
        "roi": npv / outlay if outlay > 0 else np.nan,
    }


def spread_cash(offers: pd.DataFrame, unit: pd.Series, policy: Policy) -> pd.DataFrame:
    """Spread the nominal cash of offers over quarters and lines.

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`, all or some of its rows.
    unit : Series
    policy : Policy

    Returns
    -------
    DataFrame
        Columns process, option, wave (with a calendar), quarter (1 = first), line, amount; lines that are 0
        throughout are left out, but one of them where all are. Memory: 8 bytes x offers x quarters x lines while it is
        priced.
    """
    keys, tables = [name for name in ("process", "option", "wave") if name in offers], []
    flows = grow_flows(price_flows(offers, unit, policy), unit)
    for line in [name for name in CASH_LINES if flows[name].any()] or CASH_LINES[:1]:
        frame = pd.DataFrame(flows[line], index=pd.MultiIndex.from_frame(offers[keys]))
        frame.columns = frame.columns + 1
        long = frame.rename_axis(columns="quarter").stack().rename("amount").reset_index()
        tables.append(long.assign(line=line))
    return pd.concat(tables, ignore_index=True)[[*keys, "quarter", "line", "amount"]]


def value_moves(
    cash: pd.DataFrame, choices: pd.DataFrame, today: pd.DataFrame, unit: pd.Series, shared: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Value each chosen move against today, what changes of the money that processes share, and all of it together.

    Parameters
    ----------
    cash : DataFrame
        From `spread_cash`.
    choices : DataFrame
        Chosen alternatives: process, option, wave (if cash has it), share.
    today : DataFrame
        Today's, likewise.
    unit : Series
    shared : DataFrame, optional
        Nominal money that processes share: state (As-Is, To-Be), line, quarter, amount.

    Returns
    -------
    DataFrame
        Index process, `(shared)` where that money changes, last row `all`; columns of `value_stream` and outlay. What
        stays is left out.

    Raises
    ------
    InputError
        A choice has no cash.
    """
    keys = [name for name in ("process", "option", "wave") if name in cash]
    quarters = 4 * int(unit["horizon_years"])
    lines = cash.pivot_table(index=[*keys, "line"], columns="quarter", values="amount", aggfunc="sum", fill_value=0.0)
    lines = lines.reindex(columns=range(1, quarters + 1), fill_value=0.0)

    def sum_flows(rows: pd.DataFrame, only: Sequence[str] | None = None) -> pd.DataFrame:
        picked = rows.set_index(keys)["share"].rename("share")
        table = lines.reset_index("line")
        table = table[table["line"].isin(only)] if only is not None else table
        shared = table.drop(columns="line").mul(picked.reindex(table.index).fillna(0.0), axis=0)
        return shared.groupby("process").sum()

    known = lines.droplevel("line").index
    missing = ~choices.set_index(keys).index.isin(known)
    if missing.any():
        raise InputError(
            f"a choice must have cash; got {tuple(choices[keys].iloc[missing.argmax()])}. "
            f"Hint: list the cash of the same case and levers."
        )
    saved = sum_flows(today).sub(sum_flows(choices), fill_value=0.0)
    outlay = (sum_flows(choices, ONE_OFF) @ discount_fixed(unit)).reindex(saved.index).fillna(0.0)
    if shared is not None and len(shared):
        signs = shared["state"].map({"As-Is": 1.0, "To-Be": -1.0})
        by_quarter = (signs * shared["amount"]).groupby(shared["quarter"]).sum()
        saved.loc[SHARED] = by_quarter.reindex(saved.columns).fillna(0.0)
        once = shared[(shared["state"] == "To-Be") & shared["line"].isin(SHARED_ONE_OFF)]
        outlay[SHARED] = float(once["amount"] @ discount_fixed(unit)[once["quarter"].astype(int) - 1])
    moves = saved.loc[(saved.abs() > TOLERANCE).any(axis=1)]
    rows = {
        process: value_stream(flows, outlay[process], unit) | {"outlay": outlay[process]}
        for process, flows in zip(moves.index, moves.to_numpy(), strict=True)
    }
    spent = float(outlay[moves.index].sum())
    rows["all"] = value_stream(moves.to_numpy().sum(axis=0), spent, unit) | {"outlay": spent}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("process")
