"""Decide under an attitude to risk: futures, stresses or figures are drawn up, and the optimizer chooses with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import (
    ChanceRule,
    LargestRegret,
    Risk,
    RiskPlan,
    UncertaintyBudget,
    WorstTail,
    choose_again,
    choose_under_risk,
    choose_with_chance,
    find_own_shares,
    measure_of,
    sum_beside,
)
from sourcing.value import FUTURES, SEED, draw_consequences, list_ends, price_stresses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case import Policy
    from sourcing.decide.unit_question import UnitQuestion
    from sourcing.plan import Plan, Question

WORST = 0.9
"""Beyond this share of futures the worst tenth begins."""
FRESH_SEED = SEED + 1
"""Futures that the choice has not seen: what it is checked in."""
WORST_RULE = "The worst tenth of futures stays within its limit"
CHANCE_RULE = "All cash stays within its limit in enough futures"
REGRET_RULE = "Under no stress is the plan regretted more"
FIGURES_RULE = "Cost with figures at their bad ends stays within its limit"
RULES_OF_CAUTION = (WORST_RULE, CHANCE_RULE, REGRET_RULE, FIGURES_RULE)
"""What the rules begin with that an attitude adds."""
LIMITED = "measured_over_futures"
"""Column of the alternatives in which a limit that no plan keeps is told."""


@dataclass(frozen=True)
class Caution:
    """What an attitude other than the mean asked of a plan, and what it cost and bought.

    Attributes
    ----------
    attitude : str
        The lever.
    asked : mapping of str to float
        What the other levers of the attitude came to: weight, limit, share, figures.
    plain : Plan
        The plan at the mean, all else equal.
    table : DataFrame
        One row per plan, index plain and plan: objective, value (what the attitude looks at: the mean over the worst
        tenth of futures, the share of futures that keeps the limit, the largest regret, or the cost with figures at
        their bad ends), and over futures that the choice has not seen fresh (the same; NaN where futures are not
        looked at), error (of fresh) and worst_tenth (cash and losses).
    gap : float
        Proven: (objective of what was asked - bound) / |objective|.
    cuts : int
        How many sums of scenarios had to be looked at.
    futures, checked : int
        How many futures the choice looked at and was checked in; 0 where the attitude looks at none.
    seconds : float
    """

    attitude: str
    asked: Mapping[str, float]
    plain: Plan
    table: pd.DataFrame
    gap: float
    cuts: int
    futures: int
    checked: int
    seconds: float

    @property
    def price(self) -> float:
        """What the plan costs above the plain one."""
        return float(self.table.at["plan", "objective"] - self.table.at["plain", "objective"])


def choose_cautious_plan(question: UnitQuestion, plain: Plan) -> tuple[Plan, Caution]:
    """Choose the plan that a unit's attitude asks for.

    Parameters
    ----------
    question : UnitQuestion
        Whose lever `attitude` is not `mean`.
    plain : Plan
        The answer to its plain question.

    Raises
    ------
    InfeasiblePlanError
        No plan keeps what the attitude asks; the error names it, with the limit that one would keep and its plan.
    InputError
        The attitude is chance and nothing limits all cash.
    """
    seen = _Seen(question, plain)
    return {"worst_tenth": seen.weigh_worst, "worst_limit": seen.limit_worst, "chance": seen.keep_chance,
            "regret": seen.regret_least, "figures": seen.stand_figures}[question.policy.attitude]()  # fmt: skip


class _Seen:
    """What an attitude looks at, drawn when it is asked for."""

    def __init__(self, question: UnitQuestion, plain: Plan) -> None:
        self.question, self.plain, self.asked_of = question, plain, plain.question

    @property
    def policy(self) -> Policy:
        return self.question.policy

    def draw(self, futures: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Draw cash and losses of every alternative, each shape (futures, alternatives)."""
        question = self.question
        drawn = draw_consequences(
            question.case, question.alternatives, question.offers, question.policy, question.outlook,
            futures, seed,
        )  # fmt: skip
        return drawn.cash, drawn.loss

    def draw_total(self, futures: int, seed: int) -> np.ndarray:
        """Draw cash and losses together."""
        cash, loss = self.draw(futures, seed)
        return cash + loss

    def weigh_worst(self) -> tuple[Plan, Caution]:
        tail = WorstTail(self.draw_total(self.futures, SEED), WORST, WORST_RULE)
        chosen = choose_under_risk(self.asked_of, Risk(tail, weight=self.policy.worst_weight))
        return self._tell_tail(chosen, tail, {"weight": self.policy.worst_weight})

    def limit_worst(self) -> tuple[Plan, Caution]:
        tail = WorstTail(self.draw_total(self.futures, SEED), WORST, WORST_RULE)
        today = tail.find_cut(self._share(self.question.as_is))
        limit = self.policy.worst_share * today.measure(
            self._share(self.question.as_is), sum_beside(self.question.as_is)
        )
        if not np.isfinite(limit):
            return self._tell_tail(_as_chosen(self.plain, measure_of(self.plain, tail)), tail, {"limit": limit})
        try:
            chosen = choose_under_risk(self.asked_of, Risk(tail, limit=limit))
        except InfeasiblePlanError as error:
            plan = choose_under_risk(self.asked_of, Risk(tail, limit=float(error.repairs["needed"].iloc[0]))).plan
            reason = f"{100 * self.policy.worst_share:g} % of today's worst tenth, the lever worst_share"
            raise self._name_limit(error, limit, plan, tail.find_cut(find_own_shares(plan)).amounts, reason) from error
        return self._tell_tail(chosen, tail, {"limit": limit, "share": self.policy.worst_share})

    def keep_chance(self) -> tuple[Plan, Caution]:
        limit = _find_cash_limit(self.asked_of)
        share = self.policy.chance_share
        cash = self.draw(self.futures, SEED)[0]
        rule = ChanceRule(cash, limit, share, CHANCE_RULE)
        try:
            chosen = choose_with_chance(self.asked_of, rule)
        except InfeasiblePlanError as error:
            wider = replace(rule, limit=float(error.repairs["needed"].iloc[0]))
            plan = choose_with_chance(self.asked_of, wider).plan
            reason = f"all cash within its limit in {100 * share:g} % of futures, the lever chance_share"
            raise self._name_limit(error, limit, plan, np.quantile(cash, share, axis=0), reason) from error
        fresh_cash, fresh_loss = self.draw(FUTURES, FRESH_SEED)
        fresh = ChanceRule(fresh_cash, limit, share, CHANCE_RULE)
        tail = WorstTail(fresh_cash + fresh_loss, WORST, WORST_RULE)
        rows = {}
        for name, plan in (("plain", self.plain), ("plan", chosen.plan)):
            kept = fresh.find_chance(plan)
            rows[name] = {"objective": plan.objective, "value": rule.find_chance(plan), "fresh": kept,
                          "error": float(np.sqrt(kept * (1.0 - kept) / FUTURES)),
                          "worst_tenth": measure_of(plan, tail)}  # fmt: skip
        return self._tell(chosen, {"limit": limit, "share": share}, rows, self.futures)

    def regret_least(self) -> tuple[Plan, Caution]:
        question, table = self.question, self.question.alternatives
        listed = price_stresses(question.case, table, question.offers, question.policy, question.outlook)
        own = table["cost"].to_numpy(float)
        costs = own + np.array([np.zeros(len(table)), *(stress.added for stress in listed)])
        best = choose_again(self.plain, costs)
        reached = np.einsum("sa,sa->s", costs, best.shares) + best.fixed
        regret = LargestRegret(costs, reached, REGRET_RULE)
        chosen = choose_under_risk(self.asked_of, Risk(regret))
        return self._tell(chosen, {"stresses": float(len(listed))}, self._measure(chosen.plan, regret), 0)

    def stand_figures(self) -> tuple[Plan, Caution]:
        names, ends = list_ends(self.question.case, self.question.alternatives, self.policy)
        own = self.question.alternatives["cost"].to_numpy(float)
        budget = UncertaintyBudget(own, ends, self.policy.bad_figures, FIGURES_RULE)
        chosen = choose_under_risk(self.asked_of, Risk(budget))
        asked = {"figures": min(self.policy.bad_figures, float(len(names))), "of": float(len(names))}
        return self._tell(chosen, asked, self._measure(chosen.plan, budget), 0)

    @property
    def futures(self) -> int:
        return int(self.policy.risk_futures)

    def _share(self, plan: Plan) -> np.ndarray:
        """Give the share of each alternative of the unit under a plan of some of them."""
        return find_own_shares(replace(plan, question=self.asked_of))

    def _tell_tail(self, chosen: RiskPlan, tail: WorstTail, asked: Mapping[str, float]) -> tuple[Plan, Caution]:
        fresh = self.draw_total(FUTURES, FRESH_SEED)
        unseen = WorstTail(fresh, WORST, WORST_RULE)
        rows = {}
        for name, plan in (("plain", self.plain), ("plan", chosen.plan)):
            paid = fresh @ find_own_shares(plan) + sum_beside(plan)
            beyond = np.maximum(paid - np.quantile(paid, WORST), 0.0)
            worst = measure_of(plan, unseen)
            rows[name] = {"objective": plan.objective, "value": measure_of(plan, tail), "fresh": worst,
                          "error": float(beyond.std() / np.sqrt(FUTURES) / (1.0 - WORST)),
                          "worst_tenth": worst}  # fmt: skip
        return self._tell(chosen, asked, rows, self.futures)

    def _measure(self, plan: Plan, measure: LargestRegret | UncertaintyBudget) -> dict[str, dict[str, float]]:
        """Measure both plans, and beside it their worst tenth in fresh futures."""
        tail = WorstTail(self.draw_total(FUTURES, FRESH_SEED), WORST, WORST_RULE)
        return {
            name: {"objective": each.objective, "value": measure_of(each, measure), "fresh": np.nan, "error": np.nan,
                   "worst_tenth": measure_of(each, tail)}
            for name, each in (("plain", self.plain), ("plan", plan))
        }  # fmt: skip

    def _tell(
        self, chosen: RiskPlan, asked: Mapping[str, float], rows: Mapping[str, Mapping[str, float]], futures: int
    ) -> tuple[Plan, Caution]:
        table = pd.DataFrame.from_dict(rows, orient="index")
        checked = FUTURES if futures else 0
        caution = Caution(self.policy.attitude, asked, self.plain, table, chosen.gap, chosen.cuts, futures, checked,
                          chosen.seconds)  # fmt: skip
        return chosen.plan, caution

    def _name_limit(
        self, error: InfeasiblePlanError, limit: float, plan: Plan, amounts: np.ndarray, reason: str
    ) -> InfeasiblePlanError:
        """Let the unit's question tell the limit that no plan keeps as a rule, with the plan that the repair gives."""
        row = {"rule": str(error.repairs["rule"].iloc[0]), "measure": LIMITED, "where": "", "sense": "<=",
               "limit": limit, "relative_to": "", "for_each": "", "step": np.nan, "priority": 2, "owner": "policy",
               "reason": reason}  # fmt: skip
        rules, table = self.question.rules, self.question.alternatives
        rules = pd.concat([rules, pd.DataFrame([row])], ignore_index=True) if len(rules) else pd.DataFrame([row])
        error.question = replace(self.question, alternatives=table.assign(**{LIMITED: amounts}), rules=rules)
        error.plan = plan
        error.ways = error.repairs.assign(repair=1, is_cheapest=error.cheapest)
        return error


