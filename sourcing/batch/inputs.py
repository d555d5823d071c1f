"""What a unit's pack is made from, as one fingerprint: where it is the same, so is the pack."""

from __future__ import annotations

import hashlib
import json
import platform
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sourcing
from sourcing.batch.manifest import list_packages, spell_values
from sourcing.case import locate_seal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case import Case


def fingerprint_inputs(
    case: Case, case_folder: Path, case_shown: str, notebook_print: str, parameters: Mapping[str, Any]
) -> str:
    """Return the SHA-256 of everything that a unit's pack depends on.

    Parameters
    ----------
    case : Case
        That of the unit alone.
    case_folder : Path
        Where the case lies; its seals count too.
    case_shown : str
        How packs name the case.
    notebook_print : str
        From `fingerprint_notebook`.
    parameters : mapping
        What is passed to the notebook beside its case and unit.
    """
    seal = locate_seal(case_folder)
    seals = seal.read_text(encoding="utf-8") if seal.is_file() else ""
    parts = [case.fingerprint, seals, case_shown, notebook_print, spell_values(parameters), fingerprint_suite()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@cache
def fingerprint_suite() -> str:
    """Return the SHA-256 of the suite's own files, of the packages that it needs and of Python's version."""
    found = hashlib.sha256(json.dumps([platform.python_version(), list_packages()]).encode())
    root = Path(sourcing.__file__).parent
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(f"{path.relative_to(root).as_posix()}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
