"""What the columns of a run's tables mean, and how a sheet shows them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sourcing.case import load_dictionary

FILE = Path(__file__).with_name("columns.csv")
DESCRIBED = ("alternatives", "processes", "rules", "assumptions", "vetoes")
"""Tables of the dictionary in which a column that the file does not describe is looked up, first match first."""
PLAIN = "General"
FORMATS = {
    "money": "#,##0;-#,##0",
    "share": "0.0%",
    "index": "0.00",
    "number": "#,##0.0",
    "figure": "#,##0.00####",
    "integer": "0",
    "date": "yyyy-mm-dd",
    "text": PLAIN,
    "flag": PLAIN,
    "mixed": PLAIN,
}
"""Kind of a column -> how a spreadsheet shows its cells. A text, whatever it looks like, stays one."""


@dataclass(frozen=True)
class Described:
    """A column of a run's table: its kind (a key of FORMATS) and its meaning in words."""

    kind: str
    meaning: str


@cache
def _read() -> dict[tuple[str, str], Described]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {(row["table"], row["column"]): Described(row["kind"], row["meaning"]) for row in csv.DictReader(lines)}


def describe(table: str, column: str) -> Described | None:
    """Describe a column of a run's table; None where nobody did.

    Examples
    --------
    >>> describe("plan", "cash_cost")
    Described(kind='money', meaning='payments over the horizon')
    >>> describe("flips", "change_share").kind
    'share'
    """
    own = _read().get((table, column)) or _read().get(("", column))
    if table not in {name for name, _ in _read()}:
        return None
    if own is not None:
        return own
    for name in DESCRIBED:
        found = load_dictionary()[name].columns.get(column)
        if found is not None:
            return Described(_find_kind(found.type, found.unit), found.meaning)
    return None


def _find_kind(kind: str, unit: str) -> str:
    """Find the kind of a column of the dictionary: of a number by its unit."""
    if kind in ("integer", "date", "flag"):
        return kind
    if kind != "number":
        return "text"
    return "money" if unit.startswith("currency") else unit if unit in ("share", "index") else "number"
