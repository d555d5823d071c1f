"""`orders`: processes that must go together, stay apart, or wait for one another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.errors import InputError
from sourcing.plan.model.structure.checks import (
    read_amounts,
    read_cells,
    read_choices,
    read_processes,
    refuse_cell,
    require_column,
)
from sourcing.plan.model.structure.pools import AS_IS
from sourcing.plan.model.tables import code_labels, plain_label, read_numbers, refuse_near_names, require_table
from sourcing.plan.tolerance import KEPT

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.plan.model.alternatives import Alternatives
    from sourcing.plan.model.structure.activation import Activation
    from sourcing.plan.model.writer import ProblemWriter

COLUMNS = ("kind", "process_a", "process_b", "column", "lag")
KINDS = {"together": "with", "apart": "apart from", "not_before": "not before"}


def name_order(kind: str, process_a: Any, process_b: Any) -> str:
    """Name an order, as plans, conflicts and flips do.

    Examples
    --------
    >>> name_order("apart", "payroll", "audit")
    'order: payroll apart from audit'
    """
    return f"order: {process_a} {KINDS[kind]} {process_b}"


@dataclass(frozen=True)
class Order:
    """One order, brought to pairs of sets of alternatives.

    Attributes
    ----------
    name : str
        Such as `order: payroll with billing`; several rows may share it.
    is_balance : bool
        Of each pair both sets have the same share (together), or else at most one is engaged.
    pairs : tuple of (ndarray of int, ndarray of int)
        Positions of alternatives of process_a and of process_b.
    """

    name: str
    is_balance: bool
    pairs: tuple[tuple[np.ndarray, np.ndarray], ...]


def read_orders(table: object, alternatives: Alternatives) -> list[Order]:
    """Check the table `orders`.

    Parameters
    ----------
    table : DataFrame or None
        `kind`, `process_a`, `process_b`; for `together` and `apart` the `column` whose label must be equal or
        must differ; for `not_before` the `lag` in waves (blank = 0).

        together: the shares of both processes are equal at every label; a blank label is one of its own.
        apart: no label is engaged by both; a blank label clashes with nothing.
        not_before: process_a starts at least `lag` waves after process_b. A row that is the as-is (`is_as_is`)
        or has no `wave` never starts: it may wait for anything, and what waits for it never starts either.

    Raises
    ------
    InputError
        If a cell is not what it must be, or an order names one process twice.
    """
    if table is None:
        return []
    frame = require_table(table, "orders", ["kind", "process_a", "process_b"])
    refuse_near_names(frame, "orders", COLUMNS)
    kinds = read_choices(frame, "kind", "orders", tuple(KINDS))
    first, second = (read_processes(frame, column, "orders", alternatives) for column in ("process_a", "process_b"))
    lags = read_amounts(frame, "lag", "orders", -np.inf, np.inf, 0.0)
    columns = read_cells(frame, "column")
    made = []
    for row, kind in enumerate(kinds):
        a, b = int(first[row]), int(second[row])
        names = [alternatives.processes[end] for end in (a, b)]
        if a == b:
            raise refuse_cell("an order must name two processes", names[0], "orders", frame, row, "Hint: drop the row.")
        name = name_order(kind, *names)
        rows = tuple(np.flatnonzero(alternatives.process_of == end) for end in (a, b))
        if kind == "not_before":
            pairs = _pair_waves(rows, lags[row], alternatives)
        else:
            require_column(columns[row], frame, "orders", row, alternatives)
            pairs = _pair_labels(rows, columns[row], kind == "together", alternatives)
        made.append((name, str(columns[row]), lags[row], Order(name, kind == "together", pairs)))
    return [order for *_, order in sorted(made, key=lambda entry: entry[:3])]


def find_starts(alternatives: Alternatives) -> np.ndarray:
    """Give the wave in which each alternative starts; inf where it never does.

    Raises
    ------
    InputError
        If there is no column `wave`, or it does not hold numbers.
    """
    table = alternatives.table
    if "wave" not in table.columns:
        raise InputError(
            "alternatives must have a wave where orders say not_before; got no column 'wave' at alternatives. "
            "Hint: number the waves, and leave the as-is blank."
        )
    waves = read_numbers(table, "wave", "alternatives", table["wave"].notna().to_numpy())
    return np.where(np.isnan(waves) | find_staying(table), np.inf, waves)


def find_staying(table: pd.DataFrame) -> np.ndarray:
    """Tell which rows are the as-is by their column `is_as_is`; none where there is no such column."""
    if AS_IS not in table.columns:
        return np.zeros(len(table), dtype=bool)
    return np.array([plain_label(flag) is True for flag in table[AS_IS]])


def _pair_waves(rows: tuple[np.ndarray, ...], lag: float, alternatives: Alternatives) -> Any:
    """Pair, for each start t of process_b, what of process_a starts before t + lag and what of b from t on."""
    starts = find_starts(alternatives)
    first, second = (starts[own] for own in rows)
    pairs = [(rows[0][first < start + lag], rows[1][second >= start]) for start in np.unique(second)]
    return tuple(pair for pair in pairs if len(pair[0]))


def _pair_labels(rows: tuple[np.ndarray, ...], column: str, is_balance: bool, alternatives: Alternatives) -> Any:
    """Pair the alternatives of both processes label by label."""
    codes, labels = code_labels(alternatives.table[column])
    if column == "wave":
        codes = np.where(find_staying(alternatives.table), -1, codes)
    first, second = (codes[own] for own in rows)
    pairs = []
    for code in np.unique(np.concatenate([first, second])):
        pair = (rows[0][first == code], rows[1][second == code])
        is_blank = code == -1 or labels[code] is None
        if is_balance or (len(pair[0]) and len(pair[1]) and not is_blank):
            pairs.append(pair)
    return tuple(pairs)


def add_orders(writer: ProblemWriter, orders: Sequence[Order], dropped: Collection[str], use: Activation) -> None:
    """Add the rows of the orders that are not dropped.

    Formula: together `Σ_{a at label} x_a = Σ_{b at label} x_b`; else `[any of the one] + [any of the other] <= 1`
    per label, or per start t of process_b: `Σ_{a before t + lag} x_a + Σ_{b from t} x_b <= 1`, the tightest
    form of a precedence on starts (Christofides, Alvarez-Valdes and Tamarit, EJOR 29(3), 1987).
    """
    for number, order in enumerate(orders):
        if order.name in dropped:
            continue
        for k, (first, second) in enumerate(order.pairs):
            name = f"{order.name} {number}.{k}"
            if order.is_balance:
                weights = np.append(np.ones(len(first)), -np.ones(len(second)))
                writer.add_row(name, np.append(first, second), weights, 0.0, 0.0)
                continue
            positions = np.append(use.find_use(first, f"{name} a"), use.find_use(second, f"{name} b"))
            writer.add_row(name, positions, np.ones(len(positions)), -np.inf, 1.0)


def list_broken(orders: Sequence[Order], shares: np.ndarray) -> list[str]:
    """List the orders that a plan breaks."""
    broken = set()
    for order in orders:
        for first, second in order.pairs:
            one, other = float(shares[first].sum()), float(shares[second].sum())
            if abs(one - other) > KEPT if order.is_balance else (one > 0.0 and other > 0.0):
                broken.add(order.name)
    return sorted(broken)
