"""Write a case as a folder of CSV or Parquet tables or as one workbook, so that it loads back the same."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.case.dictionary import supplied_tables
from sourcing.case.reading import name_table, spell_value
from sourcing.errors import InputError, hint_near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
        Another kind, a folder that holds tables, or a table too long for a sheet.
    """
    path = Path(path)
    kind = kind or ("xlsx" if path.suffix.lower() == ".xlsx" else "csv")
    if kind not in KINDS:
        raise InputError(f"kind must be one of {', '.join(KINDS)}; got {kind!r}. {hint_near(kind, KINDS)}")
    tables = {name: drop_defaults(frame, supplied_tables()[name]) for name, frame in case.tables.items() if len(frame)}
    if kind == "xlsx":
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


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write aside in the same folder, then take the place of the file at once.

    Raises
    ------
    InputError
        The folder does not exist or cannot be written.
    """
    if not path.parent.is_dir():
        raise InputError(f"A file's folder must exist; got {str(path.parent)!r}. Hint: make the folder first.")
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=path.suffix, delete=False) as file:
            aside = Path(file.name)
    except OSError as error:
        raise InputError(f"A file must be writable; got {str(path)!r}: {error}. Hint: choose another place.") from error
    try:
        yield aside
        aside.chmod(0o644)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _write_folder(tables: dict[str, pd.DataFrame], path: Path, kind: str) -> None:
    """Write each table aside, then move all into the folder."""
    held = [file.name for file in path.iterdir() if name_table(file.stem)] if path.is_dir() else []
    if held or path.is_file():
        what = ", ".join(held[:3]) or "a file"
        raise InputError(
            f"A new case must have a folder without tables; got {what} at {str(path)!r}. Hint: name another."
        )
    path.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=path, prefix="."))
    write: Callable[[pd.DataFrame, Path], None] = _write_csv if kind == "csv" else _write_parquet
    try:
        for name, frame in tables.items():
            write(frame, aside / f"{name}.{kind}")
        for file in sorted(aside.iterdir()):
            file.replace(path / file.name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    texts = pd.DataFrame({name: spell_column(values) for name, values in frame.items()})
    texts.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    flags = {name: "boolean" for name, values in frame.items() if values.dtype == object}
    frame.astype(flags).to_parquet(path, index=False, engine="pyarrow")


def _write_workbook(tables: dict[str, pd.DataFrame], path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

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
    book.save(path)


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
