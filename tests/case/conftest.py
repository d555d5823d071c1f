"""Ways to write the tiny case down as analysts do, and to look a fault up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from sourcing.case.checks import frame_problems
from sourcing.case.load import conform_tables, read_folder
from sourcing.case.reading import Reading
from tests.conftest import TINY


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the tiny case, free to be broken."""
    copy = tmp_path / "case"
    copy.mkdir()
    for path in TINY.glob("*.csv"):
        (copy / path.name).write_bytes(path.read_bytes())
    return copy


@pytest.fixture
def workbook(tmp_path) -> Path:
    """The tiny case as a workbook, figures as numbers, free to be broken."""
    book = Workbook()
    book.remove(book.active)
    for path in sorted(TINY.glob("*.csv")):
        sheet = book.create_sheet(path.stem)
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        for row, cells in enumerate([list(frame.columns), *frame.to_numpy().tolist()], start=1):
            for column, text in enumerate(cells, start=1):
                put(sheet, row, column, as_typed(text))
    path = tmp_path / "case.xlsx"
    book.save(path)
    return path


def as_typed(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text or None


def put(sheet: Any, row: int, column: int, value: Any) -> None:
    """Write a value as typed; a text that begins with = stays a text."""
    cell = sheet.cell(row, column, value)
    if isinstance(value, str) and value.startswith("="):
        cell.data_type = "s"


class Book:
    """A workbook opened for one change."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Any:
        self.book = load_workbook(self.path)
        for sheet in self.book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f" and cell.value in ("==", "=="):
                        cell.data_type = "s"
        return self.book

    def __exit__(self, *_: object) -> None:
        self.book.save(self.path)


def place_of(sheet: Any, row: int, column: str) -> Any:
    """Return the cell below a column's name."""
    names = [cell.value for cell in sheet[1]]
    return sheet.cell(row, names.index(column) + 1)


@cache
def conform_tiny() -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """The tables of the tiny case as texts and, sound, as conformed."""
    raw = read_folder(TINY)
    tables, problems = conform_tables(raw)
    assert not problems
    return dict(raw), tables


def check(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Find every problem of a case that differs from the tiny one in a few tables; the others are not checked again."""
    raw, sound = conform_tiny()
    if not raw.keys() <= tables.keys():
        return frame_problems(conform_tables(tables)[1])
    changed = Reading(tables)
    for name, frame in raw.items():
        if frame.equals(tables[name]):
            del changed[name]
    return frame_problems(conform_tables(changed, sound, is_spotless=True)[1])


def find(problems: pd.DataFrame, table: str, row: int | None, column: str) -> pd.Series:
    """Return the one problem at a place."""
    at_row = problems["row"].isna() if row is None else problems["row"] == row
    found = problems[(problems["table"] == table) & at_row & (problems["column"] == column)]
    assert len(found) == 1, problems.to_string()
    return found.iloc[0]


MIDNIGHT = datetime(2025, 1, 1)
