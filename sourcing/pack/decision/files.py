"""The machine-readable side of a pack: a summary and tables, as files."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.errors import BatchError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_decision(folder: Path, summary: Mapping[str, Any], tables: Mapping[str, Any]) -> list[str]:
    """Write `summary.json` and one `<table>.csv` per table.

    Parameters
    ----------
    folder : Path
    summary : mapping
        JSON values; a number that is not finite becomes null.
    tables : mapping of str to DataFrame or list of records

    Returns
    -------
    list of str
        Names of the files written.

    Raises
    ------
    BatchError
        A table's name cannot be a file's name.
    """
    for name in tables:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise BatchError(
                f"A table's name must be lower-case letters, digits and underscores; got {name!r}. Hint: rename it."
            )
    for name, table in tables.items():
        frame = table if isinstance(table, pd.DataFrame) else pd.DataFrame.from_records(table)
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    (folder / "summary.json").write_text(dump_json(summary), encoding="utf-8", newline="\n")
    return [*(f"{name}.csv" for name in tables), "summary.json"]


def dump_json(value: Any) -> str:
    """Return JSON text that every reader accepts: numbers that are not finite become null."""
    return json.dumps(_finite(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
