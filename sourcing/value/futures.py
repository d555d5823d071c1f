"""Futures: drawn figures, and what every alternative then pays and loses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.value.assumptions import Assumed, list_assumptions, name_bends, price_assumptions
from sourcing.value.countries import find_moving_countries, list_country_ranges, place_cash
from sourcing.value.deals import draw_outcomes, list_ranges, name_figures, weigh_outcomes
from sourcing.value.exposure import list_events
from sourcing.value.means import list_lines
from sourcing.value.strikes import CHUNK, Strikes, count_hardest, draw_strikes, price_strikes

if TYPE_CHECKING:
    from sourcing.case import Case, Outlook, Policy

FUTURES, SEED = 10_000, 20261


@dataclass(frozen=True)
class Consequences:
    """What each alternative pays and loses in every future.

    Attributes
    ----------
    figures : DataFrame
        One row per future, a column per uncertain figure of cash, factor of a country and assumption: its value in the
        unit of its range.
    events : DataFrame
        One row per future, a column (cause, struck) per event: how often it strikes over the horizon where it strikes
        hardest.
    cash, loss : ndarray of float32, shape (futures, alternatives)
        Net present value in the unit's currency, in the order of the table of alternatives; means are its columns
        `cash_cost` and `expected_loss`.
    strikes : Strikes, optional
        What the events are drawn from, for `count_days`.
    """

    figures: pd.DataFrame
    events: pd.DataFrame
    cash: np.ndarray
    loss: np.ndarray
    strikes: Strikes | None = None


@dataclass(frozen=True)
class Drawn:
    """Figures drawn, and what they do to the cash of every alternative.

    Attributes
    ----------
    figures : DataFrame
        Those that vary; see `Consequences`.
    factors : ndarray, shape (futures, rows)
        What multiplies each row of `spread`.
    spread : ndarray, shape (rows, alternatives)
        Cash by what moves it, rows that move nothing left out; factors @ spread is the cash of every future.
    bends : ndarray, shape (futures, 2 x assumptions)
        From `name_bends`.
    """

    figures: pd.DataFrame
    factors: np.ndarray
    spread: np.ndarray
    bends: np.ndarray


def draw_consequences(
    case: Case,
    alternatives: pd.DataFrame,
    offers: pd.DataFrame,
    policy: Policy,
    outlook: Outlook,
    futures: int = FUTURES,
    seed: int = SEED,
) -> Consequences:
    """Draw what each alternative of a unit pays and loses: figures from their ranges, events from their rates.

    Figures as `draw_figures` draws them, events as `draw_strikes` does. What an assumption does to the expected loss of
    an alternative multiplies its loss of each future by 1 + its change / expected loss, never below 0.

    The overrun of a transition is in the range of one-off spending (figure one_off, 10 % less to 70 % more), not an
    event; the event `move` is a move that fails, whose cost beyond the plan's own spending is its loss. Neither holds
    what the other does.

    Parameters
    ----------
    case : Case
    alternatives : DataFrame
        From `build_alternatives`.
    offers : DataFrame
        From `list_offers`.
    policy : Policy
    outlook : Outlook
    futures : int
    seed : int
        Same seed, same futures; a figure's or event's draws do not depend on which others there are.

    Returns
    -------
    Consequences
    """
    assumed = price_assumptions(offers, case, policy, outlook)
    drawn = draw_figures(case, alternatives, policy, assumed, futures, seed)
    listed = list_events(offers, case.unit, outlook)
    strikes = draw_strikes(listed, futures, seed)
    cash = price_cash(drawn.factors, drawn.spread)
    loss = price_strikes(strikes, len(alternatives))
    if assumed is not None:
        tilt_loss(loss, drawn.bends, assumed.loss, alternatives["expected_loss"].to_numpy(float))
    return Consequences(drawn.figures, count_hardest(strikes), cash, loss, strikes)


def list_figures(case: Case, alternatives: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """List every uncertain figure of a unit: by kind and quote, by country, by assumption.

    Parameters
    ----------
    case : Case
    alternatives : DataFrame
        Columns process, option, owner_type, country: of what quotes and countries are looked up.
    policy : Policy

    Returns
    -------
    DataFrame
        Columns of `list_ranges` and country; acts_on is cash, contracts, exchange rate, wages abroad or assumption.
    """
    ranges = list_ranges(case, alternatives[["process", "option"]], use_ranges=policy.use_ranges)
    by_country = list_country_ranges(case, find_moving_countries(case, alternatives), policy)
    assumed = list_assumptions(case, policy).reindex(columns=ranges.columns)
    table = pd.concat([part for part in (ranges, by_country, assumed) if len(part)]).rename_axis("figure")
    return table.assign(country=by_country["country"].reindex(table.index))


def draw_figures(
    case: Case,
    alternatives: pd.DataFrame,
    policy: Policy,
    assumed: Assumed | None = None,
    futures: int = FUTURES,
    seed: int = SEED,
) -> Drawn:
    """Draw the figures of a unit, with what they do to the cash of alternatives.

    Cash moves with the figure of its line x what moves the country (`weigh_outcomes`); changes by assumptions are added
    at the means of all other figures (`name_bends`).

    Parameters
    ----------
    case : Case
    alternatives : DataFrame
        From `build_alternatives`.
    policy : Policy
    assumed : Assumed, optional
        From `price_assumptions`, of these alternatives.
    futures, seed : int
    """
    ranges = list_figures(case, alternatives, policy)
    outcomes = draw_outcomes(ranges, futures, seed)
    weights = weigh_outcomes(ranges, outcomes)
    spread = spread_lines(alternatives, weights.columns, find_moving_countries(case, alternatives))
    used = spread.any(axis=1)
    factors = np.column_stack([weights.to_numpy(float), np.ones(futures)])[:, used]
    spread, bends = spread[used], np.empty((futures, 0))
    if assumed is not None:
        bends = name_bends(assumed.ranges, outcomes).to_numpy()
        factors, spread = np.hstack([factors, bends]), np.vstack([spread, assumed.cash])
    shown = [name for name in ranges.index[ranges["acts_on"] != "contracts"] if np.ptp(outcomes[name]) > 0]
    return Drawn(outcomes[shown], factors, spread, bends)


def spread_lines(alternatives: pd.DataFrame, known: pd.Index, countries: pd.Series | None = None) -> np.ndarray:
    """Spread the cash of each alternative over the figures that move it, shape (figures + 1, alternatives).

    Parameters
    ----------
    alternatives : DataFrame
        From `build_alternatives`.
    known : Index
        Names of the figures; the last row of the answer is what none of them moves.
    countries : Series, optional
        From `find_moving_countries`; without it countries move nothing.
    """
    lines = list_lines(alternatives)
    figures = name_figures(lines if countries is None else place_cash(lines, countries), known)
    at = known.get_indexer(figures)
    at = np.where(at < 0, len(known), at)
    spread = np.zeros((len(known) + 1, len(alternatives)))
    np.add.at(spread, (at, lines["row"].to_numpy()), lines["amount"].to_numpy(float))
    return spread


def price_cash(factors: pd.DataFrame | np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Price the cash of every alternative in every future, shape (futures, alternatives), single precision.

    Parameters
    ----------
    factors : DataFrame from `weigh_outcomes`, or ndarray, shape (futures, rows)
        A frame lacks the last row of the spread, which nothing moves.
    spread : ndarray, shape (rows, alternatives)
        From `spread_lines` or `Drawn`.
    """
    if isinstance(factors, pd.DataFrame):
        factors = np.column_stack([factors.to_numpy(float), np.ones(len(factors))])
    cash = np.empty((len(factors), spread.shape[1]), dtype=np.float32)
    for first in range(0, len(factors), CHUNK):
        cash[first : first + CHUNK] = factors[first : first + CHUNK] @ spread
    return cash


def tilt_loss(loss: np.ndarray, bends: np.ndarray, changes: np.ndarray, expected: np.ndarray) -> None:
    """Multiply losses in place by 1 + change of the expected loss / expected loss, at least 0.

    Parameters
    ----------
    loss : ndarray, shape (futures, alternatives)
    bends : ndarray, shape (futures, 2 x assumptions)
    changes : ndarray, shape (2 x assumptions, alternatives)
        `Assumed.loss`.
    expected : ndarray, shape (alternatives,)
    """
    moved = np.flatnonzero((np.abs(changes) > 0.0).any(axis=0) & (expected > 0.0))
    ratios = (changes[:, moved] / expected[moved]).astype(np.float32)
    narrow = bends.astype(np.float32)
    for first in range(0, len(loss) if len(moved) else 0, CHUNK):
        part = slice(first, first + CHUNK)
        loss[part, moved] *= np.maximum(0.0, 1.0 + narrow[part] @ ratios)
