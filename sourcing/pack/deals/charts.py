"""Charts of the business case: each takes one tidy table and returns one Altair chart; no arithmetic here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.deals.findings import find_best_form, find_first_saving, find_tightest, find_win_win
from sourcing.pack.drawing import alt
from sourcing.pack.theme import BAD, ELSE, GOOD, MEASURE, MONEY_AXIS, PALE, PLAN, STATE_ORDER, TODAY, TONES
from sourcing.pack.wording import say_count

if TYPE_CHECKING:
    import pandas as pd

STATE_COLORS = [TODAY, PLAN]
VERDICTS = {
    "better for both": GOOD,
    "not for both": TODAY,
    "baseline": MEASURE,
    "walks away": BAD,
}
ZONES = {
    "both better off": GOOD,
    "only the buyer": MEASURE,
    "only the provider": ELSE,
    "neither": PALE,
    "the provider walks away": BAD,
}
TWO_LINES, LABEL_WIDTH = "split(datum.label, ': ')", 270
"""A step of the ladder: its promise above its process."""
WHO = {"today": TODAY, "planned": PLAN, "best": ELSE}
PRICES = {
    "walks_away": "provider walks away below",
    "should_cost": "should-cost",
    "quote": "quoted price",
    "turns": "we decide otherwise above",
}
PRICE_COLORS = [BAD, TODAY, PLAN, GOOD]
PRICE_SHAPES = ["triangle-up", "circle", "square", "diamond"]
PRICES_WIDTH = 420
"""Pixels below which the drawing scrolls sideways."""
FAR_PRICE = 3.0
"""A turning price beyond this many times the quote is not drawn: it would press all other marks together."""


def cash_ranges(ranges: pd.DataFrame, currency: str) -> alt.LayerChart | alt.FacetChart:
    """Draw what is paid in each year, its mean and over the outcomes, from `list_cash_ranges`."""
    finding = find_first_saving(ranges)
    color = alt.Color(
        "state:N",
        title=None,
        legend=alt.Legend(symbolOpacity=1),
        scale=alt.Scale(domain=STATE_ORDER, range=STATE_COLORS),
    )
    base = alt.Chart(ranges).encode(x=alt.X("year:O", title="Year of the horizon", axis=alt.Axis(labelAngle=0)))
    band = base.mark_area(opacity=0.22).encode(
        y=alt.Y("low:Q", title=f"Paid in the year ({currency}, nominal)", axis=MONEY_AXIS, scale=alt.Scale(zero=False)),
        y2="high:Q",
        color=color,
    )
    line = base.mark_line(point=True).encode(
        y="stated:Q",
        color=color,
        tooltip=[
            alt.Tooltip("state:N", title="State"),
            alt.Tooltip("year:O", title="Year"),
            alt.Tooltip("stated:Q", format=",.0f", title=f"Mean ({currency})"),
            alt.Tooltip("low:Q", format=",.0f", title="One in ten is below"),
            alt.Tooltip("high:Q", format=",.0f", title="One in ten is above"),
        ],
    )
    return alt.layer(band, line).properties(
        width="container",
        height=280,
        title=alt.TitleParams(
            finding,
            subtitle=[
                "Line: the mean. Band: eight of ten outcomes drawn from the ranges in force.",
            ],
        ),
        description=f"Nominal payments per year as it is and in the plan, with their range. {finding}.",
    )


def contract_ranges(ranges: pd.DataFrame, side: str, currency: str) -> alt.LayerChart | alt.FacetChart:
    """Draw one side of every contract form, from `list_contract_ranges`.

    Parameters
    ----------
    ranges : DataFrame
    side : str
        Buyer's cost or Provider's margin.
    currency : str
        Shown on the axis.
    """
    is_cost = side == "Buyer's cost"
    title = f"A year's payment and missed service ({currency})" if is_cost else "Profit over payment, a year"
    axis = MONEY_AXIS if is_cost else alt.Axis(format=".0%", tickCount=5)
    color = alt.Color(
        "verdict:N",
        title=None,
        legend=alt.Legend(columns=2),
        scale=alt.Scale(domain=list(VERDICTS), range=list(VERDICTS.values())),
    )
    rows = ranges[ranges["side"] == side]
    finding = find_best_form(rows, currency, is_cost=is_cost)
    y = alt.Y("form_name:N", title=None, sort=rows["form_name"].tolist())
    base = alt.Chart(rows)
    spread = base.mark_bar(height=8, opacity=0.45).encode(
        x=alt.X("low:Q", title=title, axis=axis, scale=alt.Scale(zero=False)), x2="high:Q", y=y, color=color
    )
    style = ".2s" if is_cost else ".1%"
    middle = base.mark_point(filled=True, size=90).encode(
        x="mean:Q",
        y=y,
        color=color,
        tooltip=[
            alt.Tooltip("form_name:N", title="Contract form"),
            alt.Tooltip("mean:Q", format=style, title="Mean"),
            alt.Tooltip("low:Q", format=style, title="One in ten is below"),
            alt.Tooltip("high:Q", format=style, title="One in ten is above"),
            alt.Tooltip("verdict:N", title="Against specified inputs"),
        ],
    )
    return alt.layer(spread, middle).properties(
        width="container",
        height={"step": 34},
        title=alt.TitleParams(finding, subtitle=f"{side} under each contract form: mean and eight of ten outcomes."),
        description=f"{side} under each contract form. {finding}.",
    )


def win_win_zone(zones: pd.DataFrame) -> alt.Chart:
    """Draw which gain shares and penalty rates leave both sides better off, from `value.map_win_win`."""
    finding = find_win_win(zones)
    return (
        alt.Chart(zones)
        .mark_rect(stroke=TONES["light"]["paper"], strokeWidth=1)
        .encode(
            x=alt.X(
                "gain_share:O",
                title="Provider's share of what effort saves",
                axis=alt.Axis(labelAngle=0, format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1]),
            ),
            y=alt.Y(
                "penalty_rate:O",
                title="Credit per point of service missed, share of yearly fee",
                sort="descending",
                axis=alt.Axis(format=".1%"),
            ),
            color=alt.Color(
                "zone:N",
                title=None,
                legend=alt.Legend(columns=2),
                scale=alt.Scale(domain=list(ZONES), range=list(ZONES.values())),
            ),
            tooltip=[
                alt.Tooltip("zone:N", title="Zone"),
                alt.Tooltip("buyer_gain:Q", format=",.0f", title="Buyer gains a year"),
                alt.Tooltip("provider_gain:Q", format=",.0f", title="Provider gains a year"),
                alt.Tooltip("margin:Q", format=".1%", title="Provider's margin"),
                alt.Tooltip("best_effort:Q", format=".0%", title="Provider's best effort"),
            ],
        )
        .properties(
            width="container",
            height=320,
            title=alt.TitleParams(
                finding,
                subtitle="Red: the provider earns less than its margin floor and walks away.",
            ),
            description=f"Win-win zone: gain share across, penalty rate up, colored by who is better off. {finding}.",
        )
    )


def service_ladder(ladder: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    """Draw how far today's, the planned and the best option meet what a service asks, from `list_ladder`."""
    finding = find_tightest(ladder)
    y = alt.Y(
        "step:N",
        title=None,
        sort=ladder["step"].drop_duplicates().tolist(),
        axis=alt.Axis(labelExpr=TWO_LINES, labelLimit=LABEL_WIDTH, labelOffset=-7),
    )
    points = (
        alt.Chart(ladder)
        .mark_point(filled=True, size=110, opacity=0.9)
        .encode(
            x=alt.X(
                "room:Q",
                title="Times the requirement is met (logarithmic)",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(tickCount=5, format="~g"),
            ),
            y=y,
            color=alt.Color("who:N", title=None, scale=alt.Scale(domain=list(WHO), range=list(WHO.values()))),
            shape=alt.Shape(
                "who:N", title=None, scale=alt.Scale(domain=list(WHO), range=["circle", "diamond", "triangle-up"])
            ),
            tooltip=[
                alt.Tooltip("service_name:N", title="Service"),
                alt.Tooltip("process_name:N", title="Process"),
                alt.Tooltip("measure:N", title="Measure"),
                alt.Tooltip("required:Q", format=".5~g", title="Needed"),
                alt.Tooltip("level:Q", format=".5~g", title="Expected"),
                alt.Tooltip("who:N", title="Option"),
            ],
        )
    )
    just = alt.Chart().mark_rule(strokeDash=[4, 4], color=BAD).encode(x=alt.datum(1))
    return alt.layer(just, points).properties(
        width="container",
        height={"step": 36},
        title=alt.TitleParams(
            finding,
            subtitle="Left of the dashed line the promise cannot be kept, whatever the other processes do.",
        ),
        description=f"Service ladder: for each process under a service, how far options meet its need. {finding}.",
        usermeta={"least_width": 560},
    )


