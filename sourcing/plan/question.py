"""What is asked of `choose`: tables, objective, and how far the search may go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, TypeAlias

import pandas as pd

from sourcing.plan.effort import USUAL, Effort
from sourcing.plan.model import Instance, read_instance

USUAL_GAP = 1e-3
"""The gap at which a search of many alternatives may stop where none is asked for."""
Drivers: TypeAlias = pd.DataFrame | Callable[[], pd.DataFrame] | None


@dataclass(frozen=True, eq=False)
class Question:
    """One question, as it was asked; `Plan.question` of its answer.

    Tables are copied, so that what their owner does with them later changes no question.

    Attributes
    ----------
    alternatives, rules, links, handoff_costs, structure, objective
        As for `choose`.
    drivers : DataFrame, function that gives one, or None
        The numbers behind the alternatives; see `choose`.
    solver : str or None
        Name of another solver to ask, see `solve.list_solvers`; None or `HiGHS` for the suite's own search.
    gap : float
        Relative gap at which the search may stop.
    time_limit : float
        Seconds.
    effort : Effort
        How wide searches go.
    """

    alternatives: pd.DataFrame
    rules: pd.DataFrame | None = None
    links: pd.DataFrame | None = None
    handoff_costs: pd.DataFrame | None = None
    structure: Mapping[str, pd.DataFrame] | None = None
    objective: Any = None
    drivers: Drivers = None
    solver: str | None = None
    gap: float = 0.0
    time_limit: float = 60.0
    effort: Effort = USUAL

    def __post_init__(self) -> None:
        for each in fields(self):
            object.__setattr__(self, each.name, _copy(getattr(self, each.name)))

    @cached_property
    def instance(self) -> Instance:
        """The question checked and in a fixed order; raises InputError at the first table that is unsound."""
        return read_instance(self.alternatives, self.rules, self.links, self.handoff_costs, self.structure)


def ask(alternatives: Any, *tables: Any, policy: Any = None, **rest: Any) -> Question:
    """Put the arguments of `choose` as a question.

    Of a policy only its `solver` counts, if it has one. A gap of None is 0 for so many alternatives as
    `SolveEffort.exact_alternatives` says and a thousandth for more.
    """
    names = ("rules", "links", "handoff_costs")
    given = dict(zip(names, tables, strict=False)) | rest
    given["solver"] = given.get("solver") or getattr(policy, "solver", None)
    if given.get("gap") is None:
        most = given.get("effort", USUAL).solve.exact_alternatives
        is_many = isinstance(alternatives, pd.DataFrame) and len(alternatives) > most
        given["gap"] = USUAL_GAP if is_many else 0.0
    return Question(alternatives, **given)


def _copy(value: Any) -> Any:
    if isinstance(value, pd.DataFrame):
        return value.copy()
    return {name: _copy(each) for name, each in value.items()} if isinstance(value, Mapping) else value
