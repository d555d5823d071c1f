"""Uncertain figures of the business case as ranges, and outcomes drawn from them by a seed.

A figure j of group g is drawn by a one-factor Gaussian copula: z = loading_j M_g + sqrt(1 - loading_j^2) e_j with M
and e standard normal, and its value is the quantile of its shape at the rank of z among all draws. So each keeps its
shape, two figures of a group have the rank correlation 6 / pi x asin(loading_j x loading_k / 2), and figures of no
common group none.

M and e are Latin hypercubes, one stratified stream each by name, and ranks make every figure stratified again: of n
draws one lies in each n-th of its shape, so that the mean of the draws is the mean of the shape but for a rest that is
far below the error of random draws. Streams of Sobol points by name would not do: two scrambles of the same sequence
move together. Standard errors that are taken as if draws were random are therefore on the safe side.

Source: Li (2000), On default correlation: a copula function approach; Kruskal (1958) for the rank correlation; McKay,
Beckman and Conover (1979) for Latin hypercubes, Iman and Conover (1982) for ranks that carry a correlation.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy

from sourcing.case import read_shape
from sourcing.value.cash import FIGURE_OF
from sourcing.value.deals.shapes import invert_shape

if TYPE_CHECKING:
    from sourcing.case import Case

FILE = Path(__file__).with_name("ranges.csv")
SIDES = ["low", "likely", "high"]
SHAPED = [*SIDES, "shape", "values"]
MOVES_WITH = ["correlation_group", "loading"]
DRAWS, SEED = 2000, 20261
QUOTED_LINES = {"option": ("price", "vat"), "as_is_option": ("price_until_go_live",)}
"""Column that names an option -> lines that the quote of this option moves, in place of the range of all prices."""
AS_STATED = "as stated"
"""Stands for the figure of lines that no figure moves, where a country does."""
PLACED_LINES = {
    "country": ("labor", "overhead", "non_labor", "ramp", "peak", "attrition", "price", "vat"),
    "today_country": ("until_go_live", "non_labor_until_go_live", "stranded", "price_until_go_live"),
}
"""Column that names the country that moves an option, and today's -> lines that it moves."""
NEUTRAL = {"value_lost": 0.0, "invoice_errors": 0.0}
"""Figures of cash that leave money as stated at another value than 1."""


@cache
def load_ranges() -> pd.DataFrame:
    """Return the documented ranges, columns of `list_ranges`: index figure.

    Examples
    --------
    >>> float(load_ranges().at["volume", "likely"])
    1.0
    """
    return pd.read_csv(FILE).set_index("figure")


def list_ranges(
    case: Case, chosen: pd.DataFrame | None = None, *, use_ranges: bool = True, party: str = "buyer"
) -> pd.DataFrame:
    """List the ranges of a unit: the documented ones, with those of the case's table `ranges` in their place.

    Parameters
    ----------
    case : Case
    chosen : DataFrame, optional
        Columns process, option: a quoted price of these has a range of its own, its quote's low and high over likely.
    use_ranges : bool
        Off: figures of cash have no range and leave money as stated.
    party : str
        Whose ranges: buyer or provider.

    Returns
    -------
    DataFrame
        Index figure; low, likely, high, unit, acts_on (cash, contracts), correlation_group, loading, meaning, source,
        shape, values (see `read_shape`; low, likely and high are told of every shape).
    """
    ranges = load_ranges().assign(shape="triangular", values="")
    own = shape_rows(case.ranges[case.ranges["party"] == party].set_index("figure"))
    ranges.loc[own.index, SHAPED] = own[SHAPED]
    ranges.loc[own.index, "source"] = own["source"].where(own["source"] != "", "the case, without a source")
    told = own[own["correlation_group"] != ""]
    ranges.loc[told.index, "correlation_group"] = told["correlation_group"]
    told = own[own["loading"].notna()]
    ranges.loc[told.index, "loading"] = told["loading"].astype(float)
    ranges["correlation_group"] = ranges["correlation_group"].fillna("")
    quoted = range_quotes(case, chosen) if chosen is not None else pd.DataFrame()
    ranges = pd.concat([ranges, quoted]).rename_axis("figure") if len(quoted) else ranges
    return ranges if use_ranges else _flatten(ranges)


