"""The chart in which a reader picks one of the efficient plans and sees what it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.decision.findings import find_price_of_safety
from sourcing.pack.drawing import alt
from sourcing.pack.marks import color_models, shape_models
from sourcing.pack.theme import MEASURE, MONEY_AXIS, PLAN
from sourcing.pack.wording import MODEL_NAMES

if TYPE_CHECKING:
    import pandas as pd

WIDTH = 560
SHAPES = ["diamond", "circle"]
NAME_AT, NAME_WIDTH = 20, 250
"""Where the option's name stands beside its mark, and how much of it is shown, in pixels."""
PALE = 0.66
"""Opacity of what is as in this plan: words keep a contrast of 4.5 to the page, light and dark."""


def frontier_picker(choices: pd.DataFrame, currency: str) -> alt.VConcatChart:
    """Draw the efficient plans, from `list_frontier_choices`; a click on one shows what it decides.

    Parameters
    ----------
    choices : DataFrame
        One row per plan and process.
    currency : str
        Shown on the axes.
    """
    table = choices.assign(
        model=choices["delivery_model"].map(MODEL_NAMES),
        kind=choices["chosen"].map({True: "this plan", False: "efficient"}),
    )
    finding = find_price_of_safety(choices, currency)
    chosen = int(choices.loc[choices["chosen"], "plan"].iloc[0])
    picked = alt.selection_point(fields=["plan"], value=chosen, empty=False, nearest=True, toggle=False, clear=False)
    parts = (_draw_points(table, picked, currency), _write_picked(table, picked), _draw_decided(table, picked))
    return (
        alt.vconcat(*parts)
        .resolve_scale(color="independent", shape="independent")
        .properties(
            title=alt.TitleParams(finding, subtitle="Cash against expected loss: pick a plan to see what it decides."),
            description=f"Efficient plans by cash cost and expected loss; picking one shows its decisions. {finding}.",
        )
    )


def _draw_points(table: pd.DataFrame, picked: alt.Parameter, currency: str) -> alt.Chart:
    free = alt.Scale(zero=False, padding=14)
    colors = alt.Scale(domain=["this plan", "efficient"], range=[PLAN, MEASURE])
    return (
        alt.Chart(table[["plan", "cash_cost", "expected_loss", "first", "kind"]])
        .transform_filter("datum.first")
        .mark_point(filled=True, opacity=0.9)
        .encode(
            x=alt.X("expected_loss:Q", title=f"Expected loss, present value ({currency})", axis=MONEY_AXIS, scale=free),
            y=alt.Y("cash_cost:Q", title=f"Cash cost, present value ({currency})", axis=MONEY_AXIS, scale=free),
            color=alt.Color("kind:N", title=None, scale=colors),
            shape=alt.Shape("kind:N", title=None, scale=alt.Scale(domain=["this plan", "efficient"], range=SHAPES)),
            size=alt.condition(picked, alt.value(340), alt.value(110)),
            tooltip=[
                alt.Tooltip("plan:O", title="Plan"),
                alt.Tooltip("cash_cost:Q", format=",.0f", title=f"Cash cost ({currency})"),
                alt.Tooltip("expected_loss:Q", format=",.0f", title=f"Expected loss ({currency})"),
            ],
        )
        .add_params(picked)
        .properties(width=WIDTH, height=260)
    )


def _write_picked(table: pd.DataFrame, picked: alt.Parameter) -> alt.Chart:
    """Write which plan is picked."""
    return (
        alt.Chart(table[["plan", "first", "said"]])
        .transform_filter("datum.first")
        .transform_filter(picked)
        .mark_text(align="left", baseline="top", fontWeight=600, lineBreak="\n")
        .encode(text="said:N", x=alt.value(0), y=alt.value(0))
        .properties(width=WIDTH, height=46)
    )


def _draw_decided(table: pd.DataFrame, picked: alt.Parameter) -> alt.LayerChart | alt.FacetChart:
    """Draw what the picked plan decides: a mark for the delivery model, the option's name, pale as in this plan."""
    shade = alt.condition("datum.differs", alt.value(1.0), alt.value(PALE))
    base = alt.Chart(table[["plan", "process_name", "name", "model", "differs"]]).transform_filter(picked)
    base = base.encode(y=alt.Y("process_name:N", title=None), opacity=shade)
    tooltip = [alt.Tooltip("process_name:N", title="Process"), alt.Tooltip("name:N", title="Option")]
    marks = base.mark_point(size=110).encode(
        x=alt.value(8), color=color_models(), shape=shape_models(), tooltip=tooltip
    )
    names = base.mark_text(align="left", baseline="middle", fontSize=11, limit=NAME_WIDTH)
    return alt.layer(marks, names.encode(x=alt.value(NAME_AT), text="name:N")).properties(
        width=WIDTH, height={"step": 16}, title="What the picked plan decides (pale: as in this plan)"
    )
