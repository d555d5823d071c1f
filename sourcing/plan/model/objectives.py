"""What is minimized: cost, a weighted sum of measures, or several levels one after the other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import InputError, hint_near
from sourcing.plan.model.tables import read_numbers

if TYPE_CHECKING:
    from sourcing.plan.model.alternatives import Alternatives
    from sourcing.plan.model.instance import Instance
    from sourcing.plan.model.writer import Terms

KINDS = ("relative", "absolute")
COST = "cost"


@dataclass(frozen=True)
class ObjectiveLevel:
    """One weighted sum to minimize, and how much of it later levels may give up.

    Attributes
    ----------
    weights : tuple of (str, float)
        Measures, sorted, with their weights.
    tolerance : float
        At least 0: a share of the absolute value reached, or an amount.
    is_relative : bool
    amounts : ndarray of float, shape (n,)
        `Σ weight * measure` of each alternative, `cost` left out.
    cost_weight : float
        Weight of the plan's whole cost, lines of structure included.
    line_weights : mapping of str to float
        Weight of each line of shared money beside that: the sum over the measures in which it counts.
    """

    weights: tuple[tuple[str, float], ...]
    tolerance: float
    is_relative: bool
    amounts: np.ndarray
    cost_weight: float
    line_weights: Mapping[str, float]

    def find_room(self, value: float) -> float:
        """Give the amount by which the value may be worsened."""
        return self.tolerance * abs(value) if self.is_relative else self.tolerance

    def weigh_columns(self, cost: np.ndarray, lines: Mapping[str, Terms] | None = None) -> np.ndarray:
        """Give the coefficients over a problem's columns whose money is `cost`, of shared money as `lines` tell."""
        weighed = self.cost_weight * cost
        weighed[: len(self.amounts)] += self.amounts
        for line, weight in self.line_weights.items():
            positions, amounts = (lines or {}).get(line, ([], 0.0))
            np.add.at(weighed, positions, weight * amounts)
        return weighed

    def measure(self, shares: np.ndarray, lines: Mapping[str, float]) -> float:
        """Give the value of a plan with these shares and this money line by line."""
        used = np.flatnonzero(shares)
        own = math.fsum((self.amounts[used] * shares[used]).tolist())
        shared = math.fsum(weight * lines.get(line, 0.0) for line, weight in self.line_weights.items())
        return own + shared + self.cost_weight * math.fsum(lines.values())

    def weigh_line(self, line: str) -> float:
        """Give the weight of a line of shared money, that of the whole cost included."""
        return self.cost_weight + self.line_weights.get(line, 0.0)


def read_objective(objective: object, instance: Instance) -> list[ObjectiveLevel]:
    """Read the argument `objective`; see `choose`.

    Raises
    ------
    InputError
        If it is empty, a measure is unknown or not numeric, a weight is not finite, `cost` has a negative weight
        or a tolerance is negative.
    """
    if objective is None:
        objective = {COST: 1.0}
    levels = [(objective,)] if isinstance(objective, (str, Mapping)) else objective
    if not isinstance(levels, Sequence) or not levels:
        raise InputError(
            f"objective must be a measure, weights by measure, or a list of (measure, tolerance); got {objective!r} at "
            'objective. Hint: {"cost": 1, "expected_loss": 0.5} or [("cost", 0.02), "expected_loss"].'
        )
    return [_read_level(level, instance) for level in levels]


def _read_level(level: object, instance: Instance) -> ObjectiveLevel:
    parts: list[Any] = list(level) if isinstance(level, (tuple, list)) else [level]
    if not 1 <= len(parts) <= 3:
        raise InputError(
            f"a level must be (measure, tolerance[, kind]); got {level!r} at objective. "
            'Hint: ("cost", 0.02) or ("cost", 50000, "absolute").'
        )
    tolerance = parts[1] if len(parts) > 1 else 0.0
    if not _is_number(tolerance) or not 0.0 <= tolerance < math.inf:
        raise InputError(
            f"a tolerance must be a number of at least 0; got {tolerance!r} at objective {parts[0]!r}. "
            "Hint: 0.02 lets later levels give up 2 %."
        )
    kind = parts[2] if len(parts) > 2 else "relative"
    if kind not in KINDS:
        raise InputError(
            f"a tolerance must be relative or absolute; got {kind!r} at objective. {hint_near(str(kind), KINDS)}"
        )
    weights = parts[0] if isinstance(parts[0], Mapping) else {parts[0]: 1.0}
    alternatives = instance.alternatives
    amounts, line_weights = np.zeros(len(alternatives.cost)), dict[str, float]()
    for measure, weight in sorted(weights.items(), key=lambda entry: str(entry[0])):
        if not _is_number(weight) or not math.isfinite(weight):
            raise InputError(
                f"a weight must be a finite number; got {weight!r} at objective {measure!r}. Hint: drop it."
            )
        if measure != COST:
            amounts = amounts + float(weight) * _read_measure(measure, alternatives)
            for line in sorted(instance.list_counted(measure)):
                line_weights[line] = line_weights.get(line, 0.0) + float(weight)
    if not weights or float(weights.get(COST, 0.0)) < 0.0:
        raise InputError(
            f"a level must weigh some measure, and cost by at least 0; got {weights!r} at objective. "
            "Hint: maximize by a negative weight of another measure."
        )
    named = tuple(sorted((str(measure), float(weight)) for measure, weight in weights.items()))
    cost_weight = float(weights.get(COST, 0.0))
    return ObjectiveLevel(named, float(tolerance), kind == "relative", amounts, cost_weight, line_weights)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def _read_measure(measure: Any, alternatives: Alternatives) -> np.ndarray:
    if measure == "count":
        return np.ones(len(alternatives.cost))
    if measure not in alternatives.table.columns:
        known = [*alternatives.table.select_dtypes("number").columns, "count"]
        raise InputError(
            "objective must name count or numeric columns of the alternatives; "
            f"got {measure!r} at objective. {hint_near(str(measure), known)}"
        )
    return read_numbers(alternatives.table, measure, "alternatives")


def limit_measures(most: Mapping[str, float] | None = None, least: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Turn bounds on measures into rules: the epsilon-constraint form of an objective.

    Parameters
    ----------
    most, least : mapping of str to float, optional
        Measure and its largest or least total over the whole plan.

    Returns
    -------
    DataFrame
        Rules for `choose`: rule, measure, where, sense, limit.

    Examples
    --------
    >>> limit_measures({"expected_loss": 120.0}, {"fit_points": 30}).values.tolist()
    [['expected_loss at most 120', 'expected_loss', '', '<=', 120.0],
     ['fit_points at least 30', 'fit_points', '', '>=', 30.0]]
    """
    bounds = (("at most", "<=", most or {}), ("at least", ">=", least or {}))
    records = [
        (f"{measure} {words} {limit:g}", measure, "", sense, float(limit))
        for words, sense, limits in bounds
        for measure, limit in limits.items()
    ]
    return pd.DataFrame(records, columns=["rule", "measure", "where", "sense", "limit"])
