"""Claims about starting a case: a workbook fills in like one, loads back, and gives a pack."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from sourcing import load_case, pack
from sourcing.batch import run_packs
from sourcing.case import load_dictionary, supplied_tables
from sourcing.case.filling.assumed import read_assumed
from sourcing.case.writing.pages import write_pages
from sourcing.case.writing.template import BASIC, write_template
from sourcing.cli import main
from sourcing.errors import CaseError, InputError
from tests.conftest import FEDERAL, ROOT, TINY

UNIT = {
    "business_unit": "acme", "name": "Acme Services (fictional)", "home_country": "DEU", "currency": "EUR",
    "price_year": 2026, "discount_rate": 0.05, "horizon_years": 5, "country_abroad": "POL",
}  # fmt: skip
SOURCES = [pytest.param(TINY, id="tiny"), pytest.param(FEDERAL, id="federal", marks=pytest.mark.slow)]
OCCUPATIONS = ["43-3051 Payroll and Timekeeping Clerks", "43-3031", "Accountants and Auditors", "15-1232", "43-4051"]


def list_heads(sheet) -> list[str]:
    return [cell.value for cell in sheet[1]]


def fill_row(sheet, row: int, cells: dict) -> None:
    for name, value in cells.items():
        sheet.cell(row, list_heads(sheet).index(name) + 1, value)


def fill_like_an_analyst(path: Path, processes: int = 30) -> None:
    """Type one unit and its processes, let the rows of scores be made, type the scores. No option is typed."""
    book = openpyxl.load_workbook(path)
    fill_row(book["units"], 2, UNIT)
    for place in range(processes):
        row = {"business_unit": "acme", "process": f"p{place:02}", "name": f"Process {place}",
               "headcount_fte": 3 + place, "occupation": OCCUPATIONS[place % 5]}  # fmt: skip
        fill_row(book["processes"], place + 2, row)
    book.save(path)
    assert main(["init", str(path), "--add", "scores"]) == 0
    book = openpyxl.load_workbook(path)
    sheet = book["scores"]
    assert sheet.max_row == 2 * processes + 1
    for row in range(2, sheet.max_row + 1):
        fill_row(sheet, row, {"score": 1 + (row * 7) % 5})
    book.save(path)


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    """A basic workbook as it is made."""
    path = tmp_path_factory.mktemp("blank") / "unit.xlsx"
    write_template(path, basic=True)
    return path


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A basic workbook with thirty processes typed in."""
    path = tmp_path_factory.mktemp("filled") / "unit.xlsx"
    write_template(path, basic=True)
    fill_like_an_analyst(path)
    return path


@pytest.fixture(scope="module")
def filled_case(filled):
    return load_case(filled)


def test_a_basic_workbook_has_four_tables_and_at_most_twelve_process_columns(blank):
    book = openpyxl.load_workbook(blank)
    assert book.sheetnames == ["guide", "units", "processes", "scores", "options", "lists"]
    assert len(list_heads(book["processes"])) <= 12
    for table, columns in BASIC.items():
        described = supplied_tables()[table].columns
        assert {column.name for column in described.values() if column.is_required} <= set(columns)


def test_every_column_has_a_note_with_meaning_and_unit_under_a_frozen_header(blank):
    book = openpyxl.load_workbook(blank)
    for table in BASIC:
        assert book[table].freeze_panes == "A2"
        for cell in book[table][1]:
            column = supplied_tables()[table].columns[cell.value]
            assert column.meaning in cell.comment.text
            assert column.unit in cell.comment.text


def list_rules(sheet) -> dict:
    letters = {str(cell.value): cell.column_letter for cell in sheet[1]}
    rules = {str(rule.sqref).split("2:")[0]: rule for rule in sheet.data_validations.dataValidation}
    return {name: rules[letter] for name, letter in letters.items() if letter in rules}


