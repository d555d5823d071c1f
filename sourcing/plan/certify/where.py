"""A second, plain reader of `where` texts: row by row over dicts, for the certificate.

It shares no code with `where`: it cuts the text into words itself and descends by precedence. What it
does not know it refuses.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from sourcing.errors import CertificateError

Row = Mapping[Any, Any]
Reading = Callable[[Row], Any]

_WORD = re.compile(
    r"""\s*(?:
    (?P<text>[rRuU]?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))
  | `(?P<tick>[^`]*)`
  | (?P<number>(?:\d|\.\d)(?:[eE][+-]\d|[\w.])*)
  | (?P<name>[^\W\d][^\s'"`()\[\],<>=!+*/%&|^~.:;@-]*)
  | (?P<sign>==|!=|<=|>=|[<>()\[\],-])
)""",
    re.VERBOSE | re.DOTALL,
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "in": lambda a, b: any(a == member for member in b),
    "not in": lambda a, b: all(a != member for member in b),
}

_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
"""Bare words, in any case, that are truth values and no columns."""


def read_rowwise(text: object) -> Reading:
    """Give a function that tells whether a `where` text holds for one row, a mapping of column to value.

    Examples
    --------
    >>> holds = read_rowwise("owner in ['acme', 'own'] and not wave > 1")
    >>> holds({"owner": "acme", "wave": 1}), holds({"owner": "acme", "wave": 2})
    (True, False)
    """
    if not isinstance(text, str) or not text.strip():
        return lambda _: True
    reader = _Descent(_cut_words(text))
    reading = reader.read_or()
    reader.require_end()
    return reading


def _cut_words(text: str) -> list[tuple[str, str]]:
    words, position = [], 0
    text = text.rstrip()
    while position < len(text):
        found = _WORD.match(text, position)
        if found is None or found.lastgroup is None:
            raise CertificateError(
                f"where must be readable row by row; got {text[position : position + 20]!r} at where. "
                "Hint: write plain comparisons."
            )
        words.append((found.lastgroup, found.group(found.lastgroup)))
        position = found.end()
    return words


class _Descent:
    """Recursive descent: or, and, not, comparison, minus, value."""

    def __init__(self, words: list[tuple[str, str]]) -> None:
        self._words = words
        self._next = 0

    def require_end(self) -> None:
        if self._next < len(self._words):
            raise self._lost()

    def read_or(self) -> Reading:
        return self._read_joined("or", self._read_and, any)

    def _read_and(self) -> Reading:
        return self._read_joined("and", self._read_not, all)

    def _read_joined(self, word: str, read_part: Callable[[], Reading], join: Callable[..., bool]) -> Reading:
        parts = [read_part()]
        while self._take("name", word):
            parts.append(read_part())
        return parts[0] if len(parts) == 1 else lambda row: join(part(row) for part in parts)

    def _read_not(self) -> Reading:
        if self._take("name", "not"):
            part = self._read_not()
            return lambda row: not part(row)
        return self._read_comparison()

    def _read_comparison(self) -> Reading:
        sides, signs = [self._read_value()], []
        while sign := self._take_compare():
            signs.append(_COMPARE[sign])
            sides.append(self._read_value())
        if not signs:
            return sides[0]
        if len(signs) == 1:
            (first, second), only = sides, signs[0]
            return lambda row: only(first(row), second(row))
        links = list(zip(sides, signs, sides[1:], strict=False))
        return lambda row: all(sign(left(row), right(row)) for left, sign, right in links)

    def _take_compare(self) -> str | None:
        kind, word = self._peek()
        if kind == "sign" and word in _COMPARE:
            self._next += 1
            return word
        if self._take("name", "in"):
            return "in"
        if self._take("name", "not"):
            if not self._take("name", "in"):
                raise self._lost()
            return "not in"
        return None

    def _read_value(self) -> Reading:
        if self._take("sign", "-"):
            part = self._read_value()
            return lambda row: -part(row)
        for opening, closing in (("(", ")"), ("[", "]")):
            if self._take("sign", opening):
                return self._read_brackets(closing)
        kind, word = self._peek()
        self._next += 1
        if kind == "number":
            number = ast.literal_eval(word)
            return lambda _: number
        if kind == "text":
            return self._read_text(word)
        if kind == "tick":
            return lambda row: row[word]
        if kind == "name":
            name = unicodedata.normalize("NFKC", word)
            truth = _TRUTHS.get(name.casefold())
            return (lambda row: row[name]) if truth is None else (lambda _: truth)
        raise self._lost()

    def _read_text(self, word: str) -> Reading:
        text = ast.literal_eval(word)
        while self._peek()[0] == "text":
            text += ast.literal_eval(self._peek()[1])
            self._next += 1
        return lambda _: text

    def _read_brackets(self, closing: str) -> Reading:
        parts: list[Reading] = []
        is_list = closing == "]"
        while not self._take("sign", closing):
            parts.append(self.read_or())
            if self._take("sign", ","):
                is_list = True
            elif self._peek() != ("sign", closing):
                raise self._lost()
        if not is_list and len(parts) == 1:
            return parts[0]
        return lambda row: [part(row) for part in parts]

    def _peek(self) -> tuple[str, str]:
        return self._words[self._next] if self._next < len(self._words) else ("end", "")

    def _take(self, kind: str, word: str) -> bool:
        if self._peek() == (kind, word):
            self._next += 1
            return True
        return False

    def _lost(self) -> CertificateError:
        return CertificateError(
            f"where must be readable row by row; got {self._peek()[1]!r} out of place at word {self._next}. "
            "Hint: write plain comparisons."
        )
