"""Futures: drawn figures and events, and what every alternative costs in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.stats import poisson, qmc

from sourcing.decide import Decision
from sourcing.value import (
    draw_outcomes,
    list_events,
    list_lines,
    list_offers,
    list_ranges,
    name_figures,
    weigh_outcomes,
)

if TYPE_CHECKING:
    from sourcing.plan import Plan

FUTURES, SEED = 10_000, 20261
CHUNK = 1_000
"""Futures priced at a time, so that no table beside the answer is large."""


@dataclass(frozen=True)
class Futures:
    """What may come, and what each alternative then pays and loses.

    Attributes
    ----------
    decision : Decision
    figures : DataFrame
        One row per future, a column per uncertain figure of cash: its value in the unit of its range.
    events : DataFrame
        One row per future, a column (cause, struck) per event: how often it strikes over the horizon where it strikes
        hardest.
    cash, loss : ndarray of float32, shape (futures, alternatives)
        Net present value in the unit's currency, in the order of `decision.alternatives`; means are the columns
        `cash_cost` and `expected_loss` there.
    """

    decision: Decision
    figures: pd.DataFrame
    events: pd.DataFrame
    cash: np.ndarray
    loss: np.ndarray

    def measure(self, plan: Plan) -> pd.DataFrame:
        """Measure a plan of the unit in every future.

        Returns
        -------
        DataFrame
            One row per future; cash, loss and total (their sum), what processes share included as stated.
        """
        shares = share_of(self.decision, plan)
        cash, loss = self.cash @ shares + sum_beside(plan), self.loss @ shares
        return pd.DataFrame({"cash": cash, "loss": loss, "total": cash + loss})


def share_of(decision: Decision, plan: Plan) -> np.ndarray:
    """Give the share of each alternative of a decision under one of its plans, shape (alternatives,)."""
    keys = [name for name in ("process", "option", "wave") if name in decision.alternatives]
    shares = plan.choices.set_index(keys)["share"].astype(float)
    return shares.reindex(pd.MultiIndex.from_frame(decision.alternatives[keys])).fillna(0.0).to_numpy()


def sum_beside(plan: Plan) -> float:
    """Sum what a plan pays beside its alternatives: hand-offs, charges, pools and the like, less discounts."""
    return float(plan.lines[[name for name in plan.lines.index if not name.startswith("cost_")]].sum())


def draw_futures(decision: Decision, futures: int = FUTURES, seed: int = SEED) -> Futures:
    """Draw futures of a unit: figures from their ranges, events from their rates.

    Figures as `draw_outcomes` draws them. The number of events that strike an alternative is Poisson with its expected
    number; one uniform draw per event and future decides them all, so that today and the plan, and every alternative
    of the same owner, country or process, are struck together. Each event costs what it costs on average: loss x
    events / expected events. Draws of an event are stratified (Latin hypercube, scipy.stats.qmc).

    Parameters
    ----------
    decision : Decision
    futures : int
    seed : int
        Same seed, same futures; a figure's or event's draws do not depend on which others there are.

    Returns
    -------
    Futures
    """
    table = decision.alternatives
    ranges = list_ranges(decision.case, table[["process", "option"]], use_ranges=decision.policy.use_ranges)
    outcomes = draw_outcomes(ranges, futures, seed)
    weights = weigh_outcomes(ranges, outcomes)
    listed = list_unit_events(decision)
    drawn = draw_events(listed, futures, seed)
    cash = price_cash(weights, spread_cash(decision, weights.columns))
    loss = price_loss(drawn, listed, len(table))
    figures = outcomes[[name for name in weights.columns if outcomes[name].max() > outcomes[name].min()]]
    return Futures(decision, figures, _name_events(listed, drawn), cash, loss)


def list_unit_events(decision: Decision) -> pd.DataFrame:
    """List what may befall each alternative of a unit; see `list_events`."""
    case, policy = decision.case, decision.policy
    offers = list_offers(case, decision.judgment.postures, policy)
    return list_events(offers, case.unit, decision.outlook)


def spread_cash(decision: Decision, known: pd.Index) -> np.ndarray:
    """Spread the cash of each alternative over the figures that move it, shape (figures + 1, alternatives).

    Parameters
    ----------
    decision : Decision
    known : Index
        Names of the figures; the last row of the answer is what none of them moves.
    """
    lines = list_lines(decision.alternatives)
    figures = name_figures(lines, known)
    at = known.get_indexer(figures)
    at = np.where(at < 0, len(known), at)
    shape = (len(known) + 1, len(decision.alternatives))
    spread = np.zeros(shape)
    np.add.at(spread, (at, lines["row"].to_numpy()), lines["amount"].to_numpy(float))
    return spread


def price_cash(weights: pd.DataFrame, spread: np.ndarray) -> np.ndarray:
    """Price the cash of every alternative in every future, shape (futures, alternatives), single precision.

    Parameters
    ----------
    weights : DataFrame
        From `weigh_outcomes`.
    spread : ndarray, shape (figures + 1, alternatives)
        From `spread_cash`.
    """
    factors = np.column_stack([weights.to_numpy(float), np.ones(len(weights))])
    cash = np.empty((len(weights), spread.shape[1]), dtype=np.float32)
    for first in range(0, len(weights), CHUNK):
        cash[first : first + CHUNK] = factors[first : first + CHUNK] @ spread
    return cash


def draw_events(listed: pd.DataFrame, futures: int, seed: int = SEED) -> np.ndarray:
    """Draw how often each listed event strikes, shape (futures, rows of `listed`).

    Poisson quantile of the expected number at one uniform draw per cause and who is struck.
    """
    counts = np.zeros((futures, len(listed)), dtype=np.int16)
    for (cause, struck), rows in listed.groupby(["cause", "struck"], sort=True):
        name = f"event {cause} {struck}"
        chance = qmc.LatinHypercube(1, rng=np.random.default_rng([seed, *name.encode()])).random(futures)[:, 0]
        for expected, same in rows.groupby("events"):
            highest = int(poisson.isf(1e-12, float(expected))) + 1
            steps = poisson.cdf(np.arange(highest), float(expected))
            counts[:, same.index] = np.searchsorted(steps, chance, side="left")[:, None]
    return counts


def price_loss(counts: np.ndarray, listed: pd.DataFrame, alternatives: int) -> np.ndarray:
    """Price the loss of every alternative in every future, shape (futures, alternatives), single precision."""
    each = (listed["loss"] / listed["events"]).to_numpy(float)
    spread = sparse.csr_array(
        (each, (np.arange(len(listed)), listed["row"].to_numpy())), shape=(len(listed), alternatives)
    )
    loss = np.empty((len(counts), alternatives), dtype=np.float32)
    for first in range(0, len(counts), CHUNK):
        loss[first : first + CHUNK] = counts[first : first + CHUNK] @ spread
    return loss


def _name_events(listed: pd.DataFrame, counts: np.ndarray) -> pd.DataFrame:
    hardest = listed.groupby(["cause", "struck"])["events"].idxmax()
    return pd.DataFrame(counts[:, hardest.to_numpy()], columns=hardest.index)
