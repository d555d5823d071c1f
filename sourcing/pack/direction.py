"""Names written from right to left, or with signs that turn the direction of text, keep it to themselves on a page."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

_LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_TURNED = re.compile(
    f"[\u202a-\u202e\u2066-\u2068][^,;:.!?()'\"\u201c\u201d]*"  # a turn, up to the end of the clause it stands in
    f"|[{_LETTERS}](?:[^\\w,;:.!?()'\"<>&]*[{_LETTERS}]+)*"  # words of a script from right to left
)


def isolate(value: Any) -> Any:
    """Escape a text in which the direction turns, each turning part in an element of its own; others as they are.

    Without it one such name would show what stands beside it, figures included, in another order.

    Examples
    --------
    >>> isolate("payroll & more"), isolate("\u05e9\u05db\u05e8, 12 <b>")
    ('payroll & more', Markup('<bdi>\u05e9\u05db\u05e8</bdi>, 12 &lt;b&gt;'))
    >>> isolate("pay\u202elor, 12")
    Markup('pay<bdi>\u202elor</bdi>, 12')
    """
    if not isinstance(value, str) or isinstance(value, Markup) or not _TURNED.search(value):
        return value
    made, place = Markup(""), 0
    for part in _TURNED.finditer(value):
        made += escape(value[place : part.start()]) + Markup("<bdi>{}</bdi>").format(part.group())
        place = part.end()
    return made + escape(value[place:])


def escape_text(text: str) -> str:
    """Escape a text for a page, parts in which the direction turns isolated."""
    return str(escape(isolate(text)))
