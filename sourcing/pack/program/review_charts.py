"""The chart of a comparison: one tidy table in, one Altair chart out; no arithmetic here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.drawing import alt
from sourcing.pack.theme import MONEY_AXIS, STEP_COLORS
from sourcing.pack.wording import say_money

if TYPE_CHECKING:
    import pandas as pd

KINDS = {kind: STEP_COLORS[kind] for kind in ("dearer", "cheaper")}


def causes_of_change(shares: pd.DataFrame, currency: str) -> alt.Chart:
    """Draw what each change adds to the objective, from `list_cause_shares`."""
    finding = f"{shares['label'].iloc[0]} moves the objective most: {say_money(shares['amount'].iloc[0], currency)}"
    return (
        alt.Chart(shares)
        .mark_bar()
        .encode(
            y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=320)),
            x=alt.X("amount:Q", title=f"Share of the change, present value ({currency})", axis=MONEY_AXIS),
            color=alt.Color("kind:N", scale=alt.Scale(domain=list(KINDS), range=list(KINDS.values())), legend=None),
            tooltip=[
                alt.Tooltip("label:N", title="Change"),
                alt.Tooltip("amount:Q", format=",.0f", title=f"Share ({currency})"),
            ],
        )
        .properties(
            width="container",
            height=alt.Step(26),
            title=alt.TitleParams(
                finding,
                subtitle=["To the right it costs more than before, to the left less; the bars add up to the change."],
            ),
            description=f"The share of each change in the change of the objective between the two runs. {finding}.",
        )
    )
