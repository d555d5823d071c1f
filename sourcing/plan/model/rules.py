"""Read a table of rules and expand it to linear limits over the alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import FilterError, InputError, hint_near
from sourcing.plan.model.tables import (
    code_labels,
    order_labels,
    plain_label,
    read_numbers,
    refuse_near_names,
    require_table,
)
from sourcing.where import ReadColumn, match_where

if TYPE_CHECKING:
    from sourcing.plan.model.alternatives import Alternatives

COLUMNS = ("rule", "measure", "where", "sense", "limit", "relative_to", "for_each", "step", "priority")
SENSES = ("<=", ">=", "==")
DEFAULT_PRIORITY = 2


@dataclass(frozen=True)
class Limit:
    """One linear limit: the use of a measure, sense, limit.

    Attributes
    ----------
    rule : str
        Name of the analyst's rule.
    name : str
        The rule's name, with the value of `for_each` in brackets where there is one.
    value : object
        The value of `for_each`; None where the rule has none.
    rows : ndarray of int
        Positions of the alternatives the limit counts.
    amounts : ndarray of float, same length
        Amount of the measure in each of them.
    base : ndarray of float, shape (n,), or None
        Amount of `relative_to` in every alternative; None where the limit is absolute.
    sense : str
        `<=`, `>=` or `==`.
    limit : float
        In the measure's unit, or a share of the total of `relative_to`.
    measure, relative_to : str or None
        What is counted, and against what, where that is a total over the whole plan: shared money counts in these. The
        measure of a rule with `where` or `for_each` is None, since it counts what its rows carry.
    priority : int
        0 never relaxed in a repair; 1 last … 4 first.
    source : int
        Row of the rules table, sorted by name.
    """

    rule: str
    name: str
    value: Any
    rows: np.ndarray
    amounts: np.ndarray
    base: np.ndarray | None
    sense: str
    limit: float
    priority: int
    source: int
    measure: str | None = None
    relative_to: str | None = None

    def find_coefficients(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Give positions and coefficients of the linear row.

        Formula: `Σ amount x  sense  limit`, or relative `Σ amount x - limit Σ base x  sense  0`.
        """
        if self.base is None:
            return self.rows, self.amounts
        dense = -self.limit * self.base
        dense[self.rows] += self.amounts
        return np.arange(n), dense

    def find_right_side(self) -> float:
        """Give the right-hand side of the linear row."""
        return self.limit if self.base is None else 0.0


def read_rules(rules: object, alternatives: Alternatives) -> tuple[pd.DataFrame, list[Limit]]:
    """Check a table of rules and expand it over the alternatives.

    Parameters
    ----------
    rules : DataFrame or None
        Columns `rule`, `measure`, `sense`, `limit`; optional `where`, `relative_to`, `for_each`, `step`,
        `priority`; further columns are carried along.
    alternatives : Alternatives
        What the rules count.

    Returns
    -------
    table : DataFrame
        The rules sorted by name, index 0 … m-1.
    limits : list of Limit
        One per rule, or one per value of `for_each` among the alternatives that `where` keeps.

    Raises
    ------
    InputError
        If a name is missing or occurs twice, a measure or column is unknown or not numeric where it counts,
        a sense, limit or priority is none.
    FilterError
        If a `where` is not read; the rule is named.
    """
    if rules is None:
        return pd.DataFrame(columns=list(COLUMNS)), []
    frame = require_table(rules, "rules", ["rule", "measure", "sense", "limit"])
    refuse_near_names(frame, "rules", COLUMNS)
    names = [plain_label(name) for name in frame["rule"]]
    if any(name is None or str(name).strip() == "" for name in names):
        raise InputError(
            f"rule must be a name; got a missing one at rules index {frame.index[_first_blank(names)]!r}. "
            "Hint: state the rule as a claim."
        )
    texts = pd.Series([str(name) for name in names], dtype=object)
    twice = texts[texts.duplicated()]
    if len(twice):
        raise InputError(f"rule names must be unique; got {twice.iloc[0]!r} twice at rules. Hint: rename one of them.")
    order = np.argsort(texts.to_numpy(dtype=str), kind="stable")
    table = frame.iloc[order].reset_index(drop=True)
    table["rule"] = texts.iloc[order].to_numpy()
    limit = read_numbers(table, "limit", "rules")
    read: dict[str, ReadColumn] = {}
    cells = _list_cells(table)
    told = [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]
    limits = [
        row
        for source in range(len(told))
        for row in _expand_rule(told[source], source, limit[source], alternatives, read)
    ]
    _refuse_twin_limits(limits)
    return table, limits


