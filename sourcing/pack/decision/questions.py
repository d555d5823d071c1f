"""What to ask before a plan is relied on: each doubt as a question, its figure, why it matters and where to look."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.decide import list_doubts
from sourcing.pack.block import Block, Shown, show_table
from sourcing.pack.wording import name_options, name_processes, say_count, say_list, say_money, say_number, say_share

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcing.decide import Decision

NAMED = 3
"""Topics that one sentence names."""
QUESTION_COLUMNS = ["topic", "process", "process_name", "question", "figure", "why", "where"]
NOTHING_ODD = (
    "Nothing about this plan looks odd: no price, head count, place, owner or staffing passes a limit from which it is "
    "asked about."
)


def list_questions(decision: Decision) -> pd.DataFrame:
    """List what to ask about a plan before it is relied on, the most important first.

    Returns
    -------
    DataFrame
        One row per doubt of `decide.list_doubts`: topic, process ("" where it is about the unit), process_name,
        question, figure, why and where to look, all four in words.
    """
    names, options = name_processes(decision.case), name_options(decision.alternatives)
    rows = []
    for doubt in list_doubts(decision).to_dict("records"):
        process, owner = names.get(doubt["process"], ""), doubt["owner"]
        option = options.get((doubt["process"], doubt["option"]), "")
        told = {**doubt, "name": process, "called": option, "owner": owner, "currency": decision.case.unit["currency"]}
        rows.append(
            {
                "topic": doubt["topic"],
                "process": doubt["process"],
                "process_name": process,
                **ASKED[doubt["topic"]](told),
            }
        )
    return pd.DataFrame(rows, columns=pd.Index(QUESTION_COLUMNS))


def say_doubts(questions: pd.DataFrame) -> list[str]:
    """Say how many questions there are and what the first are about; nothing where there are none.

    Parameters
    ----------
    questions : DataFrame
        From `list_questions`.

    Examples
    --------
    >>> asked = pd.DataFrame({"topic": ["core, abroad", "core, abroad", "short of the peak"]})
    >>> say_doubts(asked)
    ['Have 3 questions about this plan answered, listed below: core work abroad and staffing short of its peak.']
    """
    if questions.empty:
        return []
    topics = [TOPIC_NAMES[topic] for topic in dict.fromkeys(questions["topic"])]
    count = say_count(len(questions), "question")
    return [f"Have {count} about this plan answered, listed below: {say_list(topics, NAMED)}."]


def show_questions(decision: Decision) -> Block:
    """Show what to ask before the plan is relied on: the first question of each topic, the others folded."""
    questions = list_questions(decision)
    columns = [
        Shown("process_name", "Process"),
        Shown("question", "Question", "prose"),
        Shown("figure", "Figure", "prose"),
        Shown("why", "Why it matters", "prose"),
        Shown("where", "Where to look", "prose"),
    ]
    is_further = questions.duplicated("topic")
    first, rest = questions[~is_further], questions[is_further]
    return show_table(
        first,
        columns,
        caption="Limits from which something is asked about are house rules; none of the answers is taken for granted.",
        empty=NOTHING_ODD,
        folded=rest,
        folded_title=say_count(len(rest), "further question"),
        is_stacked=True,
    )


def _ask_month(doubt: dict[str, Any]) -> dict[str, str]:
    own, usual = (say_money(doubt[name], doubt["currency"]) for name in ("figure", "compared"))
    return {
        "question": f"Is the price of {doubt['called']} that of a month? It was taken as that of a year.",
        "figure": f"{own} a year; the other options cost {usual} in the middle.",
        "why": "Twelve times it would be about what the others cost.",
        "where": "Table options or quotes: the price of this option.",
    }


def _ask_reference(doubt: dict[str, Any]) -> dict[str, str]:
    own, usual = (say_number(round(doubt[name])) for name in ("figure", "compared"))
    times = f"{doubt['number']:.2g} times"
    return {
        "question": f"Is what a head of {doubt['called']} costs in the right currency, year and unit?",
        "figure": f"{own} a head and year, {times} the published figure ({usual}), in the money it was typed in.",
        "why": "A figure so far from the published one decides by itself.",
        "where": "Table options: labor cost and price; the process's head count.",
    }


def _ask_heads(doubt: dict[str, Any]) -> dict[str, str]:
    others = (
        ""
        if math.isnan(doubt["compared"])
        else f"; the unit's other processes: {say_number(doubt['compared'])} in the middle"
    )
    return {
        "question": f"Do so many people work on {doubt['name']}?",
        "figure": f"{say_number(round(doubt['figure']))} full-time equivalents{others}.",
        "why": "Every amount per head is multiplied by it, and it outweighs the other processes.",
        "where": "Table processes: headcount_fte.",
    }


def _ask_spot(doubt: dict[str, Any]) -> dict[str, str]:
    return {
        "question": f"How is {doubt['name']} done from there?",
        "figure": f"{say_number(doubt['figure'])} people; {doubt['called']}.",
        "why": "Work of its occupation is done on the spot: in person, or on a thing that is here.",
        "where": "Table processes: is_place_bound says whether it can be done from elsewhere.",
    }


def _ask_core(doubt: dict[str, Any]) -> dict[str, str]:
    return {
        "question": f"Is it meant that {doubt['name']}, which is core, leaves the country?",
        "figure": f"Core fit {doubt['figure']:.2f}, core from {doubt['compared']:.2f}; {doubt['called']}.",
        "why": "Posture speaks of owners, not of places: nothing weighs the distance to those who decide.",
        "where": "Scores of core competency; a veto on work abroad keeps it at home.",
    }


def _ask_saving(doubt: dict[str, Any]) -> dict[str, str]:
    moves, money = say_count(int(doubt["number"]), "move"), say_money(doubt["stake"], doubt["currency"])
    return {
        "question": f"Which of your own figures can stand in? {doubt['name']} first.",
        "figure": f"{say_share(doubt['figure'])} of the saving, {money}, in {moves}.",
        "why": "There a running cost, today's or planned, is a published or assumed figure.",
        "where": "Section on figures that are not the unit's own; table options: labor cost and price.",
    }


def _ask_owner(doubt: dict[str, Any]) -> dict[str, str]:
    moves, heads = say_count(int(doubt["number"]), "move"), say_number(round(doubt["compared"]))
    money = say_money(doubt["stake"], doubt["currency"])
    return {
        "question": f"What if {doubt['owner']} fails, or asks for more?",
        "figure": f"{moves}, {say_share(doubt['figure'])} of all, with {heads} people and {money} in cash.",
        "why": "Work at one owner fails together and is priced again together.",
        "where": "A rule for each owner limits it; table providers: capacity.",
    }


def _ask_peak(doubt: dict[str, Any]) -> dict[str, str]:
    own, peak, usual = (say_number(round(doubt[name], 1)) for name in ("figure", "compared", "number"))
    is_short = doubt["figure"] < doubt["number"]
    return {
        "question": f"Who answers {'on an average day' if is_short else 'at the peak'} in {doubt['name']}?",
        "figure": f"{own} people; the average hour asks for {usual}, the peak for {peak}.",
        "why": "Today's cost is too low, or customers wait longer than stated."
        if is_short
        else "The plan pays for today's people, and for nothing at the peak.",
        "where": "Table capacity; peak_cover in options says how a peak is carried.",
    }


ASKED: dict[str, Callable[[dict[str, Any]], dict[str, str]]] = {
    "price for a month": _ask_month,
    "far from the reference": _ask_reference,
    "heads that stand out": _ask_heads,
    "on the spot, abroad": _ask_spot,
    "core, abroad": _ask_core,
    "saving on assumed figures": _ask_saving,
    "one owner, many moves": _ask_owner,
    "short of the peak": _ask_peak,
}
"""Topic of `decide.list_doubts` -> how it is asked."""
TOPIC_NAMES = {
    "price for a month": "a price that looks like that of a month",
    "far from the reference": "a cost a head far from published figures",
    "heads that stand out": "a head count that stands out",
    "on the spot, abroad": "work done on the spot that moves abroad",
    "core, abroad": "core work abroad",
    "saving on assumed figures": "savings on figures that are not the unit's own",
    "one owner, many moves": "one owner with many of the moves",
    "short of the peak": "staffing short of its peak",
}
"""Topic -> its name in a sentence."""
