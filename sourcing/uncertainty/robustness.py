"""How firmly each decision stands: in which futures another choice would have been better, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.decide import share_of
from sourcing.plan import Recosted, choose_again
from sourcing.uncertainty.information import weigh_figures, weigh_information

if TYPE_CHECKING:
    from sourcing.uncertainty.futures import Futures

RESOLVED = 100
"""Futures in which the plan is chosen again by default."""
FIRM, COIN_TOSS = 0.9, 0.6
"""Shares of futures from which a decision is firm, and up to which it is a toss (house rule)."""


@dataclass(frozen=True)
class Hindsight:
    """The best plans, had the figures been known; events stay at their expected loss, for nobody knows those.

    Attributes
    ----------
    futures : Futures
    best : Recosted
        Best plan of each of the first futures.
    pool : ndarray, shape (plans, alternatives)
        Different plans among them, the decision's own first.
    costs : ndarray, shape (futures, plans)
        Objective of each plan of the pool in every future.
    regret : ndarray, shape (resolved futures,)
        Objective of the decision's plan less that of the best one; never negative where that is proven.
    """

    futures: Futures
    best: Recosted
    pool: np.ndarray
    costs: np.ndarray
    regret: np.ndarray


def choose_in_futures(futures: Futures, resolved: int = RESOLVED, *, time_limit: float = 600.0) -> Hindsight:
    """Choose again in the first futures, as if their figures had been known.

    Rules and the amounts that they count stay at the means; so do events and what processes share.

    Parameters
    ----------
    futures : Futures
    resolved : int
        How many futures are solved to the end.
    time_limit : float
        Seconds for all of them.
    """
    decision = futures.decision
    table = decision.alternatives
    moved = futures.cash.astype(float) - table["cash_cost"].to_numpy(float)
    best = choose_again(decision.plan, table["cost"].to_numpy(float) + moved[:resolved], time_limit=time_limit)
    own = share_of(decision, decision.plan)
    beside = float(decision.plan.objective - own @ table["cost"].to_numpy(float))
    plans = np.vstack([own, best.shares])
    fixed = np.concatenate([[beside], best.fixed])
    _, first = np.unique(np.round(plans, 9), axis=0, return_index=True)
    first = np.sort(first)
    pool, of_pool = plans[first], fixed[first]
    costs = pool @ table["cost"].to_numpy(float) + of_pool + moved @ pool.T
    at_best = np.einsum("fa,fa->f", best.shares, table["cost"].to_numpy(float) + moved[:resolved]) + best.fixed
    return Hindsight(futures, best, pool, costs, costs[:resolved, 0] - at_best)


def rate_decisions(hindsight: Hindsight) -> pd.DataFrame:
    """Rate how firmly each decision stands over the futures that were solved again.

    kept = mean over futures of the part of the process that stays with its option; error = its standard error.

    Returns
    -------
    DataFrame
        One row per process, least kept first: process, option, kept, error, otherwise (option that is best most often
        in its place, "" where none is), verdict (firm, open, toss).
    """
    decision = hindsight.futures.decision
    table, shares = decision.alternatives, hindsight.best.shares
    own = hindsight.pool[0]
    rows = []
    for process, at in table.reset_index(drop=True).groupby("process").indices.items():
        options = table["option"].to_numpy()[at]
        names, place = np.unique(options, return_inverse=True)
        by_option = np.stack([shares[:, at[place == k]].sum(axis=1) for k in range(len(names))], axis=1)
        planned = np.array([own[at[place == k]].sum() for k in range(len(names))])
        kept = np.minimum(by_option, planned).sum(axis=1)
        away = np.where(planned > 0, -1.0, by_option.mean(axis=0))
        main, other = int(planned.argmax()), int(away.argmax())
        share = float(kept.mean())
        verdict = "firm" if share >= FIRM else "toss" if share <= COIN_TOSS else "open"
        rows.append({"process": process, "option": names[main], "kept": share,
                     "error": float(np.sqrt(share * (1 - share) / len(kept))),
                     "otherwise": names[other] if away[other] > 0 else "", "verdict": verdict})  # fmt: skip
    return pd.DataFrame(rows).sort_values(["kept", "process"], ignore_index=True)


def price_information(hindsight: Hindsight) -> tuple[float, pd.DataFrame]:
    """Price finding out more before deciding: all figures, each alone, and each group that has one answer.

    Over the pool of plans that are best in some future: what is found out changes the plan only where another of them
    becomes better. In the plan's objective, so that fit and other prices of judgment count. Figures that move together
    tell about each other. net = worth - what asking costs, where the table `assumptions` states it.

    Returns
    -------
    tuple of float and DataFrame
        Expected value of perfect information about all figures together; and one row per figure and per group of
        `group_figures`: figure (name of figure or group), members (0 of a single figure), worth, error, owner,
        asking_cost, asking_days (NaN where not stated), net; sorted by net.
    """
    futures = hindsight.futures
    figures, decision = futures.figures, futures.decision
    whole = weigh_information(hindsight.costs).perfect
    about = decision.figures
    asked = {str(name): (str(name),) for name in figures} | group_figures(about.loc[list(figures)])
    rows = []
    for name, members in asked.items():
        worth, error = weigh_figures(hindsight.costs, figures[list(members)].to_numpy(float))
        rows.append(
            {"figure": name, "members": len(members) if len(members) > 1 else 0, "worth": worth, "error": error}
        )
    stated = decision.case.assumptions
    stated = stated[stated["party"] == "buyer"].set_index("assumption")[["owner", "asking_cost", "asking_days"]]
    table = pd.DataFrame(rows, columns=["figure", "members", "worth", "error"]).join(stated, on="figure")
    table["owner"] = table["owner"].fillna("")
    table["net"] = table["worth"] - table["asking_cost"].astype(float).fillna(0.0)
    return whole, table.sort_values(["net", "figure"], ascending=[False, True], ignore_index=True)


def group_figures(about: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Group figures that one question would settle: those that move with one cause, and those of one kind.

    Parameters
    ----------
    about : DataFrame
        Rows of `value.list_figures`.

    Returns
    -------
    dict of str to tuple of str
        Group (a correlation group, else a kind: exchange rate, wages abroad, assumption) -> its figures, two or more.
    """
    kinds = about["acts_on"].where(about["acts_on"] != "cash", "")
    named = about["correlation_group"].where(about["correlation_group"] != "", kinds)
    groups = about.index.to_series().groupby(named.to_numpy()).agg(tuple)
    return {str(name): members for name, members in groups.items() if name and len(members) > 1}
