"""Read the sheets of an .xlsx workbook with what Excel shows beside values: merged and hidden cells, formulas."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from sourcing.case.reading.source import Sheet
from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 2**31
"""Bytes of an unpacked workbook beyond which it is taken for a bomb."""
DAMAGES = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, KeyError, ValueError, TypeError, AttributeError,
    IndexError, OSError, EOFError, NotImplementedError, RuntimeError, OverflowError, AssertionError,
)  # fmt: skip
"""What opening a damaged workbook raises in the libraries beneath."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]|([$€£¥₹])")


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
        unpacked = sum(part.file_size for part in parts.infolist())
    if unpacked > LARGEST:
        raise InputError(
            f"A workbook must unpack to less than 2 GiB; got {unpacked:,} bytes in {path.name!r}. "
            "Hint: give large tables as CSV or Parquet."
        )


def read_workbook(path: Path) -> list[Sheet]:
    """Read every sheet of an .xlsx workbook, with the values stored beside formulas.

    Raises
    ------
    InputError
        The workbook cannot be read.
    """
    with opening(path):
        has_formulas = _has_formulas(path)
        values = openpyxl.load_workbook(path, data_only=True)
        formulas = openpyxl.load_workbook(path) if has_formulas else None
        sheets = [_read_sheet(sheet, formulas[sheet.title] if formulas else None) for sheet in values.worksheets]
        values.close()
    return sheets


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as parts:
        return any(_FORMULA.search(parts.read(name)) for name in parts.namelist() if "worksheets/" in name)


def _read_sheet(sheet: Any, formulas: Any) -> Sheet:
    """Read the cells that are there, so that formats of a million empty rows cost nothing."""
    cells = {place: cell for place, cell in sheet._cells.items() if cell.value is not None}
    width = max((column for _, column in cells), default=0)
    rows: list[list[Any]] = [[None] * width for _ in range(max((row for row, _ in cells), default=0))]
    signs = {}
    for (row, column), cell in cells.items():
        rows[row - 1][column - 1] = cell.value
        if isinstance(cell.value, int | float) and (sign := _read_sign(cell.number_format)):
            signs[row, column] = sign
    stored = formulas._cells.items() if formulas is not None else ()
    open_formulas = {
        place: _write_formula(cell.value) for place, cell in stored if cell.data_type == "f" and place not in cells
    }
    return Sheet(
        sheet.title,
        f"Sheet {sheet.title}",
        rows,
        hidden=frozenset(number for number, row in sheet.row_dimensions.items() if row.hidden),
        merged=tuple((each.min_row, each.min_col, each.max_row, each.max_col) for each in sheet.merged_cells.ranges),
        formulas=open_formulas,
        signs=signs,
        is_hidden=sheet.sheet_state != "visible",
    )


def _write_formula(value: Any) -> str:
    return value if isinstance(value, str) else f"={getattr(value, 'text', '') or 'formula'}"


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
