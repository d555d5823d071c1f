"""As-Is and To-Be as flows of work between owners and countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.plan import share_amounts

if TYPE_CHECKING:
    from sourcing.decide import Decision

FLOW_COLUMNS = [
    "from_owner", "from_country", "owner", "country", "moves", "processes", "people", "fte", "from_cost", "cost",
]  # fmt: skip
KEYS = FLOW_COLUMNS[:5]


def list_flows(decision: Decision) -> pd.DataFrame:
    """List the work that goes from each owner and country to each other one, and what stays.

    Returns
    -------
    DataFrame
        One row per pair of owner and country before and after, columns FLOW_COLUMNS. moves: whether an option other
        than today's is chosen (work that is improved in place moves to where it was); processes: their names, a tuple,
        most people first; people: today's; fte: who do it then; from_cost, cost: running cost a steady year, today's
        and planned, price-year money. Sorted by what moves first, dearest first.
    """
    chosen, today = share_amounts(decision.plan), decision.as_is.choices.set_index("process")
    rows = chosen.assign(
        from_owner=chosen["process"].map(today["owner"]),
        from_country=chosen["process"].map(today["country"]),
        moves=~chosen["is_as_is"].astype(bool),
        people=chosen["process"].map(today["fte"]) * chosen["share"],
        from_cost=chosen["process"].map(today["run_cost_per_year"]) * chosen["share"],
        cost=chosen["run_cost_per_year"],
    ).sort_values(["people", "process"], ascending=[False, True])
    grouped = rows.groupby(KEYS, sort=True)
    table = grouped[["people", "fte", "from_cost", "cost"]].sum()
    table["processes"] = grouped["process_name"].agg(lambda names: tuple(dict.fromkeys(names)))
    order = ["moves", "from_cost", *KEYS[:4]]
    ascending = [False, False, True, True, True, True]
    return table.reset_index().sort_values(order, ascending=ascending, ignore_index=True)[FLOW_COLUMNS]
