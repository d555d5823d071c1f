"""Charts of judgment: each takes one tidy table and returns one Altair chart; no arithmetic here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.drawing import alt
from sourcing.pack.judgment.findings import find_dispute, find_most_open, find_unready, find_unsettled, find_widest_gap
from sourcing.pack.theme import (
    CATEGORIES,
    COMMODITIZATION,
    CORE_FIT,
    ELSE,
    MEASURE,
    PLAN,
    SHARE,
    SHARE_AXIS,
    STEP_COLORS,
    TODAY,
)

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.case import Policy

_POSTURES = (
    "Retain and invest",
    "Find a partner",
    "Strengthen with a partner",
    "Keep and standardize",
    "Buy from the market",
)
POSTURE_COLORS = dict(zip(_POSTURES, CATEGORIES, strict=False))
STANDINGS = {"keep": PLAN, "improve": MEASURE, "mend first": STEP_COLORS["dearer"], "not answered": TODAY}
KINDS = ["point", "proposed_point"]


def _posture_color(title: str = "Posture") -> alt.Color:
    return alt.Color(
        "posture_name:N",
        title=title,
        scale=alt.Scale(domain=list(POSTURE_COLORS), range=list(POSTURE_COLORS.values())),
        legend=alt.Legend(orient="bottom", columns=1, labelLimit=300),
    )


def posture_spread(spread: pd.DataFrame, policy: Policy) -> alt.LayerChart | alt.FacetChart:
    """Draw the posture map with how far weights and scores may shift each process, from `list_spread`.

    Parameters
    ----------
    spread : DataFrame
        process_name, label, posture_name, commoditization, core_competency and their low and high, confidence.
    policy : Policy
        The two thresholds, drawn as lines.
    """
    finding = find_unsettled(spread, policy)
    base = alt.Chart(spread)
    x = alt.X("commoditization:Q", title=COMMODITIZATION, scale=SHARE, axis=SHARE_AXIS)
    y = alt.Y("core_competency:Q", title=CORE_FIT, scale=SHARE, axis=SHARE_AXIS)
    across = base.mark_rule(opacity=0.45).encode(x="commoditization_low:Q", x2="commoditization_high:Q", y=y)
    up = base.mark_rule(opacity=0.45).encode(x=x, y="core_competency_low:Q", y2="core_competency_high:Q")
    points = base.mark_point(filled=True, size=90).encode(
        x=x,
        y=y,
        color=_posture_color(),
        opacity=alt.Opacity(
            "confidence:Q",
            title="Held in (share of draws)",
            scale=alt.Scale(domain=[0.4, 1], range=[0.25, 1]),
            legend=None,
        ),
        tooltip=[
            alt.Tooltip("process_name:N", title="Process"),
            alt.Tooltip("posture_name:N", title="Posture"),
            alt.Tooltip("confidence:Q", format=".0%", title="Held in"),
            alt.Tooltip("commoditization:Q", format=".2f", title="Commoditization"),
            alt.Tooltip("core_competency:Q", format=".2f", title="Core fit"),
        ],
    )
    toward_middle = alt.ExprRef("datum.commoditization > 0.5 ? 'right' : 'left'")
    labels = base.mark_text(align=toward_middle, dy=-10, fontSize=11, limit=130).encode(x=x, y=y, text="label:N")
    commodity = alt.Chart().mark_rule(strokeDash=[4, 4]).encode(x=alt.datum(policy.commoditization_threshold))
    core = alt.Chart().mark_rule(strokeDash=[4, 4]).encode(y=alt.datum(policy.core_threshold))
    return alt.layer(commodity, core, across, up, points, labels).properties(
        width="container",
        height=440,
        title=alt.TitleParams(
            finding, subtitle="Bars: the fifth to the ninety-fifth of a hundred draws. Pale: held in few."
        ),
        description=f"Posture map with how far judgment may shift each process. {finding}.",
        usermeta={"least_width": 560},
    )


def posture_shares(shares: pd.DataFrame) -> alt.Chart:
    """Draw in what share of draws each process has each posture, from `list_shares`."""
    finding = find_most_open(shares)
    return (
        alt.Chart(shares)
        .mark_bar()
        .encode(
            x=alt.X("share:Q", title="Share of draws", axis=alt.Axis(format="%", tickCount=5), stack="zero"),
            y=alt.Y("process_name:N", title=None, sort=None, axis=alt.Axis(labelLimit=170)),
            color=_posture_color(),
            tooltip=[
                alt.Tooltip("process_name:N", title="Process"),
                alt.Tooltip("posture_name:N", title="Posture"),
                alt.Tooltip("share:Q", format=".1%", title="Share of draws"),
            ],
        )
        .properties(
            width="container",
            height={"step": 22},
            title=alt.TitleParams(finding, subtitle="Postures that every draw gives are left out."),
            description=f"Stacked bars: share of draws in which a process has each posture. {finding}.",
        )
    )


def weight_spread(weights: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    """Draw the weight of each criterion and the range of what assessors gave, from `list_weights`."""
    finding = find_dispute(weights)
    base = alt.Chart(weights)
    y = alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=210))
    reach = base.mark_rule(strokeWidth=3, opacity=0.4).encode(
        x=alt.X("lowest:Q", title="Weight within the index (share)", axis=alt.Axis(format="%", tickCount=5)),
        x2="highest:Q",
        y=y,
    )
    points = base.mark_point(filled=True, size=80).encode(
        x="weight:Q",
        y=y,
        color=alt.Color("index:N", title="Index", legend=alt.Legend(orient="bottom", columns=2, labelLimit=200)),
        tooltip=[
            alt.Tooltip("name:N", title="Criterion"),
            alt.Tooltip("weight:Q", format=".1%", title="Weight"),
            alt.Tooltip("lowest:Q", format=".1%", title="Lowest given"),
            alt.Tooltip("highest:Q", format=".1%", title="Highest given"),
            alt.Tooltip("assessors:N", title="Weighed by"),
        ],
    )
    return alt.layer(reach, points).properties(
        width="container",
        height={"step": 20},
        title=alt.TitleParams(
            finding, subtitle="Point: the weight in use. Bar: lowest to highest that an assessor gave."
        ),
        description=f"Weight of each criterion within its index with the range that assessors gave. {finding}.",
    )


def readiness_answers(situation: pd.DataFrame, policy: Policy) -> alt.LayerChart | alt.FacetChart:
    """Draw the answers of the situational assessment beside the gate, from `list_situation`."""
    finding = find_unready(situation, policy)
    bars = (
        alt.Chart(situation[["name", "point", "standing", "means"]])
        .mark_bar(height=14)
        .encode(
            x=alt.X("point:Q", title="Answer (0 – 1)", scale=alt.Scale(domain=[0, 1]), axis=SHARE_AXIS),
            y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=220)),
            color=alt.Color(
                "standing:N",
                title=None,
                scale=alt.Scale(domain=list(STANDINGS), range=list(STANDINGS.values())),
                legend=alt.Legend(orient="bottom", columns=2),
            ),
            tooltip=[
                alt.Tooltip("name:N", title="Question"),
                alt.Tooltip("point:Q", format=".2f", title="Answer"),
                alt.Tooltip("means:N", title="Which says"),
            ],
        )
    )
    gate = alt.Chart().mark_rule(strokeDash=[4, 4]).encode(x=alt.datum(policy.readiness_gate))
    return alt.layer(bars, gate).properties(
        width="container",
        height={"step": 26},
        title=alt.TitleParams(finding, subtitle="Dashed: the gate, below which no new work goes to outside owners."),
        description=f"Answers of the situational assessment beside the gate. {finding}.",
    )


def evidence_gaps(proposed: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    """Draw scores beside what published figures propose, from `list_gaps`."""
    finding = find_widest_gap(proposed)
    base = alt.Chart(proposed)
    y = alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=280))
    reach = base.mark_rule(opacity=0.5, strokeWidth=2).encode(
        x=alt.X("point:Q", title="Point (0 – 1)", scale=alt.Scale(domain=[0, 1]), axis=SHARE_AXIS),
        x2="proposed_point:Q",
        y=y,
    )
    marks = base.transform_fold([*KINDS], ["kind", "at"]).mark_point(filled=True, size=70)
    points = marks.encode(
        x="at:Q",
        y=y,
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=KINDS, range=[PLAN, ELSE]),
            legend=alt.Legend(
                orient="bottom",
                columns=1,
                labelLimit=300,
                labelExpr="datum.label == 'point' ? 'scored' : 'proposed by published figures'",
            ),
        ),
        tooltip=[
            alt.Tooltip("label:N", title="Score"),
            alt.Tooltip("point:Q", format=".2f", title="Scored"),
            alt.Tooltip("proposed_point:Q", format=".2f", title="Proposed"),
            alt.Tooltip("figure:N", title="Figure"),
        ],
    )
    return alt.layer(reach, points).properties(
        width="container",
        height={"step": 20},
        title=finding,
        description=f"Scores and the points that published figures propose, joined by a line. {finding}.",
    )
