"""Charts of what may come: each takes a study's tidy table and returns one Altair chart that says its finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.pack.drawing import alt
from sourcing.pack.theme import BAD, MEASURE, MONEY_AXIS, PLAN, TODAY
from sourcing.pack.wording import capitalize, say_money, say_often, say_share

if TYPE_CHECKING:
    from collections.abc import Mapping

BETTER, WORSE = PLAN, BAD
ENDS_HOLD = "The end bars hold what lies beyond."
SIDES = ("saves", "loses")
KINDS = ("this plan", "plan at the mean", "more cautious")
LABEL_WIDTH = 150
"""Pixels of a label: what a phone leaves beside a chart."""


def saving_spread(bins: pd.DataFrame, currency: str) -> alt.LayerChart | alt.FacetChart:
    """Draw how often the plan saves how much in cash and losses together, from `list_saving_bins`."""
    chance, mean = float(bins["chance"].iloc[0]), float(bins["mean"].iloc[0])
    finding = f"{capitalize(say_often(chance))} the plan saves money"
    bars = (
        alt.Chart(bins)
        .mark_bar()
        .encode(
            x=alt.X("low:Q", title=f"Saved against today, cash and losses ({currency})", axis=MONEY_AXIS),
            x2="high:Q",
            y=alt.Y("share:Q", title="Share of futures", axis=alt.Axis(format="%")),
            y2=alt.datum(0),
            color=alt.Color("side:N", title="The plan", scale=alt.Scale(domain=SIDES, range=[BETTER, WORSE])),
            tooltip=[
                alt.Tooltip("low:Q", format=",.0f", title="From"),
                alt.Tooltip("high:Q", format=",.0f", title="To"),
                alt.Tooltip("share:Q", format=".1%", title="Futures"),
            ],
        )
    )
    average = alt.Chart(bins.head(1)).mark_rule(strokeDash=[4, 3]).encode(x="mean:Q")
    return alt.layer(bars, average).properties(
        width="container",
        height=240,
        title=alt.TitleParams(finding, subtitle=[f"Dashed: {say_money(mean, currency)} on average. {ENDS_HOLD}"]),
        description=f"Distribution of what the plan saves against today over the futures drawn. {finding}.",
    )


def cause_tornado(causes: pd.DataFrame, currency: str) -> alt.LayerChart | alt.FacetChart:
    """Draw what the plan saves where each cause is low and where it is high, from the first rows of `list_causes`."""
    ends: Mapping[str, str] = {"at_low": "low, or does not happen", "at_high": "high, or happens"}
    points = causes.melt(["label", "title"], list(ends), "end", "saved").dropna(subset=["saved"])
    points["end"] = points["end"].map(ends)
    order = causes["label"].tolist()
    finding = f"{causes['title'].iloc[0]} moves most: {say_share(float(causes['share'].iloc[0]))} of the spread"
    y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=LABEL_WIDTH))
    spans = alt.Chart(causes).mark_bar(height=8, opacity=0.35, color=BETTER).encode(y=y, x="at_low:Q", x2="at_high:Q")
    marks = (
        alt.Chart(points)
        .mark_point(filled=True, size=70)
        .encode(
            y=y,
            x=alt.X("saved:Q", title=f"Saved on average ({currency})", axis=MONEY_AXIS, scale=alt.Scale(zero=False)),
            shape=alt.Shape("end:N", title="The cause is", legend=alt.Legend(columns=1)),
            color=alt.Color(
                "end:N", title="The cause is", scale=alt.Scale(range=[BETTER, WORSE]), legend=alt.Legend(columns=1)
            ),
            tooltip=[
                alt.Tooltip("title:N", title="Cause"),
                alt.Tooltip("end:N", title="Where it is"),
                alt.Tooltip("saved:Q", format=",.0f", title="Saved on average"),
            ],
        )
    )
    return alt.layer(spans, marks).properties(
        width="container",
        height=alt.Step(26),
        title=alt.TitleParams(
            capitalize(finding),
            subtitle=["Cash and losses together: a figure's lowest and highest tenth; an event absent and present."],
        ),
        description="What the plan saves on average where each cause is low and where it is high.",
    )


def caution_curve(curve: pd.DataFrame, finding: str, currency: str) -> alt.LayerChart | alt.FacetChart:
    """Draw what caution costs on average against what it buys in the worst tenth, from `list_caution`."""
    x = alt.X("price:Q", title=f"Dearer on average ({currency})", axis=MONEY_AXIS)
    y = alt.Y("worst:Q", title=f"Worst tenth ({currency})", axis=MONEY_AXIS, scale=alt.Scale(zero=False))
    line = alt.Chart(curve).mark_line(color=BETTER, opacity=0.5).encode(x=x, y=y, order="price:Q")
    points = (
        alt.Chart(curve)
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("kind:N", title=None, sort=list(dict.fromkeys(curve["kind"]))),
            color=alt.Color(
                "kind:N", title=None, sort=list(dict.fromkeys(curve["kind"])),
                scale=alt.Scale(domain=list(KINDS), range=[PLAN, TODAY, MEASURE]),
            ),
            tooltip=[
                alt.Tooltip("kind:N", title="Plan"),
                alt.Tooltip("price:Q", format=",.0f", title="Dearer on average"),
                alt.Tooltip("worst:Q", format=",.0f", title="Worst tenth"),
                alt.Tooltip("gain:Q", format=",.0f", title="Better in it by"),
                alt.Tooltip("count:Q", title="Decided otherwise"),
            ],
        )
    )  # fmt: skip
    return alt.layer(line, points).properties(
        width="container",
        height=240,
        title=alt.TitleParams(
            finding, subtitle=["From the plan at the mean to the least worst tenth; none lies below the line."]
        ),
        description=f"Mean cost against the worst tenth of futures, plan by plan. {finding}.",
    )
