"""What bars alternatives, in words: each ban's name, its reason, and what it does in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.assess import COMPETITOR, GATE, RIVAL
from sourcing.decide import explain_ban

if TYPE_CHECKING:
    import pandas as pd

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
CAUSES = {
    "posture": "its posture",
    "unscored": "too few scores",
    "readiness": "too little readiness",
    "calendar": "the horizon",
}
"""Kind of a ban -> what a sentence blames in place of its name."""


def call_bans(names: str) -> str:
    """Call bans by their names in words; `names` are one or more, joined by "; ".

    Examples
    --------
    >>> call_bans("personal_data_stays; posture")
    'personal data stays; posture'
    """
    return names.replace("_", " ")


def say_ban(name: str, case: Case) -> str:
    """Say why a ban bars: the reason that a veto gives, else that of its kind; "" for what is no ban.

    Examples
    --------
    >>> from sourcing import load_case
    >>> say_ban("readiness", load_case("data/tiny", "beta"))
    'Less ready than policy asks of a process that moves.'
    """
    if " + " in name:
        return "These bar the same options: each by itself opens none that another still bars."
    ban = explain_ban(name, case)
    return ban.reason or REASONS.get(ban.kind, "")


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
    return CAUSES.get(explain_ban(name, case).kind, f"the ban '{call_bans(name)}'")


def list_bans_behind(name: str, alternatives: pd.DataFrame) -> list[str]:
    """List the bans behind the lock of a process, by name; none for what is no lock."""
    process = name.removeprefix("lock: ")
    rows = alternatives["process"].astype(str) == process
    barred = "; ".join(alternatives.loc[rows, "barred_by"]) if process != name else ""
    return sorted({each for each in barred.split("; ") if each})