def _as_chosen(plan: Plan, value: float) -> RiskPlan:
    """Tell the plain plan as one chosen where nothing is limited."""
    return RiskPlan(plan, value, plan.objective, plan.bound, plan.gap, 0, (0, 1), plan.seconds)


def list_cash_limits(rules: pd.DataFrame | None) -> pd.DataFrame:
    """List the rules of a question that limit all cash: rule, limit."""
    columns = ["rule", "measure", "where", "sense", "limit", "relative_to", "for_each"]
    plain = (pd.DataFrame() if rules is None else rules).reindex(columns=columns)
    is_whole = plain[["where", "relative_to", "for_each"]].fillna("").eq("").all(axis=1)
    found = plain[is_whole & (plain["measure"] == "cash_cost") & (plain["sense"] == "<=")]
    return found[["rule", "limit"]].astype({"limit": float}).reset_index(drop=True)


def _find_cash_limit(asked: Question) -> float:
    """Find the tightest limit on all cash.

    Raises
    ------
    InputError
        There is none.
    """
    limits = list_cash_limits(asked.rules)["limit"]
    if limits.empty:
        raise InputError(
            "attitude chance needs a limit on all cash that is to hold in most futures; got none at attitude. "
            "Hint: set budget_share, or a rule on cash_cost without where."
        )
    return float(limits.min())
