"""How sure a posture is: weights and scores are drawn, and the share of draws that give each posture is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.assess.indices import score_indices
from sourcing.assess.posture import DECIDING, map_postures
from sourcing.assess.scale import place_on_scale
from sourcing.assess.weights import settle_weights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.case import Case, Policy

RANKED = ("commoditization", "core_competency")
RANKED_AT_MOST = 2_500_000
"""Draws times processes that are ranked: of very many processes the first draws only."""
POSTURES = ("retain", "ally", "streamline", "partner", "release")
CHUNK = 500
"""Draws worked at a time: keeps the memory of many processes small."""
SEED = 6
LEAST_WIDTH = 0.5
"""Points of a scale by which a score from one assessor who gave no range may be off to either side."""


@dataclass(frozen=True)
class Acceptability:
    """How often draws of weights and scores give each posture.

    Attributes
    ----------
    postures : DataFrame
        Index process; columns POSTURES: share of draws, summing to 1 (all NaN where the process is unscored).
    confidence : DataFrame
        Index process; posture (as stated weights and scores give it), confidence (share of draws with that posture),
        standard_error (of the confidence, from the number of draws), rival (next likeliest posture, "" where none),
        is_unsettled (confidence below Policy's floor).
    central_weights : DataFrame
        One row per process, posture and criterion: weight, the mean of the drawn weights that give the posture.
    ranks : DataFrame
        One row per index and process: expected_rank (1 = most of the index), low_rank and high_rank (5th and 95th
        percentile), first_share (share of draws that rank it first), low and high (5th and 95th percentile of the
        index itself, NaN where nothing is scored), draws (that were ranked).
    draws : int
    """

    postures: pd.DataFrame
    confidence: pd.DataFrame
    central_weights: pd.DataFrame
    ranks: pd.DataFrame
    draws: int


def draw_weights(stated: np.ndarray, draws: int, how: str, precision: float, random: np.random.Generator) -> np.ndarray:
    """Draw weights of one index.

    any: uniform on the simplex, a Dirichlet distribution with every parameter 1. around: a Dirichlet distribution
    with mean at the stated weights and parameters precision x weight; a weight w then has the standard deviation
    sqrt(w (1 - w) / (precision + 1)). A stated weight of 0 stays 0 in the second.

    Parameters
    ----------
    stated : ndarray, shape (criteria,)
        Sums to 1.
    how : {"around", "any"}

    Returns
    -------
    ndarray of float32, shape (draws, criteria)
        Rows sum to 1.

    Examples
    --------
    >>> drawn = draw_weights(np.array([0.7, 0.3]), 4000, "around", 30, np.random.default_rng(1))
    >>> drawn.shape, bool(abs(drawn[:, 0].mean() - 0.7) < 0.01)
    ((4000, 2), True)
    """
    shape = np.ones(len(stated)) if how == "any" else precision * stated
    gammas = random.standard_gamma(shape, size=(draws, len(stated)))
    return (gammas / gammas.sum(axis=1, keepdims=True)).astype(np.float32)


def sample_postures(case: Case, policy: Policy, *, seed: int = SEED) -> Acceptability:
    """Sample the postures of a unit: stochastic multicriteria acceptability analysis.

    In each draw the criteria take weights from `draw_weights`, and every score a point of its range: the median is
    the mean of the assessors, the ends are the lowest and highest point that any of them gave or would defend (`low`,
    `high`); one assessor without a range may be off by half a point of the scale. What is drawn for a criterion is
    the same share of the range in every process: whoever is generous is generous to all. Each threshold lies anywhere
    within `threshold_spread` to either side of Policy's, for no one knows where "core" begins; coverage is as in
    `map_postures`.

    Parameters
    ----------
    case : Case
        One unit.
    policy : Policy
        judgment_draws, weights_drawn, weight_precision, threshold_spread, confidence_floor and the thresholds of
        `map_postures`.
    seed : int

    Notes
    -----
    Source: Lahdelma and Salminen (2001), SMAA-2: stochastic multicriteria acceptability analysis for group decision
    making, Operations Research 49. standard_error = sqrt(p (1 - p) / draws).
    """
    weights, draws = settle_weights(case, policy).weights, int(policy.judgment_draws)
    stated = map_postures(score_indices(case, policy), policy)
    ranges = {index: _range_points(case, index) for index in DECIDING}
    random = np.random.default_rng(seed)
    names = {index: middle.columns for index, (_, middle, _) in ranges.items()}
    drawn = {
        index: draw_weights(_share(weights, names[index]), draws, policy.weights_drawn, policy.weight_precision, random)
        for index in DECIDING
    }
    leaning = {index: random.uniform(-1, 1, values.shape).astype(np.float32) for index, values in drawn.items()}
    thresholds = draw_thresholds(policy, draws, random)
    parts = {index: _stack_range(ranges[index]) for index in DECIDING}
    every = np.hstack([drawn[index] for index in DECIDING] + [np.ones((draws, 1), np.float32)])
    sums = np.zeros((len(POSTURES), len(stated), every.shape[1]))
    places: dict[str, list[np.ndarray]] = {index: [] for index in RANKED}
    ranked = max(CHUNK, RANKED_AT_MOST // max(len(stated), 1))
    for start in range(0, draws, CHUNK):
        chunk = slice(start, start + CHUNK)
        values = {index: _mix(parts[index], drawn[index][chunk], leaning[index][chunk]) for index in DECIDING}
        limits = {index: drawn_at[chunk] for index, drawn_at in thresholds.items()}
        for place, mask in enumerate(_place_postures(values, stated, limits)):
            sums[place] += mask.T.astype(np.float32) @ every[chunk]
        for index in RANKED if start < ranked else ():
            places[index].append(values[index])
    ranks = pd.concat([_describe_ranks(np.vstack(places[index]), stated.index, index) for index in RANKED])
    labels = [(index, name) for index in DECIDING for name in names[index]]
    return _describe(sums, labels, stated, ranks.reset_index(drop=True), draws, policy)


def _share(weights: pd.Series, names: pd.Index) -> np.ndarray:
    own = weights[names].to_numpy(float)
    return own / own.sum() if own.sum() > 0 else own


def _range_points(case: Case, index: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return lowest, middle and highest point of each process and criterion of an index; NaN where not scored."""
    criteria = case.criteria[case.criteria["index"] == index]
    scores = case.scores[case.scores["criterion"].isin(criteria["criterion"]) & case.scores["score"].notna()]
    width = criteria.set_index("criterion")[["scale_min", "scale_max"]].astype(float)
    ends = [
        place_on_scale(scores.assign(score=scores[name].fillna(scores["score"])), criteria) for name in ("low", "high")
    ]
    points = scores.assign(
        middle=place_on_scale(scores, criteria), low=np.minimum(*ends), high=np.maximum(*ends), count=1
    )
    grouped = points.groupby(["process", "criterion"]).agg(
        low=("low", "min"), middle=("middle", "mean"), high=("high", "max"), count=("count", "sum")
    )
    step = LEAST_WIDTH / (width["scale_max"] - width["scale_min"])
    alone = (grouped["count"] == 1) & (grouped["low"] == grouped["high"])
    room = grouped.index.get_level_values("criterion").map(step).to_numpy(float) * alone.to_numpy(float)
    grouped["low"], grouped["high"] = (grouped["low"] - room).clip(lower=0), (grouped["high"] + room).clip(upper=1)
    every = sorted(case.processes["process"])
    low, middle, high = (
        grouped[name].unstack().reindex(index=every, columns=criteria["criterion"])
        for name in ("low", "middle", "high")
    )
    return low, middle, high


def _stack_range(ends: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]) -> tuple[np.ndarray, np.ndarray | None]:
    """Stack middle, way up and way down, shape (3 x criteria, processes); and what is scored, None if everything is."""
    low, middle, high = (end.to_numpy(np.float32).T for end in ends)
    there = ~np.isnan(middle)
    stacked = np.nan_to_num(np.vstack([middle, high - middle, middle - low]), nan=0.0)
    return stacked, None if there.all() and len(there) else there.astype(np.float32)


