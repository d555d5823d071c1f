"""Read a table from a text file: its encoding, its separator, its header, its rows."""

from __future__ import annotations

import csv
import io
import re
import warnings
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.case.problem import WARNING, Problem
from sourcing.case.reading.formulas import free_texts
from sourcing.case.reading.headers import DEEPEST_HEADER, find_header, plain_name
from sourcing.case.reading.rows import Framed, frame_sheet, place_header, refuse_header, settle_rows
from sourcing.case.reading.source import Sheet, is_filled, number_cells

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.case.dictionary import Table

SEPARATORS = (",", ";", "\t", "|")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LONGEST_CELL = 2**24
MOST_OPEN = 20
"""Open quotes of a file that are told one by one; each costs a look at the whole file."""


def decode(raw: bytes) -> tuple[str, str]:
    r"""Return the text of a file and its encoding: UTF-8 or UTF-16 by mark or form, else cp1252.

    Examples
    --------
    >>> decode("Müller".encode("cp1252")), decode("\ufeffMüller".encode("utf-8"))
    (('Müller', 'cp1252'), ('Müller', 'utf-8'))
    """
    candidates = [name for mark, name in _MARKS if raw.startswith(mark)]
    if not candidates and raw[:400].count(b"\0") > len(raw[:400]) // 4:
        candidates = ["utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"]
    for name in (*candidates, "utf-8", "cp1252"):
        try:
            return raw.decode(name).removeprefix("\ufeff"), name.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1"), "latin-1"


def read_text(path: Path, table: Table) -> Framed:
    """Read one table of texts, indexed by spreadsheet row."""
    text, encoding = decode(path.read_bytes())
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    separator, start = _find_separator(text, table)
    text, opened = _drop_open_quotes(text, separator if start is not None else "".join(SEPARATORS), table)
    if opened and start is None:
        separator, start = _find_separator(text, table)
    notes = _note_encoding(table, encoding) + opened
    if start is None:
        if not text.strip():
            return refuse_header(table, path.name, separator)
        framed = refuse_header(table, path.name, separator)
        return Framed(framed.frame, framed.origin, framed.problems + notes)
    fast = _read_fast(text, separator, start, table, path.name)
    if fast is None:
        fast = _read_slowly(text, separator, start, table, path)
    frame = fast.frame if fast.frame is None else fast.frame.apply(free_texts)
    return Framed(frame, fast.origin, fast.problems + notes)


def read_grid(path: Path, table: Table) -> Sheet:
    """Read a text file as a grid of cells, for a workbook made from it."""
    text, _ = decode(path.read_bytes())
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    separator, _ = _find_separator(text, table)
    rows = [free_texts(pd.Series(row, dtype="str")).tolist() for row in _split_all(text, separator)]
    return Sheet(path.stem, path.name, number_cells(rows), separator)


def _note_encoding(table: Table, encoding: str) -> list[Problem]:
    if encoding not in ("cp1252", "latin-1"):
        return []
    hint = "Hint: check letters such as ä, é, ł; save the file as 'CSV UTF-8' if any is wrong."
    return [Problem(table.name, None, "", "text in UTF-8", f"read as {encoding}", hint, WARNING)]


def _drop_open_quotes(text: str, separators: str, table: Table) -> tuple[str, list[Problem]]:
    """Take out quotes that nobody closed, so that the rows after them are read; say where each stands.

    A quote is open where its text runs over the end of a row and ends with the file, or in the middle of a cell.
    """
    problems: list[Problem] = []
    quoted = re.compile(rf'(?:^|(?<=[\n{re.escape(separators)}]))"(?P<inside>[^"]*(?:""[^"]*)*)(?P<end>"?)')
    place = 0
    while found := quoted.search(text, place):
        place = found.end()
        is_closed = found["end"] and text[place : place + 1] in ("", "\n", *separators)
        if is_closed or (found["end"] and "\n" not in found["inside"]):
            continue
        row = sum(1 for _ in _split(text[: found.start()] + "x", separators[0]))
        shown = text[found.start() : found.start() + 40].partition("\n")[0]
        hint = "Hint: close the quote, or write it twice inside a quoted text."
        problems.append(Problem(table.name, row, "", "quotes in pairs", shown, hint))
        text, place = text[: found.start()] + text[found.start() + 1 :], found.start()
        if len(problems) == MOST_OPEN:
            break
    return text, problems


def _split(text: str, separator: str) -> Any:
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _find_separator(text: str, table: Table) -> tuple[str, int | None]:
    """Return the separator under which a row names most columns, and that row's position."""
    best, most, place = ",", 0, None
    for separator in SEPARATORS:
        rows = []
        try:
            for row in _split(text[:200_000], separator):
                rows.append(row)
                if len(rows) == DEEPEST_HEADER:
                    break
        except csv.Error:
            continue
        found = find_header(rows, table)
        if found is not None:
            known = len({plain_name(cell) for cell in rows[found]} & set(table.columns))
            if known > most:
                best, most, place = separator, known, found
    return best, place


def _read_fast(text: str, separator: str, start: int, table: Table, label: str) -> Framed | None:
    """Read a regular file in one go; None where rows are longer than the header or quotes stay open."""
    reader = _split(text, separator)
    for _ in range(start):
        next(reader)
    headers = next(reader)
    while headers and not is_filled(headers[-1]):
        headers.pop()
    columns = range(1, len(headers) + 1)
    offset = 0
    for _ in range(reader.line_num):
        offset = text.find("\n", offset) + 1 or len(text)
    if offset >= len(text):
        frame = pd.DataFrame(columns=columns, dtype="str")
    else:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", pd.errors.ParserWarning)
                frame = pd.read_csv(
                    io.StringIO(text[offset:]),
                    sep=separator,
                    header=None,
                    names=columns,
                    dtype="str",
                    keep_default_na=False,
                    skip_blank_lines=False,
                    index_col=False,
                )
        except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError):
            return None
    frame.index = pd.RangeIndex(start + 2, start + 2 + len(frame))
    named = {column: name for column, name in zip(columns, headers, strict=True) if is_filled(name)}
    origin = place_header(named, table, label, start + 1, separator)
    return settle_rows(frame, named, table, origin, [])


def _read_slowly(text: str, separator: str, start: int, table: Table, path: Path) -> Framed:
    rows = _split_all(text, separator)
    width = max((place for place, name in enumerate(rows[start], start=1) if is_filled(name)), default=0)
    framed = frame_sheet(Sheet(path.stem, path.name, number_cells(row[:width] for row in rows), separator), table)
    hint = f"Hint: put quotes around texts that hold {separator!r}; decimal commas need another separator."
    problems = [
        Problem(table.name, number, "", f"{width} cells, as many as column names", f"{len(row)} cells", hint)
        for number, row in enumerate(rows, start=1)
        if number > start + 1 and any(is_filled(cell) for cell in row[width:])
    ]
    return Framed(framed.frame, framed.origin, framed.problems + problems)


def _split_all(text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        rows.extend(_split(text, separator))
    except csv.Error:
        rows.append(["a cell longer than any text"])
    return rows
