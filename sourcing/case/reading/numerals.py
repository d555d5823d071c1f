"""Read numbers as people type them: decimal commas, thousands separators, per cent and currency signs."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

PLAIN = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_PLAIN = re.compile(PLAIN, re.ASCII)
_UNCLEAR = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_SIGNS = "$€£¥₹"
_CURRENCY = rf"[A-Z]{{3}}|[{_SIGNS}]|US\$|kr|Fr\.?|zł"
_WHOLE = re.compile(
    rf"(?P<before>{_CURRENCY})?(?P<body>[+-]?[\d.,' ]*\d[.,]?)(?P<percent>%)?(?P<after>{_CURRENCY})?",
    re.ASCII,
)
_GROUPED = r"[1-9]\d{{0,2}}(?P<group>[{groups}'])\d{{3}}(?:(?P=group)\d{{3}})*"
_LAKHS = r"[1-9]\d?(?:,\d\d)+,\d{3}"
_BODY = {
    mark: re.compile(rf"[+-]?(?:\d+|{_GROUPED.format(groups=groups)}|{lakhs})?(?:[{mark}]\d*)?")
    for mark, groups, lakhs in ((".", ", ", _LAKHS), (",", ". ", r"\d+"))
}
_RATIO = re.compile(r"([1-9]\d*)\s?[/:]\s?([1-9]\d*)", re.ASCII)
CURRENCY_SIGNS = {
    "$": frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "ARS", "CLP", "COP", "BRL"}),
    "US$": frozenset({"USD"}),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "EGP", "GIP", "FKP", "SHP", "SYP", "LBP", "SDG"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₹": frozenset({"INR"}),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "Fr": frozenset({"CHF"}),
    "Fr.": frozenset({"CHF"}),
    "zł": frozenset({"PLN"}),
}
"""Sign -> the currencies it may stand for."""


class Numeral(NamedTuple):
    """A typed number taken apart: digits with their separators, per cent or currency sign, what its marks tell.

    `mark` is the decimal mark that the digits prove, "" where they prove none; `unclear` is the one separator of
    a numeral such as 1,234 that may be a decimal mark or a thousands separator.
    """

    body: str
    sign: str
    mark: str
    unclear: str


def split_numeral(text: str) -> Numeral | None:
    """Take a typed number apart; None where it is not a number.

    Examples
    --------
    >>> split_numeral("1.234,50 €")
    Numeral(body='1.234,50', sign='€', mark=',', unclear='')
    >>> split_numeral("1,234")
    Numeral(body='1,234', sign='', mark='', unclear=',')
    >>> split_numeral("25 %").sign
    '%'
    >>> split_numeral("ten") is None
    True
    """
    text = text.replace("\u2212", "-").replace("\u2019", "'").replace("\u00a0", " ").replace("\u202f", " ").strip()
    if len(text) > 60:
        return None
    if text.endswith("-") and text[:1].isdigit():
        text = f"-{text[:-1].rstrip()}"
    if _PLAIN.fullmatch(text):
        bare = text.lstrip("+-")
        unclear = "." if _UNCLEAR.fullmatch(bare) else ""
        return Numeral(text, "", "." if "." in bare and not unclear else "", unclear)
    negative, signed = text.startswith(("-", "(")), text.startswith(("+", "-", "("))
    if text.startswith("(") != text.endswith(")"):
        return None
    text = text.strip("()").strip() if text.startswith("(") else text[signed:].lstrip()
    found = _WHOLE.fullmatch(re.sub(r"\s*(%|[A-Za-z$€£¥₹ł]+\.?)\s*", r"\1", text))
    if not found or (signed and found["body"][0] in "+-"):
        return None
    signs = [sign for sign in found.group("before", "percent", "after") if sign]
    if len(signs) > 1:
        return None
    body = ("-" if negative else "") + found["body"].strip()
    bare = body.lstrip("+-")
    sign = signs[0] if signs else ""
    if _UNCLEAR.fullmatch(bare):
        return Numeral(body, sign, "", "," if "," in bare else ".")
    proven = [mark for mark, pattern in _BODY.items() if pattern.fullmatch(body)]
    if not proven:
        return None
    return Numeral(body, sign, proven[0] if len(proven) == 1 else "", "")


def value_numeral(numeral: Numeral, mark: str) -> float:
    """Return the value of a numeral with a decimal mark; a per cent sign divides by 100.

    Examples
    --------
    >>> value_numeral(split_numeral("1'234.5"), ".")
    1234.5
    >>> value_numeral(split_numeral("1,234"), ","), value_numeral(split_numeral("1,234"), ".")
    (1.234, 1234.0)
    >>> value_numeral(split_numeral("12,5 %"), ",")
    0.125
    """
    body = numeral.body
    for group in {".", ",", "'", " "} - {mark}:
        body = body.replace(group, "")
    number = Decimal(body.replace(",", "."))
    return float(number / 100 if numeral.sign == "%" else number)


def read_ratio(text: str) -> float | None:
    """Return the value of a ratio such as 1/5, None where it is none.

    Examples
    --------
    >>> read_ratio("1/5"), read_ratio("3 : 1"), read_ratio("0.2")
    (0.2, 3.0, None)
    """
    found = _RATIO.fullmatch(text)
    return int(found[1]) / int(found[2]) if found and len(text) < 20 else None


def settle_mark(own: set[str], others: set[str], separator: str | None, unclear: str) -> tuple[str, bool]:
    """Decide how an unclear numeral such as 1,234 or 1.234 is read.

    Parameters
    ----------
    own, others : set of str
        Decimal marks that other cells of the column, and of the table's other columns, prove.
    separator : str or None
        Sign between cells of the file; "" in sheets, None in typed frames.
    unclear : str
        The one separator in the numeral.

    Returns
    -------
    mark : str
        Decimal mark to read it by; "" where nothing decides.
    is_assumed : bool
        Whether the column's own figures left it open, which deserves a warning.

    Examples
    --------
    >>> settle_mark({","}, set(), ";", "."), settle_mark(set(), {","}, ";", ".")
    ((',', False), (',', True))
    >>> settle_mark(set(), set(), ";", ","), settle_mark(set(), set(), ",", ".")
    ((',', True), ('.', True))
    >>> settle_mark(set(), set(), ";", ".")
    ('', False)
    """
    for proven, is_assumed in ((own, False), (others, True)):
        if len(proven) == 1:
            return next(iter(proven)), is_assumed
        if proven:
            return "", False
    if unclear == "." and separator in (",", None):
        return ".", separator is not None
    if unclear == "," and separator in (",", ";"):
        return {",": ".", ";": ","}[separator], True
    return "", False
