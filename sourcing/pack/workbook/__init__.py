"""Workbooks: one sheet per table with typed cells and heads that explain themselves, cash with live formulas."""

from sourcing.pack.workbook.book import SHEETS, WORKBOOK, write_workbook
from sourcing.pack.workbook.cash import CASH_KEYS, QUARTER, add_cash
from sourcing.pack.workbook.columns import describe
from sourcing.pack.workbook.sheet import HEAD, add_table, print_wide
from sourcing.pack.workbook.timeless import save_timeless

__all__ = [
    "CASH_KEYS",
    "HEAD",
    "QUARTER",
    "SHEETS",
    "WORKBOOK",
    "add_cash",
    "add_table",
    "describe",
    "print_wide",
    "save_timeless",
    "write_workbook",
]
