"""Decide a unit: from its case to a plan, with what the plan is compared with solved beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.assess import Judgment
from sourcing.card import Card, Carded
from sourcing.case import BUDGET_RULE, RISK_RULE, UNIT, fill_options, settle
from sourcing.decide.bans import list_bars, list_broken_locks
from sourcing.decide.caution import choose_cautious_plan
from sourcing.decide.structure import (
    build_structure,
    keep_costs,
    list_capacity_rules,
    list_service_rules,
    require_services,
)
from sourcing.decide.today import limit_by_today
from sourcing.decide.unit_question import UnitQuestion
from sourcing.errors import InfeasiblePlanError
from sourcing.plan import (
    USUAL,
    AnswerCache,
    Drivers,
    Explanation,
    answer,
    ask,
    explain,
    list_breaks,
    list_swaps,
    repair_rules,
    sum_measure,
)
from sourcing.value import (
    change_numbers,
    judge_offers,
    list_drivers,
    list_offers,
    price_presence,
    reprice_judgment,
    restate_judgment,
    state_alternatives,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sourcing.case import Case, Outlook, Policy
    from sourcing.decide.caution import Caution
    from sourcing.plan import Plan, Question


LIMITING = frozenset({"budget_share", "risk_cap_share"})
PRICING = frozenset(
    {"price_of_fit", "price_of_partnership", "price_of_conflict", "price_of_customer_value", "price_of_social_value"}
)
JUDGING = frozenset(
    {
        "commoditization_threshold", "core_threshold", "capability_threshold", "posture_bars", "readiness_floor",
        "margin_bars", "partnership_floor",
    }
)  # fmt: skip
"""Levers that change limits alone; that price what alternatives hold in points; that judge and bar offers."""
RESTATED = LIMITING | PRICING | JUDGING
"""Levers under which a question is restated without pricing its offers anew."""


@dataclass(frozen=True, repr=False)
class Decision(Carded):
    """A unit's plan with the question that it answers and what it is compared with.

    Attributes
    ----------
    question : UnitQuestion
        What was asked; its parts are at hand as `decision.case`, `.policy`, `.outlook`, `.judgment`, `.alternatives`.
    plan : Plan
        The answer.
    explanation : Explanation
        What can be asked about the plan, with the drivers behind its numbers; it keeps the answers.
    as_is : Plan
        Everything as it is today, whatever the rules say.
    in_house : Plan or None
        Everything in-house, whatever the rules say; None where a process has no in-house option.
    cash_plan : Plan or None
        The plan at price 0 of fit and customer value; None where both prices are 0 already.
    swaps : DataFrame
        What each other option of each process would change, in its cheapest wave and all else as planned (see
        `list_swaps`).
    broken_rules : mapping of scenario to list of str
        Which rules the scenarios beside the plan would break.
    caution : Caution or None
        What the plan's attitude to risk asked, cost and bought; None where it looks at the mean alone.
    """

    question: UnitQuestion
    plan: Plan
    explanation: Explanation
    as_is: Plan
    in_house: Plan | None
    cash_plan: Plan | None
    swaps: pd.DataFrame
    broken_rules: Mapping[str, list[str]]
    caution: Caution | None = None

    @property
    def case(self) -> Case:
        """The unit's case."""
        return self.question.case

    @property
    def policy(self) -> Policy:
        """The levers that the unit chooses, settled."""
        return self.question.policy

    @property
    def outlook(self) -> Outlook:
        """The levers of what may befall the unit, settled."""
        return self.question.outlook

    @property
    def judgment(self) -> Judgment:
        """Weights, indices, postures, contradictions, readiness."""
        return self.question.judgment

    @property
    def offers(self) -> pd.DataFrame:
        """Everything that the consequences of the alternatives depend on, a row for each."""
        return self.question.offers

    @property
    def alternatives(self) -> pd.DataFrame:
        """What could be chosen, every consequence in a column."""
        return self.question.alternatives

    @property
    def figures(self) -> pd.DataFrame:
        """Every uncertain figure behind the alternatives, with its range."""
        return self.question.figures

    @property
    def plain_plan(self) -> Plan:
        """The plan at the mean alone: the plan itself, unless its attitude to risk asked for another."""
        return self.plan if self.caution is None else self.caution.plain

    @property
    def is_small(self) -> bool:
        """Whether every question about the decision is answered to the end."""
        return self.question.is_small

    @property
    def answer_gap(self) -> float | None:
        """How wide an interval of an answer may be: none in a small unit, else a ten-thousandth of the objective."""
        return self.question.answer_gap

    def _card(self) -> Card:
        today, then = (sum_measure(plan, "cash_cost") for plan in (self.as_is, self.plan))
        currency = self.case.unit["currency"]
        moved = self.plan.choices.loc[~self.plan.choices["is_as_is"].astype(bool), "process"]
        return Card(
            "Decision",
            {
                "business unit": self.case.unit["name"],
                "status": self.plan.status,
                "moves": f"{moved.nunique()} of {self.plan.choices['process'].nunique()} processes",
                "cash today": f"{currency} {today:,.0f}",
                "cash with the plan": f"{currency} {then:,.0f}",
                "expected loss with the plan": f"{currency} {sum_measure(self.plan, 'expected_loss'):,.0f}",
            },
            "pack.show_answer(decision)",
        )


