"""The service ladder: what a promise to customers asks of each process, and which options cannot give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.case import Case

MEASURES = ("availability", "throughput_per_day", "response_seconds")
LESS_IS_BETTER = "response_seconds"
TOLERANCE = 1e-9
BANDS = ("good", "average", "bad")


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


def list_levels(case: Case) -> pd.DataFrame:
    """List the service of each option, with the band that is expected of it.

    Returns
    -------
    DataFrame
        process, option, measure, low, expected, high (low and high filled with the expected), band (good, average,
        bad; empty where the process has no bands), band_at_worst (band of the worse end), source.
    """
    levels = case.service_levels.drop(columns="business_unit")
    levels = levels.assign(low=levels["low"].fillna(levels["expected"]), high=levels["high"].fillna(levels["expected"]))
    bands = case.bands.drop(columns=["business_unit", "source"])
    levels = levels.merge(bands, on=["process", "measure"], how="left")
    worse = levels["high"].where(levels["measure"] == LESS_IS_BETTER, levels["low"])
    return levels.assign(
        band=name_bands(levels["expected"], levels["good_from"], levels["bad_from"]),
        band_at_worst=name_bands(worse, levels["good_from"], levels["bad_from"]),
    ).drop(columns=["good_from", "bad_from"])


def name_bands(level: pd.Series, good_from: pd.Series, bad_from: pd.Series) -> pd.Series:
    """Name the band of each level; less is better where bad begins above good. Empty without bands.

    Examples
    --------
    >>> levels = pd.Series([0.999, 0.99, 0.9, 3.0, 9.0])
    >>> good, bad = pd.Series([0.995, 0.995, 0.995, 4.0, 4.0]), pd.Series([0.98, 0.98, 0.98, 8.0, 8.0])
    >>> name_bands(levels, good, bad).tolist()
    ['good', 'average', 'bad', 'good', 'bad']
    """
    sign = np.where(bad_from > good_from, -1.0, 1.0)
    good, bad = sign * level >= sign * good_from, sign * level <= sign * bad_from
    named = np.select([good_from.isna(), good, bad], ["", *BANDS[::2]], BANDS[1])
    return pd.Series(named, index=level.index)


def build_ladder(case: Case) -> pd.DataFrame:
    """Build the ladder: what each promise asks of each process, and what today and the best option give.

    Returns
    -------
    DataFrame
        One row per (service, measure, process): service, service_name, measure, target, process, process_name,
        stand_by, required (if all others give their best), today, best (expected levels; NaN where unknown),
        is_met_today.
    """
    levels, names = list_levels(case), case.processes.set_index("process")["name"]
    as_is = case.processes.set_index("process")["as_is_option"]
    rows = []
    for service in case.services.sort_values("service").to_dict("records"):
        parts = case.service_parts[case.service_parts["service"] == service["service"]]
        for measure in MEASURES:
            if service[measure] != service[measure] or parts.empty:
                continue
            known = levels[(levels["measure"] == measure) & levels["process"].isin(parts["process"])]
            best = known.groupby("process")["expected"].agg("min" if measure == LESS_IS_BETTER else "max")
            today = known[known["option"] == known["process"].map(as_is)].set_index("process")["expected"]
            table = parts[["process", "stand_by"]].assign(
                service=service["service"], service_name=service["name"], measure=measure, target=service[measure],
                required=parts["process"].map(require_levels(parts, best, service[measure], measure)),
                today=parts["process"].map(today), best=parts["process"].map(best),
                process_name=parts["process"].map(names),
            )  # fmt: skip
            rows.append(table)
    columns = ["service", "service_name", "measure", "target", "process", "process_name", "stand_by", "required",
               "today", "best", "is_met_today"]  # fmt: skip
    if not rows:
        return pd.DataFrame(columns=pd.Index(columns))
    ladder = pd.concat(rows, ignore_index=True)
    return ladder.assign(is_met_today=_meets(ladder["today"], ladder["required"], ladder["measure"]))[columns]


def _meets(level: pd.Series, required: pd.Series, measure: pd.Series) -> pd.Series:
    """Whether a level reaches what is required; an unknown one is taken to."""
    slack = TOLERANCE * required.abs().clip(lower=1.0).fillna(1.0)
    enough = (level >= required - slack).where(measure != LESS_IS_BETTER, level <= required + slack)
    return enough | level.isna() | required.isna()


def list_misses(case: Case) -> pd.DataFrame:
    """List the options that cannot meet a service, even if every other process gives its best.

    Returns
    -------
    DataFrame
        process, option, service, measure, required, expected, reason (a sentence), sorted by process and option.
    """
    ladder = build_ladder(case)
    joined = list_levels(case).merge(ladder, on=["process", "measure"])
    out = joined[~_meets(joined["expected"], joined["required"], joined["measure"])]
    reason = [
        f"service {row['service_name']}: {row['measure'].replace('_', ' ')} of {row['expected']:g}, "
        f"{row['required']:.6g} needed"
        for row in out.to_dict("records")
    ]
    columns = ["process", "option", "service", "measure", "required", "expected"]
    return out[columns].assign(reason=reason).sort_values(columns[:4], ignore_index=True)


def check_services(case: Case, options: pd.Series) -> pd.DataFrame:
    """Check every promise against the options that deliver its processes.

    Parameters
    ----------
    case : Case
    options : Series
        Chosen option of each process; index process.

    Returns
    -------
    DataFrame
        One row per (service, measure promised): service, service_name, measure, promised, delivered (NaN where a level
        is missing), flag: `no process under it`, `a level is missing`, `stricter than its parts`, or empty where kept.
    """
    levels = list_levels(case)
    chosen = levels[levels["option"] == levels["process"].map(options)]
    rows = []
    for service in case.services.sort_values("service").to_dict("records"):
        parts = case.service_parts[case.service_parts["service"] == service["service"]]
        for measure in MEASURES:
            promised = service[measure]
            if promised != promised:
                continue
            given = chosen[chosen["measure"] == measure].set_index("process")["expected"]
            delivered = measure_service(parts, given, measure) if len(parts) else np.nan
            rows.append((service["service"], service["name"], measure, promised, delivered, len(parts)))
    columns = ["service", "service_name", "measure", "promised", "delivered", "parts"]
    table = pd.DataFrame(rows, columns=columns)
    kept = _meets(table["delivered"], table["promised"], table["measure"])
    flags = np.select(
        [table["parts"] == 0, table["delivered"].isna(), ~kept],
        ["no process under it", "a level is missing", "stricter than its parts"],
        "",
    )
    return table.drop(columns="parts").assign(flag=flags)
