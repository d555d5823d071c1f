"""Charts: each takes one tidy table and returns one Altair chart; no arithmetic here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.pack.decision.findings import (
    find_difference,
    find_extremes,
    find_largest_shift,
    find_plan_against_today,
    find_standing,
)
from sourcing.pack.drawing import alt
from sourcing.pack.marks import color_models, shape_models
from sourcing.pack.theme import (
    BAD,
    COMMODITIZATION,
    CORE_FIT,
    MEASURE,
    MONEY_AXIS,
    SHARE,
    SHARE_AXIS,
    STATE_ORDER,
    STEP_COLORS,
)
from sourcing.pack.wording import MODEL_NAMES, call_line, find_scale, say_scaled

if TYPE_CHECKING:
    from sourcing.case import Policy

BRIDGE_LABEL = 170
"""Pixels of a label beside the bridge."""
BRIDGE_WIDTH = 440
"""Pixels below which the bridge scrolls sideways: its labels, bars and values need them."""
ROOM_FOR_VALUES = 1.28
"""Length of the axis of the bridge, against its longest bar: room for a value beside it."""


def posture_map(postures: pd.DataFrame, policy: Policy) -> alt.LayerChart | alt.FacetChart:
    """Draw the posture map: commoditization across, core-competency fit up, size by headcount.

    Parameters
    ----------
    postures : DataFrame
        From `list_postures`: name, commoditization, core_competency, headcount_fte, delivery_model, posture, label.
    policy : Policy
        The two thresholds, drawn as lines.
    """
    finding = find_standing(postures)
    placed = postures.dropna(subset=["commoditization", "core_competency"])
    columns = ["name", "label", "commoditization", "core_competency", "headcount_fte", "model", "posture"]
    base = alt.Chart(placed.assign(model=placed["delivery_model"].map(MODEL_NAMES))[columns]).encode(
        x=alt.X("commoditization:Q", title=COMMODITIZATION, scale=SHARE, axis=SHARE_AXIS),
        y=alt.Y("core_competency:Q", title=CORE_FIT, scale=SHARE, axis=SHARE_AXIS),
    )
    points = base.mark_point(filled=True, opacity=0.85).encode(
        size=alt.Size(
            "headcount_fte:Q",
            title="People as-is (FTE)",
            legend=alt.Legend(orient="bottom", tickCount=3),
            scale=alt.Scale(range=[60, 900]),
        ),
        color=color_models("Planned delivery"),
        shape=shape_models("Planned delivery"),
        tooltip=[
            alt.Tooltip("name:N", title="Process"),
            alt.Tooltip("posture:N", title="Posture"),
            alt.Tooltip("commoditization:Q", format=".2f", title="Commoditization"),
            alt.Tooltip("core_competency:Q", format=".2f", title="Core fit"),
            alt.Tooltip("headcount_fte:Q", format=",.0f", title="FTE"),
            alt.Tooltip("model:N", title="Planned delivery"),
        ],
    )
    toward_middle = alt.ExprRef("datum.commoditization > 0.5 ? 'right' : 'left'")
    labels = base.mark_text(align=toward_middle, dy=-13, fontSize=11, limit=130).encode(text="label:N")
    across = alt.Chart().mark_rule(strokeDash=[4, 4]).encode(x=alt.datum(policy.commoditization_threshold))
    up = alt.Chart().mark_rule(strokeDash=[4, 4]).encode(y=alt.datum(policy.core_threshold))
    return alt.layer(across, up, points, labels).properties(
        width="container",
        height=420,
        title=alt.TitleParams(
            finding, subtitle="Right: anyone sells it. Up: customers choose us for it. Dashed: thresholds."
        ),
        description=f"Posture map: processes by commoditization and core-competency fit. {finding}.",
        usermeta={"least_width": 560},
    )


def headcount_states(states: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    """Draw people by delivery model, As-Is and To-Be, from `list_states`; each part is named above it."""
    finding = find_largest_shift(states)
    table = states.assign(model=states["delivery_model"].map(MODEL_NAMES))
    parts = table.groupby(["state", "model"], sort=False, as_index=False)["fte"].sum()
    ordered = [model for model in MODEL_NAMES.values() if (parts["model"] == model).any()]
    parts["place"] = parts["model"].map(ordered.index)
    base = (
        alt.Chart(parts)
        .transform_stack(stack="fte", as_=["start", "end"], groupby=["state"], sort=[alt.SortField("place")])
        .transform_joinaggregate(most="max(end)")
        .encode(y=alt.Y("state:N", title=None, sort=STATE_ORDER))
    )
    bars = base.mark_bar(height=24).encode(
        x=alt.X("start:Q", title="People doing the work (FTE, whoever employs them)", axis=alt.Axis(tickCount=6)),
        x2="end:Q",
        color=color_models(),
        tooltip=[
            alt.Tooltip("state:N", title="State"),
            alt.Tooltip("model:N", title="Delivery model"),
            alt.Tooltip("fte:Q", format=",.0f", title="FTE"),
        ],
    )
    room = "(datum.end - datum.start) / datum.most * width - 6"
    names = base.mark_text(align="left", dy=-21, fontSize=11, limit=alt.ExprRef(f"max(1, {room})")).encode(
        x="start:Q", text="called:N"
    )
    number = "format(datum.fte, ',.0f')"
    called = f"{room} < 24 ? '' : {room} < 6 * length(datum.model) + 30 ? {number} : datum.model + ' ' + {number}"
    return alt.layer(bars, names.transform_calculate(called=called)).properties(
        width="container",
        height=150,
        title=alt.TitleParams(finding, subtitle="Parts stand in the order of the legend."),
        description=f"Headcount by delivery model today and in the plan. {finding}.",
    )


def cash_bridge(bridge: pd.DataFrame, currency: str) -> alt.LayerChart | alt.FacetChart:
    """Draw how cash cost gets from As-Is to To-Be, each line with its value, from `list_bridge`."""
    scale, word = find_scale(float(bridge["end"].abs().max()))
    table = bridge.assign(
        label=[call_line(line) for line in bridge["line"]],
        right=bridge[["start", "end"]].max(axis=1),
        value=[say_scaled(row["amount"], scale, row["kind"] != "total") for row in bridge.to_dict("records")],
    )
    base = alt.Chart(table[["label", "start", "end", "amount", "kind", "right", "value"]]).encode(
        y=alt.Y("label:N", title=None, sort=table["label"].tolist(), axis=alt.Axis(labelLimit=BRIDGE_LABEL))
    )
    bars = base.mark_bar().encode(
        x=alt.X("start:Q", title=f"Cash cost over the horizon, net present value ({currency})", axis=MONEY_AXIS),
        x2="end:Q",
        color=alt.Color(
            "kind:N", legend=None, scale=alt.Scale(domain=list(STEP_COLORS), range=list(STEP_COLORS.values()))
        ),
        tooltip=[alt.Tooltip("label:N", title="Line"), alt.Tooltip("amount:Q", format=",.0f", title=currency)],
    )
    values = base.mark_text(align="left", dx=4, fontSize=11).encode(x="right:Q", text="value:N")
    furthest = pd.DataFrame({"right": [ROOM_FOR_VALUES * float(table["right"].max())]})
    room = alt.Chart(furthest).mark_point(opacity=0).encode(x="right:Q")
    finding = find_difference(table, currency)
    return alt.layer(bars, values, room).properties(
        width="container",
        height={"step": 24},
        usermeta={"least_width": BRIDGE_WIDTH},
        title=alt.TitleParams(finding, subtitle=f"From As-Is to To-Be; values in {word}{currency} add up."),
        description=f"Waterfall of cash cost from today's delivery to the plan by cost line. {finding}.",
    )


def scenario_limits(limits: pd.DataFrame, measure: str, currency: str) -> alt.LayerChart | alt.FacetChart:
    """Draw one measure of each scenario beside its limit, from `list_limits`.

    Parameters
    ----------
    limits : DataFrame
        Columns scenario, measure, amount, limit.
    measure : str
        Cash cost or Expected loss.
    currency : str
        Shown on the axis.
    """
    rows = limits[limits["measure"] == measure]
    finding = find_plan_against_today(rows, measure, currency)
    y = alt.Y("scenario:N", title=None, sort=limits["scenario"].drop_duplicates().tolist())
    bars = (
        alt.Chart(rows)
        .mark_bar(color=MEASURE)
        .encode(
            x=alt.X("amount:Q", title=f"{measure}, net present value ({currency})", axis=MONEY_AXIS),
            y=y,
            tooltip=[
                alt.Tooltip("scenario:N", title="Scenario"),
                alt.Tooltip("amount:Q", format=",.0f", title=currency),
            ],
        )
    )
    limited = rows.dropna(subset=["limit"])
    marks = (
        alt.Chart(limited)
        .mark_tick(color=BAD, thickness=3, size=26)
        .encode(x="limit:Q", y=y, tooltip=[alt.Tooltip("limit:Q", format=",.0f", title="Limit of policy")])
    )
    titled = alt.TitleParams(finding, subtitle="A red mark is the limit that policy sets.")
    return alt.layer(bars, *([marks] if len(limited) else [])).properties(
        width="container",
        height={"step": 30},
        title=titled if len(limited) else finding,
        description=f"{measure} of the plan and of what it is compared with, beside the limit of policy. {finding}.",
    )


def index_map(indices: pd.DataFrame, processes: pd.DataFrame) -> alt.Chart:
    """Draw every index of every process as a colored grid; empty where nothing is scored.

    Parameters
    ----------
    indices : DataFrame
        From `score_indices`.
    processes : DataFrame
        The processes table, for names.
    """
    named = indices.merge(processes[["process", "name"]], on="process")
    table = named.assign(index=named["index"].str.replace("_", " "))[["name", "index", "value", "coverage", "spread"]]
    finding = find_extremes(table)
    return (
        alt.Chart(table)
        .mark_rect()
        .encode(
            x=alt.X("index:N", title=None, axis=alt.Axis(orient="top", labelAngle=0, labelLimit=120)),
            y=alt.Y("name:N", title=None),
            color=alt.Color("value:Q", title="Index (0 – 1)", scale=alt.Scale(domain=[0, 1], scheme="tealblues")),
            tooltip=[
                alt.Tooltip("name:N", title="Process"),
                alt.Tooltip("index:N", title="Index"),
                alt.Tooltip("value:Q", format=".2f", title="Value"),
                alt.Tooltip("coverage:Q", format=".0%", title="Weight scored"),
                alt.Tooltip("spread:Q", format=".2f", title="Spread of assessors"),
            ],
        )
        .properties(
            width="container",
            height={"step": 24},
            title=finding,
            description=f"Grid of every index of every process, from 0 to 1. {finding}.",
        )
    )
