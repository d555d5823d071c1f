"""Rows that a half-filled case still lacks: direct scores to give, and options to look at before they are changed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from sourcing.case.defaults import fill_options
from sourcing.case.dictionary import supplied_tables
from sourcing.case.load import conform_tables
from sourcing.case.reading import read_tables
from sourcing.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.case.load import Case

OF_FIGURES = ("processes", "options", "quotes", "locations", "transitions")
"""Tables from which the figures of options follow."""

DIRECT = ("commoditization", "core_competency")
"""Criteria scored in one number each in a basic case."""
ASSESSOR = "analyst"
REFERENCES = {"#reference_labor_cost_per_fte": "labor_cost_per_fte", "#reference_price_per_year": "price_per_year"}
"""Column beside the options, left alone when they are read -> the cell whose reference figure it shows."""


def list_references(path: Path) -> pd.DataFrame:
    """List the figures that the suite takes where the price or the wage of an option is empty.

    Parameters
    ----------
    path : Path
        A workbook or folder, sound or not.

    Returns
    -------
    DataFrame
        Index spreadsheet row of the option, as in `make_missing_rows`; columns REFERENCES, in the unit's currency and
        price year, NaN where the cell is filled or nothing is known.
    """
    tables, _ = conform_tables(read_tables(path))
    options, keys = tables["options"], ["process", "option", "column"]
    shown = pd.DataFrame(np.nan, index=options.index, columns=pd.Index(list(REFERENCES)))
    for _, unit in tables["units"].iterrows():
        own = {name: _pick(tables[name], str(unit["business_unit"])) for name in OF_FIGURES}
        try:
            _, figures = fill_options(cast("Case", SimpleNamespace(unit=unit, **own)))
        except (InputError, KeyError):
            continue
        values = figures.drop_duplicates(keys).set_index(keys)["value"]
        rows = own["options"]
        for name, column in REFERENCES.items():
            wanted = pd.MultiIndex.from_frame(rows[["process", "option"]].assign(column=column))
            found = values.reindex(wanted).set_axis(rows.index)
            shown.loc[rows.index, name] = found.where(rows[column].isna()).round(2)
    return shown


def list_typed_references(path: Path) -> pd.DataFrame:
    """List the references of `list_references` for the options that are typed, by their spreadsheet rows."""
    given = read_tables(path).get("options")
    return list_references(path).reindex([] if given is None else given.index)


def _pick(table: pd.DataFrame, unit: str) -> pd.DataFrame:
    return table[table["business_unit"].isin([unit, ""])] if "business_unit" in table else table


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
        rows = tables["options"].join(list_references(path))
        return rows.drop(index=[] if given is None else given.index, errors="ignore")
    processes, scores = tables["processes"], tables["scores"]
    scored = set(zip(scores["business_unit"], scores["process"], strict=True))
    rows = [
        {"business_unit": unit, "process": process, "criterion": criterion, "assessor": ASSESSOR, "score": np.nan}
        for unit, process in zip(processes["business_unit"], processes["process"], strict=True)
        if process and (unit, process) not in scored
        for criterion in DIRECT
    ]
    return pd.DataFrame(rows, columns=pd.Index(list(supplied_tables()["scores"].columns)))
