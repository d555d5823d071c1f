"""Sections that ask: evidence beside opinion, contradictions, and whether an order depends on who else is scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess import list_reversals, list_unasked, propose_scores
from sourcing.pack.block import Block, Shown, fold_table, show_table
from sourcing.pack.judgment.weights import add_names, name_criteria
from sourcing.pack.wording import name_processes, say_count, say_list, say_share

if TYPE_CHECKING:
    from sourcing.assess import Judgment

SHOWN_FIRST = 12
NOTHING_PROPOSED = (
    "Nothing to hold against the scores: no process names an occupation or service code that a criterion has evidence "
    "for."
)


def show_evidence(judgment: Judgment) -> Block:
    """Show what published figures propose beside what was scored, the widest gaps first."""
    proposed = add_names(judgment, propose_scores(judgment.case, judgment.policy))
    proposed = proposed.assign(
        criterion=name_criteria(judgment, proposed["criterion"]),
        state=[
            {"text": "apart", "tone": "warn"} if apart else {"text": "near", "tone": "good"} if gap == gap else {}
            for apart, gap in zip(proposed["is_apart"], proposed["gap"], strict=True)
        ],
        source_year=proposed["source"] + ", " + proposed["year"],
    )
    columns = [
        Shown("process_name", "Process"),
        Shown("criterion", "Criterion"),
        Shown("score", "Scored", "number"),
        Shown("proposed", "Evidence proposes", "number"),
        Shown("state", "", "badge"),
        Shown("figure", "Figure"),
        Shown("figure_value", "Value", "number"),
        Shown("source_year", "Source"),
    ]
    apart, rest = proposed[proposed["is_apart"]], proposed[~proposed["is_apart"]]
    first = apart.head(SHOWN_FIRST)
    said = (
        f"{say_count(len(apart), 'score is', 'scores are')} at least {say_share(judgment.policy.evidence_gap)} of the "
        f"scale away from what published figures propose, of {len(proposed)} that can be held against any. "
        "No score was changed."
    )
    return show_table(
        first,
        columns,
        caption=said if len(proposed) else "",
        empty=said if len(proposed) else NOTHING_PROPOSED,
        folded=pd.concat([apart.iloc[SHOWN_FIRST:], rest]),
        folded_title=f"{say_count(len(proposed) - len(first), 'further figure')} beside scores",
    )


def say_questions(judgment: Judgment) -> list[str]:
    """Say what leadership should ask before it trusts the postures: contradictions, unsettled postures, gaps."""
    words, names = [], name_processes(judgment.case)
    found, sure = judgment.contradictions, judgment.acceptability.confidence
    if len(found):
        words.append(
            f"Have {say_count(len(found), 'contradiction')} in the scores answered; the questions stand below."
        )
    unsettled = sure.index[sure["is_unsettled"]]
    if len(unsettled):
        words.append(
            f"Settle {say_count(len(unsettled), 'posture')}, of {say_list(names[unsettled], 3)}: held in less than "
            f"{say_share(judgment.policy.confidence_floor)} of the draws of weights and scores."
        )
    return words


def show_contradictions(judgment: Judgment) -> Block:
    """Show the questions that answers raise, and which could not be looked for."""
    found = add_names(judgment, judgment.contradictions)
    found = found.assign(contradiction=found["contradiction"].str.capitalize())
    columns = [
        Shown("contradiction", "What does not go together"),
        Shown("process_name", "Process"),
        Shown("says", "Answered", "prose"),
        Shown("question", "Question", "prose"),
        Shown("asked", "To"),
    ]
    unasked = list_unasked(judgment.case)
    block = show_table(found, columns, empty="No answers were found that contradict one another.")
    columns = [Shown("contradiction", "Contradiction"), Shown("lacking", "Needs")]
    return block + fold_table(unasked, columns, "What could not be looked for")


def show_reversals(judgment: Judgment) -> Block:
    """Show whether leaving out a process turns the order of two others."""
    columns = [Shown(name, name.replace("_", " ").capitalize()) for name in ("index", "left_out", "first", "second")]
    return show_table(
        list_reversals(judgment.case, judgment.policy),
        columns,
        empty="Each process was left out in turn and the others scored again: no two of them change their order.",
    )
