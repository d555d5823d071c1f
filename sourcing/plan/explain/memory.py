"""What was found out about a plan is kept as long as the plan is, in its folder for later runs, and used again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sourcing.plan.explain.cache import recall_or_find
from sourcing.plan.explain.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sourcing.plan.plan import Plan

_KEPT: WeakKeyDictionary[Plan, dict[Hashable, Any]] = WeakKeyDictionary()


def read_plan(source: Any) -> Plan:
    """Give a plan as it is, or the plan of a decision."""
    return getattr(source, "plan", source)


def keep_answer(plan: Plan, question: tuple[Hashable, ...], make: Callable[[], Any]) -> Any:
    """Give what was found for a plan and a question before, or make it now; a plan never changes.

    Parameters
    ----------
    plan : Plan
    question : tuple
        Its name and everything that the answer depends on beside the plan, the time allowed included.
    make : function
    """
    kept = _KEPT.setdefault(plan, {})
    if question not in kept:
        kept[question] = make()
    return kept[question]


def archive_answer(plan: Plan, question: tuple[Hashable, ...], make: Callable[[], Any]) -> Any:
    """Do as `keep_answer`, and where the plan has an `answers_folder` keep the answer there for later runs as well.

    Its drivers must not count for the answer.
    """
    if not plan.answers_folder:
        return keep_answer(plan, question, make)
    folder = plan.answers_folder
    return keep_answer(plan, question, lambda: recall_or_find(folder, question, plan.asked, make, _state(plan)))


def _state(plan: Plan) -> tuple[Any, ...]:
    """Give what of a plan an answer about it depends on, beside what it was made from."""
    keys = [name for name in ("process", "option", "wave", "share") if name in plan.choices]
    prices = plan.multipliers
    return plan.choices[keys], plan.aims, None if prices is None else prices.to_dict()


def open_study(plan: Plan, gap: float | None, time_limit: float) -> Study:
    """Open a study of a plan, or take up the one that is open, with its best plan known."""
    kept = _KEPT.setdefault(plan, {})
    if ("study", gap) not in kept:
        kept["study", gap] = Study(plan, gap, time_limit)
    study = kept["study", gap]
    study.allow(time_limit)
    return study
