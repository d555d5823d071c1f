"""A review as plain tables and as JSON values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from sourcing.program.review.compare import Comparison
    from sourcing.program.review.runs import Review

TABLES = ("changes", "filled", "levers", "decisions", "money", "causes", "drift")
FORMAT = 1


def list_review_tables(review: Review) -> dict[str, pd.DataFrame]:
    """List what changed in all units as one table per topic, the unit in the first column.

    Returns
    -------
    dict of str to DataFrame
        changes, filled, levers, decisions, money, causes, drift; cells that hold several names hold them as one text,
        separated by " + " where they act together and by "; " else.
    """
    tables = {}
    for name in TABLES:
        parts = []
        for unit, comparison in review.units.items():
            table = _join_names(getattr(comparison, name))
            table.insert(0, "business_unit", unit)
            parts.append(table)
        filled = [part for part in parts if len(part)] or parts[:1]
        tables[name] = pd.concat(filled, ignore_index=True)
    return tables


def _join_names(table: pd.DataFrame) -> pd.DataFrame:
    joins = {"causes": " + "}
    texts = {
        column: [joins.get(str(column), "; ").join(cell) if isinstance(cell, tuple) else cell for cell in table[column]]
        for column in table
        if table[column].dtype == object
    }
    return table.assign(**{str(column): pd.Series(cells, table.index, dtype=object) for column, cells in texts.items()})


def describe_review(review: Review) -> dict[str, Any]:
    """Describe a review as JSON values: numbers that are not finite as null, infinite ones as text.

    Returns
    -------
    dict
        format, is_unchanged, only_before, only_after, left_out, units: one entry per unit with its statuses, currency,
        feasibility, effort and each table as records.
    """
    return {
        "format": FORMAT,
        "is_unchanged": review.is_unchanged,
        "only_before": list(review.only_before),
        "only_after": list(review.only_after),
        "left_out": dict(review.left_out),
        "units": {unit: _describe(comparison) for unit, comparison in review.units.items()},
    }


def _describe(comparison: Comparison) -> dict[str, Any]:
    effort = comparison.effort
    return {
        "business_unit": comparison.business_unit,
        "name": comparison.name,
        "currency": comparison.currency,
        "status_before": comparison.status_before,
        "status_after": comparison.status_after,
        "is_comparable": comparison.is_comparable,
        "is_unchanged": comparison.is_unchanged,
        "feasibility": [list(names) for names in comparison.feasibility],
        "effort": {
            "method": effort.method, "orders": effort.orders, "solved": effort.solved, "refused": dict(effort.refused),
        },
        **{name: _write_records(getattr(comparison, name)) for name in TABLES},
    }  # fmt: skip


def _write_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _write(value) for name, value in row.items()} for row in table.to_dict("records")]


def _write(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value
