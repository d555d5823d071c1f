"""Texts that a spreadsheet would take for a formula: written with an apostrophe before them, and read without it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

PLAIN = frozenset({"=="})
"""Texts that look like the start of a formula and are none: what the sense of a rule may be."""
_LIVE = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = r"^'(?='*[=+\-@\t\r])"


def guard_text(text: str) -> str:
    r"""Guard a text that a spreadsheet would take for a formula by an apostrophe; numbers stay as they are.

    Examples
    --------
    >>> guard_text('=HYPERLINK("x")'), guard_text("@SUM(A1)"), guard_text("'=1"), guard_text("\tx")
    ('\'=HYPERLINK("x")', "'@SUM(A1)", "''=1", "'\tx")
    >>> guard_text("-0.5"), guard_text("a = b"), guard_text("'quoted'"), guard_text("==")
    ('-0.5', 'a = b', "'quoted'", '==')
    """
    if text in PLAIN or not _LIVE.match(text):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


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
