"""Scores on criteria become indices from 0 to 1, with the share of the evidence that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess.scale import place_on_scale
from sourcing.assess.weights import settle_weights

if TYPE_CHECKING:
    from sourcing.case import Case, Policy

INDICES = ("commoditization", "core_competency", "criticality", "process_readiness", "own_capability")


def score_indices(case: Case, policy: Policy | None = None) -> pd.DataFrame:
    """Score every process on every index, with the weights of `settle_weights`.

    Parameters
    ----------
    case : Case
        One unit.
    policy : Policy, optional
        How several assessors' weights become one.

    Returns
    -------
    DataFrame
        As `combine_scores`.
    """
    return combine_scores(case.scores, case.criteria, settle_weights(case, policy).weights, case.processes["process"])


def combine_scores(
    scores: pd.DataFrame, criteria: pd.DataFrame, weights: pd.Series, processes: pd.Series
) -> pd.DataFrame:
    """Combine the scores of processes into indices.

    The point of a criterion is the mean over its assessors; the index is the weighted mean over the
    criteria that are scored; coverage is the weight of those criteria. Missing scores are not filled.

    Parameters
    ----------
    scores, criteria : DataFrame
        Tables of a case.
    weights : Series
        Index criterion; shares within each index.
    processes : Series
        Names of the processes.

    Returns
    -------
    DataFrame
        One row per (process, index), sorted: value (0-1, NaN where nothing is scored), coverage (0-1),
        assessors (count), spread (mean over criteria of highest minus lowest point, 0-1).
    """
    feeds = criteria.set_index("criterion")["index"]
    scores = scores[scores["score"].notna()].assign(point=lambda frame: place_on_scale(frame, criteria))
    by_criterion = scores.groupby(["process", "criterion"])["point"].agg(["mean", "max", "min"]).reset_index()
    by_criterion["index"] = by_criterion["criterion"].map(feeds)
    by_criterion["weight"] = by_criterion["criterion"].map(weights).astype(float)
    by_criterion["weighted"] = by_criterion["weight"] * by_criterion["mean"]
    by_criterion["width"] = by_criterion["max"] - by_criterion["min"]
    sums = by_criterion.groupby(["process", "index"]).agg(
        weighted=("weighted", "sum"), coverage=("weight", "sum"), spread=("width", "mean")
    )
    assessors = scores.assign(index=scores["criterion"].map(feeds))
    sums["assessors"] = assessors.groupby(["process", "index"])["assessor"].nunique()
    every = pd.MultiIndex.from_product([sorted(processes), INDICES], names=["process", "index"])
    sums = sums.reindex(every)
    return pd.DataFrame(
        {
            "value": (sums["weighted"] / sums["coverage"]).where(sums["coverage"] > 0),
            "coverage": sums["coverage"].fillna(0.0),
            "assessors": sums["assessors"].fillna(0).astype(int),
            "spread": sums["spread"],
        }
    ).reset_index()
