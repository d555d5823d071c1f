"""Choose under risk: a measure of bad outcomes limited, paid for or minimized, beside the plain cost."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.errors import CertificateError, InfeasiblePlanError, InputError, NoPlanFoundError
from sourcing.plan.caution.attitudes import list_names, measure_plan
from sourcing.plan.caution.master import SEEK_GAP, Goal, Master, count_shared_in, place_rows, sum_beside
from sourcing.plan.choose import answer, state_plan
from sourcing.plan.lexicographic import sum_absolute, tabulate_levels
from sourcing.plan.model import read_objective
from sourcing.plan.plan import measure_gap
from sourcing.plan.tolerance import EQUAL, KEPT, LEAST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.plan.caution.attitudes import Cut, Measure
    from sourcing.plan.caution.master import Reached
    from sourcing.plan.plan import Plan
    from sourcing.plan.question import Question

RISK_GAP, EXACT_ALTERNATIVES = 1e-5, 100
"""Gap at which a search may stop where none is asked for: what draws leave open of a measure is far more; few
alternatives are searched to the end."""
LOOSE = 10.0
"""Gaps by which the plain question under cuts may miss what the search under risk reached."""
REPAIR_COLUMNS = ["rule", "limit", "needed", "change"]


@dataclass(frozen=True)
class Risk:
    """What is asked beside the least cost; with neither weight nor limit the measure itself is minimized.

    Attributes
    ----------
    measure : Measure
    weight : float or None
        Minimize cost + weight x measure.
    limit : float or None
        Minimize cost with the measure at most this.
    """

    measure: Measure
    weight: float | None = None
    limit: float | None = None

    def __post_init__(self) -> None:
        if self.weight is not None and self.limit is not None:
            raise InputError("a measure is weighed or limited; got both at risk. Hint: leave one of them out.")
        for name, least in (("weight", 0.0), ("limit", -math.inf)):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value >= least):
                raise InputError(
                    f"{name} must be a finite number{' of at least 0' if least == 0.0 else ''}; got {value!r} at risk. "
                    "Hint: leave it out to minimize the measure itself."
                )

    @property
    def goal(self) -> Goal:
        """What is minimized."""
        if self.limit is not None:
            return Goal(limit=self.limit)
        return Goal(0.0, 1.0) if self.weight is None else Goal(1.0, self.weight)


@dataclass(frozen=True)
class RiskPlan:
    """A plan chosen under risk.

    Attributes
    ----------
    plan : Plan
        It keeps every rule; its question has the cuts as plain rules beside them, so that whatever is asked about it
        is answered under caution. A forcing cost there is at least what stands: further cuts could only raise it.
    value : float
        The measure of the plan.
    objective, bound : float
        Of what was asked: cost, cost + weight x measure, or the measure.
    gap : float
        (objective - bound) / |objective|.
    cuts : int
        Sums that had to be looked at.
    rounds : tuple of int
        Relaxations and searches over whole choices.
    seconds : float
    """

    plan: Plan
    value: float
    objective: float
    bound: float
    gap: float
    cuts: int
    rounds: tuple[int, int]
    seconds: float


def choose_under_risk(
    question: Question, risk: Risk, *, gap: float | None = None, time_limit: float | None = None
) -> RiskPlan:
    """Choose the plan of least cost under an attitude to risk, within a proven gap.

    The measure is the largest of many linear sums of a plan; those that matter are found one by one and added as rules
    (cutting planes): over shares first, where a round takes milliseconds, then over whole choices, until the sums known
    tell the measure of the plan at hand. Shared money counts in the measure as it does in cost. Source: A. Künzi-Bay
    and J. Mayer, "Computational aspects of minimizing conditional value-at-risk", 2006; J. E. Kelley, "The
    cutting-plane method", 1960.

    Parameters
    ----------
    question : Question
        Of one objective, cost.
    risk : Risk
    gap : float, optional
        Relative gap at which the search may stop. None: the question's own, but beyond 100 alternatives 1e-5 at least.
    time_limit : float, optional
        Seconds; the question's own if None.

    Returns
    -------
    RiskPlan

    Raises
    ------
    InfeasiblePlanError
        No plan keeps the rules, or none of those that do keeps the limit; then `repairs` has what it needs.
    NoPlanFoundError
        Time ran out before any plan was found.
    InputError
        The question has another objective than cost, or the measure other alternatives.

    Examples
    --------
    >>> from sourcing.plan import WorstTail, ask
    >>> table = pd.DataFrame({"process": ["a", "a"], "option": ["stay", "move"], "cost": [5.0, 4.0]})
    >>> futures = np.array([[5.0, 1.0], [5.0, 7.0]])
    >>> cautious = choose_under_risk(ask(table), Risk(WorstTail(futures, 0.5), limit=6.0))
    >>> cautious.plan.choices["option"].tolist(), cautious.value
    (['stay'], 5.0)
    """
    return choose_from(open_master(question, risk.measure), risk, gap=gap, time_limit=time_limit)


def open_master(question: Question, measure: Measure) -> Master:
    """Open what keeps cuts and choices from one question of a measure to the next; raises as `choose_under_risk`."""
    if question.objective not in (None, "cost"):
        raise InputError(
            f"risk is weighed against cost alone; got {question.objective!r} at objective. "
            "Hint: price the other measures in the column cost."
        )
    return Master(question, measure)


def choose_from(master: Master, risk: Risk, *, gap: float | None = None, time_limit: float | None = None) -> RiskPlan:
    """Choose with the cuts that earlier choices have left; see `choose_under_risk`."""
    start, question = time.perf_counter(), master.question
    least = RISK_GAP if len(question.alternatives) > EXACT_ALTERNATIVES else 0.0
    gap = max(least, question.gap) if gap is None else gap
    end = start + (question.time_limit if time_limit is None else time_limit)
    reached = master.minimize(risk.goal, gap, end)
    if reached.draft is None:
        raise _explain_none(master, risk, reached, end)
    level = reached.value if risk.limit is None else risk.limit
    plan = _state(master, risk, reached, level, gap, end)
    size = max(abs(reached.objective), EQUAL)
    return RiskPlan(
        plan=replace(plan, seconds=time.perf_counter() - start),
        value=measure_of(plan, risk.measure),
        objective=reached.objective,
        bound=reached.bound,
        gap=max(0.0, reached.objective - reached.bound) / size,
        cuts=len(reached.cuts),
        rounds=reached.rounds,
        seconds=time.perf_counter() - start,
    )


@dataclass(frozen=True, eq=False)
class TracedPlan:
    """A plan on the curve from the least cost to the least measure.

    Attributes
    ----------
    weight : float
        What a unit of the measure counts at which the plan is best; inf where the measure alone is minimized.
    shares : ndarray of float, shape (alternatives,)
        In the order of the rows of the question's alternatives.
    cost, value : float
        Its cost and its measure.
    gap : float
        Proven, of cost + weight x measure.
    """

    weight: float
    shares: np.ndarray
    cost: float
    value: float
    gap: float


def trace_risk(
    question: Question, measure: Measure, weights: Sequence[float], *, gap: float = 1e-4, time_limit: float = 600.0
) -> list[TracedPlan]:
    """Trace the plans from the least cost to the least measure, one per weight, the least measure last.

    All weights share cuts and choices. A greater weight never has a greater measure nor a lower cost: each takes the
    best of all choices met for any.

    Parameters
    ----------
    question : Question
        Of one objective, cost.
    measure : Measure
    weights : sequence of float
        At least 0, ascending; 0 is the plain plan.
    gap : float
        Relative gap at which each search may stop.
    time_limit : float
        Seconds for all.

    Raises
    ------
    InfeasiblePlanError, NoPlanFoundError, InputError
        As for `choose_under_risk`.
    """
    master = open_master(question, measure)
    end = time.perf_counter() + time_limit
    risks = [*(Risk(measure, weight=weight) for weight in sorted(weights)), Risk(measure)]
    bounds = []
    for risk in risks:
        reached = master.minimize(risk.goal, gap, end)
        if reached.draft is None:
            raise _explain_none(master, risk, reached, end)
        bounds.append(reached.bound)
    found = []
    for risk, bound in zip(risks, bounds, strict=True):
        best = master.pick(risk.goal)
        if best is None:
            continue
        objective = risk.goal.measure(best.cost, best.value)
        left = max(0.0, objective - bound) / max(abs(objective), EQUAL)
        weight = math.inf if risk.weight is None else risk.weight
        found.append(TracedPlan(weight, best.draft.shares[master.at], best.cost, best.value, left))
    return found


def measure_of(plan: Plan, measure: Measure) -> float:
    """Measure a plan of a question whose alternatives the measure knows."""
    return measure_plan(measure, find_own_shares(plan), sum_beside(plan))


def find_own_shares(plan: Plan) -> np.ndarray:
    """Give the share of each row of the question's alternatives, shape (alternatives,)."""
    instance = plan.question.instance
    place = {key: k for k, key in enumerate(instance.alternatives.keys)}
    names = [name for name in ("process", "option", "wave") if name in plan.choices]
    shares = np.zeros(len(place))
    for key, share in zip(zip(*(plan.choices[name] for name in names), strict=True), plan.choices["share"],
                          strict=True):  # fmt: skip
        shares[place[key]] = share
    return shares[place_rows(plan.question, instance)]


