"""Read columns and labels of the tables that `choose` is given."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NUMBER_KINDS = {"integer", "floating", "mixed-integer-float", "decimal", "boolean"}


def require_table(table: object, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """Give back a table that is a DataFrame with unique column names and the columns asked for.

    Raises
    ------
    InputError
        If it is no DataFrame, a column name occurs twice, or a column is missing.
    """
    if not isinstance(table, pd.DataFrame):
        raise InputError(f"{name} must be a DataFrame; got {type(table).__name__}. Hint: pass pandas.DataFrame(...).")
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        raise InputError(f"column names must be unique; got {twice[0]!r} twice at {name}. Hint: rename one of them.")
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise InputError(
            f"{name} must have the columns {', '.join(columns)}; got no {missing[0]!r} at {name}. "
            f"Hint: {_hint_column(missing[0], table)}."
        )
    return table


def _hint_column(name: str, table: pd.DataFrame) -> str:
    near = get_close_matches(name, [column for column in table.columns if isinstance(column, str)], n=1)
    return f"rename the column {near[0]!r}" if near else "add the column"


def refuse_near_names(table: pd.DataFrame, name: str, known: Sequence[str]) -> None:
    """Refuse a column that looks like a misspelt optional one, so that no setting is silently lost.

    Raises
    ------
    InputError
        If an unknown column's letters are close to those of a known column that is absent.

    Examples
    --------
    >>> refuse_near_names(pd.DataFrame(columns=["rule", "For Each"]), "rules", ["rule", "for_each"])
    Traceback (most recent call last):
    sourcing.errors.InputError: columns of rules must be spelt as the suite reads them;
    got 'For Each' at rules. Hint: did you mean 'for_each'?
    """
    absent = {known_name.replace("_", ""): known_name for known_name in known if known_name not in table.columns}
    for column in table.columns:
        if column in known or not isinstance(column, str):
            continue
        letters = "".join(letter for letter in column.lower() if letter.isalnum())
        near = get_close_matches(letters, list(absent), n=1, cutoff=0.85)
        if near:
            raise InputError(
                f"columns of {name} must be spelt as the suite reads them; got {column!r} at {name}. "
                f"Hint: did you mean {absent[near[0]]!r}?"
            )


def read_numbers(table: pd.DataFrame, column: str, name: str, rows: np.ndarray | None = None) -> np.ndarray:
    """Read a column as finite numbers.

    Parameters
    ----------
    table : DataFrame
        Any table.
    column, name : str
        The column, and what the table is called in messages.
    rows : ndarray of bool, shape (len(table),), optional
        Rows whose values must be finite; all when None. Values elsewhere are returned as they are.

    Returns
    -------
    ndarray of float, shape (len(table),)

    Raises
    ------
    InputError
        If the column holds something other than numbers, or a missing or infinite number in `rows`.
    """
    series = table[column]
    is_number = pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_complex_dtype(series)
    if not is_number and pd.api.types.infer_dtype(series, skipna=True) not in _NUMBER_KINDS and len(series):
        sample = next((value for value in series if isinstance(value, str)), series.iloc[0])
        raise InputError(f"{column} must be a number; got {sample!r} at {name}. Hint: convert the column to numbers.")
    values = series.to_numpy(dtype=float, na_value=np.nan)
    wrong = ~np.isfinite(values) if rows is None else rows & ~np.isfinite(values)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        more = f", {int(wrong.sum()) - 1} more" if wrong.sum() > 1 else ""
        raise InputError(
            f"{column} must be a finite number; got {values[first]} at {name} "
            f"{show_row(table, first)}{more}. "
            "Hint: fill the value or leave the row out."
        )
    return values


def show_row(table: pd.DataFrame, position: int) -> str:
    """Name a row by its key columns where it has them, else by its index label.

    Examples
    --------
    >>> show_row(pd.DataFrame({"process": ["payroll"], "option": ["stay"], "cost": [1.0]}), 0)
    "process='payroll', option='stay'"
    >>> show_row(pd.DataFrame({"cost": [1.0]}, index=[7]), 0)
    'row 7'
    """
    keys = ("process", "option", "wave", "rule", "process_a", "process_b", "place_a", "place_b")
    named = [f"{key}={plain_label(table[key].iloc[position])!r}" for key in keys if key in table.columns]
    return ", ".join(named) if named else f"row {table.index[position]}"


def plain_label(value: Any) -> Any:
    """Turn a cell into a plain Python label; a missing one becomes None.

    Examples
    --------
    >>> plain_label(np.int64(3)), plain_label(float("nan")), plain_label("x")
    (3, None, 'x')
    """
    if isinstance(value, np.generic):
        value = value.item()
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else value


def order_labels(labels: Iterable[Any]) -> list[Any]:
    """Sort labels of any kind: missing, then numbers by size, then the rest by their text.

    Examples
    --------
    >>> order_labels(["b", 10, "a", 2, None])
    [None, 2, 10, 'a', 'b']
    """

    def place(label: Any) -> tuple[int, float, str]:
        if label is None:
            return (0, 0.0, "")
        if isinstance(label, (int, float)):
            return (1, float(label), "")
        return (2, 0.0, str(label))

    return sorted(labels, key=place)


def code_labels(column: pd.Series) -> tuple[np.ndarray, list[Any]]:
    """Number the labels of a column in their fixed order.

    Returns
    -------
    codes : ndarray of int, shape (len(column),)
    labels : list
        `labels[codes[k]]` is the label of row k; a missing one is None.

    Examples
    --------
    >>> codes, labels = code_labels(pd.Series(["b", "a", "b"]))
    >>> codes.tolist(), labels
    ([1, 0, 1], ['a', 'b'])
    """
    raw, found = pd.factorize(column.astype(object), use_na_sentinel=False)
    plain = [plain_label(label) for label in found]
    labels = order_labels(plain)
    place = {label: code for code, label in enumerate(labels)}
    recode = np.array([place[label] for label in plain], dtype=np.int64)
    return (recode[raw] if len(raw) else np.zeros(0, dtype=np.int64)), labels
