"""What each offer adds to the promises of a unit to its customers, as columns that rules can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.case import once_a_case, sum_promises

if TYPE_CHECKING:
    from sourcing.case import Case

READ = ("services", "service_parts", "service_levels", "options")
"""Tables that say what is promised."""


@once_a_case
def list_promises(case: Case) -> list[dict[str, Any]]:
    """List the promises of a unit to its customers as sums over its options; see `sourcing.case.sum_promises`."""
    return sum_promises({name: getattr(case, name) for name in READ})


def price_services(offers: pd.DataFrame, case: Case) -> dict[str, pd.Series]:
    """Measure what each offer adds to the services it is part of, so that a rule can hold the sum.

    Returns
    -------
    dict of column of `list_promises` to Series, index of `offers`
        0 for what is no part.
    """
    keys = pd.MultiIndex.from_frame(offers[["process", "option"]])
    return {
        row["column"]: pd.Series(row["amounts"].reindex(keys).to_numpy(float), offers.index).fillna(0.0)
        for row in list_promises(case)
    }
