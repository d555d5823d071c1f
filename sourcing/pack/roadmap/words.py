"""Sentences of the road map: findings that title charts, and answers on top of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.pack.wording import (
    NOTHING,
    call_places,
    capitalize,
    name_processes,
    say_count,
    say_day,
    say_list,
    say_money,
)
from sourcing.program import AT_LAST, AT_ONCE, BEST, FREE

if TYPE_CHECKING:
    from sourcing.program import Roadmap

NO_MOVES = "Nothing moves: every process stays as it is, so that there is no program to run."
SMALLEST = 0.05
"""People below which there are none."""
KINDS = {"executive_meeting": "executive meeting", "forecast": "forecast", "key_person": "key person"}
SUBJECTS = {"as_is": "the picture of today", "to_be": "the picture of what comes", "move": "the move"}
ORDER_NAMES = {
    "planned": "This plan",
    BEST: "The best order under all rules",
    FREE: "The best order if hours and budgets of waves were no limit",
    AT_ONCE: "Everything at once, in the first open wave",
    AT_LAST: "Everything as late as the calendar lets it",
}


def say_program(roadmap: Roadmap) -> list[str]:
    """Say how many processes move when, what must be funded, when it is back, and what holds it up."""
    moves = roadmap.moves
    if moves.empty:
        return [NO_MOVES]
    number, waves = moves["process"].nunique(), moves["wave"].nunique()
    said = [
        f"{say_count(number, 'process', 'processes')} {'moves' if number == 1 else 'move'} in "
        f"{say_count(waves, 'wave')} from {say_day(moves['start'].min())}; the last goes live on "
        f"{say_day(moves['go_live'].max())}."
    ]
    if not roadmap.has_calendar:
        said.append(
            "The case has no calendar: every move starts on the valuation date, and waves are told from the quarters "
            "in which moves go live. The table calendar lets the plan choose when each one starts."
        )
    return [*said, *say_money_back(roadmap), *say_overload(roadmap), *say_blocked(roadmap)]


def say_money_back(roadmap: Roadmap) -> list[str]:
    """Say the peak of cash and the day of break-even, each with its range."""
    curve, currency = roadmap.curve, roadmap.decision.case.unit["currency"]
    if roadmap.moves.empty:
        return []
    low, high = (say_money(amount, currency) for amount in (curve.peak_low, curve.peak_high))
    if curve.peak_cash < NOTHING:
        return ["At no quarter's end is more paid than keeping everything as it is would have cost."]
    ranged = f" ({low} to {high} in eight of ten outcomes)" if low != high else ""
    peak = f"At most {say_money(curve.peak_cash, currency)}{ranged} is out, in {curve.peak:%B %Y}"
    if pd.isna(curve.break_even):
        return [f"{peak}; it is not earned back within the horizon."]
    back = f"{peak}; it is earned back by {say_day(curve.break_even)}"
    return [f"{back}{_say_break_even(curve.break_even_low, curve.break_even_high)}."]


def _say_break_even(low: pd.Timestamp, high: pd.Timestamp) -> str:
    if pd.isna(low) or low == high:
        return ""
    if pd.isna(high):
        return f", not before {say_day(low)} in nine of ten outcomes, and in more than one of ten not at all"
    return f", between {say_day(low)} and {say_day(high)} in eight of ten outcomes"


def say_overload(roadmap: Roadmap) -> list[str]:
    """Say in which quarters waves that overlap ask for more hours than there are."""
    over = roadmap.load[roadmap.load["is_over"]]
    if over.empty:
        return []
    beyond = over["knowledge_transfer_hours"] - over["capacity_hours"].fillna(0.0)
    worst = over.loc[beyond.sort_values(ascending=False, kind="stable").index]
    quarters = [
        f"{row['knowledge_transfer_hours']:,.0f} hours of own experts where there are {row['capacity_hours']:,.0f}, in "
        f"the quarter from {row['name']}"
        for row in worst.to_dict("records")
    ]
    return [f"Each wave keeps its own hours, but waves overlap: knowledge transfer asks for {say_list(quarters, 3)}."]


def say_blocked(roadmap: Roadmap) -> list[str]:
    """Say which waves wait for a sign-off, or that sign-offs are still to be asked for."""
    blocked, names = roadmap.blocked, name_processes(roadmap.decision.case)
    said = []
    for wave in blocked.to_dict("records"):
        processes = say_list([names[each] for each in wave["processes"]], 3)
        verb = "is blocked: a sign-off was refused" if wave["refused"] else "is blocked until it is signed off"
        said.append(f"Wave {wave['wave']} {verb} ({processes}, by {say_list(wave['roles'], 3)}).")
    asked = roadmap.signoffs[~roadmap.signoffs["blocks"] & (roadmap.signoffs["state"] != "signed")]
    if len(asked):
        count = asked["process"].nunique()
        said.append(
            f"{say_count(count, 'move touches', 'moves touch')} customers, and nobody who faces them is on record as "
            "having agreed: ask before the wave starts (table signoffs)."
        )
    return said


def say_workforce(redundancies: pd.DataFrame) -> str:
    """Say how many redundancies are left whatever is done, and for how many redeployed people there is no work."""
    first = redundancies.iloc[0]
    if first["redundant"] < SMALLEST:
        return "Nobody of the unit's own staff has to leave: there is other work for all."
    said = f"If nobody left by themselves, {first['redundant']:,.0f} own people would have to leave their processes"
    paid = f"the plan pays severance for {first['paid']:,.0f}"
    none = redundancies[redundancies["redundant"] < SMALLEST]
    enough = f" At a turnover of {none['turnover'].iloc[0]:.0%} a year nobody would have to." if len(none) else ""
    if first["unplaced"] < SMALLEST:
        return f"{said}; {paid}.{enough}"
    return f"{said}; {paid} and counts on work elsewhere in the unit for {first['unplaced']:,.0f}.{enough}"


def say_orders(roadmap: Roadmap) -> str:
    """Say what the order of moves is worth."""
    table, currency = roadmap.orders.set_index("order"), roadmap.decision.case.unit["currency"]
    if roadmap.moves.empty:
        return NO_MOVES
    if not roadmap.has_calendar:
        return (
            "Everything starts at once, on the valuation date: without the table calendar there is no order to choose, "
            "and nothing that it could be held against."
        )
    said = []
    if BEST in table.index:
        lost = -float(table.at[BEST, "extra_cost"])
        said.append(
            "No order of these moves that keeps every rule costs less than this one."
            if lost < NOTHING
            else f"A better order of the same moves would save {say_money(lost, currency)}."
        )
    if AT_ONCE in table.index:
        extra, breaks = float(table.at[AT_ONCE, "extra_cost"]), table.at[AT_ONCE, "breaks"]
        worth = (
            f"Starting everything at once would cost {say_money(extra, currency)} more"
            if extra >= NOTHING
            else f"Starting everything at once would cost {say_money(-extra, currency)} less"
            if extra <= -NOTHING
            else "Starting everything at once would cost the same"
        )
        said.append(f"{worth}, but it breaks {say_list([f'“{rule}”' for rule in breaks])}." if breaks else f"{worth}.")
    if FREE in table.index and -float(table.at[FREE, "extra_cost"]) >= NOTHING:
        said.append(
            f"Hours and budgets of the waves cost {say_money(-float(table.at[FREE, 'extra_cost']), currency)}: that is "
            "what more capacity could be worth."
        )
    if AT_LAST in table.index and float(table.at[AT_LAST, "extra_cost"]) >= NOTHING:
        said.append(f"Waiting for the last wave would cost {say_money(table.at[AT_LAST, 'extra_cost'], currency)}.")
    return " ".join(said)


def call_place(owner: str, country: str, roadmap: Roadmap) -> str:
    """Call an owner in a country: own staff, Germany."""
    named = call_places(pd.Series([country]), roadmap.decision.case).iloc[0]
    return f"{'own staff' if owner == 'own' else owner}, {named}"


def say_states(roadmap: Roadmap) -> str:
    """Say in a title how much of the work changes owner or country."""
    flows, currency = roadmap.flows, roadmap.decision.case.unit["currency"]
    people, away = flows["people"].sum(), _changes(flows)
    if not flows["moves"].any():
        return "Nothing moves"
    share = flows.loc[away, "people"].sum() / people if people > 0 else 0.0
    saved = float(flows["from_cost"].sum() - flows["cost"].sum())
    told = f"{share:.0%} of the people's work changes owner or country" if away.any() else "All work stays where it is"
    turn = "less" if saved >= 0 else "more"
    return f"{told}; a steady year costs {say_money(abs(saved), currency)} {turn}"


def _changes(flows: pd.DataFrame) -> pd.Series:
    return (flows["owner"] != flows["from_owner"]) | (flows["country"] != flows["from_country"])


def say_drift(finding: dict[str, Any]) -> str:
    """Say one finding about what was agreed for after the signature."""
    kind, provider = KINDS[finding["kind"]], finding["provider"]
    count, of = int(finding["count"]), int(finding["of"])
    if finding["finding"] == "missed":
        since = say_day(finding["day"])
        return f"{count} of {say_count(of, kind)} with {provider} did not happen, the first planned for {since}."
    if finding["finding"] == "late":
        days = say_count(round(finding["days"]), "day")
        return f"{count} of {say_count(of, kind)} with {provider} came late, by {days} on average."
    if finding["finding"] == "left":
        return f"{capitalize(finding['subject'] or 'a key person')} of {provider} left on {say_day(finding['day'])}."
    if finding["finding"] == "yearly":
        rare = "once only" if np.isinf(finding["days"]) else f"{say_count(round(finding['days']), 'day')} apart"
        return f"Executive meetings with {provider} are planned {rare}: review more often than once a year."
    return f"No executive meeting with {provider} is planned, whose work the plan relies on."


def say_entry(entry: dict[str, Any], roadmap: Roadmap) -> tuple[str, str]:
    """Give title and description of a day of the program."""
    names = name_processes(roadmap.decision.case)
    process = names.get(entry["process"], entry["process"])
    wave, provider = entry["wave"], entry["provider"]
    if entry["kind"] == "wave starts":
        return f"Wave {wave} starts", f"{say_count(entry['number'], 'move starts', 'moves start')} knowledge transfer."
    if entry["kind"] == "go-live":
        return f"Go-live: {process}", f"{entry['subject']}, wave {wave}."
    if entry["kind"] == "review":
        owners = f" With {say_list(entry['subject'].split('; '), 9)}." if entry["subject"] else ""
        asked = "Meetings held, forecasts delivered, key people still there, benefits against plan."
        return f"Review {entry['number']} of the program", f"{asked}{owners}"
    if entry["kind"] == "sign-off":
        return f"Sign-off due: {process}", f"By {entry['role']}, on {SUBJECTS[entry['subject']]}, before wave {wave}."
    if entry["kind"] == "mend":
        return f"To mend: {entry['subject']}", f"By {entry['role']}."
    if entry["kind"] == "clear":
        before = f", before wave {wave} starts" if wave else ""
        return f"To find out: {entry['subject']}", f"By {entry['role']}{before}."
    return f"{provider}: {entry['subject']}", "Promised for after the signature."
