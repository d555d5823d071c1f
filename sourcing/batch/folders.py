"""Where a unit's pack goes: safe folder names, and folders that change in one step."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.batch.holds import SET_ASIDE, making_aside, sweep_leftovers
from sourcing.errors import InputError
from sourcing.program import INPUTS, list_kept

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator

LONGEST = 80
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_TAKEN = {"index.html", "manifest.json"}
CASH_WORKBOOK = "cash.xlsx"
"""Name of the workbook that a notebook which asks for one writes beside its pack."""
SUMMARY = "summary.json"
PLAN_FILES = frozenset(
    {
        SUMMARY, "plan.csv", "rules.csv", "flips.csv", "questions.csv", "scenarios.csv", "risks.csv",
        "cash.csv", CASH_WORKBOOK,
        "promise.csv", "commitments.csv",
        "causes.csv", "firmness.csv", "information.csv", "waiting.csv", "stresses.csv",
        "roadmap.csv", "waves.csv", "quarters.csv", "reviews.csv", "register.csv", "reviews.ics", "pack.xlsx",
        "conflicts.csv", "repairs.csv", "ways.csv", "repaired_plan.csv",
    }
)  # fmt: skip
"""What is written of a decision, or of why there is none."""
PACK_FILES = PLAN_FILES | {INPUTS, "pack.html", "notebook.ipynb", "traceback.txt", "no_plan.html"}
_NOWHERE, _EXCHANGE = -100, 2
"""Arguments of the system call `renameat2`: paths are no longer relative to anything, and exchange two of them."""


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
    """Return the folder for packs, made if absent; what it holds is left alone, but for what a killed run left.

    Raises
    ------
    InputError
        The path is a file, or the folder cannot be made or written.
    """
    folder = Path(out).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep_leftovers(folder)
        with making_aside(folder):
            return folder
    except OSError as error:
        raise InputError(
            f"DIR must be a folder that can be written; got {str(out)!r} ({error.strerror}). Hint: choose another."
        ) from error


def publish_folder(made: Path, target: Path, earlier: Iterable[str] = ()) -> None:
    """Put a finished folder in the place of an earlier one, in one step.

    Whatever in the earlier folder a run did not write is in the new one before the two change places, so that at any
    moment either the old pack or the new one stands there, with it. Where the system cannot exchange folders in one
    step, the old one is set aside for the moment between two; a run that was stopped in between is mended by the next
    (see `mend_folder`).

    Parameters
    ----------
    made : Path
        The finished folder, on the same file system as `target`.
    target : Path
        Where it shall be.
    earlier : iterable of str
        Names of files that an earlier run wrote there, besides the usual ones.
    """
    target = target.resolve()
    mend_folder(target)
    if not target.exists():
        made.rename(target)
        return
    if not target.is_dir():
        raise InputError(f"A unit's folder must not be a file; got {target.name!r}. Hint: move that file away.")
    _carry_all(target, made, PACK_FILES | set(earlier))
    if not exchange_folders(made, target):
        old = _set_aside(target)
        target.rename(old)
        try:
            made.rename(target)
        except BaseException:
            old.rename(target)
            raise
        made = old
    shutil.rmtree(made)


def mend_folder(target: Path) -> None:
    """Bring back what a run that was stopped had set aside; where a folder stands already, the user's files only."""
    old = _set_aside(target)
    if old.is_dir() and target.is_dir():
        _carry_all(old, target, PACK_FILES)
        shutil.rmtree(old)
    elif old.is_dir() and not target.exists():
        old.rename(target)


def _set_aside(target: Path) -> Path:
    return target.with_name(SET_ASIDE + target.name)


def _carry_all(folder: Path, place: Path, ours: Container[str]) -> None:
    """Carry over from one folder to another what is not ours and not there yet."""
    for path in sorted(folder.iterdir()):
        if path.name not in ours and not (place / path.name).exists():
            _carry_over(path, place / path.name)


def _carry_over(path: Path, place: Path) -> None:
    """Give what is the user's a second name, which costs no room; copy it where a file system has no second names."""
    if path.is_dir() and not path.is_symlink():
        shutil.copytree(path, place, symlinks=True, copy_function=_link)
    else:
        _link(path, place)


def _link(path: str | Path, place: str | Path) -> None:
    try:
        os.link(path, place, follow_symlinks=False)
    except OSError:
        shutil.copy2(path, place, follow_symlinks=False)


def exchange_folders(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot do that."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    return bool(rename(_NOWHERE, os.fsencode(one), _NOWHERE, os.fsencode(other), _EXCHANGE) == 0)


@contextlib.contextmanager
def publishing(folder: Path, ours: Collection[str] = PLAN_FILES) -> Iterator[Path]:
    """Write the files of a decision aside, then put each in its place; files of an earlier outcome go.

    Parameters
    ----------
    folder : Path
        From `open_out`.
    ours : collection of str
        Names of files that go where an earlier run wrote them and this one did not.

    Yields
    ------
    Path
        An empty folder to write into. Where writing fails, nothing in `folder` has changed.
    """
    with making_aside(folder) as aside:
        yield aside
        written = sorted(aside.iterdir())
        is_ours = (folder / SUMMARY).is_file()
        for path in written:
            if path.is_dir():
                publish_folder(path, folder / path.name, list_kept(folder))
            else:
                path.replace(folder / path.name)
        for name in set(ours).difference(path.name for path in written) if is_ours else ():
            (folder / name).unlink(missing_ok=True)


def drop_unused(folder: Path, since: float) -> None:
    """Drop the files of a folder that a run neither wrote nor read since a time, in seconds as files have it."""
    for path in folder.iterdir():
        if path.is_file() and path.stat().st_mtime < since:
            path.unlink()


def write_aside(text: str, target: Path) -> None:
    """Write a text file by renaming a finished one into place."""
    with making_aside(target.parent) as aside:
        made = aside / target.name
        made.write_text(text, encoding="utf-8", newline="\n")
        made.replace(target)


def copy_aside(source: Path, target: Path) -> None:
    """Copy a file by renaming a finished copy into place."""
    with making_aside(target.parent) as aside:
        made = aside / target.name
        shutil.copyfile(source, made)
        made.replace(target)
