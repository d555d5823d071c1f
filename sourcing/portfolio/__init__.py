"""All units of a group decided together under its rules, beside each unit alone."""

from typing import TYPE_CHECKING

from sourcing.face import attach_face

if TYPE_CHECKING:
    from sourcing.portfolio.decide import GAP, GroupDecision, decide_group, measure_rules, part_group, take_rows
    from sourcing.portfolio.differences import (
        BARRED,
        COST,
        GROUP_RULE,
        NOT_OFFERED,
        UNIT_RULE,
        list_differences,
    )
    from sourcing.portfolio.discounts import split_discount
    from sourcing.portfolio.group import Group, pose_group
    from sourcing.portfolio.load import list_decisions, list_load, list_owners
    from sourcing.portfolio.units import list_discount_parts, list_rules, list_units, weigh_center

__all__ = [
    "BARRED",
    "COST",
    "GAP",
    "GROUP_RULE",
    "NOT_OFFERED",
    "UNIT_RULE",
    "Group",
    "GroupDecision",
    "decide_group",
    "list_decisions",
    "list_differences",
    "list_discount_parts",
    "list_load",
    "list_owners",
    "list_rules",
    "list_units",
    "measure_rules",
    "part_group",
    "pose_group",
    "split_discount",
    "take_rows",
    "weigh_center",
]

__getattr__ = attach_face(__name__)
