"""Waiting lines and peaks: how many people a service needs, how long callers wait, what the peak costs."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy

from sourcing.errors import InputError

if TYPE_CHECKING:
    from sourcing.case import Case

HOURS_PER_WEEK = 40.0
"""Paid hours of one full-time equivalent in a week (house rule)."""


def find_waiting_share(load: float, agents: int) -> float:
    """Find the share of callers who wait, by Erlang's formula C.

    P = B / (1 - occupancy x (1 - B)) with B of Erlang's formula B: the chance of n calls over that of at most n, calls
    being of a Poisson distribution with the load as mean; occupancy = load / agents. Callers arrive at random, calls
    have exponential length, nobody hangs up.

    Source: A. K. Erlang (1917), Solution of some problems in the theory of probabilities of significance in
    automatic telephone exchanges.

    Parameters
    ----------
    load : float
        Offered load in erlangs: calls per hour x hours per call, at least 0.
    agents : int
        People who answer, above 0.

    Returns
    -------
    float
        0 to 1; 1 where the load reaches the agents.

    Examples
    --------
    >>> round(find_waiting_share(48.0, 55), 3)
    0.239
    """
    if not (load >= 0 and agents > 0):
        raise InputError(f"load and agents must be above 0; got {load} and {agents}. Hint: check calls and minutes.")
    if load >= agents:
        return 1.0
    special = scipy.special
    chance = np.exp(special.xlogy(agents, load) - special.gammaln(agents + 1) - load)
    blocked = float(chance / special.pdtr(agents, load))
    return blocked / (1 - load / agents * (1 - blocked))


def find_answer_seconds(load: float, agents: int, handling_seconds: float) -> float:
    """Find the average speed of answer: waiting share x handling time / (agents - load); inf where load is no less.

    Examples
    --------
    >>> round(find_answer_seconds(48.0, 55, 240.0), 1)
    8.2
    """
    if load >= agents:
        return math.inf
    return find_waiting_share(load, agents) * handling_seconds / (agents - load)


def size_agents(load: float, handling_seconds: float, answer_seconds: float) -> int:
    """Find the fewest agents that answer within the wanted average speed of answer.

    More agents answer sooner, so their number is found by halving an interval that is doubled until it holds it.

    Examples
    --------
    >>> size_agents(48.0, 240.0, 8.5), size_agents(48.0, 240.0, 8.0), size_agents(0.0, 240.0, 20.0)
    (55, 56, 1)
    """

    def is_enough(agents: int) -> bool:
        return find_answer_seconds(load, agents, handling_seconds) <= answer_seconds

    too_few, width = max(0, math.floor(load)), 1
    while not is_enough(too_few + width):
        too_few, width = too_few + width, 2 * width
    return too_few + 1 + bisect_left(range(too_few + 1, too_few + width), True, key=is_enough)


def size_capacity(case: Case) -> pd.DataFrame:
    """Size the people of every process with a peak or a queue.

    Without a queue, heads at the peak = heads today x peak over average. With one, agents by Erlang C at the average
    and at the peak hour, and heads = agents x open hours / 40 / (1 - shrinkage).

    Returns
    -------
    DataFrame
        One row per row of `capacity`, sorted: process, process_name, headcount_fte, peak_to_average, load_average,
        load_peak (erlangs; NaN without a queue), agents_average, agents_peak, occupancy_average, occupancy_peak,
        answer_seconds_wanted, answer_seconds_peak (with the agents of the average hour), heads_average, heads_peak,
        idle_share (part of the peak's heads that the average does not need), is_short (fewer heads today than the
        average hour asks).
    """
    table = case.capacity.merge(case.processes[["process", "name", "headcount_fte"]], on="process")
    rows = [
        _size_queue(row) if row["calls_per_hour"] == row["calls_per_hour"] else _size_peak(row)
        for row in table.sort_values("process").to_dict("records")
    ]
    columns = ["process", "process_name", "headcount_fte", "peak_to_average", "load_average", "load_peak",
               "agents_average", "agents_peak", "occupancy_average", "occupancy_peak", "answer_seconds_wanted",
               "answer_seconds_peak", "heads_average", "heads_peak", "idle_share", "is_short"]  # fmt: skip
    return pd.DataFrame(rows, columns=pd.Index(columns))


def _name(row: dict) -> dict:
    kept = {name: row[name] for name in ("process", "headcount_fte", "peak_to_average")}
    return {**kept, "process_name": row["name"]}


def _size_peak(row: dict) -> dict:
    heads, peak = row["headcount_fte"], row["headcount_fte"] * row["peak_to_average"]
    idle = 1 - 1 / row["peak_to_average"]
    return {**_name(row), "heads_average": heads, "heads_peak": peak, "idle_share": idle, "is_short": False}


def _size_queue(row: dict) -> dict:
    handling, wanted = 60 * row["handling_minutes"], row["answer_seconds"]
    load = row["calls_per_hour"] * row["handling_minutes"] / 60
    loads = (load, load * row["peak_to_average"])
    agents = [size_agents(each, handling, wanted) for each in loads]
    per_agent = row["open_hours_per_week"] / HOURS_PER_WEEK / (1 - row["shrinkage_share"])
    heads = [each * per_agent for each in agents]
    return {
        **_name(row),
        "load_average": loads[0],
        "load_peak": loads[1],
        "agents_average": agents[0],
        "agents_peak": agents[1],
        "occupancy_average": loads[0] / agents[0],
        "occupancy_peak": loads[1] / agents[1],
        "answer_seconds_wanted": wanted,
        "answer_seconds_peak": find_answer_seconds(loads[1], agents[0], handling),
        "heads_average": heads[0],
        "heads_peak": heads[1],
        "idle_share": 1 - heads[0] / heads[1],
        "is_short": row["headcount_fte"] < heads[0] - 1e-9,
    }


def price_peak(offers: pd.DataFrame) -> pd.DataFrame:
    """Price a year of carrying the peak in each way, beside a year of the average, in price-year money.

    excess = heads at the peak over heads on average - 1.

    - staffed: own people for the peak all year: excess x labor and overhead.
    - temporary: excess x months of the peak / 12 x (1 + premium) x labor and overhead.
    - priced: an outside owner's price holds the year's volume; excess x months / 12 x premium x price.

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.

    Returns
    -------
    DataFrame
        One row per (process, option) with a peak: process, process_name, option, name, delivery_model, average_cost,
        staffed, temporary, priced (NaN where the way is not open to the owner), cover (the way the case says).
    """
    rows = offers.drop_duplicates(["process", "option"])
    rows = rows[rows["peak_excess"] > 0]
    own, part = rows["labor"] + rows["overhead"], rows["peak_months"] / 12
    inside = rows["owner_type"] == "own"
    named = rows[["process", "process_name", "option", "name", "delivery_model"]]
    return named.assign(
        average_cost=np.where(inside, own, rows["price"]),
        staffed=(rows["peak_excess"] * own).where(inside),
        temporary=(rows["peak_excess"] * part * (1 + rows["peak_premium"]) * own).where(inside),
        priced=(rows["peak_excess"] * part * rows["peak_premium"] * rows["price"]).where(~inside),
        cover=rows["peak_cover"],
    ).reset_index(drop=True)
