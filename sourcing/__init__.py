"""Decide which business processes to keep in-house, move onshore, offshore or outsource, and show why.

The suite is one sentence: case, assess, value, one table of alternatives, plan, explain, pack. Every
function takes labeled tables and returns labeled tables.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
ROOMS = ("assess", "batch", "case", "decide", "pack", "plan", "portfolio", "program", "uncertainty", "value")
_CASE_NAMES = ("Case", "Outlook", "Policy", "check_case", "load_case", "pick_levers", "settle")
__all__ = [*_CASE_NAMES, *ROOMS]  # names of rooms and of what they offer


def __getattr__(name: str) -> Any:
    """Import a room only when it is asked for, so that `import sourcing` stays light."""
    if name in ROOMS:
        return import_module(f"sourcing.{name}")
    if name in _CASE_NAMES:
        return getattr(import_module("sourcing.case"), name)
    raise AttributeError(f"module 'sourcing' has no attribute {name!r}")
