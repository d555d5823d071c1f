"""The further tables of a question: splits, fixed charges, pools, discounts, orders."""

from sourcing.plan.model.structure.activation import Activation, split_processes
from sourcing.plan.model.structure.counts import pick_money
from sourcing.plan.model.structure.fixed_charges import add_fixed_charge, change_fixed_charges, is_paid
from sourcing.plan.model.structure.lines import CHARGES, DISCOUNTS, HANDOFFS, POOLS, SPLITS
from sourcing.plan.model.structure.orders import add_orders, list_broken, name_order
from sourcing.plan.model.structure.read import Structure, read_structure, require_known
from sourcing.plan.model.structure.splits import add_splits, price_splits
from sourcing.plan.model.structure.tiers import (
    Schedule,
    add_schedule,
    change_discounts,
    find_discount,
    find_largest,
    name_schedule,
    read_schedules,
)

__all__ = [
    "CHARGES",
    "DISCOUNTS",
    "HANDOFFS",
    "POOLS",
    "SPLITS",
    "Activation",
    "Schedule",
    "Structure",
    "add_fixed_charge",
    "add_orders",
    "add_schedule",
    "add_splits",
    "change_discounts",
    "change_fixed_charges",
    "find_discount",
    "find_largest",
    "is_paid",
    "list_broken",
    "name_order",
    "name_schedule",
    "pick_money",
    "price_splits",
    "read_schedules",
    "read_structure",
    "require_known",
    "split_processes",
]
