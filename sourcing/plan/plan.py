"""The answer: what was chosen, what it costs, what limits it, and the question it answers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.card import Card, Carded, list_names
from sourcing.plan.certify import recount_bound
from sourcing.plan.model import plain_label
from sourcing.plan.tolerance import NEGLIGIBLE_SHARE

if TYPE_CHECKING:
    from sourcing.plan.model import Instance
    from sourcing.plan.question import Question


@dataclass(frozen=True, eq=False, repr=False)
class Plan(Carded):
    """A choice of one alternative per process, or of shares of several where it is divisible, certified.

    Attributes
    ----------
    choices : DataFrame
        The chosen rows of the alternatives with all their columns and `share`, sorted by key; several rows of a
        process that is split, their shares summing to 1.
    objective : float
        What was minimized last; lower is better. The sum of `lines` unless another objective was asked for.
    bound : float
        Proven: no plan that keeps the rules (and what earlier levels hold) has a lower objective.
    gap : float
        (objective - bound) / |objective|; see `measure_gap`.
    multipliers : Series or None
        The price that the relaxation puts on each limit, by the names of `rules`; below 0 for `<=`, above 0 for `>=`.
        They prove a bound of their own, see `certified_gap`. None where another solver was asked.
    status : str
        `optimal` (gap at most the gap asked, of every level) or `feasible`.
    seconds : float
        Wall time of `choose`, certificate included.
    lines : Series
        Money by line, whatever the objective: each `cost_*` column, or `cost` where there are none, times
        share; then, for each table given, `handoffs`, `charges` and what other lines charges name, `pools`, `discounts`
        (negative) and `splits` (what parts pay of `fixed_cost` beyond their share). Their sum is the plan's cost.
    rules : DataFrame
        One row per limit, sorted: rule (with the value of `for_each` in brackets), belongs_to (the analyst's
        rule), value, measure, where, sense, limit, relative_to, used, slack (at least 0: kept), then what
        else the rules table said. Limit and use of a relative rule are shares of the total of `relative_to`.
    handoffs : DataFrame
        One row per link and pair of places in use: process_a, process_b, traffic, place_a, place_b, cost.
    shared : DataFrame
        Money that belongs to no single process, one row per charge, pool and discount: line, name, used (1 or 0;
        the volume of a discount), money.
    levels : DataFrame
        One row per measure of each level: level (1 first), measure, weight, amount (the plan's), value (the level's
        weighted sum), best (reached when it was minimized), bound, gap, most (what later levels had to keep; inf
        for the last).
    question : Question
        What was asked.
    findings : dict
        What was found out about the plan so far, by question; `explain` keeps it here, as long as the plan is.
    """

    choices: pd.DataFrame
    objective: float
    bound: float
    gap: float
    multipliers: pd.Series | None
    status: str
    seconds: float
    lines: pd.Series
    rules: pd.DataFrame
    handoffs: pd.DataFrame
    shared: pd.DataFrame
    levels: pd.DataFrame
    question: Question
    findings: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def certified_gap(self) -> float:
        """The gap to the bound that `multipliers` prove by arithmetic alone; inf where they prove none.

        At least `gap`, whose bound the solver found by branching; see `certify.recount_bound`.
        """
        size = float(self.choices["cost"].mul(self.choices["share"]).abs().sum())
        bound = recount_bound(self)
        return measure_gap(self.objective, bound, size) if math.isfinite(bound) else math.inf

    def _card(self) -> Card:
        binding = self.rules["rule"][self.rules["slack"].abs() <= NEGLIGIBLE_SHARE * self.rules["limit"].abs()]
        return Card(
            "Plan",
            {
                "status": self.status,
                "processes": self.choices["process"].nunique(),
                "objective": f"{self.objective:,.0f}",
                "gap": f"{self.gap:.2%}",
                "limits": len(self.rules),
                "used up": list_names(binding),
            },
            "plan.price_rules(it), plan.flip_decisions(it)",
        )


def measure_gap(objective: float, bound: float, absolute_sum: float) -> float:
    """Give the relative gap between a plan and its bound.

    Formula: `(objective - bound) / |objective|`; where `|objective|` is below a millionth of the sum of the
    absolute chosen costs, relative to that sum; 0 where nothing is left to prove.

    Examples
    --------
    >>> measure_gap(100.0, 99.0, 100.0), measure_gap(0.0, -1.0, 200.0), measure_gap(0.0, 0.0, 0.0)
    (0.01, 0.005, 0.0)
    """
    left = max(0.0, objective - bound)
    base = abs(objective) if abs(objective) >= NEGLIGIBLE_SHARE * absolute_sum else absolute_sum
    if left == 0.0:
        return 0.0
    return left / base if base > 0.0 else math.inf


def share_amounts(plan: Plan) -> pd.DataFrame:
    """Give the choices with every amount times its share, so that columns add up to the plan.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    DataFrame
        Rows and columns of `plan.choices`; numbers other than keys, flags, shares and months are multiplied.
    """
    amounts = [
        name
        for name in plan.choices.columns
        if pd.api.types.is_numeric_dtype(plan.choices[name])
        and not pd.api.types.is_bool_dtype(plan.choices[name])
        and name not in ("process", "option", "wave", "share")
        and not str(name).endswith("_months")
    ]
    shared = plan.choices.copy()
    shared[amounts] = shared[amounts].mul(shared["share"], axis=0)
    return shared


def sum_measure(plan: Plan, measure: str) -> float:
    """Sum a measure over a plan: its choices, shares counted, and the shared money that counts in the measure."""
    own = float((plan.choices[measure] * plan.choices["share"]).sum())
    return own + math.fsum(sum_shared(plan, measure).tolist())


def sum_shared(plan: Plan, measure: str) -> pd.Series:
    """Sum the shared money that counts in a measure: index line, as in `plan.lines`; empty where none does."""
    counted = plan.question.instance.list_counted(measure)
    return plan.lines[[line for line in plan.lines.index if line in counted]]


def find_shares(plan: Plan, instance: Instance) -> np.ndarray:
    """Give the share of each alternative of the instance, in its order, under a plan; shape (n,).

    Raises
    ------
    KeyError
        If the plan chooses what the instance does not have.
    """
    place = {key: k for k, key in enumerate(instance.alternatives.keys)}
    shares = np.zeros(len(place))
    shares[[place[key] for key in read_keys(plan)]] = plan.choices["share"].to_numpy(dtype=float)
    return shares


def read_keys(plan: Plan) -> list[tuple[object, ...]]:
    """Read process, option and, with a calendar, wave of each choice."""
    names = [name for name in ("process", "option", "wave") if name in plan.choices]
    return list(zip(*(map(plain_label, plan.choices[name]) for name in names), strict=True))
