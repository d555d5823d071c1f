"""The distinct cells of a column, cleaned: what people's spreadsheets leave around a value is taken off once."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sourcing.case.reading.spelling import settle_texts

_FAULTY = re.compile(
    r"#[¡¿]?[^\W\d_][\w/]*[!?]|#¡[\w/]+|##+"
    r"|#(?:N/A|NV|N/D|N/B|I/T|Н/Д|YOK|HIÁNYZIK|NENÍ_K_DISPOZICI|GETTING_DATA|DATEN_ABRUFEN|BUSY)"
)
_CALC_FAULTY = re.compile(r"(?:err|error|erreur|errore|fehler) ?: ?5\d\d", re.IGNORECASE)


def is_faulty(value: Any) -> bool:
    """Whether a cell holds what a spreadsheet shows where a formula failed, in any language, or for a narrow column.

    Examples
    --------
    >>> [is_faulty(shown) for shown in ("#N/A", "#SPILL!", "#BEZUG!", "#¿NOMBRE?", "#DEEL/0!", "Err:502", "#####")]
    [True, True, True, True, True, True, True]
    >>> is_faulty("#1: no more"), is_faulty("#payroll"), is_faulty(0.5)
    (False, False, False)
    """
    if not isinstance(value, str) or len(value) > 40:
        return False
    shown = value.strip()
    return bool((_FAULTY.fullmatch(shown) and shown == shown.upper()) or _CALC_FAULTY.fullmatch(shown))


class Cells(NamedTuple):
    """A column as its distinct values and the place of each row's value among them.

    Attributes
    ----------
    codes : ndarray of int, shape (rows,)
        Position of each row's value in `values`.
    values : ndarray of object
        Distinct values: texts without surrounding blanks ("" where empty), int, float, bool or Timestamp.
    is_text : ndarray of bool
        Whether each distinct value is a text.
    """

    codes: np.ndarray
    values: np.ndarray
    is_text: np.ndarray

    def replace(self, places: np.ndarray, text: str) -> Cells:
        """Return the cells with a text in some places of the distinct values."""
        if not places.any():
            return self
        values = self.values.copy()
        values[places] = text
        return Cells(self.codes, values, self.is_text | places)


def take_cells(given: pd.Series) -> Cells:
    r"""Take a column apart into its distinct, cleaned values.

    Examples
    --------
    >>> take_cells(pd.Series([" a ", "b", None, "a\u00a0", 1.0, True], dtype=object)).values.tolist()
    ['a', 'b', '', 1.0, True]
    """
    if isinstance(given.dtype, pd.CategoricalDtype):
        given = given.astype(object)
    if pd.api.types.is_string_dtype(given.dtype) and given.dtype != object:
        codes, texts = pd.factorize(given.astype("str"))
        cleaned = settle_texts(texts)
        if (codes >= 0).all() and cleaned is texts:
            return Cells(codes, texts.to_numpy(dtype=object), np.ones(len(texts), dtype=bool))
        return _merge_equal(codes, np.append(cleaned.to_numpy(dtype=object), ""))
    if given.dtype == object:
        return _merge_equal(*_take_objects(given))
    codes, found = pd.factorize(given)
    values = np.empty(len(found) + 1, dtype=object)
    values[:-1] = [_settle_value(value) for value in found]
    values[-1] = ""
    return _merge_equal(codes, values)


def leave_empty(rows: int) -> Cells:
    """Return a column of empty cells."""
    size = min(rows, 1)
    return Cells(np.zeros(rows, dtype=np.intp), np.full(size, "", dtype=object), np.ones(size, dtype=bool))


def _take_objects(given: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Distinct values by type and value, since 1, 1.0 and True are equal to Python."""
    places: dict[tuple[type, Any], int] = {}
    codes = np.empty(len(given), dtype=np.intp)
    for row, value in enumerate(given.to_numpy()):
        try:
            codes[row] = places.setdefault((type(value), value), len(places))
        except TypeError:
            codes[row] = places.setdefault((str, str(value)), len(places))
    values = np.empty(len(places), dtype=object)
    values[:] = [_settle_value(value) for _, value in places]
    is_text = np.fromiter((isinstance(value, str) for value in values), bool, len(values))
    if is_text.any():
        values[is_text] = settle_texts(pd.Index(values[is_text], dtype="str")).to_numpy(dtype=object)
    return codes, values


def _settle_value(value: Any) -> Any:
    """Bring a value to text, int, float, bool or Timestamp; "" for a missing one."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, str | bool):
        return value
    if isinstance(value, np.generic):
        value = value.item() if not isinstance(value, np.datetime64) else pd.Timestamp(value)
    if isinstance(value, str | bool | int | float):
        return "" if value != value else value
    if isinstance(value, datetime | date):
        try:
            return pd.Timestamp(value).tz_localize(None)
        except (ValueError, OverflowError):
            return str(value)
    if isinstance(value, time):
        return value.isoformat()
    return str(value)


def _merge_equal(codes: np.ndarray, values: np.ndarray) -> Cells:
    """Merge values that became equal by cleaning, and drop those that no row has; code -1 is the last value."""
    places: dict[tuple[type, Any], int] = {}
    merged = np.fromiter(
        (places.setdefault((type(value), value), len(places)) for value in values), np.intp, len(values)
    )
    distinct = np.empty(len(places), dtype=object)
    distinct[:] = [value for _, value in places]
    codes = merged[codes] if len(merged) else codes
    used = np.zeros(len(distinct), dtype=bool)
    used[codes] = True
    distinct = distinct[used]
    is_text = np.fromiter((isinstance(value, str) for value in distinct), bool, len(distinct))
    return Cells((np.cumsum(used) - 1)[codes] if len(used) else codes, distinct, is_text)


def spell_value(value: Any) -> str:
    """Write a value as a person would have typed it.

    Examples
    --------
    >>> spell_value(1200.0), spell_value(0.25), spell_value(True), spell_value(pd.Timestamp("2026-03-31"))
    ('1200', '0.25', 'TRUE', '2026-03-31')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat(sep=" ")
    return str(value)
