"""Ask "what if" of a decision: limits, locks, costs, numbers and levers changed, several at once or case by case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.decide.decide import RESTATED, answer_question, restate_levers
from sourcing.plan import Difference, change_rule, explain, sum_measure, tell_difference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.decide.decide import Decision
    from sourcing.decide.unit_question import UnitQuestion

LEVER, RULE = "lever", "rule"
LAST = "restated"
"""Key of the last question that was priced anew, among the findings of a plan."""
COLUMNS = ("case", "change", "cash_change", "loss_change", "moves", "decided")


def what_if(decision: Decision, changes: Mapping[str, Mapping[Any, Any]]) -> Difference:
    """Answer a decision's question with something changed.

    Parameters
    ----------
    decision : Decision
    changes : mapping
        As for `plan.what_if` (rule, lock, cost, quote, wage, a score), and `lever`: {name: value} of Policy or
        Outlook, for which what they reach is priced anew.

    Returns
    -------
    Difference
        The plan then, what moves, line by line.

    Raises
    ------
    InputError
        If a change names nothing that there is.
    InfeasiblePlanError, NoPlanFoundError
        As for `decide_unit`, of the changed question; with what clashes, but without repairs.

    Examples
    --------
    >>> from sourcing import load_case
    >>> from sourcing.decide import decide_unit
    >>> decision = decide_unit(load_case("data/tiny", "alpha"))
    >>> what_if(decision, {"rule": {"no more than 20 people move to outside owners": None}}).change
    -57500.0
    """
    levers = changes.get(LEVER, {})
    if not levers:
        return decision.explanation.what_if(changes)
    question = _restate(decision, levers)
    for name, limit in changes.get(RULE, {}).items():
        question = replace(question, rules=change_rule(question.rules, name, limit))
    rest = {kind: wanted for kind, wanted in changes.items() if kind not in (LEVER, RULE)}
    then = answer_question(question, repairs=False, near=decision.plan)
    then = explain(then).what_if(rest).plan if rest else then
    return tell_difference(decision.plan, then, {}, ", ".join(f"{name} at {value}" for name, value in levers.items()))


def _restate(decision: Decision, levers: Mapping[str, Any]) -> UnitQuestion:
    """Restate the question, from the last one asked where only its limits and prices are others."""
    dear = {name: value for name, value in levers.items() if name not in RESTATED}
    kept = decision.plan.findings.get(LAST)
    if not dear:
        question = decision.question
    elif kept is not None and kept[0] == dear:
        question = kept[1]
    else:
        question = restate_levers(decision.question, dear)
        decision.plan.findings[LAST] = dear, question
    cheap = {name: value for name, value in levers.items() if name not in dear}
    return restate_levers(question, cheap) if cheap else question


def compare_cases(decision: Decision, cases: Mapping[str, Mapping[str, Mapping[Any, Any]]]) -> pd.DataFrame:
    """Answer several changed questions by name.

    Parameters
    ----------
    decision : Decision
    cases : mapping of name to changes
        Each as for `what_if`.

    Returns
    -------
    DataFrame
        One row per case: case, change (of the objective), cash_change, loss_change, moves (processes decided
        otherwise), decided (tuple of "process: option" for those).
    """
    rows = []
    for name, changes in cases.items():
        found = what_if(decision, changes)
        cash, loss = (
            sum_measure(found.plan, measure) - sum_measure(decision.plan, measure)
            for measure in ("cash_cost", "expected_loss")
        )
        decided = tuple(
            f"{process}: {option}"
            for process, option in zip(found.moves["process"], found.moves["option_then"], strict=True)
        )
        rows.append((name, found.change, cash, loss, len(found.moves), decided))
    return pd.DataFrame(rows, columns=list(COLUMNS))
