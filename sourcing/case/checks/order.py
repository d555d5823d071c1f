"""What orders moves and discounts: waves of the calendar, orders between processes, tiers of a provider's price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case.checks.columns import ExpectedColumns
from sourcing.case.checks.keys import look_up
from sourcing.case.checks.units import find_valuation
from sourcing.case.problem import Problem, point_at
from sourcing.errors import hint_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]

WAITING = "not_before"
"""Kind of an order that speaks of waves and of no column."""


def waves_start_after_the_valuation(tables: Tables) -> Iterator[Problem]:
    """A wave starts on or after the unit's valuation date."""
    calendar, units = tables["calendar"], tables["units"].drop_duplicates("business_unit")
    if calendar.empty:
        return
    today = look_up(calendar["business_unit"], units.assign(today=find_valuation(units)), "business_unit", "today")
    early = calendar["start"] < today
    for day in today[early].unique():
        rule = f"a wave must start on or after the valuation date {day:%Y-%m-%d}"
        hint = "Hint: move the wave or the valuation date."
        shown = calendar["start"].dt.strftime("%Y-%m-%d")
        yield from point_at(calendar, early & (today == day), ("calendar", "start"), rule, hint, shown)


def orders_name_two_processes(tables: Tables) -> Iterator[Problem]:
    """An order names two processes."""
    orders = tables["orders"]
    itself = (orders["process_a"] == orders["process_b"]) & (orders["process_a"] != "")
    rule, hint = "an order must name two processes", "Hint: drop the row."
    yield from point_at(orders, itself, ("orders", "process_b"), rule, hint)


def orders_can_be_read(tables: Tables) -> Iterator[Problem]:
    """An order compares a column of the alternatives, or waits for a wave of the calendar."""
    orders = tables["orders"]
    if orders.empty:
        return
    expected = ExpectedColumns(tables)
    for row, order in orders.iterrows():
        unit, kind, column = order["business_unit"], order["kind"], order["column"]
        kinds = expected.list_kinds(unit, [column]) if expected.list_units(unit) else {}
        if not kinds or not kind:
            continue
        if kind == WAITING:
            if "wave" not in kinds:
                rule = "alternatives must have a wave where orders say not_before"
                yield Problem("orders", row, "kind", rule, kind, expected.hint_lack("wave", unit))
        elif column not in kinds:
            hint = "Hint: write the column that is compared, such as owner or location."
            if column:
                hint = expected.hint_lack(column, unit) or hint_near(column, kinds)
            yield Problem("orders", row, "column", "column must be a column of the alternatives", column, hint)


def tiers_rise(tables: Tables) -> Iterator[Problem]:
    """The tiers of a provider are of one kind, and an all-units discount does not fall at a higher threshold."""
    tiers = tables["price_tiers"].sort_values("threshold", kind="stable")
    for (_, provider), own in tiers.groupby(["business_unit", "provider"], sort=False):
        of = f"{name_tiers(provider)!r}"
        mixed = (own["kind"] != own["kind"].iloc[0]) & (own["kind"] != "") & (own["kind"].iloc[0] != "")
        rule, hint = f"the tiers of {of} must be of one kind", "Hint: make them alike."
        yield from point_at(own, mixed, ("price_tiers", "kind"), rule, hint)
        falls = (own["kind"] == "all_units") & (own["discount_share"] < own["discount_share"].shift())
        rule = f"an all-units discount of {of} must not fall at a higher threshold"
        hint = "Hint: check the order of the tiers."
        yield from point_at(own, falls & ~mixed, ("price_tiers", "discount_share"), rule, hint)


def name_tiers(provider: str) -> str:
    """Name the tiers of a provider as the plan does."""
    return f"cost_price at owner {provider}"
