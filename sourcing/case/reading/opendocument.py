"""Read the sheets of an .ods workbook; the format is plain XML, so the standard library does."""

from __future__ import annotations

import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

from sourcing.case.problem import DAY_ZERO
from sourcing.case.reading.package import opening, refuse_entities
from sourcing.case.reading.source import CellBudget, Sheet, is_filled

if TYPE_CHECKING:
    from pathlib import Path

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_COVERED = f"{_TABLE}covered-table-cell"
_CELLS = (f"{_TABLE}table-cell", _COVERED)


def read_opendocument(path: Path) -> list[Sheet]:
    """Read every sheet of an .ods workbook, with the values stored beside formulas.

    Raises
    ------
    InputError
        The workbook cannot be read, or holds more cells than a case may.
    """
    with opening(path), zipfile.ZipFile(path) as parts:
        refuse_entities(path)
        with parts.open("content.xml") as content:
            return _Content(CellBudget(path.name)).read(content)


class _Content:
    """The sheets of a workbook while its content is read row by row."""

    def __init__(self, budget: CellBudget) -> None:
        self.budget, self.day_zero = budget, DAY_ZERO
        self.hidden_styles: set[str] = set()
        self.sheets: list[Sheet] = []

    def read(self, content: Any) -> list[Sheet]:
        grid: _Grid | None = None
        for event, element in ElementTree.iterparse(content, ("start", "end")):
            if event == "start":
                if element.tag == f"{_TABLE}table":
                    grid = _Grid(element, self.budget)
            elif element.tag == f"{_STYLE}style":
                if any(part.get(f"{_TABLE}display") == "false" for part in element):
                    self.hidden_styles.add(element.get(f"{_STYLE}name", ""))
            elif element.tag == f"{_TABLE}null-date":
                self.day_zero = datetime.fromisoformat(element.get(f"{_TABLE}date-value", DAY_ZERO.isoformat()))
            elif element.tag == f"{_TABLE}table-row" and grid is not None:
                grid.add_row(element)
                element.clear()
                grid.element.clear()
            elif element.tag == f"{_TABLE}table" and grid is not None:
                self.sheets.append(grid.finish(self.hidden_styles, self.day_zero))
                grid = None
        return self.sheets


class _Grid:
    """The filled cells of one sheet while they are read."""

    def __init__(self, element: ElementTree.Element, budget: CellBudget) -> None:
        self.element, self.budget = element, budget
        self.title, self.style = element.get(f"{_TABLE}name", ""), element.get(f"{_TABLE}style-name", "")
        self.last = 0
        self.rows: dict[int, dict[int, Any]] = {}
        self.hidden: set[int] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self.formulas: dict[tuple[int, int], str] = {}
        self.signs: dict[tuple[int, int], str] = {}

    def add_row(self, element: ElementTree.Element) -> None:
        """Add a row as often as it is repeated; empty rows and cells cost nothing."""
        times = _count(element, f"{_TABLE}number-rows-repeated")
        first, self.last = self.last + 1, self.last + times
        runs = _list_runs(element)
        self.budget.spend(times * sum(run.times for run in runs))
        for number in range(first, self.last + 1) if runs else ():
            self._add_runs(number, runs)
            if element.get(f"{_TABLE}visibility", "visible") != "visible" and number in self.rows:
                self.hidden.add(number)

    def _add_runs(self, row: int, runs: list[_Run]) -> None:
        cells = {}
        for run in runs:
            for column in range(run.column, run.column + run.times):
                if is_filled(run.value):
                    cells[column] = run.value
                elif run.formula:
                    self.formulas[row, column] = run.formula
                if run.sign:
                    self.signs[row, column] = run.sign
                if run.down * run.right > 1:
                    self.merged.append((row, column, row + run.down - 1, column + run.right - 1))
        if cells:
            self.rows[row] = cells

    def finish(self, hidden_styles: set[str], day_zero: datetime) -> Sheet:
        """Return the sheet."""
        return Sheet(
            self.title,
            f"Sheet {self.title}",
            self.rows,
            hidden=frozenset(self.hidden),
            merged=tuple(self.merged),
            formulas=self.formulas,
            signs=self.signs,
            is_hidden=self.style in hidden_styles,
            day_zero=day_zero,
        )


class _Run(NamedTuple):
    """Equal cells side by side that hold a value or a formula, or span others."""

    column: int
    times: int
    value: Any
    formula: str
    sign: str
    down: int
    right: int


def _list_runs(row: ElementTree.Element) -> list[_Run]:
    runs, column = [], 1
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        times = _count(cell, f"{_TABLE}number-columns-repeated")
        if len(cell) or len(cell.keys()):
            value = None if cell.tag == _COVERED else _read_cell(cell)
            formula = cell.get(f"{_TABLE}formula", "").removeprefix("of:")
            down = _count(cell, f"{_TABLE}number-rows-spanned")
            right = _count(cell, f"{_TABLE}number-columns-spanned")
            if is_filled(value) or formula or down * right > 1:
                runs.append(_Run(column, times, value, formula, _read_sign(cell), down, right))
        column += times
    return runs


def _read_sign(cell: ElementTree.Element) -> str:
    kind = cell.get(f"{_OFFICE}value-type")
    return "%" if kind == "percentage" else cell.get(f"{_OFFICE}currency", "") if kind == "currency" else ""


def _count(element: ElementTree.Element, name: str) -> int:
    return max(1, int(element.get(name, "1")))


def _read_cell(cell: ElementTree.Element) -> Any:
    """Return a cell's value: text, float, bool or day; None where empty."""
    kind = cell.get(f"{_OFFICE}value-type")
    shown = "\n".join(_read_paragraph(part) for part in cell.findall(f"{_TEXT}p"))
    if cell.get(f"{_CALC}value-type") == "error":
        return shown or "#VALUE!"
    if kind in ("float", "percentage", "currency"):
        given = cell.get(f"{_OFFICE}value", shown)
        try:
            return float(given)
        except ValueError:
            return given
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        given = cell.get(f"{_OFFICE}date-value", shown)
        try:
            return datetime.fromisoformat(given)
        except ValueError:
            return given
    return shown or None


def _read_paragraph(part: ElementTree.Element) -> str:
    pieces = [part.text or ""]
    for child in part:
        if child.tag == f"{_TEXT}s":
            pieces.append(" " * _count(child, f"{_TEXT}c"))
        elif child.tag == f"{_TEXT}line-break":
            pieces.append("\n")
        elif child.tag != f"{_OFFICE}annotation":
            pieces.append(_read_paragraph(child))
        pieces.append(child.tail or "")
    return "".join(pieces)
