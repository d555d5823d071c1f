"""What a program asks of people, quarter by quarter: knowledge transfer, heads by place, the retained organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan import share_amounts
from sourcing.program.roadmap.dates import list_quarters
from sourcing.program.roadmap.moves import PEOPLE
from sourcing.value import list_waves, share_live, spread_between

if TYPE_CHECKING:
    from sourcing.case import Case
    from sourcing.decide import Decision

MONTHS_A_QUARTER = 3
LOAD_COLUMNS = [
    "quarter", "start", "name", "starts", "go_lives", "running", "parallel", "knowledge_transfer_hours",
    "capacity_hours", "is_over", "blackout",
]  # fmt: skip
PLACE_COLUMNS = [
    "quarter", "start", "name", "owner", "owner_type", "location", "country", "is_abroad", "fte", "parallel_fte",
]  # fmt: skip
AT = ["owner", "owner_type", "location", "country", "is_abroad"]
OVERSIGHT = ["governance_fte", "retained_fte"]


def list_load(decision: Decision, moves: pd.DataFrame) -> pd.DataFrame:
    """List what is under way in each quarter, and the hours of own experts that it takes against those there are.

    The hours of a move are spread evenly from its start to go-live, those of a wave from its start to that of the next
    one. The plan holds the hours of what starts in a wave within the wave's; here overlapping waves add up, so that a
    quarter may be over though every wave is within.

    Returns
    -------
    DataFrame
        One row per quarter, columns LOAD_COLUMNS. starts, go_lives: moves in it; running: between start and go-live;
        parallel: delivered twice; capacity_hours: NaN where no limit is known; blackout: no move may start.
    """
    unit = decision.case.unit
    quarters = list_quarters(unit)
    number = len(quarters)
    first, last = moves["start_months"].to_numpy(float), moves["go_live_months"].to_numpy(float)
    started, live = share_live(first, number), share_live(last, number)
    both = share_live(last - moves["parallel_months"].to_numpy(float), number) - live
    hours = moves["knowledge_transfer_hours"].to_numpy(float) @ spread_between(first, last, number)
    capacity, blackout = spread_capacity(decision.case, float(last.max(initial=0.0)), number)
    return quarters.assign(
        starts=_count_in(moves, first, number),
        go_lives=_count_in(moves, last, number),
        running=_count_any(moves, started > live),
        parallel=_count_any(moves, both > 0),
        knowledge_transfer_hours=hours,
        capacity_hours=capacity,
        is_over=hours > np.nan_to_num(capacity, nan=np.inf) + 1e-9,
        blackout=blackout,
    )[LOAD_COLUMNS]


def _count_in(moves: pd.DataFrame, months: np.ndarray, number: int) -> np.ndarray:
    places = np.minimum(months // MONTHS_A_QUARTER, number - 1).astype(int)
    counted = moves.groupby(places)["process"].nunique()
    return counted.reindex(range(number), fill_value=0).to_numpy(int)


def _count_any(moves: pd.DataFrame, marks: np.ndarray) -> np.ndarray:
    rows = pd.DataFrame(marks, index=pd.Index(moves["process"])).groupby(level=0).any()
    return rows.sum().to_numpy(int) if len(rows) else np.zeros(marks.shape[1], dtype=int)


def spread_capacity(case: Case, until: float, quarters: int) -> tuple[np.ndarray, np.ndarray]:
    """Spread the hours of each wave from its start to that of the next one, the last to `until` or as long as before.

    Parameters
    ----------
    case : Case
    until : float
        Months from the valuation date by which the last move is live.
    quarters : int

    Returns
    -------
    capacity : ndarray, shape (quarters,)
        Hours; NaN where a wave under way states none.
    blackout : ndarray of bool, shape (quarters,)
    """
    if case.calendar.empty:
        return np.full(quarters, np.nan), np.zeros(quarters, dtype=bool)
    waves = list_waves(case).sort_values("start_months", ignore_index=True)
    starts = waves["start_months"].to_numpy(float)
    before = starts[-1] - starts[-2] if len(starts) > 1 else 0.0
    ends = np.append(starts[1:], max(until, starts[-1] + before, starts[-1] + MONTHS_A_QUARTER))
    under_way = share_live(starts, quarters) - share_live(ends, quarters) > 0
    hours = waves["knowledge_transfer_hours"].to_numpy(float)
    capacity = np.nan_to_num(hours) @ np.where(under_way, spread_between(starts, ends, quarters), 0.0)
    unknown = under_way[np.isnan(hours)].any(axis=0)
    dark = under_way[waves["blackout"].to_numpy(bool)].any(axis=0)
    return np.where(unknown, np.nan, capacity), dark


def list_places(decision: Decision, moves: pd.DataFrame) -> pd.DataFrame:
    """List the people who do the work, by owner and site over the quarters.

    fte = today's x share of the quarter before go-live + the plan's x share after; parallel_fte = the plan's in the
    part of the quarter in which both deliveries run, on top of fte.

    Returns
    -------
    DataFrame
        One row per quarter and place, columns PLACE_COLUMNS, average over the quarter.
    """
    quarters = list_quarters(decision.case.unit)
    number = len(quarters)
    planned = _list_planned(decision, moves)
    live = share_live(planned["go_live_months"].to_numpy(float), number)
    both = share_live((planned["go_live_months"] - planned["parallel_months"]).to_numpy(float), number) - live
    today = decision.as_is.choices.set_index("process").loc[planned["process"]]
    sides = [
        (today, (1 - live) * (today["fte"] * planned["share"].to_numpy(float)).to_numpy(float)[:, None], 0 * both),
        (planned, live * planned["fte"].to_numpy(float)[:, None], both * planned["fte"].to_numpy(float)[:, None]),
    ]
    tables = []
    for rows, working, twice in sides:
        at = rows[AT].reset_index(drop=True)
        for place in range(number):
            table = at.assign(quarter=place + 1, fte=working[:, place], parallel_fte=twice[:, place])
            tables.append(table[(table["fte"] > 0) | (table["parallel_fte"] > 0)])
    whole = pd.concat(tables).groupby(["quarter", *AT], as_index=False)[["fte", "parallel_fte"]].sum()
    return whole.merge(quarters, on="quarter")[PLACE_COLUMNS]


def _list_planned(decision: Decision, moves: pd.DataFrame) -> pd.DataFrame:
    keys = ["process", "option"]
    parallel = moves.set_index(keys)["parallel_months"]
    planned = share_amounts(decision.plan).join(parallel, on=keys)
    return planned.assign(parallel_months=planned["parallel_months"].fillna(0.0)).reset_index(drop=True)


def list_retained(decision: Decision, moves: pd.DataFrame) -> pd.DataFrame:
    """List the own people who govern work and own its outcome, and who comes and goes, by quarter.

    Returns
    -------
    DataFrame
        One row per quarter: quarter, start, name, governance_fte, retained_fte (averages, as `value.count_overseers`
        counts them), transferred, leavers, redeployed (in the quarter of go-live) and hired (evenly until go-live).
    """
    quarters = list_quarters(decision.case.unit)
    number = len(quarters)
    planned = _list_planned(decision, moves)
    live = share_live(planned["go_live_months"].to_numpy(float), number)
    today = decision.as_is.choices.set_index("process").loc[planned["process"]]
    shares = planned["share"].to_numpy(float)
    kept = {
        name: (today[name].to_numpy(float) * shares) @ (1 - live) + planned[name].to_numpy(float) @ live
        for name in OVERSIGHT
    }
    last = moves["go_live_months"].to_numpy(float)
    at_go_live = spread_between(last, last, number)
    until = spread_between(moves["start_months"].to_numpy(float), last, number)
    come_and_go = {name: moves[name].to_numpy(float) @ (until if name == "hired" else at_go_live) for name in PEOPLE}
    return quarters.assign(**kept, **come_and_go)
