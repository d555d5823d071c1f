"""`items`: processes that may be split over several alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcing.errors import InputError
from sourcing.plan.model.structure.checks import read_amounts, read_cells, read_processes, refuse_cell
from sourcing.plan.model.structure.lines import SPLITS as LINE
from sourcing.plan.model.tables import read_numbers, refuse_near_names, require_table, show_row
from sourcing.plan.tolerance import EQUAL, LEAST_USE

if TYPE_CHECKING:
    from collections.abc import Collection

    from sourcing.plan.model.alternatives import Alternatives
    from sourcing.plan.model.writer import ProblemWriter

COLUMNS = ("process", "divisible", "min_share", "max_parts")
FIXED = "fixed_cost"


@dataclass(frozen=True)
class Splits:
    """Which processes may be split, and how.

    Attributes
    ----------
    divisible : ndarray of bool, shape (processes,)
        Whether two parts are possible at all.
    min_share : ndarray of float, shape (processes,)
        Least share of a part.
    max_parts : ndarray of int, shape (processes,)
        Most alternatives engaged at once.
    fixed_cost : ndarray of float, shape (n,)
        The part of `cost` that a part pays in full, whatever its share; 0 where the process is whole.
    """

    divisible: np.ndarray
    min_share: np.ndarray
    max_parts: np.ndarray
    fixed_cost: np.ndarray


def read_splits(table: object, alternatives: Alternatives) -> Splits:
    """Check the table `items`.

    Parameters
    ----------
    table : DataFrame or None
        `process` (each once), `divisible` (yes or no), optional `min_share` (0 to 1, blank = 0) and
        `max_parts` (whole, at least 1, blank = no limit). The optional column `fixed_cost` of the
        alternatives (at least 0) is the part of `cost` that does not scale with the share.

    Raises
    ------
    InputError
        If a process is unknown or occurs twice, or a cell is not what it must be.
    """
    processes = alternatives.processes
    divisible = np.zeros(len(processes), dtype=bool)
    min_share, max_parts = np.ones(len(processes)), np.ones(len(processes), dtype=np.int64)
    fixed_cost = np.zeros(len(alternatives.cost))
    if table is None:
        return Splits(divisible, min_share, max_parts, fixed_cost)
    frame = require_table(table, "items", ["process", "divisible"])
    refuse_near_names(frame, "items", COLUMNS)
    places = read_processes(frame, "process", "items", alternatives)
    counts = np.bincount(alternatives.process_of, minlength=len(processes))
    least = read_amounts(frame, "min_share", "items", 0.0, 1.0, 0.0)
    most = read_amounts(frame, "max_parts", "items", 1.0, np.inf, float(counts.max()))
    seen: set[int] = set()
    for row, (place, flag) in enumerate(zip(places.tolist(), read_cells(frame, "divisible"), strict=True)):
        if place in seen:
            raise refuse_cell("a process must occur once", processes[place], "items", frame, row, "Hint: keep one row.")
        seen.add(place)
        if flag not in (True, False):
            raise refuse_cell(
                "divisible must be True or False", flag, "items", frame, row, "Hint: write one of the two."
            )
        if most[row] != int(most[row]):
            raise refuse_cell("max_parts must be whole", most[row], "items", frame, row, "Hint: write 2.")
        fitting = int(1.0 / least[row] + EQUAL) if least[row] > 0.0 else counts[place]
        parts = min(int(most[row]), int(counts[place]), fitting)
        if flag and parts > 1:
            divisible[place], min_share[place], max_parts[place] = True, least[row], parts
    return Splits(divisible, min_share, max_parts, _read_fixed(divisible, alternatives))


def _read_fixed(divisible: np.ndarray, alternatives: Alternatives) -> np.ndarray:
    rows = divisible[alternatives.process_of]
    if FIXED not in alternatives.table.columns or not rows.any():
        return np.zeros(len(rows))
    fixed = read_numbers(alternatives.table, FIXED, "alternatives", rows)
    wrong = np.flatnonzero(rows & (fixed < 0))
    if len(wrong):
        raise InputError(
            f"{FIXED} must be at least 0; got {fixed[wrong[0]]:g} at alternatives "
            f"{show_row(alternatives.table, int(wrong[0]))}. Hint: only costs paid in full at any share belong here."
        )
    return np.where(rows, fixed, 0.0)


def name_item(process: object) -> str:
    """Give the name under which a split limits a plan.

    Examples
    --------
    >>> name_item("payroll")
    'item: payroll'
    """
    return f"item: {process}"


def add_splits(
    writer: ProblemWriter,
    splits: Splits,
    alternatives: Alternatives,
    barred: np.ndarray,
    loosened: Collection[str],
    cost: float = 1.0,
    counts: bool = False,
) -> np.ndarray:
    """Add a binary "engaged" per alternative of a divisible process, and what binds it to the share.

    Formula: `min_share y_a <= x_a <= y_a`, `Σ_a y_a <= max_parts`; `fixed_cost`, times `cost`, is paid on y. Of
    a process in `loosened` only `x_a <= y_a` is kept. Where what parts pay in full counts in a measure, engaging a part
    for nothing could pay: then `LEAST_USE y_a <= x_a` as well.

    Returns
    -------
    ndarray of int, shape (n,)
        Position of the column that says whether an alternative is engaged: y, or x where the process is whole.
    """
    engaged = np.arange(len(alternatives.cost))
    own = np.flatnonzero(splits.divisible[alternatives.process_of])
    if not len(own):
        return engaged
    names = [f"engaged {' | '.join(map(str, alternatives.keys[k]))}" for k in own]
    engaged[own] = writer.add_columns(names, cost * splits.fixed_cost[own], np.where(barred[own], 0.0, 1.0), True)
    writer.pay(LINE, engaged[own], splits.fixed_cost[own])
    writer.pay(LINE, own, -splits.fixed_cost[own])
    pairs = np.column_stack([own, engaged[own]]).ravel()
    ones = np.tile([1.0, -1.0], len(own))
    writer.add_rows([f"share of {name}" for name in names], np.full(len(own), 2), pairs, ones, -np.inf, 0.0)
    if counts:
        least = np.tile([-1.0, LEAST_USE], len(own))
        writer.add_rows([f"use of {name}" for name in names], np.full(len(own), 2), pairs, least, -np.inf, 0.0)
    for process in np.flatnonzero(splits.divisible):
        label = name_item(alternatives.processes[process])
        if label in loosened:
            continue
        mine = own[alternatives.process_of[own] == process]
        for k in mine if splits.min_share[process] > 0.0 else ():
            weights = np.array([1.0, -splits.min_share[process]])
            writer.add_row(f"{label}, least share {k}", np.array([k, engaged[k]]), weights, 0.0, np.inf)
        writer.add_row(f"{label}, parts", engaged[mine], np.ones(len(mine)), -np.inf, float(splits.max_parts[process]))
    return engaged


def price_splits(splits: Splits, shares: np.ndarray) -> np.ndarray:
    """Give what splitting adds: `fixed_cost (1 - share)` of each part engaged, shape (n,)."""
    return np.where(shares > 0.0, splits.fixed_cost * (1.0 - shares), 0.0)
