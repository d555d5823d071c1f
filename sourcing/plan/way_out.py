"""Where a unit has no plan: what clashes, the cheapest repair, and what would be decided under it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan.decide import Decision, Question, answer_question, compare_plan, pose_question
from sourcing.plan.explain.repaired import repair_rules

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.case import Case


@dataclass(frozen=True)
class WayOut:
    """Why a unit has no plan, and what would make one possible.

    Attributes
    ----------
    question : Question
        What was asked, under the rules as they stand.
    error : InfeasiblePlanError
        The minimal clashing sets, whether they are all, and the cheapest repair.
    decision : Decision or None
        What would be decided under the rules as the repair changes them; None where no change of limits of priority 1
        to 4 makes a plan possible.
    """

    question: Question
    error: InfeasiblePlanError
    decision: Decision | None


def find_way_out(case: Case, *, answers_folder: str | Path | None = None, **levers: Any) -> WayOut:
    """Find why a unit has no plan, and the cheapest way to one.

    Parameters
    ----------
    case : Case
        A case of one unit.
    answers_folder, **levers
        As for `decide`.

    Raises
    ------
    InputError
        The unit has a plan.
    """
    question = pose_question(case, **levers)
    try:
        answer_question(question, answers_folder)
    except InfeasiblePlanError as error:
        if error.plan is None:
            return WayOut(question, error, None)
        repaired = replace(question, rules=repair_rules(error, question.rules))
        return WayOut(question, error, compare_plan(repaired, error.plan))
    raise InputError(
        f"a way out is sought where no plan keeps every rule; got a plan for {case.unit['name']}. "
        "Hint: run the notebook decision_pack."
    )
