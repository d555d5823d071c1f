"""Rows that a half-filled case still lacks: direct scores to give, and options to look at before they are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.case.dictionary import supplied_tables
from sourcing.case.load import conform_tables
from sourcing.case.reading import read_tables
from sourcing.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

DIRECT = ("commoditization", "core_competency")
"""Criteria scored in one number each in a basic case."""
ASSESSOR = "analyst"


def make_missing_rows(path: Path, table: str) -> pd.DataFrame:
    """Make the rows that a table of a case lacks.

    Parameters
    ----------
    path : Path
        A workbook or folder, sound or not.
    table : str
        `scores`: a row per process and direct criterion where the process has no score at all; `options`: the
        generated options of each process without one.

    Raises
    ------
    InputError
        Rows of another table cannot be told.
    """
    if table not in ("scores", "options"):
        raise InputError(
            f"A table must not be there yet; got {table!r} in {str(path)!r}. "
            f"Hint: only to scores and options can missing rows be added."
        )
    reading = read_tables(path)
    tables, _ = conform_tables(reading)
    if table == "options":
        given = reading.get("options")
        return tables["options"].drop(index=[] if given is None else given.index, errors="ignore")
    processes, scores = tables["processes"], tables["scores"]
    scored = set(zip(scores["business_unit"], scores["process"], strict=True))
    rows = [
        {"business_unit": unit, "process": process, "criterion": criterion, "assessor": ASSESSOR, "score": np.nan}
        for unit, process in zip(processes["business_unit"], processes["process"], strict=True)
        if process and (unit, process) not in scored
        for criterion in DIRECT
    ]
    return pd.DataFrame(rows, columns=pd.Index(list(supplied_tables()["scores"].columns)))
