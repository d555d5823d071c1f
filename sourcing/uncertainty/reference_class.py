"""Reference class: where this case lies in what others have published."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.value import find_means, list_ranges

if TYPE_CHECKING:
    from sourcing.uncertainty.futures import Futures

VERDICTS = ("below", "within", "above", "no range published")


@cache
def load_reference_class() -> pd.DataFrame:
    """Return the published figures.

    Returns
    -------
    DataFrame
        Columns figure (saving, one_off), applies_to (delivery model moved to; any), low, likely, high, unit, year,
        kind, source.
    """
    return pd.read_csv(Path(__file__).with_name("reference_class.csv"), dtype={"year": str}, keep_default_na=True)


def place_case(futures: Futures) -> pd.DataFrame:
    """Place what the plan expects beside published figures.

    saving: cash saved on the processes that move to a delivery model, as a share of what they cost today, money that
    processes share left aside. one_off: how much the mean of one-off spending lies above its likely value, since the
    published overruns are those against a budget of likely values.

    Returns
    -------
    DataFrame
        Columns figure, applies_to, processes, ours, low, likely, high, verdict (one of VERDICTS), unit, year, kind,
        source; models that nothing moves to are left out.
    """
    decision = futures.decision
    chosen, today = decision.plan.choices, decision.as_is.choices.set_index("process")
    moved = chosen[~chosen["is_as_is"].astype(bool)]
    rows = []
    for record in load_reference_class().to_dict("records"):
        if record["figure"] == "one_off":
            part, ours = moved, _find_overrun(futures)
        else:
            part = moved[moved["delivery_model"] == record["applies_to"]]
            shares = part["share"].to_numpy(float)
            before = today["cash_cost"].reindex(part["process"]).to_numpy(float) @ shares
            ours = 1 - part["cash_cost"].to_numpy(float) @ shares / before if before > 0 else np.nan
        if len(part) and not np.isnan(ours):
            rows.append(record | {"processes": len(part), "ours": ours, "verdict": _judge(ours, record)})
    columns = ["figure", "applies_to", "processes", "ours", "low", "likely", "high", "verdict", "unit", "year", "kind",
               "source"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _find_overrun(futures: Futures) -> float:
    """Return the mean of the range of one-off spending over its likely value, less 1; NaN where it has no range."""
    decision = futures.decision
    ranges = list_ranges(decision.case, use_ranges=decision.policy.use_ranges)
    spread = ranges.loc["one_off", "high"] > ranges.loc["one_off", "low"]
    return float(find_means(ranges)["one_off"] / ranges.at["one_off", "likely"] - 1) if spread else np.nan


def _judge(ours: float, published: dict[str, float]) -> str:
    low, high = published["low"], published["high"]
    if np.isnan(low) or np.isnan(high):
        return VERDICTS[3]
    return VERDICTS[0] if ours < low else VERDICTS[2] if ours > high else VERDICTS[1]
