"""Promises as sums: what each option adds to a service, so that linear rules hold its parts together.

Notation: a availability of the chosen option, T promised availability, u = -log(1 - a).

    availability, series       sum of log a / log T <= 1
    availability, a stand-by group   -log(1 - exp(-U)), U = sum of u over its members, in place of -log a
    response, series           sum of uses x response <= promise
    response, a stand-by group the slowest of its members in place of the sum
    throughput                 sum of throughput / uses over the members of a group >= promise

What a group of stand-bys misses is convex in U, so each tangent is a linear rule that every plan which keeps the
promise keeps too; tangents are added until each combination of options that breaks the promise breaks one of them.
The slowest of a group likewise: a rule for each way of picking one member of each group.

Sources: composite availability as in `sourcing.value.service.availability`; outer approximation by tangents after
Kelley (1960), The cutting-plane method for solving convex programs.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Record = dict[str, Any]
    Tables = Mapping[str, pd.DataFrame]

SURE = 1e-9
"""Unavailability below which a part is taken to fail no more."""
LEAST = 1e-2
"""Least u that a tangent is drawn at, for it grows without end towards 0."""
ALLOWED = 1e-6
"""How far a rule may be missed, as in the plan."""
MOST = 20_000
"""Most combinations of levels of the stand-by groups of one service."""
PREFIXES = {"availability": "unavailability", "response_seconds": "response", "throughput_per_day": "throughput"}


def sum_promises(tables: Tables) -> list[Record]:
    """List the promises of a unit to its customers as sums over its options.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        services, service_parts, service_levels and options of one unit.

    Returns
    -------
    list of dict
        service, name, measure, target; column (`unavailability_shop`; numbered where stand-bys ask for several),
        number and numbers (1 of 1, or which of several), sense, limit on the sum of the column, amounts (Series by
        process and option: what each option adds; what has no known level is taken to keep its part). A throughput of
        parts that are all needed is no sum: options that cannot reach it are out one by one.

    Raises
    ------
    InputError
        Stand-bys of a service with more combinations of levels than can be told apart.
    """
    promises = []
    for service in tables["services"].sort_values("service").to_dict("records"):
        parts = tables["service_parts"]
        parts = parts[parts["service"] == service["service"]]
        for measure, prefix in PREFIXES.items():
            target = service[measure]
            if target != target or parts.empty:
                continue
            blocks = _list_blocks(tables, parts, measure)
            if not blocks:
                continue
            sums = list(_SUMS[measure](blocks, float(target), str(service["service"])))
            named = {"service": service["service"], "name": service["name"], "measure": measure, "target": target}
            for number, row in enumerate(sums, start=1):
                column = f"{prefix}_{service['service']}" + (f"_{number}" if len(sums) > 1 else "")
                promises.append({**named, "column": column, "number": number, "numbers": len(sums), **row})
    return promises


def _list_blocks(tables: Tables, parts: pd.DataFrame, measure: str) -> list[pd.DataFrame]:
    """List the blocks of a service, each a table process, option, level (NaN: unknown), uses; stand-bys share one."""
    levels = tables["service_levels"]
    levels = levels.loc[levels["measure"] == measure, ["process", "option", "expected"]]
    options = tables["options"][["process", "option"]].merge(levels, on=["process", "option"], how="left")
    table = parts.merge(options, on="process")
    table = table.assign(level=table["expected"].astype(float), uses=table["uses_per_unit"].astype(float))
    block = table["stand_by"].where(table["stand_by"] != "", "process " + table["process"])
    return [rows[["process", "option", "level", "uses"]] for _, rows in table.groupby(block, sort=True)]


def _is_group(block: pd.DataFrame) -> bool:
    return len(block["process"].unique()) > 1


def _collect(tables: Sequence[pd.DataFrame], limit: float, sense: str = "<=") -> Record:
    rows = pd.concat(tables)
    return {"sense": sense, "limit": limit, "amounts": rows.set_index(["process", "option"])["amount"]}


def _sum_availability(blocks: list[pd.DataFrame], target: float, service: str) -> Iterator[Record]:
    """Yield the linear rules of an availability; amounts are parts of what the promise allows."""
    allowed = max(-np.log(target), SURE) if target > 0 else np.inf
    series, groups = [], []
    for block in blocks:
        level = block["level"].fillna(1.0).clip(SURE, 1.0)
        if _is_group(block):
            groups.append(block.assign(amount=-np.log((1 - level).clip(SURE, 1.0))))
        else:
            series.append(block.assign(amount=-np.log(level)))
    points = _find_tangents(series, groups, allowed, service) if groups else np.zeros((1, 0))
    for point in points:
        tables = list(series)
        for group, at in zip(groups, point, strict=True):
            slope, members = _slope(at), group["process"].nunique()
            rest = (_miss(at) - slope * at) / members
            tables.append(group.assign(amount=slope * group["amount"] + rest))
        yield _collect([table.assign(amount=table["amount"] / allowed) for table in tables], 1.0)


def _miss(at: Any) -> Any:
    """Return what a group misses, -log(1 - exp(-U))."""
    return -np.log(-np.expm1(-np.maximum(at, LEAST)))


def _slope(at: Any) -> Any:
    """Return the slope of `_miss`."""
    return -1 / np.expm1(np.maximum(at, LEAST))


def _find_tangents(series: list[pd.DataFrame], groups: list[pd.DataFrame], allowed: float, service: str) -> np.ndarray:
    """Find the points of the groups at which tangents cut off every combination that breaks the promise.

    From the combination that misses least to the one that misses most: where an attainable sum of the other parts
    breaks the promise and passes all tangents so far, the tangent there is added.

    Returns
    -------
    ndarray, shape (tangents, groups)
    """
    sums = _add_levels([table["amount"].to_numpy() for table in series])
    totals = [_add_levels([rows.to_numpy() for _, rows in group.groupby("process")["amount"]]) for group in groups]
    count = int(np.prod([len(total) for total in totals]))
    if count > MOST or len(sums) > MOST:
        raise InputError(
            f"a service with stand-bys must have at most {MOST} combinations of levels; got {max(count, len(sums))} "
            f"at service {service}. Hint: make it two services, or round the levels of its options."
        )
    grid = np.maximum(np.array(list(product(*totals))), LEAST)
    missed, slack = _miss(grid).sum(axis=1), ALLOWED * allowed
    cut, points = np.full(len(grid), -np.inf), []
    for place in np.argsort(missed, kind="stable"):
        breaks = sums + missed[place] > allowed + slack
        if (breaks & (sums + cut[place] <= allowed + slack)).any():
            at = grid[place]
            points.append(at)
            cut = np.maximum(cut, (_miss(at) + _slope(at) * (grid - at)).sum(axis=1))
    return np.array(points).reshape(-1, len(groups))


def _add_levels(sets: list[np.ndarray]) -> np.ndarray:
    """Add one of each set in every way; the different sums."""
    sums = np.zeros(1)
    for each in sets:
        sums = np.unique(np.round((sums[:, None] + np.unique(each)).ravel(), 12))
        if len(sums) > MOST:
            break
    return sums


def _sum_responses(blocks: list[pd.DataFrame], target: float, service: str) -> Iterator[Record]:
    """Yield a sum for each way of picking one member of each group of stand-bys."""
    del service
    known = [block.assign(amount=(block["uses"] * block["level"]).fillna(0.0)) for block in blocks]
    members = [[rows for _, rows in block.groupby("process", sort=True)] for block in known]
    yield from (_collect(picked, target) for picked in product(*members))


def _sum_throughputs(blocks: list[pd.DataFrame], target: float, service: str) -> Iterator[Record]:
    """Yield the sum of what the members of each group of stand-bys give."""
    del service
    for block in blocks:
        if _is_group(block) and (block["uses"] > 0).all():
            yield _collect([block.assign(amount=(block["level"] / block["uses"]).fillna(target))], target, ">=")


_SUMS = {
    "availability": _sum_availability,
    "response_seconds": _sum_responses,
    "throughput_per_day": _sum_throughputs,
}
