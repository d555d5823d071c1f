"""Uncertain figures of the business case as ranges, and outcomes drawn from them by a seed.

A figure j of group g is drawn by a one-factor Gaussian copula: z = loading_j M_g + sqrt(1 - loading_j^2) e_j with M
and e standard normal, and its value is the quantile of its triangle at Phi(z). So each keeps its triangle, two figures
of a group have the rank correlation 6 / pi x asin(loading_j x loading_k / 2), and figures of no common group none.

Source: Li (2000), On default correlation: a copula function approach; Kruskal (1958) for the rank correlation.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr

from sourcing.errors import InputError, hint_near
from sourcing.value.cash import ONE_OFF

if TYPE_CHECKING:
    from sourcing.case import Case

FILE = Path(__file__).with_name("ranges.csv")
SIDES = ["low", "likely", "high"]
MOVES_WITH = ["correlation_group", "loading"]
DRAWS, SEED = 2000, 20261
FACTOR_OF = {
    **dict.fromkeys(("labor", "overhead", "until_go_live", "ramp", "stranded", "peak", "attrition"), "wages"),
    **dict.fromkeys(("price", "vat"), "prices"),
    **dict.fromkeys(ONE_OFF, "one_off"),
    **dict.fromkeys(("governance", "retained"), "governance"),
}
"""Cash line -> the range that moves it; the others stay as stated."""
QUOTED_LINES = ("price", "vat")
"""Lines that a quoted price moves."""


@cache
def _read() -> pd.DataFrame:
    return pd.read_csv(FILE).set_index("figure")


def list_ranges(case: Case, chosen: pd.DataFrame | None = None) -> pd.DataFrame:
    """List the ranges of a unit: the documented ones, with those of the case's table `ranges` in their place.

    Parameters
    ----------
    case : Case
    chosen : DataFrame, optional
        Columns process, option: a quoted price of these has a range of its own, its quote's low and high over likely.

    Returns
    -------
    DataFrame
        Index figure; low, likely, high, unit, acts_on (cash, contracts), correlation_group, loading, meaning, source.

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
    told = own[own["correlation_group"] != ""]
    ranges.loc[told.index, "correlation_group"] = told["correlation_group"]
    told = own[own["loading"].notna()]
    ranges.loc[told.index, "loading"] = told["loading"].astype(float)
    ranges["correlation_group"] = ranges["correlation_group"].fillna("")
    quoted = range_quotes(case, chosen) if chosen is not None else pd.DataFrame()
    return pd.concat([ranges, quoted]).rename_axis("figure") if len(quoted) else ranges


def name_quote(process: str, option: str) -> str:
    """Name the figure that a quoted price is drawn by."""
    return f"price of {process} by {option}"


def range_quotes(case: Case, chosen: pd.DataFrame) -> pd.DataFrame:
    """Range the quoted prices of chosen options, as ratios to the likely price; columns of `list_ranges`."""
    pairs = chosen[["process", "option"]].drop_duplicates()
    quotes = case.quotes.merge(pairs, on=["process", "option"]).sort_values(["process", "option"])
    likely = quotes["likely"].astype(float)
    group, loading = _read().loc["price", MOVES_WITH]
    return pd.DataFrame(
        {
            "low": quotes["low"].astype(float).fillna(likely) / likely,
            "likely": 1.0,
            "high": quotes["high"].astype(float).fillna(likely) / likely,
            "unit": "ratio to the quote",
            "acts_on": "cash",
            "correlation_group": group,
            "loading": loading,
            "meaning": "quoted price of " + quotes["process"] + " by " + quotes["option"],
            "source": quotes["source"].where(quotes["source"] != "", "the quote"),
        }
    ).set_axis([name_quote(*pair) for pair in zip(quotes["process"], quotes["option"], strict=True)])


def draw_outcomes(ranges: pd.DataFrame, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Draw each figure from the triangle of its range, together with the others of its group.

    Parameters
    ----------
    ranges : DataFrame
        From `list_ranges`; without correlation_group and loading every figure moves alone.
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
    table = ranges.reindex(columns=[*SIDES, *MOVES_WITH])
    for figure, row in table.iterrows():
        own = _draw_normal(str(figure), draws, seed)
        if row["loading"] == row["loading"] and row["correlation_group"]:
            loading = float(row["loading"])
            own = (
                loading * _draw_normal(f"group {row['correlation_group']}", draws, seed) + np.sqrt(1 - loading**2) * own
            )
        drawn[str(figure)] = invert_triangle(ndtr(own), *row[SIDES].astype(float))
    return pd.DataFrame(drawn)


def _draw_normal(name: str, draws: int, seed: int) -> np.ndarray:
    return np.random.default_rng([seed, *name.encode()]).standard_normal(draws)


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

    A line moves by its range (`FACTOR_OF`), a quoted price by its quote's, both states in the same outcomes. In the
    plan also the part of the saving in running cost that weak governance loses, and invoice errors on prices, both from
    0 up: the range lies rather above the stated line than around it.

    Parameters
    ----------
    planned, today : DataFrame
        Columns year, line, amount, and process and option where quotes are drawn: nominal cash of each state.
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
        state: rows.assign(factor=_name_factors(rows, outcomes)).pivot_table(
            index=["line", "factor"], columns="year", values="amount", aggfunc="sum", fill_value=0.0
        )
        for state, rows in (("As-Is", today), ("To-Be", planned))
    }
    paid = {}
    for state, table in tables.items():
        factors = np.ones((len(outcomes), len(table)))
        for place, factor in enumerate(table.index.get_level_values("factor")):
            if factor:
                factors[:, place] = outcomes[factor]
        errors = outcomes["invoice_errors"].to_numpy()[:, None] * _find_line(table, "price")
        paid[state] = factors @ table.to_numpy() + errors
    tables = {state: table.groupby("line").sum() for state, table in tables.items()}
    running = [table.drop(index=list(ONE_OFF), errors="ignore").sum().to_numpy() for table in tables.values()]
    saving = np.maximum(running[0] - running[1], 0)
    paid["To-Be"] = paid["To-Be"] + outcomes["value_lost"].to_numpy()[:, None] * saving
    return tables, paid


def _find_line(table: pd.DataFrame, line: str) -> np.ndarray:
    return table[table.index.get_level_values("line") == line].sum().to_numpy()


def _name_factors(rows: pd.DataFrame, outcomes: pd.DataFrame) -> pd.Series:
    """Name what moves each row of cash: its quote's price where drawn, else the range of its line; "" for nothing."""
    factors = rows["line"].map(FACTOR_OF).fillna("")
    if "option" not in rows:
        return factors
    quoted = "price of " + rows["process"] + " by " + rows["option"]
    return factors.where(~(rows["line"].isin(QUOTED_LINES) & quoted.isin(outcomes.columns)), quoted)
