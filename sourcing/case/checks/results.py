"""What came of a plan: each month once, and what a ledger needs of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case.checks.keys import number_rows
from sourcing.case.problem import WARNING, Problem, point_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]

PROCESS = ["business_unit", "process"]


def _number_months(actuals: pd.DataFrame, *columns: str) -> pd.Series:
    """Number the rows of one month of a process, and of one option where it is named."""
    month = actuals["month"].dt.strftime("%Y-%m").fillna("").astype("str")
    keyed = actuals.assign(month=month)
    return pd.Series(number_rows(keyed, [*PROCESS, *columns, "month"]), actuals.index)


def months_are_reported_once(tables: Tables) -> Iterator[Problem]:
    """A month of a process and option is one row, whatever day it is told by."""
    actuals = tables["actuals"]
    if actuals.empty:
        return
    again = _number_months(actuals, "option").duplicated() & actuals["month"].notna()
    rule, hint = "each month once for a process and option", "Hint: sum the rows of a month."
    shown = actuals["month"].dt.strftime("%Y-%m-%d").fillna("")
    yield from point_at(actuals, again, ("actuals", "month"), rule, hint, shown)


def parts_of_a_month_have_volumes(tables: Tables) -> Iterator[Problem]:
    """Where two options delivered a process in one month, each says how much."""
    actuals = tables["actuals"]
    if actuals.empty:
        return
    numbers = _number_months(actuals)
    shared = numbers.map(numbers.value_counts()) > 1
    hint = "Hint: fill the volume of each option in the month: it tells when the work went over."
    yield from point_at(
        actuals, shared & actuals["volume"].isna(), ("actuals", "volume"), "a volume beside another option's", hint
    )


def accepted_suggestions_have_a_start(tables: Tables) -> Iterator[Problem]:
    """An accepted suggestion says from when it acts: else the next baseline holds it from the first day on."""
    table = tables["suggestions"]
    if table.empty:
        return
    wrong = (table["status"] == "accepted") & table["starts"].isna()
    hint = "Hint: fill the day from which it acts; without one it counts from the first day of the horizon."
    yield from point_at(
        table, wrong, ("suggestions", "starts"), "a start of what is accepted", hint, table["suggestion"], WARNING
    )
