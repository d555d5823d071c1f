"""Committed yearly improvement of a partner against what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from sourcing.program.ledger.alignment import Alignment
    from sourcing.program.ledger.baseline import Baseline


def track_improvement(aligned: Alignment, baseline: Baseline, weighed: pd.DataFrame) -> pd.DataFrame:
    """Track what each outside owner committed to improve, and suggested, against what came.

    The price promised holds the improvement c: it falls by c at each whole year after go-live. With N whole years since
    go-live at the last month reported, the price without it would be promised / (1 - c) ** N; came = 1 - (price in
    force / that) ** (1 / N) is the improvement a year that the price shows.

    Returns
    -------
    DataFrame
        process, owner, committed (share a year), years (whole ones since go-live), came (share a year; empty before
        the first year), short (what the price in force costs more than the committed one, over the months reported),
        suggested, accepted (suggestions of this owner for the process).
    """
    outside = baseline.commitments[(baseline.commitments["owner_type"] != "own") & (baseline.commitments["share"] > 0)]
    found = []
    for row in outside.to_dict("records"):
        own = aligned.rows[(aligned.rows["process"] == row["process"]) & (aligned.rows["option"] == row["option"])]
        own = own[own["is_reported"] & (own["live_a"] > 0)].sort_values("month")
        told = weighed[(weighed["process"] == row["process"]) & (weighed["from_whom"] == row["owner"])]
        committed = float(row["yearly_improvement_share"])
        if own.empty or not (committed > 0 or len(told)):
            continue
        last, start = own.iloc[-1], own["month"].min()
        years = (12 * (last["month"].year - start.year) + last["month"].month - start.month) // 12
        without = last["rate_p"] / (1 - committed) ** years
        came = 1 - (last["rate_a"] / without) ** (1 / years) if years and without > 0 else np.nan
        dearer = own["live_a"] * own["charged_a"] * own["exchange_rate_a"] * (own["rate_a"] - own["rate_p"])
        accepted = told["status"].isin(["accepted", "done"])
        found.append((row["process"], row["owner"], committed, years, came, float(dearer.sum()), len(told),
                      int(accepted.sum())))  # fmt: skip
    columns = ["process", "owner", "committed", "years", "came", "short", "suggested", "accepted"]
    return pd.DataFrame(found, columns=columns)
