"""What the sheets of a workbook to start from show beside an empty cell: examples, choices, reference figures."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest

from sourcing import load_case
from sourcing.case import fill_options, supplied_tables, write_template
from sourcing.case.filling import load_reference, read_assumed
from sourcing.case.filling.reference import look_up_price
from sourcing.case.load import read_folder
from sourcing.case.reading import conform_table
from sourcing.case.writing.examples import load_examples
from sourcing.case.writing.missing_rows import REFERENCES
from sourcing.case.writing.sheets import list_choices
from sourcing.errors import InputError


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A workbook with every table, nothing filled in."""
    path = tmp_path_factory.mktemp("whole") / "whole.xlsx"
    write_template(path)
    return openpyxl.load_workbook(path)


def test_every_sheet_shows_two_examples_in_its_notes(whole):
    for table in supplied_tables():
        note = whole[table].cell(1, 1).comment.text
        assert note.count("Example ") == 2, table
        for row in load_examples()[table]:
            assert all(f"{name}: {cell}" in note for name, cell in row.items())


@pytest.mark.parametrize("table", list(supplied_tables()))
def test_examples_can_be_typed_as_they_stand(table):
    rows = pd.DataFrame(load_examples()[table]).fillna("")
    assert len(rows) == 2
    assert conform_table(rows, supplied_tables()[table], None).problems == []


def find_choices(book, table: str, column: str) -> list[str]:
    """List what the drop-down of a column offers."""
    sheet = book[table]
    letter = next(cell.column_letter for cell in sheet[1] if cell.value == column)
    rule = next(each for each in sheet.data_validations.dataValidation if f"{letter}2" in str(each.sqref))
    _, _, place = rule.formula1.partition("!")
    return [cell.value for row in book["lists"][place.replace("$", "")] for cell in row]


def test_the_sheet_of_rules_offers_measures_and_columns(whole):
    measures = find_choices(whole, "rules", "measure")
    assert {"count", "cash_cost", "fte", "moved_fte", "is_abroad"} <= set(measures)
    assert not {"owner", "country"} & set(measures)
    assert set(find_choices(whole, "rules", "relative_to")) == {"as_is", *measures}
    assert {"owner", "country", "wave"} <= set(find_choices(whole, "rules", "for_each"))
    assert "price_of_fit" in find_choices(whole, "policy", "name")


def test_what_the_sheet_of_rules_offers_check_accepts(whole, alpha):
    rules = [
        {"rule": name, "measure": name, "sense": ">=", "limit": "-1e12", "relative_to": ""}
        for name in find_choices(whole, "rules", "measure")
        if name != "wave"
    ]
    rules += [
        {"rule": f"of {name}", "measure": "fte", "sense": ">=", "limit": "0", "relative_to": name}
        for name in find_choices(whole, "rules", "relative_to")
        if name != "wave"
    ]
    assert alpha.replace(rules=pd.DataFrame(rules)).warnings.empty


def test_every_code_that_has_a_price_is_offered_and_no_other():
    least, codes = read_assumed("least_fte_behind_price").value, set(load_reference("service_prices")["service_code"])
    offered = {entry.split()[0] for entry in list_choices()["service_code"]}
    for code in codes:
        try:
            look_up_price(code, least)
            assert code in offered
        except InputError:
            assert code not in offered
    assert offered <= codes


@pytest.fixture
def half_filled(folder):
    """The tiny case with payroll offered by reference figures alone, and a wage abroad left out."""
    options = pd.read_csv(folder / "options.csv", dtype=str, keep_default_na=False)
    options.loc[options["option"] == "captive", "labor_cost_per_fte"] = ""
    options[options["process"] != "payroll"].to_csv(folder / "options.csv", index=False)
    processes = pd.read_csv(folder / "processes.csv", dtype=str, keep_default_na=False)
    processes.loc[processes["process"] == "payroll", "as_is_option"] = ""
    processes.assign(occupation="43-3051").to_csv(folder / "processes.csv", index=False)
    return folder


def read_references(frame: pd.DataFrame) -> pd.DataFrame:
    kept = frame.set_index(["process", "option"])[list(REFERENCES)]
    return kept.apply(pd.to_numeric).rename(columns=REFERENCES)


@pytest.mark.parametrize("kind", ["folder", "workbook"])
def test_added_options_show_the_figure_behind_each_empty_price_and_wage(half_filled, kind, tmp_path):
    path = half_filled
    if kind == "workbook":
        path, book = tmp_path / "case.xlsx", openpyxl.Workbook()
        book.remove(book.active)
        for table, frame in read_folder(half_filled).items():
            sheet = book.create_sheet(table)
            for cells in [list(frame.columns), *frame.to_numpy().tolist()]:
                sheet.append([None if cell == "" else cell for cell in cells])
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    cell.data_type = "s" if cell.data_type == "f" else cell.data_type
        book.save(path)
    before = load_case(path)
    write_template(path, add=["options"])
    after = load_case(path)
    assert after.options.drop(columns="is_generated").equals(before.options.drop(columns="is_generated"))
    if kind == "folder":
        shown = read_references(pd.read_csv(path / "options.csv", encoding="utf-8-sig"))
    else:
        shown = read_references(pd.read_excel(path, sheet_name="options"))
    for unit in ("alpha", "beta"):
        case = before.select(unit)
        filled, typed = (frame.set_index(["process", "option"]) for frame in (fill_options(case)[0], case.options))
        for column in REFERENCES.values():
            used = filled[column].where(typed[column].isna() & (filled[column] > 0)).round(2)
            pd.testing.assert_series_equal(shown.loc[used.index, column], used, check_names=False, check_dtype=False)
    assert shown.loc[("billing", "captive"), "labor_cost_per_fte"] > 0
    assert shown.loc[("payroll", "provider"), "price_per_year"] > 0
    again = write_template(path, add=["options"])
    assert again[0].endswith(("0 rows added", "0 rows added to options"))