def decide_unit(case: Case, *, answers_folder: str | Path | None = None, **levers: Any) -> Decision:
    """Decide the delivery model of every process of a unit.

    Parameters
    ----------
    case : Case
        A case of one unit.
    answers_folder : path, optional
        Folder in which answers to questions about the plan are kept for later runs; "" or None: nowhere.
    **levers : str, int, float or bool
        Fields of Policy or Outlook; "" means "as the case says".

    Raises
    ------
    InfeasiblePlanError
        No plan keeps every rule; the error tells which rules clash and the cheapest repair, see `find_no_plan`.
    NoPlanFoundError
        Time ran out before any plan was found.
    InputError
        An unknown lever or a rule that cannot be read.
    """
    question = pose_question(case, **levers)
    plan, caution = answer_with_caution(question)
    return compare_plan(question, plan, answers_folder, caution)


def pose_question(case: Case, changes: pd.DataFrame | None = None, /, **levers: Any) -> UnitQuestion:
    """Settle the levers and make what can be chosen and the rules of a unit.

    Parameters
    ----------
    case : Case
        A case of one unit.
    changes : DataFrame, optional
        Rows of the table scenarios, of which those on numbers are made: the others are no matter of consequences.
    **levers : str, int, float or bool
    """
    policy, outlook = settle(case, **levers)
    judgment = Judgment(case, policy)
    filled = fill_options(case, policy)[0]
    if changes is not None:
        filled = change_numbers(filled, changes, case, outlook)
    offers = list_offers(case, judgment.postures, policy, filled)
    alternatives = state_alternatives(offers, case, policy, outlook)
    presence = price_presence(case, filled, policy)
    as_is = answer(_state(case, policy, presence, alternatives[alternatives["is_as_is"]], None))
    rules = _list_rules(case, policy, alternatives, as_is)
    return UnitQuestion(case, policy, outlook, judgment, presence, offers, alternatives, rules, as_is)


def restate_rules(question: UnitQuestion, case: Case) -> UnitQuestion:
    """Give the question of a case that differs in its table of rules alone: consequences stand, limits are anew.

    Parameters
    ----------
    question : UnitQuestion
    case : Case
        The question's case, with other rules.
    """
    rules = _list_rules(case, question.policy, question.alternatives, question.as_is)
    return replace(question, case=case, rules=rules)


def restate_levers(question: UnitQuestion, levers: Mapping[str, Any]) -> UnitQuestion:
    """Give the question with other levers: only what they reach is worked out anew.

    Parameters
    ----------
    question : UnitQuestion
    levers : mapping of str to str, int, float or bool
        Fields of Policy or Outlook; the others stay as they are.

    Returns
    -------
    UnitQuestion
        What `pose_question` gives, sooner where the levers are of RESTATED.

    Raises
    ------
    InputError
        An unknown lever, or a value that it may not have.
    """
    settled = asdict(question.policy) | asdict(question.outlook) | dict(levers)
    case = question.case
    if not set(levers) <= RESTATED:
        return pose_question(case, **settled)
    policy, outlook = settle(case, **settled)
    judgment = question.judgment.under(policy)
    offers, alternatives, as_is = question.offers, question.alternatives, question.as_is
    if not JUDGING.isdisjoint(levers):
        offers = judge_offers(offers, case, judgment.postures, policy)
        alternatives = restate_judgment(alternatives, offers)
    if not set(levers) <= LIMITING:
        alternatives = reprice_judgment(alternatives, policy)
        today = alternatives[alternatives["is_as_is"]]
        as_is = answer(_state(case, policy, question.presence, today, None))
    return replace(
        question, policy=policy, outlook=outlook, judgment=judgment, offers=offers, alternatives=alternatives,
        rules=_list_rules(case, policy, alternatives, as_is), as_is=as_is,
    )  # fmt: skip