def _first_blank(names: list[Any]) -> int:
    return next(k for k, name in enumerate(names) if name is None or str(name).strip() == "")


def _refuse_twin_limits(limits: list[Limit]) -> None:
    seen: set[str] = set()
    for row in limits:
        if row.name in seen:
            raise InputError(f"a limit's name must be unique; got {row.name!r} twice at rules. Hint: rename the rule.")
        seen.add(row.name)


def _list_cells(table: pd.DataFrame) -> dict[str, list[Any]]:
    """List what each rule says, by column; None where a cell is blank."""
    labels = {name: map(plain_label, table[name].tolist()) for name in COLUMNS if name in table.columns}
    return {
        name: [None if isinstance(value, str) and not value.strip() else value for value in column]
        for name, column in labels.items()
    }


def _expand_rule(
    told: dict[str, Any], source: int, limit: float, alternatives: Alternatives, read: dict[str, ReadColumn]
) -> list[Limit]:
    rule = told["rule"]
    sense = told.get("sense")
    sense = sense.strip() if isinstance(sense, str) else sense
    if sense not in SENSES:
        raise InputError(
            f"sense must be one of <=, >=, ==; got {sense!r} at rule {rule!r}. Hint: write one of the three."
        )
    try:
        mask = match_where(told.get("where"), alternatives.table, read)
    except FilterError as fault:
        raise FilterError(f"rule {rule!r}: {fault}") from None
    amounts = _read_measure(told.get("measure"), "measure", rule, alternatives, mask)
    relative_to = told.get("relative_to")
    base = (
        None
        if relative_to is None
        else _read_measure(relative_to, "relative_to", rule, alternatives, np.ones(len(mask), dtype=bool))
    )
    priority = _read_priority(told.get("priority"), rule)
    groups = _split_groups(told.get("for_each"), rule, alternatives, mask)
    is_total = told.get("where") is None and told.get("for_each") is None
    return [
        Limit(
            rule=rule,
            name=rule if is_whole else f"{rule} [{value}]",
            value=value,
            rows=rows,
            amounts=amounts[rows],
            base=base,
            sense=str(sense),
            limit=limit,
            priority=priority,
            source=source,
            measure=told.get("measure") if is_total else None,
            relative_to=relative_to,
        )
        for is_whole, value, rows in groups
    ]


def _read_measure(name: Any, role: str, rule: str, alternatives: Alternatives, mask: np.ndarray) -> np.ndarray:
    if name == "count":
        return np.ones(len(mask))
    if name is None or name not in alternatives.table.columns:
        known = [c for c in alternatives.table.columns if pd.api.types.is_numeric_dtype(alternatives.table[c])]
        raise InputError(
            f"{role} must be count or a numeric column of the alternatives; got {name!r} at rule {rule!r}. "
            f"{hint_near(str(name), [*known, 'count'])}"
        )
    try:
        return read_numbers(alternatives.table, name, "alternatives", mask)
    except InputError as fault:
        raise InputError(f"rule {rule!r}: {fault}") from None


def _read_priority(value: Any, rule: str) -> int:
    if value is None:
        return DEFAULT_PRIORITY
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value not in (0, 1, 2, 3, 4):
        raise InputError(f"priority must be 0, 1, 2, 3 or 4; got {value!r} at rule {rule!r}. Hint: 0 is never relaxed.")
    return int(value)


def _split_groups(
    column: Any, rule: str, alternatives: Alternatives, mask: np.ndarray
) -> list[tuple[bool, Any, np.ndarray]]:
    """Give (is the whole rule, value, positions) per limit of a rule."""
    positions = np.flatnonzero(mask)
    if column is None:
        return [(True, None, positions)]
    if column not in alternatives.table.columns:
        raise InputError(
            f"for_each must be a column of the alternatives; got {column!r} at rule {rule!r}. "
            f"{hint_near(str(column), alternatives.table.columns)}"
        )
    codes, labels = code_labels(alternatives.table[column].iloc[positions])
    if None in labels:
        raise InputError(
            "the column of for_each must have a value in every row counted; got a missing one at "
            f"{column!r}, "
            f"rule {rule!r}. Hint: fill the column, or leave those rows out by `where` on another column."
        )
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(labels)))
    parts = np.split(positions[order], starts[1:]) if labels else []
    by_label = dict(zip(labels, parts, strict=True))
    return [(False, label, by_label[label]) for label in order_labels(labels)]