def test_choices_references_and_ranges_are_drop_downs_and_checks_of_entry(blank):
    book = openpyxl.load_workbook(blank)
    processes, units, scores = (list_rules(book[name]) for name in ("processes", "units", "scores"))
    assert processes["data_class"].formula1 == '"public,internal,confidential,personal"'
    assert "units!$A$2" in processes["business_unit"].formula1
    assert "processes!$B$2" in scores["process"].formula1
    assert (processes["headcount_fte"].type, processes["headcount_fte"].formula1) == ("decimal", "0")
    assert (units["horizon_years"].type, units["horizon_years"].formula2) == ("whole", "15")
    lists = book["lists"]
    heads = {str(cell.value): cell.column_letter for cell in lists[1]}
    for rules, column, name in ((units, "home_country", "country"), (processes, "occupation", "occupation")):
        first, last = rules[column].formula1.removeprefix("lists!").replace("$", "").split(":")
        assert first == f"{heads[name]}2"
        assert lists[last].value and lists.cell(lists[last].row + 1, lists[last].column).value is None
    assert "43-3051 Payroll and Timekeeping Clerks" in {cell.value for cell in lists[heads["occupation"]]}


def test_codes_stay_text_so_that_excel_makes_no_date_of_them(blank):
    sheet = openpyxl.load_workbook(blank)["processes"]
    letter = {cell.value: cell.column_letter for cell in sheet[1]}["occupation"]
    assert sheet.column_dimensions[letter].number_format == "@"


def test_formulas_are_on_protected_sheets_only(blank):
    for sheet in openpyxl.load_workbook(blank):
        has_formulas = any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        assert sheet.protection.sheet == (sheet.title in ("guide", "lists"))
        assert has_formulas == (sheet.title == "guide")


def test_an_empty_workbook_is_told_what_it_lacks(blank):
    with pytest.raises(CaseError) as caught:
        load_case(blank)
    assert set(caught.value.problems["table"]) == {"units", "processes", "scores"}


def test_a_filled_workbook_gives_a_decision_without_one_option_typed(filled_case, decide):
    assert len(filled_case.options) == 150
    decision = decide(filled_case)
    assert len(decision.plan.choices) == 30
    assert decision.in_house is not None
    assert (decision.alternatives["cash_cost"] > 0).all()
    assert set(decision.judgment.postures["posture"]) > {"release", "retain"}


def test_a_pack_can_show_every_figure_with_source_year_and_licence(filled_case, decide):
    decision = decide(filled_case)
    shown = pack.show_figures(decision).html
    sources = pack.list_sources(decision)
    assert (sources[["source", "year", "licence"]] != "").all(axis=None)
    for text in ("BLS OEWS national", "May 2021", "ODC-PDDL", "EUR per USD", "standard error", "150 options"):
        assert text in shown


@pytest.mark.slow
def test_a_filled_workbook_gives_a_pack(filled, tmp_path):
    run = run_packs(filled, tmp_path / "packs")
    assert run.exit_code == 0, run.outcomes
    page = (run.folder / "acme" / "pack.html").read_text(encoding="utf-8")
    assert "BLS OEWS national" in page
    assert "Process 29" in page


def test_generated_options_can_be_added_as_rows_and_change_nothing(filled, filled_case, tmp_path):
    path = tmp_path / "unit.xlsx"
    shutil.copy(filled, path)
    assert write_template(path, add=["options"]) == [f"{path}: 150 rows added to options"]
    assert load_case(path).fingerprint == filled_case.fingerprint
    assert write_template(path, add=["options"]) == [f"{path}: 0 rows added to options"]


