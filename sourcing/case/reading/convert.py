"""Convert the distinct cells of a column to the type of the dictionary; say which do not fit and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sourcing.case.problem import DAY_ZERO, ERROR, WARNING
from sourcing.case.reading.cells import Cells, spell_value
from sourcing.case.reading.dates import read_date
from sourcing.case.reading.numerals import (
    Numeral,
    read_ratio,
    settle_mark,
    split_numeral,
    value_numeral,
)
from sourcing.case.reading.unreadable import advise_figure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sourcing.case.dictionary import Column, Table
    from sourcing.case.problem import Origin

FLAGS = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False, "y": True, "n": False}
SIGNS = {"≤": "<=", "≥": ">=", "=": "=="}
LARGEST, LARGEST_WHOLE = 1e18, 2**53
"""No figure of a case reaches the first; whole numbers beyond the second are not told apart."""
PROSE = frozenset(
    {"reason", "evidence", "action", "source", "conflict_source", "unemployment_source"}
    | {"low_anchor", "mid_anchor", "high_anchor"}
)
"""Columns of sentences, which keep their line breaks; in a name a line break is a blank."""
HIGH_SHARE = 2.0
"""A share between the whole and this is more likely too much than per cent; a rate a year may well be per cent."""
_PLAIN = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_UNCLEAR_PLAIN = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)


class Finding(NamedTuple):
    """Which distinct cells of a column break one rule, and what to do: one text, or one per distinct cell."""

    wrong: np.ndarray
    rule: str
    advice: str | list[str]
    severity: str = ERROR


class Marks(NamedTuple):
    """What decides how unclear numerals of a column are read, and the day that a plain number counts from."""

    own: set[str]
    others: set[str]
    separator: str | None
    day_zero: datetime = DAY_ZERO


def prove_marks(table: Table, taken: Mapping[str, Cells], origin: Origin) -> dict[str, Marks]:
    """Collect which decimal marks the cells of each number column prove, and those of the other columns."""
    proven: dict[str, set[str]] = {name: set() for name in table.columns}
    for name, cells in taken.items():
        if table.columns[name].type in ("number", "integer"):
            texts = cells.values[cells.is_text & (cells.values != "")]
            if len(texts):
                proven[name] = _prove(pd.Series(texts, dtype="str"))
    return {
        name: Marks(
            own,
            set().union(*(found for other, found in proven.items() if other != name)),
            origin.separator,
            origin.day_zero,
        )
        for name, own in proven.items()
    }


def _prove(cells: pd.Series) -> set[str]:
    plain = cells.str.fullmatch(_PLAIN)
    found: set[str] = set()
    if (plain & cells.str.contains(".", regex=False) & ~cells.str.fullmatch(_UNCLEAR_PLAIN.pattern)).any():
        found.add(".")
    for text in cells[~plain & (cells != "")]:
        numeral = split_numeral(text)
        if numeral is not None and numeral.mark:
            found.add(numeral.mark)
            if len(found) == 2:
                break
    return found


def convert_text(cells: Cells, column: Column) -> tuple[Any, list[Finding]]:
    """Texts; a date or a truth value in a short name is what a spreadsheet made of it."""
    values = cells.values
    if column.name not in PROSE:
        values = np.array([_join_lines(value) for value in values], dtype=object)
    turned = np.zeros(len(values), dtype=bool)
    if not cells.is_text.all():
        values = np.array([spell_value(value) for value in values], dtype=object)
        if column.is_key or column.refers_to:
            turned = np.fromiter((isinstance(value, pd.Timestamp) for value in cells.values), bool)
    advice = "the spreadsheet turned the name into a date: format the cell as text and type it again"
    return _spread_texts(cells, values), [Finding(turned, "text", advice)]


def _join_lines(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) and "\n" in value else value


def convert_choice(cells: Cells, column: Column) -> tuple[Any, list[Finding]]:
    """One of the choices, spelled with any case, blanks and hyphens."""
    known = {_plain(choice): choice for choice in column.choices} | {"": ""}
    values = [known.get(_plain(SIGNS.get(value, value)), None) for value in map(spell_value, cells.values)]
    wrong = np.fromiter((value is None for value in values), bool)
    advice = f"write one of {', '.join(column.choices)}"
    spelled = np.array([value or "" for value in values], dtype=object)
    return _spread_texts(cells, spelled), [Finding(wrong, column.wanted, advice)]


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.casefold())


def _spread_texts(cells: Cells, values: np.ndarray) -> pd.api.extensions.ExtensionArray:
    return pd.array(values, dtype="str").take(cells.codes)


def convert_flag(cells: Cells, column: Column) -> tuple[Any, list[Finding]]:
    """Yes or no; None where empty and without default."""
    flags = [FLAGS.get(spell_value(value).lower()) for value in cells.values]
    wrong = np.fromiter((flag is None and value != "" for flag, value in zip(flags, cells.values, strict=True)), bool)
    spread = np.array([*flags, None], dtype=object)[:-1][cells.codes]
    findings = [Finding(wrong, column.wanted, "write yes or no")]
    return (spread.astype(bool) if column.default else spread), findings


def convert_date(cells: Cells, column: Column, day_zero: datetime) -> tuple[Any, list[Finding]]:
    """Days; NaT where empty."""
    read = [(None, "") if value == "" else read_date(value, day_zero) for value in cells.values]
    days = np.array([day.to_datetime64() if day is not None else np.datetime64("NaT") for day, _ in read], "M8[ns]")
    filled = np.fromiter((value != "" for value in cells.values), bool)
    notes = [note for _, note in read]
    noted = np.fromiter((note != "" for note in notes), bool)
    findings = [
        Finding(filled & np.isnat(days), column.wanted, notes),
        Finding(filled & ~np.isnat(days) & noted, column.wanted, notes, WARNING),
    ]
    return days[cells.codes], findings


class _Numbers:
    """The distinct cells of a number column while they are read."""

    def __init__(self, cells: Cells, column: Column, marks: Marks) -> None:
        size = len(cells.values)
        self.values, self.column, self.marks = cells.values, column, marks
        self.numbers = np.full(size, np.nan)
        self.wrong, self.assumed = np.zeros(size, bool), np.zeros(size, bool)
        example = "a whole number such as 3" if column.type == "integer" else "a plain number such as 1250.5"
        self.advice = [f"write {example}, without unit"] * size
        is_text = cells.is_text
        filled = cells.values != ""
        for place in np.flatnonzero(~is_text).tolist():
            self._read_typed(place)
        if (is_text & filled).any():
            self._read_texts(pd.Series(cells.values[is_text & filled], np.flatnonzero(is_text & filled), dtype="str"))
        self.wrong |= filled & ~(np.abs(self.numbers) < LARGEST)
        for place in np.flatnonzero(np.abs(self.numbers) >= LARGEST).tolist():
            self.advice[place] = "check the figure: nothing in a case is so large"

    def _read_texts(self, texts: pd.Series) -> None:
        plain = texts.str.fullmatch(_PLAIN)
        if self.marks.separator is not None and self.marks.own != {"."}:
            plain &= ~texts.str.fullmatch(_UNCLEAR_PLAIN.pattern)
        if plain.any():
            self.numbers[texts.index[plain]] = texts[plain].to_numpy(dtype=object).astype(float)
        for place, text in texts[~plain].items():
            self._read_text(place, text)

    def _read_typed(self, place: int) -> None:
        value = self.values[place]
        if isinstance(value, pd.Timestamp):
            again = "type =1/5 for 1/5" if self.column.unit == "ratio" else "type it again"
            self.advice[place] = f"the spreadsheet made a date of the figure: format the cell as number, {again}"
        elif not isinstance(value, bool):
            self.numbers[place] = float(value) if abs(value) < LARGEST else np.inf  # a whole number may be too long

    def _read_text(self, place: int, text: str) -> None:
        numeral = split_numeral(text)
        if numeral is None:
            ratio = read_ratio(text) if self.column.unit == "ratio" else None
            if ratio is not None:
                self.numbers[place] = ratio
            self.advice[place] = advise_figure(text) or self.advice[place]
            return
        if numeral.sign == "%" and not takes_percent(self.column):
            self.advice[place] = f"write a figure in {self.column.unit or 'its unit'}, without a per cent sign"
            return
        if numeral.sign not in ("", "%") and not is_money(self.column):
            self.advice[place] = f"write a figure in {self.column.unit or 'its unit'}, without unit or currency"
            return
        mark = numeral.mark or "."
        if numeral.unclear:
            self._settle(place, numeral)
        else:
            self.numbers[place] = value_numeral(numeral, mark)

    def _settle(self, place: int, numeral: Numeral) -> None:
        mark, is_assumed = settle_mark(self.marks.own, self.marks.others, self.marks.separator, numeral.unclear)
        if mark:
            self.numbers[place] = value_numeral(numeral, mark)
            self.assumed[place] = is_assumed
            if is_assumed:
                read = f"{self.numbers[place]:g}"
                self.advice[place] = f"read as {read}, as the rest of the file suggests; write {read} if it is meant"
            return
        either = " or ".join(f"{value_numeral(numeral, each):.10g}" for each in ".,")
        self.advice[place] = f"it may mean {either}: write it without thousands separator"


def convert_number(cells: Cells, column: Column, marks: Marks) -> tuple[Any, list[Finding]]:
    """Numbers in range; NaN where empty and without default; whole numbers as int64."""
    read = _Numbers(cells, column, marks)
    numbers, wrong = read.numbers, read.wrong
    if column.type == "integer":
        finite = np.where(np.isfinite(numbers), numbers, 0)
        wrong = wrong | (finite % 1 != 0) | (np.abs(finite) > LARGEST_WHOLE)
        for place in np.flatnonzero((finite % 1 != 0) & (np.abs(finite) < LARGEST_WHOLE)):
            read.advice[place] = f"write {np.floor(finite[place]):.0f} or {np.ceil(finite[place]):.0f}"
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    present = ~np.isnan(numbers) & ~wrong
    outside = present & ((numbers < low) | (numbers > high))
    unit = f" (unit: {column.unit})" if column.unit else ""
    advice = [f"check the figure and its unit{unit}"] * len(numbers)
    if takes_percent(column) and high <= 1:
        is_rate = "per year" in column.unit
        for place in np.flatnonzero(outside & (numbers > (1 if is_rate else HIGH_SHARE)) & (numbers <= 100)):
            typed = f"{numbers[place]:g}"
            advice[place] = f"{typed} per cent is written {numbers[place] / 100:g} or {typed} %{unit}"
        if not is_rate:
            for place in np.flatnonzero(outside & (numbers > high) & (numbers <= HIGH_SHARE)):
                advice[place] = f"the whole is {high:g}{unit}"
    findings = [
        Finding(wrong, column.wanted, read.advice),
        Finding(outside, column.wanted, advice),
        Finding(read.assumed & ~wrong, "one meaning of a separator", read.advice, WARNING),
    ]
    if column.type == "integer":
        return np.where(present, numbers, 0).astype("int64")[cells.codes], findings
    return numbers[cells.codes], findings


def takes_percent(column: Column) -> bool:
    """Whether a per cent sign has a meaning in this column."""
    return is_share(column.unit)


def is_share(unit: str) -> bool:
    """Whether figures in a unit are parts of a whole, which may be written in per cent.

    Examples
    --------
    >>> is_share("share of price"), is_share("currency per year")
    (True, False)
    """
    return "share" in unit or unit in ("relative weight", "index", "probability")


def is_money(column: Column) -> bool:
    """Whether the column holds amounts of money."""
    return column.unit.startswith("currency")


def convert_cells(cells: Cells, column: Column, marks: Marks) -> tuple[Any, list[Finding]]:
    """Convert a column's cells to its type.

    Returns
    -------
    values : array, shape (rows,)
    findings : list of Finding
        Which distinct cells do not fit; those hold the type's empty value.
    """
    if column.type in ("number", "integer"):
        return convert_number(cells, column, marks)
    if column.type == "date":
        return convert_date(cells, column, marks.day_zero)
    return _CONVERTERS[column.type](cells, column)


def read_signs(cells: Cells, column: Column) -> list[str]:
    """Return the currency that each distinct cell of a money column writes, "" for none."""
    if not is_money(column):
        return [""] * len(cells.values)
    numerals = [split_numeral(value) if isinstance(value, str) else None for value in cells.values]
    return [numeral.sign if numeral is not None and numeral.sign != "%" else "" for numeral in numerals]


_CONVERTERS: dict[str, Callable[[Cells, Column], tuple[Any, list[Finding]]]] = {
    "text": convert_text,
    "choice": convert_choice,
    "flag": convert_flag,
}
