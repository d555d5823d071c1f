"""Switching hurdle: what a move must be worth beyond its cost before it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.case import Policy


def price_hurdle(offers: pd.DataFrame, policy: Policy) -> np.ndarray:
    """Price the hurdle of each alternative, in currency, shape (alternatives,).

    hurdle = the smaller or the larger (`hurdle_takes`) of hurdle_share x today's yearly labor and price, and
    hurdle_sum; one that is 0 does not count. It is charged on each move away from today and is no payment: it is
    part of cost, never of cash_cost.

    Source: the conversion differential of United States OMB Circular A-76 (2003), attachment C: the lesser of
    10 % of personnel cost over all performance periods and a sum. A share of one year is stated here, so 10 % over
    five years is 0.5.

    Examples
    --------
    >>> import pandas as pd
    >>> from sourcing.case import Policy
    >>> offers = pd.DataFrame({"is_as_is": [True, False], "today_labor": [100.0] * 2, "today_price": [0.0] * 2})
    >>> price_hurdle(offers, Policy(hurdle_share=0.5, hurdle_sum=40)).tolist()
    [0.0, 40.0]
    >>> price_hurdle(offers, Policy(hurdle_share=0.5, hurdle_sum=40, hurdle_takes="larger")).tolist()
    [0.0, 50.0]
    >>> price_hurdle(offers, Policy(hurdle_share=0.5)).tolist(), price_hurdle(offers, Policy()).tolist()
    ([0.0, 50.0], [0.0, 0.0])
    """
    today = offers["today_labor"].to_numpy(float) + offers["today_price"].to_numpy(float)
    share, fixed = policy.hurdle_share * today, np.full(len(offers), policy.hurdle_sum)
    if policy.hurdle_share == 0.0 or policy.hurdle_sum == 0.0:
        hurdle = share + fixed
    else:
        hurdle = np.minimum(share, fixed) if policy.hurdle_takes == "smaller" else np.maximum(share, fixed)
    return np.where(offers["is_as_is"].to_numpy(bool), 0.0, hurdle)
