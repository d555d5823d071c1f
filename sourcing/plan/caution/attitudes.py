"""What a cautious choice looks at: the largest of many linear sums, each given by an oracle when it is needed.

Every attitude here measures a plan by R(x) = max over k of (amounts_k · x + constant_k) + what the plan pays beside its
alternatives. The k that is worst for a plan is cheap to find, so that R can be limited or minimized by cuts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Cut:
    """One linear sum that a measure is never below: amounts · x + constant + what is paid beside.

    Attributes
    ----------
    amounts : ndarray of float, shape (alternatives,)
    constant : float
    """

    amounts: np.ndarray
    constant: float = 0.0

    def measure(self, shares: np.ndarray, beside: float) -> float:
        """Measure a plan by this sum alone."""
        return float(self.amounts @ shares) + self.constant + beside


class Measure(Protocol):
    """The largest of many linear sums of a plan, in the order of the rows of the question's alternatives."""

    @property
    def name(self) -> str:
        """What the measure is called; the rules that its cuts become are called so, with a number."""
        ...

    @property
    def size(self) -> int:
        """How many alternatives it knows."""
        ...

    def find_cut(self, shares: np.ndarray) -> Cut:
        """Find the sum that is the largest for a plan; of equal ones always the same."""
        ...

    def find_floor(self) -> np.ndarray:
        """Give for each alternative amounts that no sum is below, constants spread over them left out."""
        ...

    def find_least_constant(self) -> float:
        """Give what no constant is below."""
        ...


@dataclass(frozen=True)
class WorstTail:
    """The mean over the worst 1 - alpha of equally likely scenarios (CVaR).

    It is the largest mean over any 1 - alpha of the scenarios, so each such set gives a sum. Source: the dual form of
    R. T. Rockafellar and S. Uryasev, "Optimization of conditional value-at-risk", 2000.

    Attributes
    ----------
    costs : ndarray, shape (scenarios, alternatives)
        In the order of the rows of the question's alternatives.
    alpha : float
        At least 0 and below 1; 0.9 is the worst tenth.
    name : str

    Examples
    --------
    The worse half of four scenarios of one alternative is the mean of 4 and 8:

    >>> tail = WorstTail(np.array([[1.0], [8.0], [2.0], [4.0]]), 0.5)
    >>> tail.find_cut(np.array([1.0])).amounts.tolist()
    [6.0]
    """

    costs: np.ndarray
    alpha: float
    name: str = "worst part of the scenarios within its limit"

    def __post_init__(self) -> None:
        _require_costs(self.costs, "costs")
        if not 0.0 <= self.alpha < 1.0:
            raise InputError(
                f"alpha must be at least 0 and below 1; got {self.alpha!r} at alpha. Hint: 0.9 is a worst tenth."
            )

    @property
    def size(self) -> int:
        """How many alternatives it knows."""
        return int(self.costs.shape[1])

    def find_cut(self, shares: np.ndarray) -> Cut:
        """Average the worst scenarios of a plan, an atom at the end split."""
        total = multiply(self.costs, shares)
        size = (1.0 - self.alpha) * len(total)
        most = min(len(total), int(np.ceil(size)))
        worst = np.argsort(-total, kind="stable")[:most]
        parts = np.clip(size - np.arange(most), 0.0, 1.0) / size
        return Cut(parts @ self.costs[worst].astype(float))

    def find_floor(self) -> np.ndarray:
        """Give the least cost of each alternative in any scenario."""
        return self.costs.min(axis=0).astype(float)

    def find_least_constant(self) -> float:
        """Give 0: its sums have no constant."""
        return 0.0


@dataclass(frozen=True)
class LargestRegret:
    """The largest regret over a few scenarios: what a plan costs more than the best plan of each.

    Source: P. Kouvelis and G. Yu, "Robust Discrete Optimization and Its Applications", 1997.

    Attributes
    ----------
    costs : ndarray, shape (scenarios, alternatives)
    best : ndarray, shape (scenarios,)
        What the best plan of each scenario costs, what it pays beside its alternatives included.
    name : str
    """

    costs: np.ndarray
    best: np.ndarray
    name: str = "largest regret within its limit"

    def __post_init__(self) -> None:
        _require_costs(self.costs, "costs")
        if np.shape(self.best) != (len(self.costs),) or not np.isfinite(self.best).all():
            raise InputError(
                f"best must be one finite number per scenario, {len(self.costs)}; got shape {np.shape(self.best)} at "
                "best. Hint: choose once under the costs of each scenario."
            )

    @property
    def size(self) -> int:
        """How many alternatives it knows."""
        return int(self.costs.shape[1])

    def find_cut(self, shares: np.ndarray) -> Cut:
        """Give the scenario that a plan is to be regretted most in."""
        worst = int(np.argmax(multiply(self.costs, shares) - self.best))
        return Cut(self.costs[worst].astype(float), -float(self.best[worst]))

    def find_floor(self) -> np.ndarray:
        """Give the least cost of each alternative in any scenario."""
        return self.costs.min(axis=0).astype(float)

    def find_least_constant(self) -> float:
        """Give minus what the dearest of the best plans costs."""
        return -float(np.max(self.best))


