"""Altair, by the one door through which the pack imports it: without the grammar of addresses."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

GRAMMAR = "rfc3987_syntax"


@contextmanager
def _sparing_grammar() -> Iterator[None]:
    """Set the grammar aside while Altair is imported; whoever asks for it later gets it.

    Altair imports jsonschema, which imports this grammar of addresses where it is installed; no chart needs it, and it
    takes as long as all the rooms together.
    """
    is_ours = GRAMMAR not in sys.modules
    sys.modules.setdefault(GRAMMAR, None)  # type: ignore[arg-type]
    try:
        yield
    finally:
        if is_ours:
            del sys.modules[GRAMMAR]


with _sparing_grammar():
    import altair as alt

__all__ = ["alt"]
