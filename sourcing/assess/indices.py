"""Scores on criteria become indices from 0 to 1, with the share of the evidence that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from sourcing.case import Case

INDICES = ("commoditization", "core_competency", "criticality", "process_readiness", "own_capability")


def weigh_criteria(criteria: pd.DataFrame) -> pd.Series:
    """Return each criterion's share of its index.

    Parameters
    ----------
    criteria : DataFrame
        Columns criterion, index, weight.

    Returns
    -------
    Series
        Index criterion; within each index the shares sum to 1.

    Examples
    --------
    >>> weigh_criteria(pd.DataFrame({"criterion": ["a", "b"], "index": ["x", "x"], "weight": [3, 1]})).tolist()
    [0.75, 0.25]
    """
    shares = criteria["weight"] / criteria.groupby("index")["weight"].transform("sum")
    return pd.Series(shares.to_numpy(float), index=pd.Index(criteria["criterion"], name="criterion"), name="weight")


def place_on_scale(scores: pd.DataFrame, criteria: pd.DataFrame) -> pd.Series:
    """Return each score as a point from 0 to 1, high meaning more of the index.

    point = (score - scale_min) / (scale_max - scale_min), and 1 - point where the direction is down.

    Examples
    --------
    >>> criteria = pd.DataFrame({"criterion": ["v"], "direction": ["down"], "scale_min": [1], "scale_max": [5]})
    >>> place_on_scale(pd.DataFrame({"criterion": ["v"], "score": [2.0]}), criteria).tolist()
    [0.75]
    """
    scale = criteria.set_index("criterion").reindex(scores["criterion"])
    low, high = (scale[end].to_numpy(float) for end in ("scale_min", "scale_max"))
    points = (scores["score"].to_numpy(float) - low) / (high - low)
    points = np.where(scale["direction"].to_numpy() == "down", 1 - points, points)
    return pd.Series(points, index=scores.index, name="point")


def score_indices(case: Case) -> pd.DataFrame:
    """Score every process on every index.

    The point of a criterion is the mean over its assessors; the index is the weighted mean over the
    criteria that are scored; coverage is the weight of those criteria. Missing scores are not filled.

    Parameters
    ----------
    case : Case
        One unit.

    Returns
    -------
    DataFrame
        One row per (process, index), sorted: value (0-1, NaN where nothing is scored), coverage (0-1),
        assessors (count), spread (mean over criteria of highest minus lowest point, 0-1).
    """
    criteria, scores = case.criteria, case.scores
    scores = scores[scores["score"].notna()].assign(point=lambda frame: place_on_scale(frame, criteria))
    by_criterion = scores.groupby(["process", "criterion"])["point"].agg(["mean", "max", "min"]).reset_index()
    by_criterion["index"] = by_criterion["criterion"].map(criteria.set_index("criterion")["index"])
    by_criterion["weight"] = by_criterion["criterion"].map(weigh_criteria(criteria))
    by_criterion["weighted"] = by_criterion["weight"] * by_criterion["mean"]
    by_criterion["width"] = by_criterion["max"] - by_criterion["min"]
    sums = by_criterion.groupby(["process", "index"]).agg(
        weighted=("weighted", "sum"), coverage=("weight", "sum"), spread=("width", "mean")
    )
    assessors = scores.assign(index=scores["criterion"].map(criteria.set_index("criterion")["index"]))
    sums["assessors"] = assessors.groupby(["process", "index"])["assessor"].nunique()
    every = pd.MultiIndex.from_product([sorted(case.processes["process"]), INDICES], names=["process", "index"])
    sums = sums.reindex(every)
    return pd.DataFrame(
        {
            "value": (sums["weighted"] / sums["coverage"]).where(sums["coverage"] > 0),
            "coverage": sums["coverage"].fillna(0.0),
            "assessors": sums["assessors"].fillna(0).astype(int),
            "spread": sums["spread"],
        }
    ).reset_index()
