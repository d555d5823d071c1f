"""The bans of a unit as locks, each with its name, owner and reason, so that it can be priced by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess import COMPETITOR, GATE, LATE, RIVAL

if TYPE_CHECKING:
    from sourcing.case import Case

LAW = "statutory"
LATE_LIVE = "goes live after the horizon"
SERVICE = "service "
"""Begins the name of a ban on what cannot give what a service needs."""
OF_POLICY = {
    "posture": "Core and not commoditized: outside providers do not fit this posture.",
    "unscored": "Too little is scored to say where the process stands.",
    "readiness": "Less ready than policy asks of a process that moves.",
    GATE: "The unit is less ready than policy asks for new transfers to outside owners.",
    "partnership": "The owner is scored lower as a partner than policy asks for new work.",
    COMPETITOR: "The owner competes with the unit.",
    RIVAL: "The owner serves a rival, and the work holds customer data.",
    LATE_LIVE: "The move would not be finished within the horizon.",
}
"""What bars beside vetoes, and its reason; its owner is policy."""


def explain_ban(name: str, case: Case) -> tuple[str, str, bool]:
    """Give the reason of a ban, who can lift it, and whether it can be lifted at all (not the law, not the calendar).

    Examples
    --------
    >>> from sourcing import load_case
    >>> explain_ban("readiness", load_case("data/tiny", "beta"))
    ('Less ready than policy asks of a process that moves.', 'policy', True)
    >>> explain_ban("personal_data_stays", load_case("data/tiny", "beta"))[1:]
    ('privacy officer', True)
    """
    vetoes = case.vetoes.set_index("veto")
    veto = name.removesuffix(LATE)
    if veto in vetoes.index:
        row = vetoes.loc[[veto]].iloc[0]
        return str(row["reason"]), str(row["owner"]), bool(row["reason_code"] != LAW)
    if name.startswith(SERVICE):
        return "It cannot give what the service needs.", "policy", True
    return OF_POLICY.get(name, ""), "policy" if name in OF_POLICY else "", name != LATE_LIVE


def list_bars(alternatives: pd.DataFrame, case: Case) -> pd.DataFrame:
    """List the locks that keep barred alternatives out, one row per alternative and ban.

    Parameters
    ----------
    alternatives : DataFrame
        From `build_alternatives`.
    case : Case
        One unit.

    Returns
    -------
    DataFrame
        process, option, wave where there are waves, kind (bar), name (of the ban), owner, reason, for_sale (False
        where the law bars, or the calendar does).
    """
    keys = [name for name in ("process", "option", "wave") if name in alternatives]
    rows = alternatives.loc[alternatives["barred_by"] != "", [*keys, "barred_by"]]
    rows = rows.assign(kind="bar", name=rows["barred_by"].str.split("; ")).explode("name", ignore_index=True)
    explained = {name: explain_ban(name, case) for name in rows["name"].unique()}
    told = pd.DataFrame.from_dict(explained, orient="index", columns=["reason", "owner", "for_sale"])
    return rows.drop(columns="barred_by").join(told[["owner", "reason", "for_sale"]], on="name")
