"""What is asked of whom, by when, and what happens if it is not done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.pack.answers import list_savings
from sourcing.pack.block import Block, Shown, show_table
from sourcing.pack.decision import TOPIC_NAMES, list_decisions, list_questions
from sourcing.pack.spine.due import FIRST_MOVE, ITS_MOVE, say_due
from sourcing.pack.spine.recommendation import find_leaving
from sourcing.pack.uncertainty import find_first_question
from sourcing.pack.wording import (
    NOTHING,
    call_bans,
    name_decider,
    name_owners,
    name_processes,
    say_about,
    say_count,
    say_day,
    say_list,
    say_money,
)
from sourcing.plan import sum_measure
from sourcing.program import date_months, find_waiting

if TYPE_CHECKING:
    from collections.abc import Collection

    from sourcing.decide import Decision
    from sourcing.program import Roadmap
    from sourcing.uncertainty import Study

NAMED, MOST = 3, 8
WORTH_ASKING = 0.01
"""Part of the plan's saving from which lifting a rule, or finding out a figure, is asked for (house rule)."""


class Ask(NamedTuple):
    """One thing asked for: of whom, what, by which day ("" for none), and what happens otherwise."""

    who: str
    what: str
    due: str
    otherwise: str


def list_asks(decision: Decision, study: Study, roadmap: Roadmap, register: pd.DataFrame) -> pd.DataFrame:
    """List what is asked of whom: to decide, to sign, to clear, to find out, to answer, to lift.

    Parameters
    ----------
    decision : Decision
    study : Study
    roadmap : Roadmap
    register : DataFrame
        From `program.list_register`.

    Returns
    -------
    DataFrame
        Columns who, what, due (a day, an event or ""), otherwise.
    """
    who = name_decider(decision.case)
    moves = list_decisions(decision)
    moves = moves[moves["moves"]]
    if moves.empty:
        rows = [Ask(who, "Confirm that everything stays as it is.", "", "Nothing changes.")]
    else:
        start = say_due(roadmap.moves["start"].min(), roadmap, FIRST_MOVE)
        rows = [_ask_approval(decision, study, len(set(moves["process"])), start, who)]
        rows += _ask_signatures(roadmap)
        rows += _ask_conditions(roadmap, who)
        rows += _ask_clearing(register, roadmap)
        rows += _ask_owners(decision, set(moves["process"]), start, who)
    rows += _ask_lifting(decision, start if len(moves) else "")
    rows += _ask_figures(study)
    rows += _ask_answers(decision)
    return pd.DataFrame(rows, columns=pd.Index(Ask._fields))


def _ask_approval(decision: Decision, study: Study, count: int, start: str, who: str) -> Ask:
    currency, unit = decision.case.unit["currency"], decision.case.unit
    one_off = sum_measure(decision.plan, "one_off_cost")
    saving = sum_measure(decision.as_is, "cash_cost") - sum_measure(decision.plan, "cash_cost")
    delay = float(study.waiting["delay"].iloc[0]) if len(study.waiting) else np.nan
    if np.isfinite(delay) and delay > NOTHING:
        otherwise = f"A wave later costs {say_money(delay, currency)}."
    elif saving > NOTHING:
        end = say_day(date_months(unit, 12.0 * float(unit["horizon_years"])))
        low, high = study.saving.loc["cash", ["low", "high"]]
        otherwise = f"Today's delivery goes on, {say_about(saving, low, high, currency)} dearer until {end}."
    else:
        otherwise = "Today's delivery goes on."
    spent = f" and {say_money(one_off, currency)} of one-off spending" if one_off > NOTHING else ""
    rows = list_decisions(decision)
    gone = rows.loc[find_leaving(rows), "process"].nunique()
    kinds = f" ({say_count(gone, 'move')}, {count - gone} in place)" if 0 < gone < count else ""
    return Ask(who, f"Approve {say_count(count, 'change')}{kinds}{spent}.", start, otherwise)


def _ask_signatures(roadmap: Roadmap) -> list[Ask]:
    waiting = roadmap.signoffs[roadmap.signoffs["state"] != "signed"]
    asked = []
    for role, rows in waiting.groupby("role", sort=False):
        names = say_list(rows["process_name"].drop_duplicates(), NAMED)
        waves = sorted(set(rows.loc[rows["blocks"].astype(bool), "wave"]))
        otherwise = (
            f"Wave {say_list(map(str, waves))} does not start."
            if waves
            else "It starts without the word of those who answer to customers."
        )
        verb = "Sign off" if waves else "Agree to"
        due = say_due(rows["due"].min(), roadmap, ITS_MOVE)
        words = [f"“{each}”" for each in rows["condition"].drop_duplicates() if each]
        on_record = f" On record: {say_list(words, NAMED)}." if words else ""
        asked.append(Ask(str(role), f"{verb} the change of {names}.{on_record}", due, otherwise))
    return asked


