"""The worst tenth of the group's futures: cash and losses of all units in the same futures.

What bears the same name moves together in all units: a figure by its kind or country, an owner or a country that is
struck, a process of that name (draws follow from names, see `draw_consequences`). That is the careful end: where two
units' helpdesks have mishaps of their own, the group's tail is thinner than told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.decide import WORST
from sourcing.plan import WorstTail, find_own_shares, sum_beside
from sourcing.value import SEED, draw_consequences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.decide import UnitQuestion
    from sourcing.plan import Plan


@dataclass(frozen=True, eq=False)
class GroupTail:
    """Cash and losses of every alternative of all units in the same futures, in group currency.

    Attributes
    ----------
    tail : WorstTail
        Over the alternatives of all units, one after the other.
    units : tuple of str
        In their order.
    sizes : tuple of int
        How many alternatives each has.
    rates : Series
        Group currency per unit of the unit's own.
    """

    tail: WorstTail
    units: tuple[str, ...]
    sizes: tuple[int, ...]
    rates: pd.Series

    def measure(self, plans: Mapping[str, Plan], discounts: float = 0.0) -> float:
        """Measure the mean of all cash and losses over the worst tenth of futures.

        Parameters
        ----------
        plans : mapping of str to Plan
            Of each unit; what it pays beside its alternatives is the same in every future.
        discounts : float
            On what all units buy, which a single unit's plan does not hold.
        """
        shares = self._join(plans)
        beside = sum(float(self.rates[unit]) * sum_beside(plans[unit]) for unit in self.units)
        return float(self.tail.find_cut(shares).amounts @ shares) + beside - discounts

    def find_cut(self, plans: Mapping[str, Plan]) -> dict[str, np.ndarray]:
        """Find what each alternative costs on average in the futures that are worst under some plans, own currency."""
        parts = np.split(self.tail.find_cut(self._join(plans)).amounts, np.cumsum(self.sizes)[:-1])
        return {unit: part / float(self.rates[unit]) for unit, part in zip(self.units, parts, strict=True)}

    def take(self, unit: str) -> GroupTail:
        """Take one unit by itself."""
        place = self.units.index(unit)
        start = sum(self.sizes[:place])
        own = self.tail.costs[:, start : start + self.sizes[place]]
        return GroupTail(replace(self.tail, costs=own), (unit,), (self.sizes[place],), self.rates)

    def _join(self, plans: Mapping[str, Plan]) -> np.ndarray:
        return np.concatenate([find_own_shares(plans[unit]) for unit in self.units])


def draw_tail(units: Mapping[str, UnitQuestion], rates: pd.Series, seed: int = SEED) -> GroupTail:
    """Draw cash and losses of all units in as many futures as the most careful of them looks at.

    Parameters
    ----------
    units : mapping of str to UnitQuestion
    rates : Series
        Group currency per unit of the unit's own.
    seed : int
    """
    futures = int(max(question.policy.risk_futures for question in units.values()))
    drawn = []
    for unit, asked in units.items():
        found = draw_consequences(
            asked.case, asked.alternatives, asked.offers, asked.policy, asked.outlook, futures, seed
        )
        drawn.append(float(rates[unit]) * (found.cash + found.loss))
    sizes = tuple(part.shape[1] for part in drawn)
    return GroupTail(WorstTail(np.hstack(drawn), WORST), tuple(units), sizes, rates)
