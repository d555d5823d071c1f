"""The one reader of `where` texts: parsed once, then checked against columns, matched on rows, said in words.

Such a text comes from other people's workbooks. It holds comparisons on columns, spelled as in `DataFrame.query`,
joined by `and`, `or`, `not` and parentheses. It is read through a whitelist of syntax nodes into the tree of
`sourcing.where.tree`; nothing is ever evaluated as code.
"""

from sourcing.where.check import Fault, find_faults
from sourcing.where.match import ReadColumn, match_where
from sourcing.where.parse import MAX_DEPTH, MAX_LENGTH, parse_where
from sourcing.where.tree import (
    And,
    Column,
    Comparison,
    Constant,
    Membership,
    Minus,
    Not,
    Or,
    Where,
    list_columns,
    list_texts,
    spell_where,
)

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "And",
    "Column",
    "Comparison",
    "Constant",
    "Fault",
    "Membership",
    "Minus",
    "Not",
    "Or",
    "ReadColumn",
    "Where",
    "find_faults",
    "list_columns",
    "list_texts",
    "match_where",
    "parse_where",
    "spell_where",
]
