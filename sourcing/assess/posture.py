"""Commoditization and core-competency fit place each process in a posture; postures say which owners fit."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from sourcing.case import Policy


@cache
def _read_postures() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).with_name("postures.csv"))


def load_postures() -> pd.DataFrame:
    """Return the fit of each posture and owner type.

    Returns
    -------
    DataFrame
        Columns posture, name, owner_type, standing (recommended, admissible, barred), fit (-1 to 1 points
        per FTE), meaning. House rule after Prahalad and Hamel (1990) and Aron and Singh (2005).
    """
    return _read_postures().copy()


def map_postures(indices: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Place each process on the posture map.

    core and not commoditized: `retain`, or `ally` where own capability is below its threshold;
    core and commoditized: `streamline`; not core and not commoditized: `partner`; not core and
    commoditized: `release`. Below `min_coverage` on either index the process is `unscored`.

    Parameters
    ----------
    indices : DataFrame
        From `score_indices`.
    policy : Policy
        commoditization_threshold, core_threshold, capability_threshold, min_coverage.

    Returns
    -------
    DataFrame
        Index process; columns posture, each index (0-1; NaN where below coverage), coverage (the lower
        of the two deciding indices), cautious (which of criticality,
        readiness and, for `retain`, own capability are missing: they count as 1, 0 and strong).
    """
    covered = indices.assign(value=indices["value"].where(indices["coverage"] >= policy.min_coverage - 1e-9))
    wide = covered.pivot(index="process", columns="index", values="value")
    coverage = indices.pivot(index="process", columns="index", values="coverage")
    core = wide["core_competency"] >= policy.core_threshold
    commodity = wide["commoditization"] >= policy.commoditization_threshold
    weak = wide["own_capability"] < policy.capability_threshold
    scored = wide["core_competency"].notna() & wide["commoditization"].notna()
    posture = np.select(
        [~scored, core & ~commodity & weak, core & ~commodity, core & commodity, commodity],
        ["unscored", "ally", "retain", "streamline", "release"],
        "partner",
    )
    missing = pd.Series("", index=wide.index)
    for name in ("criticality", "process_readiness", "own_capability"):
        matters = (posture == "retain") if name == "own_capability" else True
        missing = missing.where(wide[name].notna() | ~pd.Series(matters, index=wide.index), missing + f", {name}")
    wide.columns.name = None
    return wide.assign(
        posture=posture,
        coverage=coverage[["commoditization", "core_competency"]].min(axis=1),
        cautious=missing.str.removeprefix(", "),
    )
