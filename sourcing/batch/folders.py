"""Where a unit's pack goes: safe folder names, and folders that change in one step."""

from __future__ import annotations

import hashlib
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 80
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_TAKEN = {"index.html", "manifest.json"}
BUSINESS_CASE = "business_case.xlsx"
"""Name of the workbook of cash flows beside a pack."""
PACK_FILES = frozenset(
    {
        "pack.html", "notebook.ipynb", "summary.json", "plan.csv", "rules.csv", "flips.csv", "questions.csv",
        "traceback.txt", "no_plan.html", "conflicts.csv", "repairs.csv", "ways.csv", "repaired_plan.csv", BUSINESS_CASE,
    }
)  # fmt: skip


def name_folders(units: Iterable[str]) -> dict[str, str]:
    """Give each unit a folder name that is safe on every system and unlike all others.

    A name of letters, digits, dot, underscore and hyphen stays as it is. Any other is rewritten; where two
    names would meet (upper and lower case are one on some systems), the later by spelling gets a digest of
    its own name.

    Parameters
    ----------
    units : iterable of str
        All units of the case, so that a unit's folder does not depend on which units are run.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> name_folders(["hr", "R&D", "../etc"])
    {'../etc': 'etc', 'R&D': 'R-D', 'hr': 'hr'}
    >>> sorted(name_folders(["a b", "a-b"]))
    ['a b', 'a-b']
    """
    units = sorted(set(units))
    unchanged = [unit for unit in units if _rewrite(unit) == unit]
    names: dict[str, str] = {}
    used: set[str] = set()
    for unit in [*unchanged, *(unit for unit in units if unit not in unchanged)]:
        name = _rewrite(unit)
        if name.casefold() in used or not name:
            name = f"{name or 'unit'}-{hashlib.sha256(unit.encode()).hexdigest()[:8]}"
        used.add(name.casefold())
        names[unit] = name
    return {unit: names[unit] for unit in units}


def _rewrite(unit: str) -> str:
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", unit).strip(".-")[:LONGEST].rstrip(".-")
    if name.split(".")[0].casefold() in _DEVICES or name.casefold() in _TAKEN:
        return f"unit-{name}"
    return name


def open_out(out: str | Path) -> Path:
    """Return the folder for packs, made if absent; what it already holds is left alone.

    Raises
    ------
    InputError
        The path is a file, or the folder cannot be made.
    """
    folder = Path(out).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"DIR must be a folder that can be written; got {str(out)!r} ({error.strerror}). Hint: choose another."
        ) from error
    return folder


def publish_folder(made: Path, target: Path, earlier: Iterable[str] = ()) -> None:
    """Put a finished folder in the place of an earlier one, by renaming.

    Files in the earlier folder that a run did not write are carried over.

    Parameters
    ----------
    made : Path
        The finished folder, on the same file system as `target`.
    target : Path
        Where it shall be.
    earlier : iterable of str
        Names of files that an earlier run wrote there, besides the usual ones.
    """
    if not target.exists():
        made.rename(target)
        return
    if not target.is_dir():
        raise InputError(f"A unit's folder must not be a file; got {target.name!r}. Hint: move that file away.")
    with tempfile.TemporaryDirectory(prefix=".sourcing-", dir=target.parent) as aside:
        old = Path(aside) / "old"
        target.rename(old)
        made.rename(target)
        ours = PACK_FILES | set(earlier)
        for path in sorted(old.iterdir()):
            if path.name not in ours and not (target / path.name).exists():
                path.rename(target / path.name)


def drop_unused(folder: Path, since: float) -> None:
    """Drop the files of a folder that a run neither wrote nor read since a time, in seconds as files have it."""
    for path in folder.iterdir():
        if path.is_file() and path.stat().st_mtime < since:
            path.unlink()


def write_aside(text: str, target: Path) -> None:
    """Write a text file by renaming a finished one into place."""
    with tempfile.TemporaryDirectory(prefix=".sourcing-", dir=target.parent) as aside:
        made = Path(aside) / target.name
        made.write_text(text, encoding="utf-8", newline="\n")
        made.replace(target)
