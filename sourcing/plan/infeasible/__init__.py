"""Where no plan keeps every rule: the minimal clashing sets and the cheapest repair."""

from sourcing.plan.infeasible.conflicts import explain_infeasible, find_conflicts
from sourcing.plan.infeasible.repaired import list_clashes, repair_rules

__all__ = [
    "explain_infeasible",
    "find_conflicts",
    "list_clashes",
    "repair_rules",
]
