"""What looks odd about a plan: facts to ask about before it is relied on, found by thresholds; none changes it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing import value
from sourcing.case import compare_with_reference, fill_options, is_place_bound
from sourcing.plan import share_amounts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.decide.decide import Decision

MONTHS = 12
NEAR = 2.0
"""Twelve times a price is near the cost of the other options within this factor, up or down (house rule)."""
FAR = 3.0
"""A price or wage this many times the reference, or one over it, is asked about where the plan uses it (house rule).

From ten times on it is a warning of the tables already.
"""
MANY_HEADS = 2000.0
"""People of one process that are asked about whatever the unit's size (house rule)."""
SOME_HEADS, TIMES_MEDIAN = 500.0, 100.0
"""From so many people on, a process with so many times the median of the unit's others is asked about (house rule)."""
ASSUMED_SHARE = 0.25
"""Share of the saving that rests on figures which are not the unit's own, from which it is asked about (house rule)."""
SHARE_OF_MOVES, FEWEST_HELD = 1 / 3, 2
"""One outside owner with this share of all moves, and so many of them, is asked about (house rule)."""
RUNNING_COST = ("labor_cost_per_fte", "price_per_year")
"""Columns of options on which a saving rests."""
COLUMNS = ("topic", "process", "option", "owner", "figure", "compared", "number", "stake")


def list_doubts(decision: Decision) -> pd.DataFrame:
    """List what looks odd about a plan, the topics that could void it first, the most money of a topic first.

    Parameters
    ----------
    decision : Decision

    Returns
    -------
    DataFrame
        One row per doubt: topic (a key of TOPICS), process ("" where it is about the unit), option, owner ("" where
        it is about none), figure, compared and number (what they are depends on the topic, see its function; NaN
        where there is none), stake (money: the cash cost of the process today, or of what the doubt is about).
    """
    cost = decision.as_is.choices.groupby("process")["cash_cost"].sum()
    empty = {"process": "", "option": "", "owner": "", "figure": math.nan, "compared": math.nan, "number": math.nan}
    rows = [
        {"topic": topic, **empty, "stake": float(cost.get(row.get("process", ""), cost.sum())), **row}
        for topic, find in TOPICS.items()
        for row in find(decision)
    ]
    found = pd.DataFrame(rows, columns=pd.Index(COLUMNS))
    order = {topic: place for place, topic in enumerate(TOPICS)}
    found = found.assign(place=found["topic"].map(order))
    found = found.sort_values(["place", "stake", "process", "option"], ascending=[True, False, True, True])
    return found.drop(columns="place").reset_index(drop=True)


def _list_moves(decision: Decision) -> pd.DataFrame:
    """Return the parts of the plan that move, amounts times share."""
    chosen = share_amounts(decision.plan)
    return chosen[~chosen["is_as_is"].astype(bool)]


def _list_used(decision: Decision) -> pd.DataFrame:
    """Return today's and the planned options, each once."""
    used = pd.concat([decision.as_is.choices, decision.plan.choices])
    return used.drop_duplicates(["process", "option"]).sort_values(["process", "option"])


def prices_for_a_month(decision: Decision) -> Iterator[dict[str, Any]]:
    """A yearly price that is about a twelfth of what the other options of the process cost may be that of a month.

    Looked at for outside owners in the plan or today: 12 x running cost a year within NEAR of the median of the other
    options'.

    Yields
    ------
    dict
        figure: running cost a year; compared: median of the other options'.
    """
    options = decision.alternatives.drop_duplicates(["process", "option"])
    for row in _list_used(decision).to_dict("records"):
        others = options[(options["process"] == row["process"]) & (options["option"] != row["option"])]
        usual, own = float(others["run_cost_per_year"].median()), float(row["run_cost_per_year"])
        if row["owner_type"] != "own" and own > 0 and usual > 0 and 1 / NEAR <= MONTHS * own / usual <= NEAR:
            yield {**_name(row), "figure": own, "compared": usual}


def figures_far_from_the_reference(decision: Decision) -> Iterator[dict[str, Any]]:
    """A price or wage of today's or of the planned option is FAR from the published figure.

    Those that look like the price of a month are asked about once.

    Yields
    ------
    dict
        figure: a head and year, in the money it was typed in; compared: the reference for it; number: their ratio.
    """
    heads = decision.case.processes.set_index("process")["headcount_fte"]
    compared = compare_with_reference(decision.case.tables)
    keys = ["process", "option"]
    owners = _list_used(decision).set_index(keys)["owner"]
    monthly = {(row["process"], row["option"]) for row in prices_for_a_month(decision)}
    pairs = zip(compared["process"], compared["option"], strict=True)
    used = compared[np.array([pair in owners.index and pair not in monthly for pair in pairs], dtype=bool)]
    ratio = used["value"] / used["reference"]
    for row in used[(ratio > FAR) | (ratio < 1 / FAR)].to_dict("records"):
        per = float(heads[row["process"]]) if row["column"].startswith("price") else 1.0
        named = {"process": row["process"], "option": row["option"], "owner": owners[row["process"], row["option"]]}
        figure, reference = row["value"] / per, row["reference"] / per
        yield {**named, "figure": figure, "compared": reference, "number": figure / reference}


