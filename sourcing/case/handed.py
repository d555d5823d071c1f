"""A unit's case that somebody else has read and checked already, handed to the process that is to decide it.

A run of packs reads the tables of all units once. Each unit's process would read them all again for its own few rows,
which takes seconds for a group of hundreds; what it is handed is what it would have read.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

HANDED = "SOURCING_HANDED_CASE"
"""Environment: the file of a unit's case."""


def note_state(*paths: Path) -> list[tuple[str, int, int]]:
    """Note name, size and time of files and of the files in folders: unlike where one was written in between."""
    files = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    return [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file()]


def hand_case(case: Any, folder: Path, file: Path) -> None:
    """Write a unit's case to a file for the process of the unit; only this machine's own runs read it.

    Parameters
    ----------
    case : Case
        Of one unit.
    folder : Path
        Where all tables lie, absolute.
    file : Path
    """
    unit = str(case.unit["business_unit"])
    file.write_bytes(pickle.dumps((str(folder), unit, note_state(folder), case), pickle.HIGHEST_PROTOCOL))


def take_handed(path: str | os.PathLike[str], business_unit: str) -> Any:
    """Take the case of a unit where it was handed to this process, from these tables as they are; else None."""
    given = os.environ.get(HANDED, "")
    if not given or not Path(given).is_file() or not Path(path).exists():
        return None
    folder, unit, state, case = pickle.loads(Path(given).read_bytes())
    if unit != business_unit or Path(folder) != Path(path).resolve() or note_state(Path(folder)) != state:
        return None
    object.__setattr__(case, "source", str(path))  # nobody else has this one
    return case
