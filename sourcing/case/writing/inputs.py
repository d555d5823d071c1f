"""What analysts typed stays: nothing is written where it would be read as a table of a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.case.load import find_case
from sourcing.case.reading import WORKBOOKS, decode, list_files
from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection

OWN_COLUMNS = frozenset({"belongs_to", "saving_share"})
"""Columns by which the priced rules and the solved scenarios of a plan are told from the tables of the same name."""


def list_inputs(folder: Path) -> list[Path]:
    """List the tables of a case that lie in a folder; what an earlier plan wrote there is none, and no workbook is.

    Parameters
    ----------
    folder : Path
        There or not.
    """
    try:
        files = list_files(folder)
    except InputError:
        return []
    return [file for file in files if file.suffix.lower() not in WORKBOOKS and not _is_output(file)]


def _is_output(file: Path) -> bool:
    """Whether a file holds the priced rules or the solved scenarios of a plan."""
    with file.open("rb") as content:
        first, _ = decode(content.readline(65_536))
    return not OWN_COLUMNS.isdisjoint(first.strip().split(","))


def require_no_inputs(
    folder: str | Path, case: str | Path | None = None, names: Collection[str] = (), ours: Collection[str] = ()
) -> None:
    """Require that what is written into a folder does not land among the tables of a case.

    Parameters
    ----------
    folder : path
        There or not.
    case : path, optional
        The case that is worked on: its own folder is refused whatever lies there.
    names : collection of str
        Names of the files that are written: the case's own workbook is not one of them.
    ours : collection of str
        Names of files that an earlier run is known to have written there.

    Raises
    ------
    InputError
        The folder is the case's, or holds tables of one.
    """
    place = Path(folder).resolve()
    found = [file.name for file in list_inputs(place) if file.name not in ours]
    if case is not None:
        own = find_case(Path(case)).resolve()
        found += ["the case itself"] * (own == place) + [own.name] * (own.parent == place and own.name in names)
    if found:
        raise InputError(
            f"What is written must not lie among the tables of a case, where it would replace them or be read as one; "
            f"got {', '.join(found[:3])} in {str(folder)!r}. Hint: name another folder."
        )
