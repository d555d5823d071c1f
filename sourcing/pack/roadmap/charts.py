"""Charts of the road map: each takes tidy tables and returns one Altair chart that says its finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sourcing.pack.drawing import alt
from sourcing.pack.marks import color_models
from sourcing.pack.roadmap.layout import KINDS
from sourcing.pack.theme import BAD, CATEGORIES, ELSE, MEASURE, MONEY_AXIS, PALE, PLAN, STEP_COLORS, TONES

if TYPE_CHECKING:
    import pandas as pd

KIND_COLORS = [PALE, MEASURE, STEP_COLORS["dearer"], ELSE, PLAN]
WITHIN, OVER, LIMIT = MEASURE, BAD, ELSE
ROW, ROWS_OF_MANY, MANY = 24, 15, 40
"""Pixels of a move, and where there are so many of them."""
LABEL_WIDTH = 170
WIDE, MEDIUM = {"least_width": 720}, {"least_width": 560}
"""Charts with words beside their marks scroll sideways on a narrow screen."""
WORDS_AT = {"peak": 14, "break-even": -12}
"""Pixels from a point of the cash curve down to its words."""


def gantt(bars: pd.DataFrame, dark: pd.DataFrame, finding: str, until: str) -> alt.LayerChart | alt.FacetChart:
    """Draw each move from knowledge transfer to steady work, from `lay_moves` and `lay_dark`."""
    rows = ROW if len(bars) <= MANY else ROWS_OF_MANY
    y = alt.Y("label:N", sort=bars["label"].tolist(), title=None, axis=alt.Axis(labelLimit=LABEL_WIDTH))
    x = alt.X(
        "start:T",
        title=None,
        scale=alt.Scale(domainMax=alt.ExprRef(f"toDate('{until}')")),
        axis=alt.Axis(format="%b %Y", tickCount=6),
    )
    base = alt.Chart(bars).encode(y=y, color=color_models("To"))
    tip = [
        alt.Tooltip("label:N", title="Process"),
        alt.Tooltip("where:N", title="Goes"),
        alt.Tooltip("start:T", format="%d %b %Y", title="Starts"),
        alt.Tooltip("go_live:T", format="%d %b %Y", title="Live"),
        alt.Tooltip("steady:T", format="%d %b %Y", title="Steady"),
        alt.Tooltip("people:Q", format=",.1f", title="People whose work moves"),
        alt.Tooltip("knowledge_transfer_hours:Q", format=",.0f", title="Hours of own experts"),
    ]
    height = rows * 0.55
    ramp = base.mark_rule(strokeWidth=2, opacity=0.7).encode(x=alt.X("go_live:T"), x2="steady:T")
    move = base.mark_bar(height=height, opacity=0.55).encode(x=x, x2="go_live:T", tooltip=tip)
    twice = base.mark_bar(height=height).encode(x=alt.X("parallel_start:T"), x2="go_live:T", tooltip=tip)
    words = (
        alt.Chart(bars)
        .mark_text(align="left", dx=5, dy=-1, fontSize=11 if rows == ROW else 9)
        .encode(y=y, x=alt.X("steady:T"), text="where:N")
    )
    layers = [ramp, move, twice, words]
    if len(dark):
        shade = (
            alt.Chart(dark)
            .mark_rect(opacity=0.14, color=TONES["light"]["mark"])
            .encode(x=alt.X("from:T"), x2="until:T")
        )
        note = (
            alt.Chart(dark.head(1))
            .mark_text(align="left", baseline="bottom", fontSize=11)
            .encode(x=alt.X("from:T"), y=alt.value(-2), text=alt.value("gray: no starts"))
        )
        layers = [shade, *layers, note]
    return alt.layer(*layers).properties(
        width="container",
        height=alt.Step(rows),
        title=alt.TitleParams(
            finding,
            subtitle=["Bar: knowledge transfer to go-live; dark end: delivered twice; thin line: ramp to steady work."],
        ),
        description=f"When each move starts, goes live and is steady. {finding}.",
        usermeta=WIDE,
    )


def load_by_quarter(load: pd.DataFrame, finding: str) -> alt.LayerChart | alt.FacetChart:
    """Draw hours of own experts by quarter against those there are; load: name, hours, capacity, state."""
    x = alt.X("name:O", title="Quarter that begins in", axis=alt.Axis(labelAngle=0, labelOverlap=True))
    bars = (
        alt.Chart(load)
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("hours:Q", title="Hours of own experts"),
            color=alt.Color("state:N", title=None, scale=alt.Scale(domain=["within", "over"], range=[WITHIN, OVER])),
            tooltip=[
                alt.Tooltip("name:O", title="Quarter"),
                alt.Tooltip("hours:Q", format=",.0f", title="Hours asked"),
                alt.Tooltip("capacity:Q", format=",.0f", title="Hours there are"),
                alt.Tooltip("running:Q", title="Moves under way"),
            ],
        )
    )
    layers, legend = [bars], "Bars: knowledge transfer asks for."
    stated, noted = load.dropna(subset=["capacity"]), load[load["note"] != ""]
    if len(stated):
        layers.append(alt.Chart(stated).mark_tick(thickness=3, color=LIMIT, bandSize=30).encode(x=x, y="capacity:Q"))
        legend += " Marks: hours there are, where stated."
    if len(noted):
        layers.append(alt.Chart(noted).mark_text(dy=-8, fontSize=11).encode(x=x, y="hours:Q", text="note:N"))
    return alt.layer(*layers).properties(
        width="container",
        height=220,
        title=alt.TitleParams(finding, subtitle=[legend]),
        description=f"Hours of own experts by quarter against capacity. {finding}.",
    )


def cash_curve(
    quarters: pd.DataFrame, points: pd.DataFrame, finding: str, currency: str
) -> alt.LayerChart | alt.FacetChart:
    """Draw what is saved so far at the end of each quarter, its range, the peak and break-even.

    Parameters
    ----------
    quarters : DataFrame
        day (end of the quarter), cumulative, low, high, one_off.
    points : DataFrame
        day, amount, label, kind (peak, break-even), is_late (whether its words go before it).
    """
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6))
    base = alt.Chart(quarters).encode(x=x)
    band = base.mark_area(opacity=0.22, color=PLAN).encode(
        y=alt.Y(
            "low:Q",
            title=f"Saved so far against today ({currency}, nominal)",
            axis=MONEY_AXIS,
            scale=alt.Scale(padding=24),
        ),
        y2="high:Q",
    )
    line = base.mark_line(color=PLAN).encode(
        y="cumulative:Q",
        tooltip=[
            alt.Tooltip("day:T", format="%d %b %Y", title="By"),
            alt.Tooltip("cumulative:Q", format=",.0f", title="Saved so far, mean"),
            alt.Tooltip("low:Q", format=",.0f", title="One in ten is below"),
            alt.Tooltip("high:Q", format=",.0f", title="One in ten is above"),
            alt.Tooltip("one_off:Q", format=",.0f", title="One-off in the quarter"),
        ],
    )
    zero = alt.Chart().mark_rule(strokeDash=[4, 4]).encode(y=alt.datum(0))
    marks = [
        mark
        for (kind, is_late), rows in points.groupby(["kind", "is_late"])
        for mark in _mark_points(alt.Chart(rows).encode(x="day:T", y="amount:Q"), str(kind), bool(is_late))
    ]
    return alt.layer(zero, band, line, *marks).properties(
        width="container",
        height=300,
        title=alt.TitleParams(
            finding, subtitle=["Line: the mean. Band: eight of ten outcomes drawn from the ranges in force."]
        ),
        description=f"Cash of the plan against today's delivery, added up quarter by quarter. {finding}.",
        usermeta=MEDIUM,
    )


def _mark_points(points: alt.Chart, kind: str, is_late: bool) -> list[alt.Chart]:
    """Return dots and the words beside them; a mark without rows would leave its axis nothing to span."""
    words = points.mark_text(
        align="right" if is_late else "left", dx=-9 if is_late else 9, dy=WORDS_AT[kind], fontSize=12
    )
    dots = points.mark_point(filled=True, size=90, color=OVER).encode(shape=alt.Shape("kind:N", legend=None))
    return [dots, words.encode(text="label:N")]


def one_off_by_quarter(quarters: pd.DataFrame, finding: str, currency: str) -> alt.Chart:
    """Draw one-off spending by quarter; quarters: name, one_off."""
    return (
        alt.Chart(quarters)
        .mark_bar(color=WITHIN)
        .encode(
            x=alt.X("name:O", title="Quarter that begins in", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("one_off:Q", title=f"One-off ({currency}, nominal)", axis=MONEY_AXIS),
            tooltip=[alt.Tooltip("name:O", title="Quarter"), alt.Tooltip("one_off:Q", format=",.0f", title=currency)],
        )
        .properties(
            width="container", height=160, title=finding, description=f"One-off spending by quarter. {finding}."
        )
    )


BESIDE = 20
"""Letters of a label beside which another one has room; readers' fonts may be wider than the one it is laid out in."""


