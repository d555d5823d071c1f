"""`pools`: a shared cost that stays as long as any of its users does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.errors import FilterError, InputError
from sourcing.plan.model.structure.checks import read_amounts, read_cells, read_processes, refuse_cell, require_column
from sourcing.plan.model.structure.fixed_charges import FixedCharge
from sourcing.plan.model.structure.lines import POOLS as LINE
from sourcing.plan.model.tables import plain_label, refuse_near_names, require_table
from sourcing.where import ReadColumn, match_where

if TYPE_CHECKING:
    from sourcing.plan.model.alternatives import Alternatives

COLUMNS = ("pool", "process", "cost", "column", "where")
AS_IS = "is_as_is"


def read_pools(table: object, alternatives: Alternatives) -> list[FixedCharge]:
    """Check the table `pools`.

    Parameters
    ----------
    table : DataFrame or None
        One row per user: `pool` (its name), `process`, `cost` (of the whole pool, at least 0, the same in each
        of its rows; blank = said in another row), and which of its alternatives still use the pool: optional `where`
        (comparisons on columns, as in rules), else `column` (of True and False; blank = `is_as_is`).

    Raises
    ------
    InputError
        If a pool has no name, no cost or two, a user occurs twice, or a column does not hold True and False.
    FilterError
        If a `where` is not read; the pool is named.
    """
    if table is None:
        return []
    frame = require_table(table, LINE, ["pool", "process", "cost"])
    refuse_near_names(frame, LINE, COLUMNS)
    users = read_processes(frame, "process", LINE, alternatives)
    costs = read_amounts(frame, "cost", LINE, 0.0, np.inf, np.nan)
    columns = [column or AS_IS for column in read_cells(frame, "column")]
    wheres, read = read_cells(frame, "where"), dict[str, ReadColumn]()
    cost_of: dict[Any, float] = {}
    rows_of: dict[Any, dict[int, np.ndarray]] = {}
    for row, pool in enumerate(read_cells(frame, "pool")):
        if pool is None:
            raise refuse_cell("a pool must have a name", pool, LINE, frame, row, "Hint: fill the column pool.")
        if not np.isnan(costs[row]) and cost_of.setdefault(str(pool), float(costs[row])) != costs[row]:
            hint = "Hint: write the whole pool's cost in each of its rows, not its parts."
            raise refuse_cell(
                f"a pool must have one cost, {cost_of[str(pool)]:g} by an earlier row",
                float(costs[row]),
                LINE,
                frame,
                row,
                hint,
            )
        user = int(users[row])
        if user in rows_of.setdefault(str(pool), {}):
            name = alternatives.processes[user]
            raise refuse_cell("a pool's user must occur once", name, LINE, frame, row, "Hint: keep one row.")
        if wheres[row] is not None:
            rows_of[str(pool)][user] = _match_users(wheres[row], str(pool), user, alternatives, read)
            continue
        require_column(columns[row], frame, LINE, row, alternatives)
        rows_of[str(pool)][user] = _find_users(columns[row], user, alternatives)
    unpriced = sorted(set(rows_of) - set(cost_of))
    if unpriced:
        raise InputError(f"a pool must have a cost; got none at {LINE}, pool {unpriced[0]!r}. Hint: fill one row.")
    return [
        FixedCharge(LINE, pool, cost_of[pool], np.sort(np.concatenate(list(rows_of[pool].values()))))
        for pool in sorted(rows_of)
    ]


def _match_users(
    where: Any, pool: str, process: int, alternatives: Alternatives, read: dict[str, ReadColumn]
) -> np.ndarray:
    """Give the alternatives of a process that `where` keeps."""
    try:
        hit = match_where(where, alternatives.table, read)
    except FilterError as fault:
        raise FilterError(f"pool {pool!r}: {fault}") from None
    return np.flatnonzero(hit & (alternatives.process_of == process))


def _find_users(column: str, process: int, alternatives: Alternatives) -> np.ndarray:
    """Give the alternatives of a process that still use the pool."""
    rows = np.flatnonzero(alternatives.process_of == process)
    flags = [plain_label(flag) for flag in alternatives.table[column].iloc[rows]]
    wrong = [flag for flag in flags if flag not in (True, False)]
    if wrong:
        raise InputError(
            f"{column} must be True or False for users of a pool; got {wrong[0]!r} at alternatives, process "
            f"{alternatives.processes[process]!r}. Hint: fill the column."
        )
    return rows[np.array(flags, dtype=bool)]
