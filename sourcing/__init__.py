"""Decide which business processes to keep in-house, move onshore, offshore or outsource, and show why.

The suite is one sentence: case, assess, value, one table of alternatives, plan, explain, pack. Every
function takes labeled tables and returns labeled tables.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__version__ = "0.1.0"
_ROOMS = ("assess", "batch", "case", "decide", "pack", "plan", "program", "uncertainty", "value")
_CASE_NAMES = ("Case", "Outlook", "Policy", "check_case", "load_case", "pick_levers", "settle")
__all__ = [*_CASE_NAMES, *_ROOMS]  # names of rooms and of what they offer


def __getattr__(name: str) -> Any:
    """Import a room only when it is asked for, so that `import sourcing` stays light."""
    if name in _ROOMS:
        with _sparing_grammar():
            return import_module(f"sourcing.{name}")
    if name in _CASE_NAMES:
        return getattr(import_module("sourcing.case"), name)
    raise AttributeError(f"module 'sourcing' has no attribute {name!r}")


@contextmanager
def _sparing_grammar() -> Iterator[None]:
    """Set `rfc3987_syntax` aside while a room is imported; whoever asks for it later gets it.

    Altair imports jsonschema, which imports this grammar of addresses where it is installed; no chart needs it, and it
    takes as long as all the rooms together.
    """
    is_ours = "rfc3987_syntax" not in sys.modules
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        yield
    finally:
        if is_ours:
            del sys.modules["rfc3987_syntax"]
