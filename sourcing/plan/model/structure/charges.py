"""`charges`: a fixed cost of a provider engaged or a location opened, paid once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.model.structure.checks import find_rows, read_amounts, refuse_cell
from sourcing.plan.model.structure.fixed_charges import FixedCharge
from sourcing.plan.model.tables import require_table

if TYPE_CHECKING:
    from sourcing.plan.model.alternatives import Alternatives

LINE = "charges"


def read_charges(table: object, alternatives: Alternatives) -> list[FixedCharge]:
    """Check the table `charges`.

    Parameters
    ----------
    table : DataFrame or None
        `column` (a column of the alternatives), `value` (of that column), `cost` (at least 0): paid once if any
        alternative with column == value is chosen.

    Raises
    ------
    InputError
        If a column or value is unknown, a pair occurs twice, or a cost is negative.
    """
    if table is None:
        return []
    frame = require_table(table, LINE, ["column", "value", "cost"])
    cost = read_amounts(frame, "cost", LINE, 0.0, np.inf)
    made: dict[str, FixedCharge] = {}
    for row, (column, value, rows) in enumerate(find_rows(frame, LINE, alternatives)):
        name = f"{column} {value}"
        if name in made:
            raise refuse_cell("a charge must occur once", name, LINE, frame, row, "Hint: add up the costs.")
        made[name] = FixedCharge(LINE, name, float(cost[row]), rows)
    return [made[name] for name in sorted(made)]
