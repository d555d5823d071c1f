"""Read the sheets of an .ods workbook; the format is plain XML, so the standard library does."""

from __future__ import annotations

import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from sourcing.case.reading.excel import opening
from sourcing.case.reading.source import Sheet
from sourcing.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
MOST_REPEATED = 20_000
"""Repeated rows or cells beyond which a repetition is formatting, not figures."""


def read_opendocument(path: Path) -> list[Sheet]:
    """Read every sheet of an .ods workbook, with the values stored beside formulas.

    Raises
    ------
    InputError
        The workbook cannot be read.
    """
    with opening(path):
        with zipfile.ZipFile(path) as parts:
            content = parts.read("content.xml")
        if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content:
            raise InputError(f"A workbook must hold no entities; got some in {path.name!r}. Hint: save it anew.")
        root = ElementTree.fromstring(content)
        hidden = _list_hidden_styles(root)
        return [_read_table(table, hidden) for table in root.iter(f"{_TABLE}table")]


def _list_hidden_styles(root: ElementTree.Element) -> set[str]:
    return {
        style.get(f"{_STYLE}name", "")
        for style in root.iter(f"{_STYLE}style")
        if any(part.get(f"{_TABLE}display") == "false" for part in style)
    }


class _Grid:
    """The cells of one sheet while they are read."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.hidden: set[int] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self.formulas: dict[tuple[int, int], str] = {}
        self.signs: dict[tuple[int, int], str] = {}

    def add_row(self, element: ElementTree.Element) -> None:
        """Add a row as often as it is repeated; long repetitions hold no figures."""
        times = _count(element, f"{_TABLE}number-rows-repeated")
        is_hidden = element.get(f"{_TABLE}visibility", "visible") != "visible"
        first, noted = len(self.rows) + 1, self._count_notes()
        cells = self._read_cells(element, first)
        is_noted = self._count_notes() > noted
        for number in range(first, first + (times if times <= MOST_REPEATED else 1)):
            if is_noted and number > first:
                cells = self._read_cells(element, number)
            self.rows.append(list(cells))
            if is_hidden:
                self.hidden.add(number)

    def _count_notes(self) -> int:
        return len(self.merged) + len(self.formulas) + len(self.signs)

    def _read_cells(self, element: ElementTree.Element, row: int) -> list[Any]:
        cells: list[Any] = []
        for cell in element:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            times = _count(cell, f"{_TABLE}number-columns-repeated")
            value = None if "covered" in cell.tag else _read_cell(cell)
            if value is None and times > MOST_REPEATED:
                break
            self._note(cell, value, row, len(cells) + 1)
            cells += [value] * min(times, MOST_REPEATED)
        while cells and cells[-1] is None:
            cells.pop()
        return cells

    def _note(self, cell: ElementTree.Element, value: Any, row: int, column: int) -> None:
        down, right = _count(cell, f"{_TABLE}number-rows-spanned"), _count(cell, f"{_TABLE}number-columns-spanned")
        if down * right > 1:
            self.merged.append((row, column, row + down - 1, column + right - 1))
        if value is None and cell.get(f"{_TABLE}formula"):
            self.formulas[row, column] = cell.get(f"{_TABLE}formula", "").removeprefix("of:")
        kind = cell.get(f"{_OFFICE}value-type")
        if kind == "percentage":
            self.signs[row, column] = "%"
        elif kind == "currency":
            self.signs[row, column] = cell.get(f"{_OFFICE}currency", "")


def _read_table(table: ElementTree.Element, hidden: set[str]) -> Sheet:
    grid = _Grid()
    for row in table.iter(f"{_TABLE}table-row"):
        grid.add_row(row)
    while grid.rows and not grid.rows[-1]:
        grid.rows.pop()
    title = table.get(f"{_TABLE}name", "")
    return Sheet(
        title,
        f"Sheet {title}",
        grid.rows,
        hidden=frozenset(grid.hidden),
        merged=tuple(grid.merged),
        formulas=grid.formulas,
        signs={place: sign for place, sign in grid.signs.items() if sign},
        is_hidden=table.get(f"{_TABLE}style-name", "") in hidden,
    )


def _count(element: ElementTree.Element, name: str) -> int:
    return max(1, int(element.get(name, "1")))


def _read_cell(cell: ElementTree.Element) -> Any:
    """Return a cell's value: text, float, bool or day; None where empty."""
    kind = cell.get(f"{_OFFICE}value-type")
    shown = "\n".join(_read_paragraph(part) for part in cell.findall(f"{_TEXT}p"))
    if cell.get(f"{_CALC}value-type") == "error":
        return shown or "#VALUE!"
    if kind in ("float", "percentage", "currency"):
        return float(cell.get(f"{_OFFICE}value", shown))
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
