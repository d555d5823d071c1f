"""Read every table of `structure`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sourcing.errors import InputError, hint_near
from sourcing.plan.model.structure.charges import read_charges
from sourcing.plan.model.structure.counts import read_counts
from sourcing.plan.model.structure.lines import CHARGES
from sourcing.plan.model.structure.orders import Order, read_orders
from sourcing.plan.model.structure.pools import read_pools
from sourcing.plan.model.structure.splits import Splits, name_item, read_splits
from sourcing.plan.model.structure.tiers import Schedule, read_tiers

if TYPE_CHECKING:
    from sourcing.plan.model.alternatives import Alternatives
    from sourcing.plan.model.structure.fixed_charges import FixedCharge

KNOWN = ("items", "charges", "pools", "tiers", "orders", "locks", "counts")


@dataclass(frozen=True)
class Structure:
    """What the tables say, checked and in a fixed order.

    Attributes
    ----------
    given : frozenset of str
        Names of the tables that are there, empty ones included.
    splits : Splits
    fixed_charges : list of FixedCharge
        Charges, then pools.
    schedules : list of Schedule
    counts : mapping of str to frozenset of str
        Of each measure the lines of shared money that count in it.
    charge_lines : list of str
        Lines that the table `charges` gives, where it is there.
    orders : list of Order
    bonds : list of str
        Typed names of what limits a plan beside rules and locks: `item: …`, `order: …`.
    """

    given: frozenset[str]
    splits: Splits
    fixed_charges: list[FixedCharge]
    schedules: list[Schedule]
    counts: Mapping[str, frozenset[str]]
    charge_lines: list[str]
    orders: list[Order]
    bonds: list[str]


def require_known(structure: object) -> Mapping[str, Any]:
    """Give the tables that are there.

    Raises
    ------
    InputError
        If `structure` is no mapping or holds a table that is not known.

    Examples
    --------
    >>> require_known({"lock": None})
    Traceback (most recent call last):
    sourcing.errors.InputError: structure must hold known tables only; got 'lock' at structure.
    Hint: did you mean 'locks'?
    """
    if structure is None:
        return {}
    if not isinstance(structure, Mapping):
        raise InputError(
            f"structure must be a dict of tables; got {type(structure).__name__} at structure. "
            "Hint: pass {'locks': table}."
        )
    for key in structure:
        if key not in KNOWN:
            raise InputError(
                f"structure must hold known tables only; got {key!r} at structure. {hint_near(str(key), KNOWN)}"
            )
    return {key: table for key, table in structure.items() if table is not None}


def read_structure(tables: Mapping[str, Any], alternatives: Alternatives) -> Structure:
    """Check every table of `structure` but the locks against the alternatives."""
    splits = read_splits(tables.get("items"), alternatives)
    orders = read_orders(tables.get("orders"), alternatives)
    split = [
        name_item(process)
        for process, is_split in zip(alternatives.processes, splits.divisible, strict=True)
        if is_split
    ]
    charges = read_charges(tables.get("charges"), alternatives)
    charge_lines = sorted({CHARGES, *(charge.line for charge in charges)})
    return Structure(
        given=frozenset(tables),
        splits=splits,
        fixed_charges=[*charges, *read_pools(tables.get("pools"), alternatives)],
        counts=read_counts(tables.get("counts"), alternatives, charge_lines),
        charge_lines=charge_lines,
        schedules=read_tiers(tables.get("tiers"), alternatives),
        orders=orders,
        bonds=sorted({*split, *(order.name for order in orders)}),
    )
