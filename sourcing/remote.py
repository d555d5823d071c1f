"""Folders and files at an address such as `s3://bucket/case`: a local copy to work on, and the way back.

What an object store holds cannot be renamed, locked or read in place as files can, so that commands work on a copy
here and what they changed is sent back: files inside folders first, those that tell of them last.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeGuard

from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://.")
WORKBOOKS = (".xlsx", ".ods", ".ipynb")
"""Suffixes of files; any other address is that of a folder, unless a file lies there."""
PASSING = ".sourcing-"
"""Begins the names of what stands in a folder for the moment only, which is not sent."""
LAST = ("index.html", "manifest.json")
"""Files that tell of all others are sent after them, in this order."""


def is_address(path: object) -> TypeGuard[str]:
    """Whether a path is an address of a file system elsewhere.

    Examples
    --------
    >>> is_address("s3://bucket/case"), is_address("data/tiny"), is_address("C:/data")
    (True, False, False)
    """
    return isinstance(path, str) and ADDRESS.match(path) is not None


class Mirror(os.PathLike[str]):
    """A local copy of what lies at an address; a path to the system, the address to people.

    Parameters
    ----------
    address : str
        Of a folder, or of a workbook or notebook, as fsspec takes it.
    place : Path
        Empty folder for the copy.
    """

    def __init__(self, address: str, place: Path) -> None:
        self.address = address
        with _telling(address):
            self._system, root = _open_system(address)
            self._system.invalidate_cache()
            whole = PurePosixPath(root.rstrip("/"))
            is_file = whole.suffix in WORKBOOKS or self._system.isfile(root)
            self._root = str(whole.parent if is_file else whole)
            self._stem = whole.stem if is_file else ""
            folder = place if is_file else place / (whole.name or "root")
            folder.mkdir(exist_ok=True)
            self._folder, self._path = folder, folder / whole.name if is_file else folder
            for name in self._list_there():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                self._system.get_file(f"{self._root}/{name}", str(target))
        self._sent = self._list_here()

    def __fspath__(self) -> str:
        return str(self._path)

    def __str__(self) -> str:
        return self.address

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies there."""
        return not self._sent

    def push(self) -> None:
        """Send what was written since the last time, and drop there what is gone here.

        Raises
        ------
        InputError
            The file system there takes nothing.
        """
        here = self._list_here()
        with _telling(self.address):
            for name in sorted(here, key=lambda name: (LAST.index(name) if name in LAST else -1, name)):
                if self._sent.get(name) != here[name]:
                    self._system.makedirs(str(PurePosixPath(self._root, name).parent), exist_ok=True)
                    self._system.put_file(str(self._folder / name), f"{self._root}/{name}")
            for name in self._sent.keys() - here.keys():
                self._system.rm_file(f"{self._root}/{name}")
        self._sent = here

    def _list_there(self) -> list[str]:
        if not self._system.exists(self._root):
            return []
        if self._stem:
            near = [PurePosixPath(path).name for path in self._system.ls(self._root, detail=False)]
            return [name for name in near if name.startswith(f"{self._stem}.")]
        depth = len(PurePosixPath(self._root).parts)
        return ["/".join(PurePosixPath(path).parts[depth:]) for path in self._system.find(self._root)]

    def _list_here(self) -> dict[str, tuple[int, int]]:
        """List the files of the copy: name -> size and time of writing."""
        listed = {}
        for path in self._folder.rglob("*"):
            name = path.relative_to(self._folder)
            if path.is_file() and not any(part.startswith(PASSING) for part in name.parts):
                listed[name.as_posix()] = path.stat().st_size, path.stat().st_mtime_ns
        return listed


@contextlib.contextmanager
def mirroring(address: str, *, is_read: bool) -> Iterator[Mirror]:
    """Copy what lies at an address here for a while, and send back what was changed meanwhile, however it ends.

    Parameters
    ----------
    address : str
    is_read : bool
        Whether something must lie there.

    Raises
    ------
    InputError
        fsspec or its file system is not installed, the address cannot be reached, or nothing lies there.
    """
    with tempfile.TemporaryDirectory(prefix="sourcing-") as place:
        mirror = Mirror(address, Path(place))
        if is_read and mirror.is_empty:
            raise InputError(
                f"Something must lie at an address that is read; got nothing at {address!r}. Hint: its name."
            )
        try:
            yield mirror
        finally:
            mirror.push()


@contextlib.contextmanager
def fetching(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a path as it is, or a local copy of what lies at an address, which is gone afterwards."""
    if not is_address(path):
        yield Path(path)
        return
    with tempfile.TemporaryDirectory(prefix="sourcing-") as place:
        yield Path(Mirror(path, Path(place)))


def _open_system(address: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise InputError(
            f"An address needs the package fsspec; got {address!r} without it. Hint: pip install 'sourcing[remote]'."
        ) from error
    return url_to_fs(address)


@contextlib.contextmanager
def _telling(address: str) -> Iterator[None]:
    """Tell what befell at an address in words; each file system has errors of its own."""
    try:
        yield
    except InputError:
        raise
    except ImportError as error:
        raise InputError(
            f"An address needs the package of its file system; got {address!r}: {error}. "
            f"Hint: pip install s3fs for s3://, gcsfs for gs://, adlfs for abfs://."
        ) from error
    except Exception as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"An address must be one that can be reached and used; got {address!r}: {said}. Hint: look at its name and "
            f"at your rights there."
        ) from error
