"""After the signature: meetings held, forecasts delivered, key people still there, and what has drifted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess import date_valuation
from sourcing.errors import InputError

if TYPE_CHECKING:
    from sourcing.case import Case
    from sourcing.decide import Decision

GRACE_DAYS = 7
"""Days after which what was promised counts as late (house rule)."""
RARE_DAYS = 350
"""A review that comes this many days after the one before is a yearly one (house rule)."""
MEETING, FORECAST, KEY_PERSON = "executive_meeting", "forecast", "key_person"
KEPT, LATE, MISSED, LEFT, AHEAD = "kept", "late", "missed", "left", "ahead"
PROMISE_COLUMNS = ["provider", "kind", "subject", "planned", "held", "left_on", "state", "days_late", "outcome"]
FINDING_COLUMNS = ["finding", "provider", "kind", "count", "of", "days", "day", "subject"]


def find_day(case: Case, as_of: str = "") -> pd.Timestamp:
    """Return the day on which promises are looked at: as given, else the last day that the table records.

    Raises
    ------
    InputError
        The text is no day.

    Examples
    --------
    >>> from sourcing import load_case
    >>> f"{find_day(load_case('data/tiny', 'alpha')):%Y-%m-%d}", f"{find_day(None, '2026-03-01'):%Y-%m-%d}"
    ('2025-01-01', '2026-03-01')
    """
    if as_of:
        try:
            return pd.Timestamp(pd.to_datetime(as_of, format="%Y-%m-%d"))
        except ValueError as error:
            raise InputError(f"as_of must be a day as YYYY-MM-DD; got {as_of!r}. Hint: write 2026-03-31.") from error
    days = pd.concat([case.governance["held"], case.governance["left_on"]]).dropna()
    return pd.Timestamp(days.max()) if len(days) else date_valuation(case.unit)


def list_promises_kept(case: Case, as_of: str = "") -> pd.DataFrame:
    """List what was promised for after the signature and what became of it.

    kept: held at most GRACE_DAYS after the day planned; late: held after that; missed: not held and so many days past;
    left: the key person has gone; ahead: not due yet on the day it is looked at.

    Returns
    -------
    DataFrame
        Columns PROMISE_COLUMNS by provider, kind and day; days_late: 0 where kept, NaN where nothing was held.
    """
    table, day = case.governance, find_day(case, as_of)
    held = table["held"].where(table["held"] <= day)
    grace = pd.Timedelta(days=GRACE_DAYS)
    late = (held - table["planned"]).dt.days
    state = pd.Series(AHEAD, table.index)
    state = state.mask(held.isna() & (table["planned"] + grace < day), MISSED)
    state = state.mask(held.notna(), KEPT).mask(late > GRACE_DAYS, LATE)
    state = state.mask(table["left_on"].notna() & (table["left_on"] <= day), LEFT)
    listed = table.assign(state=state, days_late=late.clip(lower=0).astype(float))
    return listed.sort_values(["provider", "kind", "planned", "subject"], ignore_index=True)[PROMISE_COLUMNS]


def find_drift(decision: Decision, as_of: str = "") -> pd.DataFrame:
    """Find what has drifted from what was agreed with outside owners.

    missed, late: meetings or forecasts; left: key people who have gone; yearly: executive meetings with an owner that
    lie a year or more apart, or of which only one was ever planned; none: an outside owner of the plan with whom no
    executive meeting is planned. All but the last are found of every owner in the table.

    Returns
    -------
    DataFrame
        One row per finding, columns FINDING_COLUMNS: count of so many promises, days (late on average; longest gap),
        day (first missed; on which the person left), subject; empty where the unit keeps no such table.
    """
    case = decision.case
    if case.governance.empty:
        return pd.DataFrame(columns=FINDING_COLUMNS)
    promises, rows = list_promises_kept(case, as_of), []
    for (provider, kind), own in promises.groupby(["provider", "kind"]):
        base, due = {"provider": provider, "kind": kind}, own[own["state"] != AHEAD]
        for state in (MISSED, LATE):
            hit = own[own["state"] == state]
            if len(hit):
                days = float(hit["days_late"].mean())
                rows.append(base | {"finding": state, "count": len(hit), "of": len(due), "days": days}
                            | {"day": hit["planned"].min(), "subject": str(hit["subject"].iloc[0])})  # fmt: skip
        for person in own[own["state"] == LEFT].drop_duplicates("subject").to_dict("records"):
            people = own["subject"].nunique()
            rows.append(base | {"finding": LEFT, "count": 1, "of": people, "days": float("nan")}
                        | {"day": person["left_on"], "subject": person["subject"]})  # fmt: skip
        if kind == MEETING and (gap := _find_gap(own["planned"])) >= RARE_DAYS:
            rows.append(base | {"finding": "yearly", "count": len(own), "of": len(own), "days": gap}
                        | {"day": own["planned"].min(), "subject": str(own["subject"].iloc[0])})  # fmt: skip
    met = set(promises.loc[promises["kind"] == MEETING, "provider"])
    rows += [
        {"finding": "none", "provider": owner, "kind": MEETING, "count": 0, "of": 0, "days": float("nan"),
         "day": pd.NaT, "subject": ""}
        for owner in list_outside(decision) if owner not in met
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=FINDING_COLUMNS)


def _find_gap(days: pd.Series) -> float:
    """Return the longest time between two days one after the other; infinite where there is one only."""
    steps = days.drop_duplicates().sort_values().diff().dt.days.dropna()
    return float(steps.max()) if len(steps) else float("inf")


def list_outside(decision: Decision) -> list[str]:
    """List the outside owners who hold work under the plan."""
    chosen = decision.plan.choices
    return sorted(set(chosen.loc[chosen["owner_type"] != "own", "owner"]))
