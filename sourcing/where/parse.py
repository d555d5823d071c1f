"""From a `where` text to its tree, through a whitelist of syntax nodes; nothing is evaluated."""

from __future__ import annotations

import ast
import math
import warnings
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd

from sourcing.errors import FilterError
from sourcing.where.refuse import CURLY, match_sign, refuse, refuse_curly, refuse_syntax
from sourcing.where.tree import (
    TRUTHS,
    And,
    Column,
    Comparison,
    Constant,
    Membership,
    Minus,
    Not,
    Operand,
    Or,
    Where,
    spell_operand,
)

MAX_LENGTH = 2000
MAX_DEPTH = 30
LARGEST = 1e300
"""Numbers beyond are taken for a slip, and none is ever infinite."""
_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_CALLED: dict[type[ast.AST], str] = {
    ast.Call: "a call",
    ast.Attribute: "an attribute",
    ast.Subscript: "a subscript",
    ast.BinOp: "arithmetic",
    ast.List: "a list",
    ast.Tuple: "a comma",
    ast.Is: "the word is",
    ast.IsNot: "the words is not",
}
_HINTS: dict[type[ast.AST], str] = {
    ast.BinOp: "compare with a computed number, and put text in quotes",
    ast.UnaryOp: "write `not`",
    ast.List: "write a list right of `in` only, as in `owner in ['acme', 'own']`",
    ast.Tuple: "join comparisons by `and` or `or`, and write decimals with a point, as in 0.5",
    ast.Is: "write ==",
    ast.IsNot: "write !=",
}


