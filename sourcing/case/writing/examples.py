"""Two example rows of every table, for the notes of a workbook and the page of a table."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("examples.csv")


@cache
def load_examples() -> dict[str, list[dict[str, str]]]:
    """Read the example rows: table to rows, each column to cell.

    Examples
    --------
    >>> load_examples()["links"][0]
    {'business_unit': 'acme', 'process_a': 'help_desk', 'process_b': 'billing', 'traffic': '7200'}
    """
    rows: dict[str, list[dict[str, str]]] = {}
    with FILE.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            cells = (part.partition(": ") for part in line["example"].split("; "))
            rows.setdefault(line["table"], []).append({name: cell for name, _, cell in cells})
    return rows


def describe_examples(table: str) -> str:
    """Describe the example rows of a table in a note."""
    said = ["; ".join(f"{name}: {cell}" for name, cell in row.items()) for row in load_examples()[table]]
    return "\n".join(f"Example {number}: {row}" for number, row in enumerate(said, start=1))