def add_cuts(question: Question, measure: Measure, cuts: Sequence[Cut], level: float) -> Question:
    """Add cuts to a question as plain rules: each sum at most the level."""
    if not cuts:
        return question
    names = list_names(measure, len(cuts))
    words = re.sub(r"[^a-z0-9]+", "_", measure.name.lower()).strip("_")
    columns = [f"measured_{words}_{k + 1}" for k in range(len(cuts))]
    counted = count_shared_in(question, columns, [cut.amounts for cut in cuts])
    added = pd.DataFrame(
        {"rule": names, "measure": columns, "where": "", "sense": "<=", "limit": [level - cut.constant for cut in cuts],
         "relative_to": "", "for_each": "", "priority": 1}
    )  # fmt: skip
    rules = question.rules
    if rules is not None and not rules.empty:
        told = [name for name in rules if name not in added and not pd.api.types.is_numeric_dtype(rules[name])]
        rules = pd.concat([rules, added.assign(**dict.fromkeys(told, ""))], ignore_index=True)
    else:
        rules = added
    return replace(counted, rules=rules)


def _state(master: Master, risk: Risk, reached: Reached, level: float, gap: float, end: float) -> Plan:
    """State the choice as a plan of the plain question with cuts, asked anew under the fewest cuts that tell it.

    Within a wide gap it is stated as found: asked anew, the limit would be searched over whole choices once more.
    """
    if master.cuts and gap >= SEEK_GAP:
        return _state_all(master, risk, reached, level)
    few = _pick_cuts(master, reached, level)
    most = level + KEPT * max(1.0, abs(level))
    for _ in range(len(master.cuts)):
        left = end - time.perf_counter()
        if left <= LEAST_SECONDS:
            break
        asked = add_cuts(replace(master.question, time_limit=left), risk.measure, few, level)
        try:
            plan = answer(asked)
        except (NoPlanFoundError, InfeasiblePlanError):
            break
        if measure_of(plan, risk.measure) <= most:
            near = LOOSE * gap * max(abs(reached.cost), EQUAL)
            if plan.status == "optimal" and plan.objective <= reached.cost + near:
                return replace(plan, question=replace(plan.question, time_limit=master.question.time_limit))
            break
        few = [*few, risk.measure.find_cut(find_own_shares(plan))]
    return _state_all(master, risk, reached, level)