def _list_rules(case: Case, policy: Policy, alternatives: pd.DataFrame, as_is: Plan) -> pd.DataFrame:
    """List the analyst's rules, those of capacity and promises, and those that levers make."""
    made = [list_capacity_rules(case)]
    made += [list_service_rules(case, alternatives)] if policy.service_bars else []
    own_rules = case.rules[case.rules["scope"] == UNIT].drop(columns=["business_unit", "scope"])
    own_rules = pd.concat([own_rules, *(table for table in made if len(table))], ignore_index=True)
    return add_lever_rules(limit_by_today(own_rules, as_is), as_is, policy)


def answer_question(question: UnitQuestion, *, repairs: bool = True, near: Plan | None = None) -> Plan:
    """Give the plan that the unit's attitude asks for; see `answer_with_caution`."""
    return answer_with_caution(question, repairs=repairs, near=near)[0]


def answer_with_caution(
    question: UnitQuestion, *, repairs: bool = True, near: Plan | None = None
) -> tuple[Plan, Caution | None]:
    """Give the plan, with the drivers behind its numbers, and what an attitude other than the mean asked of it.

    Parameters
    ----------
    question : UnitQuestion
    repairs : bool
        Whether repairs, and the plan that the cheapest one gives, are sought where there is no plan.
    near : Plan, optional
        The answer to nearly the same question, from which the search starts; see `plan.answer`.

    Raises
    ------
    InfeasiblePlanError
        There is none; the error carries the unit's question, and the plan that the cheapest repair gives.
    InputError
        The attitude needs a limit that is not there.
    """
    case, policy, judgment, rules = question.case, question.policy, question.judgment, question.rules
    drivers = partial(list_drivers, question.offers, case, judgment.indices, policy, question.outlook)
    try:
        plan = answer(replace(state_question(question, drivers), effort=replace(USUAL, repairs=repairs)), near)
    except InfeasiblePlanError as error:
        error.question = question
        if not error.repairs.empty:
            repaired = replace(question, rules=repair_rules(error, rules))
            error.plan = answer(state_question(repaired, drivers))
        raise
    caution = None
    if policy.attitude != "mean":
        plan, caution = choose_cautious_plan(question, plan)
    require_services(case, plan, rules)
    return plan, caution


def answer_repaired(question: UnitQuestion, error: InfeasiblePlanError) -> dict[int, Plan]:
    """Give the plan that each way to repair gives: number of the way to plan."""
    if error.ways is None:
        return {}
    return {
        int(str(number)): answer(state_question(replace(question, rules=repair_rules(error, question.rules, repairs))))
        for number, repairs in error.ways.groupby("repair")
    }


def compare_plan(
    question: UnitQuestion,
    plan: Plan,
    answers_folder: str | Path | None = None,
    caution: Caution | None = None,
) -> Decision:
    """Put beside a plan what it is compared with: as it is, all in-house, fit at no price, every swap."""
    rules, explanation = question.rules, explain(plan, cache=AnswerCache(answers_folder) if answers_folder else None)
    if plan.gap > 0.0 and caution is None:
        plan = find_best_known(question, explanation)
    as_is = question.as_is
    in_house, cash_plan = _solve_beside(question)
    broken = {
        "Keep as it is": [*list_breaks(as_is, rules), *list_broken_locks(as_is, question.case)],
        "This plan": [],
        "Everything in-house": []
        if in_house is None
        else [*list_breaks(in_house, rules), *list_broken_locks(in_house, question.case)],
        "Plan with fit at no price": [],
        "Plan at the mean": [],
    }
    return Decision(
        question=question,
        plan=plan,
        explanation=explanation,
        as_is=as_is,
        in_house=in_house,
        cash_plan=cash_plan,
        swaps=pick_cheapest_wave(list_swaps(plan), plan),
        broken_rules=broken,
        caution=caution,
    )


