"""The service ladder: what a promise to customers asks of each process, and which options cannot give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import once_a_case
from sourcing.value.service.availability import LESS_IS_BETTER, MEASURES, measure_service, require_levels

if TYPE_CHECKING:
    from sourcing.case import Case

TOLERANCE = 1e-9
BANDS = ("good", "average", "bad")


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
                service=service["service"],
                service_name=service["name"],
                measure=measure,
                target=service[measure],
                required=parts["process"].map(require_levels(parts, best, service[measure], measure)),
                today=parts["process"].map(today),
                best=parts["process"].map(best),
                process_name=parts["process"].map(names),
            )
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


@once_a_case
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
