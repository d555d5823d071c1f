"""The objective line by line: what is paid first, with its sum, then what is priced beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.pack.block import Block, Shown, show_table
from sourcing.pack.wording import LINE_NAMES
from sourcing.value import CASH_LINES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.decide import Decision

CASH_TOTAL, TOTAL = "Cash cost, the sum of the lines above", "Objective, cash cost and the lines below it"


def list_lines(lines: Mapping[str, float]) -> pd.DataFrame:
    """List the lines of an objective in the order they are read, with the sum of what is paid and of all.

    Lines that round to nothing are left out.

    Parameters
    ----------
    lines : mapping of str to float
        Of a plan: `cost_labor`, `handoffs` and so on to money.

    Returns
    -------
    DataFrame
        Columns line (in words), amount.

    Examples
    --------
    >>> list_lines({"handoffs": 5.0, "cost_fit": -2.0, "cost_price": 20.0, "cost_labor": 10.0})["amount"].tolist()
    [10.0, 20.0, 30.0, -2.0, 5.0, 33.0]
    """
    plain = {name.removeprefix("cost_"): float(amount) for name, amount in lines.items()}
    order = [*CASH_LINES, *LINE_NAMES, *plain]
    shown = sorted((name for name, amount in plain.items() if round(amount)), key=order.index)
    paid = [name for name in shown if name in CASH_LINES]
    priced = [name for name in shown if name not in CASH_LINES]
    rows = [
        *((LINE_NAMES.get(name, name), plain[name]) for name in paid),
        (CASH_TOTAL, sum(plain.get(name, 0.0) for name in CASH_LINES)),
        *((LINE_NAMES.get(name, name), plain[name]) for name in priced),
        (TOTAL, sum(plain.values())),
    ]
    return pd.DataFrame(rows, columns=pd.Index(["line", "amount"]))


def show_lines(decision: Decision) -> Block:
    """Show the objective line by line; the lines sum to it."""
    columns = [Shown("line", "Line"), Shown("amount", "Amount", "money")]
    return show_table(list_lines(decision.plan.lines.to_dict()), columns, decision.case.unit["currency"])
