"""Recognize tables and columns however their names are spelled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcing.case.dictionary import supplied_tables
from sourcing.case.reading.cells import is_faulty
from sourcing.case.reading.spelling import settle_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sourcing.case.dictionary import Table

NOTES = frozenset({"note", "notes", "comment", "comments", "remark", "remarks"})
ASIDE = frozenset(
    {"problems", "readme", "read_me", "guide", "help", "start", "lists", "list", "choices", "changes", "about", "index"}
)
"""Sheets that are never tables: what the suite writes beside them, and what people keep for themselves."""
DEEPEST_HEADER = 20


def plain_name(text: object) -> str:
    """Spell a name as the dictionary does: small letters, digits and single underscores.

    Examples
    --------
    >>> plain_name(" Headcount (FTE) *"), plain_name("Business unit")
    ('headcount_fte', 'business_unit')
    """
    return re.sub(r"[\W_]+", "_", settle_spelling(str(text)).casefold()).strip("_")


def is_aside(text: object) -> bool:
    """Whether a column or sheet is named as a note: it starts with # or is called notes or comments."""
    return begins_note(text) or plain_name(text) in NOTES


def begins_note(text: object) -> bool:
    """Whether a cell begins with the # of a note; a spreadsheet error is none."""
    return str(text).lstrip().startswith("#") and not is_faulty(text)


def name_columns(headers: Iterable[object], table: Table) -> list[str]:
    """Return the dictionary's name of each column; unknown ones as typed, "" for those that are only notes.

    Examples
    --------
    >>> name_columns(["Business unit", "Notes", "headcuont"], supplied_tables()["processes"])
    ['business_unit', '', 'headcuont']
    """
    names = []
    for header in headers:
        plain = plain_name(header)
        if plain in table.columns and not begins_note(header):
            names.append(plain)
        else:
            names.append("" if is_aside(header) else " ".join(str(header).split()))
    return names


def name_table(title: str) -> str | None:
    """Return the table that a file or sheet is named after, loosely; None where there is none.

    Examples
    --------
    >>> name_table("1. Processes"), name_table("Process"), name_table("tbl_Handoff costs"), name_table("Budget")
    ('processes', 'processes', 'handoff_costs', None)
    """
    plain = re.sub(r"^(?:\d+_)?(?:(?:tbl|table|sheet|tab)_)?(?:\d+_)?|_(?:\d+|table|sheet)$", "", plain_name(title))
    for name in supplied_tables():
        if plain == name or plain in {f"{name}s", name.removesuffix("s"), name.removesuffix("es")}:
            return name
    return None


def find_header(rows: Sequence[Sequence[object]], table: Table) -> int | None:
    """Return the position of the row that names most of the table's columns; None where no row names any.

    Only the first twenty rows are looked at; of equal ones the first counts.
    """
    best, most = None, 0
    for place, row in enumerate(rows[:DEEPEST_HEADER]):
        known = len({plain_name(cell) for cell in row if isinstance(cell, str)} & set(table.columns))
        if known > most:
            best, most = place, known
    return best if most >= min(2, len(table.columns)) else None


def recognize_table(rows: Sequence[Sequence[object]]) -> str | None:
    """Return the one table all of whose required columns a row names; None where none or several fit."""
    found = set()
    for row in rows[:DEEPEST_HEADER]:
        names = {plain_name(cell) for cell in row if isinstance(cell, str)}
        for table in supplied_tables().values():
            required = {column.name for column in table.columns.values() if column.is_required}
            if len(required) > 2 and required <= names and names <= set(table.columns) | NOTES | {""}:
                found.add(table.name)
    return found.pop() if len(found) == 1 else None
