"""The program as files: tables for the record of a run, a calendar of its days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from sourcing.pack.roadmap.words import say_entry
from sourcing.program import REGISTER_COLUMNS, list_agenda, write_icalendar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sourcing.program import Roadmap

MOVE_COLUMNS = [
    "wave", "process", "process_name", "option", "name", "delivery_model", "from_owner", "from_location",
    "from_country", "owner", "location", "country", "share", "start", "parallel_start", "go_live", "steady", "people",
    "fte", "transferred", "leavers", "redeployed", "hired", "knowledge_transfer_hours", "one_off_cost", "saving",
    "expected_loss", "from_expected_loss", "waits_for", "blocked_by",
]  # fmt: skip
REVIEW_COLUMNS = ["day", "kind", "role", "process", "wave", "title", "description", "uid"]
PROGRAM_HEADS = {"roadmap": MOVE_COLUMNS, "reviews": REVIEW_COLUMNS, "register": REGISTER_COLUMNS}
"""Columns of tables of the program that may come without a row."""
CALENDAR = "reviews.ics"


def list_program_tables(
    roadmap: Roadmap, register: pd.DataFrame | None = None, as_of: str = ""
) -> dict[str, pd.DataFrame]:
    """List the tables of a program that a run keeps, days as text YYYY-MM-DD.

    Returns
    -------
    dict of str to DataFrame
        roadmap (one row per move; blocked_by: roles whose sign-off is missing or refused, joined by "; "), waves,
        quarters, reviews (every day to keep), and the register where there is one.
    """
    blocking = roadmap.signoffs[roadmap.signoffs["blocks"]]
    roles = blocking.groupby("process")["role"].agg(lambda names: "; ".join(dict.fromkeys(names)))
    moves = roadmap.moves.assign(blocked_by=[roles.get(process, "") for process in roadmap.moves["process"]])
    tables = {
        "roadmap": moves[MOVE_COLUMNS],
        "waves": roadmap.waves,
        "quarters": roadmap.quarters,
        "reviews": list_reviews(roadmap, as_of),
        **({} if register is None else {"register": register}),
    }
    return {name: _write_days(table) for name, table in tables.items()}


def _write_days(table: pd.DataFrame) -> pd.DataFrame:
    days = table.select_dtypes("datetime").columns
    return table.assign(**{name: table[name].dt.strftime("%Y-%m-%d").fillna("") for name in days})


def list_reviews(roadmap: Roadmap, as_of: str = "") -> pd.DataFrame:
    """List every day that the program has to keep, in words; columns REVIEW_COLUMNS.

    The uid of an entry does not hold its day, so that a calendar program moves it where the plan does; that of what was
    promised for a day does.
    """
    agenda, unit = list_agenda(roadmap, as_of), str(roadmap.decision.case.unit["business_unit"])
    said = [say_entry(entry, roadmap) for entry in agenda.to_dict("records")]
    named = ["kind", "wave", "process", "role", "provider", "subject", "number"]
    keys = [
        [str(entry[name]) for name in named] + ([f"{entry['day']:%Y-%m-%d}"] if entry["kind"] == "promise" else [])
        for entry in agenda.assign(subject=agenda["subject"].where(agenda["kind"] != "review", "")).to_dict("records")
    ]
    return agenda.assign(
        title=[title for title, _ in said],
        description=[text for _, text in said],
        uid=[f"{uuid5(NAMESPACE_URL, '|'.join(['sourcing', unit, *key]))}@sourcing" for key in keys],
    )[REVIEW_COLUMNS]


def write_calendar(folder: Path, summary: Mapping[str, Any], tables: Mapping[str, Any]) -> list[str]:
    """Write the calendar of a program; the same tables give the same bytes.

    Parameters
    ----------
    folder : Path
    summary : mapping
        name, valuation_date.
    tables : mapping of str to DataFrame or list of records
        From `list_program_tables`, perhaps read back from a record; without reviews, or a day to keep, nothing is
        written, for a calendar must not be empty.

    Returns
    -------
    list of str
        Names of the files written.
    """
    reviews = pd.DataFrame(tables.get("reviews", []))
    if reviews.empty:
        return []
    entries, stamp = reviews.assign(day=pd.to_datetime(reviews["day"])), pd.Timestamp(summary["valuation_date"])
    (folder / CALENDAR).write_bytes(write_icalendar(entries, str(summary["name"]), stamp).encode())
    return [CALENDAR]
