"""Read a table from a Parquet file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sourcing.case.reading.rows import Framed, place_header
from sourcing.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.case.dictionary import Table


MOST_PLACES = 100_000_000
"""Cells of a Parquet file beyond which it is refused: repeated values make a small file of any number of rows."""


def read_parquet(path: Path, table: Table) -> Framed:
    """Read one table, its first record as spreadsheet row 2.

    Raises
    ------
    InputError
        The file is not Parquet, is damaged or holds more cells than a case may.
    """
    try:
        with path.open("rb") as file:
            parts = pq.ParquetFile(file)
            if parts.metadata.num_rows * parts.metadata.num_columns > MOST_PLACES:
                rows, columns = parts.metadata.num_rows, parts.metadata.num_columns
                raise InputError(
                    f"A .parquet file must hold at most {MOST_PLACES:,} cells; got {rows:,} rows by {columns:,} "
                    f"columns in {path.name!r}. Hint: keep the table's own rows and columns."
                )
            read = parts.read()
        simple = pa.Table.from_arrays([_simplify(column) for column in read.columns], names=read.column_names)
        frame = simple.to_pandas(date_as_object=False, timestamp_as_object=False, ignore_metadata=True)
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise InputError(
            f"A .parquet file must be Parquet; got {path.name!r}: {str(error)[:200]}. Hint: write it again."
        ) from error
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    origin = place_header(dict(enumerate(frame.columns, start=1)), table, path.name, 1, None)
    return Framed(frame, origin, [])


def _simplify(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Decimals as float64, dictionaries as their values, nested values as they print."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _simplify(column.cast(kind.value_type))
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.chunked_array(
            [pa.array([None if cell is None else str(cell) for cell in column.to_pylist()], pa.string())]
        )
    return column
