"""A limit that holds in most scenarios, not in all: the plan of least cost that keeps it in a share of them."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy

from sourcing.errors import InfeasiblePlanError, InputError, NoPlanFoundError
from sourcing.plan.caution.attitudes import EveryScenario, WorstTail, multiply
from sourcing.plan.caution.choose import REPAIR_COLUMNS, Risk, RiskPlan, choose_under_risk, find_own_shares
from sourcing.plan.caution.master import Master, sum_beside
from sourcing.plan.caution.reduce import reduce_scenarios
from sourcing.plan.choose import answer
from sourcing.plan.lexicographic import draft_plan, read_shares
from sourcing.plan.solve import Session
from sourcing.plan.tolerance import EQUAL, KEPT, LEAST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcing.plan.plan import Plan
    from sourcing.plan.question import Question

REDUCED, POOL_SCENARIOS = 60, 2000
"""Scenarios that stand for all in the first search, and how many of them are told apart for it."""
IMPROVEMENTS, RULED_OUT = 6, 15
"""Rounds of bettering the scenarios given up, and plans ruled out one by one to raise the bound."""
PART_REDUCED, REDUCED_GAP = 0.25, 1e-3
"""Share of the time that the first search may take, and its gap."""


@dataclass(frozen=True)
class ChanceRule:
    """What a plan costs must be within a limit in a share of equally likely scenarios.

    Attributes
    ----------
    costs : ndarray, shape (scenarios, alternatives)
        In the order of the rows of the question's alternatives; shared money counts beside them.
    limit : float
    share : float
        Above 0, at most 1.
    name : str
    """

    costs: np.ndarray
    limit: float
    share: float
    name: str = "limit kept in enough scenarios"

    def __post_init__(self) -> None:
        if not 0.0 < self.share <= 1.0 or not math.isfinite(self.limit):
            raise InputError(
                f"a chance rule needs a finite limit and a share above 0 and at most 1; got {self.limit!r} and "
                f"{self.share!r} at chance. Hint: 0.9 is nine scenarios of ten."
            )

    @property
    def needed(self) -> int:
        """How many scenarios must keep the limit."""
        return math.ceil(self.share * len(self.costs) - EQUAL * len(self.costs))

    @property
    def most(self) -> float:
        """The limit with what counts as kept."""
        return self.limit + KEPT * max(1.0, abs(self.limit))

    def measure(self, plan: Plan) -> np.ndarray:
        """Give what a plan costs in each scenario."""
        return multiply(self.costs, find_own_shares(plan)) + sum_beside(plan)

    def find_chance(self, plan: Plan) -> float:
        """Give the share of scenarios in which a plan keeps the limit."""
        return float((self.measure(plan) <= self.most).mean())

    def find_needed(self, plan: Plan) -> float:
        """Find the least limit that a plan keeps in enough scenarios."""
        return float(np.sort(self.measure(plan))[self.needed - 1])

    def is_kept(self, plan: Plan) -> bool:
        """Tell whether a plan keeps the limit in enough scenarios."""
        return int((self.measure(plan) <= self.most).sum()) >= self.needed


def choose_with_chance(question: Question, rule: ChanceRule, *, time_limit: float | None = None) -> RiskPlan:
    """Choose the plan of least cost that keeps a limit in a share of the scenarios.

    Which scenarios are given up is the hard part. A few scenarios that stand for all (`reduce_scenarios`) are chosen
    with whole numbers first; then all scenarios count: those in which the plan at hand costs least must keep the limit,
    the others are given up, and the best plan for them is at most as dear, round by round. From below, the plans that
    are cheapest are ruled out one by one where they keep it in too few: that proves a bound, and the plan itself where
    it is reached. Source: the sample form of a chance rule in J. Luedtke and S. Ahmed, "A sample approximation approach
    for optimization with probabilistic constraints", 2008.

    Parameters
    ----------
    question : Question
        Of one objective, cost.
    rule : ChanceRule
    time_limit : float, optional
        Seconds; the question's own if None.

    Returns
    -------
    RiskPlan
        `value` is the share of scenarios that keep the limit; `bound` is proven, and `gap` says honestly what is not.

    Raises
    ------
    InfeasiblePlanError
        No plan found keeps the limit in enough scenarios; `cheapest` is False unless that is proven.
    NoPlanFoundError, InputError
        As for `choose_under_risk`.
    """
    start = time.perf_counter()
    end = start + (question.time_limit if time_limit is None else time_limit)
    plain = answer(question)
    if rule.is_kept(plain):
        return _tell(plain, rule, plain.bound, 0, (0, 1), start)
    below, bound, ruled = _rule_out(question, rule, plain, start + 0.5 * (end - start))
    if below is not None:
        return _tell(below, rule, bound, ruled, (0, ruled + 1), start)
    found, rounds = _find_above(question, rule, plain, bound, end)
    if found is None:
        raise _seek_refusal(question, rule, end)
    return _tell(found, rule, min(bound, found.objective), ruled, (rounds, ruled + 1), start)


def _tell(plan: Plan, rule: ChanceRule, bound: float, cuts: int, rounds: tuple[int, int], start: float) -> RiskPlan:
    seconds = time.perf_counter() - start
    gap = max(0.0, plan.objective - bound) / max(abs(plan.objective), EQUAL)
    return RiskPlan(replace(plan, seconds=seconds), rule.find_chance(plan), plan.objective, bound, gap, cuts, rounds,
                    seconds)  # fmt: skip


def _rule_out(question: Question, rule: ChanceRule, plain: Plan, end: float) -> tuple[Plan | None, float, int]:
    """Rule out the cheapest plans that keep the limit too seldom, one by one: the first that does not is the best."""
    plan, bound, names = plain, plain.bound, list[str]()
    reached = [rule.find_needed(plain)]
    asked = question
    for number in range(1, RULED_OUT + 1):
        if time.perf_counter() >= end or question.instance.structure.splits.divisible.any():
            break
        taken = (find_own_shares(plan) > 0.0).astype(float)
        name = f"plan_{number}_that_keeps_it_too_seldom"
        row = {"rule": f"{rule.name}: not plan {number}, which keeps it too seldom", "measure": name, "where": "",
               "sense": "<=", "limit": taken.sum() - 1.0, "relative_to": "", "for_each": "", "priority": 0}  # fmt: skip
        names.append(name)
        asked = replace(
            asked,
            alternatives=asked.alternatives.assign(**{name: taken}),
            rules=_join(asked.rules, pd.DataFrame([row])),
            time_limit=max(LEAST_SECONDS, end - time.perf_counter()),
        )
        try:
            plan = answer(asked)
        except NoPlanFoundError:
            break
        except InfeasiblePlanError:
            raise _refuse(rule, min(reached), is_proven=True) from None
        reached.append(rule.find_needed(plan))
        bound = max(bound, plan.bound)
        if rule.is_kept(plan):
            return replace(plan, question=replace(plan.question, time_limit=question.time_limit)), bound, number
    return None, bound, len(names)


def _join(rules: pd.DataFrame | None, added: pd.DataFrame) -> pd.DataFrame:
    return added if rules is None or rules.empty else pd.concat([rules, added], ignore_index=True)


def _find_above(question: Question, rule: ChanceRule, plain: Plan, bound: float, end: float) -> tuple[Plan | None, int]:
    """Find a plan that keeps the rule, and better it by giving up other scenarios as long as that helps."""
    best: Plan | None = None
    rounds = 0
    for plan in _list_starts(question, rule, plain, end):
        at_hand = plan
        for _ in range(IMPROVEMENTS):
            if time.perf_counter() >= end and best is not None:
                return best, rounds
            kept = np.sort(np.argsort(rule.measure(at_hand), kind="stable")[: rule.needed])
            risk = Risk(EveryScenario(rule.costs[kept], rule.name), limit=rule.limit)
            rounds += 1
            try:
                found = choose_under_risk(question, risk, time_limit=max(1.0, end - time.perf_counter())).plan
            except (InfeasiblePlanError, NoPlanFoundError):
                break
            if not rule.is_kept(found):
                break
            is_better = best is None or found.objective < best.objective * (1.0 - EQUAL)
            best = found if best is None or found.objective < best.objective else best
            if not is_better or found.objective <= bound:
                break
            at_hand = found
        if best is not None and best.objective <= bound * (1.0 + EQUAL):
            break
    return best, rounds


def _list_starts(question: Question, rule: ChanceRule, plain: Plan, end: float) -> Iterable[Plan]:
    """Give plans to start from: of the reduced scenarios, of the least worst part, and the plain one."""
    tail = WorstTail(rule.costs, min(rule.share, 1.0 - 1.0 / len(rule.costs)), rule.name)
    least = choose_under_risk(
        question, Risk(tail), gap=REDUCED_GAP, time_limit=max(1.0, end - time.perf_counter())
    ).plan
    reduced = _choose_reduced(question, rule, [plain, least], end)
    yield from [plan for plan in (reduced, least, plain) if plan is not None]


def _choose_reduced(question: Question, rule: ChanceRule, pool: list[Plan], end: float) -> Plan | None:
    """Choose under the rule over few scenarios that stand for all, with a whole number for each given up.

    Formula: `cost_k · x + shared <= limit + M_k z_k`, `Σ weight_k z_k <= 1 - share`, z binary, M_k what any choice can
    exceed the limit by. The plan found is stated under the scenarios that it keeps.
    """
    step = max(1, len(rule.costs) // POOL_SCENARIOS)
    sample = rule.costs[::step]
    outcomes = np.column_stack([multiply(sample, find_own_shares(plan)) for plan in pool])
    reduced = reduce_scenarios(outcomes, REDUCED)
    costs = sample[reduced.rows].astype(float)
    master = Master(question, EveryScenario(costs, rule.name))
    written, columns = master.problem, len(master.problem.cost)
    rows = np.tile(master.beside, (len(costs), 1))
    for k, cost in enumerate(costs):
        np.add.at(rows[k], master.at, cost)
    own = rows[:, : len(master.at)]
    over = np.maximum.reduceat(own, master.instance.find_starts(), axis=1).sum(axis=1) + master.bound_beside()[1]
    big = np.maximum(over - rule.limit, 0.0)
    count = len(costs)
    matrix = scipy.sparse.block_array(
        [
            [written.matrix, scipy.sparse.csr_array((written.matrix.shape[0], count))],
            [scipy.sparse.csr_array(rows), scipy.sparse.csr_array(-np.diag(big))],
            [scipy.sparse.csr_array((1, columns)), scipy.sparse.csr_array(reduced.weights[None, :])],
        ],
        format="csr",
    )
    scale = np.append(np.full(count, max(1.0, abs(rule.limit))), 1.0)
    problem = replace(
        written,
        cost=np.append(written.cost, np.zeros(count)),
        lower=np.append(written.lower, np.zeros(count)),
        upper=np.append(written.upper, np.ones(count)),
        integer=np.append(written.integer, np.ones(count, dtype=bool)),
        columns=[*written.columns, *(f"scenario {k} given up" for k in range(count))],
        matrix=scipy.sparse.csr_array(matrix),
        row_lower=np.append(written.row_lower, np.full(count + 1, -np.inf)),
        row_upper=np.append(written.row_upper, np.append(np.full(count, rule.limit), 1.0 - rule.share + EQUAL)),
        rows=[*written.rows, *(f"scenario {k}" for k in range(count)), "scenarios given up"],
        row_scale=np.append(written.row_scale, scale),
    )
    left = PART_REDUCED * max(LEAST_SECONDS, end - time.perf_counter())
    outcome = Session(problem, question.effort.solve).solve(REDUCED_GAP, left)
    if outcome.values is None:
        return None
    draft = draft_plan(master.instance, read_shares(master.instance, problem, outcome.values, end))
    total = costs @ draft.shares[master.at] + sum_beside(draft)
    kept = costs[total <= rule.most]
    try:
        return choose_under_risk(question, Risk(EveryScenario(kept, rule.name), limit=rule.limit), time_limit=left).plan
    except (InfeasiblePlanError, NoPlanFoundError):
        return None


def _seek_refusal(question: Question, rule: ChanceRule, end: float) -> InfeasiblePlanError:
    """Give the error that no plan was found, with the limit that the plan of the least worst part would keep."""
    tail = WorstTail(rule.costs, min(rule.share, 1.0 - 1.0 / len(rule.costs)), rule.name)
    least = choose_under_risk(question, Risk(tail), time_limit=max(1.0, end - time.perf_counter())).plan
    return _refuse(rule, rule.find_needed(least), is_proven=False)


def _refuse(rule: ChanceRule, reached: float, *, is_proven: bool) -> InfeasiblePlanError:
    """Give the error that says that no plan keeps the limit often enough, and what limit one would keep."""
    needed = math.ceil(reached)
    repairs = pd.DataFrame([(rule.name, rule.limit, float(needed), needed - rule.limit)], columns=REPAIR_COLUMNS)
    none = "none does" if is_proven else "none was found that does"
    return InfeasiblePlanError(
        f"a plan must keep {rule.name!r} in {rule.share:.0%} of the scenarios; got a limit of {rule.limit:,.0f}, at "
        f"which {none}. Hint: change this limit to {needed:,.0f}, or ask for a smaller share.",
        [[rule.name]],
        repairs,
        complete=False,
        cheapest=is_proven,
    )