def _flatten(ranges: pd.DataFrame) -> pd.DataFrame:
    """Take the range off every figure of cash."""
    flat = ranges.copy()
    for figure in flat.index[flat["acts_on"] == "cash"]:
        flat.loc[figure, SIDES] = NEUTRAL.get(figure, 1.0)
        flat.loc[figure, ["shape", "values"]] = ["triangular", ""]
        flat.loc[figure, "source"] = "ranges are switched off: as stated"
    return flat


def shape_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Fill low, likely and high of rows whose shape is told by values; see `Shape`."""
    told = [read_shape(row) for row in rows.to_dict("records")]
    return rows.assign(**{side: pd.Series([getattr(each, side) for each in told], rows.index, float) for side in SIDES})


def find_means(ranges: pd.DataFrame) -> pd.Series:
    """Return the mean of each figure's shape, exactly; see `Shape.mean`.

    Parameters
    ----------
    ranges : DataFrame
        Columns low, likely, high and, where told, shape and values; a triangle where not.

    Returns
    -------
    Series
        Index of `ranges`.

    Examples
    --------
    >>> find_means(pd.DataFrame({"low": [0.9], "likely": [1.1], "high": [1.7]}, index=["one_off"])).round(4).to_dict()
    {'one_off': 1.2333}
    """
    return pd.Series([read_shape(row).mean for row in ranges.to_dict("records")], ranges.index, dtype=float)


def name_quote(process: str, option: str) -> str:
    """Name the figure that a quoted price is drawn by."""
    return f"price of {process} by {option}"


def range_quotes(case: Case, chosen: pd.DataFrame) -> pd.DataFrame:
    """Range the quoted prices of chosen options, as ratios to the likely price; columns of `list_ranges`."""
    pairs = chosen[["process", "option"]].drop_duplicates()
    quotes = case.quotes.merge(pairs, on=["process", "option"]).sort_values(["process", "option"])
    likely = quotes["likely"].astype(float)
    group, loading = load_ranges().loc["price", MOVES_WITH]
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
            "shape": "triangular",
            "values": "",
        }
    ).set_axis([name_quote(*pair) for pair in zip(quotes["process"], quotes["option"], strict=True)])


def draw_outcomes(ranges: pd.DataFrame, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Draw each figure from the shape of its range, stratified, together with the others of its group.

    Parameters
    ----------
    ranges : DataFrame
        From `list_ranges`; without correlation_group and loading every figure moves alone, without shape each is a
        triangle.
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
    table = ranges.reindex(columns=[*SHAPED, *MOVES_WITH])
    for figure, row in zip(table.index, table.to_dict("records"), strict=True):
        shape = read_shape(row)
        if shape.is_certain:
            drawn[str(figure)] = np.full(draws, shape.likely)
            continue
        own, loading = draw_normal(str(figure), draws, seed), row["loading"]
        if loading == loading and row["correlation_group"]:
            common = draw_normal(f"group {row['correlation_group']}", draws, seed)
            own = float(loading) * common + np.sqrt(1 - float(loading) ** 2) * own
        drawn[str(figure)] = invert_shape(stratify(own), shape)
    return pd.DataFrame(drawn, index=range(draws))


def draw_normal(name: str, draws: int, seed: int) -> np.ndarray:
    """Draw a standard normal stream of a name: a Latin hypercube of one dimension, shape (draws,)."""
    from scipy.stats import qmc

    generator = np.random.default_rng([seed, *name.encode()])
    return scipy.special.ndtri(qmc.LatinHypercube(1, rng=generator).random(draws)[:, 0])


def stratify(drawn: np.ndarray) -> np.ndarray:
    """Return chances by rank: of n draws the k-th from below has (k - 1/2) / n.

    Examples
    --------
    >>> stratify(np.array([3.0, -1.0])).tolist()
    [0.75, 0.25]
    """
    chances = np.empty(len(drawn))
    chances[np.argsort(drawn, kind="stable")] = (np.arange(len(drawn)) + 0.5) / len(drawn)
    return chances


def weigh_outcomes(ranges: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return what multiplies money that stands at the means of its figures, outcome by outcome: drawn over mean.

    Parameters
    ----------
    ranges : DataFrame
        From `list_ranges`.
    outcomes : DataFrame
        From `draw_outcomes` of these ranges.

    Returns
    -------
    DataFrame
        One row per outcome, a column per figure of cash; 1 where the mean is 0, whose lines are 0. Where the ranges
        hold factors of countries (`list_country_ranges`), a column per figure and country beside, of the figure x
        the exchange rate of the country (x its wages for wages), and one of lines that no figure moves.
    """
    means = find_means(ranges)
    over = (outcomes[ranges.index] / means.where(means != 0)).fillna(1.0)
    weights = over[ranges.index[ranges["acts_on"] == "cash"]]
    placed = {}
    for country in sorted(set(ranges["country"].dropna())) if "country" in ranges else ():
        exchange, wages = (
            over[name] if name in over else pd.Series(1.0, over.index)
            for name in (name_exchange(country), name_wages(country))
        )
        for name in weights:
            placed[name_abroad(name, country)] = weights[name] * exchange * (wages if name == "wages" else 1.0)
        placed[name_abroad(AS_STATED, country)] = exchange
    return pd.concat([weights, pd.DataFrame(placed, index=weights.index)], axis=1)


