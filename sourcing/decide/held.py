"""Ask for the best order of a plan's moves: its options and shares held, their waves free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.decide.bans import list_bars
from sourcing.decide.structure import build_structure
from sourcing.plan import answer, ask

if TYPE_CHECKING:
    from sourcing.decide.decide import Decision
    from sourcing.plan import Plan


def answer_held(
    decision: Decision, rows: pd.DataFrame, rules: pd.DataFrame | None = None, *, keeps_orders: bool = True
) -> Plan:
    """Choose among some alternatives of a decision, shares of split processes as in its plan.

    Parameters
    ----------
    decision : Decision
    rows : DataFrame
        Rows of `decision.alternatives`, at least one per process.
    rules : DataFrame, optional
        Limits to keep; without, locks do not hold either, but costs do.
    keeps_orders : bool
        Whether bundles and waiting hold.

    Raises
    ------
    InfeasiblePlanError
        No choice keeps all of this.
    """
    question = decision.question
    case, policy = question.case, question.policy
    structure = build_structure(case, rows, question.presence)
    if not keeps_orders:
        structure.pop("orders", None)
    if rules is not None:
        structure["locks"] = list_bars(rows, case)
    held = hold_shares(decision.plan)
    limits = [table for table in (rules, held) if table is not None and len(table)]
    linked = not case.links.empty
    return answer(
        ask(
            rows,
            pd.concat(limits, ignore_index=True) if limits else None,
            case.links.drop(columns="business_unit") if linked else None,
            case.handoff_costs if linked else None,
            structure=structure or None,
            policy=policy,
            gap=policy.gap,
            time_limit=policy.time_limit,
        )
    )


def hold_shares(plan: Plan) -> pd.DataFrame:
    """List the rules that hold the share of each option of a split process; empty where nothing is split."""
    shares = plan.choices.groupby(["process", "option"], as_index=False)["share"].sum()
    split = shares[shares["share"] < 1.0]
    return pd.DataFrame(
        {
            "rule": "share of " + split["process"] + " by " + split["option"],
            "measure": "count",
            "where": [
                f"process == {process!r} and option == {option!r}"
                for process, option in zip(split["process"], split["option"], strict=True)
            ],
            "sense": "==",
            "limit": split["share"].astype(float),
        }
    )
