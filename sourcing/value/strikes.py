"""Events that strike: how often in each future, how hard, and for how many days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import scipy

from sourcing.case import load_reference
from sourcing.value.deals import draw_normal

SEED = 20261
CHUNK = 500
"""Futures priced at a time, so that no table beside the answer is large."""
BY_COUNTRY = "location"
"""Cause whose rate follows the risk of a country."""


@dataclass(frozen=True)
class Strikes:
    """Events drawn for a unit.

    Attributes
    ----------
    listed : DataFrame
        From `list_events`.
    chances : DataFrame
        From `draw_chances`.
    sizes : DataFrame
        From `draw_sizes`; columns of `chances`.
    rates : DataFrame
        From `draw_rates`; a part of these columns.
    """

    listed: pd.DataFrame
    chances: pd.DataFrame
    sizes: pd.DataFrame
    rates: pd.DataFrame


@cache
def load_event_sizes() -> pd.DataFrame:
    """Return how far what an event costs spreads about its mean: index cause; spread, meaning, source.

    spread is the standard deviation of the logarithm.
    """
    return pd.read_csv(Path(__file__).with_name("event_sizes.csv")).set_index("cause")


def draw_strikes(listed: pd.DataFrame, futures: int, seed: int = SEED) -> Strikes:
    """Draw how often and how hard events strike.

    The number of events that strike an alternative is Poisson with its expected number; one uniform draw per event and
    future decides them all, so that today and the plan, and every alternative of the same owner, country or process,
    are struck together. What each costs is its average x one lognormal factor of mean 1 per event and future, and so
    are the days that it lasts. The rate at which sites of a country are hit follows how well its governance is known.
    """
    chances = draw_chances(listed, futures, seed)
    return Strikes(listed, chances, draw_sizes(chances, seed), draw_rates(chances, seed))


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
        One row per future, a column (cause, struck) per event; stratified over the futures (Latin hypercube,
        scipy.stats.qmc).
    """
    from scipy.stats import qmc

    keys = listed[["cause", "struck"]].drop_duplicates().sort_values(["cause", "struck"])
    drawn = np.empty((futures, len(keys)))
    for place, key in enumerate(keys.itertuples(index=False)):
        name = f"event {key.cause} {key.struck}"
        generator = np.random.default_rng([seed, *name.encode()])
        drawn[:, place] = qmc.LatinHypercube(1, rng=generator).random(futures)[:, 0]
    return pd.DataFrame(drawn, columns=pd.MultiIndex.from_frame(keys))


def draw_sizes(chances: pd.DataFrame, seed: int = SEED) -> pd.DataFrame:
    """Draw what an event costs over its average, lognormal with mean 1 and the spread of its cause.

    Parameters
    ----------
    chances : DataFrame
        From `draw_chances`.
    seed : int

    Returns
    -------
    DataFrame
        Shape and columns of `chances`; the mean over the futures is 1 exactly, 1 throughout where no spread is known.
    """
    spreads, drawn = load_event_sizes()["spread"], np.ones(chances.shape)
    for place, (cause, struck) in enumerate(chances.columns):
        if cause in spreads.index:
            factor = np.exp(spreads[cause] * draw_normal(f"size {cause} {struck}", len(chances), seed))
            drawn[:, place] = factor / factor.mean()
    return pd.DataFrame(drawn, columns=chances.columns)


def draw_rates(chances: pd.DataFrame, seed: int = SEED) -> pd.DataFrame:
    """Draw the location risk of each country over its mean, with the standard error of its governance indicators.

    The risk is a percentile rank, 1 - rank, and the indicators are scores that are about standard normal over all
    countries, so the risk drawn is Phi(q + error x e), q = quantile of the risk, e standard normal; its mean is
    Phi(q / sqrt(1 + error ** 2)), by which it is divided. The mean of the five standard errors is taken as that of
    their mean, as if they erred together: the cautious end. It holds for a country's sites whichever risk they state.

    Source: Kaufmann, Kraay and Mastruzzi (2010), The Worldwide Governance Indicators, methodology and analytical
    issues; standard errors of the reference figures.

    Returns
    -------
    DataFrame
        Columns (location, country) of those of `chances` that have figures; mean 1.
    """
    known = load_reference("countries").set_index("country")[["location_risk", "mean_std_error"]].dropna()
    special, drawn = scipy.special, {}
    for cause, country in chances.columns:
        if cause == BY_COUNTRY and country in known.index:
            risk, error = known.loc[country].astype(float)
            place = special.ndtri(np.clip(risk, 0.001, 0.999))
            shock = draw_normal(f"risk of {country}", len(chances), seed)
            drawn[cause, country] = special.ndtr(place + error * shock) / special.ndtr(place / np.sqrt(1 + error**2))
    columns = pd.MultiIndex.from_tuples(list(drawn), names=["cause", "struck"]) if drawn else chances.columns[:0]
    return pd.DataFrame(np.reshape(list(drawn.values()), (len(drawn), len(chances))).T, columns=columns)


