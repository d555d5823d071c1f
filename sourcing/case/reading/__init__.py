"""From files as they were typed to frames: CSV, Excel, OpenDocument, Parquet; headers, numbers, dates."""

from sourcing.case.reading.cells import spell_value
from sourcing.case.reading.collect import WORKBOOKS, list_files, read_tables
from sourcing.case.reading.conform import MISSING_COLUMN, conform_table
from sourcing.case.reading.convert import is_money, takes_percent
from sourcing.case.reading.excel import opening
from sourcing.case.reading.formulas import free_texts, guard_text
from sourcing.case.reading.headers import name_table
from sourcing.case.reading.numerals import CURRENCY_SIGNS
from sourcing.case.reading.parquet import read_parquet
from sourcing.case.reading.rows import letter_column
from sourcing.case.reading.source import Reading, Sheet
from sourcing.case.reading.text import decode, read_grid

__all__ = [
    "CURRENCY_SIGNS",
    "MISSING_COLUMN",
    "WORKBOOKS",
    "Reading",
    "Sheet",
    "conform_table",
    "decode",
    "free_texts",
    "guard_text",
    "is_money",
    "letter_column",
    "list_files",
    "name_table",
    "opening",
    "read_grid",
    "read_parquet",
    "read_tables",
    "spell_value",
    "takes_percent",
]
