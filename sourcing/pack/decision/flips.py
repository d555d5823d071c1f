"""What would flip each decision, fetched and said: in the sentence of a process, and beside each of its options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.pack.answers import list_flips, list_number_ranges, measure_change
from sourcing.pack.wording import name_options, say_flip, say_forcing, say_number_change

if TYPE_CHECKING:
    from sourcing.decide import Decision


def say_flips(decision: Decision) -> pd.Series:
    """Say for each process what the next best costs, which number is nearest to flipping it, and how sure it is.

    Returns
    -------
    Series
        Index process; one or more sentences, each from the numbers of `list_flips`.
    """
    flips, numbers = list_flips(decision), list_number_ranges(decision)
    names, sure = name_options(decision.alternatives), decision.judgment.acceptability.confidence
    said = {
        process: say_flip(rows, numbers[numbers["process"] == process], names, decision.case, sure.loc[process])
        for process, rows in flips.assign(size=measure_change(flips)).groupby("process")
    }
    return pd.Series(said, dtype=str)


def add_flips(options: pd.DataFrame, decision: Decision) -> pd.DataFrame:
    """Add to the options of a process what forcing each costs, and the number that would make it the choice."""
    process, flips = options["process"].iloc[0], list_flips(decision)
    own = flips[flips["process"] == process].set_index("option", drop=False).loc[options["option"]]
    names, rows = name_options(decision.alternatives), own.to_dict("records")
    return options.assign(
        forcing=[say_forcing(flip, decision.case) for flip in rows],
        wins=[say_number_change(flip, names, decision.case.unit["currency"]) for flip in rows],
    )
