"""The inputs of a run, kept beside its answer: the unit's tables as they were read, every lever as it was settled."""

from __future__ import annotations

import csv
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.case import LEVERS, list_levers, load_case, read_csv, require_no_inputs, save_case, write_csv
from sourcing.errors import InputError, hint_near

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case import Case
    from sourcing.decide import UnitQuestion

INPUTS = "inputs"
"""Folder of a run that holds its inputs: a case that loads again, and the levers."""
LEVERS_FILE = "levers.csv"
_NAME = re.compile(r"[a-z][a-z0-9_]*\.csv", re.ASCII)


def describe_inputs(question: UnitQuestion) -> dict[str, str]:
    """Write what a unit's question was made from as CSV texts.

    Parameters
    ----------
    question : UnitQuestion

    Returns
    -------
    dict of str to str
        Name of a file to its text: each table of the unit that has rows, as `save_case` writes it, and `levers.csv`
        with one row per lever (name, value, default, origin, reason).
    """
    levers = list_levers(question.case, question.policy, question.outlook).reset_index()
    with tempfile.TemporaryDirectory() as aside:
        folder = save_case(question.case, Path(aside, INPUTS))
        write_csv(
            levers[["name", "value", "default", "origin", "reason"]], folder / LEVERS_FILE, numbers=("value", "default")
        )
        return {file.name: file.read_bytes().decode("utf-8") for file in sorted(folder.iterdir())}


def write_inputs(folder: Path, texts: Mapping[str, str]) -> str:
    """Write the inputs of a run into the folder `inputs` of its own.

    Parameters
    ----------
    folder : Path
        That of the run, without inputs so far.
    texts : mapping of str to str
        From `describe_inputs`.

    Returns
    -------
    str
        Name of the folder made.

    Raises
    ------
    InputError
        A name that is not that of a table.
    """
    place = folder / INPUTS
    place.mkdir()
    for name, text in texts.items():
        if not _NAME.fullmatch(name):
            raise InputError(
                f"An input must be kept in a file of lower-case letters, digits and underscores; got {name!r}. "
                "Hint: rename it."
            )
        (place / name).write_bytes(text.encode("utf-8"))
    return INPUTS


def has_inputs(folder: Path) -> bool:
    """Whether a run kept its inputs."""
    return (folder / INPUTS / LEVERS_FILE).is_file()


def list_kept(folder: Path) -> list[str]:
    """List the files of the inputs that a run kept in its folder; none where another wrote them."""
    return sorted(file.name for file in (folder / INPUTS).glob("*.csv")) if has_inputs(folder) else []


def require_place(folder: str | Path, case: str | Path) -> None:
    """Require that the inputs of a run can be kept in its folder: no tables of a case lie where they go.

    Raises
    ------
    InputError
        The folder's `inputs` holds tables that no run kept there, or is the case itself.
    """
    require_no_inputs(Path(folder, INPUTS), case, ours=list_kept(Path(folder)))


def read_inputs(folder: Path, business_unit: str | None = None) -> tuple[Case, dict[str, str]]:
    """Read the inputs that a run kept.

    Parameters
    ----------
    folder : Path
        That of the run.
    business_unit : str, optional
        What the run says that it decided; the one unit of the inputs if None.

    Returns
    -------
    tuple of Case and dict
        The unit's case, and the value of each lever by name, as text.

    Raises
    ------
    CaseError
        The tables hold problems under this version of the suite.
    InputError
        There are none, or the levers are not as they were written.
    """
    if not has_inputs(folder):
        raise InputError(
            f"A run must hold the inputs that it was made from to be compared; got no {INPUTS}/{LEVERS_FILE} in "
            f"{str(folder)!r}. Hint: an earlier version kept none; make the run again from its case: "
            "sourcing plan CASE --unit U --out DIR, or sourcing packs CASE --out DIR."
        )
    case = load_case(folder / INPUTS, business_unit)
    return case, _read_levers(folder / INPUTS / LEVERS_FILE, str(folder))


def _read_levers(file: Path, run: str) -> dict[str, str]:
    try:
        table = read_csv(file)
        levers = dict(zip(table["name"], table["value"], strict=True))
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise InputError(
            f"The levers of a run must be as they were written; got {type(error).__name__} in {LEVERS_FILE} of "
            f"{run!r}. Hint: make the run again."
        ) from error
    for name in levers:
        if name not in LEVERS:
            raise InputError(
                f"A lever of a run must be one of this version's; got {name!r} in {LEVERS_FILE} of {run!r}. "
                f"{hint_near(name, LEVERS)} Make the run again with this version."
            )
    return levers
