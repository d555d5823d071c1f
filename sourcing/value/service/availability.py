"""Service of a chain from its parts: series and parallel availability, bottlenecks, responses; and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

MEASURES = ("availability", "throughput_per_day", "response_seconds")
LESS_IS_BETTER = "response_seconds"


def combine_series(availabilities: Sequence[float]) -> float:
    """Return the availability of parts that are all needed: the product.

    Examples
    --------
    >>> round(combine_series([0.99, 0.99, 0.99]), 6)
    0.970299
    """
    return float(np.prod(np.asarray(availabilities, float)))


def combine_parallel(availabilities: Sequence[float]) -> float:
    """Return the availability of parts that stand in for one another: 1 - the product of what each misses.

    Failures are taken to be independent.

    Examples
    --------
    >>> round(combine_parallel([0.99, 0.99]), 6)
    0.9999
    """
    return 1 - float(np.prod(1 - np.asarray(availabilities, float)))


def measure_service(parts: pd.DataFrame, levels: pd.Series, measure: str) -> float:
    """Measure a service from the levels of its parts.

    Availability: stand-by groups in parallel, then all blocks in series. Throughput: the least of throughput / uses
    over the blocks, a group having the sum of its members'. Response: the sum of uses x response over the blocks, a
    group having the slowest of its members.

    Parameters
    ----------
    parts : DataFrame
        process, stand_by, uses_per_unit of one service.
    levels : Series
        Level of each process; index process.
    measure : str
        One of MEASURES.

    Returns
    -------
    float
        NaN where a part has no level.

    Examples
    --------
    >>> parts = pd.DataFrame({"process": ["a", "b", "c"], "stand_by": ["", "x", "x"], "uses_per_unit": [1.0] * 3})
    >>> round(measure_service(parts, pd.Series({"a": 0.999, "b": 0.9, "c": 0.9}), "availability"), 5)
    0.98901
    """
    known = parts.assign(level=parts["process"].map(levels).astype(float))
    if known["level"].isna().any():
        return np.nan
    block = known["stand_by"].where(known["stand_by"] != "", "process " + known["process"])
    blocks = []
    for _, rows in known.groupby(block, sort=True):
        level, uses = rows["level"].to_numpy(), rows["uses_per_unit"].to_numpy(float)
        if measure == "availability":
            blocks.append(combine_parallel(level))
        elif measure == "throughput_per_day":
            blocks.append(float(np.sum(np.divide(level, uses, out=np.full_like(level, np.inf), where=uses > 0))))
        else:
            blocks.append(float(np.max(level * uses)))
    if measure == "availability":
        return combine_series(blocks)
    return min(blocks) if measure == "throughput_per_day" else sum(blocks)


def require_levels(parts: pd.DataFrame, best: pd.Series, target: float, measure: str) -> pd.Series:
    """Find what each process of a service must reach if all others give their best.

    Availability: by solving the ladder for the one process; throughput: target x uses, less what its stand-bys give;
    response: what the others leave of the target. A level that no option can reach is above 1, or below 0.

    Parameters
    ----------
    parts : DataFrame
        As for `measure_service`.
    best : Series
        Best level of each process; index process.
    target : float
    measure : str

    Returns
    -------
    Series
        Index process; NaN where another part has no level.

    Examples
    --------
    >>> parts = pd.DataFrame({"process": ["a", "b"], "stand_by": ["", ""], "uses_per_unit": [1.0, 2.0]})
    >>> require_levels(parts, pd.Series({"a": 0.999, "b": 0.998}), 0.995, "availability").round(5).tolist()
    [0.99699, 0.996]
    >>> require_levels(parts, pd.Series({"a": 9000.0, "b": 9000.0}), 3000.0, "throughput_per_day").tolist()
    [3000.0, 6000.0]
    >>> require_levels(parts, pd.Series({"a": 2.0, "b": 1.5}), 6.0, "response_seconds").tolist()
    [3.0, 2.0]
    """
    needed = {}
    for row in parts.to_dict("records"):
        name, uses = row["process"], float(row["uses_per_unit"])

        def reach(level: float, name: str = name) -> float:
            return measure_service(
                parts, pd.concat([best.drop(name, errors="ignore"), pd.Series({name: level})]), measure
            )

        if measure == "availability":
            without, with_it = reach(0.0), reach(1.0)
            needed[name] = (target - without) / (with_it - without) if with_it > without else np.inf
        elif measure == "throughput_per_day":
            group = parts[
                (parts["stand_by"] == row["stand_by"]) & (parts["stand_by"] != "") & (parts["process"] != name)
            ]
            spare = float((group["process"].map(best).astype(float) / group["uses_per_unit"]).sum())
            needed[name] = max(target - spare, 0.0) * uses
        else:
            needed[name] = (target - reach(0.0)) / uses if uses > 0 else np.inf
        if reach(1.0) != reach(1.0):
            needed[name] = np.nan
    return pd.Series(needed, dtype=float)
