"""Files that lie in a case's folder under the name of a table and are not read: each is told."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sourcing.case.dictionary import supplied_tables
from sourcing.case.problem import WARNING, Problem
from sourcing.case.reading.headers import name_table, plain_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

UNREAD = "a file that is read"
OLD = frozenset({".xls", ".xlsb", ".xlt", ".numbers", ".fods", ".sxc"})
"""Workbooks of kinds that are not read."""
_PACKED = frozenset({".gz", ".zip", ".bz2", ".xz", ".zst", ".7z", ".rar"})
_TEXTS = frozenset({".txt", ".tab", ".dat", ".csv~", ".bak", ".old", ".orig", ".tmp"})
_TABLES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm", ".ods", ".parquet"})
_DOCUMENTS = frozenset(
    {".md", ".rst", ".pdf", ".doc", ".docx", ".odt", ".ppt", ".pptx", ".html", ".htm", ".png", ".jpg", ".jpeg", ".svg"}
    | {".py", ".ipynb", ".log", ".eml", ".msg"}
)
_DECORATION = re.compile(
    r"copy|copies|kopie|copie|copia|kopia|conflicted|conflict|of|von|de|di|the|my|new|old|final|draft|backup|bak|latest|neu|alt"
    r"|v\d*|ver|version|rev|\d+"
)
_LIKENESS = 0.85


def list_unread(folder: Path, read: Collection[Path]) -> Iterator[Problem]:
    """Warn of each file or folder that is not read and is named, or nearly named, as a table, and of old workbooks."""
    for file in sorted(folder.iterdir()):
        kind = file.suffix.lower()
        if file in read or file.name.startswith((".", "~$")) or kind in _DOCUMENTS:
            continue
        name = _name_near(file.name)
        if file.is_dir():
            if name is None or not any(part.suffix.lower() in _TABLES for part in file.iterdir()):
                continue
        elif name is None and kind not in OLD:
            continue
        hint = f"Hint: {_advise(file, kind, name or 'a table')}, or move it out of the folder."
        yield Problem(name or file.stem, None, "", UNREAD, file.name, hint, WARNING, file.name)


def _name_near(name: str) -> str | None:
    """Return the table that a file is named after, but for endings, marks of copies and slips of the pen.

    Examples
    --------
    >>> [_name_near(name) for name in ("rules - Copy.csv", "rules_v2.csv", "vetos.csv", "rules.csv.txt", "budget.csv")]
    ['rules', 'rules', 'vetoes', 'rules', None]
    """
    while (parts := name.rpartition("."))[0] and " " not in parts[2]:
        name = parts[0]
    plain = "_".join(word for word in plain_name(name).split("_") if not _DECORATION.fullmatch(word))
    near = get_close_matches(plain, supplied_tables(), n=1, cutoff=_LIKENESS)
    return name_table(plain) or (near[0] if near else None)


def _advise(file: Path, kind: str, name: str) -> str:
    if file.is_dir():
        return f"write its parts as one file {name}.csv or {name}.parquet beside the others"
    if kind in OLD:
        return "save it as .xlsx"
    if kind in _PACKED:
        return "unpack it"
    if kind in _TABLES | _TEXTS or not kind:
        return f"name it {name}{kind if kind in ('.tsv', '.parquet') else '.csv'} if it is that table"
    return f"save it as {name}.csv"
