"""Texts that a spreadsheet would take for a formula: written with an apostrophe before them, and read without it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

PLAIN = frozenset({"=="})
"""Texts that look like the start of a formula and are none: what the sense of a rule may be."""
_SIGNS = r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""Apostrophes, then a sign by which a spreadsheet takes a text for a formula; some take the wide ones of East Asia."""
_LIVE = re.compile(_SIGNS)
_GUARDED = rf"^'(?={_SIGNS})"


def guard_text(text: str, *, is_number: bool = False) -> str:
    r"""Guard a text that a spreadsheet would take for a formula by an apostrophe.

    Parameters
    ----------
    text : str
    is_number : bool
        Whether it stands for a number, whose sign is no formula; a name like -1 is a text all the same.

    Source: OWASP, CSV injection.

    Examples
    --------
    >>> guard_text('=HYPERLINK("x")'), guard_text("@SUM(A1)"), guard_text("'=1"), guard_text("\tx")
    ('\'=HYPERLINK("x")', "'@SUM(A1)", "''=1", "'\tx")
    >>> guard_text("-1"), guard_text("-0.5", is_number=True), guard_text("-0.5+2", is_number=True)
    ("'-1", '-0.5', "'-0.5+2")
    >>> guard_text("a = b"), guard_text("'quoted'"), guard_text("==")
    ('a = b', "'quoted'", '==')
    """
    if text in PLAIN or not _LIVE.match(text):
        return text
    return text if is_number and _is_number(text) else f"'{text}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def free_texts(texts: pd.Series) -> pd.Series:
    """Take the apostrophe of `guard_text` off again.

    Examples
    --------
    >>> import pandas as pd
    >>> free_texts(pd.Series(["'=1", "''=1", "'quoted'", "-0.5"])).tolist()
    ['=1', "'=1", "'quoted'", '-0.5']
    """
    has_guard = texts.str.startswith("'", na=False).any()
    return texts.str.replace(_GUARDED, "", regex=True) if has_guard else texts
