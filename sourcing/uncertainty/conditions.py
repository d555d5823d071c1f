"""What must be true: in which futures a plan fails, as a rule of two or three conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeClassifier

Conditions: TypeAlias = tuple[tuple[str, str, float], ...]
DEPTH = 3
LEAST_PART = 0.01
"""Futures that a rule must hold in, as a share of all."""


@dataclass(frozen=True)
class FailureRule:
    """Conditions under which a plan fails.

    Attributes
    ----------
    conditions : tuple of (str, str, float)
        Cause, "<=" or ">", value; all of them hold. Empty where nothing tells failures from the rest.
    coverage : float
        Share of the failures that the rule holds in.
    density : float
        Share of the futures of the rule that are failures.
    base : float
        Share of all futures that are failures.
    """

    conditions: Conditions
    coverage: float
    density: float
    base: float


def find_failure_rule(causes: pd.DataFrame, fails: np.ndarray) -> FailureRule:
    """Find the rule of up to three conditions that best tells in which futures a plan fails.

    A classification tree (L. Breiman and others, Classification and Regression Trees, 1984; scikit-learn) over drawn
    causes, both outcomes weighing the same; of its leaves the one with the highest coverage x density, less the
    conditions without which that is no lower. Coverage and density as in scenario discovery (B. P. Bryant and R. J.
    Lempert, "Thinking inside the box", 2010).

    Parameters
    ----------
    causes : DataFrame
        One row per future, one column per figure or event.
    fails : ndarray of bool, shape (futures,)

    Returns
    -------
    FailureRule

    Examples
    --------
    >>> causes = pd.DataFrame({"wages": np.linspace(0.9, 1.1, 200), "prices": np.tile([1.0, 1.1], 100)})
    >>> fails = ((causes["wages"] > 1.05) & (causes["prices"] > 1.05)).to_numpy()
    >>> rule = find_failure_rule(causes, fails)
    >>> [(cause, sign, round(value, 2)) for cause, sign, value in rule.conditions], rule.coverage, rule.density
    ([('prices', '>', 1.05), ('wages', '>', 1.05)], 1.0, 1.0)
    """
    fails = np.asarray(fails, dtype=bool)
    base = float(fails.mean())
    if not 0.0 < base < 1.0 or causes.empty:
        return FailureRule((), 0.0, base, base)
    from sklearn.tree import DecisionTreeClassifier

    least = max(1, int(np.ceil(LEAST_PART * len(fails))))
    tree = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=least, class_weight="balanced", random_state=0)
    leaf_of = tree.fit(causes.to_numpy(float), fails).apply(causes.to_numpy(float))
    leaves = pd.DataFrame({"leaf": leaf_of, "fails": fails}).groupby("leaf")["fails"].agg(["sum", "size"])
    leaf = int((leaves["sum"] ** 2 / leaves["size"]).idxmax())
    conditions = _drop_idle(_list_conditions(tree, leaf, list(causes.columns)), causes, fails)
    holds = _hold(conditions, causes)
    met = float(fails[holds].sum())
    return FailureRule(conditions, met / float(fails.sum()), met / float(holds.sum()), base)


def _hold(conditions: Conditions, causes: pd.DataFrame) -> np.ndarray:
    """Tell in which futures every condition holds."""
    holds = np.ones(len(causes), dtype=bool)
    for name, sign, value in conditions:
        drawn = causes[name].to_numpy(float)
        holds &= drawn > value if sign == ">" else drawn <= value
    return holds


def _drop_idle(conditions: Conditions, causes: pd.DataFrame, fails: np.ndarray) -> Conditions:
    """Drop one condition after the other whose loss makes coverage x density no smaller."""

    def rate(kept: Conditions) -> float:
        holds = _hold(kept, causes)
        return float(fails[holds].sum()) ** 2 / float(holds.sum())

    while len(conditions) > 1:
        shorter = [conditions[:k] + conditions[k + 1 :] for k in range(len(conditions))]
        best = max(shorter, key=rate)
        if rate(best) < rate(conditions):
            break
        conditions = best
    return conditions


def _list_conditions(tree: DecisionTreeClassifier, leaf: int, names: list[str]) -> Conditions:
    """List the conditions on the way to a leaf, the last word on each cause and side only, sorted by cause."""
    nodes = tree.tree_
    parents: dict[int, tuple[int, str]] = {}
    found: dict[tuple[str, str], float] = {}
    for parent in range(nodes.node_count):
        if nodes.children_left[parent] >= 0:
            parents[int(nodes.children_left[parent])] = (parent, "<=")
            parents[int(nodes.children_right[parent])] = (parent, ">")
    node = leaf
    while node in parents:
        parent, sign = parents[node]
        found.setdefault((names[int(nodes.feature[parent])], sign), float(nodes.threshold[parent]))
        node = parent
    return tuple((name, sign, value) for (name, sign), value in sorted(found.items()))
