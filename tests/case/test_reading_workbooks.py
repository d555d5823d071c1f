"""Workbooks as analysts keep them: merged and hidden cells, formulas, formats, loose titles, OpenDocument."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from xml.sax.saxutils import escape

import pytest
from openpyxl import load_workbook
from openpyxl.utils.datetime import MAC_EPOCH

from sourcing import load_case
from sourcing.case import check_case, mark_problems
from sourcing.case.load import read_folder
from sourcing.errors import CaseError, InputError
from tests.case.conftest import Book, find, place_of
from tests.conftest import TINY

SOUND = load_case(TINY).fingerprint


def test_a_workbook_is_the_same_case_as_its_folder(workbook):
    case = load_case(workbook)
    assert case.fingerprint == SOUND
    assert case.warnings.empty


def test_a_fault_is_placed_where_it_was_typed(workbook):
    with Book(workbook) as book:
        place_of(book["processes"], 3, "headcount_fte").value = "ten"
    problem = find(check_case(workbook), "processes", 3, "headcount_fte")
    assert problem["place"] == "Sheet processes!E3"


def test_sheets_may_be_named_loosely_and_tables_may_start_lower(workbook):
    with Book(workbook) as book:
        book["processes"].title = "1. Processes"
        book["scores"].title = "Score"
        book["units"].insert_rows(1, 3)
        book["units"]["A1"] = "Our units"
        book["units"].merge_cells("A1:D1")
        book["links"].title = "Who talks to whom"
    case = load_case(workbook)
    assert case.fingerprint == SOUND


def test_a_sheet_that_is_no_table_is_named_in_a_warning_and_notes_are_not(workbook):
    with Book(workbook) as book:
        book.create_sheet("Budget")["A1"] = 3
        for title in ("Notes", "#scratch", "README", "Problems"):
            book.create_sheet(title)["A1"] = "for us"
        book.create_sheet("Empty")
    case = load_case(workbook)
    assert case.fingerprint == SOUND
    assert case.warnings["table"].tolist() == ["Budget"]
    assert "left out" in case.warnings["hint"][0]


def test_merged_names_fill_down_and_merged_figures_are_a_fault(workbook):
    with Book(workbook) as book:
        sheet = book["processes"]
        sheet.merge_cells("A2:A4")
    assert load_case(workbook).fingerprint == SOUND
    with Book(workbook) as book:
        book["processes"].merge_cells("E2:E3")
    problem = find(check_case(workbook), "processes", 2, "headcount_fte")
    assert problem["rule"] == "a figure in each row"
    assert "unmerge" in problem["hint"]


def test_hidden_rows_and_sheets_are_read_with_a_warning(workbook):
    with Book(workbook) as book:
        book["processes"].row_dimensions[3].hidden = True
        book["links"].sheet_state = "hidden"
    case = load_case(workbook)
    assert case.fingerprint == SOUND
    assert find(case.warnings, "processes", 3, "")["value"] == "hidden: 3"
    assert find(case.warnings, "links", None, "")["rule"] == "sheets in sight"


def test_a_formula_without_a_stored_value_is_one_fault_naming_the_cell(workbook):
    with Book(workbook) as book:
        place_of(book["processes"], 3, "headcount_fte").value = "=10+10"
    problems = check_case(workbook)
    problem = find(problems, "processes", 3, "headcount_fte")
    assert (problem["value"], problem["place"]) == ("=10+10", "Sheet processes!E3")
    assert "open the workbook in a spreadsheet program and save it" in problem["hint"]
    assert len(problems) == 1


def test_days_codes_and_truths_typed_as_cells_are_read(workbook):
    with Book(workbook) as book:
        place_of(book["vetoes"], 2, "expires").value = datetime(2025, 6, 30)
        place_of(book["processes"], 2, "function").value = 4711
        place_of(book["vetoes"], 2, "is_abroad").value = True
    case = load_case(workbook)
    assert str(case.vetoes["expires"][0].date()) == "2025-06-30"
    assert "4711" in set(case.processes["function"])


def test_what_a_spreadsheet_turned_into_a_date_is_a_fault(workbook):
    with Book(workbook) as book:
        place_of(book["processes"], 2, "headcount_fte").value = datetime(2025, 1, 10)
        place_of(book["locations"], 2, "location").value = datetime(2025, 3, 1)
    problems = check_case(workbook)
    assert "made a date of the figure" in find(problems, "processes", 2, "headcount_fte")["hint"]
    assert "format the cell as text" in find(problems, "locations", 2, "location")["hint"]


def test_number_formats_are_held_against_units(workbook):
    with Book(workbook) as book:
        place_of(book["options"], 2, "labor_cost_per_fte").number_format = "#,##0 [$€-407]"
        place_of(book["processes"], 2, "headcount_fte").number_format = "0%"
        place_of(book["processes"], 3, "customer_contact_share").number_format = "0.0%"
    problems = check_case(workbook)
    assert find(problems, "options", 2, "labor_cost_per_fte")["value"] == "shown in €"
    assert find(problems, "processes", 2, "headcount_fte")["severity"] == "warning"
    assert len(problems) == 2


def test_formats_of_a_million_empty_rows_cost_nothing(workbook):
    with Book(workbook) as book:
        book["links"]["H1048576"].number_format = "0.00"
    assert load_case(workbook).fingerprint == SOUND


def test_a_workbook_beside_files_is_one_case_and_a_table_twice_is_a_fault(workbook, folder):
    workbook.rename(folder / "case.xlsx")
    for path in folder.glob("*.csv"):
        if path.stem != "links":
            path.unlink()
    problem = find(check_case(folder), "links", None, "")
    assert problem["value"] == "case.xlsx, Sheet links and links.csv"
    (folder / "links.csv").unlink()
    assert load_case(folder).fingerprint == SOUND


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0 locked", b"plain text"])
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_damaged_or_locked_workbook_is_refused_with_what_to_do(tmp_path, content, ending):
    path = tmp_path / f"case.{ending}"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"password.*Hint: open it there and save it anew"):
        load_case(path)


def test_a_workbook_cut_short_anywhere_is_refused_and_never_crashes(workbook):
    whole = workbook.read_bytes()
    for size in range(0, len(whole), max(1, len(whole) // 25)):
        workbook.write_bytes(whole[:size])
        with pytest.raises((InputError, CaseError)):
            load_case(workbook)


def write_ods(path, tables: dict, cells: dict | None = None) -> None:
    """Write tables as a small OpenDocument workbook; `cells` replaces single cells by XML."""
    sheets = []
    for name, frame in tables.items():
        rows = [list(frame.columns), *frame.to_numpy().tolist()]
        lines = [
            "<table:table-row>"
            + "".join((cells or {}).get((name, r, c), _write_ods_cell(cell)) for c, cell in enumerate(row, start=1))
            + "</table:table-row>"
            for r, row in enumerate(rows, start=1)
        ]
        blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
        sheets.append(f'<table:table table:name="{name}">{"".join(lines)}{blank}</table:table>')
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    body = f"<office:body><office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", f"<office:document-content{names}>{body}</office:document-content>")


def _write_ods_cell(text: str) -> str:
    try:
        return f'<table:table-cell office:value-type="float" office:value="{float(text)}"/>'
    except ValueError:
        shown = f"<text:p>{escape(text)}</text:p>" if text else ""
        return (
            f'<table:table-cell office:value-type="string">{shown}</table:table-cell>'
            if text
            else "<table:table-cell/>"
        )


def test_an_opendocument_workbook_is_the_same_case(tmp_path):
    write_ods(tmp_path / "case.ods", read_folder(TINY))
    assert load_case(tmp_path / "case.ods").fingerprint == SOUND


def test_an_opendocument_workbook_shows_formulas_dates_and_formats(tmp_path):
    tables = read_folder(TINY)
    links = list(tables["links"].columns)
    cells = {
        ("links", 2, links.index("traffic") + 1): '<table:table-cell table:formula="of:=1+1"/>',
        ("units", 2, 1): '<table:table-cell office:value-type="string"><text:p>alpha<text:s text:c="2"/></text:p>'
        "</table:table-cell>",
        ("processes", 2, 5): '<table:table-cell office:value-type="percentage" office:value="10"/>',
    }
    write_ods(tmp_path / "case.ods", tables, cells)
    problems = check_case(tmp_path / "case.ods")
    assert find(problems, "links", 2, "traffic")["value"] == "=1+1"
    assert find(problems, "processes", 2, "headcount_fte")["value"] == "shown as %"
    assert len(problems) == 2


def test_reading_leaves_the_workbook_as_it_is(workbook):
    before = workbook.read_bytes()
    load_case(workbook)
    assert workbook.read_bytes() == before
    assert load_workbook(workbook).sheetnames[0] == "criteria"


def rewrite_parts(path, change) -> None:
    """Write a workbook anew with each part changed by `change(name, content)`."""
    with zipfile.ZipFile(path) as parts:
        contents = {name: parts.read(name).decode() for name in parts.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in contents.items():
            parts.writestr(name, change(name, content))


def name_strictly(name: str, content: str) -> str:
    return re.sub(
        r"http://schemas\.openxmlformats\.org/(spreadsheetml|officeDocument)/2006/",
        r"http://purl.oclc.org/ooxml/\1/",
        content,
    )


def store(workbook, sheet: int, ref: str, cell: str) -> None:
    """Replace one cell of a sheet by XML."""
    pattern = re.compile(rf'<c r="{ref}"[^>]*?(?:/>|>.*?</c>)')

    def change(name: str, content: str) -> str:
        if not name.endswith(f"sheet{sheet}.xml"):
            return content
        changed, times = pattern.subn(cell, content)
        assert times == 1
        return changed

    rewrite_parts(workbook, change)


def test_strict_open_xml_is_the_same_case(workbook):
    rewrite_parts(workbook, name_strictly)
    with zipfile.ZipFile(workbook) as parts:
        assert b"purl.oclc.org" in parts.read("xl/workbook.xml") and b"openxml" not in parts.read("xl/workbook.xml")
    case = load_case(workbook)
    assert case.fingerprint == SOUND
    assert case.warnings.empty


@pytest.mark.parametrize(("stored", "flag"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_a_truth_is_read_however_it_is_stored(workbook, stored, flag):
    sheets = load_workbook(workbook).sheetnames
    with Book(workbook) as book:
        place = place_of(book["vetoes"], 2, "is_abroad").coordinate
    store(workbook, sheets.index("vetoes") + 1, place, f'<c r="{place}" t="b"><v>{stored}</v></c>')
    assert load_case(workbook).vetoes["is_abroad"][0] == flag
    assert read_folder(workbook)["vetoes"].at[2, "is_abroad"] is flag


@pytest.mark.parametrize("stored", ["NaN", "INF", "-INF", "1e", "12 apples"])
@pytest.mark.parametrize("kind", ["", ' t="n"', ' t="d"', ' t="b"'])
def test_what_is_stored_and_fits_no_kind_is_one_fault_in_its_cell(workbook, stored, kind):
    sheets = load_workbook(workbook).sheetnames
    with Book(workbook) as book:
        place = place_of(book["processes"], 3, "headcount_fte").coordinate
    store(workbook, sheets.index("processes") + 1, place, f'<c r="{place}"{kind}><v>{stored}</v></c>')
    problems = check_case(workbook)
    problem = find(problems, "processes", 3, "headcount_fte")
    assert (problem["value"], problem["place"]) == (stored, f"Sheet processes!{place}")
    assert len(problems) == 1


def test_a_workbook_that_only_this_suite_reads_is_marked_all_the_same(workbook, tmp_path):
    sheets = load_workbook(workbook).sheetnames
    with Book(workbook) as book:
        place = place_of(book["processes"], 3, "headcount_fte").coordinate
    store(workbook, sheets.index("processes") + 1, place, f'<c r="{place}"><v>NaN</v></c>')
    rewrite_parts(workbook, name_strictly)
    marked = mark_problems(workbook, check_case(workbook), tmp_path / "marked.xlsx")
    cell = load_workbook(marked)["processes"][place]
    assert cell.value == "NaN" and "Wanted: a number" in cell.comment.text


@pytest.mark.parametrize(("is_from_1904", "serial"), [(True, 44650), (False, 46112)])
def test_a_plain_number_for_a_day_counts_from_the_workbooks_own_first_day(workbook, is_from_1904, serial):
    with Book(workbook) as book:
        if is_from_1904:
            book.epoch = MAC_EPOCH
        place_of(book["vetoes"], 2, "expires").value = serial
    case = load_case(workbook)
    assert str(case.vetoes["expires"][0].date()) == "2026-03-31"
    assert "read as 2026-03-31" in find(case.warnings, "vetoes", 2, "expires")["hint"]


def test_a_plain_number_for_a_day_in_opendocument_counts_from_its_own_first_day(tmp_path):
    tables = read_folder(TINY)
    column = list(tables["vetoes"].columns).index("expires") + 1
    cells = {("vetoes", 2, column): '<table:table-cell office:value-type="float" office:value="44650"/>'}
    settings = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    )
    write_ods(tmp_path / "case.ods", tables, cells)
    rewrite_parts(
        tmp_path / "case.ods",
        lambda name, content: content.replace("<office:spreadsheet>", f"<office:spreadsheet>{settings}"),
    )
    assert str(load_case(tmp_path / "case.ods").vetoes["expires"][0].date()) == "2026-03-31"


def test_a_value_that_a_merged_cell_lies_over_is_not_read(workbook):
    with Book(workbook) as book:
        book["processes"].merge_cells("J20:K21")
    sheets = load_workbook(workbook).sheetnames
    number = sheets.index("processes") + 1
    rewrite_parts(
        workbook,
        lambda name, content: (
            content.replace("</sheetData>", '<row r="21"><c r="K21"><v>7</v></c></row></sheetData>')
            if name.endswith(f"sheet{number}.xml")
            else content
        ),
    )
    assert load_case(workbook).warnings.empty
