"""From files as they were typed to frames: CSV, Excel, OpenDocument, Parquet; headers, numbers, dates."""

from sourcing.case.reading.cells import spell_value
from sourcing.case.reading.collect import WORKBOOKS, list_files, read_tables
from sourcing.case.reading.conform import MISSING_COLUMN, conform_table
from sourcing.case.reading.convert import is_money, is_share, takes_percent
from sourcing.case.reading.formulas import free_texts, guard_text
from sourcing.case.reading.headers import name_columns, name_table
from sourcing.case.reading.numerals import CURRENCY_SIGNS, split_numeral, value_numeral
from sourcing.case.reading.package import open_package, opening
from sourcing.case.reading.parquet import read_parquet
from sourcing.case.reading.rows import letter_column
from sourcing.case.reading.source import MOST_CELLS, Reading, Sheet, is_filled, number_cells
from sourcing.case.reading.spelling import settle_spelling
from sourcing.case.reading.text import decode, read_grid
from sourcing.case.reading.unread import UNREAD

__all__ = [
    "CURRENCY_SIGNS",
    "MISSING_COLUMN",
    "MOST_CELLS",
    "UNREAD",
    "WORKBOOKS",
    "Reading",
    "Sheet",
    "conform_table",
    "decode",
    "free_texts",
    "guard_text",
    "is_filled",
    "is_money",
    "is_share",
    "letter_column",
    "list_files",
    "name_columns",
    "name_table",
    "number_cells",
    "open_package",
    "opening",
    "read_grid",
    "read_parquet",
    "read_tables",
    "settle_spelling",
    "spell_value",
    "split_numeral",
    "takes_percent",
    "value_numeral",
]