def negotiation_prices(deals: pd.DataFrame, currency: str) -> alt.LayerChart | alt.FacetChart:
    """Draw the prices of each deal on one axis, as a ratio to its quote, from `list_negotiations`."""
    rows = deals.assign(quoted=deals["quote"])
    points = rows.melt(["process_name", "owner", "quoted"], list(PRICES), "point", "price")
    points = points.dropna(subset=["price"]).assign(ratio=lambda table: table["price"] / table["quoted"])
    points = points[points["ratio"] <= FAR_PRICE].assign(what=lambda table: table["point"].map(PRICES))
    order, roomy = deals["process_name"].tolist(), int((deals["room"] > 0).sum())
    y = alt.Y("process_name:N", title=None, sort=order)
    x = alt.X("ratio:Q", title="Price over the quote (ratio)", axis=alt.Axis(format=".1f", tickCount=6),
              scale=alt.Scale(zero=False))  # fmt: skip
    domain = list(PRICES.values())
    marks = (
        alt.Chart(points)
        .mark_point(filled=True, size=90, opacity=0.95)
        .encode(
            x=x,
            y=y,
            color=alt.Color("what:N", title=None, scale=alt.Scale(domain=domain, range=PRICE_COLORS),
                            legend=alt.Legend(columns=1, labelLimit=230)),
            shape=alt.Shape("what:N", title=None, scale=alt.Scale(domain=domain, range=PRICE_SHAPES)),
            tooltip=[
                alt.Tooltip("process_name:N", title="Deal"),
                alt.Tooltip("owner:N", title="With"),
                alt.Tooltip("what:N", title="Price"),
                alt.Tooltip("price:Q", format=",.0f", title=currency),
            ],
        )
    )  # fmt: skip
    line = alt.Chart().mark_rule(strokeDash=[3, 3]).encode(x=alt.datum(1.0))
    finding = f"{say_count(roomy, 'quote leaves', 'quotes leave')} room to ask for less, {len(deals) - roomy} do not"
    return alt.layer(line, marks).properties(
        width="container",
        height={"step": 26},
        usermeta={"least_width": PRICES_WIDTH},
        title=finding,
        description=f"Prices that bound each negotiation, against the quoted one. {finding}.",
    )
