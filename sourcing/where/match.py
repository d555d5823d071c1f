"""Which rows of a table a `where` text holds for."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sourcing.errors import FilterError
from sourcing.where.check import find_faults
from sourcing.where.parse import parse_where
from sourcing.where.tree import (
    And,
    Comparison,
    Constant,
    Membership,
    Minus,
    Not,
    Operand,
    Where,
    list_columns,
    list_pairs,
)

_HOLDS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_KINDS = {
    "string": "text",
    "boolean": "truth",
    "integer": "number",
    "floating": "number",
    "mixed-integer-float": "number",
    "decimal": "number",
}


@dataclass(frozen=True)
class ReadColumn:
    """A column of a table that was read for filtering: its kind (text, number or truth) and its values."""

    kind: str
    values: np.ndarray


def match_where(text: object, table: pd.DataFrame, columns: dict[str, ReadColumn] | None = None) -> np.ndarray:
    """Tell for each row of a table whether a `where` text holds.

    Parameters
    ----------
    text : str or None
        As `parse_where` reads it. None, NaN and blank text mean all rows.
    table : DataFrame
        Its columns are the only names the text may use.
    columns : dict, optional
        Remembers what was read of the columns, for further texts on the same table.

    Returns
    -------
    ndarray of bool, shape (len(table),)

    Raises
    ------
    FilterError
        If `parse_where` refuses the text, or it names an unknown column, compares unlike kinds or filters on a
        column with missing values.

    Examples
    --------
    >>> rows = pd.DataFrame({"owner": ["own", "acme", "acme"], "wave": [0, 1, 2]})
    >>> match_where("owner == 'acme' and wave < 2", rows).tolist()
    [False, True, False]
    >>> match_where("", rows).tolist()
    [True, True, True]
    >>> match_where("__import__('os').getcwd() == 'x'", rows)
    Traceback (most recent call last):
    sourcing.errors.FilterError: where must be comparisons on columns; got a call at
    "__import__('os').getcwd() == 'x'". Hint: use == != < <= > >= in, not in, and, or, not, ( ).
    """
    where = parse_where(text)
    if where is None:
        return np.ones(len(table), dtype=bool)
    read = _TableColumns(table, {} if columns is None else columns)
    for fault in find_faults(where, read):
        raise fault.refuse(str(text))
    values = {name: read.read(name).values for name in list_columns(where)}
    return _match(where, values, len(table))


class _TableColumns(Mapping[str, str]):
    """The kinds of a table's columns, each read when it is first asked for."""

    def __init__(self, table: pd.DataFrame, columns: dict[str, ReadColumn]) -> None:
        self._table = table
        self._columns = columns

    def __contains__(self, name: object) -> bool:
        return name in self._table.columns

    def __getitem__(self, name: str) -> str:
        if name not in self:
            raise KeyError(name)
        return self.read(name).kind

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.columns)

    def __len__(self) -> int:
        return len(self._table.columns)

    def read(self, name: str) -> ReadColumn:
        if name not in self._columns:
            self._columns[name] = _read_column(self._table[name], name)
        return self._columns[name]


def _read_column(series: pd.Series, name: str) -> ReadColumn:
    missing = series.isna().to_numpy()
    if missing.any():
        raise FilterError(
            f"a filtered column must have a value in every row; got {int(missing.sum())} missing at "
            f"{name!r}. Hint: fill the column, for instance with 'none'."
        )
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(series.cat.categories.dtype)
    kind = _KINDS.get(pd.api.types.infer_dtype(series, skipna=False))
    if kind is None and len(series):
        raise FilterError(
            f"a filtered column must hold only text, only numbers or only True and False; got "
            f"{pd.api.types.infer_dtype(series)} at {name!r}. Hint: convert the column."
        )
    if kind == "truth":
        return ReadColumn(kind, series.to_numpy(dtype=bool))
    if kind == "number":
        return ReadColumn(kind, series.to_numpy(dtype=float) if series.dtype == object else series.to_numpy())
    return ReadColumn("text", series.to_numpy(dtype=object))


def _match(where: Where, values: Mapping[str, np.ndarray], rows: int) -> np.ndarray:
    """Match a checked tree on the values of its columns, arrays of shape (rows,)."""
    if isinstance(where, Comparison):
        mask = np.ones(rows, dtype=bool)
        for a, sign, b in list_pairs(where):
            mask &= np.asarray(_HOLDS[sign](_pick(a, values), _pick(b, values)), dtype=bool)
        return mask
    if isinstance(where, Membership):
        members = [member.value for member in where.members]
        found = pd.Series(_pick(where.operand, values)).isin(members).to_numpy(dtype=bool)
        return found if where.is_among else ~found
    if isinstance(where, Not):
        return ~_match(where.part, values, rows)
    join = np.logical_and if isinstance(where, And) else np.logical_or
    return join.reduce([_match(part, values, rows) for part in where.parts])


def _pick(operand: Operand, values: Mapping[str, np.ndarray]) -> Any:
    """Pick the values of an operand: an array of shape (rows,), or a constant."""
    if isinstance(operand, Constant):
        return operand.value
    return -_pick(operand.of, values) if isinstance(operand, Minus) else values[operand.name]
