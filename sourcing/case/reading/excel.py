"""Read the sheets of an .xlsx workbook with what Excel shows beside values: merged and hidden cells, formulas."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import FORMULA_TAG, INLINE_STRING, MERGE_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.worksheet.merge import MergeCells
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from sourcing.case.reading.package import open_package, opening, refuse_entities
from sourcing.case.reading.source import CellBudget, Sheet, is_filled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

_CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]|([$€£¥₹])")
_UNDERSCORE = re.compile("_x005[fF]_")
_ITEM, _RUN, _TEXT = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "r", "t"))
_TRUTHS = {"true": "1", "false": "0"}


def read_workbook(path: Path) -> list[Sheet]:
    """Read every sheet of an .xlsx workbook, with the values stored beside formulas.

    Raises
    ------
    InputError
        The workbook cannot be read, or holds more cells than a case may.
    """
    with opening(path):
        refuse_entities(path)
        package = ExcelReader(open_package(path), read_only=True, keep_links=False)
        with closing(package.archive):
            package.read_manifest()
            package.read_workbook()
            apply_stylesheet(package.archive, package.wb)
            texts, formats = _read_texts(package), package.wb._number_formats
            signs = [_read_sign(_name_format(style.numFmtId, formats)) for style in package.wb._cell_styles]
            budget = CellBudget(path.name)
            return [
                _read_sheet(sheet, _read_part(package, part.target, texts, budget), signs, package.wb.epoch)
                for sheet, part in package.parser.find_sheets()
                if part.target in package.valid_files and "chartsheet" not in part.Type
            ]


def _read_texts(package: ExcelReader) -> list[str]:
    """Return the texts that cells share, by their number."""
    texts = []
    part = package.package.find(SHARED_STRINGS)
    if part is not None:
        with package.archive.open(part.PartName[1:]) as source:
            for _, element in ElementTree.iterparse(source):
                if element.tag == _ITEM:
                    texts.append(_join_runs(element))
                    element.clear()
    return texts


def _join_runs(element: ElementTree.Element) -> str:
    """Return the text of an item: its own and that of its runs; phonetic hints are left out, `_x005F_` stands for _."""
    parts = (part.findall(_TEXT) if part.tag == _RUN else [part] if part.tag == _TEXT else [] for part in element)
    return _UNDERSCORE.sub("_", "".join(text.text or "" for texts in parts for text in texts))


class _SheetReader(WorkSheetParser):
    """Reads cells one by one with the values stored beside formulas, and keeps those formulas that have none."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, data_only=True, **named)
        self.rows: dict[int, dict[int, tuple[Any, int]]] = {}
        self.formulas: dict[tuple[int, int], str] = {}
        self.hidden: set[int] = set()

    def parse(self) -> Iterator[tuple[int, dict[int, tuple[Any, int]]]]:
        """Read rows one by one as number, column -> (value, style), then the merged ranges; the rest is looks."""
        for _, element in ElementTree.iterparse(self.source):
            if element.tag == ROW_TAG:
                number, cells = self.parse_row(element)
                element.clear()
                if self.row_dimensions.pop(str(number), {}).get("hidden", "0") in ("1", "true") and cells:
                    self.hidden.add(number)
                yield number, cells
            elif element.tag == MERGE_TAG:
                self.merged_cells = MergeCells.from_tree(element)

    def parse_row(self, row: Any) -> tuple[int, dict[int, tuple[Any, int]]]:
        number, cells = super().parse_row(row)
        filled = [cell for cell in cells if is_filled(cell["value"])]
        return number, {cell["column"]: (cell["value"], cell["style_id"]) for cell in filled}

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Read a cell; what is stored in it and does not fit its kind, such as NaN, is read as the text it is."""
        kind, stored = element.get("t", "n"), element.find(VALUE_TAG)
        if kind == "b" and stored is not None and stored.text:
            stored.text = _TRUTHS.get(stored.text.strip().lower(), stored.text)
        inline = element.find(INLINE_STRING) if kind == "inlineStr" else None
        if inline is not None:
            element.set("t", "str")
            ElementTree.SubElement(element, VALUE_TAG).text = _join_runs(inline)
        try:
            cell: dict[str, Any] = super().parse_cell(element)
        except ValueError:
            if kind not in ("b", "n", "d"):
                raise
            element.set("t", "str")
            cell = super().parse_cell(element)
        if cell["value"] is None and element.find(FORMULA_TAG) is not None:
            self.formulas[cell["row"], cell["column"]] = _write_formula(self.parse_formula(element))
        return cell


def _read_part(package: ExcelReader, target: str, texts: list[str], budget: CellBudget) -> _SheetReader:
    """Read the cells of a sheet that hold something, so that formats of a million empty rows cost nothing."""
    book = package.wb
    with package.archive.open(target) as source:
        reader = _SheetReader(
            source,
            texts,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in reader.parse():
            budget.spend(len(cells))
            if cells:
                reader.rows.setdefault(number, {}).update(cells)
    return reader


def _read_sheet(sheet: Any, reader: _SheetReader, signs: list[str], day_zero: datetime) -> Sheet:
    rows = reader.rows
    ranges = reader.merged_cells.mergeCell if reader.merged_cells is not None else ()
    merged = tuple((each.min_row, each.min_col, each.max_row, each.max_col) for each in ranges)
    for each in merged:
        _drop_covered(rows, *each)
    shown = {
        (number, column): signs[style]
        for number, cells in rows.items()
        for column, (value, style) in cells.items()
        if isinstance(value, int | float) and style < len(signs) and signs[style]
    }
    return Sheet(
        sheet.name,
        f"Sheet {sheet.name}",
        {
            number: {column: value for column, (value, _) in sorted(cells.items())}
            for number, cells in sorted(rows.items())
            if cells
        },
        hidden=frozenset(reader.hidden),
        merged=merged,
        formulas=reader.formulas,
        signs=shown,
        is_hidden=sheet.state != "visible",
        day_zero=day_zero,
    )


def _drop_covered(rows: dict[int, dict[int, Any]], top: int, left: int, bottom: int, right: int) -> None:
    """Drop values that nobody sees, since a merged cell lies over them."""
    for number in rows.keys() & set(range(top, bottom + 1)) if bottom - top < len(rows) else list(rows):
        if top <= number <= bottom:
            for column in [each for each in rows[number] if left <= each <= right]:
                if (number, column) != (top, left):
                    del rows[number][column]


def _write_formula(value: Any) -> str:
    text = value if isinstance(value, str) else getattr(value, "text", None)
    return text if text and text != "=" else "=formula"


def _name_format(number: int, own: list[str]) -> str:
    if number < BUILTIN_FORMATS_MAX_SIZE:
        return BUILTIN_FORMATS.get(number, "General")
    return own[number - BUILTIN_FORMATS_MAX_SIZE]


def _read_sign(number_format: str) -> str:
    """Return the per cent or currency sign that a number format shows.

    Examples
    --------
    >>> _read_sign("0.0%"), _read_sign('#,##0 [$EUR]'), _read_sign("#,##0.00"), _read_sign('"$"#,##0')
    ('%', 'EUR', '', '$')
    """
    if number_format == "General" or not number_format:
        return ""
    bare = re.sub(r"\\.|_.|\*.", "", number_format)
    if found := _CURRENCY.search(bare):
        return (found[1] or found[2] or "").strip()
    return "%" if "%" in re.sub(r'"[^"]*"', "", bare) else ""
