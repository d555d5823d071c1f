"""Uncertain figures of the business case as ranges, and outcomes drawn from them by a seed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.errors import InputError, hint_near
from sourcing.value.cash import ONE_OFF

if TYPE_CHECKING:
    from sourcing.case import Case

FILE = Path(__file__).with_name("ranges.csv")
SIDES = ["low", "likely", "high"]
DRAWS, SEED = 2000, 20261
FACTOR_OF = {
    **dict.fromkeys(("labor", "overhead", "until_go_live", "ramp", "stranded", "peak", "attrition"), "wages"),
    **dict.fromkeys(("price", "vat"), "prices"),
    **dict.fromkeys(ONE_OFF, "one_off"),
    **dict.fromkeys(("governance", "retained"), "governance"),
}
"""Cash line -> the range that moves it; the others stay as stated."""


@cache
def _read() -> pd.DataFrame:
    return pd.read_csv(FILE).set_index("figure")


def list_ranges(case: Case) -> pd.DataFrame:
    """List the ranges of a unit: the documented ones, with those of the case's table `ranges` in their place.

    Returns
    -------
    DataFrame
        Index figure; low, likely, high, unit, acts_on (cash, contracts), meaning, source.

    Raises
    ------
    InputError
        The case names a figure that is not documented.
    """
    ranges, own = _read().copy(), case.ranges.set_index("figure")
    unknown = own.index.difference(ranges.index)
    if len(unknown):
        raise InputError(
            f"a range must be of a documented figure; got {unknown[0]!r} at ranges. "
            f"{hint_near(unknown[0], ranges.index)}"
        )
    ranges.loc[own.index, SIDES] = own[SIDES].astype(float)
    ranges.loc[own.index, "source"] = own["source"].where(own["source"] != "", "the case, without a source")
    return ranges


def draw_outcomes(ranges: pd.DataFrame, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Draw each figure from the triangle of its range, independently of the others.

    Parameters
    ----------
    ranges : DataFrame
        From `list_ranges`.
    draws : int
        Outcomes.
    seed : int
        Same seed, same outcomes; a figure's draws do not depend on which others are there.

    Returns
    -------
    DataFrame
        One row per outcome, one column per figure.

    Examples
    --------
    >>> flat = pd.DataFrame({"low": [1.0], "likely": [1.0], "high": [1.0]}, index=["volume"])
    >>> draw_outcomes(flat, draws=2)["volume"].tolist()
    [1.0, 1.0]
    """
    drawn = {}
    for figure, row in ranges[SIDES].astype(float).iterrows():
        chance = np.random.default_rng([seed, *str(figure).encode()]).random(draws)
        drawn[str(figure)] = invert_triangle(chance, row["low"], row["likely"], row["high"])
    return pd.DataFrame(drawn)


def invert_triangle(chance: np.ndarray, low: float, likely: float, high: float) -> np.ndarray:
    """Return the quantiles of the triangular distribution.

    Examples
    --------
    >>> invert_triangle(np.array([0.0, 0.25, 0.5, 1.0]), 0.0, 1.0, 4.0).round(4).tolist()
    [0.0, 1.0, 1.5505, 4.0]
    """
    if high <= low:
        return np.full_like(chance, likely)
    turn = (likely - low) / (high - low)
    rising = low + np.sqrt(chance * (high - low) * (likely - low))
    falling = high - np.sqrt((1 - chance) * (high - low) * (high - likely))
    return np.where(chance < turn, rising, falling)


def range_cash(planned: pd.DataFrame, today: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Range what is paid in each year, today's way and as planned, over the outcomes.

    A line moves by its range (`FACTOR_OF`), both states in the same outcomes. In the plan also the part of the
    saving in running cost that weak governance loses, and invoice errors on prices, both from 0 up: the range lies
    rather above the stated line than around it.

    Parameters
    ----------
    planned, today : DataFrame
        Columns year, line, amount: nominal cash of each state, summed over processes.
    outcomes : DataFrame
        From `draw_outcomes`.

    Returns
    -------
    DataFrame
        Columns state (As-Is, To-Be), year, stated, low, middle, high (tenth, fiftieth and ninetieth of a hundred).
    """
    tables, paid = _draw_cash(planned, today, outcomes)
    rows = []
    for state, table in tables.items():
        low, middle, high = np.quantile(paid[state], [0.1, 0.5, 0.9], axis=0)
        rows.append(pd.DataFrame({"state": state, "year": table.columns, "stated": table.sum().to_numpy(), "low": low,
                                  "middle": middle, "high": high}))  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def draw_savings(planned: pd.DataFrame, today: pd.DataFrame, outcomes: pd.DataFrame) -> np.ndarray:
    """Draw what the plan saves against today over all years, nominal, as in `range_cash`; shape (outcomes,)."""
    _, paid = _draw_cash(planned, today, outcomes)
    return paid["As-Is"].sum(axis=1) - paid["To-Be"].sum(axis=1)


def _draw_cash(
    planned: pd.DataFrame, today: pd.DataFrame, outcomes: pd.DataFrame
) -> tuple[dict[str, pd.DataFrame], dict[str, np.ndarray]]:
    """Return lines by year of each state, and what each state pays per outcome and year."""
    tables = {
        state: rows.pivot_table(index="line", columns="year", values="amount", aggfunc="sum", fill_value=0.0)
        for state, rows in (("As-Is", today), ("To-Be", planned))
    }
    paid = {}
    for state, table in tables.items():
        factors = np.ones((len(outcomes), len(table)))
        for place, line in enumerate(table.index):
            if line in FACTOR_OF:
                factors[:, place] = outcomes[FACTOR_OF[line]]
        errors = outcomes["invoice_errors"].to_numpy()[:, None] * _find_line(table, "price")
        paid[state] = factors @ table.to_numpy() + errors
    running = [table.drop(index=list(ONE_OFF), errors="ignore").sum().to_numpy() for table in tables.values()]
    saving = np.maximum(running[0] - running[1], 0)
    paid["To-Be"] = paid["To-Be"] + outcomes["value_lost"].to_numpy()[:, None] * saving
    return tables, paid


def _find_line(table: pd.DataFrame, line: str) -> np.ndarray:
    return table.loc[line].to_numpy() if line in table.index else np.zeros(table.shape[1])
