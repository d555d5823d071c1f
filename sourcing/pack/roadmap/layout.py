"""Where the shapes of the program's charts lie: bars of moves, and work that flows from As-Is to To-Be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.pack.roadmap.words import call_place
from sourcing.pack.wording import MODEL_NAMES, call_places, capitalize, say_count, say_money

if TYPE_CHECKING:
    from sourcing.program import Roadmap

STEPS = 24
"""Points along the edge of a flow."""
LEFT, RIGHT = 0.0, 1.0
AIR, SLOT = 0.02, 0.15
"""Room between two places, and the least that a place with its label takes, as parts of all work."""
SLOT_PIXELS, LINES = 42, 3
"""What a place with its label takes, and the lines of text in it."""
TOLD = 0.03
"""Least part of all work of a band that is named on it."""
KINDS = ("as it is", "changed in place", "moved abroad", "moved at home", "back in-house")
"""What becomes of work, each with a color of its own."""


def lay_flows(roadmap: Roadmap) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, int]:
    """Lay out work as bands from the owner and country of today to that of the plan.

    Returns
    -------
    bands : DataFrame
        One row per point along each band: flow (number), x (0 today, 1 planned), low, high (in yearly running cost of
        each side, places apart), kind (of KINDS), title, told (processes), people, fte, from_cost, cost.
    places : DataFrame
        One row per place and side: place, x, y (middle), low, high, side, name, who, money.
    labels : DataFrame
        x, y, label: what is told in the middle of each band that has room for it.
    height : int
        Pixels in which the labels of places do not touch.
    """
    flows, currency = roadmap.flows, str(roadmap.decision.case.unit["currency"])
    flows = flows.assign(
        kind=_kind(flows, str(roadmap.decision.case.unit["home_country"])),
        source=[call_place(*pair, roadmap) for pair in zip(flows["from_owner"], flows["from_country"], strict=True)],
        target=[call_place(*pair, roadmap) for pair in zip(flows["owner"], flows["country"], strict=True)],
    )
    source, target = (_rank(flows, *side) for side in (("source", "from_cost"), ("target", "cost")))
    left, low_left = _stack(flows.assign(across=target), "source", "from_cost", "people", currency)
    right, low_right = _stack(flows.assign(across=source), "target", "cost", "fte", currency)
    places = pd.concat([left.assign(x=LEFT, side="As-Is"), right.assign(x=RIGHT, side="To-Be")], ignore_index=True)
    along = np.linspace(0, 1, STEPS)
    bend = along**2 * (3 - 2 * along)
    tables = []
    for number, flow in flows.reset_index(drop=True).iterrows():
        low = low_left[number] + (low_right[number] - low_left[number]) * bend
        wide = flow["from_cost"] + (flow["cost"] - flow["from_cost"]) * bend
        count = say_count(len(flow["processes"]), "process", "processes")
        tables.append(
            pd.DataFrame({"x": along, "low": low, "high": low + wide}).assign(
                flow=number, kind=flow["kind"], title=f"{flow['source']} to {flow['target']}: {count}",
                told=", ".join(flow["processes"]), count=len(flow["processes"]), people=flow["people"],
                fte=flow["fte"], from_cost=flow["from_cost"], cost=flow["cost"],
            )
        )  # fmt: skip
    bands = pd.concat(tables, ignore_index=True)
    whole = float(flows[["from_cost", "cost"]].sum().max())
    slots = float(places["slot_end"].max()) / (SLOT * whole) if whole > 0 else len(places)
    return bands, places.drop(columns="slot_end"), _label_bands(bands), round(SLOT_PIXELS * slots)


def _label_bands(bands: pd.DataFrame) -> pd.DataFrame:
    """Label the bands in their middle, widest first, where none so far is nearer than a line of text."""
    middle = bands[bands["x"] == bands["x"].unique()[STEPS // 2]]
    middle = middle.assign(wide=middle["high"] - middle["low"], y=(middle["low"] + middle["high"]) / 2)
    kept: list[dict[str, Any]] = []
    whole = float(middle["wide"].sum())
    for band in middle.sort_values("wide", ascending=False, kind="stable").to_dict("records"):
        near = [each for each in kept if abs(each["y"] - band["y"]) < SLOT * whole / LINES]
        if band["wide"] >= TOLD * whole and not near:
            kept.append({"x": band["x"], "y": band["y"], "label": f"{band['count']} {band['kind']}"})
    return pd.DataFrame(kept, columns=["x", "y", "label"])


def _kind(flows: pd.DataFrame, home: str) -> np.ndarray:
    same = (flows["owner"] == flows["from_owner"]) & (flows["country"] == flows["from_country"])
    abroad = (flows["country"] != home) & (flows["country"] != flows["from_country"])
    back = (flows["owner"] == "own") & (flows["from_owner"] != "own") & ~abroad
    choices = [~flows["moves"].astype(bool), same, abroad, back]
    return np.select(choices, [KINDS[0], KINDS[1], KINDS[2], KINDS[4]], KINDS[3])


def _rank(flows: pd.DataFrame, place: str, size: str) -> pd.Series:
    """Rank the place of each flow on one side, the largest first."""
    sizes = flows.groupby(place)[size].sum().sort_values(ascending=False, kind="stable")
    return flows[place].map({name: number for number, name in enumerate(sizes.index)})


def _stack(
    flows: pd.DataFrame, place: str, size: str, people: str, currency: str
) -> tuple[pd.DataFrame, dict[int, float]]:
    """Stack the places of one side, largest first and each amid its room, and in each the flows as their ends lie."""
    whole = float(flows[["from_cost", "cost"]].sum().max())
    gap, least = AIR * whole, SLOT * whole
    sizes = flows.groupby(place)[size].sum().sort_values(ascending=False, kind="stable")
    rows, lows, base = [], {}, 0.0
    for name in sizes.index:
        own = flows[flows[place] == name].sort_values("across", kind="stable")
        around = max(least - float(sizes[name]), 0.0) / 2
        base += around
        start = base
        for number in own.index:
            lows[int(number)] = base
            base += float(own.at[number, size])
        count = sum(len(names) for names in own["processes"])
        said = say_count(count, "process", "processes")
        rows.append(
            {"place": name, "low": start, "high": base, "y": (start + base) / 2, "name": capitalize(str(name)),
             "who": f"{said}, {own[people].sum():,.0f} people", "money": f"{say_money(base - start, currency)} a year",
             "slot_end": base + around}
        )  # fmt: skip
        base += around + gap
    return pd.DataFrame(rows), lows


def lay_moves(roadmap: Roadmap) -> pd.DataFrame:
    """Lay out the moves as bars: label, order, model, start, parallel_start, go_live, steady, where, told.

    where: wave, owner and country, as text beside the bar.
    """
    moves = roadmap.moves
    countries = call_places(moves["country"], roadmap.decision.case)
    owner = moves["owner"].where(moves["owner"] != "own", "own staff")
    twice = moves["process"].duplicated(keep=False)
    label = moves["process_name"].where(~twice, moves["process_name"] + " (" + moves["name"] + ")")
    table = moves.assign(
        label=label,
        place=range(len(moves)),
        model=moves["delivery_model"].map(MODEL_NAMES),
        where="wave " + moves["wave"].astype(str) + ": " + owner + ", " + countries,
    )
    days = ["start", "parallel_start", "go_live", "steady"]
    wanted = ["label", "place", "model", "wave", "where", "people", "knowledge_transfer_hours", *days]
    return table[wanted].assign(**{name: table[name].dt.strftime("%Y-%m-%d") for name in days})


def lay_dark(roadmap: Roadmap) -> pd.DataFrame:
    """Lay out the quarters in which no move may start: from, until."""
    load = roadmap.load
    ends = load["start"].shift(-1).fillna(load["start"].iloc[-1] + pd.DateOffset(months=3))
    dark = load[load["blackout"]]
    return pd.DataFrame(
        {"from": dark["start"].dt.strftime("%Y-%m-%d"), "until": ends[dark.index].dt.strftime("%Y-%m-%d")}
    )