@dataclass(frozen=True)
class UncertaintyBudget:
    """The cost where at most so many figures turn out badly, those that harm a plan most.

    R(x) = cost · x + the largest sum of `gamma` of the d_j(x), d_j(x) = max over the ends e of figure j of
    (deviation_je · x, 0); of a gamma that is no whole number the rest counts as part of the next figure. Source:
    D. Bertsimas and M. Sim, "The price of robustness", 2004.

    Attributes
    ----------
    cost : ndarray, shape (alternatives,)
    deviations : ndarray, shape (figures, ends, alternatives)
        What each end of each figure adds to the cost of each alternative.
    gamma : float
        At least 0.
    name : str

    Examples
    --------
    Of two figures only the worse one turns out badly:

    >>> budget = UncertaintyBudget(np.array([10.0]), np.array([[[3.0]], [[2.0]]]), 1.0)
    >>> budget.find_cut(np.array([1.0])).amounts.tolist()
    [13.0]
    """

    cost: np.ndarray
    deviations: np.ndarray
    gamma: float
    name: str = "cost at the figures' bad ends within its limit"

    def __post_init__(self) -> None:
        _require_costs(np.asarray(self.cost)[None, :], "cost")
        shape = np.shape(self.deviations)
        if len(shape) != 3 or shape[2] != len(self.cost) or not np.isfinite(self.deviations).all():
            raise InputError(
                f"deviations must be finite numbers, one per figure, end and alternative; got shape {shape} at "
                f"deviations. Hint: (figures, ends, {len(self.cost)})."
            )
        if not self.gamma >= 0.0:
            raise InputError(f"gamma must be at least 0; got {self.gamma!r} at gamma. Hint: 0 is the plain cost.")

    @property
    def size(self) -> int:
        """How many alternatives it knows."""
        return len(self.cost)

    def find_cut(self, shares: np.ndarray) -> Cut:
        """Put the worst figures of a plan at the ends that harm it."""
        if not len(self.deviations) or self.gamma == 0.0:
            return Cut(self.cost.astype(float))
        harm = self.deviations @ shares
        ends, worst = harm.argmax(axis=1), np.maximum(harm.max(axis=1), 0.0)
        order = np.argsort(-worst, kind="stable")
        parts = np.clip(self.gamma - np.arange(len(order)), 0.0, 1.0) * (worst[order] > 0.0)
        return Cut(self.cost + parts @ self.deviations[order, ends[order]])

    def find_floor(self) -> np.ndarray:
        """Give the plain cost less all that ends may take off it."""
        return np.asarray(self.cost + np.minimum(self.deviations, 0.0).sum(axis=(0, 1)))

    def find_least_constant(self) -> float:
        """Give 0: its sums have no constant."""
        return 0.0


@dataclass(frozen=True)
class EveryScenario:
    """The most that a plan costs in any of some scenarios.

    Attributes
    ----------
    costs : ndarray, shape (scenarios, alternatives)
    name : str
    """

    costs: np.ndarray
    name: str = "scenario within the limit"

    @property
    def size(self) -> int:
        """How many alternatives it knows."""
        return int(self.costs.shape[1])

    def find_cut(self, shares: np.ndarray) -> Cut:
        """Give the scenario in which a plan costs most."""
        return Cut(self.costs[int(np.argmax(multiply(self.costs, shares)))].astype(float))

    def find_floor(self) -> np.ndarray:
        """Give the least cost of each alternative in any scenario."""
        return self.costs.min(axis=0).astype(float)

    def find_least_constant(self) -> float:
        """Give 0: its sums have no constant."""
        return 0.0


def multiply(costs: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Sum costs over a plan, scenario by scenario: over the alternatives in use only, in double precision."""
    used = np.flatnonzero(shares)
    return np.asarray(costs[:, used].astype(float) @ shares[used])


def measure_plan(measure: Measure, shares: np.ndarray, beside: float) -> float:
    """Measure a plan: the largest of the sums."""
    return measure.find_cut(shares).measure(shares, beside)


def require_size(measure: Measure, alternatives: int) -> None:
    """Raise InputError unless a measure knows as many alternatives as the question has."""
    if measure.size != alternatives:
        raise InputError(
            f"a measure must know every alternative of the question, {alternatives}; got {measure.size} at "
            f"{type(measure).__name__}. Hint: one column per row of the question's alternatives, in their order."
        )


def _require_costs(costs: np.ndarray, name: str) -> None:
    if np.ndim(costs) != 2 or not len(costs) or not np.isfinite(costs).all():
        raise InputError(
            f"{name} must be finite numbers, one per scenario and alternative; got shape {np.shape(costs)} at {name}. "
            "Hint: one row per scenario."
        )


def list_names(measure: Measure, count: int) -> Sequence[str]:
    """Name the rules that cuts become.

    Examples
    --------
    >>> list_names(EveryScenario(np.zeros((1, 1)), "budget kept"), 2)
    ['budget kept, 1', 'budget kept, 2']
    """
    return [f"{measure.name}, {number + 1}" for number in range(count)]