def name_exchange(country: str) -> str:
    """Name the figure that the exchange rate of a country is drawn by."""
    return f"exchange rate of {country}"


def name_wages(country: str) -> str:
    """Name the figure that the wages of a country are drawn by."""
    return f"wages of {country}"


def name_abroad(figure: str, country: str) -> str:
    """Name the product of a figure and what moves a country."""
    return f"{figure} in {country}"


def range_cash(planned: pd.DataFrame, today: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Range what is paid in each year, today's way and as planned, over the outcomes.

    A line moves with its figure (`FIGURE_OF`), a quoted price with its quote, both states in the same outcomes.

    Parameters
    ----------
    planned, today : DataFrame
        Columns year, line, amount, and process, option and as_is_option where quotes are drawn: nominal cash of each
        state at the means; with moved_by, rows where it is told are changes whose mean is 0.
    weights : DataFrame
        From `weigh_outcomes`.

    Returns
    -------
    DataFrame
        Columns state (As-Is, To-Be), year, stated (the mean), low, middle, high (tenth, fiftieth and ninetieth of a
        hundred).
    """
    rows = []
    for state, table in (("As-Is", today), ("To-Be", planned)):
        paid = draw_cash(table, "year", weights)
        low, middle, high = np.quantile(paid.to_numpy(), [0.1, 0.5, 0.9], axis=0)
        fixed = table[table["moved_by"].isna()] if "moved_by" in table else table
        stated = fixed.groupby("year")["amount"].sum().reindex(paid.columns, fill_value=0.0)
        rows.append(pd.DataFrame({"state": state, "year": paid.columns, "stated": stated.to_numpy(), "low": low,
                                  "middle": middle, "high": high}))  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def draw_cash(cash: pd.DataFrame, by: str, weights: pd.DataFrame) -> pd.DataFrame:
    """Draw sums of cash in every outcome: one row per outcome, one column per value of the column `by`."""
    rows = cash.assign(figure=name_figures(cash, weights.columns))
    table = rows.pivot_table(index="figure", columns=by, values="amount", aggfunc="sum", fill_value=0.0)
    factors = weights.reindex(columns=table.index, fill_value=1.0)
    return pd.DataFrame(factors.to_numpy() @ table.to_numpy(), index=weights.index, columns=table.columns)


def name_figures(cash: pd.DataFrame, known: pd.Index) -> pd.Series:
    """Name the figure that moves each row of cash: its quote where drawn, else that of its line; "" for nothing.

    Parameters
    ----------
    cash : DataFrame
        Columns line and, where quotes are drawn, process, option and as_is_option; where countries move something, the
        columns of `place_cash`. What moved_by names, where told, moves a row whatever its line.
    known : Index
        Figures that are drawn.
    """
    figures = cash["line"].map(FIGURE_OF).fillna("")
    for column, lines in QUOTED_LINES.items():
        if column in cash:
            quotes = "price of " + cash["process"] + " by " + cash[column]
            figures = figures.where(~(cash["line"].isin(lines) & quotes.isin(known)), quotes)
    for column, lines in PLACED_LINES.items():
        if column in cash:
            abroad = figures.where(figures != "", AS_STATED) + " in " + cash[column]
            figures = figures.where(~(cash["line"].isin(lines) & abroad.isin(known)), abroad)
    if "moved_by" in cash:
        figures = figures.where(cash["moved_by"].isna(), cash["moved_by"])
    return figures
