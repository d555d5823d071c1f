"""Write a case as a folder of CSV or Parquet tables or as one workbook, so that it loads back the same."""

from __future__ import annotations

import io
import shutil
import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.case.dictionary import load_dictionary, supplied_tables
from sourcing.case.reading import MOST_CELLS, name_table, spell_value
from sourcing.case.writing.inputs import require_no_inputs
from sourcing.case.writing.texts import write_csv
from sourcing.errors import InputError, hint_near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl import Workbook

    from sourcing.case.dictionary import Table
    from sourcing.case.load import Case

KINDS = ("csv", "parquet", "xlsx")
MOST_ROWS = 1_048_575
"""Rows below the header that a sheet holds."""


def save_case(case: Case, path: str | Path, kind: str | None = None) -> Path:
    """Write the tables of a case.

    Parameters
    ----------
    case : Case
    path : path
        A folder, or a workbook ending in .xlsx. A folder must not hold tables yet; a workbook is replaced.
    kind : {"csv", "parquet", "xlsx"}, optional
        By the ending of the path if None: a workbook, else CSV.

    Returns
    -------
    Path
        What was written. Tables without rows are left out, as are columns that hold their default only.

    Raises
    ------
    InputError
        Another kind, a folder that holds tables, a table too long for a sheet, more cells than a workbook may hold, or
        a path that cannot be written.
    """
    path = Path(path)
    kind = kind or ("xlsx" if path.suffix.lower() == ".xlsx" else "csv")
    if kind not in KINDS:
        raise InputError(f"kind must be one of {', '.join(KINDS)}; got {kind!r}. {hint_near(kind, KINDS)}")
    tables = {name: drop_defaults(frame, supplied_tables()[name]) for name, frame in case.tables.items() if len(frame)}
    if kind == "xlsx":
        require_no_inputs(path.parent)
        with replacing(path) as aside:
            _write_workbook(tables, aside)
        return path
    _write_folder(tables, path, kind)
    return path


def drop_defaults(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Leave out optional columns in which every row holds the default."""
    kept = []
    for column in table.columns.values():
        texts = spell_column(frame[column.name])
        default = spell_value(float(column.default)) if _is_number(column.type, column.default) else column.default
        if column.is_required or (texts != default).any():
            kept.append(column.name)
    return frame[kept]


def _is_number(kind: str, text: str) -> bool:
    return kind in ("number", "integer") and text != ""


def spell_column(values: pd.Series) -> pd.Series:
    """Write a conformed column as texts: 1200, 0.25, yes, 2026-03-31, "" where empty."""
    if values.dtype == "str":
        return values
    if values.dtype.kind in "fi":
        codes, distinct = pd.factorize(values.to_numpy())
        texts = [*(spell_value(value.item()) for value in distinct), ""]
    else:
        codes, distinct = pd.factorize(values)
        texts = [*(_spell(value) for value in distinct), ""]
    return pd.Series(np.array(texts, dtype=object)[codes], index=values.index, dtype="str")


def _spell(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return spell_value(pd.Timestamp(value))


def list_numbers(table: str) -> list[str]:
    """List the columns of a table that hold numbers."""
    columns = load_dictionary()[table].columns.values()
    return [column.name for column in columns if column.type in ("number", "integer")]


def spell_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Write a conformed table as texts."""
    return pd.DataFrame({name: spell_column(values) for name, values in frame.items()}, columns=frame.columns)


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """Write files aside, then move them all into a folder, which is made if absent.

    Raises
    ------
    InputError
        The folder cannot be made, or a file cannot be written: then it is as it was before.
    """
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".") as aside:
            yield Path(aside)
            for file in sorted(Path(aside).iterdir()):
                file.replace(folder / file.name)
    except BaseException as error:
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise _refuse_writing(folder, error) from error
        raise


def _refuse_writing(path: Path, error: OSError) -> InputError:
    said = error.strerror or error
    return InputError(f"A file must be writable; got {str(path)!r}: {said}. Hint: make room, or choose another place.")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write aside in the same folder, then take the place of the file at once.

    Raises
    ------
    InputError
        The folder does not exist or the file cannot be written: then what was there before stays.
    """
    if not path.parent.is_dir():
        raise InputError(f"A file's folder must exist; got {str(path.parent)!r}. Hint: make the folder first.")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as folder:
            aside = Path(folder) / path.name
            yield aside
            aside.replace(path)
    except OSError as error:
        raise _refuse_writing(path, error) from error


def _write_folder(tables: dict[str, pd.DataFrame], path: Path, kind: str) -> None:
    """Write each table aside, then move all into the folder."""
    held = [file.name for file in path.iterdir() if name_table(file.stem)] if path.is_dir() else []
    if held or path.is_file():
        what = ", ".join(held[:3]) or "a file"
        raise InputError(
            f"A new case must have a folder without tables; got {what} at {str(path)!r}. Hint: name another."
        )
    with filling(path) as aside:
        for name, frame in tables.items():
            if kind == "csv":
                write_csv(spell_table(frame), aside / f"{name}.csv", numbers=list_numbers(name))
            else:
                _write_parquet(frame, aside / f"{name}.parquet")


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    flags = {name: "boolean" for name, values in frame.items() if values.dtype == object}
    frame.astype(flags).to_parquet(path, index=False, engine="pyarrow")


def _write_workbook(tables: dict[str, pd.DataFrame], path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells = sum(int((frame.notna() & (frame != "")).to_numpy().sum()) for frame in tables.values())
    if cells > MOST_CELLS:
        raise InputError(
            f"A workbook must hold at most {MOST_CELLS:,} filled cells; got {cells:,}. Hint: save as Parquet."
        )
    book = Workbook(write_only=True)
    book.properties.creator = "sourcing"
    book.properties.created = book.properties.modified = datetime(2000, 1, 1)
    for name, frame in tables.items():
        if len(frame) > MOST_ROWS:
            raise InputError(
                f"A sheet must hold at most {MOST_ROWS:,} rows; got {len(frame):,} in {name}. Hint: save as Parquet."
            )
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        header = [WriteOnlyCell(sheet, value=column) for column in frame]
        for cell in header:
            cell.font = Font(bold=True)
        sheet.append(header)
        columns = [_list_cells(values) for _, values in frame.items()]
        for row in zip(*columns, strict=True):
            sheet.append([write_cell(WriteOnlyCell(sheet), value) for value in row])
    save_book(book, path)


def save_book(book: Workbook, path: Path) -> None:
    """Save a workbook by way of memory: a library that is stopped half-way through a file complains long after."""
    made = io.BytesIO()
    book.save(made)
    path.write_bytes(made.getbuffer())


def _list_cells(values: pd.Series) -> list[Any]:
    """Return a conformed column as what a sheet holds: texts, numbers, yes and no, days, None where empty."""
    if values.dtype.kind == "M":
        return [None if pd.isna(day) else day.to_pydatetime() for day in values]
    if values.dtype.kind in "fi":
        whole = values.dtype.kind == "i"
        return [None if number != number else int(number) if whole else number for number in values.tolist()]
    return [text or None for text in spell_column(values)]


def write_cell(cell: Any, value: Any) -> Any:
    """Put a value into a cell; a text stays a text whatever it looks like, so that == is no formula."""
    if value is None:
        return cell
    if isinstance(value, str):
        cell.value = ""
        cell._value, cell.data_type = value, "s"
        if value.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True
        return cell
    cell.value = value
    if isinstance(value, float) and float(f"{value:.16g}") != value:
        # openpyxl writes sixteen digits; some numbers need seventeen to come back the same
        cell._value = repr(value)
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd"
    return cell
