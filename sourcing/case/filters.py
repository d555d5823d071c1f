"""Take the `where` text of a rule apart, to see whether it speaks of anything; nothing is evaluated."""

from __future__ import annotations

import ast
import warnings
from typing import NamedTuple

from sourcing.errors import FilterError

MAX_LENGTH = 2000
_ALLOWED = (
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE,
    ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Name, ast.Load, ast.Constant, ast.List, ast.Tuple,
)  # fmt: skip
_ADVICE = "use == != < <= > >= in, not in, and, or, not, ( )"


class Comparison(NamedTuple):
    """A column and a fixed value that a filter compares it with."""

    column: str
    value: object


def read_filter(text: str) -> tuple[list[str], list[Comparison]]:
    """Return the columns that a filter names and the fixed values it compares them with.

    Raises
    ------
    FilterError
        The text is not made of comparisons on columns.

    Examples
    --------
    >>> names, comparisons = read_filter("owner_type != 'own' and country in ['IND', 'POL']")
    >>> names, [each.value for each in comparisons]
    (['owner_type', 'country'], ['own', 'IND', 'POL'])
    >>> read_filter("country = 'IND'")
    Traceback (most recent call last):
    sourcing.errors.FilterError: where must be comparisons on columns; got a single = at "country = 'IND'".
    Hint: write == to compare.
    """
    if not text.strip():
        return [], []
    if len(text) > MAX_LENGTH:
        raise _refuse(text, f"{len(text)} characters", f"use at most {MAX_LENGTH}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(text.replace("`", " ").strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        if "=" in text.replace("==", "").replace("!=", "").replace("<=", "").replace(">=", ""):
            raise _refuse(text, "a single =", "write == to compare") from None
        raise _refuse(text, "text that cannot be read") from None
    nodes = list(ast.walk(tree))
    for node in nodes:
        if not isinstance(node, _ALLOWED):
            raise _refuse(text, f"a {type(node).__name__}")
    compares = [node for node in nodes if isinstance(node, ast.Compare)]
    if not compares or not isinstance(tree, ast.Compare | ast.BoolOp | ast.UnaryOp):
        raise _refuse(text, "no comparison")
    names = list(dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name)))
    return names, [pair for node in compares for pair in _list_pairs(node)]


def _list_pairs(compare: ast.Compare) -> list[Comparison]:
    sides = [compare.left, *compare.comparators]
    columns = [side.id for side in sides if isinstance(side, ast.Name)]
    fixed: list[object] = []
    for side in sides:
        parts = side.elts if isinstance(side, ast.List | ast.Tuple) else [side]
        fixed += [part.value for part in parts if isinstance(part, ast.Constant)]
    return [Comparison(columns[0], value) for value in fixed] if len(columns) == 1 else []


def _refuse(text: str, what: str, hint: str = _ADVICE) -> FilterError:
    shown = text if len(text) <= 80 else f"{text[:80]}…"
    return FilterError(f'where must be comparisons on columns; got {what} at "{shown}". Hint: {hint}.')
