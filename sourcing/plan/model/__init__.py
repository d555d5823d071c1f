"""The question as a linear problem: checked tables in, columns and rows out, shares evaluated."""

from sourcing.plan.model.alternatives import read_alternatives
from sourcing.plan.model.evaluate import add_lines, measure_limit, tabulate_rules, tabulate_shared
from sourcing.plan.model.handoffs import tabulate_handoffs
from sourcing.plan.model.instance import Instance, read_instance
from sourcing.plan.model.locks import Locks, read_locks
from sourcing.plan.model.objectives import COST, ObjectiveLevel, limit_measures, read_objective
from sourcing.plan.model.problem import (
    add_bonds,
    add_choices,
    add_limit,
    add_shared,
    build_feasibility,
    build_problem,
    extend_limits,
    find_least_total,
)
from sourcing.plan.model.pulp_model import write_model
from sourcing.plan.model.rules import DEFAULT_PRIORITY, Limit, read_rules
from sourcing.plan.model.scaling import find_scales, scale_problem
from sourcing.plan.model.shared import (
    bound_lines,
    bound_shared,
    change_lines,
    count_shared,
    sum_lines,
    use_shared,
)
from sourcing.plan.model.structure import (
    DISCOUNTS,
    HANDOFFS,
    SPLITS,
    Schedule,
    find_discount,
    list_broken,
    name_order,
    name_schedule,
    pick_money,
    read_schedules,
    split_processes,
)
from sourcing.plan.model.tables import plain_label, read_numbers, require_table
from sourcing.plan.model.writer import Problem, ProblemWriter, add_column, add_most, hold_value

__all__ = [
    "COST",
    "DEFAULT_PRIORITY",
    "DISCOUNTS",
    "HANDOFFS",
    "SPLITS",
    "Instance",
    "Limit",
    "Locks",
    "ObjectiveLevel",
    "Problem",
    "ProblemWriter",
    "Schedule",
    "add_bonds",
    "add_choices",
    "add_column",
    "add_limit",
    "add_lines",
    "add_most",
    "add_shared",
    "bound_lines",
    "bound_shared",
    "build_feasibility",
    "build_problem",
    "change_lines",
    "count_shared",
    "extend_limits",
    "find_discount",
    "find_least_total",
    "find_scales",
    "hold_value",
    "limit_measures",
    "list_broken",
    "measure_limit",
    "name_order",
    "name_schedule",
    "pick_money",
    "plain_label",
    "read_alternatives",
    "read_instance",
    "read_locks",
    "read_numbers",
    "read_objective",
    "read_rules",
    "read_schedules",
    "require_table",
    "scale_problem",
    "split_processes",
    "sum_lines",
    "tabulate_handoffs",
    "tabulate_rules",
    "tabulate_shared",
    "use_shared",
    "write_model",
]
