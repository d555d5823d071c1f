"""Weights of the criteria: as the case states them, or as several assessors gave them, with where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.assess.best_worst import best_worst_weights
from sourcing.assess.pairwise import combine_judgments, pairwise_weights
from sourcing.errors import InputError

if TYPE_CHECKING:
    from sourcing.case import Case, Policy

STATED = "criteria table"
TINIEST = 1e-6
"""Weight that stands for 0 in a geometric mean, so that one assessor's 0 does not silence the others."""
REVISIT_COLUMNS = ("index", "assessor", "method", "consistency_ratio", "first", "second", "ratio", "implied")


@dataclass(frozen=True)
class Weights:
    """The weights in use and where they come from.

    Attributes
    ----------
    weights : Series
        Index criterion; within each index they sum to 1.
    by_assessor : DataFrame
        One row per (criterion, assessor) that weighed: index, criterion, assessor, method, weight, consistency_ratio
        (NaN for points). An index that nobody weighed has the rows of the criteria table.
    revisit : DataFrame
        One row per assessor and index weighed by comparisons: REVISIT_COLUMNS; first and second are the comparison to
        revisit first, with the ratio as asked and as the other answers imply; "" where nothing contradicts.
    """

    weights: pd.Series
    by_assessor: pd.DataFrame
    revisit: pd.DataFrame


