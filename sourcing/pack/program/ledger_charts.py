"""Charts of the benefit ledger: each takes a tidy table and returns one Altair chart that says its finding."""

from __future__ import annotations

import pandas as pd

from sourcing.pack.drawing import alt
from sourcing.pack.theme import ELSE, MONEY_AXIS, PLAN, STEP_COLORS

LINES = {"promised": "Promised", "realized": "Realized", "forecast": "Forecast"}
LINE_COLORS = (STEP_COLORS["total"], PLAN, ELSE)


def leakage_waterfall(steps: pd.DataFrame, currency: str, finding: str) -> alt.LayerChart | alt.FacetChart:
    """Draw the way from what was promised to what came, cause by cause.

    Parameters
    ----------
    steps : DataFrame
        From `list_steps`: title, start, end, amount, kind (total, dearer, cheaper), in order.
    currency : str
    finding : str
        The chart's title.
    """
    bars = (
        alt.Chart(steps)
        .mark_bar(cornerRadiusEnd=0)
        .encode(
            y=alt.Y("title:N", sort=steps["title"].tolist(), title=None, axis=alt.Axis(labelLimit=190)),
            x=alt.X("start:Q", title=f"Cost of the months reported ({currency})", axis=MONEY_AXIS, scale=_zoom(steps)),
            x2="end:Q",
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=list(STEP_COLORS), range=list(STEP_COLORS.values())),
            ),
            tooltip=[
                alt.Tooltip("title:N", title="Cause"),
                alt.Tooltip("amount:Q", format="+,.0f", title=f"Amount ({currency})"),
            ],
        )
    )
    ends = bars.mark_text(align="left", dx=4, fontSize=11).encode(
        x=alt.X("right:Q"), x2=alt.X2(), text=alt.Text("amount:Q", format="+.3s"), color=alt.value(STEP_COLORS["total"])
    )
    return alt.layer(bars, ends).properties(
        width="container",
        height=alt.Step(24),
        title=finding,
        description=f"Waterfall from promised to actual cost, by cause. {finding}.",
    )


def _zoom(steps: pd.DataFrame) -> alt.Scale:
    """Begin the axis a little below the least end of a step, so that causes are seen beside the totals."""
    inner = steps[steps["kind"] != "total"]
    totals = steps[steps["kind"] == "total"]
    low = min([*inner["start"], *inner["end"], *totals["end"]])
    high = max([*inner["start"], *inner["end"], *totals["end"]])
    reach = max(high - low, 0.01 * abs(high), 1.0)
    return alt.Scale(domain=[low - 0.15 * reach, high + 0.25 * reach], nice=False, clamp=True, zero=False)


def benefit_curve(curve: pd.DataFrame, currency: str, finding: str) -> alt.LayerChart | alt.FacetChart:
    """Draw the benefit so far and to come, month by month added up.

    Parameters
    ----------
    curve : DataFrame
        From `list_curve`: month, line (of LINES), amount (cumulative).
    currency : str
    finding : str
        The chart's title.
    """
    table = curve.assign(name=curve["line"].map(LINES))
    lines = (
        alt.Chart(table)
        .mark_line()
        .encode(
            x=alt.X("month:T", title=None),
            y=alt.Y("amount:Q", title=f"Benefit against today, added up ({currency})", axis=MONEY_AXIS),
            color=alt.Color("name:N", title=None, scale=alt.Scale(domain=list(LINES.values()), range=LINE_COLORS)),
            strokeDash=alt.StrokeDash(
                "name:N", title=None, scale=alt.Scale(domain=list(LINES.values()), range=[[6, 3], [1, 0], [2, 2]])
            ),
            tooltip=[
                alt.Tooltip("month:T", format="%Y-%m", title="Month"),
                alt.Tooltip("name:N", title="Line"),
                alt.Tooltip("amount:Q", format=",.0f", title=f"Added up ({currency})"),
            ],
        )
    )
    zero = alt.Chart().mark_rule(strokeDash=[2, 4]).encode(y=alt.datum(0))
    return alt.layer(lines, zero).properties(
        width="container",
        height=260,
        title=finding,
        description=f"Benefit promised, realized and forecast, added up by month. {finding}.",
    )
