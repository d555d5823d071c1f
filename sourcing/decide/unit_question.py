"""A unit's question before it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sourcing.plan import USUAL
from sourcing.value import list_figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sourcing.assess import Judgment
    from sourcing.case import Case, Outlook, Policy
    from sourcing.plan import Plan

LARGE_GAP = 1e-4
"""How wide an interval may be in a large unit, as a share of the objective."""


@dataclass(frozen=True)
class UnitQuestion:
    """A unit's question before it is answered: what can be chosen, and under which rules.

    Attributes
    ----------
    case : Case
        The unit's case.
    policy, outlook : Policy, Outlook
        Every lever, settled.
    judgment : Judgment
        Weights, indices, postures and how sure they are, contradictions, readiness.
    presence : mapping of str to Series
        What dealing with each outside owner and keeping each site costs at all, from `price_presence`.
    offers : DataFrame
        From `list_offers`: what the consequences of each alternative depend on, in the order of `alternatives`.
    alternatives, rules : DataFrame
        Consequences and limits, as the room `value` and `structure` made them.
    as_is : Plan
        Everything as it is today, whatever the rules say.
    """

    case: Case
    policy: Policy
    outlook: Outlook
    judgment: Judgment
    presence: Mapping[str, pd.Series]
    offers: pd.DataFrame
    alternatives: pd.DataFrame
    rules: pd.DataFrame
    as_is: Plan

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Every uncertain figure behind the alternatives, from `list_figures`."""
        return list_figures(self.case, self.alternatives, self.policy)

    @property
    def is_small(self) -> bool:
        """Whether every question about its answer is answered to the end, or only the nearest rivals'."""
        return bool(self.alternatives["process"].nunique() <= USUAL.explain.exact_processes)

    @property
    def answer_gap(self) -> float | None:
        """How wide an interval of an answer may be: none in a small unit, else a ten-thousandth of the objective."""
        return None if self.is_small else LARGE_GAP
