"""A workbook or folder to start from: empty, pre-filled from a case, or with a table added."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from sourcing.case.dictionary import supplied_tables
from sourcing.case.load import load_case
from sourcing.case.reading import decode, free_texts, open_package, opening, read_tables
from sourcing.case.writing.guide import add_guide
from sourcing.case.writing.inputs import require_no_inputs
from sourcing.case.writing.missing_rows import REFERENCES, list_typed_references, make_missing_rows
from sourcing.case.writing.save import drop_defaults, filling, list_numbers, replacing, save_book, spell_table
from sourcing.case.writing.sheets import LISTS, add_drop_downs, add_lists, add_sheet, append_rows, put_cell
from sourcing.case.writing.texts import write_csv
from sourcing.errors import InputError, hint_near

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from sourcing.case.problem import Origin

BASIC = {
    "units": (
        "business_unit", "name", "home_country", "currency", "price_year", "discount_rate", "horizon_years",
        "country_abroad",
    ),
    "processes": (
        "business_unit", "process", "name", "function", "headcount_fte", "occupation", "service_code", "as_is_option",
        "labor_cost_today_per_fte", "price_today_per_year", "avoidable_share", "data_class",
    ),
    "scores": ("business_unit", "process", "criterion", "assessor", "score", "evidence"),
    "options": (
        "business_unit", "process", "option", "name", "delivery_model", "owner_type", "owner", "location",
        "productivity", "labor_cost_per_fte", "overhead_share", "price_per_year", "transition_cost",
        "transition_months", "ramp_months", "start_productivity", "currency", "price_year", "is_generated", "source",
    ),
}  # fmt: skip
"""Tables and columns of a basic workbook; options may stay empty."""
OF_REFERENCES = (
    "What the suite takes while {} is empty, in the unit's currency and price year. This column is for reading only: "
    "a column whose name starts with # is left alone."
)
MARKED = "utf-8-sig"
"""UTF-8 with the mark by which Excel knows it."""
LOST = ("xl/charts/", "xl/media/", "xl/pivotTables/", "xl/vbaProject.bin")
"""Parts of a workbook that would be lost when a sheet is added."""


def write_template(
    path: str | Path,
    *,
    basic: bool = False,
    add: Sequence[str] = (),
    from_case: str | Path | None = None,
    force: bool = False,
) -> list[str]:
    """Write what a case starts from.

    Parameters
    ----------
    path : path
        A workbook (`.xlsx`), or a folder for one CSV file per table.
    basic : bool
        Only units, processes, scores and options, with the columns of a first pack.
    add : sequence of str
        Tables to add to what is there. Of scores and options that are there already the missing rows are added: a
        direct score per process and index, and the generated options of each process without one.
    from_case : path, optional
        Case to fill in.
    force : bool
        Overwrite.

    Returns
    -------
    list of str
        What was written, a line each.

    Raises
    ------
    InputError
        The file is there and not forced, is not there to add to, a table is not known, or the kind of file is not.
    CaseError
        The case to fill in is unsound.
    """
    path = Path(path)
    if path.suffix.lower() not in (".xlsx", ""):
        raise InputError(
            f"A template must be a workbook (.xlsx) or a folder; got {path.name!r}. Hint: end it in .xlsx."
        )
    for table in add:
        if table not in supplied_tables():
            raise InputError(f"A table must be of the dictionary; got {table!r}. {hint_near(table, supplied_tables())}")
    if add and (basic or from_case is not None):
        raise InputError("A table is added to what is there; got --add with --basic or --from. Hint: leave --add out.")
    is_book = path.suffix.lower() == ".xlsx"
    if add:
        return (_add_to_book if is_book else _add_to_folder)(path, add)
    is_there = path.exists() if is_book else any(path.glob("*.csv"))
    if is_there and not force:
        raise InputError(f"What is there is not overwritten; got {str(path)!r}. Hint: another name, or --force.")
    if is_book:
        require_no_inputs(path.parent)
    tables = choose_tables(basic=basic, from_case=from_case)
    return (_write_book if is_book else _write_folder)(path, tables)


def choose_tables(*, basic: bool, from_case: str | Path | None) -> dict[str, pd.DataFrame]:
    """Choose tables, columns and rows: all of the dictionary or the basic ones, and all that a case fills.

    Returns
    -------
    dict of str to DataFrame
        In the order of the dictionary.
    """
    case = None if from_case is None else load_case(from_case)
    chosen = {}
    for name, table in supplied_tables().items():
        rows = None if case is None else case.tables[name]
        columns = list(BASIC.get(name, ())) if basic else list(table.columns)
        if rows is not None and len(rows):
            columns += [name for name in drop_defaults(rows, table) if name not in columns]
        if columns:
            chosen[name] = pd.DataFrame(columns=pd.Index(columns)) if rows is None else rows[columns]
    return chosen


def _write_book(path: Path, tables: dict[str, pd.DataFrame]) -> list[str]:
    book = Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        add_sheet(book, name, list(rows.columns), rows if len(rows) else None)
    add_lists(book)
    for name in tables:
        add_drop_downs(book, name)
    add_guide(book)
    keep_book(book, path)
    return [f"{path}: {', '.join(tables)}"]


def _write_folder(path: Path, tables: dict[str, pd.DataFrame]) -> list[str]:
    with filling(path) as aside:
        for name, rows in tables.items():
            write_csv(spell_table(rows), aside / f"{name}.csv", numbers=list_numbers(name), encoding=MARKED)
    return [f"{path}: {', '.join(f'{name}.csv' for name in tables)}"]


def keep_book(book: Workbook, path: Path) -> None:
    """Save a workbook aside, then in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as aside:
        save_book(book, aside)


