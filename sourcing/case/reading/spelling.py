"""One spelling of a text: what nobody sees in it makes no difference."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_UNCLEAN = "[\x01-\x1f\x7f]|^ | $|  |_x00[01]"
_UNCLEAN_ASCII = re.compile(_UNCLEAN)
_ESCAPED = re.compile("(?:_x000[dD]_|\r)*\n|(?:_x000[dD]_|\r)+|_x00[01][0-9A-Fa-f]_")
_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
_INVISIBLE = re.compile(
    "[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001]"
)
_JOINERS = "\u200c\u200d"
_TAGS = re.compile("[\U000e0020-\U000e007f]")
_IN_PLACE = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]")
_CURSIVE = ("ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "MANDAIC", "ADLAM", "HANIFI", "PHAGS-PA")
_BLACK_FLAG, _KEYCAP = "\U0001f3f4", "\u20e3"
_VIRAMA = 9


def settle_spelling(text: str) -> str:
    r"""Return a text in the one form that all its spellings share which look the same.

    Composed letters (NFC); one blank for each run of blanks of any width, none around lines; no control, direction and
    zero-width characters. Joiners and selectors stay where a script or an emoji needs them; NUL stays, to be refused.

    Examples
    --------
    >>> settle_spelling(" Pay\u00a0 Roll\u200b "), settle_spelling("Zu\u0308rich"), settle_spelling("one_x000D_\n two")
    ('Pay Roll', 'Zürich', 'one\ntwo')
    >>> settle_spelling("می\u200cخواهم") == "می\u200cخواهم", settle_spelling("a\u200cb")
    (True, 'ab')
    """
    if text.isascii() and not _UNCLEAN_ASCII.search(text):
        return text
    text = _INVISIBLE.sub("", _BLANK.sub(" ", _ESCAPED.sub("\n", text)))
    text = unicodedata.normalize("NFC", _IN_PLACE.sub(_keep_needed, text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub("\n{2,}", "\n\n", "\n".join(lines)).strip("\n")


def _keep_needed(found: re.Match[str]) -> str:
    """Keep a joiner or selector between characters that it shapes."""
    mark, text = found[0], found.string
    before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    if mark in _JOINERS:
        is_needed = bool(before and after) and _is_shaped(before, after)
    elif _TAGS.match(mark):
        is_needed = before == _BLACK_FLAG or bool(_TAGS.match(before))
    else:
        is_needed = bool(before) and (unicodedata.category(before) in ("So", "Sm", "Lo") or after == _KEYCAP)
    return mark if is_needed else ""


def _is_shaped(before: str, after: str) -> bool:
    """Whether a joiner between two characters changes what is seen: in Indic, cursive scripts and emoji."""
    if _VIRAMA in (unicodedata.combining(before), unicodedata.combining(after)):
        return True
    if all(unicodedata.name(each, "").startswith(_CURSIVE) for each in (before, after)):
        return True
    is_drawn = unicodedata.category(before) in ("So", "Sk") or before == "\ufe0f" or bool(_TAGS.match(before))
    return is_drawn and unicodedata.category(after) in ("So", "Sm")


def settle_texts(texts: pd.Index) -> pd.Index:
    """Return the texts each in its one spelling; the same object where all are."""
    cells = pa.array(texts.array)
    doubtful = pc.or_(pc.invert(pc.string_is_ascii(cells)), pc.match_substring_regex(cells, _UNCLEAN))
    if not pc.any(doubtful).as_py():
        return texts
    values = texts.to_numpy(dtype=object).copy()
    for place in np.flatnonzero(doubtful.to_numpy(zero_copy_only=False)):
        values[place] = settle_spelling(values[place])
    return pd.Index(values, dtype="str")
