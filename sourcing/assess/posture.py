"""Commoditization and core-competency fit place each process in a posture; postures say which owners fit."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from sourcing.case import Policy

DECIDING = ("commoditization", "core_competency", "own_capability")
"""Indices that decide the posture."""


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


SERVICES = ((0.75, "restored within hours"), (0.4, "restored within a day"), (0.0, "restored within a week"))
"""Least criticality -> service that a process needs of whoever delivers it. House rule."""


def require_service(postures: pd.DataFrame) -> pd.Series:
    """Say what service each process needs, from its criticality alone: core fit does not enter.

    A process without a criticality counts as fully critical, as for the size of its loss.

    Parameters
    ----------
    postures : DataFrame
        From `map_postures`, index process.

    Returns
    -------
    Series
        Index process; one of the texts of SERVICES.

    Examples
    --------
    >>> require_service(pd.DataFrame({"criticality": [0.9, 0.2, float("nan")]}, index=["pay", "fleet", "new"])).tolist()
    ['restored within hours', 'restored within a week', 'restored within hours']
    """
    critical = postures["criticality"].fillna(1.0)
    found = np.select([critical >= least for least, _ in SERVICES], [service for _, service in SERVICES], "")
    return pd.Series(found, index=postures.index, name="service")


@cache
def _read_homes() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).with_name("homes.csv"))


def load_homes() -> pd.DataFrame:
    """Return where each driver counts, once: driver, home (criterion, or table.column), kind, displayed_in."""
    return _read_homes().copy()
