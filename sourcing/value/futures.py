"""Futures: drawn figures and events, and what every alternative costs in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.stats import qmc

from sourcing.value.deals import draw_outcomes, list_ranges, name_figures, weigh_outcomes
from sourcing.value.exposure import list_events
from sourcing.value.means import list_lines
from sourcing.value.offers import list_offers

if TYPE_CHECKING:
    from sourcing.case import Case, Outlook, Policy

FUTURES, SEED = 10_000, 20261
CHUNK = 200
"""Futures priced at a time, so that no table beside the answer is large."""


@dataclass(frozen=True)
class Consequences:
    """What each alternative pays and loses in every future.

    Attributes
    ----------
    figures : DataFrame
        One row per future, a column per uncertain figure of cash: its value in the unit of its range.
    events : DataFrame
        One row per future, a column (cause, struck) per event: how often it strikes over the horizon where it strikes
        hardest.
    cash, loss : ndarray of float32, shape (futures, alternatives)
        Net present value in the unit's currency, in the order of the table of alternatives; means are its columns
        `cash_cost` and `expected_loss`.
    """

    figures: pd.DataFrame
    events: pd.DataFrame
    cash: np.ndarray
    loss: np.ndarray


def draw_consequences(
    case: Case,
    alternatives: pd.DataFrame,
    postures: pd.DataFrame,
    policy: Policy,
    outlook: Outlook,
    futures: int = FUTURES,
    seed: int = SEED,
) -> Consequences:
    """Draw what each alternative of a unit pays and loses: figures from their ranges, events from their rates.

    Figures as `draw_outcomes` draws them. The number of events that strike an alternative is Poisson with its expected
    number; one uniform draw per event and future decides them all, so that today and the plan, and every alternative
    of the same owner, country or process, are struck together. Each event costs what it costs on average: loss x
    events / expected events. Draws of an event are stratified (Latin hypercube, scipy.stats.qmc).

    Parameters
    ----------
    case : Case
    alternatives : DataFrame
        From `build_alternatives`.
    postures : DataFrame
        From `map_postures`.
    policy : Policy
    outlook : Outlook
    futures : int
    seed : int
        Same seed, same futures; a figure's or event's draws do not depend on which others there are.

    Returns
    -------
    Consequences
    """
    ranges = list_ranges(case, alternatives[["process", "option"]], use_ranges=policy.use_ranges)
    outcomes = draw_outcomes(ranges, futures, seed)
    weights = weigh_outcomes(ranges, outcomes)
    listed = list_events(list_offers(case, postures, policy), case.unit, outlook)
    chances = draw_chances(listed, futures, seed)
    cash = price_cash(weights, spread_lines(alternatives, weights.columns))
    loss = price_loss(chances, listed, len(alternatives))
    figures = outcomes[[name for name in weights.columns if outcomes[name].max() > outcomes[name].min()]]
    return Consequences(figures, _count_hardest(chances, listed), cash, loss)


def spread_lines(alternatives: pd.DataFrame, known: pd.Index) -> np.ndarray:
    """Spread the cash of each alternative over the figures that move it, shape (figures + 1, alternatives).

    Parameters
    ----------
    alternatives : DataFrame
        From `build_alternatives`.
    known : Index
        Names of the figures; the last row of the answer is what none of them moves.
    """
    lines = list_lines(alternatives)
    figures = name_figures(lines, known)
    at = known.get_indexer(figures)
    at = np.where(at < 0, len(known), at)
    spread = np.zeros((len(known) + 1, len(alternatives)))
    np.add.at(spread, (at, lines["row"].to_numpy()), lines["amount"].to_numpy(float))
    return spread


def price_cash(weights: pd.DataFrame, spread: np.ndarray) -> np.ndarray:
    """Price the cash of every alternative in every future, shape (futures, alternatives), single precision.

    Parameters
    ----------
    weights : DataFrame
        From `weigh_outcomes`.
    spread : ndarray, shape (figures + 1, alternatives)
        From `spread_lines`.
    """
    factors = np.column_stack([weights.to_numpy(float), np.ones(len(weights))])
    cash = np.empty((len(weights), spread.shape[1]), dtype=np.float32)
    for first in range(0, len(weights), CHUNK):
        cash[first : first + CHUNK] = factors[first : first + CHUNK] @ spread
    return cash


def draw_chances(listed: pd.DataFrame, futures: int, seed: int = SEED) -> pd.DataFrame:
    """Draw one chance from 0 to 1 per future for each cause and whom it strikes.

    Parameters
    ----------
    listed : DataFrame
        From `list_events`.
    futures : int
    seed : int

    Returns
    -------
    DataFrame
        One row per future, a column (cause, struck) per event; stratified over the futures.
    """
    keys = listed[["cause", "struck"]].drop_duplicates().sort_values(["cause", "struck"])
    drawn = np.empty((futures, len(keys)))
    for place, key in enumerate(keys.itertuples(index=False)):
        name = f"event {key.cause} {key.struck}"
        generator = np.random.default_rng([seed, *name.encode()])
        drawn[:, place] = qmc.LatinHypercube(1, rng=generator).random(futures)[:, 0]
    return pd.DataFrame(drawn, columns=pd.MultiIndex.from_frame(keys))


def count_events(chances: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Count events: the Poisson quantile of the expected number at each chance.

    Parameters
    ----------
    chances : ndarray, shape (futures, exposures)
    expected : ndarray, shape (exposures,)

    Returns
    -------
    ndarray of int16, shape (futures, exposures)

    Examples
    --------
    An event expected half a time does not strike with chance exp(-0.5) = 0.607, and strikes once up to 0.910:

    >>> count_events(np.array([[0.6], [0.61], [0.92]]), np.array([0.5])).ravel().tolist()
    [0, 1, 2]
    """
    counts = np.zeros(chances.shape, dtype=np.int16)
    term = np.exp(-expected)
    reached, number = term.copy(), 0
    while (beyond := chances > reached.astype(chances.dtype)).any():
        counts += beyond
        number += 1
        term = term * expected / number
        reached = np.where(term > 0.0, reached + term, 1.0)
    return counts


def price_loss(chances: pd.DataFrame, listed: pd.DataFrame, alternatives: int) -> np.ndarray:
    """Price the loss of every alternative in every future, shape (futures, alternatives), single precision.

    Exposures of one event at one expected number strike together and are counted once.
    """
    exposures = listed[["cause", "struck", "events"]].drop_duplicates().reset_index(drop=True)
    keys = pd.MultiIndex.from_frame(listed[["cause", "struck", "events"]])
    at = pd.MultiIndex.from_frame(exposures).get_indexer(keys)
    each = (listed["loss"] / listed["events"]).to_numpy(np.float32)
    spread = sparse.csr_array((each, (at, listed["row"].to_numpy())), shape=(len(exposures), alternatives))
    of_event = chances.columns.get_indexer(pd.MultiIndex.from_frame(exposures[["cause", "struck"]]))
    drawn, expected = chances.to_numpy(np.float32), exposures["events"].to_numpy(float)
    loss = np.empty((len(drawn), alternatives), dtype=np.float32)
    for first in range(0, len(drawn), CHUNK):
        part = drawn[first : first + CHUNK]
        loss[first : first + CHUNK] = count_events(part[:, of_event], expected).astype(np.float32) @ spread
    return loss


def _count_hardest(chances: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Count each event where it strikes hardest."""
    most = listed.groupby(["cause", "struck"])["events"].max().reindex(chances.columns)
    return pd.DataFrame(count_events(chances.to_numpy(), most.to_numpy(float)), columns=chances.columns)
