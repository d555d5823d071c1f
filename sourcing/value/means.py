"""Money at its mean: each uncertain figure of cash at the mean of its range, the likely value beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.value.cash import CASH_LINES, FIGURE_OF
from sourcing.value.deals import find_means, list_ranges, name_quote

if TYPE_CHECKING:
    from sourcing.case import Case, Policy

OF_CASH = tuple(dict.fromkeys(FIGURE_OF.values()))
"""Figures that cash moves with."""


def add_means(offers: pd.DataFrame, case: Case, policy: Policy) -> pd.DataFrame:
    """Add the mean and the likely value of each uncertain figure of cash to the offers.

    A quoted price stands at the mean of its quote, every other figure at that of its range; with `use_ranges` off at
    what leaves money as stated. Why the mean: a plan is carried out once, and what it costs on average is what a budget
    must hold; likely values of figures that can be exceeded more than undercut add up to less.

    Returns
    -------
    DataFrame
        With mean_<figure> and likely_<figure> for each of OF_CASH, and the same of today_prices.
    """
    ranges = list_ranges(case, offers[["process", "option"]], use_ranges=policy.use_ranges)
    table = pd.DataFrame({"mean": find_means(ranges), "likely": ranges["likely"].astype(float)})
    added = {f"{kind}_{figure}": float(table.at[figure, kind]) for kind in table for figure in OF_CASH}
    for side, option in (("", offers["option"]), ("today_", offers["as_is_option"])):
        quotes = [name_quote(*pair) for pair in zip(offers["process"], option, strict=True)]
        for kind in table:
            own = pd.Series(table[kind].reindex(quotes).to_numpy(float), offers.index)
            added[f"{kind}_{side}prices"] = own.fillna(float(table.at["prices", kind]))
    return pd.concat([offers, pd.DataFrame(added, index=offers.index)], axis=1).copy()


def take_likely(offers: pd.DataFrame) -> pd.DataFrame:
    """Return the offers of `add_means` with the likely value of each uncertain figure in place of its mean."""
    likely = {name: offers[f"likely_{name.removeprefix('mean_')}"] for name in offers if name.startswith("mean_")}
    return offers.assign(**likely)


def list_lines(alternatives: pd.DataFrame, as_is: pd.Series | None = None) -> pd.DataFrame:
    """List the lines of cash of each alternative as rows, with what they are drawn by.

    Parameters
    ----------
    alternatives : DataFrame
        From `build_alternatives`, or chosen rows of it with their share.
    as_is : Series, optional
        Today's option of each process; that of the rows themselves where not given.

    Returns
    -------
    DataFrame
        Columns row (position in `alternatives`), process, option, as_is_option, line, amount (net present value at the
        means, share counted); lines that are 0 are left out.
    """
    table = alternatives.reset_index(drop=True)
    if as_is is None:
        as_is = table[table["is_as_is"]].drop_duplicates("process").set_index("process")["option"]
    keys = table[["process", "option"]].assign(as_is_option=table["process"].map(as_is).fillna(""), row=table.index)
    names = {f"cost_{line}": line for line in CASH_LINES}
    share = table["share"].astype(float) if "share" in table else 1.0
    amounts = table[list(names)].rename(columns=names).mul(share, axis=0)
    long = pd.concat([keys, amounts], axis=1).melt(list(keys), var_name="line", value_name="amount")
    return long[long["amount"] != 0.0].reset_index(drop=True)
