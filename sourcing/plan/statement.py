"""What is asked of the solver, checked and in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.plan.alternatives import Alternatives, read_alternatives
from sourcing.plan.links import Links, read_links
from sourcing.plan.locks import Locks, read_locks, read_structure
from sourcing.plan.rules import Limit, read_rules

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Statement:
    """One checked question: alternatives, rules, links and locks.

    Attributes
    ----------
    alternatives : Alternatives
    rules : DataFrame
        The rules sorted by name.
    limits : list of Limit
        The rules expanded.
    links : Links or None
    locks : Locks
    """

    alternatives: Alternatives
    rules: pd.DataFrame
    limits: list[Limit]
    links: Links | None
    locks: Locks


def read_statement(
    alternatives: object, rules: object, links: object, handoff_costs: object, structure: object
) -> Statement:
    """Check every table of a question; see `choose` for their columns.

    Raises
    ------
    InputError
        At the first table that does not hold what it must.
    """
    locks_table = read_structure(structure)
    read = read_alternatives(alternatives)
    locks = read_locks(locks_table, read)
    rules_table, limits = read_rules(rules, read)
    return Statement(read, rules_table, limits, read_links(links, handoff_costs, read, locks.barred), locks)
