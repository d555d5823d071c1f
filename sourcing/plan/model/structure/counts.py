"""`counts`: in which measures the money of a line counts, beside the plan's cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sourcing.errors import hint_near
from sourcing.plan.model.structure.checks import read_cells, refuse_cell
from sourcing.plan.model.structure.lines import CHARGES, COST, LINES
from sourcing.plan.model.tables import read_numbers, require_table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sourcing.plan.model.alternatives import Alternatives

TABLE = "counts"


def read_counts(table: object, alternatives: Alternatives, charged: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Check the table `counts`.

    Parameters
    ----------
    table : DataFrame or None
        `line` (`handoffs`, `charges`, `pools`, `discounts`, `splits`, or a line that `charges` names) and `measure` (a
        numeric column of the alternatives): money of the line counts in the measure's total over the whole plan, so in
        rules without `where` and `for_each`, as base of `relative_to`, in objectives and in `sum_measure`. A rule that
        picks rows counts what its rows carry: what is shared belongs to none of them.
    alternatives : Alternatives
    charged : collection of str
        Lines that `charges` names.

    Returns
    -------
    mapping of measure to frozenset of line

    Raises
    ------
    InputError
        If a line or measure is unknown, the measure is `cost` (which holds every line) or `count`, or a pair occurs
        twice.
    """
    if table is None:
        return {}
    frame = require_table(table, TABLE, ["line", "measure"])
    known = sorted({*LINES, CHARGES, *charged})
    counted: dict[str, set[str]] = {}
    for row, (line, measure) in enumerate(zip(read_cells(frame, "line"), read_cells(frame, "measure"), strict=True)):
        if line not in known:
            raise refuse_cell("line must be one of shared money", line, TABLE, frame, row, hint_near(str(line), known))
        names = [str(name) for name in alternatives.table.select_dtypes("number").columns if name != COST]
        if measure not in names:
            wanted = f"measure must be a numeric column of the alternatives other than {COST}, which holds every line"
            raise refuse_cell(wanted, measure, TABLE, frame, row, hint_near(str(measure), names))
        if line in counted.setdefault(measure, set()):
            wanted = "a line must count once in a measure"
            raise refuse_cell(wanted, f"{line} in {measure}", TABLE, frame, row, "Hint: keep one row.")
        read_numbers(alternatives.table, measure, "alternatives")
        counted[measure].add(line)
    return {measure: frozenset(lines) for measure, lines in sorted(counted.items())}


def pick_money(counts: Mapping[str, frozenset[str]], measure: object, lines: Mapping[str, float]) -> float:
    """Add up the money of the lines that count in a measure.

    Examples
    --------
    >>> pick_money({"cash": frozenset({"pools"})}, "cash", {"pools": 3.0, "charges": 4.0})
    3.0
    """
    counted = counts.get(measure, frozenset()) if isinstance(measure, str) else frozenset()
    return math.fsum(float(lines[line]) for line in sorted(counted) if line in lines)