def _mix(parts: tuple[np.ndarray, np.ndarray | None], weights: np.ndarray, leaning: np.ndarray) -> np.ndarray:
    """Return the index in each draw, shape (draws, processes); NaN where nothing is scored."""
    stacked, there = parts
    sides = np.hstack([weights, weights * np.maximum(leaning, 0), weights * np.minimum(leaning, 0)])
    values = sides @ stacked
    if there is None:
        return values
    covered = weights @ there
    return np.divide(values, covered, out=np.full_like(values, np.nan), where=covered > 0)


def draw_thresholds(policy: Policy, draws: int, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw the threshold of each index that decides the posture, shape (draws, 1), evenly around Policy's."""
    middle = {
        "commoditization": policy.commoditization_threshold,
        "core_competency": policy.core_threshold,
        "own_capability": policy.capability_threshold,
    }
    off = policy.threshold_spread * random.uniform(-1, 1, (draws, len(middle))).astype(np.float32)
    return {index: off[:, [place]] + np.float32(middle[index]) for place, index in enumerate(middle)}


def _place_postures(
    values: dict[str, np.ndarray], stated: pd.DataFrame, thresholds: dict[str, np.ndarray]
) -> Iterator[np.ndarray]:
    """Say in which draws each process has each of POSTURES, in their order."""
    is_core, is_commodity = (values[index] >= thresholds[index] for index in RANKED[::-1])
    counts = stated["own_capability"].notna().to_numpy()
    is_weak = (values["own_capability"] < thresholds["own_capability"]) & counts
    yield is_core & ~is_commodity & ~is_weak
    yield is_core & ~is_commodity & is_weak
    yield is_core & is_commodity
    yield ~is_core & ~is_commodity
    yield ~is_core & is_commodity


def _rank(values: np.ndarray) -> np.ndarray:
    """Rank the processes in each draw, 1 the highest; one without a value comes last."""
    order = np.argsort(np.where(np.isnan(values), np.inf, -values), axis=1, kind="stable")
    ranks = np.empty(order.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, np.arange(1, order.shape[1] + 1, dtype=np.int32)[None, :], axis=1)
    return ranks


def _describe_ranks(values: np.ndarray, processes: pd.Index, index: str) -> pd.DataFrame:
    ranks = _rank(values)
    low_rank, high_rank = np.percentile(ranks, [5, 95], axis=0, method="nearest")
    low, high = np.percentile(values, [5, 95], axis=0)
    return pd.DataFrame(
        {
            "index": index,
            "process": processes,
            "expected_rank": ranks.mean(axis=0),
            "low_rank": low_rank,
            "high_rank": high_rank,
            "low": low,
            "high": high,
            "first_share": (ranks == 1).mean(axis=0),
            "draws": len(ranks),
        }
    )


def _describe(
    sums: np.ndarray,
    labels: list[tuple[str, str]],
    stated: pd.DataFrame,
    ranks: pd.DataFrame,
    draws: int,
    policy: Policy,
) -> Acceptability:
    unscored = (stated["posture"] == "unscored").to_numpy()
    counts = np.where(unscored[:, None], np.nan, sums[:, :, -1].T)
    shares = pd.DataFrame(counts / draws, index=stated.index, columns=pd.Index(POSTURES, name="posture"))
    given = stated["posture"].where(~unscored)
    own = shares.columns.get_indexer(given.fillna(POSTURES[0]))
    confidence = pd.Series(shares.to_numpy()[np.arange(len(shares)), own], index=stated.index)
    others = shares.mask(pd.DataFrame(np.arange(len(POSTURES)) == own[:, None], shares.index, shares.columns), 0.0)
    rival = others.fillna(0.0).idxmax(axis=1).where(others.max(axis=1) > 0, "")
    table = pd.DataFrame(
        {
            "posture": stated["posture"],
            "confidence": confidence,
            "standard_error": np.sqrt(confidence * (1 - confidence) / draws),
            "rival": rival,
            "is_unsettled": confidence < policy.confidence_floor,
        }
    )
    place, process = np.nonzero((sums[:, :, -1] > 0) & ~unscored)
    means = sums[place, process, :-1] / sums[place, process, -1:]
    keys = pd.MultiIndex.from_arrays([stated.index[process], np.array(POSTURES)[place]], names=["process", "posture"])
    wide = pd.DataFrame(means, index=keys, columns=pd.Index([name for _, name in labels], name="criterion"))
    central = wide.stack().rename("weight").reset_index().sort_values(["process", "posture"], kind="stable")
    return Acceptability(shares, table, central.reset_index(drop=True), ranks, draws)
