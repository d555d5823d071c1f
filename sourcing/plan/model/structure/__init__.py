"""The further tables of a question: splits, fixed charges, pools, discounts, orders."""

from sourcing.plan.model.structure.engagement import Engagement
from sourcing.plan.model.structure.items import add_items, price_splits
from sourcing.plan.model.structure.once import add_once, change_once, is_paid
from sourcing.plan.model.structure.orders import KINDS, add_orders, list_broken
from sourcing.plan.model.structure.read import Structure, read_structure, require_known
from sourcing.plan.model.structure.tiers import add_schedule, change_discounts, find_discount, find_largest

__all__ = [
    "KINDS",
    "Engagement",
    "Structure",
    "add_items",
    "add_once",
    "add_orders",
    "add_schedule",
    "change_discounts",
    "change_once",
    "find_discount",
    "find_largest",
    "is_paid",
    "list_broken",
    "price_splits",
    "read_structure",
    "require_known",
]
