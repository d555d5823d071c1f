"""Collect the tables of a case from a folder, a workbook, or a folder with both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.case.dictionary import supplied_tables
from sourcing.case.problem import WARNING, Problem
from sourcing.case.reading.headers import ASIDE, DEEPEST_HEADER, is_aside, name_table, plain_name, recognize_table
from sourcing.case.reading.opendocument import read_opendocument
from sourcing.case.reading.parquet import read_parquet
from sourcing.case.reading.rows import Framed, frame_sheet
from sourcing.case.reading.source import Reading, Sheet
from sourcing.case.reading.text import read_text
from sourcing.case.reading.unread import OLD, list_unread
from sourcing.errors import InputError, hint_near

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXTS = {".csv", ".tsv"}


def _read_excel(path: Path) -> list[Sheet]:
    """Read a workbook by openpyxl, which a case of text files need not import."""
    from sourcing.case.reading.excel import read_workbook

    return read_workbook(path)


WORKBOOKS = {".xlsx": _read_excel, ".xlsm": _read_excel, ".ods": read_opendocument}


def read_tables(path: Path) -> Reading:
    """Read every table of a folder or workbook as typed.

    Parameters
    ----------
    path : Path
        A folder of text files, Parquet files and workbooks, or one workbook. Files whose names are no tables are
        left alone, as are sheets for notes; one that is nearly named as a table, or of a kind that is not read, is
        told in a warning.

    Raises
    ------
    InputError
        Nothing there, no table in it, or a file that cannot be read.
    """
    reading, files = Reading(), list_files(path)
    if path.is_dir():
        reading.problems += list_unread(path, files)
    for file in files:
        if file.suffix.lower() in WORKBOOKS:
            _read_book(file, reading, is_alone=file == path)
            continue
        name = str(name_table(file.stem))
        is_parquet = file.suffix.lower() == ".parquet"
        framed = read_parquet(file, supplied_tables()[name]) if is_parquet else _read_file(file, name)
        _add(reading, name, framed)
    if not reading.origins:
        raise _report_nothing(path, reading.problems)
    return reading


def list_files(path: Path) -> list[Path]:
    """List the files of a case: tables by their names, and workbooks.

    Raises
    ------
    InputError
        No folder or workbook there, an old format, or no table.
    """
    if path.is_file() and path.suffix.lower() in WORKBOOKS:
        return [path]
    if path.is_file() and path.suffix.lower() in OLD:
        raise InputError(f"A workbook must be .xlsx or .ods; got {path.name!r}. Hint: save it as .xlsx.")
    if not path.is_dir():
        raise InputError(
            f"A case must be a folder of tables or a workbook (.xlsx, .ods); got {str(path)!r}. Hint: check the path."
        )
    files = [file for file in sorted(path.iterdir()) if file.is_file() and _is_table_file(file)]
    if not files:
        raise _report_nothing(path, list_unread(path, ()))
    return files


def _report_nothing(path: Path, passed: Iterable[Problem]) -> InputError:
    """Say that nothing there is a table, and name what lies there in place of one."""
    lying = [f"{each.value} ({each.hint.removeprefix('Hint: ')})" for each in passed]
    there = f" but {'; '.join(lying[:3])}" if lying else ""
    return InputError(
        f"A case must hold tables such as processes.csv; got none in {str(path)!r}{there}. "
        "Hint: data/tiny shows a small case."
    )


def _is_table_file(file: Path) -> bool:
    kind = file.suffix.lower()
    if file.name.startswith((".", "~$")):
        return False
    return kind in WORKBOOKS or (kind in TEXTS | {".parquet"} and name_table(file.stem) is not None)


def _read_file(file: Path, name: str) -> Framed:
    try:
        return read_text(file, supplied_tables()[name])
    except OSError as error:
        raise InputError(f"A table must be readable; got {file.name!r}: {error}. Hint: close it elsewhere.") from error


def _read_book(path: Path, reading: Reading, *, is_alone: bool) -> None:
    """Read the sheets of a workbook; name those left out."""
    for sheet in WORKBOOKS[path.suffix.lower()](path):
        name = place_sheet(sheet)
        if not is_alone:
            sheet = Sheet(**{**vars(sheet), "label": f"{path.name}, {sheet.label}"})
        if name is None:
            reading.problems += _report_left(sheet)
            continue
        if sheet.is_blank:
            continue
        framed = frame_sheet(sheet, supplied_tables()[name])
        problems = list(framed.problems)
        if sheet.is_hidden:
            hint = "Hint: a hidden sheet is read too; delete it if it is not meant."
            problems.append(Problem(name, None, "", "sheets in sight", sheet.title, hint, WARNING))
        _add(reading, name, Framed(framed.frame, framed.origin, problems))


def place_sheet(sheet: Sheet) -> str | None:
    """Return the table that a sheet holds: by its title, else by its header; None for notes."""
    if is_aside(sheet.title) or plain_name(sheet.title) in ASIDE:
        return None
    return name_table(sheet.title) or recognize_table(sheet.list_rows(DEEPEST_HEADER))


def _report_left(sheet: Sheet) -> Iterable[Problem]:
    """Warn of a sheet that is no table, unless it is clearly for notes, hidden or blank."""
    if is_aside(sheet.title) or plain_name(sheet.title) in ASIDE or sheet.is_hidden or sheet.is_blank:
        return []
    hint = f"{hint_near(sheet.title, supplied_tables())} The sheet is left out."
    place = sheet.label
    return [Problem(sheet.title, None, "", "a sheet named after a table", sheet.title, hint, WARNING, place)]


def _add(reading: Reading, name: str, framed: Framed) -> None:
    """Add a table; one given twice is a fault that names both places."""
    if name in reading.origins:
        both = f"{reading.origins[name].label} and {framed.origin.label}"
        reading.problems.append(
            Problem(name, None, "", "each table once", both, "Hint: keep one of the two.", place=framed.origin.label)
        )
        return
    reading.origins[name] = framed.origin
    reading.problems += framed.problems
    if framed.frame is not None:
        reading[name] = framed.frame