def open_book(path: Path) -> Workbook:
    """Open a workbook to add to it.

    Raises
    ------
    InputError
        No such file, not a workbook, or one with charts, pictures, pivots or macros, which would be lost.
    """
    if not path.exists():
        raise InputError(
            f"A workbook to add to must be there; got {str(path)!r}. Hint: sourcing init {path.name} --basic."
        )
    with opening(path):
        with zipfile.ZipFile(path) as parts:
            lost = sorted({part for part in LOST for name in parts.namelist() if name.startswith(part)})
        if lost:
            raise InputError(
                f"A workbook to add to must hold sheets only; got {', '.join(lost)} in {path.name!r}, which would be "
                f"lost. Hint: add the sheet to a copy without charts, pictures, pivots and macros."
            )
        return load_workbook(open_package(path))


def _add_to_book(path: Path, names: Iterable[str]) -> list[str]:
    book, said = open_book(path), []
    add_lists(book)
    for name in names:
        if name not in book.sheetnames:
            add_sheet(book, name, list(supplied_tables()[name].columns))
            add_drop_downs(book, name)
            said.append(f"{path}: sheet {name} added")
            continue
        sheet, rows = book[name], make_missing_rows(path, name)
        heads = [str(cell.value) for cell in sheet[1]]
        for column in [*list_lacking(rows, name, heads), *list_shown(rows, heads)]:
            sheet.cell(1, len(heads) + 1, column)
            heads.append(column)
        append_rows(sheet, name, rows, find_end(sheet) + 1)
        if name == "options":
            _show_references(sheet, path)
        said.append(f"{path}: {len(rows)} rows added to {name}")
    book.move_sheet(LISTS, len(book.sheetnames))
    keep_book(book, path)
    return said


def list_lacking(rows: pd.DataFrame, table: str, columns: Iterable[str]) -> list[str]:
    """List the columns that a table lacks and that rows fill with more than the default."""
    return [name for name in drop_defaults(rows, supplied_tables()[table]) if name not in set(columns)]


def list_shown(rows: pd.DataFrame, columns: Iterable[str]) -> list[str]:
    """List the columns of reference figures that rows have and a table lacks."""
    return [name for name in REFERENCES if name in rows and name not in set(columns)]


def _show_references(sheet: Worksheet, path: Path) -> None:
    """Show beside the options that are there already what their empty cells are taken for."""
    heads = {str(cell.value): cell.column for cell in sheet[1] if cell.value is not None}
    for name in REFERENCES:
        sheet.cell(1, heads[name]).comment = Comment(OF_REFERENCES.format(REFERENCES[name]), "sourcing")
    for row, record in list_typed_references(path).iterrows():
        for name in REFERENCES:
            put_cell(sheet, int(str(row)), heads[name], record[name])


def find_end(sheet: Worksheet) -> int:
    """Return the last row with a value."""
    rows = [cell.row for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return max(rows, default=1)


def _add_to_folder(path: Path, names: Iterable[str]) -> list[str]:
    if not path.is_dir():
        raise InputError(f"A folder to add to must be there; got {str(path)!r}. Hint: sourcing init {path} --basic.")
    said, origins = [], read_tables(path).origins
    for name in names:
        file, columns = path / f"{name}.csv", pd.Index(list(supplied_tables()[name].columns))
        if name not in origins:
            replace_csv(pd.DataFrame(columns=columns), file, name)
            said.append(f"{file} added")
            continue
        given = read_as_typed(file, origins[name])
        rows = make_missing_rows(path, name)
        columns = [*given.columns, *list_lacking(rows, name, given.columns), *list_shown(rows, given.columns)]
        if name == "options":
            shown = spell_table(list_typed_references(path)).reindex(given.index).fillna("")
            given = given.assign(**{each: shown[each] for each in REFERENCES})
        replace_csv(pd.concat([given, spell_table(rows)]).reindex(columns=columns).fillna(""), file, name)
        said.append(f"{file}: {len(rows)} rows added")
    return said


def read_as_typed(file: Path, origin: Origin) -> pd.DataFrame:
    """Read a text file to add rows to it, every cell as typed; the index is the row as a spreadsheet counts it.

    Raises
    ------
    InputError
        The table stands elsewhere, or below other lines, which would be lost.
    """
    if origin.label != file.name or origin.header_row != 1:
        raise InputError(
            f"A table to add rows to must stand in {file.name} from its first line on; got {origin.label}, row "
            f"{origin.header_row}. Hint: save it so first."
        )
    text, _ = decode(file.read_bytes())
    given = pd.read_csv(
        io.StringIO(text), sep=origin.separator, dtype="str", keep_default_na=False, skip_blank_lines=False
    )
    return given.fillna("").set_axis(pd.RangeIndex(2, len(given) + 2)).apply(free_texts)


def replace_csv(rows: pd.DataFrame, file: Path, table: str) -> None:
    """Write a table aside, then in the place of the file."""
    with replacing(file) as aside:
        write_csv(rows, aside, numbers=list_numbers(table), encoding=MARKED)
