"""Who has to agree before a move starts, who has, and which waves wait for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess import date_valuation

if TYPE_CHECKING:
    from sourcing.decide import Decision

LEAD_DAYS = 30
"""Days before the start of a wave by which its sign-offs are due (house rule)."""
FACES_CUSTOMER = "those who face the customer"
"""Role that is asked where a move touches customers and the case names nobody for it."""
SIGNED, OPEN, REFUSED, LATE, NOT_ASKED = "signed", "open", "refused", "signed too late", "not asked"
BLOCKING = (REFUSED, OPEN, LATE, NOT_ASKED)
SIGNOFF_COLUMNS = [
    "process", "process_name", "wave", "start", "role", "person_or_office", "subject", "faces_customer", "state", "due",
    "answered", "condition", "blocks",
]  # fmt: skip


def list_signoffs(decision: Decision, moves: pd.DataFrame) -> pd.DataFrame:
    """List the sign-offs that each move waits for, refused ones first.

    What is asked: every row of the table `signoffs` that names the process or every move; and where the process has
    customer contact, or is sold to customers, and no such row is of a role that faces the customer: the sign-off of
    such a role (not asked). A sign-off given after the wave has started came too late.

    Parameters
    ----------
    decision : Decision
    moves : DataFrame
        From `list_moves`.

    Returns
    -------
    DataFrame
        One row per move and sign-off, columns SIGNOFF_COLUMNS. state: signed, open, refused, signed too late, not
        asked; due: the day typed for an open one, else LEAD_DAYS before the wave starts but not before the valuation
        date; answered: day of the answer; blocks: whether the wave of the move has to wait, which it has not while the
        unit keeps no table of sign-offs.
    """
    case = decision.case
    given, today = case.signoffs, date_valuation(case.unit)
    processes = case.processes.set_index("process")
    touched = (processes["customer_contact_share"].fillna(0.0) > 0) | processes["sold_to_customers"].astype(bool)
    rows = []
    for move in moves.drop_duplicates("process").to_dict("records"):
        asked = given[(given["process"] == "") | (given["process"] == move["process"])]
        base = {name: move[name] for name in ("process", "process_name", "wave", "start")}
        due = max(move["start"] - pd.Timedelta(days=LEAD_DAYS), today)
        for each in asked.to_dict("records"):
            state = _tell_state(each, move["start"])
            is_open = state == OPEN and pd.notna(each["date"])
            rows.append(
                base
                | {name: each[name] for name in ("role", "person_or_office", "subject", "condition")}
                | {"faces_customer": bool(each["faces_customer"]), "state": state, "blocks": state in BLOCKING}
                | {"due": each["date"] if is_open else due, "answered": pd.NaT if state == OPEN else each["date"]}
            )
        if touched[move["process"]] and not asked["faces_customer"].astype(bool).any():
            rows.append(
                base
                | {"role": FACES_CUSTOMER, "person_or_office": "", "subject": "move", "condition": ""}
                | {"faces_customer": True, "state": NOT_ASKED, "due": due, "answered": pd.NaT, "blocks": len(given) > 0}
            )
    table = pd.DataFrame(rows, columns=SIGNOFF_COLUMNS)
    order = {state: place for place, state in enumerate((*BLOCKING, SIGNED))}
    table = table.assign(place=table["state"].map(order)).sort_values(["place", "start", "process", "role"])
    return table.drop(columns="place").reset_index(drop=True).astype({"faces_customer": bool, "blocks": bool})


def _tell_state(signoff: dict[str, object], start: pd.Timestamp) -> str:
    if signoff["signed"] == "no":
        return OPEN
    if signoff["signed"] == "refused":
        return REFUSED
    return LATE if pd.notna(signoff["date"]) and signoff["date"] > start else SIGNED


def find_blocked(signoffs: pd.DataFrame) -> pd.DataFrame:
    """Find the waves that wait for a sign-off: wave, start, processes, roles and states (tuples), refused (bool)."""
    waiting = signoffs[signoffs["blocks"]]
    grouped = waiting.groupby("wave")
    columns = ["wave", "start", "processes", "roles", "refused"]
    if waiting.empty:
        return pd.DataFrame(columns=columns)
    table = grouped.agg(
        start=("start", "min"),
        processes=("process", lambda names: tuple(dict.fromkeys(names))),
        roles=("role", lambda names: tuple(dict.fromkeys(names))),
        refused=("state", lambda states: bool((states == REFUSED).any())),
    )
    return table.reset_index()[columns]