def people_by_place(places: pd.DataFrame, finding: str) -> alt.Chart:
    """Draw the people at work by place over the quarters; places: name, place, fte, order."""
    order = places.drop_duplicates("place")["place"].tolist()
    return (
        alt.Chart(places)
        .mark_bar()
        .encode(
            x=alt.X("name:O", title="Quarter that begins in", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("fte:Q", title="People at work (FTE), delivered twice included"),
            color=alt.Color(
                "place:N", title=None, sort=order, scale=alt.Scale(domain=order, range=list(CATEGORIES)),
                legend=alt.Legend(columns=1 if max(map(len, order)) > BESIDE else 2, labelLimit=280),
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("name:O", title="Quarter"),
                alt.Tooltip("place:N", title="Place"),
                alt.Tooltip("fte:Q", format=",.1f", title="People"),
            ],
        )
        .properties(
            width="container", height=260, title=finding, description=f"People by place over time. {finding}.",
            usermeta=MEDIUM,
        )
    )  # fmt: skip


def as_is_to_be(
    bands: pd.DataFrame, places: pd.DataFrame, labels: pd.DataFrame, height: int, finding: str
) -> alt.LayerChart | alt.FacetChart:
    """Draw work as bands from the owner and country of today to that of the plan, from `lay_flows`."""
    shown = [kind for kind in KINDS if (bands["kind"] == kind).any()]
    colors = [KIND_COLORS[KINDS.index(kind)] for kind in shown]
    scale = alt.Scale(domain=[-0.62, 1.62], nice=False)
    x = alt.X("x:Q", scale=scale, axis=None)
    flow = (
        alt.Chart(bands)
        .mark_area(opacity=0.75, line=False)
        .encode(
            x=x,
            y=alt.Y("low:Q", axis=None, scale=alt.Scale(nice=False, reverse=True)),
            y2="high:Q",
            detail="flow:N",
            color=alt.Color(
                "kind:N", title=None, scale=alt.Scale(domain=shown, range=colors), legend=alt.Legend(columns=3)
            ),
            tooltip=[
                alt.Tooltip("title:N", title="Work"),
                alt.Tooltip("kind:N", title="It"),
                alt.Tooltip("told:N", title="Processes"),
                alt.Tooltip("people:Q", format=",.1f", title="People today"),
                alt.Tooltip("fte:Q", format=",.1f", title="People then"),
                alt.Tooltip("from_cost:Q", format=",.0f", title="Cost a year today"),
                alt.Tooltip("cost:Q", format=",.0f", title="Cost a year then"),
            ],
        )
    )
    layers = [flow]
    for side in ("As-Is", "To-Be"):
        own = alt.Chart(places[places["side"] == side])
        layers.append(own.mark_rule(strokeWidth=5).encode(x=alt.X("x:Q", scale=scale), y="low:Q", y2="high:Q"))
        for text, dy in (("name:N", -13), ("who:N", 0), ("money:N", 13)):
            weight: Literal["bold", "normal"] = "bold" if text == "name:N" else "normal"
            mark = (
                own.mark_text(align="right", dx=-8, dy=dy, fontWeight=weight, fontSize=11, limit=LABEL_WIDTH)
                if side == "As-Is"
                else own.mark_text(align="left", dx=8, dy=dy, fontWeight=weight, fontSize=11, limit=LABEL_WIDTH)
            )
            layers.append(mark.encode(x=alt.X("x:Q", scale=scale), y="y:Q", text=text))
    named = alt.Chart(labels).mark_text(fontSize=11)
    layers.append(named.encode(x=alt.X("x:Q", scale=scale), y="y:Q", text="label:N"))
    return alt.layer(*layers).properties(
        width="container",
        height=height,
        title=alt.TitleParams(finding, subtitle=["Left: today. Right: the plan. As high as a steady year costs."]),
        description=f"Work by owner and country today and in the plan, and what goes from where to where. {finding}.",
        usermeta=WIDE,
    )