def count_events(chances: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Count events: the Poisson quantile of the expected number at each chance.

    Parameters
    ----------
    chances : ndarray, shape (futures, exposures), or (futures, 1) where one chance decides all exposures
    expected : ndarray, shape (exposures,) or (futures, exposures)

    Returns
    -------
    ndarray of int16, shape (futures, exposures)

    Examples
    --------
    An event expected half a time does not strike with chance exp(-0.5) = 0.607, and strikes once up to 0.910:

    >>> count_events(np.array([[0.6], [0.61], [0.92]]), np.array([0.5])).ravel().tolist()
    [0, 1, 2]
    """
    counts = np.zeros(np.broadcast_shapes(chances.shape, expected.shape), dtype=np.int16)
    term = np.exp(-expected)
    reached, number = term.copy(), 0
    while (beyond := chances > reached.astype(chances.dtype)).any():
        counts += beyond
        number += 1
        term = term * expected / number
        reached = np.where(term > 0.0, reached + term, 1.0)
    return counts


def price_strikes(strikes: Strikes, alternatives: int) -> np.ndarray:
    """Price the loss of every alternative in every future; see `price_loss`."""
    return price_loss(strikes.chances, strikes.listed, alternatives, strikes.sizes, strikes.rates)


def price_loss(
    chances: pd.DataFrame,
    listed: pd.DataFrame,
    alternatives: int,
    sizes: pd.DataFrame | None = None,
    rates: pd.DataFrame | None = None,
) -> np.ndarray:
    """Price the loss of every alternative in every future, shape (futures, alternatives), single precision.

    Exposures of one event at one expected number strike together and are counted once.

    Parameters
    ----------
    chances : DataFrame
        From `draw_chances`.
    listed : DataFrame
        From `list_events`.
    alternatives : int
    sizes, rates : DataFrame, optional
        From `draw_sizes` and `draw_rates`; 1 where not given.
    """
    exposures = listed[["cause", "struck", "events"]].drop_duplicates()
    exposures["event"] = chances.columns.get_indexer(pd.MultiIndex.from_frame(exposures[["cause", "struck"]]))
    exposures = exposures.sort_values("event", kind="stable", ignore_index=True)
    keys = pd.MultiIndex.from_frame(listed[["cause", "struck", "events"]])
    at = pd.MultiIndex.from_frame(exposures[["cause", "struck", "events"]]).get_indexer(keys)
    each = (listed["loss"] / listed["events"]).to_numpy(np.float32)
    spread = scipy.sparse.csr_array((each, (listed["row"].to_numpy(), at)), shape=(alternatives, len(exposures)))
    expected, groups = exposures["events"].to_numpy(float), exposures.groupby("event").indices
    of_rate = (
        {} if rates is None else dict(zip(chances.columns.get_indexer(rates.columns), rates.to_numpy().T, strict=True))
    )
    drawn = np.asfortranarray(chances.to_numpy(np.float32))
    size = None if sizes is None else np.asfortranarray(sizes.to_numpy(np.float32))
    loss = np.empty((len(drawn), alternatives), dtype=np.float32)
    for first in range(0, len(drawn), CHUNK):
        part = slice(first, first + CHUNK)
        struck = np.zeros((len(exposures), len(drawn[part])), dtype=np.float32)
        for event, columns in groups.items():
            rate = of_rate.get(event)
            mean = expected[columns] if rate is None else expected[columns] * rate[part][:, None]
            chance = drawn[part, event]
            hit = np.flatnonzero(chance > np.exp(-mean.max()).astype(np.float32))
            counts = count_events(chance[hit, None], mean if rate is None else mean[hit])
            hard = 1.0 if size is None else size[part, event][hit, None]
            struck[columns[0] : columns[-1] + 1, hit] = (counts * hard).T
        loss[part] = (spread @ struck).T
    return loss


def count_hardest(strikes: Strikes) -> pd.DataFrame:
    """Count each event where it strikes hardest, a column (cause, struck) per event."""
    chances = strikes.chances
    most = strikes.listed.groupby(["cause", "struck"])["events"].max().reindex(chances.columns)
    mean = np.tile(most.to_numpy(float), (len(chances), 1))
    if len(strikes.rates.columns):
        mean[:, chances.columns.get_indexer(strikes.rates.columns)] *= strikes.rates.to_numpy(float)
    return pd.DataFrame(count_events(chances.to_numpy(), mean), columns=chances.columns)


def count_days(strikes: Strikes, shares: np.ndarray) -> np.ndarray:
    """Count the days that work is not done in each future, summed over processes, shape (futures,).

    Parameters
    ----------
    strikes : Strikes
    shares : ndarray, shape (alternatives,)
        Share of each alternative in a plan: what is split lies still in part.
    """
    listed = strikes.listed
    share = shares[listed["row"].to_numpy()]
    days = listed.assign(loss=listed["days"] * listed["events"] * share, row=0)[(share > 0) & (listed["days"] > 0)]
    days = days.groupby(["row", "cause", "struck", "events"], as_index=False)["loss"].sum()
    return price_loss(strikes.chances, days, 1, strikes.sizes, strikes.rates)[:, 0].astype(float)