def _state_all(master: Master, risk: Risk, reached: Reached, level: float) -> Plan:
    """State the choice as it was found, under all cuts, with the bound that the search proved."""
    question = add_cuts(master.question, risk.measure, reached.cuts, level)
    levels, draft = read_objective(None, question.instance), reached.draft
    if risk.limit is not None:
        bound = reached.bound
    else:
        weight = risk.goal.weight if risk.goal.cost_weight else math.inf
        bound = reached.bound - weight * level if math.isfinite(weight) else -math.inf
    if draft is None:
        raise CertificateError(
            "a choice must be there to be stated; got none at caution. Hint: please report the input."
        )
    value = draft.cost
    bound = min(value, bound) if math.isfinite(bound) else value - abs(value)
    known = measure_gap(value, bound, sum_absolute(question.instance, levels[0], draft))
    table = tabulate_levels(question.instance, levels, draft, [(value, bound, known, math.inf)])
    return state_plan(question, draft, table)


def _pick_cuts(master: Master, reached: Reached, level: float) -> list[Cut]:
    """Pick the cuts that keep out every cheaper choice met: for each the one it breaks most."""
    room = KEPT * max(1.0, abs(level))
    picked: list[int] = []
    for met in sorted(master.visited, key=lambda met: met.cost):
        if met.cost >= reached.cost or not master.cuts:
            continue
        shares, beside = met.draft.shares[master.at], sum_beside(met.draft)
        values = np.array([cut.measure(shares, beside) for cut in master.cuts])
        worst = int(values.argmax())
        if values[worst] > level + room and not any(values[k] > level + room for k in picked):
            picked.append(worst)
    return [master.cuts[k] for k in sorted(picked)]


def _explain_none(master: Master, risk: Risk, reached: Reached, end: float) -> Exception:
    """Give the error that says why there is no plan: the rules alone, the limit, or time."""
    if reached.status != "infeasible":
        return NoPlanFoundError(
            f"a plan under risk must be found in time; got none, proven bound {reached.bound:g}. "
            "Hint: allow more time (time_limit) or a wider gap.",
            reached.bound,
        )
    answer(master.question)
    least = master.minimize(Goal(0.0, 1.0), RISK_GAP, max(end, time.perf_counter() + master.question.time_limit))
    name, limit = risk.measure.name, float(risk.limit or 0.0)
    needed = math.ceil(least.value)
    repairs = pd.DataFrame([(name, limit, float(needed), needed - limit)], columns=REPAIR_COLUMNS)
    return InfeasiblePlanError(
        f"a plan must keep every rule and {name!r}; got a limit of {limit:,.0f}, and the least that any plan reaches "
        f"is {least.value:,.0f} (no plan reaches less than {least.bound:,.0f}). Hint: change this limit to "
        f"{needed:,.0f}, or loosen another rule.",
        [[name]],
        repairs,
        complete=False,
        cheapest=least.status == "optimal",
    )
