"""Workbooks saved so that the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

NO_TIME = (1980, 1, 1, 0, 0, 0)


def save_timeless(book: Workbook, target: Path) -> None:
    """Save a workbook without the time of saving, which the library writes into its properties and its archive."""
    made, timeless = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(timeless, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in parts.namelist():
            content = parts.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            kept.writestr(zipfile.ZipInfo(name, NO_TIME), content, zipfile.ZIP_DEFLATED)
    target.write_bytes(timeless.getbuffer())
