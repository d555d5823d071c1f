"""The dictionary: every table and column of a case, read by checks, templates and documentation."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).with_name("dictionary.csv")


@dataclass(frozen=True)
class Column:
    """One column of a table: its type, unit, range, role and meaning."""

    table: str
    name: str
    type: str
    unit: str
    minimum: float | None
    maximum: float | None
    choices: tuple[str, ...]
    is_key: bool
    is_required: bool
    refers_to: str
    default: str
    meaning: str
    buys: str

    @property
    def wanted(self) -> str:
        """Say in words what a cell of this column must be."""
        words = {"text": "text", "flag": "yes or no", "date": "a date YYYY-MM-DD", "number": "a number"}
        if self.type == "choice":
            return "one of " + ", ".join(self.choices)
        kind = "a whole number" if self.type == "integer" else words[self.type]
        low, high = self.minimum, self.maximum
        if low is not None and high is not None:
            return f"{kind} from {low:g} to {high:g}"
        if low is not None:
            return f"{kind} of at least {low:g}"
        return kind


@dataclass(frozen=True)
class Table:
    """One table of a case."""

    name: str
    is_required: bool
    is_made: bool
    meaning: str
    buys: str
    columns: Mapping[str, Column]

    @property
    def keys(self) -> list[str]:
        """Names of the columns that identify a row."""
        return [c.name for c in self.columns.values() if c.is_key]


def _number(text: str) -> float | None:
    return float(text) if text else None


@cache
def load_dictionary() -> Mapping[str, Table]:
    """Read the dictionary.

    Returns
    -------
    mapping of str to Table
        In the order of the file. Tables with `is_made` are produced by the suite, the others supplied
        by the analyst.

    Examples
    --------
    >>> load_dictionary()["scores"].keys
    ['business_unit', 'process', 'criterion', 'assessor']
    """
    tables: dict[str, Table] = {}
    columns: dict[str, dict[str, Column]] = {}
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            name = row["table"]
            if not row["column"]:
                columns[name] = {}
                tables[name] = Table(
                    name,
                    row["required"] == "yes",
                    row["required"] == "made",
                    row["meaning"],
                    row["buys"],
                    MappingProxyType(columns[name]),
                )
                continue
            columns[name][row["column"]] = Column(
                name,
                row["column"],
                row["type"],
                row["unit"],
                _number(row["minimum"]),
                _number(row["maximum"]),
                tuple(row["choices"].split("|")) if row["choices"] else (),
                row["key"] == "yes",
                row["required"] == "yes",
                row["refers_to"],
                row["default"],
                row["meaning"],
                row["buys"],
            )
    return MappingProxyType(tables)


def supplied_tables() -> dict[str, Table]:
    """Return the tables that an analyst may supply."""
    return {name: table for name, table in load_dictionary().items() if not table.is_made}
