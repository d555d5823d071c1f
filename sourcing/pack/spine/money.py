"""The money: how cash gets from today to the plan, and what is paid year by year with its range."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.decide import list_cash_ranges
from sourcing.pack.deals import charts as deal_charts
from sourcing.pack.decision import charts as decision_charts
from sourcing.pack.decision import list_bridge
from sourcing.pack.parts import Parts, head_block, join_parts, set_half
from sourcing.value import ONE_OFF, SHARED_ONE_OFF

if TYPE_CHECKING:
    from sourcing.decide import BusinessCase, Decision

LINES = 9
"""Lines of cost that the short bridge names; the others stand on one."""
OTHER, SPENT_ONCE = "other lines", "one-off spending"


def list_short_bridge(decision: Decision) -> pd.DataFrame:
    """List how cash cost gets from As-Is to To-Be by the lines that change most: one-off spending on one, others too.

    Returns
    -------
    DataFrame
        As `list_bridge`; largest savings first, then the costs, then the other lines; the amounts still sum to the
        difference.
    """
    bridge = list_bridge(decision)
    ends, middle = bridge[bridge["kind"] == "total"], bridge[bridge["kind"] != "total"]
    is_once = middle["line"].isin([*ONE_OFF, *SHARED_ONE_OFF])
    once = pd.DataFrame({"line": [SPENT_ONCE], "amount": [middle.loc[is_once, "amount"].sum()]})
    middle = pd.concat([middle[~is_once], once if is_once.any() else once.iloc[:0]], ignore_index=True)
    kept = middle.loc[middle["amount"].abs().nlargest(LINES if len(middle) > LINES + 1 else len(middle)).index]
    kept = kept.sort_values("amount", kind="stable")
    rest = float(middle["amount"].sum() - kept["amount"].sum())
    rows = kept[["line", "amount"]]
    if len(kept) < len(middle):
        rows = pd.concat([rows, pd.DataFrame({"line": [OTHER], "amount": [rest]})], ignore_index=True)
    closes = float(ends["amount"].iloc[0]) + rows["amount"].cumsum().to_numpy()
    table = rows.assign(
        start=closes - rows["amount"].to_numpy(), end=closes, kind=np.where(rows["amount"] > 0, "dearer", "cheaper")
    )
    return pd.concat([ends.iloc[:1], table, ends.iloc[1:]], ignore_index=True)


def show_money(business: BusinessCase) -> Parts:
    """Show the bridge of cash with its values, and the cash of each year with its range."""
    decision = business.decision
    return join_parts(
        head_block("The money"),
        set_half(decision_charts.cash_bridge(list_short_bridge(decision), business.currency)),
        set_half(deal_charts.cash_ranges(list_cash_ranges(business), business.currency)),
    )
