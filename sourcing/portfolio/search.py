"""The search for the group's plan, with and without its rules, a limit on its worst tenth of futures included."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case import WORST_TENTH
from sourcing.errors import InfeasiblePlanError, NoPlanFoundError
from sourcing.plan import Together, count_shared_in, state_shares

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from types import TracebackType

    from sourcing.plan import Block, JointPlan, Plan
    from sourcing.portfolio.group import Group

KEPT = 1e-6
"""A worst tenth above its limit by less than this part of it keeps it."""
ROUNDS = 60
"""Most sums that are added for one question before it is given up."""


class GroupSearch(AbstractContextManager["GroupSearch"]):
    """The group's question, asked with and without its rules.

    A limit on the worst tenth is kept by sums: the futures that are worst under a plan found are worst tenth enough for
    every other plan to stay within, so their mean becomes a plain joint rule, until the plan found keeps the limit
    itself. Sums serve every later question; what a question proves without further ones is proven with them.

    Parameters
    ----------
    group : Group
    plain : mapping of str to Plan
        Each unit's own plan, whose bound is that of the unit alone.
    counts : collection of str
        Measures in which joint discounts count.
    workers : int
    gap : float
    time_limit : float
        Seconds of one search.

    Attributes
    ----------
    sums : list of str
        Joint rules that keep the limit on the worst tenth.
    nearest : float
        Least worst tenth met that is above its limit; inf where none was.
    """

    def __init__(
        self, group: Group, plain: Mapping[str, Plan], counts: Collection[str], workers: int, gap: float,
        time_limit: float,
    ) -> None:  # fmt: skip
        self.group, self.plain, self.counts, self.workers = group, plain, tuple(counts), workers
        self.gap, self.time_limit = gap, time_limit
        is_tail = group.rules["measure"] == WORST_TENTH
        self.told, self.rules, self.blocks = group.rules[is_tail], group.rules[~is_tail], list(group.blocks)
        self.sums: list[str] = []
        self.nearest = np.inf
        self._together = self._open()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._together.__exit__(kind, fault, trace)

    def choose(self, without: Collection[str] = ()) -> tuple[JointPlan, dict[str, Plan]]:
        """Choose for all units together, with some rules set aside.

        Returns
        -------
        joint : JointPlan
            Each limit on the worst tenth is one row of its rules.
        plans : dict of str to Plan
            What each unit does in it.
        """
        limits = self.told[~self.told["rule"].isin(without)]
        tail = self.group.tail
        aside = [*without, *(self.sums if limits.empty else ())]
        for _ in range(ROUNDS):
            try:
                joint = self._together.choose(self.gap, self.time_limit, without=aside)
            except InfeasiblePlanError as error:
                raise self._name_limit(error) from error
            plans = {block.name: self._state(block, joint) for block in self.blocks}
            if limits.empty or tail is None:
                return joint, plans
            limit = float(limits["limit"].iloc[0])
            value = tail.measure(plans, float(joint.discounts["discount"].sum()))
            if value <= limit + KEPT * abs(limit):
                return replace(joint, rules=self._tell_limit(joint.rules, limits.iloc[0], value)), plans
            self.nearest = min(self.nearest, value)
            self._add_sum(tail.find_cut(plans), limit)
        raise NoPlanFoundError(
            f"a plan that keeps the limit on the group's worst tenth must be found; got none within {ROUNDS} rounds, "
            f"proven bound {joint.bound:g}. Hint: allow a wider --gap or a looser limit.",
            joint.bound,
        )

    def _open(self) -> Together:
        return Together(
            self.blocks, self.rules, tiers=self.group.tiers, counts=(*self.counts, *self.sums), workers=self.workers
        )

    def _state(self, block: Block, joint: JointPlan) -> Plan:
        return state_shares(block.question, joint.shares[block.name], self.plain[block.name].bound)

    def _add_sum(self, amounts: Mapping[str, np.ndarray], limit: float) -> None:
        """Add the mean over some futures as a joint rule, with a column of its own in every block."""
        name = f"{WORST_TENTH}_{len(self.sums) + 1}"
        self.blocks = [
            replace(
                block,
                question=count_shared_in(block.question, [name], [amounts[block.name]]),
                scales={**block.scales, name: float(self.group.rates[block.name])},
            )
            for block in self.blocks
        ]
        row = {"rule": name, "measure": name, "where": "", "sense": "<=", "limit": limit, "relative_to": "",
               "for_each": "", "step": np.nan, "priority": np.nan, "belongs_to": name}  # fmt: skip
        self.rules = pd.concat([self.rules, pd.DataFrame([row])], ignore_index=True)
        self.sums.append(name)
        self._together.__exit__(None, None, None)
        self._together = self._open()

    def _tell_limit(self, rules: pd.DataFrame, limit: pd.Series, value: float) -> pd.DataFrame:
        """Tell the limit in place of the sums that keep it, with what one more unit in all of them is worth."""
        is_sum = rules["belongs_to"].isin(self.sums)
        row = {"rule": limit["rule"], "belongs_to": limit["rule"], "value": None, "measure": WORST_TENTH, "sense": "<=",
               "limit": float(limit["limit"]), "relative_to": "", "used": value,
               "slack": max(0.0, float(limit["limit"]) - value),
               "price": float(rules.loc[is_sum, "price"].sum())}  # fmt: skip
        return pd.concat([rules[~is_sum], pd.DataFrame([row])], ignore_index=True)

    def _name_limit(self, error: InfeasiblePlanError) -> InfeasiblePlanError:
        """Name the limit on the worst tenth where sums of it stand in the way, or may."""
        if not self.sums or (len(error.repairs) and not set(error.repairs["rule"]).intersection(self.sums)):
            return error
        rule, limit = str(self.told["rule"].iloc[0]), float(self.told["limit"].iloc[0])
        repairs = error.repairs.assign(rule=[rule if name in self.sums else name for name in error.repairs["rule"]])
        if repairs.empty:
            repairs = pd.DataFrame([(rule, limit, self.nearest - limit)], columns=["rule", "limit", "beyond"])
        repairs = repairs.sort_values("beyond", ascending=False).drop_duplicates("rule")
        over = ", ".join(f"{row['rule']!r} by {row['beyond']:,.6g}" for row in repairs.to_dict("records"))
        return InfeasiblePlanError(
            "the joint rules must leave a choice to all units; got none that keeps them, the nearest met exceeds "
            f"{over} at rules. Hint: loosen the joint rules named, or rules of units.",
            [sorted(repairs["rule"])],
            repairs,
            complete=False,
            cheapest=False,
        )
