"""A partner, not a supplier: outside owners are scored on what makes a partner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess.scale import place_on_scale
from sourcing.assess.weights import settle_weights

if TYPE_CHECKING:
    from sourcing.case import Case, Policy

COLUMNS = ("provider", "partnership", "coverage", "assessors", "weakest")


def score_partners(case: Case, policy: Policy) -> pd.DataFrame:
    """Score the outside owners of a unit on the index partnership.

    partnership = weighted mean over the criteria scored, each the mean of its assessors, as for processes.

    Returns
    -------
    DataFrame
        COLUMNS, one row per provider scored, sorted: partnership (0-1; NaN below Policy's min_coverage), coverage
        (share of weight), assessors (count), weakest (name of the criterion with the lowest point).
    """
    criteria = case.criteria.query("index == 'partnership'").set_index("criterion")
    scores = case.provider_scores[case.provider_scores["score"].notna()]
    if scores.empty:
        return pd.DataFrame(columns=pd.Index(COLUMNS))
    scores = scores.assign(point=place_on_scale(scores, criteria.reset_index()))
    weights = settle_weights(case, policy).weights
    points = scores.groupby(["provider", "criterion"])["point"].mean().unstack()
    shares = weights[points.columns]
    covered = points.notna() @ shares
    index = points.fillna(0.0) @ shares / covered
    table = pd.DataFrame(
        {
            "partnership": index.where(covered >= policy.min_coverage - 1e-9),
            "coverage": covered,
            "assessors": scores.groupby("provider")["assessor"].nunique(),
            "weakest": points.idxmin(axis=1).map(criteria["name"]),
        }
    )
    return table.reset_index(names="provider")[list(COLUMNS)]


def rate_partners(case: Case, offers: pd.DataFrame, policy: Policy) -> pd.Series:
    """Rate each option's owner as a partner: 1 for own staff, the index of a scored owner, NaN where nobody scored it.

    Parameters
    ----------
    case : Case
        One unit.
    offers : DataFrame
        Columns owner, owner_type.
    """
    scored = score_partners(case, policy).set_index("provider")["partnership"].astype(float)
    return offers["owner"].map(scored.to_dict()).astype(float).where(offers["owner_type"] != "own", 1.0)