def heads_that_stand_out(decision: Decision) -> Iterator[dict[str, Any]]:
    """A process has MANY_HEADS, or SOME_HEADS and TIMES_MEDIAN the median of the unit's other processes.

    Yields
    ------
    dict
        figure: people; compared: median of the others (NaN where there are none).
    """
    heads = decision.case.processes.set_index("process")["headcount_fte"]
    for process, people in heads[heads >= SOME_HEADS].items():
        usual = float(heads.drop(process).median())
        if people >= MANY_HEADS or people >= TIMES_MEDIAN * usual:
            yield {"process": process, "figure": float(people), "compared": usual}


def work_on_the_spot_abroad(decision: Decision) -> Iterator[dict[str, Any]]:
    """Work that is done on the spot moves abroad, unless the analyst says that it can be done from elsewhere.

    Yields
    ------
    dict
        figure: people whose work moves.
    """
    processes = decision.case.processes.to_dict("records")
    bound = {process["process"] for process in processes if is_place_bound(process)}
    moves = _list_moves(decision)
    for row in moves[moves["is_abroad"].astype(bool) & moves["process"].isin(bound)].to_dict("records"):
        yield {**_name(row), "figure": float(row["moved_fte"])}


def core_work_abroad(decision: Decision) -> Iterator[dict[str, Any]]:
    """Core work moves abroad, to an own site too: posture speaks of owners and says nothing of places.

    Yields
    ------
    dict
        figure: core-competency fit; compared: its threshold; number: people whose work moves.
    """
    core, least = decision.judgment.postures["core_competency"], decision.policy.core_threshold
    moves = _list_moves(decision)
    is_core = moves["process"].map(core).astype(float) >= least
    for row in moves[moves["is_abroad"].astype(bool) & is_core].to_dict("records"):
        fit = float(core[row["process"]])
        yield {**_name(row), "figure": fit, "compared": least, "number": float(row["moved_fte"])}


def savings_on_assumed_figures(decision: Decision) -> Iterator[dict[str, Any]]:
    """Much of the saving comes from moves whose running cost, today's or planned, is no figure of the unit's own.

    Share = saving in cash of such moves / saving of all moves that save.

    Yields
    ------
    dict
        figure: the share; number: such moves; stake: their saving; process: the one of them that saves most.
    """
    figures = fill_options(decision.case)[1]
    figures = figures[figures["column"].isin(RUNNING_COST) & (figures["source"] != "the case")]
    filled = set(zip(figures["process"], figures["option"], strict=True))
    today = decision.as_is.choices.set_index("process")
    moves = _list_moves(decision)
    saving = moves["process"].map(today["cash_cost"]).astype(float) * moves["share"] - moves["cash_cost"]
    now = moves["process"].map(today["option"])
    rests = pd.Series(
        [
            (process, option) in filled or (process, before) in filled
            for process, option, before in zip(moves["process"], moves["option"], now, strict=True)
        ],
        moves.index,
        dtype=bool,
    )
    gained = saving.clip(lower=0.0)
    if gained.sum() > 0 and gained[rests].sum() >= ASSUMED_SHARE * gained.sum():
        share, stake = float(gained[rests].sum() / gained.sum()), float(gained[rests].sum())
        most = moves.at[gained[rests].idxmax(), "process"]
        yield {"process": most, "figure": share, "number": float((gained[rests] > 0).sum()), "stake": stake}


def owners_of_many_moves(decision: Decision) -> Iterator[dict[str, Any]]:
    """One outside owner gets SHARE_OF_MOVES of all moves or more, and FEWEST_HELD of them at least.

    Yields
    ------
    dict
        figure: share of all moves; compared: people whose work it gets; number: moves; stake: what they cost in cash.
    """
    moves = _list_moves(decision)
    everything = moves["process"].nunique()
    for owner, rows in moves[moves["owner_type"] != "own"].groupby("owner"):
        held = rows["process"].nunique()
        if held >= FEWEST_HELD and held >= SHARE_OF_MOVES * everything:
            heads, stake = float(rows["moved_fte"].sum()), float(rows["cash_cost"].sum())
            yield {"owner": owner, "figure": held / everything, "compared": heads, "number": held, "stake": stake}


def staff_short_of_the_peak(decision: Decision) -> Iterator[dict[str, Any]]:
    """A queue has fewer people than its average hour asks for, or than its peak does where the plan pays for no peak.

    Yields
    ------
    dict
        figure: people today; compared: people at the peak; number: people in the average hour.
    """
    covers = decision.case.options.set_index(["process", "option"])["peak_cover"]
    chosen = decision.plan.choices.groupby("process")["option"].agg(list)
    for row in value.size_capacity(decision.case).dropna(subset=["load_average"]).to_dict("records"):
        options = chosen[row["process"]]
        is_unpaid = any(covers.get((row["process"], option), "included") == "included" for option in options)
        short = row["heads_average"] if row["is_short"] else row["heads_peak"] if is_unpaid else 0.0
        if row["headcount_fte"] < short - 1e-9:
            named = {"process": row["process"], "figure": row["headcount_fte"]}
            yield {**named, "compared": row["heads_peak"], "number": row["heads_average"]}


def _name(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("process", "option", "owner")}


TOPICS = {
    "price for a month": prices_for_a_month,
    "far from the reference": figures_far_from_the_reference,
    "heads that stand out": heads_that_stand_out,
    "on the spot, abroad": work_on_the_spot_abroad,
    "core, abroad": core_work_abroad,
    "saving on assumed figures": savings_on_assumed_figures,
    "one owner, many moves": owners_of_many_moves,
    "short of the peak": staff_short_of_the_peak,
}
"""Topic -> what finds it, in the order in which they are asked: what could void the plan first."""
