"""Where a unit has no plan: what clashes, the cheapest repair, and what would be decided under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sourcing.card import Card, Carded, list_names
from sourcing.decide.caution import LIMITED
from sourcing.decide.decide import (
    Decision,
    answer_question,
    answer_repaired,
    compare_plan,
    pose_question,
)
from sourcing.decide.unit_question import UnitQuestion
from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import repair_rules

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.case import Case
    from sourcing.plan import Plan


@dataclass(frozen=True, repr=False)
class NoPlan(Carded):
    """Why a unit has no plan, and what would make one possible.

    Attributes
    ----------
    question : UnitQuestion
        What was asked, under the rules as they stand.
    error : InfeasiblePlanError
        The minimal clashing sets, whether they are all, and the cheapest repair.
    decision : Decision or None
        What would be decided under the rules as the repair changes them; None where no change of limits of priority 1
        to 4 makes a plan possible.
    """

    question: UnitQuestion
    error: InfeasiblePlanError
    decision: Decision | None
    plans: Mapping[int, Plan] = field(default_factory=dict)

    def _card(self) -> Card:
        return Card(
            "No plan",
            {
                "business unit": self.question.case.unit["name"],
                "clashes": len(self.error.conflicts),
                "repaired by changing": list_names(self.error.repairs["rule"]),
            },
            "pack.show_refusal(no_plan)",
        )


def find_no_plan(case: Case, *, answers_folder: str | Path | None = None, **levers: Any) -> NoPlan:
    """Find why a unit has no plan, and the cheapest repair that gives one.

    Parameters
    ----------
    case : Case
        A case of one unit.
    answers_folder, **levers
        As for `decide_unit`.

    Raises
    ------
    InputError
        The unit has a plan.
    """
    try:
        answer_question(pose_question(case, **levers))
    except InfeasiblePlanError as error:
        return explain_refusal(error, answers_folder=answers_folder)
    raise InputError(
        f"the reasons for no plan are sought where no plan keeps every rule; got a plan for {case.unit['name']}. "
        "Hint: run the notebook decision_pack."
    )


def explain_refusal(error: InfeasiblePlanError, *, answers_folder: str | Path | None = None) -> NoPlan:
    """Find what would be decided under the cheapest repair of a unit's question that has no plan.

    Parameters
    ----------
    error : InfeasiblePlanError
        From `decide_unit`: it carries the unit's question.
    answers_folder : path, optional
        As for `decide_unit`.
    """
    question = error.question
    if error.plan is None:
        return NoPlan(question, error, None)
    rules = repair_rules(error, question.rules)
    is_caution = rules["measure"] == LIMITED
    decision = compare_plan(replace(question, rules=rules[~is_caution]), error.plan, answers_folder)
    plans = {1: error.plan} if is_caution.any() else answer_repaired(question, error)
    return NoPlan(question, error, decision, plans)
