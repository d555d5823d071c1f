"""Faces of rooms that import a part only when one of its names is asked for.

A face names what it offers in imports under `if TYPE_CHECKING:`, so that type checkers, editors and readers see plain
imports, and nothing is named twice. It is the way of SPEC 1 of Scientific Python (`lazy_loader.attach_stub`), without a
second file beside the face. Not for a name that is that of a module too: whoever imported the module first would find
the module under it.
"""

from __future__ import annotations

import ast
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def attach_face(package: str) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package that imports under `if TYPE_CHECKING:` what it offers.

    Parameters
    ----------
    package : str
        `__name__` of the package.

    Returns
    -------
    callable
        Name -> what the face offers under it, kept in the package once found; AttributeError for any other name, as
        the language has it (PEP 562).
    """

    def find_offered(name: str) -> Any:
        origins = _list_origins(package)
        if name not in origins:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, own_name = origins[name]
        found = getattr(import_module(module), own_name)
        setattr(sys.modules[package], name, found)
        return found

    return find_offered


@cache
def _list_origins(package: str) -> dict[str, tuple[str, str]]:
    """List of each name that a face offers the module it comes from and its name there."""
    face = ast.parse(Path(str(sys.modules[package].__file__)).read_text(encoding="utf-8"))
    return {
        alias.asname or alias.name: (str(node.module), alias.name)
        for branch in face.body
        if isinstance(branch, ast.If) and isinstance(branch.test, ast.Name) and branch.test.id == "TYPE_CHECKING"
        for node in branch.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