def parse_where(text: object) -> Where | None:
    """Parse a `where` text.

    Parameters
    ----------
    text : str or None
        Comparisons with `== != < <= > >= in not in`, joined by `and or not ( )`; a column in every comparison,
        backticks around names with spaces. `yes`, `no`, `true` and `false` in any case are truth values: a column of
        such a name stands in backticks. Line breaks count as spaces.

    Returns
    -------
    And, Or, Not, Comparison, Membership or None
        None where the text is None, NaN or blank: it says nothing, so every row is meant.

    Raises
    ------
    FilterError
        If it is no text, not of that form, longer than 2,000 characters or nested deeper than 30 levels.

    Examples
    --------
    >>> parse_where("owner != 'own'")
    Comparison(operands=(Column(name='owner'), Constant(value='own', word='')), signs=('!=',))
    >>> parse_where("is_abroad = yes")
    Traceback (most recent call last):
    sourcing.errors.FilterError: where must be comparisons on columns; got a single = at 'is_abroad = yes'.
    Hint: write == to compare.
    """
    if text is None or (isinstance(text, float) and math.isnan(text)) or text is pd.NA:
        return None
    if not isinstance(text, str):
        raise FilterError(f"where must be text; got {text!r} at where. Hint: write a comparison such as `wave == 3`.")
    if not text.strip():
        return None
    if len(text) > MAX_LENGTH:
        raise FilterError(
            f"where must have at most {MAX_LENGTH} characters; got {len(text)} at {text[:40]!r}…. "
            "Hint: add a label column to the alternatives and compare that."
        )
    scan = _scan(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            node = ast.parse(scan.plain.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as fault:
        raise refuse_syntax(text, scan.bare, type(fault).__name__) from None
    return _Builder(text, scan.names).build(node, 0)


class _Scan(NamedTuple):
    """A text with identifiers in place of backticked names.

    Parameters
    ----------
    plain : str
        What Python's grammar can read.
    bare : str
        The same with nothing left within quotes.
    names : dict
        Identifier -> column name that stood in backticks.
    """

    plain: str
    bare: str
    names: dict[str, str]


def _scan(text: str) -> _Scan:
    """Put identifiers in place of backticked names; refuse signs of other languages and deep brackets on the way."""
    prefix = "_column"
    while prefix in text:
        prefix += "_"
    plain: list[str] = []
    bare: list[str] = []
    names: dict[str, str] = {}
    position, depth = 0, 0
    while position < len(text):
        letter = text[position]
        if letter in "'\"`":
            end = _find_close(text, position)
            piece, blank = text[position : end + 1], letter * 2
            if letter == "`":
                names[f"{prefix}{len(names)}"] = piece[1:-1]
                piece, blank = f" {prefix}{len(names) - 1} ", ""
            plain.append(piece)
            bare.append(blank)
            position = end + 1
            continue
        if letter in CURLY:
            raise refuse_curly(text, position)
        if letter in "#\\@;{":
            raise refuse(text, f"the sign {letter}")
        depth += (letter in "([") - (letter in ")]")
        if depth > MAX_DEPTH:
            raise refuse(text, f"more than {MAX_DEPTH} levels of brackets", "take out those that change nothing")
        piece = match_sign(text, position) or (" " if letter.isspace() else letter)
        plain.append(piece)
        bare.append(piece)
        position += len(piece)
    return _Scan("".join(plain), "".join(bare), names)


def _find_close(text: str, start: int) -> int:
    """Find the sign that closes the quote or backtick opened at `start`."""
    mark, position = text[start], start + 1
    while position < len(text):
        if text[position] == "\\" and mark != "`":
            position += 1
        elif text[position] == mark:
            return position
        position += 1
    raise refuse(text, f"an open {mark}", "close the quote" if mark != "`" else "close the backtick")


class _Builder:
    """From the syntax nodes of one text to its tree."""

    def __init__(self, text: str, names: dict[str, str]) -> None:
        self._text = text
        self._names = names

    def build(self, node: ast.AST, depth: int) -> Where:
        if depth > MAX_DEPTH:
            raise self._refuse(f"more than {MAX_DEPTH} levels", "take out brackets and `not` that change nothing")
        if isinstance(node, ast.BoolOp):
            parts = tuple(self.build(part, depth + 1) for part in node.values)
            return And(parts) if isinstance(node.op, ast.And) else Or(parts)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return Not(self.build(node.operand, depth + 1))
        if isinstance(node, ast.Compare):
            return self._build_compare(node)
        if isinstance(node, ast.Name | ast.Constant):
            raise self._refuse_bare(self._read_operand(node))
        raise self._refuse_node(node)

    def _build_compare(self, node: ast.Compare) -> Where:
        """Build a chain of comparisons; a membership at its end is a part of its own."""
        sides = [node.left, *node.comparators]
        for sign in node.ops:
            if not isinstance(sign, ast.In | ast.NotIn) and type(sign) not in _SIGNS:
                raise self._refuse_node(sign)
        is_member = [isinstance(sign, ast.In | ast.NotIn) for sign in node.ops]
        if any(is_member[:-1]):
            raise self._refuse("a comparison of what `in` gives", "join comparisons by `and` or `or`")
        parts: list[Where] = []
        if plain := [_SIGNS[type(sign)] for sign in node.ops if type(sign) in _SIGNS]:
            parts.append(self._build_comparison(sides[: len(plain) + 1], plain))
        if is_member[-1]:
            parts.append(self._build_membership(sides[-2], sides[-1], isinstance(node.ops[-1], ast.In)))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _build_comparison(self, sides: list[ast.expr], signs: list[str]) -> Comparison:
        if len(sides) == 2 and isinstance(sides[1], ast.List | ast.Tuple) and signs[0] in ("==", "!="):
            word = "in" if signs[0] == "==" else "not in"
            example = f"{self._spell_name(sides[0])} {word} {self._spell_list(sides[1].elts)}"
            raise self._refuse(f"a list beside {signs[0]}", f"write `{example}`")
        operands = tuple(self._read_operand(side) for side in sides)
        for a, b in pairwise(operands):
            if isinstance(a, Constant) and isinstance(b, Constant):
                raise self._refuse("a comparison without a column", "name a column on one side")
        return Comparison(operands, tuple(signs))

    def _build_membership(self, left: ast.expr, right: ast.expr, is_among: bool) -> Membership:
        word = "in" if is_among else "not in"
        if isinstance(left, ast.Constant):
            column = right if isinstance(right, ast.Name) else None
            hint = (
                f"write the column left of `in`, as in `{self._spell_name(column)} {word} {self._spell_list([left])}`"
            )
            raise self._refuse(f"`{word}` without a column before it", hint)
        if not isinstance(right, ast.List | ast.Tuple):
            members = self._spell_list([right]) if isinstance(right, ast.Constant) else "['acme', 'own']"
            hint = f"write a list in square brackets, as in `{self._spell_name(left)} {word} {members}`"
            raise self._refuse(f"`{word}` without a list", hint)
        operand = self._read_operand(left)
        if isinstance(operand, Constant):
            raise self._refuse(f"`{word}` without a column before it", "write the column left of `in`")
        members_read = [self._read_operand(element) for element in right.elts]
        for member in members_read:
            if not isinstance(member, Constant):
                word = spell_operand(member)
                raise self._refuse(f"the bare word {word} in a list", f"put text in quotes: {word.strip('`')!r}")
        return Membership(operand, tuple(each for each in members_read if isinstance(each, Constant)), is_among)

    def _spell_name(self, node: ast.expr | None) -> str:
        """Spell the column of a hint: what stands there, or an example."""
        return spell_operand(Column(self._names.get(node.id, node.id))) if isinstance(node, ast.Name) else "owner"

    def _spell_list(self, elements: list[ast.expr]) -> str:
        """Spell a list for a hint: what stands there, bare words in quotes."""
        shown = [
            repr(each.value) if isinstance(each, ast.Constant) else repr(self._names.get(each.id, each.id))
            for each in elements
            if isinstance(each, ast.Constant | ast.Name)
        ]
        return f"[{', '.join(shown)}]"

    def _read_operand(self, node: ast.expr) -> Operand:
        if isinstance(node, ast.Name):
            if node.id in self._names:
                return Column(self._names[node.id])
            truth = TRUTHS.get(node.id.casefold())
            return Column(node.id) if truth is None else Constant(truth, node.id)
        if isinstance(node, ast.Constant):
            return self._read_constant(node.value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self._read_minus(node)
        raise self._refuse_node(node)

    def _read_minus(self, node: ast.expr) -> Operand:
        levels = 0
        while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            node, levels = node.operand, levels + 1
        if levels > MAX_DEPTH:
            raise self._refuse(f"more than {MAX_DEPTH} levels", "write one minus or none")
        operand = self._read_operand(node)
        if isinstance(operand, Constant):
            if isinstance(operand.value, str | bool):
                raise self._refuse(f"minus {operand.word or repr(operand.value)}", "put a minus before numbers only")
            return Constant(operand.value * (-1) ** levels)
        for _ in range(levels):
            operand = Minus(operand)
        return operand

    def _read_constant(self, value: Any) -> Constant:
        if isinstance(value, bool | str):
            return Constant(value)
        if isinstance(value, int | float):
            if abs(value) > LARGEST:
                raise self._refuse("a number beyond 1e300", "use a finite number")
            return Constant(float(value) if abs(value) >= 2**63 else value)
        shown = "nothing (None)" if value is None else f"a {type(value).__name__}"
        raise self._refuse(shown, "use text, numbers, True or False; an empty text is ''")

    def _refuse_bare(self, operand: Operand) -> FilterError:
        """Refuse what stands where a comparison must."""
        spelled = spell_operand(operand)
        if isinstance(operand, Constant):
            word = operand.word or spelled
            return self._refuse(f"{word} without a comparison", "name a column each time, as in `owner == 'acme'`")
        hint = f"compare it, as in `{spelled} == True`, `{spelled} > 0` or `{spelled} == 'text'`"
        return self._refuse(f"{spelled} without a comparison", hint)

    def _refuse_node(self, node: ast.AST) -> FilterError:
        got = _CALLED.get(type(node), type(node).__name__)
        hint = _HINTS.get(type(node))
        return self._refuse(got) if hint is None else self._refuse(got, hint)

    def _refuse(self, got: str, *hint: str) -> FilterError:
        return refuse(self._text, got, *hint)
