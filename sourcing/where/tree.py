"""What a `where` text says, as a small tree: comparisons and memberships joined by and, or, not."""

from __future__ import annotations

import keyword
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


TRUTHS = {"yes": True, "true": True, "no": False, "false": False}
"""Bare words that are truth values, in any case."""
_KEYWORDS = frozenset(keyword.kwlist)


@dataclass(frozen=True)
class Column:
    """A column of the table that is filtered."""

    name: str


@dataclass(frozen=True)
class Minus:
    """The negative of a column of numbers."""

    of: Column | Minus


@dataclass(frozen=True)
class Constant:
    """A text, a number or a truth value; `word` is how it was written where a bare word stands for it."""

    value: str | float | bool
    word: str = field(default="", compare=False)


Operand: TypeAlias = Column | Minus | Constant
"""One side of a comparison."""


@dataclass(frozen=True)
class Comparison:
    """Operands with a sign between each two neighbors, all of which must hold, as in `0 < wave <= 2`.

    Parameters
    ----------
    operands : tuple of Operand
        At least two; of each two neighbors at least one is a column.
    signs : tuple of str
        One fewer: `==`, `!=`, `<`, `<=`, `>` or `>=`.
    """

    operands: tuple[Operand, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Membership:
    """A column with the constants that it is, or is not, among."""

    operand: Column | Minus
    members: tuple[Constant, ...]
    is_among: bool = True


@dataclass(frozen=True)
class Not:
    """What must not hold."""

    part: Where


@dataclass(frozen=True)
class And:
    """Parts that must all hold."""

    parts: tuple[Where, ...]


@dataclass(frozen=True)
class Or:
    """Parts of which one must hold."""

    parts: tuple[Where, ...]


Where: TypeAlias = And | Or | Not | Comparison | Membership
"""What a text says of a row."""


def list_parts(where: Where) -> Iterator[Comparison | Membership]:
    """List the comparisons and memberships of a tree, in the order of the text."""
    if isinstance(where, Comparison | Membership):
        yield where
    else:
        for part in (where.part,) if isinstance(where, Not) else where.parts:
            yield from list_parts(part)


def list_pairs(comparison: Comparison) -> list[tuple[Operand, str, Operand]]:
    """List each two neighbors of a comparison with the sign between them."""
    return list(zip(comparison.operands, comparison.signs, comparison.operands[1:], strict=False))


def find_column(operand: Operand) -> Column | None:
    """Find the column that an operand speaks of; None for a constant."""
    while isinstance(operand, Minus):
        operand = operand.of
    return operand if isinstance(operand, Column) else None


def list_columns(where: Where) -> list[str]:
    """List the names of the columns that a tree speaks of, each once.

    Examples
    --------
    >>> from sourcing.where.parse import parse_where
    >>> list_columns(parse_where("wave > 1 and (owner == 'acme' or wave < -`head count`)"))
    ['wave', 'owner', 'head count']
    """
    operands = [
        operand
        for part in list_parts(where)
        for operand in (part.operands if isinstance(part, Comparison) else (part.operand,))
    ]
    found = [column.name for column in map(find_column, operands) if column is not None]
    return list(dict.fromkeys(found))


def list_texts(where: Where) -> list[tuple[str, str]]:
    """List the columns with the texts that a tree takes them to be or not to be, each pair once.

    Examples
    --------
    >>> from sourcing.where.parse import parse_where
    >>> list_texts(parse_where("owner != 'own' and country in ['IND', 'POL'] and option < 'b'"))
    [('owner', 'own'), ('country', 'IND'), ('country', 'POL')]
    """
    pairs: list[tuple[Operand, Operand]] = []
    for part in list_parts(where):
        if isinstance(part, Membership):
            pairs += [(part.operand, member) for member in part.members]
        else:
            equal = [(a, b) for a, sign, b in list_pairs(part) if sign in ("==", "!=")]
            pairs += [(a, b) if isinstance(b, Constant) else (b, a) for a, b in equal]
    found = [
        (column.name, constant.value)
        for column, constant in pairs
        if isinstance(column, Column) and isinstance(constant, Constant) and isinstance(constant.value, str)
    ]
    return list(dict.fromkeys(found))


def spell_where(where: Where) -> str:
    """Write a tree as a text that reads as the same tree.

    Examples
    --------
    >>> from sourcing.where.parse import parse_where
    >>> spell_where(parse_where('not (wave>1 or is_abroad==yes) and `head count` not in (1,2)'))
    'not (wave > 1 or is_abroad == True) and `head count` not in [1, 2]'
    """
    if isinstance(where, And | Or):
        word = " and " if isinstance(where, And) else " or "
        return word.join(
            f"({spell_where(part)})" if isinstance(part, And | Or) else spell_where(part) for part in where.parts
        )
    if isinstance(where, Not):
        return f"not {spell_where(where.part)}" if isinstance(where.part, Not) else f"not ({spell_where(where.part)})"
    if isinstance(where, Membership):
        members = ", ".join(map(spell_operand, where.members))
        return f"{spell_operand(where.operand)} {'in' if where.is_among else 'not in'} [{members}]"
    words = [spell_operand(where.operands[0])]
    for sign, operand in zip(where.signs, where.operands[1:], strict=True):
        words += [sign, spell_operand(operand)]
    return " ".join(words)


def spell_operand(operand: Operand) -> str:
    """Write an operand; a column's name in backticks where it is no plain word."""
    if isinstance(operand, Minus):
        return f"-{spell_operand(operand.of)}"
    if isinstance(operand, Constant):
        return repr(operand.value)
    return operand.name if is_plain_word(operand.name) else f"`{operand.name}`"


def is_plain_word(name: str) -> bool:
    """Tell whether a name can stand in a text without backticks."""
    is_word = name.isidentifier() and name == unicodedata.normalize("NFKC", name)
    return is_word and name not in _KEYWORDS and name.casefold() not in TRUTHS
