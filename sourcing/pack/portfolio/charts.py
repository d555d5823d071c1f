"""Charts of the group: every decision as a map, load by quarter, money by owner, savings by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.drawing import alt
from sourcing.pack.theme import BAD, CATEGORIES, MODEL_COLORS, MONEY_AXIS
from sourcing.pack.wording import MODEL_NAMES

if TYPE_CHECKING:
    import pandas as pd

WIDE = {"least_width": 640}
UNIT_COLORS = list(CATEGORIES)
ROW = 20


def decision_map(cells: pd.DataFrame, units: list[str], finding: str) -> alt.LayerChart | alt.FacetChart:
    """Draw every process of every unit: color and letters say the delivery model, letters the country.

    cells: process_name, unit, model (its name), label, tip.
    """
    base = alt.Chart(cells).encode(
        x=alt.X("unit:N", sort=units, title=None, axis=alt.Axis(orient="top", labelAngle=0, labelLimit=110)),
        y=alt.Y("process_name:N", title=None, axis=alt.Axis(labelLimit=190), sort="ascending"),
    )
    boxes = base.mark_rect(stroke="white", strokeWidth=1).encode(
        color=alt.Color(
            "model:N",
            title=None,
            scale=alt.Scale(domain=list(MODEL_NAMES.values()), range=[MODEL_COLORS[model] for model in MODEL_NAMES]),
        ),
        tooltip=[
            alt.Tooltip("process_name:N", title="Process"),
            alt.Tooltip("unit:N", title="Unit"),
            alt.Tooltip("tip:N", title="Decided"),
        ],
    )
    words = base.mark_text(fontSize=10, color="white").encode(text="label:N")
    return alt.layer(boxes, words).properties(
        width="container",
        height=ROW * max(cells["process_name"].nunique(), 1),
        title=alt.TitleParams(finding, subtitle=["In each box the delivery model and the country of the work."]),
        description=f"Delivery model and country of every process in every unit. {finding}.",
        usermeta=WIDE,
    )


def _color_units(units: list[str]) -> alt.Color:
    """Give every unit one color in all charts of a page, by their order."""
    colors = [UNIT_COLORS[place % len(UNIT_COLORS)] for place in range(len(units))]
    return alt.Color("unit:N", title=None, scale=alt.Scale(domain=units, range=colors))


def group_load(
    load: pd.DataFrame, units: list[str], limit: float | None, finding: str
) -> alt.LayerChart | alt.FacetChart:
    """Draw hours of own experts by quarter, by unit, against what the group allows; load: quarter, unit, hours."""
    x = alt.X("quarter:O", title="Quarter", axis=alt.Axis(labelAngle=0, labelOverlap=True))
    bars = (
        alt.Chart(load)
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            x=x,
            y=alt.Y("hours:Q", title="Hours of own experts", stack="zero"),
            color=_color_units(units),
            tooltip=[
                alt.Tooltip("quarter:O", title="Quarter"),
                alt.Tooltip("unit:N", title="Unit"),
                alt.Tooltip("hours:Q", format=",.0f", title="Hours"),
                alt.Tooltip("moves_under_way:Q", format=".1f", title="Moves under way"),
            ],
        )
    )
    layers: list[alt.Chart] = [bars]
    if limit is not None:
        line = alt.Chart(load.head(1)).mark_rule(strokeWidth=2, strokeDash=[6, 4])
        layers.append(line.encode(y=alt.datum(limit)))
    said = ["Dashed: most that the group allows in a quarter."] if limit is not None else []
    return alt.layer(*layers).properties(
        width="container",
        height=240,
        title=alt.TitleParams(finding, subtitle=said),
        description=f"Hours of own experts that moves take, by quarter and unit. {finding}.",
    )


def owner_shares(owners: pd.DataFrame, units: list[str], finding: str) -> alt.Chart:
    """Draw the cash that each outside owner gets, by unit; owners: owner, unit, cash, share."""
    return (
        alt.Chart(owners)
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            y=alt.Y("owner:N", title=None, sort=list(dict.fromkeys(owners["owner"]))),
            x=alt.X(
                "share:Q", title="Share of the group's cash", axis=alt.Axis(format=".1~%", tickCount=6), stack="zero"
            ),
            color=_color_units(units),
            tooltip=[
                alt.Tooltip("owner:N", title="Owner"),
                alt.Tooltip("unit:N", title="Unit"),
                alt.Tooltip("share:Q", format=".2%", title="Share"),
            ],
        )
        .properties(
            width="container",
            height=30 * owners["owner"].nunique(),
            title=finding,
            description=f"Share of the group's cash that each outside owner gets, by unit. {finding}.",
        )
    )


def unit_savings(
    savings: pd.DataFrame, units: list[str], currency: str, finding: str
) -> alt.LayerChart | alt.FacetChart:
    """Draw what each unit saves in the group's plan and could save alone; savings: unit, together, alone."""
    y = alt.Y("unit:N", title=None, sort=units)
    axis = alt.Axis(**{**MONEY_AXIS.to_dict(), "tickCount": 4})
    bars = alt.Chart(savings).mark_bar().encode(
        y=y,
        x=alt.X("together:Q", title=f"Cash saved against today, {currency}", axis=axis),
        tooltip=[
            alt.Tooltip("unit:N", title="Unit"),
            alt.Tooltip("together:Q", format=",.0f", title="In the group's plan"),
            alt.Tooltip("alone:Q", format=",.0f", title="By itself"),
        ],
    )  # fmt: skip
    marks = alt.Chart(savings).mark_tick(thickness=3, size=20, color=BAD).encode(y=y, x="alone:Q")
    return alt.layer(bars, marks).properties(
        width="container",
        height=28 * len(savings),
        title=alt.TitleParams(finding, subtitle=["Bar: in the group's plan. Mark: by itself, group rules aside."]),
        description=f"Cash that each unit saves in the group's plan and could save by itself. {finding}.",
    )
