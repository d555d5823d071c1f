"""Read `where` texts through a whitelist of syntax nodes; nothing is ever evaluated as code.

Such a text comes from other people's workbooks. It holds comparisons on columns, spelled as in
`DataFrame.query`, joined by `and`, `or`, `not` and parentheses.
"""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sourcing.errors import FilterError, hint_near

MAX_LENGTH = 2000
MAX_DEPTH = 30
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_HINTS: dict[type[ast.AST], str] = {
    ast.BinOp: "write `and` / `or`, and compare with a computed number",
    ast.UnaryOp: "write `not`",
    ast.Name: "compare the column, as in `is_abroad == True`",
    ast.Constant: "compare a column, as in `owner == 'acme'`",
    ast.Is: "write `==`",
    ast.IsNot: "write `!=`",
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
class Operand:
    """One side of a comparison: a column's values, or a constant."""

    kind: str
    value: Any
    is_column: bool


def match_where(text: object, table: pd.DataFrame, columns: dict[str, Operand] | None = None) -> np.ndarray:
    """Tell for each row of a table whether a `where` text holds.

    Parameters
    ----------
    text : str or None
        Comparisons with `== != < <= > >= in not in`, joined by `and or not ( )`; a column in every
        comparison, backticks around names with spaces. None, NaN and blank text mean all rows.
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
        If the text is not of that form, names an unknown column, compares unlike kinds, filters on a
        column with missing values, is longer than 2,000 characters or nested deeper than 30 levels.

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
    if text is None or (isinstance(text, float) and math.isnan(text)) or text is pd.NA:
        return np.ones(len(table), dtype=bool)
    if not isinstance(text, str):
        raise FilterError(f"where must be text; got {text!r} at where. Hint: write a comparison such as `wave == 3`.")
    if not text.strip():
        return np.ones(len(table), dtype=bool)
    tree, names = parse_where(text)
    return _Reader(text, table, names, {} if columns is None else columns).match(tree, 0)


def parse_where(text: str) -> tuple[ast.expr, dict[str, str]]:
    """Parse a `where` text into a syntax tree and the names that stood in backticks.

    Returns
    -------
    tree : ast.expr
    names : dict
        Identifier standing in the tree -> column name that was written in backticks.
    """
    if len(text) > MAX_LENGTH:
        raise FilterError(
            f"where must have at most {MAX_LENGTH} characters; got {len(text)} at {text[:40]!r}…. "
            "Hint: add a label column to the alternatives and compare that."
        )
    plain, names = _replace_backticks(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(plain.strip(), mode="eval").body, names
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as fault:
        raise _refuse(text, f"text that cannot be read ({type(fault).__name__})") from None


def _replace_backticks(text: str) -> tuple[str, dict[str, str]]:
    """Put identifiers in place of backticked names, outside quotes; measure the nesting on the way."""
    prefix = "_column"
    while prefix in text:
        prefix += "_"
    pieces: list[str] = []
    names: dict[str, str] = {}
    position, depth = 0, 0
    while position < len(text):
        letter = text[position]
        if letter in "'\"`":
            end = _find_close(text, position)
            piece = text[position : end + 1]
            if letter == "`":
                names[f"{prefix}{len(names)}"] = piece[1:-1]
                piece = f" {prefix}{len(names) - 1} "
            pieces.append(piece)
            position = end + 1
            continue
        if letter in "#\\@;{":
            raise _refuse(text, f"the sign {letter!r}")
        depth += (letter in "([{") - (letter in ")]}")
        if depth > MAX_DEPTH:
            raise _refuse(text, f"more than {MAX_DEPTH} levels of brackets")
        pieces.append(" " if letter.isspace() else letter)
        position += 1
    return "".join(pieces), names


def _find_close(text: str, start: int) -> int:
    """Find the sign that closes the quote or backtick opened at `start`."""
    mark, position = text[start], start + 1
    while position < len(text):
        if text[position] == "\\" and mark != "`":
            position += 1
        elif text[position] == mark:
            return position
        position += 1
    raise _refuse(text, f"an open {mark}")


def _refuse(text: str, what: str, hint: str = "") -> FilterError:
    shown = text if len(text) <= 80 else f"{text[:80]}…"
    hint = hint or "use == != < <= > >= in, not in, and, or, not, ( )"
    return FilterError(f"where must be comparisons on columns; got {what} at {shown!r}. Hint: {hint}.")


class _Reader:
    """One pass over one syntax tree and one table."""

    def __init__(self, text: str, table: pd.DataFrame, names: dict[str, str], columns: dict[str, Operand]) -> None:
        self._text = text
        self._table = table
        self._names = names
        self._columns = columns

    def match(self, node: ast.AST, depth: int) -> np.ndarray:
        if depth > MAX_DEPTH:
            raise _refuse(self._text, f"more than {MAX_DEPTH} levels")
        if isinstance(node, ast.BoolOp):
            join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
            mask = self.match(node.values[0], depth + 1)
            for part in node.values[1:]:
                mask = join(mask, self.match(part, depth + 1))
            return mask
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ~self.match(node.operand, depth + 1)
        if isinstance(node, ast.Compare):
            return self._compare(node)
        raise self._unread(node)

    def _compare(self, node: ast.Compare) -> np.ndarray:
        sides = [node.left, *node.comparators]
        mask = np.ones(len(self._table), dtype=bool)
        for left, sign, right in zip(sides, node.ops, sides[1:], strict=False):
            if isinstance(sign, (ast.In, ast.NotIn)):
                mask &= self._compare_members(left, right) ^ isinstance(sign, ast.NotIn)
            elif type(sign) in _ORDER:
                mask &= self._compare_pair(left, sign, right)
            else:
                raise self._unread(sign)
        return mask

    def _compare_pair(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> np.ndarray:
        a, b = self._operand(left), self._operand(right)
        if not (a.is_column or b.is_column):
            raise _refuse(self._text, "a comparison without a column", "name a column on one side")
        self._require_same_kind(a, b)
        if a.kind == "truth" and not isinstance(sign, (ast.Eq, ast.NotEq)):
            raise _refuse(self._text, "an order of True and False", "use == or !=")
        return np.asarray(_ORDER[type(sign)](a.value, b.value), dtype=bool)

    def _compare_members(self, left: ast.expr, right: ast.expr) -> np.ndarray:
        if not isinstance(right, (ast.List, ast.Tuple)):
            raise _refuse(self._text, "`in` without a list", "write a list, as in `owner in ['acme', 'own']`")
        column = self._operand(left)
        if not column.is_column:
            raise _refuse(self._text, "`in` without a column", "write the column left of `in`")
        members = [self._operand(element) for element in right.elts]
        for member in members:
            if member.is_column:
                raise _refuse(self._text, "a column in a list", "list plain values only")
            self._require_same_kind(column, member)
        return np.asarray(pd.Series(column.value).isin([member.value for member in members]), dtype=bool)

    def _require_same_kind(self, a: Operand, b: Operand) -> None:
        if a.kind != b.kind:
            hint = "put text in quotes, write numbers without, and True or False for truth values"
            raise _refuse(self._text, f"{a.kind} compared with {b.kind}", hint)

    def _operand(self, node: ast.expr) -> Operand:
        sign = 1
        levels = 0
        while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            sign, node, levels = -sign, node.operand, levels + 1
        if levels > MAX_DEPTH:
            raise _refuse(self._text, f"more than {MAX_DEPTH} levels")
        if isinstance(node, ast.Name):
            found = self._column(self._names.get(node.id, node.id))
        elif isinstance(node, ast.Constant):
            found = self._constant(node.value)
        else:
            raise self._unread(node)
        if levels and found.kind != "number":
            raise _refuse(self._text, f"minus {found.kind}", "put a minus before numbers only")
        return Operand(found.kind, -found.value if sign < 0 else found.value, found.is_column)

    def _constant(self, value: object) -> Operand:
        if isinstance(value, bool):
            return Operand("truth", value, False)
        if isinstance(value, str):
            return Operand("text", value, False)
        if isinstance(value, (int, float)):
            if abs(value) > 1e300:
                raise _refuse(self._text, "a number beyond 1e300", "use a finite number")
            return Operand("number", float(value) if abs(value) >= 2**63 else value, False)
        raise _refuse(self._text, f"a {type(value).__name__}", "use text, numbers, True or False")

    def _column(self, name: str) -> Operand:
        if name not in self._columns:
            self._columns[name] = self._read_column(name)
        return self._columns[name]

    def _read_column(self, name: str) -> Operand:
        if name not in self._table.columns:
            raise FilterError(
                f"names in where must be columns; got {name!r} at {self._text[:80]!r}. "
                f"{hint_near(name, self._table.columns)}"
            )
        series = self._table[name]
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
        return Operand(kind or "text", _values(series, kind or "text"), True)

    def _unread(self, node: ast.AST) -> FilterError:
        shown = {ast.Call: "a call", ast.Attribute: "an attribute", ast.Subscript: "a subscript"}
        what = shown.get(type(node), f"{type(node).__name__}")
        hint = _HINTS.get(type(node), "")
        return _refuse(self._text, what, hint)


def _values(series: pd.Series, kind: str) -> np.ndarray:
    if kind == "truth":
        return series.to_numpy(dtype=bool)
    if kind == "number":
        return series.to_numpy(dtype=float) if series.dtype == object else series.to_numpy()
    return series.to_numpy(dtype=object)
