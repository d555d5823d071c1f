"""What a living process holds: an output folder as a whole, and folders for the moment.

The system lets go of a held file when its process ends, however it ends: what a killed run left is told from what a
living one needs without guessing by numbers of processes, which are used again.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.errors import InputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator

ASIDE = ".sourcing-"
"""Begins the name of what stands in a folder for the moment only."""
LOCK, SET_ASIDE = f"{ASIDE}lock", f"{ASIDE}old-"
"""The held file of an output folder; begins the name of a unit's folder while another takes its place."""
_HELD, _MADE = "held", "made"
_FAR = 1 << 30
"""A byte far beyond what a held file says; where a lock also keeps others from reading, it is this one."""


@contextlib.contextmanager
def locking(folder: Path) -> Iterator[None]:
    """Keep an output folder to one batch.

    Raises
    ------
    InputError
        Another batch is at work there.
    """
    lock = folder / LOCK
    while (held := _hold(lock)) is None:
        with contextlib.suppress(FileNotFoundError):
            said = lock.read_text(encoding="utf-8").strip() or "one that has just begun"
            raise InputError(
                f"A folder of packs must serve one batch at a time; got {said} at work in {folder.name!r}. "
                "Hint: wait until it has ended, or name another folder with --out."
            )
    try:
        os.ftruncate(held, 0)
        os.write(held, f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC".encode())
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.unlink()
        os.close(held)


@contextlib.contextmanager
def making_aside(folder: Path) -> Iterator[Path]:
    """Make an empty folder for the moment in another one; what is left in it goes at the end."""
    while True:
        outer = Path(tempfile.mkdtemp(prefix=ASIDE, dir=folder))
        if (held := _hold(outer / _HELD)) is not None:
            break
    try:
        made = outer / _MADE
        made.mkdir()
        yield made
    finally:
        os.close(held)
        shutil.rmtree(outer, ignore_errors=True)


def sweep_leftovers(folder: Path) -> None:
    """Drop the folders for the moment that ended processes left; those of living ones stay."""
    for left in folder.glob(f"{ASIDE}*"):
        if left.name.startswith(SET_ASIDE) or left.is_symlink() or not left.is_dir():
            continue
        held = _hold(left / _HELD)
        if held is not None:
            os.close(held)
            shutil.rmtree(left, ignore_errors=True)


def _hold(file: Path) -> int | None:
    """Hold a file until what is returned is closed; None where another holds it, or its folder is gone."""
    try:
        held = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except FileNotFoundError:
        return None
    try:
        _lock(held)
        if os.path.samestat(file.stat(), os.fstat(held)):
            return held
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK, errno.ENOENT):
            os.close(held)
            raise
    os.close(held)
    return None


def _lock(held: int) -> None:
    if sys.platform == "win32":
        os.lseek(held, _FAR, os.SEEK_SET)
        msvcrt.locking(held, msvcrt.LK_NBLCK, 1)
        os.lseek(held, 0, os.SEEK_SET)
    else:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
