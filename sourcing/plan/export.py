"""Write the model of a plan, or any problem, as a file for other solvers."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sourcing.errors import InputError
from sourcing.plan.model import Problem, build_problem, write_model
from sourcing.plan.plan import Plan


def export_model(source: Problem | Plan, path: str | Path) -> Path:
    """Write a problem, or the problem of a plan, as an LP or MPS file with the analyst's names.

    Parameters
    ----------
    source : Problem or Plan
    path : str or Path
        Its ending says the format: `.lp` or `.mps`. The file appears whole or not at all.

    Returns
    -------
    Path
        Of the file written.

    Raises
    ------
    InputError
        If the ending is neither.
    """
    target = Path(path)
    if target.suffix.lower() not in (".lp", ".mps"):
        raise InputError(f"a model's file must end in .lp or .mps; got {target.name!r} at path. Hint: name it plan.lp.")
    problem = source if isinstance(source, Problem) else build_problem(source.question.instance)
    model, _ = write_model(problem)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / target.name
        if target.suffix.lower() == ".lp":
            model.writeLP(str(made))
        else:
            model.writeMPS(str(made))
        made.replace(target)
    return target
