"""`charges`: a cost paid once if any of some alternatives is chosen, such as that of a provider engaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import FilterError
from sourcing.plan.model.structure.checks import find_rows, read_amounts, read_cells, refuse_cell
from sourcing.plan.model.structure.fixed_charges import FixedCharge
from sourcing.plan.model.structure.lines import CHARGES, LINES
from sourcing.plan.model.tables import refuse_near_names, require_table
from sourcing.where import ReadColumn, match_where

if TYPE_CHECKING:
    from sourcing.plan.model.alternatives import Alternatives

COLUMNS = ("column", "value", "cost", "where", "charge", "line")


def read_charges(table: object, alternatives: Alternatives) -> list[FixedCharge]:
    """Check the table `charges`.

    Parameters
    ----------
    table : DataFrame or None
        `cost` (any sign), and what causes it: `column` (of the alternatives) and `value` (of that column), optional
        `where` (comparisons on columns, as in rules; with it, column and value may be left out). Paid once if any
        alternative with column == value that `where` keeps is chosen. Optional `charge` (its name; blank = column and
        value) and `line` (the line of the plan it stands on; blank = `charges`).

    Raises
    ------
    InputError
        If a column or value is unknown, a charge has no cause or no name, a name occurs twice, or a line is that of
        other money.
    FilterError
        If a `where` is not read; the charge is named.
    """
    if table is None:
        return []
    needed = ["cost"] if isinstance(table, pd.DataFrame) and "where" in table else ["column", "value", "cost"]
    frame = require_table(table, CHARGES, needed)
    refuse_near_names(frame, CHARGES, COLUMNS)
    cost = read_amounts(frame, "cost", CHARGES, -np.inf, np.inf)
    cells = {name: read_cells(frame, name) for name in COLUMNS}
    causes, read = _find_causes(frame, alternatives), dict[str, ReadColumn]()
    made: dict[tuple[str, str], FixedCharge] = {}
    for row in range(len(frame)):
        column, value, where = (cells[name][row] for name in ("column", "value", "where"))
        name = cells["charge"][row] or (f"{column} {value}" if column is not None else None)
        if name is None:
            raise refuse_cell("a charge must have a name", name, CHARGES, frame, row, "Hint: fill the column charge.")
        line = _read_line(cells["line"][row], frame, row)
        if (line, str(name)) in made:
            raise refuse_cell("a charge must occur once", name, CHARGES, frame, row, "Hint: add up the costs.")
        rows = causes[row]
        if where is not None:
            try:
                rows = rows[match_where(where, alternatives.table, read)[rows]]
            except FilterError as fault:
                raise FilterError(f"charge {name!r}: {fault}") from None
        made[line, str(name)] = FixedCharge(line, str(name), float(cost[row]), rows)
    return [made[key] for key in sorted(made)]


def _find_causes(frame: pd.DataFrame, alternatives: Alternatives) -> list[np.ndarray]:
    """Find, for each row, the alternatives with its column and value; all where both are blank and `where` is not."""
    everywhere = [
        column is None and value is None and where is not None
        for column, value, where in zip(
            *(read_cells(frame, name) for name in ("column", "value", "where")), strict=True
        )
    ]
    some = frame[~np.array(everywhere, dtype=bool)]
    found = iter(find_rows(some, CHARGES, alternatives))
    whole = np.arange(len(alternatives.cost))
    return [whole if is_everywhere else next(found)[2] for is_everywhere in everywhere]


def _read_line(line: Any, frame: pd.DataFrame, row: int) -> str:
    """Give the line of a charge, which no other money may stand on."""
    name = CHARGES if line is None else str(line)
    if name in LINES or name == "cost" or name.startswith("cost_"):
        wanted = "the line of a charge must be no line of other money"
        raise refuse_cell(wanted, name, CHARGES, frame, row, "Hint: leave it out, or call it fixed.")
    return name
