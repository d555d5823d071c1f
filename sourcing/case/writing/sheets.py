"""One sheet of a workbook per table: headers with notes, drop-downs, units and formats made from the dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from sourcing.case.dictionary import load_dictionary, supplied_tables
from sourcing.case.filling import load_criteria, load_reference, load_starting_options, read_assumed
from sourcing.case.policy import LEVERS, TODAY
from sourcing.case.writing.examples import describe_examples
from sourcing.case.writing.save import write_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from sourcing.case.dictionary import Column

LAST_ROW = 5001
GUIDE, LISTS = "guide", "lists"
ASIDE_COLUMNS = {
    ("processes", "occupation"): "occupation",
    ("processes", "service_code"): "service_code",
    ("processes", "as_is_option"): "generated_option",
    ("units", "currency"): "currency",
    ("options", "currency"): "currency",
    ("deals", "currency"): "currency",
    ("rules", "measure"): "measure",
    ("rules", "relative_to"): "measure_of_all",
    ("rules", "for_each"): "column",
    ("orders", "column"): "column",
    ("policy", "name"): "lever",
}
"""Columns without a reference of their own whose choices stand on the sheet `lists`."""
_NEEDED, _OPTIONAL = (PatternFill("solid", start_color=color) for color in ("FF1F4E79", "FF7F8C99"))
_MEASURED = ("number", "integer", "flag")
"""Types of the columns of alternatives that a rule can sum."""
_FORMATS = {"text": "@", "choice": "@", "flag": "@", "date": "yyyy-mm-dd", "integer": "0", "number": "General"}


def list_choices() -> dict[str, list[str]]:
    """List what drop-downs offer besides the workbook's own keys: name of the list to its entries."""
    occupations, countries = load_reference("occupations"), load_reference("countries")
    prices, services = load_reference("service_prices"), load_reference("service_markets")
    people = prices.groupby("service_code")["contractor_fte"].sum()
    priced = set(people.index[people >= read_assumed("least_fte_behind_price").value])
    services = services[services["service_code"].isin(priced)]
    undescribed = sorted(priced - set(services["service_code"]))
    columns = load_dictionary()["alternatives"].columns.values()
    measures = ["count", *(each.name for each in columns if each.type in _MEASURED and "<" not in each.name)]
    criteria = [*load_criteria("criteria_direct")["criterion"], *load_criteria()["criterion"]]
    return {
        "country": sorted(countries["country"]),
        "country_name": countries.sort_values("country")["name"].tolist(),
        "currency": sorted(countries["currency"].dropna().unique()),
        "occupation": (occupations["soc"] + " " + occupations["name"]).tolist(),
        "service_code": [*(services["service_code"] + " " + services["description"]), *undescribed],
        "criterion": list(dict.fromkeys(criteria)),
        "generated_option": load_starting_options()["option"].tolist(),
        "measure": measures,
        "measure_of_all": [TODAY, *measures],
        "column": [each.name for each in columns if each.type not in _MEASURED or each.name == "wave"],
        "lever": list(LEVERS),
    }


def describe_column(column: Column) -> str:
    """Describe a column in a note: meaning, what a cell must be, unit, default, whether it is needed.

    Examples
    --------
    >>> print(describe_column(supplied_tables()["links"].columns["traffic"]))
    hand-offs between the two in a year
    A cell holds: a number of at least 0
    Unit: hand-offs per year
    Needed in every row.
    """
    lines = [column.meaning, f"A cell holds: {column.wanted}"]
    lines += [f"Unit: {column.unit}"] if column.unit else []
    lines += [f"Names a row of: {column.refers_to.split('.')[0]}"] if column.refers_to else []
    lines += [f"Empty means: {column.default}"] if column.default else []
    lines += ["Needed in every row."] if column.is_required else []
    return "\n".join(line for line in lines if line)


def add_lists(book: Workbook) -> None:
    """Add the protected sheet of choices, unless it is there."""
    if LISTS in book.sheetnames:
        return
    sheet = book.create_sheet(LISTS)
    for place, (name, entries) in enumerate(list_choices().items(), start=1):
        for row, entry in enumerate([name, *entries], start=1):
            put_cell(sheet, row, place, entry)
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = min(60, max(map(len, [name, *entries])) + 2)
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True


