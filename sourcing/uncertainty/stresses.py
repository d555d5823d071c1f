"""Named stresses: what the plan saves when one thing goes badly wrong, and what would have been better then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.decide import share_of
from sourcing.plan import choose_again, sum_beside
from sourcing.value import price_stresses

if TYPE_CHECKING:
    from sourcing.decide import Decision


def stress_plan(decision: Decision, *, time_limit: float = 600.0) -> pd.DataFrame:
    """Put a plan under each stress, all else as expected, and choose again as if it had been known.

    A figure takes the stress's value in place of its mean; volume moves own cost and what contracts pay for it (see
    `price_volume`). An event strikes as often as the stress says in place of
    its expected number, for each outside owner of the plan or of today, and for each country abroad; work that is with
    the owner or in the country for part of the time is struck in proportion. Rules and the amounts that they count
    stay as they are.

    Returns
    -------
    DataFrame
        Columns stress, struck (owner or country; "" otherwise), meaning, saved (in cash and losses against today, both
        under the stress), change (against what is expected), regret (objective above that of the best plan under the
        stress), changes (processes that this plan delivers otherwise); worst first.
    """
    table = decision.alternatives
    own, today = share_of(decision, decision.plan), share_of(decision, decision.as_is)
    met = _find_rows(pd.concat([decision.plan.choices, decision.as_is.choices]), table).to_numpy()
    named = price_stresses(decision.case, table, decision.offers, decision.policy, decision.outlook, met)
    deltas = np.array([each.added for each in named]).reshape(len(named), len(table))
    costs = table["cost"].to_numpy(float) + deltas
    best = choose_again(decision.plan, costs, time_limit=time_limit)
    beside = float(decision.plan.objective - own @ table["cost"].to_numpy(float))
    expected = (table["cash_cost"] + table["expected_loss"]).to_numpy(float) @ (today - own)
    expected += sum_beside(decision.as_is) - sum_beside(decision.plan)
    process_of = pd.factorize(table["process"])[0]
    rows = []
    for k, (stress, struck, meaning, delta) in enumerate(named):
        away = np.abs(best.shares[k] - own) > 1e-6
        regret = costs[k] @ own + beside - costs[k] @ best.shares[k] - best.fixed[k]
        rows.append({"stress": stress, "struck": struck, "meaning": meaning, "saved": expected + delta @ (today - own),
                     "change": delta @ (today - own), "regret": max(0.0, regret),
                     "changes": len(np.unique(process_of[away]))})  # fmt: skip
    return pd.DataFrame(rows).sort_values(["change", "stress", "struck"], ignore_index=True)


def _find_rows(choices: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Tell of each alternative whether it is among choices."""
    keys = [name for name in ("process", "option", "wave") if name in table]
    return pd.Series(
        pd.MultiIndex.from_frame(table[keys]).isin(pd.MultiIndex.from_frame(choices[keys])), index=table.index
    )