def _ask_conditions(roadmap: Roadmap, who: str) -> list[Ask]:
    """Ask for what has been signed on a condition to be met."""
    signed = roadmap.signoffs[roadmap.signoffs["state"] == "signed"]
    asked = []
    for (role, condition), rows in signed[signed["condition"] != ""].groupby(["role", "condition"], sort=False):
        names = say_list(rows["process_name"].drop_duplicates(), NAMED)
        what = f"Meet what {role} signed {names} on: “{condition}”."
        asked.append(Ask(who, what, say_due(rows["start"].min(), roadmap, ITS_MOVE), "The signature does not hold."))
    return asked


def _ask_clearing(register: pd.DataFrame, roadmap: Roadmap) -> list[Ask]:
    return [
        Ask(
            say_list(name_owners(row["owners"], roadmap.decision.case), NAMED),
            f"Clear {say_list(row['assumptions'], NAMED)}.",
            say_due(row["start"], roadmap, ITS_MOVE),
            f"Wave {row['wave']} does not start.",
        )
        for row in find_waiting(register).to_dict("records")
    ]


def _ask_owners(decision: Decision, moving: Collection[str], start: str, who: str) -> list[Ask]:
    """Ask for who answers for the benefit of each change, where the case names nobody."""
    processes = decision.case.processes
    unowned = processes.loc[processes["process"].isin(moving) & (processes["benefit_owner"] == ""), "name"]
    if unowned.empty:
        return []
    named = "each change" if len(unowned) == len(moving) else say_list(unowned, NAMED)
    return [Ask(who, f"Name who answers for the benefit of {named}.", start, "Nobody does.")]


def _ask_lifting(decision: Decision, start: str) -> list[Ask]:
    """Ask the owner of the dearest rule or ban whether it is worth its price."""
    savings, currency = list_savings(decision), decision.case.unit["currency"]
    saved = sum_measure(decision.as_is, "cash_cost") - sum_measure(decision.plan, "cash_cost")
    if savings.empty:
        return []
    first = savings.iloc[0]
    if first["saving_lower"] < max(NOTHING, WORTH_ASKING * abs(saved)):
        return []
    rules = set(decision.plan.rules["belongs_to"])
    called = [f"{'' if name in rules else 'the ban '}“{call_bans(name)}”" for name in first["lifted"]]
    price = say_money(first["saving_lower"], currency)
    who = say_list(name_owners(first["owners"], decision.case), NAMED)
    return [
        Ask(
            who,
            f"Say whether {say_list(called)} is worth {price} of cash and losses.",
            start,
            "It stays, at that price.",
        )
    ]


def _ask_figures(study: Study) -> list[Ask]:
    found = find_first_question(study)
    if found is None:
        return []
    what, owner, worth = found
    if worth < WORTH_ASKING * abs(float(study.saving.at["cash", "mean"])):
        return []
    price = say_money(worth, study.decision.case.unit["currency"])
    who = say_list(name_owners([owner], study.decision.case), NAMED)
    return [Ask(who, f"{what}.", "", f"Knowing it in time is worth up to {price}.")]


def _ask_answers(decision: Decision) -> list[Ask]:
    questions, odd, unit = list_questions(decision), len(decision.case.warnings), decision.case.unit
    who = unit["author"] or "whoever prepared the case"
    names = name_processes(decision.case)
    postures = decision.judgment.postures
    unscored = names[postures.index[postures["posture"] == "unscored"]]
    parts = []
    if len(questions):
        topics = say_list([TOPIC_NAMES[topic] for topic in questions["topic"].unique()], NAMED)
        parts.append(f"{say_count(len(questions), 'question')} about this plan ({topics})")
    if odd:
        parts.append(f"{say_count(odd, 'odd entry', 'odd entries')} of the tables")
    asked = [Ask(who, f"Answer {say_list(parts)}.", "", "The plan takes them as they stand.")] if parts else []
    if len(unscored):
        asked.append(Ask(who, f"Have {say_list(unscored, NAMED)} scored.", "", "It stays as today, whatever it costs."))
    return asked


def show_asks(decision: Decision, study: Study, roadmap: Roadmap, register: pd.DataFrame) -> Block:
    """Show the decisions asked for: who, what, by when, what happens otherwise; the first MOST, the others folded."""
    asks = list_asks(decision, study, roadmap, register)
    rest = asks.iloc[MOST:]
    columns = [
        Shown("who", "Who"),
        Shown("what", "Is asked to", "prose"),
        Shown("due", "By", "short"),
        Shown("otherwise", "Otherwise", "prose"),
    ]
    title = say_count(len(rest), "more is asked", "more are asked")
    days = "" if roadmap.has_calendar else " The case has no calendar: days are told by the move that waits for them."
    return show_table(
        asks.head(MOST), columns, caption=f"What is asked.{days}", folded=rest, folded_title=title, is_stacked=True
    )
