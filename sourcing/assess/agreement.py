"""How far assessors agree, and who differs where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.assess.scale import place_on_scale
from sourcing.errors import InputError

if TYPE_CHECKING:
    from sourcing.case import Case

FEWEST = 3
"""Things ranked below which a coefficient of concordance says nothing."""
AGREEMENT_COLUMNS = ("subject", "assessors", "ranked", "concordance", "chance", "spread")


def measure_concordance(scores: pd.DataFrame) -> tuple[float, float]:
    """Measure how far assessors rank alike: Kendall's W, corrected for ties.

    W = 12 S / (m^2 (n^3 - n) - m T), with S the squared deviations of the rank sums, and T the sum over assessors and
    ties of t^3 - t. Chance: the probability of at least this W among assessors who rank at random, from chi-squared =
    m (n - 1) W with n - 1 degrees of freedom; rough for few things ranked.

    Parameters
    ----------
    scores : DataFrame, shape (n, m)
        One row per thing ranked, one column per assessor, no gaps.

    Returns
    -------
    concordance, chance : float
        0 (no common order) to 1 (one order); 0 to 1. Both NaN where every assessor ties everything.

    Raises
    ------
    InputError
        Fewer than two assessors or things.

    Notes
    -----
    Source: Kendall and Gibbons (1990), Rank Correlation Methods, chapter 6.

    Examples
    --------
    >>> ranks = pd.DataFrame({"A": [1, 3, 2], "B": [1, 2, 3], "C": [2, 3, 1], "D": [3, 1, 2]})
    >>> measure_concordance(ranks)[0]
    0.0625
    """
    from scipy.stats import chi2, rankdata

    things, assessors = scores.shape
    if things < 2 or assessors < 2:
        raise InputError(
            f"concordance must be of at least two assessors and two things; got {assessors} and {things}. "
            "Hint: leave out what only one scored."
        )
    ranks = rankdata(scores.to_numpy(float), axis=0)
    squares = float(((ranks.sum(axis=1) - assessors * (things + 1) / 2) ** 2).sum())
    ties = sum(
        float((np.unique(column, return_counts=True)[1] ** 3.0 - np.unique(column, return_counts=True)[1]).sum())
        for column in ranks.T
    )
    whole = assessors**2 * (things**3 - things) - assessors * ties
    if whole <= 0:
        return float("nan"), float("nan")
    concordance = 12 * squares / whole
    return concordance, float(chi2.sf(assessors * (things - 1) * concordance, things - 1))


def list_agreement(case: Case, weights: pd.DataFrame) -> pd.DataFrame:
    """List how far assessors agree on each criterion over the processes, and on the weights within each index.

    Parameters
    ----------
    case : Case
        One unit.
    weights : DataFrame
        `by_assessor` of `settle_weights`.

    Returns
    -------
    DataFrame
        AGREEMENT_COLUMNS, least concordant first: subject (a criterion, or "weights of <index>"), assessors and
        ranked (counts that enter), concordance (Kendall's W), chance, spread (mean distance of highest and lowest
        point or weight, 0-1). Only what at least two scored, of at least three processes or criteria.
    """
    points = _point_scores(case)
    tables = {
        str(criterion): own.pivot(index="process", columns="assessor", values="point")
        for criterion, own in points.groupby("criterion")
    }
    tables |= {
        f"weights of {index}": own.pivot(index="criterion", columns="assessor", values="weight")
        for index, own in weights.groupby("index")
    }
    rows = []
    for subject, table in tables.items():
        full = _drop_gaps(table)
        if full.shape[0] < FEWEST or full.shape[1] < 2:
            continue
        concordance, chance = measure_concordance(full)
        spread = float((full.max(axis=1) - full.min(axis=1)).mean())
        rows.append((subject, full.shape[1], full.shape[0], concordance, chance, spread))
    table = pd.DataFrame(rows, columns=pd.Index(AGREEMENT_COLUMNS))
    return table.sort_values(["concordance", "subject"], ignore_index=True)


def _drop_gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the assessors who scored at least half of what is scored at all, and what all of these scored."""
    kept = table.loc[:, table.notna().mean() >= 0.5]
    return kept.dropna()


def _point_scores(case: Case) -> pd.DataFrame:
    scores = case.scores[case.scores["score"].notna()]
    return scores.assign(point=place_on_scale(scores, case.criteria))


def list_dissent(case: Case, least: float = 0.5) -> pd.DataFrame:
    """List who differs where: scores that lie far from what the other assessors gave.

    Parameters
    ----------
    case : Case
        One unit.
    least : float
        Smallest distance from the mean of the others that is listed, as a share of the scale.

    Returns
    -------
    DataFrame
        Furthest first: process, criterion, assessor, point, others (mean point of the other assessors), distance
        (point - others), evidence.
    """
    points = _point_scores(case)
    grouped = points.groupby(["process", "criterion"])["point"]
    total, count = grouped.transform("sum"), grouped.transform("size")
    others = ((total - points["point"]) / (count - 1)).where(count > 1)
    table = points.assign(others=others, distance=points["point"] - others)
    table = table[table["distance"].abs() >= least - 1e-9]
    columns = ["process", "criterion", "assessor", "point", "others", "distance", "evidence"]
    far = table["distance"].abs().rename("far")
    return table.assign(far=far).sort_values(
        ["far", "process", "criterion", "assessor"], ascending=[False, True, True, True], ignore_index=True
    )[columns]


def list_habits(case: Case) -> pd.DataFrame:
    """List how each assessor uses the scale.

    Returns
    -------
    DataFrame
        Index assessor: scores (count), mean (0-1), leaning (mean distance from the others' mean on what both scored),
        ends_share (share of scores at either end), with_evidence (share of scores with evidence).
    """
    points = _point_scores(case)
    grouped = points.groupby(["process", "criterion"])["point"]
    total, count = grouped.transform("sum"), grouped.transform("size")
    others = ((total - points["point"]) / (count - 1)).where(count > 1)
    marked = points.assign(
        leaning=points["point"] - others,
        at_end=points["point"].isin([0.0, 1.0]),
        told=points["evidence"] != "",
    )
    return marked.groupby("assessor").agg(
        scores=("point", "size"),
        mean=("point", "mean"),
        leaning=("leaning", "mean"),
        ends_share=("at_end", "mean"),
        with_evidence=("told", "mean"),
    )
