"""Quotes of providers: a price a year, a transaction or a head becomes the yearly price of an option."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    Tables = Mapping[str, pd.DataFrame]

OPTION = ["business_unit", "process", "option"]


def count_quoted(quotes: pd.DataFrame, options: pd.DataFrame, processes: pd.DataFrame) -> pd.Series:
    """Count what a quote is for: 1 a year, the transactions of a year, or the heads of the option.

    Returns
    -------
    Series
        Index of `quotes`; NaN where what it is for, volume, headcount or the option is missing. An empty productivity
        is 1.

    Examples
    --------
    >>> quotes = pd.DataFrame({"process": ["p"] * 3, "option": ["a"] * 3, "per": ["year", "transaction", "head"]})
    >>> options = pd.DataFrame({"process": ["p"], "option": ["a"], "productivity": [1.25]})
    >>> processes = pd.DataFrame({"process": ["p"], "volume_per_year": [9000.0], "headcount_fte": [10.0]})
    >>> count_quoted(quotes, options, processes).tolist()
    [1.0, 9000.0, 8.0]
    """
    keys = [name for name in OPTION if name in quotes]
    stated = options[keys].assign(productivity=options["productivity"].fillna(1.0))
    productivity = quotes[keys].merge(stated, on=keys, how="left")["productivity"]
    about = quotes[keys[:-1]].merge(processes, on=keys[:-1], how="left")
    heads = about["headcount_fte"] / productivity
    known = {"year": heads * 0 + 1, "transaction": about["volume_per_year"], "head": heads}
    counts = pd.DataFrame(known).to_dict("list")
    return pd.Series(
        [counts[per][place] if per in counts else math.nan for place, per in enumerate(quotes["per"])],
        quotes.index,
        dtype=float,
    )


def price_quotes(quotes: pd.DataFrame, options: pd.DataFrame, processes: pd.DataFrame) -> pd.DataFrame:
    """Price a year of each quote: columns process, option, low, likely, high in the money of the quotes.

    An empty low or high is the likely price.
    """
    counts = count_quoted(quotes, options, processes)
    yearly = pd.DataFrame(
        {side: quotes[side].astype(float).fillna(quotes["likely"]) * counts for side in ("low", "likely", "high")}
    )
    return pd.concat([quotes[["process", "option"]], yearly], axis=1)


def fill_quotes(options: pd.DataFrame, yearly: pd.DataFrame) -> pd.DataFrame:
    """Return the options with the likely price of their quote; see `price_quotes`."""
    likely = yearly.set_index(["process", "option"])["likely"]
    quoted = pd.MultiIndex.from_frame(options[["process", "option"]])
    found = pd.Series(likely.reindex(quoted).to_numpy(), index=options.index)
    return options.assign(price_per_year=options["price_per_year"].where(found.isna(), found))


def is_quoted(tables: Tables) -> pd.Series:
    """Say which options have a quote; index of the options."""
    quoted = pd.MultiIndex.from_frame(tables["quotes"][OPTION])
    return pd.Series(pd.MultiIndex.from_frame(tables["options"][OPTION]).isin(quoted), tables["options"].index)
