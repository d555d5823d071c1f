"""Read the sheets of an .xlsx workbook with what Excel shows beside values: merged and hidden cells, formulas."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from sourcing.case.reading.source import CellBudget, Sheet, is_filled
from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 2**28
"""Bytes of unpacked XML beyond which a workbook is taken for a bomb; two million cells take half of it."""
DAMAGES = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, KeyError, ValueError, TypeError, AttributeError,
    IndexError, OSError, EOFError, NotImplementedError, RuntimeError, OverflowError, AssertionError,
)  # fmt: skip
"""What opening a damaged workbook raises in the libraries beneath."""
_CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]|([$€£¥₹])")
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/"
_TRUTHS = {"true": "1", "false": "0"}


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Turn whatever a damaged or locked workbook raises into one InputError that says what to do.

    Raises
    ------
    InputError
        The workbook cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _measure(path)
            yield
    except InputError:
        raise
    except DAMAGES as error:
        raise InputError(
            f"A workbook must open in a spreadsheet program without a password; got {path.name!r}: "
            f"{type(error).__name__}: {str(error)[:160]}. Hint: open it there and save it anew as .xlsx."
        ) from error


def _measure(path: Path) -> None:
    with zipfile.ZipFile(path) as parts:
        unpacked = sum(part.file_size for part in parts.infolist() if part.filename.endswith(".xml"))
    if unpacked > LARGEST:
        raise InputError(
            f"A workbook must unpack to less than {LARGEST // 2**20} MiB; got {unpacked:,} bytes in {path.name!r}. "
            "Hint: give large tables as CSV or Parquet."
        )


def read_workbook(path: Path) -> list[Sheet]:
    """Read every sheet of an .xlsx workbook, with the values stored beside formulas.

    Raises
    ------
    InputError
        The workbook cannot be read, or holds more cells than a case may.
    """
    with opening(path):
        book = openpyxl.load_workbook(_open_package(path), read_only=True, keep_links=False)
        try:
            budget = CellBudget(path.name)
            signs = [_read_sign(_name_format(style.numFmtId, book._number_formats)) for style in book._cell_styles]
            return [_read_sheet(sheet, book, signs, budget) for sheet in book.worksheets]
        finally:
            book.close()


def _open_package(path: Path) -> Path | io.BytesIO:
    """Return a workbook as openpyxl reads it; Strict Open XML differs from the usual one in the names of its parts."""
    with zipfile.ZipFile(path) as parts:
        tops = [name for name in parts.namelist() if name.endswith((".rels", "workbook.xml"))]
        if not any(_STRICT.search(parts.read(name)) for name in tops):
            return path
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as renamed:
            for name in parts.namelist():
                content = parts.read(name)
                is_text = name.endswith((".xml", ".rels"))
                renamed.writestr(name, _STRICT.sub(_TRANSITIONAL, content) if is_text else content)
    return package


class _SheetReader(WorkSheetParser):
    """Reads cells one by one with the values stored beside formulas, and keeps those formulas that have none."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, data_only=True, **named)
        self.formulas: dict[tuple[int, int], str] = {}
        self.hidden: set[int] = set()

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:
        number, cells = super().parse_row(row)
        is_hidden = self.row_dimensions.pop(str(number), {}).get("hidden", "0") in ("1", "true")
        filled = [cell for cell in cells if is_filled(cell["value"])]
        if is_hidden and filled:
            self.hidden.add(number)
        return number, filled

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Read a cell; what is stored in it and does not fit its kind, such as NaN, is read as the text it is."""
        kind, stored = element.get("t", "n"), element.find(VALUE_TAG)
        if kind == "b" and stored is not None and stored.text:
            stored.text = _TRUTHS.get(stored.text.strip().lower(), stored.text)
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


def _read_sheet(sheet: Any, book: Any, signs: list[str], budget: CellBudget) -> Sheet:
    """Read the cells that hold something, so that formats of a million empty rows cost nothing."""
    rows: dict[int, dict[int, Any]] = {}
    shown: dict[tuple[int, int], str] = {}
    with sheet._get_source() as source:
        reader = _SheetReader(
            source,
            sheet._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in reader.parse():
            budget.spend(len(cells))
            if cells:
                rows.setdefault(number, {}).update((cell["column"], cell["value"]) for cell in cells)
            for cell in cells:
                if isinstance(cell["value"], int | float) and signs and signs[cell["style_id"]]:
                    shown[number, cell["column"]] = signs[cell["style_id"]]
    ranges = reader.merged_cells.mergeCell if reader.merged_cells is not None else ()
    merged = tuple((each.min_row, each.min_col, each.max_row, each.max_col) for each in ranges)
    for each in merged:
        _drop_covered(rows, *each)
    return Sheet(
        sheet.title,
        f"Sheet {sheet.title}",
        dict(sorted((number, dict(sorted(cells.items()))) for number, cells in rows.items() if cells)),
        hidden=frozenset(reader.hidden),
        merged=merged,
        formulas=reader.formulas,
        signs=shown,
        is_hidden=sheet.sheet_state != "visible",
        day_zero=book.epoch,
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