def weigh_criteria(criteria: pd.DataFrame) -> pd.Series:
    """Return each criterion's share of its index, as the table criteria states it.

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


def weigh_points(points: pd.Series, method: str = "direct") -> pd.Series:
    """Return weights in proportion to points.

    Direct points answer how important each criterion is. Swing points answer how much it would matter to go from the
    worst to the best on each: the most has 100. Swings respect the length of the scales; direct points do not.

    Parameters
    ----------
    points : Series
        At least 0, not all 0.
    method : {"direct", "swing"}

    Raises
    ------
    InputError
        Points below 0 or all 0, or swings that do not top at 100.

    Notes
    -----
    Source: von Winterfeldt and Edwards (1986), Decision Analysis and Behavioral Research, chapter 8.

    Examples
    --------
    >>> weigh_points(pd.Series({"a": 100, "b": 60, "c": 40}), "swing").tolist()
    [0.5, 0.3, 0.2]
    """
    if (points < 0).any() or not points.sum() > 0:
        raise InputError(
            f"points must be at least 0 and not all 0; got {points.tolist()} at {list(points.index)}. "
            "Hint: leave at 0 what does not count."
        )
    if method == "swing" and points.max() != 100:
        raise InputError(
            f"the most of the swings must be 100; got {points.max():g} at {points.idxmax()!r}. "
            "Hint: give 100 to the swing that matters most and set the others against it."
        )
    return pd.Series(points / points.sum(), name="weight")


def combine_priorities(priorities: pd.DataFrame) -> pd.Series:
    """Combine the weights of several assessors: their geometric mean, scaled to sum to 1.

    Parameters
    ----------
    priorities : DataFrame
        One row per criterion, one column per assessor; each column sums to 1.

    Notes
    -----
    Source: Forman and Peniwati (1998), Aggregating individual judgments and priorities with the AHP, European Journal
    of Operational Research 108.

    Examples
    --------
    >>> combine_priorities(pd.DataFrame({"x": [0.8, 0.2], "y": [0.2, 0.8]}, index=["a", "b"])).round(9).tolist()
    [0.5, 0.5]
    """
    means = np.exp(np.log(priorities.clip(lower=TINIEST)).mean(axis=1))
    return pd.Series(means / means.sum(), name="weight")


def settle_weights(case: Case, policy: Policy | None = None) -> Weights:
    """Settle the weights of a unit.

    An index that nobody weighs in `weights` or `pairwise` has those of the table criteria. Otherwise each assessor's
    points or comparisons give priorities, which are combined by geometric mean; with `aggregate_weights` at
    `judgments` the comparisons themselves are combined where every assessor of the index compared pairs.

    Parameters
    ----------
    case : Case
        One unit.
    policy : Policy, optional
        aggregate_weights.
    """
    criteria, pairs = case.criteria, case.pairwise
    stated, weights, rows, again = weigh_criteria(criteria), [], [], []
    by_judgments = policy is not None and policy.aggregate_weights == "judgments"
    feeds = criteria.set_index("criterion")["index"]
    for index, group in criteria.groupby("index", sort=True):
        names = group["criterion"].tolist()
        points = case.weights[case.weights["criterion"].isin(names)]
        asked = pairs[pairs["criterion_a"].isin(names)]
        found = {role: (kind, part, np.nan) for role, kind, part in _weigh_by_points(points, names)}
        for role, kind, part, ratio, told in _weigh_by_pairs(asked, names):
            found[role] = (kind, part, ratio)
            again.append({"index": index, "assessor": role, "method": kind, "consistency_ratio": ratio, **told})
        if not found:
            weights.append(stated[names])
            found = {STATED: ("direct", stated[names], np.nan)}
        elif by_judgments and {kind for kind, *_ in found.values()} == {"eigenvector"}:
            shared = combine_judgments([_square(each, names) for _, each in asked.groupby("assessor")])
            weights.append(pairwise_weights(shared).weights)
        else:
            weights.append(combine_priorities(pd.DataFrame({role: part for role, (_, part, _) in found.items()})))
        rows += [
            {"index": index, "criterion": name, "assessor": role, "method": kind, "weight": part[name],
             "consistency_ratio": ratio}
            for role, (kind, part, ratio) in sorted(found.items()) for name in names
        ]  # fmt: skip
    joined = pd.concat(weights).reindex(feeds.index).rename("weight")
    return Weights(joined, pd.DataFrame(rows), pd.DataFrame(again, columns=pd.Index(REVISIT_COLUMNS)))


def _weigh_by_points(points: pd.DataFrame, names: list[str]) -> list[tuple[str, str, pd.Series]]:
    return [
        (str(role), own["method"].iloc[0],
         weigh_points(own.set_index("criterion")["points"].reindex(names), own["method"].iloc[0]))
        for role, own in points.groupby("assessor")
    ]  # fmt: skip


def _weigh_by_pairs(asked: pd.DataFrame, names: list[str]) -> list[tuple[str, str, pd.Series, float, dict]]:
    """Weigh by each assessor's comparisons: assessor, method, weights, consistency ratio, comparison to revisit."""
    weighed = []
    for role, own in asked.groupby("assessor"):
        matrix, kind = pairwise_weights(_square(own, names)), own["method"].iloc[0]
        weights, ratio = matrix.weights, matrix.consistency_ratio
        if kind == "best_worst":
            found = best_worst_weights(*_split_rounds(own, names))
            weights, ratio = found.weights, found.consistency_ratio
        told = {"first": "", "second": "", "ratio": np.nan, "implied": np.nan}
        if matrix.revisit:
            told = matrix.comparisons.iloc[0][list(told)].to_dict()
        weighed.append((str(role), kind, weights, ratio, told))
    return weighed


def _square(pairs: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    matrix = pd.DataFrame(np.nan, index=names, columns=names)
    for pair in pairs.to_dict("records"):
        matrix.loc[pair["criterion_a"], pair["criterion_b"]] = pair["ratio"]
        matrix.loc[pair["criterion_b"], pair["criterion_a"]] = 1 / pair["ratio"]
    return matrix


def _split_rounds(pairs: pd.DataFrame, names: list[str]) -> tuple[pd.Series, pd.Series]:
    """Split best-worst comparisons into the round with the best and the round with the worst."""
    best = pairs["criterion_a"].value_counts().idxmax()
    worst = pairs["criterion_b"].value_counts().idxmax()
    with_best = pairs[pairs["criterion_a"] == best].set_index("criterion_b")["ratio"]
    with_worst = pairs[pairs["criterion_b"] == worst].set_index("criterion_a")["ratio"]
    return with_best.reindex(names).fillna(1.0), with_worst.reindex(names).fillna(1.0)
