"""The bans of a unit as locks, each with its name, its owner and whether it can be lifted, so that it can be priced."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sourcing.assess import COMPETITOR, GATE, LATE, RIVAL

if TYPE_CHECKING:
    from sourcing.case import Case
    from sourcing.plan import Plan

LAW = "statutory"
LATE_LIVE = "goes live after the horizon"
SERVICE = "service "
"""Begins the name of a ban on what cannot give what a service needs."""
OF_POLICY = frozenset({"posture", "unscored", "readiness", GATE, "partnership", COMPETITOR, RIVAL})
"""Bans that policy sets, by name, beside those of services and of the calendar."""


class Ban(NamedTuple):
    """What is known of a ban.

    Attributes
    ----------
    kind : str
        veto, lock, service, calendar, the name of a ban of policy, or "" for what is no ban.
    owner : str
        Who can lift it.
    may_lift : bool
        Whether it can be lifted at all: not the law, not the calendar.
    reason : str
        In the words of who wrote the veto or the lock; "" for other kinds.
    """

    kind: str
    owner: str
    may_lift: bool
    reason: str = ""


def explain_ban(name: str, case: Case) -> Ban:
    """Explain a ban by its name, with or without the ending of what comes too late for its date.

    Examples
    --------
    >>> from sourcing import load_case
    >>> explain_ban("readiness", load_case("data/tiny", "beta"))
    Ban(kind='readiness', owner='policy', may_lift=True, reason='')
    >>> explain_ban("personal_data_stays", load_case("data/tiny", "beta"))[:3]
    ('veto', 'privacy officer', True)
    """
    vetoes = case.vetoes.set_index("veto")
    plain = name.removesuffix(LATE)
    if plain in vetoes.index:
        row = vetoes.loc[[plain]].iloc[0]
        return Ban("veto", str(row["owner"]), bool(row["reason_code"] != LAW), str(row["reason"]))
    locks = case.locks.set_index("lock")
    if name in locks.index:
        row = locks.loc[[name]].iloc[0]
        return Ban("lock", str(row["owner"]), may_lift=True, reason=str(row["reason"]))
    if plain == LATE_LIVE:
        return Ban("calendar", "policy", may_lift=False)
    kind = "service" if plain.startswith(SERVICE) else plain if plain in OF_POLICY else ""
    return Ban(kind, "policy" if kind else "", may_lift=True)


def list_broken_locks(plan: Plan, case: Case) -> list[str]:
    """List the locks that bar what a plan chooses: none in one that was solved under them."""
    bans = "; ".join(plan.choices["barred_by"]).split("; ")
    return [name for name in case.locks["lock"] if name in bans]


def list_broken_bans(plan: Plan, alternatives: pd.DataFrame) -> list[str]:
    """List the bans of some alternatives that a plan of another question does not keep, sorted.

    Parameters
    ----------
    plan : Plan
    alternatives : DataFrame
        With barred_by as they hold; what of the plan is none of these is left out.
    """
    keys = [name for name in ("process", "option", "wave") if name in alternatives and name in plan.choices]
    chosen = plan.choices[keys].merge(alternatives[[*keys, "barred_by"]].drop_duplicates(keys), on=keys)
    return sorted({*"; ".join(chosen["barred_by"]).split("; ")} - {""})


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
        process, option, wave where there are waves, kind (bar), name (of the ban), owner, reason (of a veto or a
        lock, "" for other bans), for_sale (False where the law bars, or the calendar does).
    """
    keys = [name for name in ("process", "option", "wave") if name in alternatives]
    rows = alternatives.loc[alternatives["barred_by"] != "", [*keys, "barred_by"]]
    rows = rows.assign(kind="bar", name=rows["barred_by"].str.split("; ")).explode("name", ignore_index=True)
    explained = {name: explain_ban(name, case) for name in rows["name"].unique()}
    told = pd.DataFrame.from_dict(explained, orient="index", columns=list(Ban._fields))
    told = told.rename(columns={"may_lift": "for_sale"})
    return rows.drop(columns="barred_by").join(told[["owner", "reason", "for_sale"]], on="name")