def add_sheet(book: Workbook, table: str, columns: Sequence[str], rows: pd.DataFrame | None = None) -> Worksheet:
    """Add the sheet of a table at the end of the tables: frozen header, notes, formats; rows where given.

    Drop-downs are added by `add_drop_downs`, when every sheet is there.
    """
    sheet = book.create_sheet(table)
    described = supplied_tables()[table].columns
    for place, name in enumerate(columns, start=1):
        column, letter = described[name], get_column_letter(place)
        head = put_cell(sheet, 1, place, name)
        head.font = Font(bold=True, color="FFFFFFFF")
        head.fill = _NEEDED if column.is_required else _OPTIONAL
        head.alignment = Alignment(wrap_text=True, vertical="top")
        said = [describe_column(column)] + ([describe_examples(table)] if place == 1 else [])
        head.comment = Comment("\n\n".join(said), "sourcing", height=150 * len(said), width=320 * len(said))
        sheet.column_dimensions[letter].width = max(len(name) + 4, 28 if column.type == "text" else 14)
        sheet.column_dimensions[letter].number_format = _FORMATS[column.type]
    sheet.freeze_panes = "A2"
    if rows is not None:
        append_rows(sheet, table, rows, 2)
    return sheet


def append_rows(sheet: Worksheet, table: str, rows: pd.DataFrame, start: int) -> None:
    """Write rows under the headers of a sheet; columns that the sheet lacks are left out."""
    described = supplied_tables()[table].columns
    heads = {str(cell.value): cell.column for cell in sheet[1] if cell.value is not None}
    for row, record in enumerate(rows.to_dict("records"), start=start):
        for name, place in heads.items():
            if name in record:
                cell = put_cell(sheet, row, place, record[name])
                cell.number_format = _FORMATS[described[name].type if name in described else "number"]


def put_cell(sheet: Worksheet, row: int, place: int, value: Any) -> Cell:
    """Write a value as what it is; a text never becomes a formula, and an empty value leaves the cell empty."""
    cell = sheet.cell(row, place)
    if isinstance(value, bool | np.bool_):
        value = "yes" if value else "no"
    if value is None or value == "" or (not isinstance(value, str) and pd.isna(value)):
        return cell
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
    elif isinstance(value, pd.Timestamp):
        value = value.to_pydatetime()
    else:
        value = int(value) if float(value).is_integer() else float(value)
    write_cell(cell, value)
    return cell


def add_drop_downs(book: Workbook, table: str) -> None:
    """Add drop-downs and checks of entry to a sheet, by the dictionary and the other sheets of the workbook."""
    sheet, described = book[table], supplied_tables()[table].columns
    choices = list_choices()
    for cell in sheet[1]:
        column = described.get(str(cell.value))
        if column is None:
            continue
        rule = _make_rule(book, column, choices)
        if rule is not None:
            rule.showErrorMessage, rule.allow_blank = True, True
            rule.errorTitle, rule.error = column.name[:32], f"{column.wanted}. {column.meaning}"[:255]
            rule.add(f"{cell.column_letter}2:{cell.column_letter}{LAST_ROW}")
            sheet.add_data_validation(rule)


def _make_rule(book: Workbook, column: Column, choices: Mapping[str, list[str]]) -> DataValidation | None:
    """Make the check of one column; references warn rather than stop, since the other row may come later."""
    inline = column.choices or (("yes", "no") if column.type == "flag" else ())
    if inline:
        return DataValidation(type="list", formula1=f'"{",".join(inline)}"', errorStyle="stop")
    listed = _find_list(book, column, choices)
    if listed:
        return DataValidation(type="list", formula1=listed, errorStyle="warning")
    if column.type in ("number", "integer") and column.minimum is not None:
        kind = "decimal" if column.type == "number" else "whole"
        if column.maximum is None:
            return DataValidation(
                type=kind, operator="greaterThanOrEqual", formula1=f"{column.minimum:g}", errorStyle="stop"
            )
        low, high = f"{column.minimum:g}", f"{column.maximum:g}"
        return DataValidation(type=kind, operator="between", formula1=low, formula2=high, errorStyle="stop")
    return None


def _find_list(book: Workbook, column: Column, choices: Mapping[str, list[str]]) -> str:
    """Find the range that offers a column's entries: keys of another sheet, or a list of the suite."""
    table, _, key = column.refers_to.partition(".")
    if table in book.sheetnames and table != column.table:
        heads = {str(cell.value): cell.column_letter for cell in book[table][1]}
        if key in heads:
            first = f"{table}!${heads[key]}$2"
            return f"OFFSET({first},0,0,MAX(1,COUNTA({first}:${heads[key]}${LAST_ROW})),1)"
    name = {"countries": "country", "locations": "country", "criteria": "criterion"}.get(table, "")
    name = name if column.name != "criterion" or column.table != "criteria" else ""
    name = ASIDE_COLUMNS.get((column.table, column.name), name)
    if not name:
        return ""
    letter = get_column_letter(list(choices).index(name) + 1)
    return f"{LISTS}!${letter}$2:${letter}${len(choices[name]) + 1}"
