"""What was found out about a plan is kept as long as the plan is, and used again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sourcing.plan.explain.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sourcing.plan.plan import Plan

_KEPT: WeakKeyDictionary[Plan, dict[Hashable, Any]] = WeakKeyDictionary()


def read_plan(source: Any) -> Plan:
    """Give a plan as it is, or the plan of a decision."""
    return getattr(source, "plan", source)


def keep_answer(plan: Plan, question: Hashable, make: Callable[[], Any]) -> Any:
    """Give what was found for a plan and a question before, or make it now; a plan never changes."""
    kept = _KEPT.setdefault(plan, {})
    if question not in kept:
        kept[question] = make()
    return kept[question]


def open_study(plan: Plan, gap: float | None, time_limit: float) -> Study:
    """Open a study of a plan, or take up the one that is open, with its best plan known."""
    study = keep_answer(plan, ("study", gap), lambda: Study(plan, gap, time_limit))
    study.allow(time_limit)
    return study
