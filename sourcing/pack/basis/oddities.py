"""What looks odd in the tables of a unit, for those who read the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.case import load_dictionary
from sourcing.pack.block import Block, Shown, show_table
from sourcing.pack.wording import capitalize, say_count

if TYPE_CHECKING:
    from sourcing.case import Case

SHOWN_FIRST = 10
ODDITY_COLUMNS = ["table", "row", "what", "advice", "place"]


def list_oddities(case: Case) -> pd.DataFrame:
    """List what is sound but looks odd in the unit's tables.

    Returns
    -------
    DataFrame
        One row per warning of the case: table, row (the number a spreadsheet shows, and what stands there; ""
        where it concerns a whole table), what (a sentence), advice (what to do), place (where it was typed).
    """
    warnings = case.warnings
    rows = [
        {
            "table": each.table,
            "row": _say_row(case, each.table, each.row),
            "what": _say_what(each.column, each.value, each.rule),
            "advice": capitalize(each.hint.removeprefix("Hint: ")),
            "place": each.place,
        }
        for each in warnings.itertuples()
    ]
    return pd.DataFrame(rows, columns=pd.Index(ODDITY_COLUMNS))


def _say_row(case: Case, table: str, row: int) -> str:
    """Say the number of a row and the names that identify it."""
    if pd.isna(row):
        return ""
    record = case.find_row(table, row)
    if record is None:
        return str(row)
    keys = [key for key in load_dictionary()[table].keys if key != "business_unit"]
    named = ", ".join(str(record[key]).replace("_", " ") for key in keys if record[key] != "")
    return f"{row}: {named}" if named else str(row)


def _say_what(column: str, value: str, rule: str) -> str:
    """Say what stands in a cell and what was expected.

    Examples
    --------
    >>> _say_what("discount_rate", "0.8", "a yearly rate below 0.5")
    'Discount rate: 0.8. Expected: a yearly rate below 0.5.'
    """
    title = capitalize(column.replace("_", " "))
    found = f"{title}: {value}" if title and value else title or capitalize(value)
    return f"{found}. Expected: {rule}." if found else f"Expected: {rule}."


def say_oddities(oddities: pd.DataFrame) -> str:
    """Say how much looks odd, and that the plan takes it as it stands.

    Examples
    --------
    >>> say_oddities(pd.DataFrame(columns=ODDITY_COLUMNS))
    "Nothing looks odd: every figure of the unit's tables passed every check."
    """
    if oddities.empty:
        return "Nothing looks odd: every figure of the unit's tables passed every check."
    tables = say_count(oddities["table"].nunique(), "table")
    if len(oddities) == 1:
        return "1 entry looks odd. The plan takes it as it stands: confirm or mend it before relying on the plan."
    found = f"{len(oddities)} entries look odd, in {tables}."
    return f"{found} The plan takes them as they stand: confirm or mend them before relying on it."


def show_oddities(case: Case) -> Block:
    """Show what looks odd in the unit's tables: table, row, what, what to do."""
    oddities = list_oddities(case)
    columns = [
        Shown("table", "Table"),
        Shown("row", "Row"),
        Shown("what", "What looks odd", "prose"),
        Shown("advice", "What to do", "prose"),
        Shown("place", "Where it was typed"),
    ]
    first, rest = oddities.iloc[:SHOWN_FIRST], oddities.iloc[SHOWN_FIRST:]
    more, said = say_count(len(rest), "more oddity", "more oddities"), say_oddities(oddities)
    return show_table(first, columns, caption=said, empty=said, folded=rest, folded_title=more)
