"""What bars alternatives, in words: each ban's name, its reason, and what it does in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.assess import COMPETITOR, GATE, RIVAL
from sourcing.decide import explain_ban
from sourcing.pack.wording.names import MODEL_NAMES, name_processes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case import Case

REASONS = {
    "posture": "Core and not commoditized: outside providers do not fit this posture.",
    "unscored": "Too little is scored to say where the process stands.",
    "readiness": "Less ready than policy asks of a process that moves.",
    GATE: "The unit is less ready than policy asks for new transfers to outside owners.",
    "partnership": "The owner is scored lower as a partner than policy asks for new work.",
    COMPETITOR: "The owner competes with the unit.",
    RIVAL: "The owner serves a rival, and the work holds customer data.",
    "calendar": "The move would not be finished within the horizon.",
    "service": "It cannot give what the service needs.",
}
"""Kind of a ban that is no veto -> its reason; a veto brings its own."""
CALLED = {"unscored": "too few scores"}
"""Kind of a ban whose name says too little -> what it is called."""
CAUSES = CALLED | {
    "posture": "its posture",
    "readiness": "too little readiness",
    "calendar": "the horizon",
}
"""Kind of a ban -> what a sentence blames in place of its name."""


def call_bans(names: str) -> str:
    """Call bans by their names in words; `names` are one or more, joined by "; ".

    Examples
    --------
    >>> call_bans("personal_data_stays; unscored")
    'personal data stays; too few scores'
    """
    called = [" + ".join(CALLED.get(name, name) for name in group.split(" + ")) for group in names.split("; ")]
    return "; ".join(called).replace("_", " ")


def say_ban(name: str, case: Case) -> str:
    """Say why a ban bars: what a lock asks and the reason that it or a veto gives, else that of its kind.

    "" for what is no ban.

    Examples
    --------
    >>> from sourcing import load_case
    >>> say_ban("readiness", load_case("data/tiny", "beta"))
    'Less ready than policy asks of a process that moves.'
    """
    if " + " in name:
        return "These bar the same options: each by itself opens none that another still bars."
    ban = explain_ban(name, case)
    if ban.kind == "lock":
        return f"{say_lock(case.locks.set_index('lock').loc[name].to_dict(), case)}. {ban.reason}"
    return ban.reason or REASONS.get(ban.kind, "")


def say_lock(lock: Mapping[str, Any], case: Case) -> str:
    """Say what a lock asks.

    Parameters
    ----------
    lock : mapping
        A row of the table locks.
    case : Case
        One unit, for names.

    Examples
    --------
    >>> from sourcing import load_case
    >>> alpha, any_way = load_case("data/tiny", "alpha"), {"option": "", "delivered_by": "", "delivery_model": ""}
    >>> lock = any_way | {"process": "help_desk", "kind": "only", "from_wave": 3.0, "until_wave": None}
    >>> say_lock(lock | {"delivered_by": "DeskCo"}, alpha)
    'Help desk: only by DeskCo, starts only from wave 3 on'
    >>> say_lock(lock | {"process": "", "kind": "never", "delivery_model": "offshore", "until_wave": 4.0}, alpha)
    'All processes: never offshore with a start in waves 3 to 4'
    """
    who = name_processes(case).get(lock["process"], "All processes")
    ways = [lock["option"] and f"as {lock['option']}", lock["delivered_by"] and f"by {lock['delivered_by']}"]
    how = " ".join(way for way in (*ways, MODEL_NAMES.get(lock["delivery_model"], "")) if way)
    span = _say_waves(lock["from_wave"], lock["until_wave"])
    if lock["kind"] == "never":
        said = f"never {how} with a start {span}" if how and span else f"never {how}" if how else f"no start {span}"
        return f"{who}: {said}"
    return f"{who}: {', '.join([*[f'only {how}'] * bool(how), *[f'starts only {span}'] * bool(span)])}"


def _say_waves(first: Any, last: Any) -> str:
    """Say a range of waves whose ends may be open; "" for all waves."""
    if pd.isna(first) and pd.isna(last):
        return ""
    if pd.isna(last):
        return f"from wave {first:g} on"
    if pd.isna(first):
        return f"up to wave {last:g}"
    return f"in wave {first:g}" if first == last else f"in waves {first:g} to {last:g}"


def say_bans(names: list[str], case: Case) -> str:
    """Say bans with their reasons, and which nobody can lift."""
    return "; ".join(
        f"{call_bans(name)}: {say_ban(name, case).rstrip('.')}"
        + ("" if explain_ban(name, case).may_lift else " (cannot be lifted)")
        for name in names
    )


def say_cause(name: str, case: Case) -> str:
    """Say what a ban is within a sentence.

    Examples
    --------
    >>> from sourcing import load_case
    >>> [say_cause(name, load_case("data/tiny", "beta")) for name in ("posture", "personal_data_stays")]
    ['its posture', "the ban 'personal data stays'"]
    """
    kind = explain_ban(name, case).kind
    return CAUSES.get(kind, f"the {'lock' if kind == 'lock' else 'ban'} '{call_bans(name)}'")


def list_bans_behind(name: str, alternatives: pd.DataFrame) -> list[str]:
    """List the bans behind the lock of a process, by name; none for what is no lock."""
    process = name.removeprefix("lock: ")
    rows = alternatives["process"].astype(str) == process
    barred = "; ".join(alternatives.loc[rows, "barred_by"]) if process != name else ""
    return sorted({each for each in barred.split("; ") if each})
