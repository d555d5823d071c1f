"""A workbook as a package of files: opened, measured and refused where it is damaged, locked or a bomb."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 2**28
"""Bytes of unpacked XML beyond which a workbook is taken for a bomb; two million cells take half of it."""
DAMAGES = (
    zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, TypeError, AttributeError,
    IndexError, OSError, EOFError, NotImplementedError, RuntimeError, OverflowError, AssertionError,
)  # fmt: skip
"""What opening a damaged workbook raises in the libraries beneath."""
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/"


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Turn whatever a damaged or locked workbook raises into one InputError that says what to do.

    Raises
    ------
    InputError
        The workbook cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _measure(path)
            yield
    except InputError:
        raise
    except (*DAMAGES, _take_invalid()) as error:
        raise InputError(
            f"A workbook must open in a spreadsheet program without a password; got {path.name!r}: "
            f"{type(error).__name__}: {str(error)[:160]}. Hint: open it there and save it anew as .xlsx."
        ) from error


def _take_invalid() -> type[Exception]:
    """Return what openpyxl raises of a file that is none of its own, asked for only where something was raised."""
    from openpyxl.utils.exceptions import InvalidFileException  # as dear to import as what reads a whole case

    return InvalidFileException


def _measure(path: Path) -> None:
    with zipfile.ZipFile(path) as parts:
        unpacked = sum(part.file_size for part in parts.infolist() if part.filename.endswith(".xml"))
    if unpacked > LARGEST:
        raise InputError(
            f"A workbook must unpack to less than {LARGEST // 2**20} MiB; got {unpacked:,} bytes in {path.name!r}. "
            "Hint: give large tables as CSV or Parquet."
        )


def refuse_entities(path: Path) -> None:
    """Refuse a workbook whose XML declares entities, which make much of little.

    Raises
    ------
    InputError
        A part declares entities.
    """
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            before = b""
            with parts.open(name) as part:
                while name.endswith((".xml", ".rels")) and (piece := part.read(2**20)):
                    if b"<!DOCTYPE" in before + piece or b"<!ENTITY" in before + piece:
                        raise InputError(
                            f"A workbook must hold no entities; got some in {path.name!r}. Hint: save it anew."
                        )
                    before = piece[-10:]


def open_package(path: Path) -> Path | io.BytesIO:
    """Return a workbook as openpyxl reads it; Strict Open XML differs from the usual one in the names of its parts."""
    with zipfile.ZipFile(path) as parts:
        tops = [name for name in parts.namelist() if name.endswith((".rels", "workbook.xml"))]
        if not any(_STRICT.search(parts.read(name)) for name in tops):
            return path
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as renamed:
            for name in parts.namelist():
                content = parts.read(name)
                is_text = name.endswith((".xml", ".rels"))
                renamed.writestr(name, _STRICT.sub(_TRANSITIONAL, content) if is_text else content)
    return package
