"""Scores of any scale become points from 0 to 1."""

from __future__ import annotations

import numpy as np
import pandas as pd


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