def find_best_known(question: UnitQuestion, explanation: Explanation) -> Plan:
    """Give the best plan known once everything that a pack asks about a plan left with a gap has been asked."""
    gap, seconds, before = question.answer_gap, question.policy.explain_time, None
    while before is not explanation.plan:
        before = explanation.plan
        explanation.flip_decisions(gap=gap, time_limit=seconds, every=question.is_small)
        explanation.price_rules(gap=gap, time_limit=seconds)
    return explanation.plan


def state_question(question: UnitQuestion, drivers: Drivers = None) -> Question:
    """State a unit's question as the optimizer reads it; its `instance` is what it makes of the tables.

    Raises
    ------
    InputError
        From `instance`, at a table that does not hold what it must: a sound case has none.
    """
    return _state(question.case, question.policy, question.presence, question.alternatives, question.rules, drivers)


def _state(
    case: Case,
    policy: Policy,
    presence: Mapping[str, pd.Series],
    alternatives: pd.DataFrame,
    rules: pd.DataFrame | None,
    drivers: Drivers = None,
) -> Question:
    """Ask for a choice among alternatives; without rules, bars, splits and orders do not hold either, but costs do."""
    linked = not case.links.empty
    structure = build_structure(case, alternatives, presence)
    structure = keep_costs(structure) if rules is None else structure | {"locks": list_bars(alternatives, case)}
    return ask(
        alternatives,
        rules,
        case.links.drop(columns="business_unit") if linked else None,
        case.handoff_costs if linked else None,
        structure=structure or None,
        policy=policy,
        gap=policy.gap,
        time_limit=policy.time_limit,
        drivers=drivers,
    )


def _solve_beside(question: UnitQuestion) -> tuple[Plan | None, Plan | None]:
    """Solve what the plan is compared with: everything in-house, and fit at no price."""
    case, policy, alternatives = question.case, question.policy, question.alternatives
    in_house, cash_plan = None, None
    of_locks = {"", *case.locks["lock"]}
    only_locked = [bans for bans in alternatives["barred_by"].unique() if of_locks.issuperset(bans.split("; "))]
    is_open = alternatives["barred_by"].isin(only_locked)
    inside = alternatives[(alternatives["delivery_model"] == "in_house") & is_open]
    if set(inside["process"]) == set(alternatives["process"]):
        in_house = answer(_state(case, policy, question.presence, inside, None))
    if policy.price_of_fit or policy.price_of_customer_value:
        cash_plan = answer(state_question(replace(question, alternatives=price_in_cash(alternatives))))
    return in_house, cash_plan


def add_lever_rules(rules: pd.DataFrame, as_is: Plan, policy: Policy) -> pd.DataFrame:
    """Add the limits that policy sets as shares of today's figures, shared money included, to the analyst's rules."""
    levers = (
        (BUDGET_RULE, "cash_cost", policy.budget_share, "budget_share"),
        (RISK_RULE, "expected_loss", policy.risk_cap_share, "risk_cap_share"),
    )
    added = [
        {"rule": rule, "measure": measure, "where": "", "sense": "<=", "limit": share * sum_measure(as_is, measure),
         "relative_to": "", "for_each": "", "step": np.nan, "priority": 2,
         "reason": f"{100 * share:g} % of today's {measure.replace('_', ' ')}, the lever {name}", "owner": "policy"}
        for rule, measure, share, name in levers if np.isfinite(share)
    ]  # fmt: skip
    return pd.concat([rules, pd.DataFrame(added)], ignore_index=True) if added else rules


def pick_cheapest_wave(swaps: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Keep one swap per option not chosen: in a wave that is open and breaks nothing if there is one, the cheapest."""
    if "wave" not in swaps:
        return swaps
    chosen = pd.MultiIndex.from_frame(plan.choices[["process", "option"]])
    others = swaps[~pd.MultiIndex.from_frame(swaps[["process", "option"]]).isin(chosen)]
    ranked = others.assign(is_held=others["breaks"].map(len) > 0)
    ranked = ranked.sort_values(["is_barred", "is_held", "extra_cost", "wave"], kind="stable")
    kept = ranked.drop_duplicates(["process", "option"]).index
    return others.loc[others.index.isin(kept)].reset_index(drop=True)


def price_in_cash(alternatives: pd.DataFrame) -> pd.DataFrame:
    """Return the alternatives with fit and customer value at price 0."""
    priced = alternatives["cost_fit"] + alternatives["cost_customer_value"]
    return alternatives.assign(cost=alternatives["cost"] - priced, cost_fit=0.0, cost_customer_value=0.0)
