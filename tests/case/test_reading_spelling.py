"""Names that look the same are the same name, however they were typed."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest
from openpyxl import load_workbook

from sourcing import load_case
from sourcing.case import check_case
from sourcing.case.reading.cells import is_faulty
from sourcing.case.reading.spelling import settle_spelling
from tests.case.conftest import Book, find, place_of

ALIKE = [
    ("Zürich", unicodedata.normalize("NFD", "Zürich")),
    ("Pay roll", "Pay  roll"),
    ("Pay roll", "Pay\u00a0roll"),
    ("Pay roll", " Pay \u202f\u3000roll\u2009"),
    ("Pay roll", "Pay\nroll"),
    ("Payroll", "Pay\u200broll"),
    ("Payroll", "Pay\u00adroll"),
    ("Payroll", "\u202ePayroll\u202c"),
    ("Payroll", "\ufeffPayroll\u2060"),
    ("Payroll", "Pay\u200croll"),
    ("Payroll", "Payroll_x000D_"),
    ("Pay roll", "Pay_x000D_\nroll"),
    ("Payroll", "Payroll\u034f"),
    ("Payroll", "Payroll\ufe0f"),
    ("한글", unicodedata.normalize("NFD", "한글")),
]


@pytest.mark.parametrize(("name", "typed"), ALIKE)
def test_names_that_look_the_same_are_one_name(folder, name, typed):
    """Two spellings in two tables that a name joins make no fault and no difference."""
    for spelling, tables in ((name, ("processes", "options")), (typed, ("scores", "links"))):
        for table in tables:
            path = folder / f"{table}.csv"
            frame = pd.read_csv(path, dtype=str, keep_default_na=False)
            columns = [each for each in ("process", "process_a", "process_b") if each in frame]
            frame[columns] = frame[columns].replace("payroll", spelling)
            frame.to_csv(path, index=False)
    case = load_case(folder)
    assert name in set(case.processes["process"]) and name in set(case.scores["process"])
    assert case.select("alpha").scores["process"].isin(case.processes["process"]).all()


@pytest.mark.parametrize(
    "name",
    [
        "Zürich",
        "می\u200cخواهم",
        "ক্\u200dষ র\u200d্য",
        "क्\u200dष",
        "👩\u200d👩\u200d👧 Family",
        "👩\u200d❤\ufe0f\u200d👨",
        "1\ufe0f\u20e3 first",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "葛\U000e0100城",
        "שלום",
        "給与計算",
        'Café "24/7"',
    ],
)
def test_what_a_script_or_an_emoji_needs_stays(name):
    assert settle_spelling(name) == unicodedata.normalize("NFC", name)
    assert settle_spelling(settle_spelling(name)) == settle_spelling(name)


def test_names_of_other_letters_stay_different_names():
    names = ["Payroll", "payroll", "Pay-roll", "Pay roll", "Раyroll", "Ｐayroll", "Payroll."]
    assert len({settle_spelling(name) for name in names}) == len(names)


def test_lines_of_a_reason_are_kept_and_those_of_a_rule_are_blanks(folder):
    path = folder / "rules.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[0, ["reason", "where"]] = ["First.\n\n\nSecond  thing.", "owner_type\n!=\n'own'"]
    frame.to_csv(path, index=False)
    rules = load_case(folder).rules
    assert "First.\n\nSecond thing." in set(rules["reason"])
    assert "owner_type != 'own'" in set(rules["where"])


def test_a_header_is_read_however_it_is_composed_and_spaced(folder):
    path = folder / "processes.csv"
    text = path.read_text(encoding="utf-8").replace("headcount_fte", "\u200bheadcount\u00a0\u00a0fte\u00ad")
    sound = load_case(folder).fingerprint
    path.write_text(text, encoding="utf-8")
    assert load_case(folder).fingerprint == sound


def test_a_unit_is_selected_by_its_name_however_it_is_composed(folder):
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace("alpha", "Zürich"), encoding="utf-8")
    case = load_case(folder, unicodedata.normalize("NFD", "Zürich"))
    assert case.unit["business_unit"] == "Zürich"


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_character_nul_is_refused_in_its_cell(folder, kind):
    path = folder / "processes.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[1, "function"] = "Fin\0ance"
    if kind == "csv":
        frame.to_csv(path, index=False)
    else:
        path.unlink()
        frame.to_parquet(folder / "processes.parquet", index=False)
    problem = find(check_case(folder), "processes", 3, "function")
    assert problem["rule"] == "text without the character NUL"


ERRORS = [
    "#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
    "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#GETTING_DATA", "#NV", "#WERT!", "#BEZUG!", "#ZAHL!", "#ÜBERLAUF!", "#VALEUR!",
    "#NOM?", "#NOMBRE!", "#PROPAGATION!", "#N/D", "#¡REF!", "#¡VALOR!", "#¿NOMBRE?", "#¡DESBORDAMIENTO!", "#RIF!",
    "#VALORE!", "#NÚM!", "#N/B", "#VERW!", "#WAARDE!", "#DEEL/0!", "#ARG!", "#DZIEL/0!", "#SAKNAS!", "#VÆRDI!", "#YOK",
    "#Н/Д", "#ССЫЛКА!", "#ЗНАЧ!", "Err:502", "Err:522", "Fehler:504", "#####",
]  # fmt: skip


@pytest.mark.parametrize("shown", ERRORS)
def test_a_spreadsheet_error_of_any_language_is_no_name(shown):
    assert is_faulty(shown) and is_faulty(f" {shown} ")


@pytest.mark.parametrize(
    "name", ["#1: no more than 20", "# note", "#payroll", "C#", "Err: see note", "#12", "A#B!", "#Team!"]
)
def test_a_name_with_a_number_sign_is_no_spreadsheet_error(name):
    assert not is_faulty(name)


@pytest.mark.parametrize("shown", ["#SPILL!", "#WERT!", "#NV", "Err:502"])
def test_a_spreadsheet_error_is_one_fault_where_it_stands(folder, shown):
    path = folder / "processes.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[1, "function"] = shown
    frame.to_csv(path, index=False)
    problems = check_case(folder)
    assert len(problems) == 1
    assert find(problems, "processes", 3, "function")["value"] == shown


def test_a_row_with_nothing_but_a_spreadsheet_error_is_no_note(folder):
    with (folder / "links.csv").open("a", encoding="utf-8") as lines:
        lines.write("#REF!,,,\n")
    assert find(check_case(folder), "links", 3, "business_unit")["rule"] == "a value, not a spreadsheet error"


def test_a_header_with_a_spreadsheet_error_is_a_fault(folder):
    path = folder / "links.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("traffic", "#REF!"), encoding="utf-8")
    assert "#REF!" in set(check_case(folder)["value"])


def test_a_carriage_return_as_excel_writes_it_is_no_part_of_a_name(workbook):
    sound = load_case(workbook).fingerprint
    with Book(workbook) as book:
        cell = place_of(book["processes"], 2, "name")
        cell.value = f"{cell.value}_x000D_"
    assert load_workbook(workbook)["processes"]["C2"].value.endswith("_x000D_")
    assert load_case(workbook).fingerprint == sound