def describe_sheet(sheet) -> list:
    cells = [(cell.coordinate, cell.value, cell.data_type, cell.comment and cell.comment.text)
             for row in sheet.iter_rows() for cell in row if cell.value is not None]  # fmt: skip
    rules = [(str(rule.sqref), rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation]
    return [cells, sorted(rules), sheet.freeze_panes, sheet.protection.sheet]


def test_adding_a_table_leaves_the_other_sheets_as_they_are(filled, filled_case, tmp_path):
    path = tmp_path / "unit.xlsx"
    shutil.copy(filled, path)
    before = {sheet.title: describe_sheet(sheet) for sheet in openpyxl.load_workbook(path)}
    write_template(path, add=["rules", "locations"])
    book = openpyxl.load_workbook(path)
    assert {sheet.title: describe_sheet(sheet) for sheet in book if sheet.title in before} == before
    assert book.sheetnames == ["guide", "units", "processes", "scores", "options", "rules", "locations", "lists"]
    assert list_heads(book["rules"]) == list(supplied_tables()["rules"].columns)
    assert load_case(path).fingerprint == filled_case.fingerprint


@pytest.mark.parametrize("target", ["case.xlsx", "case"])
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("basic", [False, True], ids=["all", "basic"])
def test_a_case_that_is_filled_in_loads_the_same(tmp_path, target, source, basic):
    write_template(tmp_path / target, from_case=source, basic=basic)
    assert load_case(tmp_path / target).fingerprint == load_case(source).fingerprint


def test_every_table_of_an_empty_whole_workbook_can_be_left_empty(tmp_path):
    path = tmp_path / "unit.xlsx"
    write_template(path)
    assert set(openpyxl.load_workbook(path).sheetnames) == {"guide", "lists", *supplied_tables()}
    fill_like_an_analyst(path, processes=2)
    assert len(load_case(path).options) == 10


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path, raw):
    raw["processes"].loc[2, "name"] = "=1+1"
    folder = tmp_path / "case"
    folder.mkdir()
    for name, table in raw.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    write_template(tmp_path / "case.xlsx", from_case=folder)
    case = load_case(tmp_path / "case.xlsx")
    assert "=1+1" in set(case.processes["name"])


def test_nothing_is_overwritten_unless_forced(blank, tmp_path):
    path = tmp_path / "unit.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(InputError, match=r"not overwritten.*--force"):
        write_template(path, basic=True)
    assert path.read_bytes() == b"mine"
    write_template(path, basic=True, force=True)
    assert openpyxl.load_workbook(path).sheetnames == openpyxl.load_workbook(blank).sheetnames
    folder = tmp_path / "case"
    write_template(folder, basic=True)
    with pytest.raises(InputError, match="not overwritten"):
        write_template(folder, basic=True)


def test_a_folder_takes_scores_and_options_row_by_row_too(tmp_path):
    folder = tmp_path / "case"
    assert main(["init", str(folder), "--basic"]) == 0
    assert sorted(path.stem for path in folder.iterdir()) == sorted(BASIC)
    row = {"business_unit": "acme", "process": "pay", "name": "Payroll", "headcount_fte": "4", "occupation": "43-3051"}
    for table, cells in (("units", {key: str(value) for key, value in UNIT.items()}), ("processes", row)):
        heads = BASIC[table]
        (folder / f"{table}.csv").write_text(
            ",".join(heads) + "\n" + ",".join(cells.get(name, "") for name in heads) + "\n", encoding="utf-8"
        )
    assert write_template(folder, add=["scores", "options", "rules"])[0].endswith("2 rows added")
    text = (folder / "scores.csv").read_text(encoding="utf-8-sig")
    (folder / "scores.csv").write_text(text.replace("analyst,", "analyst,3"), encoding="utf-8")
    case = load_case(folder)
    assert case.scores["score"].tolist() == [3, 3]
    assert len(case.options) == 5


