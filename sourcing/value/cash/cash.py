"""What is paid, quarter by quarter: each cause of money on exactly one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.value.cash.quarters import Quarters, grow_quarters, share_live
from sourcing.value.cash.running import RUN, add_companions, go_on, price_oversight, price_running
from sourcing.value.cash.shares import share_results
from sourcing.value.cash.transition import price_moves, price_stranded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case import Policy

ONE_OFF = (
    "transition", "knowledge_transfer", "travel", "training", "set_up", "recruitment", "parallel", "severance",
    "staff_transfer", "service_dip", "tender", "investment", "exit",
)  # fmt: skip
CASH_LINES = (
    *RUN, "until_go_live", "non_labor_until_go_live", "price_until_go_live", "ramp", "peak", "attrition", "vat",
    "invoice_errors", "value_lost", "stranded", "governance", "retained", "incentives", "profit_share",
    "venture_capital", *ONE_OFF, "terminal", "income_tax",
)  # fmt: skip
GOING_ON = (
    *RUN, "peak", "attrition", "vat", "invoice_errors", "value_lost", "stranded", "governance", "retained",
    "incentives", "profit_share",
)  # fmt: skip
"""Lines of a steady year, which go on after the horizon."""
SHARED_LINES = ("handoffs", "charges", "tenders", "pools", "discounts", "splits")
"""Lines of payments that belong to no single alternative: what processes share."""
SHARED_ONE_OFF = ("tenders", "splits")
FIXED = ("venture_capital", "exit")
"""Lines in contract money, which does not grow with prices."""
FIGURE_OF = {
    **dict.fromkeys(("labor", "overhead", "until_go_live", "ramp", "stranded", "peak", "attrition"), "wages"),
    **dict.fromkeys(("price", "price_until_go_live", "vat"), "prices"),
    **{line: "one_off" for line in ONE_OFF if line not in FIXED},
    **dict.fromkeys(("governance", "retained"), "governance"),
    "invoice_errors": "invoice_errors",
    "value_lost": "value_lost",
}
"""Cash line -> the uncertain figure that it moves with; the others are as stated."""


def price_flows(offers: pd.DataFrame, unit: pd.Series, policy: Policy) -> Mapping[str, Quarters]:
    """Price what each alternative pays in each quarter, in price-year money (`FIXED` in contract money).

    Each line stands at the mean of the figure it moves with (`FIGURE_OF`), which the offers carry (`mean_*`).

    Parameters
    ----------
    offers : DataFrame
        From `list_offers`.
    unit : Series
        The unit's row.
    policy : Policy
        governance_heads_outside, governance_heads_site, governance_share_outside, governance_share_site,
        governance_share_per_hour, retained_share.

    Returns
    -------
    mapping of line to ndarray, shape (alternatives, quarters)
        labor, overhead, non_labor, price: the option's own running cost from go-live;
        until_go_live (own staff), non_labor_until_go_live, price_until_go_live: today's running cost until then;
        ramp, peak, attrition, vat, invoice_errors, value_lost: see `add_companions`;
        governance, retained: see `price_oversight`;
        stranded: the part of today's own running cost that does not end (what a contract still owes is exit);
        incentives, profit_share, venture_capital: see `share_results`;
        terminal, income_tax: see `price_terminal` and `price_income_tax`, 0 unless the unit asks for them;
        the one-off lines: see `price_moves`. Memory: 8 bytes x alternatives x quarters x lines, so 102 MB for 10,000
        alternatives, 40 quarters and the 32 lines.
    """
    quarters = 4 * int(unit["horizon_years"])
    live = share_live(offers["go_live_months"].to_numpy(float), quarters)
    today = go_on(offers, unit)
    paid = price_running(offers, unit, today, live)
    flows = dict(paid[""])
    flows["until_go_live"] = paid["today_"]["labor"] + paid["today_"]["overhead"]
    flows |= {f"{line}_until_go_live": paid["today_"][line] for line in ("non_labor", "price")}
    flows |= add_companions(offers, paid, unit)
    flows["stranded"] = price_stranded(offers, today, live)
    flows |= price_oversight(offers, paid, live, policy)
    flows |= share_results(offers, paid, live, unit)
    flows |= price_moves(offers, quarters)
    flows["terminal"] = price_terminal(flows, unit)
    return flows | {"income_tax": price_income_tax(flows, offers, unit)}


def price_terminal(flows: Mapping[str, Quarters], unit: pd.Series) -> Quarters:
    """Price what goes on after the horizon for `terminal_years`, brought to the last quarter, in price-year money.

    terminal = sum over k = 1 .. 4 x years of the last quarter's steady lines x ((1 + inflation) / (1 + discount rate))
    ** (k / 4); wages and prices drift no further.

    Examples
    --------
    >>> steady = {line: np.zeros((1, 4)) for line in GOING_ON} | {"labor": np.array([[5.0, 5.0, 5.0, 10.0]])}
    >>> unit = pd.Series({"terminal_years": 2, "inflation_rate": 0.0, "discount_rate": 0.0})
    >>> price_terminal(steady, unit).tolist()
    [[0.0, 0.0, 0.0, 80.0]]
    """
    last = np.add.reduce([flows[line] for line in GOING_ON])
    ratio = (1 + float(unit["inflation_rate"])) / (1 + float(unit["discount_rate"]))
    lasting = ratio ** (np.arange(1, round(4 * float(unit["terminal_years"])) + 1) / 4)
    terminal = np.zeros_like(last)
    terminal[:, -1] = last[:, -1] * lasting.sum()
    return terminal


def price_income_tax(flows: Mapping[str, Quarters], offers: pd.DataFrame, unit: pd.Series) -> Quarters:
    """Price the income tax that payments save, below 0, in price-year money.

    tax = - rate x (payments - investment + depreciation): all is deducted when it is paid but a venture's capital,
    which is no cost, and an investment, which is deducted evenly over `depreciation_years` from its quarter on, in the
    money in which it was paid, and what is left of it in the last quarter of the horizon.

    Examples
    --------
    >>> unit = {"income_tax_rate": 0.25, "depreciation_years": 1, "inflation_rate": 0.0, "horizon_years": 1,
    ...         "price_year": 2025, "valuation_date": None}
    >>> flows = {"labor": np.array([[10.0] * 4]), "investment": np.array([[0.0, 80.0, 0.0, 0.0]])}
    >>> price_income_tax(flows, pd.DataFrame(index=[0]), pd.Series(unit)).tolist()  # 20 a quarter, the rest last
    [[-2.5, -7.5, -7.5, -12.5]]
    """
    rate, growth = float(unit["income_tax_rate"]), grow_quarters(unit)
    shape = (len(offers), len(growth))
    if rate == 0.0:
        return np.zeros(shape)
    paid = np.zeros(shape)
    for line in flows.keys() - {"investment", "venture_capital"}:
        paid = paid + (flows[line] / growth if line in FIXED else flows[line])
    return -rate * (paid + depreciate(flows["investment"] * growth, unit) / growth)


def depreciate(invested: Quarters, unit: pd.Series) -> Quarters:
    """Spread investments evenly over the quarters of `depreciation_years`; what is left in the last of the horizon."""
    quarters, lasting = invested.shape[1], max(round(4 * float(unit["depreciation_years"])), 1)
    written = np.zeros_like(invested)
    for first in np.flatnonzero(invested.any(axis=0)):
        until = min(first + lasting, quarters)
        written[:, first:until] += invested[:, [first]] / lasting
        written[:, -1] += invested[:, first] * (1 - (until - first) / lasting)
    return written


def grow_flows(flows: Mapping[str, Quarters], unit: pd.Series) -> dict[str, Quarters]:
    """Turn flows in price-year money into nominal payments; `FIXED` lines are nominal already."""
    growth = grow_quarters(unit)
    return {line: flow if line in FIXED else flow * growth for line, flow in flows.items()}


def discount_flows(flows: Mapping[str, Quarters], growing: np.ndarray, fixed: np.ndarray) -> dict[str, np.ndarray]:
    """Return the present value of each line, shape (alternatives,)."""
    return {line: flow @ (fixed if line in FIXED else growing) for line, flow in flows.items()}
