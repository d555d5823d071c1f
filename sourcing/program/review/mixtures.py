"""Mixtures of two cases: some groups of changes applied, the rest as it was, each decided anew."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sourcing.decide import answer_question, pose_question, restate_rules
from sourcing.errors import CaseError, InfeasiblePlanError, InputError, NoPlanFoundError
from sourcing.plan import sum_measure
from sourcing.program.review.groups import mix_cases
from sourcing.program.review.shares import list_members

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.case import Case
    from sourcing.decide import UnitQuestion
    from sourcing.plan import Plan
    from sourcing.program.review.groups import Group

PLAN, INFEASIBLE, UNSOUND, OUT_OF_TIME = "plan", "infeasible", "unsound", "out of time"
MEASURES = ("objective", "cash_cost", "expected_loss", "as_is_cash_cost", "saving")
"""What is shared over the groups: the plan's objective, cash and losses, as-is cash, and the saving between the two."""

Choice = tuple[tuple[str, float, float], ...]
"""What is decided for a process: option, wave (-1 without waves) and share of each part."""


@dataclass(frozen=True)
class Side:
    """One of two things compared: a case with its levers, and its answer."""

    case: Case
    levers: Mapping[str, Any]
    question: UnitQuestion
    plan: Plan | None
    status: str = PLAN


@dataclass(frozen=True)
class Answer:
    """What came of a mixture.

    Attributes
    ----------
    status : str
        `plan`, `infeasible`, `unsound` (no sound case), or `out of time` (no plan in the time given).
    amounts : mapping of str to float
        Each of MEASURES; empty without a plan.
    bound : float
        Proven of the objective.
    choices : mapping of str to Choice
        Process to what is decided.
    """

    status: str
    amounts: Mapping[str, float]
    bound: float
    choices: Mapping[str, Choice]


def settle_side(case: Case, levers: Mapping[str, Any]) -> Side:
    """Decide a case under levers; a side without a plan says why in its status."""
    return answer_side(pose_question(case, **levers))


def answer_side(question: UnitQuestion) -> Side:
    """Answer a question; a side without a plan says why in its status."""
    case, settled = question.case, asdict(question.policy) | asdict(question.outlook)
    try:
        return Side(case, settled, question, answer_question(question))
    except InfeasiblePlanError:
        return Side(case, settled, question, None, INFEASIBLE)
    except NoPlanFoundError:
        return Side(case, settled, question, None, OUT_OF_TIME)


def read_answer(side: Side) -> Answer:
    """Read the answer of a side."""
    if side.plan is None:
        return Answer(side.status, {}, float("-inf"), {})
    cash, as_is = sum_measure(side.plan, "cash_cost"), sum_measure(side.question.as_is, "cash_cost")
    loss = sum_measure(side.plan, "expected_loss")
    amounts = dict(zip(MEASURES, (side.plan.objective, cash, loss, as_is, as_is - cash), strict=True))
    return Answer(PLAN, amounts, side.plan.bound, read_choices(side.plan))


def read_choices(plan: Plan) -> dict[str, Choice]:
    """Read what a plan decides for each process."""
    rows = plan.choices
    waves = rows["wave"].astype(float).fillna(-1.0) if "wave" in rows else [-1.0] * len(rows)
    parts: dict[str, list[tuple[str, float, float]]] = {}
    for process, option, wave, share in zip(rows["process"], rows["option"], waves, rows["share"], strict=True):
        parts.setdefault(str(process), []).append((str(option), float(wave), round(float(share), 6)))
    return {process: tuple(sorted(own)) for process, own in parts.items()}


class Mixtures:
    """Every mixture of two sides by the groups applied to the first, solved once when asked for.

    Parameters
    ----------
    before, after : Side
        No group applied, and all.
    groups : sequence of Group
    """

    def __init__(self, before: Side, after: Side, groups: Sequence[Group]) -> None:
        self._before, self._after, self._groups = before, after, groups
        self.whole = (1 << len(groups)) - 1
        self.known = {0: read_answer(before)}
        self.known[self.whole] = read_answer(after)
        self._priced = {0: before.question}
        """Groups other than of rules -> a question with them applied: rules change no consequence, so that it is posed
        once."""

    def answer(self, part: int) -> Answer:
        """Give the answer with the groups of a set applied."""
        if part not in self.known:
            self.known[part] = self._solve(part)
        return self.known[part]

    def _solve(self, part: int) -> Answer:
        chosen = list_members(part)
        groups = [self._groups[one] for one in chosen]
        levers = dict(self._before.levers) | {
            name: self._after.levers[name] for group in groups for name in group.levers
        }
        try:
            case = mix_cases(self._before.case, self._after.case, [row for group in groups for row in group.rows])
            priced = sum(1 << one for one in chosen if not self._groups[one].is_rules)
            if priced not in self._priced:
                self._priced[priced] = pose_question(case, **levers)
                return read_answer(answer_side(self._priced[priced]))
            return read_answer(answer_side(restate_rules(self._priced[priced], case)))
        except (CaseError, InputError):
            return Answer(UNSOUND, {}, float("-inf"), {})

    def worth(self, part: int, measure: str) -> tuple[float, float] | None:
        """Give the interval of a measure with a set of groups applied; None without a plan."""
        found = self.answer(part)
        if found.status != PLAN:
            return None
        amount = found.amounts[measure]
        return (min(found.bound, amount), amount) if measure == "objective" else (amount, amount)