REFUSED = [
    ({"path": "unit.ods"}, "workbook .* or a folder.*'unit.ods'"),
    ({"path": "unit.xlsx", "add": ["ruless"]}, "did you mean 'rules'"),
    ({"path": "unit.xlsx", "add": ["rules"]}, "must be there.*unit.xlsx"),
    ({"path": "folder", "add": ["rules"]}, "folder to add to must be there"),
    ({"path": "unit.xlsx", "add": ["rules"], "basic": True}, "leave --add out"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_what_cannot_be_written_is_refused_with_a_hint(tmp_path, arguments, message):
    arguments = arguments | {"path": tmp_path / arguments["path"]}
    with pytest.raises(InputError, match=f"{message}.*") as caught:
        write_template(**arguments)
    assert "Hint" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_is_there_is_not_added_again(filled):
    before = filled.read_bytes()
    with pytest.raises(InputError, match="only to scores and options"):
        write_template(filled, add=["units"])
    assert filled.read_bytes() == before


def test_a_workbook_with_charts_is_not_added_to_since_they_would_be_lost(filled, tmp_path):
    from openpyxl.chart import BarChart, Reference

    path = tmp_path / "chart.xlsx"
    book = openpyxl.load_workbook(filled)
    chart = BarChart()
    chart.add_data(Reference(book["processes"], min_col=5, min_row=1, max_row=5))
    book["processes"].add_chart(chart, "P2")
    book.save(path)
    with pytest.raises(InputError, match="would be lost"):
        write_template(path, add=["rules"])


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "unit.xlsx"
    path.write_bytes(b"not a workbook")
    with pytest.raises(InputError, match=r"must open in a spreadsheet program.*unit\.xlsx"):
        write_template(path, add=["rules"])


def test_the_pages_of_the_tables_are_those_of_the_dictionary(tmp_path):
    pages = write_pages(tmp_path)
    assert {page.stem for page in pages} == {"README", *load_dictionary()}
    kept = {page.name: page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "tables").glob("*.md")}
    assert kept == {page.name: page.read_text(encoding="utf-8") for page in pages}, (
        "Hint: python -m sourcing.case.writing.pages docs/tables"
    )


@pytest.mark.office
def test_libreoffice_opens_recalculates_and_saves_and_it_loads_the_same(office, filled, filled_case, tmp_path):
    saved = office(filled, tmp_path, "xlsx:Calc MS Excel 2007 XML")
    assert load_case(saved).fingerprint == filled_case.fingerprint
    guide = openpyxl.load_workbook(saved, data_only=True)["guide"]
    counted = {row[0]: row[1] for row in guide.iter_rows(values_only=True) if row[1] is not None}
    assert counted == {
        "processes named": 30,
        "scores given": 60,
        "scores of a basic case: two per process": 60,
        "processes without occupation and own cost": 0,
    }
    book = openpyxl.load_workbook(saved)
    given = openpyxl.load_workbook(filled)
    for table in BASIC:
        assert set(list_rules(book[table])) == set(list_rules(given[table]))
    assert book["guide"].protection.sheet


@pytest.mark.office
@pytest.mark.parametrize("kind", ["ods", pytest.param("xlsx:Calc MS Excel 2007 XML", marks=pytest.mark.slow)])
@pytest.mark.parametrize("source", SOURCES)
def test_libreoffice_keeps_a_case_as_workbook_and_as_opendocument(office, source, kind, tmp_path):
    write_template(tmp_path / "case.xlsx", from_case=source)
    (tmp_path / "out").mkdir()
    assert (
        load_case(office(tmp_path / "case.xlsx", tmp_path / "out", kind)).fingerprint == load_case(source).fingerprint
    )


def test_the_tutorial_states_the_assumptions_as_they_are():
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    stated = {"overhead_share": "plus {:.0%} overhead", "provider_margin": "plus a {:.0%} margin",
              "least_wage_ratio": "a floor of {:.0%} of the"}  # fmt: skip
    for name, words in stated.items():
        assert words.format(read_assumed(name).value).replace("%", " %") in text
    for column in ("labor_cost_today_per_fte", "price_today_per_year", "country_abroad", "service_code"):
        assert f"`{column}`" in text
