"""Names and types of a `where` tree, held against a description of the columns."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from sourcing.errors import hint_near
from sourcing.where.refuse import WANTED, refuse
from sourcing.where.tree import (
    Column,
    Comparison,
    Constant,
    Minus,
    find_column,
    list_pairs,
    list_parts,
    spell_operand,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.errors import FilterError
    from sourcing.where.tree import Operand, Where

HOLDS = {"text": "text", "number": "numbers", "truth": "True or False"}
"""Kind of a column -> what it holds, in words."""
_EQUAL = ("==", "!=")


class Fault(NamedTuple):
    """What is wrong with a text whose form is right.

    Parameters
    ----------
    wanted, got, hint : str
        What must hold; what stands there; what to do.
    name : str
        The name that is no column, where that is the fault.
    """

    wanted: str
    got: str
    hint: str
    name: str = ""

    def refuse(self, text: str) -> FilterError:
        """Make the error of a text."""
        return refuse(text, self.got, self.hint, self.wanted)


def find_faults(where: Where, kinds: Mapping[str, str]) -> Iterator[Fault]:
    """Find the names that are no columns, and the comparisons of unlike kinds.

    Parameters
    ----------
    where : Where
        From `parse_where`.
    kinds : mapping of str to str
        Each column's kind: text, number or truth.

    Examples
    --------
    >>> from sourcing.where.parse import parse_where
    >>> kinds = {"owner": "text", "fte": "number"}
    >>> for fault in find_faults(parse_where("ownr == 'own' or owner == provider or fte > '3'"), kinds):
    ...     print(fault.got, "→", fault.hint)
    'ownr' → did you mean 'owner'?
    'provider' → put text in quotes: 'provider'
    fte, which holds numbers, beside '3' → compare fte with a number, without quotes
    """
    for part in list_parts(where):
        if isinstance(part, Comparison):
            pairs = list_pairs(part)
        else:
            pairs = [(part.operand, "==", member) for member in part.members]
            if not pairs:
                pairs = [(part.operand, "==", part.operand)]
        told: set[str] = set()
        for a, sign, b in pairs:
            unknown = list(_find_unknown(a, b, kinds))
            yield from (fault for fault in unknown if fault.got not in told)
            told |= {fault.got for fault in unknown}
            if not unknown:
                yield from _find_unlike(a, sign, b, kinds)


def _find_unknown(a: Operand, b: Operand, kinds: Mapping[str, str]) -> Iterator[Fault]:
    """Find the names of a pair that are no columns: misspelt ones, and texts without quotes."""
    for operand, other in dict.fromkeys(((a, b), (b, a))):
        column = find_column(operand)
        if column is None or column.name in kinds:
            continue
        beside = find_column(other)
        kind = None if beside is None else kinds.get(beside.name)
        is_text = kind == "text" or (kind is None and beside is not None and operand is b and a != b)
        hint = _hint_unknown(column.name, is_text, kind, kinds)
        yield Fault("names in where must be columns", repr(column.name), hint, column.name)


def _hint_unknown(name: str, is_text: bool, kind: str | None, kinds: Mapping[str, str]) -> str:
    if kind == "truth":
        return "write True or False, or yes or no, without quotes"
    if is_text:
        near = get_close_matches(name, [str(each) for each in kinds], n=1)
        return f"put text in quotes: {name!r}" + (f", or did you mean the column {near[0]!r}?" if near else "")
    return hint_near(name, kinds).removeprefix("Hint: ").removesuffix(".")


def _find_unlike(a: Operand, sign: str, b: Operand, kinds: Mapping[str, str]) -> Iterator[Fault]:
    """Find what is wrong with the kinds of a pair of which all names are columns."""
    for operand in (a, b):
        if isinstance(operand, Minus) and _find_kind(operand, kinds) != "number":
            yield Fault(WANTED, f"minus {_say(operand, kinds)}", "put a minus before numbers only")
            return
    if _find_kind(a, kinds) != _find_kind(b, kinds):
        first, second = (b, a) if isinstance(a, Constant) else (a, b)
        got = f"{_say(first, kinds)}, beside {_say(second, kinds)}"
        yield Fault(WANTED, got, _hint_kind(first, second, kinds))
    elif _find_kind(a, kinds) == "truth" and sign not in _EQUAL:
        yield Fault(WANTED, f"an order of True and False by {sign}", "use == or !=")


def _hint_kind(column: Operand, other: Operand, kinds: Mapping[str, str]) -> str:
    name, kind = spell_operand(column), _find_kind(column, kinds)
    if not isinstance(other, Constant):
        return "compare columns that hold the same"
    if kind == "text":
        return f"compare {name} with text in quotes, as in '{other.word or other.value}'"
    return f"compare {name} with {'a number' if kind == 'number' else 'True or False, or yes or no'}, without quotes"


def _find_kind(operand: Operand, kinds: Mapping[str, str]) -> str:
    column = find_column(operand)
    if column is not None:
        return kinds[column.name]
    value = operand.value if isinstance(operand, Constant) else ""
    return "truth" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"


def _say(operand: Operand, kinds: Mapping[str, str]) -> str:
    """Say what an operand is: a column and what it holds, or a constant."""
    if isinstance(operand, Constant):
        return operand.word or spell_operand(operand)
    column = operand if isinstance(operand, Column) else find_column(operand)
    return f"{spell_operand(column or operand)}, which holds {HOLDS[_find_kind(operand, kinds)]}"
