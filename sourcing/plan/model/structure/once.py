"""A cost paid once if any of some alternatives is engaged: what charges and pools have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcing.plan.model.structure.engagement import Engagement, split_processes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.plan.model.writer import ProblemWriter


@dataclass(frozen=True)
class OnceCost:
    """One such cost.

    Attributes
    ----------
    line : str
        `charges` or `pools`.
    name : str
        What is paid for, such as `owner acme`.
    cost : float
        Money, at least 0.
    rows : ndarray of int
        Positions of the alternatives that cause it, sorted.
    """

    line: str
    name: str
    cost: float
    rows: np.ndarray


def add_once(writer: ProblemWriter, once: OnceCost, process_of: np.ndarray, engagement: Engagement) -> None:
    """Add the column z of one cost.

    Formula: minimize `cost z` with `Σ_{a of i among rows} x_a <= z` for every process i. One row per process is
    tight; one row for all (`Σ x <= n z`) would let z be a fraction.
    """
    if once.cost == 0.0 or not len(once.rows):
        return
    parts = split_processes(once.rows, process_of)
    name = f"{once.line} {once.name}"
    uses = [engagement.find_use(part, f"{name} by {process_of[part[0]]}") for part in parts]
    column = writer.add_columns([name], once.cost, 1.0, True)
    sizes = np.array([len(use) + 1 for use in uses])
    positions = np.concatenate([np.append(use, column) for use in uses])
    weights = np.concatenate([np.append(np.ones(len(use)), -1.0) for use in uses])
    names = [f"{name} by {process_of[part[0]]}" for part in parts]
    writer.add_rows(names, sizes, positions, weights, -np.inf, 0.0)


def is_paid(once: OnceCost, shares: np.ndarray) -> bool:
    """Tell whether a plan causes the cost."""
    return bool((shares[once.rows] > 0.0).any())


def change_once(costs: Sequence[OnceCost], process_of: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Give the change of these costs if each alternative alone replaced its process's choice, shape (n,)."""
    change = np.zeros(len(shares))
    for once in costs:
        users = np.unique(process_of[once.rows[shares[once.rows] > 0.0]])
        stays = len(users) - np.isin(process_of, users) > 0
        stays[once.rows] = True
        change += once.cost * (stays.astype(float) - float(len(users) > 0))
    return change
