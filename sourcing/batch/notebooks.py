"""Find a notebook, read its parameters, and refuse what it does not know before anything runs."""

from __future__ import annotations

import ast
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sourcing.batch.folders import copy_aside
from sourcing.case import LEVERS, OTHER_LEVERS, pick_levers, read_lever
from sourcing.errors import InputError, hint_near
from sourcing.shipped import find_shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEFAULT_NOTEBOOK = "decision_pack"
SET_BY_RUN = ("case_folder", "business_unit")
ANSWERS, WORKBOOK = "answers_folder", "workbook"
"""Set by the run as well, in notebooks that declare them."""
OWN_PATHS = (SET_BY_RUN[0], ANSWERS, WORKBOOK)
"""Those of them that are paths."""


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: `name: type = default`."""

    name: str
    type: str
    default: Any


def find_notebook(name: str | Path = DEFAULT_NOTEBOOK) -> Path:
    """Find a notebook by path, or by name among those that come with the suite.

    Parameters
    ----------
    name : str or Path
        A path to an `.ipynb` file, or a bare name such as `decision_pack`.

    Returns
    -------
    Path
        Absolute.

    Raises
    ------
    InputError
        Neither a file nor the name of a shipped notebook.
    """
    given = Path(name)
    if given.suffix == ".ipynb" and given.is_file():
        return given.resolve()
    folder = find_shipped("notebooks")
    known = {path.stem: path for path in folder.glob("*.ipynb")}
    if given.parent == Path() and given.name.removesuffix(".ipynb") in known:
        return known[given.name.removesuffix(".ipynb")].resolve()
    raise InputError(
        f"A notebook must be an .ipynb file or come with the suite; got {str(name)!r}. {hint_near(given.stem, known)}"
    )


def open_workspace(folder: Path) -> Path:
    """Return a folder with `notebooks/` and `data/tiny/` that may be worked in.

    A checkout is its own workspace. An installed suite copies both into `folder`; a file already there stays.
    """
    shipped = find_shipped("notebooks")
    if (shipped.parent / "pyproject.toml").is_file():
        return shipped.parent
    for name in ("notebooks", "data/tiny"):
        for path in find_shipped(name).iterdir():
            target = folder / name / path.name
            if path.is_file() and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                copy_aside(path, target)
    return folder


def read_parameters(notebook: Path) -> dict[str, Parameter]:
    """Read the cell tagged `parameters` as syntax, without running it.

    papermill's own reader drops lines with a second `=` and types such as `float | None`; this one does not.

    Parameters
    ----------
    notebook : Path
        An `.ipynb` file.

    Returns
    -------
    dict of str to Parameter
        In the order of the cell.

    Raises
    ------
    InputError
        Not a notebook, no such cell, or a cell that is more than assignments of constants.
    """
    cells = [cell for cell in _load_cells(notebook) if "parameters" in cell["metadata"].get("tags", [])]
    if len(cells) != 1:
        raise InputError(
            f"A notebook must have one cell tagged 'parameters'; got {len(cells)} in {notebook.name}. "
            f"Hint: tag its second cell."
        )
    source = "".join(cells[0]["source"])
    try:
        return {each.name: each for each in map(_read_line, ast.parse(source).body)}
    except (SyntaxError, ValueError) as error:
        raise InputError(
            f"A parameters cell must hold lines 'name: type = value' only; got {error} in {notebook.name}. "
            f"Hint: move anything else to a later cell."
        ) from error


def _load_cells(notebook: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(notebook.read_text(encoding="utf-8"))
        return [{"metadata": {}, **cell} for cell in content["cells"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"A notebook must be readable nbformat 4; got {type(error).__name__} at {notebook.name}. "
            f"Hint: open it in JupyterLab and save it again."
        ) from error


def _read_line(line: ast.stmt) -> Parameter:
    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.value is not None:
        return Parameter(line.target.id, ast.unparse(line.annotation), ast.literal_eval(line.value))
    if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
        default = ast.literal_eval(line.value)
        return Parameter(line.targets[0].id, type(default).__name__, default)
    raise ValueError(f"{ast.unparse(line)!r} on line {line.lineno}")


def settle_parameters(notebook: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """Check given parameters against those the notebook declares and bring them to their types.

    A lever is checked as such (range included), whether the notebook names it or takes it in its dict `levers`; any
    other name by its annotation.

    Parameters
    ----------
    notebook : Path
    given : mapping of str to str, int, float or bool
        Values as typed on a command line will do.

    Returns
    -------
    dict of str to str, int, float or bool
        By name, as given; `arrange_parameters` puts each where the notebook takes it.

    Raises
    ------
    InputError
        A name that the notebook does not declare, a value that is not of its type, or a lever that the notebook itself
        sets otherwise in its `levers`.
    """
    declared = read_parameters(notebook)
    for name in SET_BY_RUN:
        if name not in declared:
            raise InputError(
                f"A notebook run per unit must declare {' and '.join(SET_BY_RUN)}; got none named {name!r} "
                f"in {notebook.name}. Hint: add the line '{name}: str = \"\"' to its parameters cell."
            )
    own = (*SET_BY_RUN, ANSWERS, WORKBOOK)
    takes_any = OTHER_LEVERS in declared and isinstance(declared[OTHER_LEVERS].default, dict)
    free = [name for name in declared if name not in own and not (takes_any and name == OTHER_LEVERS)]
    free += [name for name in LEVERS if takes_any and name not in free]
    for name in given:
        if name in own:
            raise InputError(
                f"{name} is set by the run itself; got it in a setting. Hint: use CASE, --units and --answers."
            )
        if takes_any and name == OTHER_LEVERS:
            raise InputError(
                f"{OTHER_LEVERS} takes each lever by its own name; got {given[name]!r} for the whole. "
                f"Hint: core_threshold=0.6."
            )
        if name not in free:
            raise InputError(
                f"A parameter must be one that {notebook.name} declares; got {name!r}. {hint_near(name, free)}"
            )
    by_case = {name: Parameter(name, "str", "") for name in LEVERS}
    settled = {name: _settle_value({**by_case, **declared}[name], value) for name, value in given.items()}
    if takes_any:
        defaults = {name: parameter.default for name, parameter in declared.items()}
        pick_levers(defaults | arrange_parameters(notebook, settled))
    return settled


def arrange_parameters(notebook: Path, settled: Mapping[str, Any]) -> dict[str, Any]:
    """Arrange parameters as the notebook takes them: levers that it does not name go into its dict `levers`.

    Parameters
    ----------
    notebook : Path
    settled : mapping of str to str, int, float or bool
        By name; those not declared are levers.

    Returns
    -------
    dict of str to str, int, float, bool or dict
        What is passed to the notebook; `levers` only where something is added to what the notebook holds in it.
    """
    declared = read_parameters(notebook)
    named = {name: value for name, value in settled.items() if name in declared}
    others = {name: value for name, value in settled.items() if name not in declared}
    return named | ({OTHER_LEVERS: {**declared[OTHER_LEVERS].default, **others}} if others else {})


def _settle_value(parameter: Parameter, value: Any) -> Any:
    if value in ("", None) and parameter.default == "":
        return ""
    if parameter.name in LEVERS:
        return read_lever(parameter.name, value)
    readers: dict[str, Callable[[Any], Any]] = {"int": int, "float": float, "bool": _read_flag, "str": str}
    try:
        return readers.get(parameter.type, str)(value)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{parameter.name} must be of type {parameter.type}; got {value!r}. Hint: the default is "
            f"{parameter.default!r}."
        ) from error


def _read_flag(value: Any) -> bool:
    flag = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(str(value).lower())
    if flag is None:
        raise ValueError(value)
    return flag


def fingerprint_notebook(notebook: Path) -> str:
    """Return the SHA-256 of the notebook's cells; outputs and metadata do not count."""
    cells = [[cell.get("cell_type"), "".join(cell.get("source", []))] for cell in _load_cells(notebook)]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()
