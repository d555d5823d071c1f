"""What is asked of the solver, checked and in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.model.alternatives import Alternatives, read_alternatives
from sourcing.plan.model.links import Links, read_links
from sourcing.plan.model.locks import Locks, read_locks
from sourcing.plan.model.rules import Limit, read_rules
from sourcing.plan.model.structure import Structure, read_structure, require_known

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Instance:
    """One checked question: alternatives, rules, links, locks and structure.

    Attributes
    ----------
    alternatives : Alternatives
    rules : DataFrame
        The rules sorted by name.
    limits : list of Limit
        The rules expanded.
    links : Links or None
    locks : Locks
    structure : Structure
    """

    alternatives: Alternatives
    rules: pd.DataFrame
    limits: list[Limit]
    links: Links | None
    locks: Locks
    structure: Structure

    @property
    def all_counted(self) -> frozenset[str]:
        """The lines of shared money that count in any measure."""
        return frozenset[str]().union(*self.structure.counts.values())

    def list_counted(self, measure: str | None) -> frozenset[str]:
        """List the lines of shared money that count in a measure's total over the whole plan."""
        return frozenset() if measure is None else self.structure.counts.get(measure, frozenset())

    def weigh_lines(self, limit: Limit) -> dict[str, float]:
        """Give how much of each line of shared money stands in the row of a limit; lines that do not are left out.

        Formula: 1 where the line counts in the measure, less the limit where it counts in `relative_to`.
        """
        counted, base = self.list_counted(limit.measure), self.list_counted(limit.relative_to)
        return {line: (line in counted) - limit.limit * (line in base) for line in sorted(counted | base)}

    def find_starts(self) -> np.ndarray:
        """Give the position of the first alternative of each process."""
        read = self.alternatives
        return np.searchsorted(read.process_of, np.arange(len(read.processes)))

    def find_row(self, limit: int) -> int:
        """Give the row of the written problem in which a limit stands: behind one row per process."""
        return len(self.alternatives.processes) + limit


def read_instance(
    alternatives: object, rules: object, links: object, handoff_costs: object, structure: object
) -> Instance:
    """Check every table of a question; see `choose` for their columns.

    Raises
    ------
    InputError
        At the first table that does not hold what it must.
    """
    tables = require_known(structure)
    read = read_alternatives(alternatives)
    locks = read_locks(tables.get("locks"), read)
    rules_table, limits = read_rules(rules, read)
    linked = read_links(links, handoff_costs, read, locks.barred)
    return Instance(read, rules_table, limits, linked, locks, read_structure(tables, read))
