"""What is paid, quarter by quarter: each cause of money on exactly one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.value.cash.quarters import Quarters, drift_quarters, grow_quarters, share_live
from sourcing.value.cash.running import RUN, add_companions, price_oversight, price_running, read_column
from sourcing.value.cash.transition import price_moves, price_stranded

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sourcing.case import Policy

ONE_OFF = (
    "transition", "knowledge_transfer", "travel", "training", "set_up", "recruitment", "parallel", "severance",
    "staff_transfer", "service_dip", "tender", "investment", "exit",
)  # fmt: skip
CASH_LINES = (
    *RUN, "until_go_live", "ramp", "peak", "attrition", "vat", "stranded", "governance", "retained", "profit_share",
    *ONE_OFF,
)  # fmt: skip
FIXED = ("exit",)
"""Lines in contract money, which does not grow with prices."""


def price_flows(offers: pd.DataFrame, unit: pd.Series, policy: Policy) -> Mapping[str, Quarters]:
    """Price what each alternative pays in each quarter, in price-year money (exit in contract money).

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.
    unit : Series
        The unit's row.
    policy : Policy
        governance_share_outside, governance_share_site, governance_share_per_hour, retained_share.

    Returns
    -------
    mapping of line to ndarray, shape (alternatives, quarters)
        labor, overhead, non_labor, price: the option's own running cost from go-live;
        until_go_live: today's running cost until then;
        ramp, peak, attrition, vat: see `add_companions`; governance, retained: see `price_oversight`;
        stranded: the part of today's own running cost that does not end (what a contract still owes is exit);
        profit_share: our part of a joint venture's profit, below 0 where it earns one;
        the one-off lines: see `price_moves`. Memory: 8 bytes x alternatives x quarters x lines, so 83 MB for 10,000
        alternatives, 40 quarters and the 26 lines.
    """
    quarters = 4 * int(unit["horizon_years"])
    live = share_live(offers["go_live_months"].to_numpy(float), quarters)
    paid = price_running(offers, unit, live)
    flows = dict(paid[""])
    flows["until_go_live"] = np.add.reduce([paid["today_"][line] for line in RUN])
    flows |= add_companions(offers, paid, unit)
    wages = drift_quarters(offers["today_wage_drift"], unit)
    going_on = {line: read_column(offers, f"today_{line}") / 4 for line in ("labor", "overhead", "non_labor")}
    going_on |= {line: going_on[line] * wages for line in ("labor", "overhead")}
    flows["stranded"] = price_stranded(offers, going_on, paid[""], live)
    flows |= price_oversight(offers, paid, live, policy)
    flows["profit_share"] = -read_column(offers, "venture_profit_per_year") / 4 * live
    return flows | price_moves(offers, quarters)


def grow_flows(flows: Mapping[str, Quarters], unit: pd.Series) -> dict[str, Quarters]:
    """Turn flows in price-year money into nominal payments; `FIXED` lines are nominal already."""
    growth = grow_quarters(unit)
    return {line: flow if line in FIXED else flow * growth for line, flow in flows.items()}


def discount_flows(flows: Mapping[str, Quarters], growing: np.ndarray, fixed: np.ndarray) -> dict[str, np.ndarray]:
    """Return the present value of each line, shape (alternatives,)."""
    return {line: flow @ (fixed if line in FIXED else growing) for line, flow in flows.items()}
