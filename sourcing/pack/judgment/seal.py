"""The seal, said and shown: whether criteria, weights, thresholds and hurdles changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.case import check_seal
from sourcing.pack.block import Block, Shown, show_table
from sourcing.pack.wording import say_count, say_list

if TYPE_CHECKING:
    from sourcing.assess import Judgment


def say_seal(judgment: Judgment) -> str:
    """Say when criteria, weights and thresholds were sealed, whether costs were known, and what changed since."""
    state = check_seal(judgment.case, judgment.policy)
    if not state.is_intact:
        return "The file of seals was altered after it was written: it proves nothing."
    if not state.count:
        return "Criteria, weights, thresholds and hurdles were not sealed before costs were known."
    costs = state.cost_tables
    known = (
        f"when costs were there already ({say_list([name.replace('_', ' ') for name in costs])})"
        if costs
        else "before any cost table was there"
    )
    again = f", and again on {state.sealed_at[:10]}" if state.count > 1 else ""
    changed = (
        f"{say_count(len(state.changes), 'item has', 'items have')} changed since."
        if len(state.changes)
        else "Nothing of it has changed since."
    )
    sealed = f"Criteria, weights, thresholds and hurdles were sealed on {state.first_sealed_at[:10]}"
    return f"{sealed} {known}{again}. {changed}"


def show_seal(judgment: Judgment) -> Block:
    """Show the state of the seal and what differs from it."""
    said, changes = say_seal(judgment), check_seal(judgment.case, judgment.policy).changes
    columns = [Shown("item", "Item"), Shown("sealed", "As sealed"), Shown("now", "Now")]
    return show_table(changes, columns, caption=said, empty=said)
