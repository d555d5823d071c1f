"""Names of the lines of money that is shared: what belongs to no single alternative."""

from __future__ import annotations

COST = "cost"
HANDOFFS, CHARGES, POOLS, DISCOUNTS, SPLITS = "handoffs", "charges", "pools", "discounts", "splits"
LINES = (HANDOFFS, POOLS, DISCOUNTS, SPLITS)
"""Lines that a table gives, whatever it holds; the lines of `charges` are its own to name."""
