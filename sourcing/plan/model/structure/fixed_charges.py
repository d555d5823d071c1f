"""A cost paid once if any of some alternatives is engaged: what charges and pools have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.model.structure.activation import Activation, split_processes
from sourcing.plan.tolerance import LEAST_USE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.plan.model.writer import ProblemWriter


@dataclass(frozen=True)
class FixedCharge:
    """One such cost.

    Attributes
    ----------
    line : str
        `charges` or another that the table names, or `pools`.
    name : str
        What is paid for, such as `owner acme`.
    cost : float
        Money, any sign.
    rows : ndarray of int
        Positions of the alternatives that cause it, sorted.
    """

    line: str
    name: str
    cost: float
    rows: np.ndarray


def add_fixed_charge(
    writer: ProblemWriter, charge: FixedCharge, process_of: np.ndarray, activation: Activation, counts: bool = False
) -> None:
    """Add the column z of one cost.

    Formula: minimize `cost z` with `Σ_{a of i among rows} x_a <= z` for every process i. One row per process is
    tight; one row for all (`Σ x <= n z`) would let z be a fraction. Where paying it could pay (it counts in a measure,
    or is below 0) z is held from above as well: `z <= Σ_{a among rows} x_a`, a share of a split process taken
    1 / LEAST_USE times, so that z is 1 for any part of it.
    """
    if charge.cost == 0.0 or not len(charge.rows):
        return
    parts = split_processes(charge.rows, process_of)
    name = f"{charge.line} {charge.name}"
    uses = [activation.find_use(part, f"{name} by {process_of[part[0]]}") for part in parts]
    column = writer.add_columns([name], charge.cost, 1.0, True)
    writer.pay(charge.line, column, np.array([charge.cost]))
    sizes = np.array([len(use) + 1 for use in uses])
    positions = np.concatenate([np.append(use, column) for use in uses])
    weights = np.concatenate([np.append(np.ones(len(use)), -1.0) for use in uses])
    names = [f"{name} by {process_of[part[0]]}" for part in parts]
    writer.add_rows(names, sizes, positions, weights, -np.inf, 0.0)
    if counts or charge.cost < 0.0:
        taken = np.where(activation.is_divisible[charge.rows], -1.0 / LEAST_USE, -1.0)
        writer.add_row(f"{name} only if used", np.append(charge.rows, column), np.append(taken, 1.0), -np.inf, 0.0)


def is_paid(charge: FixedCharge, shares: np.ndarray) -> bool:
    """Tell whether a plan causes the cost."""
    return bool((shares[charge.rows] > 0.0).any())


def change_fixed_charges(costs: Sequence[FixedCharge], process_of: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Give the change of these costs if each alternative alone replaced its process's choice, shape (n,)."""
    change = np.zeros(len(shares))
    for charge in costs:
        users = np.unique(process_of[charge.rows[shares[charge.rows] > 0.0]])
        stays = len(users) - np.isin(process_of, users) > 0
        stays[charge.rows] = True
        change += charge.cost * (stays.astype(float) - float(len(users) > 0))
    return change
