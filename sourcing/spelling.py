"""When two names are spelled so alike that one may be meant for the other, and in what they differ."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ACCENTS = range(0x0300, 0x0370)
"""Signs that stand above and below letters: what é has beyond e. Vowel signs of other scripts are none of them."""
_LOOK_ALIKE = str.maketrans(
    {
        **dict(zip("авеѕіјкмнорстухһԁԛԝѵ", "abesijkmhopctyxhdqwv", strict=True)),
        **dict(zip("αβεζηικμνορτυχ", "abezhikmvoptyx", strict=True)),
        **{"0": "o", "1": "l", "ı": "i"},
    }
)
"""Small Cyrillic and Greek letters, and digits, that pass for Latin ones, small or capital (Unicode Technical
Standard 39, confusables, as far as analysts' keyboards go)."""


def _drop(name: str, kind: str) -> str:
    """Leave out the signs of one of Unicode's kinds; _ counts as a blank, not as punctuation."""
    return "".join(sign for sign in name if (unicodedata.category(sign) if sign != "_" else "Z")[0] != kind)


def _drop_accents(name: str) -> str:
    """Write each letter without the sign above or below it, where the two are one letter."""
    parts = (unicodedata.normalize("NFD", sign) for sign in name)
    return "".join(part[0] if all(ord(sign) in _ACCENTS for sign in part[1:]) else part for part in parts)


_DIFFERENCES: dict[str, Callable[[str], str]] = {
    "invisible signs": lambda name: _drop(name, "C"),
    "the form of letters": lambda name: unicodedata.normalize("NFKC", name),
    "case": str.casefold,
    "blanks": lambda name: _drop(name, "Z"),
    "punctuation": lambda name: _drop(name, "P"),
    "accents": _drop_accents,
    "letters that look alike": lambda name: name.translate(_LOOK_ALIKE),
}
"""What names may differ in that people overlook -> how a name is written without it, in the order of writing."""


@cache
def fold_name(name: str) -> str:
    """Write a name without what people overlook: names that fold alike may be one.

    Examples
    --------
    >>> fold_name("Pay-Co Ltd."), fold_name("PAYCO\u00a0ltd"), fold_name("Pаyco Ltd")
    ('paycoltd', 'paycoltd', 'paycoltd')
    """
    return _fold(name, "")


def _fold(name: str, but: str) -> str:
    for difference, write in _DIFFERENCES.items():
        if difference != but:
            name = write(name)
    return name


def tell_difference(name: str, other: str) -> str:
    """Tell in what two names differ that fold alike.

    Examples
    --------
    >>> tell_difference("PayCo", "Payco"), tell_difference("Pay Co", "PayCo.")
    ('case', 'blanks and punctuation')
    >>> tell_difference("Zu\u0308rich", "Zürich"), tell_difference("Zurich", "Zürich")
    ('the form of letters', 'accents')
    """
    found = [each for each in _DIFFERENCES if _fold(name, each) != _fold(other, each)] or ["the form of letters"]
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def find_alike(name: str, known: Iterable[str]) -> str | None:
    """Find the first known name that differs from a name only in what people overlook.

    Examples
    --------
    >>> find_alike("Billing", ["bills", "billing"])
    'billing'
    """
    folded = fold_name(name)
    return next((each for each in known if folded and each != name and fold_name(each) == folded), None)
