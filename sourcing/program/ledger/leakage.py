"""Leakage: what came less what was promised, split over its causes so that the parts sum to the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.program.ledger.alignment import MONTH, NONE, Alignment, price_running
from sourcing.program.ledger.shapley import split_change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FACTORS = {
    "volume": ("volume", "charged"),
    "rate": ("rate",),
    "exchange_rate": ("exchange_rate",),
    "productivity": ("heads_per_unit",),
    "delay": ("live",),
    "other_running": ("beside",),
}
"""Cause -> factors of the running cost of a row that it moves."""
CAUSES = (
    "volume", "rate", "exchange_rate", "productivity", "delay", "scope", "retained_staff", "invoice_errors", "credits",
    "one_off", "other_running", "suggestions", "unexplained",
)  # fmt: skip
"""volume: more or less work; rate: price or wage; exchange_rate; productivity: heads for the same work; delay: who
delivered when; scope: extra work; retained_staff; invoice_errors; credits: money back for missed service; one_off:
spending on the move; other_running: running cost beside price and people; suggestions: what accepted ones were expected
to change, which shows under the other causes as it comes; unexplained: what the books hold beyond all of these."""


def split_leakage(aligned: Alignment, order: Sequence[str] = tuple(FACTORS)) -> pd.DataFrame:
    """Split what came less what was promised over its causes.

    Running cost by `split_change` over FACTORS, so that no cause is first; heads kept to govern and what one costs
    likewise (retained_staff, rate); what is paid once is its own cause. `unexplained` = cost in the books less the sum
    of the factors reported.

    Parameters
    ----------
    aligned : Alignment
    order : sequence of str
        Order in which factors are taken: it changes nothing.

    Returns
    -------
    DataFrame
        process, month, cause, amount (above 0: dearer than promised), every cause of every process and month. Over the
        causes the amounts sum to actual - promised.
    """
    rows, months = aligned.rows, aligned.months.set_index(MONTH)
    own, by = rows["is_own"].to_numpy(bool), [rows["process"], rows["month"]]

    def stack(side: str) -> dict[str, np.ndarray]:
        return {cause: rows[[f"{name}_{side}" for name in FACTORS[cause]]].to_numpy(float).T for cause in order}

    def price(at: Mapping[str, np.ndarray]) -> np.ndarray:
        named = {name: at[cause][place] for cause in order for place, name in enumerate(FACTORS[cause])}
        return price_running(named, own)

    parts = split_change(price, stack("p"), stack("a"))
    table = pd.DataFrame({cause: pd.Series(part, rows.index).groupby(by).sum() for cause, part in parts.items()})
    table = table.reindex(months.index)
    kept = _split_oversight(months)
    table["rate"] += kept["each"]
    table["retained_staff"] = kept["heads"]
    table["scope"], table["credits"] = months["scope_a"], -months["credits_a"]
    for name in ("invoice_errors", "one_off"):
        table[name] = months[f"{name}_a"] - months[f"{name}_p"]
    table["suggestions"] = -months["suggestions_p"]
    table["unexplained"] = months["actual"] - months["modelled"]
    long = table[list(CAUSES)].rename_axis(columns="cause").stack().rename("amount")
    return long.reset_index()


def _split_oversight(months: pd.DataFrame) -> dict[str, pd.Series]:
    """Split oversight over its heads and what one costs; without heads promised or come the cost is all heads."""
    heads_p, heads_a = months["retained_heads_p"], months["retained_heads_a"]
    paid_p, paid_a = months["retained_cost_p"], months["retained_cost_a"]
    each_p, each_a = paid_p / heads_p.where(heads_p > NONE), paid_a / heads_a.where(heads_a > NONE)
    each_p, each_a = each_p.fillna(each_a), each_a.fillna(each_p)
    before = {"heads": heads_p.to_numpy(float), "each": each_p.fillna(0.0).to_numpy(float)}
    after = {"heads": heads_a.to_numpy(float), "each": each_a.fillna(0.0).to_numpy(float)}
    parts = split_change(lambda at: at["heads"] * at["each"], before, after)
    split = {name: pd.Series(part, months.index) for name, part in parts.items()}
    split["heads"] = split["heads"] + (paid_a - paid_p - split["heads"] - split["each"])
    return split
