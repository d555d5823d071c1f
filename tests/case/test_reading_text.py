"""Text files as analysts save them: encodings, separators, headers, decimal marks."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import load_case
from sourcing.case import check_case
from sourcing.case.load import read_folder
from sourcing.errors import InputError
from tests.case.conftest import find
from tests.conftest import TINY

SOUND = load_case(TINY).fingerprint


def rewrite(folder, table: str, change) -> None:
    path = folder / f"{table}.csv"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_unicode_is_read_without_a_word(folder, encoding):
    text = (folder / "units.csv").read_text(encoding="utf-8").replace("Alpha Services", "Älpha Śervices")
    (folder / "units.csv").write_bytes(text.encode(encoding))
    case = load_case(folder)
    assert case.units["name"][0] == "Älpha Śervices (fictional)"
    assert case.warnings.empty


def test_cp1252_is_read_with_a_warning(folder):
    text = (folder / "units.csv").read_text(encoding="utf-8").replace("Alpha", "Älpha")
    (folder / "units.csv").write_bytes(text.encode("cp1252"))
    case = load_case(folder)
    assert case.units["name"][0] == "Älpha Services (fictional)"
    warning = find(case.warnings, "units", None, "")
    assert (warning["value"], warning["severity"]) == ("read as cp1252", "warning")
    assert "CSV UTF-8" in warning["hint"]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_make_no_difference(folder, separator, end):
    for path in folder.glob("*.csv"):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        text = frame.to_csv(sep=separator, index=False, lineterminator="\n")
        path.write_bytes(text.replace("\n", end).encode())
    assert load_case(folder).fingerprint == SOUND


def test_the_header_may_stand_lower_and_be_spelled_loosely(folder):
    def change(text: str) -> str:
        text = text.replace("business_unit,process,name", "Business unit, PROCESS *,Name,Notes")
        lines = text.splitlines()
        body = [line.replace(",", ",", 2) for line in lines[1:]]
        noted = [",".join([*line.split(",")[:3], "ask Kim", *line.split(",")[3:]]) for line in body]
        return "\n".join(["Processes of our group,,,", "", lines[0], *noted, ""])

    rewrite(folder, "processes", change)
    assert load_case(folder).fingerprint == SOUND
    rewrite(folder, "processes", lambda text: text.replace(",0.3,", ",thirty,"))
    problem = find(check_case(folder), "processes", 5, "customer_contact_share")
    assert problem["place"] == "processes.csv:5"


def test_blank_rows_rows_of_notes_and_comments_are_left_out(folder):
    extra = "\n,,,,,,,\n# checked in March,,,,,,,\nSource: HR system of last year,,,,,,,\n \n"
    rewrite(folder, "processes", lambda text: text + extra)
    case = load_case(folder)
    assert case.fingerprint == SOUND
    warning = find(case.warnings, "processes", 10, "")
    assert warning["value"] == "Source: HR system of last year"
    assert "start a row of notes with #" in warning["hint"]


def test_a_row_whose_name_begins_with_a_number_sign_is_kept(folder):
    rewrite(folder, "rules", lambda text: text.replace("no more than", "#1: no more than"))
    assert "#1: no more than 20 people move to outside owners" in set(load_case(folder).rules["rule"])


def test_blanks_of_every_kind_around_a_value_are_taken_off(folder):
    rewrite(
        folder,
        "processes",
        lambda text: text.replace("payroll", "\u00a0payroll \u200b").replace("Payroll", "Payroll\u00a0"),
    )
    assert load_case(folder).fingerprint == SOUND


def test_a_header_given_twice_is_a_fault(folder):
    rewrite(folder, "locations", lambda text: "\n".join(line + "," + line.split(",")[1] for line in text.splitlines()))
    problem = find(check_case(folder), "locations", 1, "name")
    assert (problem["rule"], problem["hint"]) == ("each column once", "Hint: keep one of the two columns.")


def test_a_row_with_too_many_cells_is_a_fault_at_its_row(folder):
    rewrite(folder, "links", lambda text: text.replace("1000", "1,000"))
    problem = find(check_case(folder), "links", 2, "")
    assert (problem["value"], problem["place"]) == ("5 cells", "links.csv:2")
    assert "quotes around" in problem["hint"]


def test_an_open_quote_is_one_fault_at_its_row(folder):
    rewrite(folder, "deals", lambda text: text.replace("BillCo 2021", '"BillCo 2021'))
    problems = check_case(folder)
    assert len(problems) == 1
    problem = find(problems, "deals", 2, "")
    assert (problem["rule"], problem["value"][:12]) == ("quotes in pairs", '"BillCo 2021')


@pytest.mark.parametrize("table", ["processes", "scores", "options"])
@pytest.mark.parametrize("row", [2, 4])
def test_a_quote_open_above_other_rows_is_one_fault(folder, table, row):
    def change(text: str) -> str:
        lines = text.splitlines()
        cells = lines[row - 1].split(",", 2)
        lines[row - 1] = ",".join([cells[0], f'"{cells[1]}', cells[2]])
        return "\n".join([*lines, ""])

    rewrite(folder, table, change)
    problems = check_case(folder)
    assert problems["rule"].tolist() == ["quotes in pairs"]
    assert problems["row"].tolist() == [row]


def test_a_quote_open_above_quoted_cells_is_one_fault(folder):
    def change(text: str) -> str:
        lines = text.splitlines()
        lines[1] = lines[1].replace(",Payroll,", ',"Payroll,')
        lines[3] = lines[3].replace(lines[3].split(",")[2], f'"{lines[3].split(",")[2]}"')
        return "\n".join([*lines, ""])

    rewrite(folder, "processes", change)
    problems = check_case(folder)
    assert problems[["row", "rule"]].to_numpy().tolist() == [[2, "quotes in pairs"]]


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_quote_open_in_the_header_is_one_fault(folder, separator):
    frame = pd.read_csv(folder / "processes.csv", dtype=str, keep_default_na=False)
    frame.to_csv(folder / "processes.csv", sep=separator, index=False)
    rewrite(folder, "processes", lambda text: text.replace(f"process{separator}", f'"process{separator}', 1))
    problems = check_case(folder)
    assert problems[["table", "row", "rule"]].to_numpy().tolist() == [["processes", 1, "quotes in pairs"]]


@pytest.mark.parametrize("table", ["processes", "criteria", "locations"])
def test_a_table_without_column_names_is_one_fault(folder, table):
    path = folder / f"{table}.csv"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[1:]), encoding="utf-8")
    problems = check_case(folder)
    assert problems["table"].tolist() == [table]
    assert "column names in one of the first" in problems["rule"][0]


def test_quoted_texts_over_several_lines_and_loose_quotes_are_no_faults(folder):
    frame = pd.read_csv(TINY / "rules.csv", dtype=str, keep_default_na=False)
    frame.loc[0, "reason"] = 'Line one, with comma\n"quoted" line two'
    frame.loc[1, "reason"] = 'a 5" pipe'
    frame.to_csv(folder / "rules.csv", index=False)
    assert load_case(folder).warnings.empty


def test_a_file_without_column_names_says_which_are_wanted(folder):
    (folder / "links.csv").write_text("beta,billing,collections,1000\n", encoding="utf-8")
    problem = find(check_case(folder), "links", None, "")
    assert "column names" in problem["rule"]
    assert "business_unit, process_a" in problem["hint"]


def test_a_table_given_twice_names_both_files(folder):
    (folder / "Links.tsv").write_text("business_unit\tprocess_a\tprocess_b\ttraffic\n", encoding="utf-8")
    problem = find(check_case(folder), "links", None, "")
    assert problem["value"] == "Links.tsv and links.csv"
    assert "keep one" in problem["hint"]


def test_files_by_other_names_are_left_alone(folder):
    (folder / "bridge.csv").write_text("a;b;c\n1;2", encoding="utf-8")
    (folder / "~$case.xlsx").write_bytes(b"lock")
    assert load_case(folder).fingerprint == SOUND


def test_an_old_workbook_and_a_missing_folder_are_refused_with_what_to_do(tmp_path):
    (tmp_path / "case.xls").write_bytes(b"old")
    with pytest.raises(InputError, match=r"\.xlsx or \.ods.*Hint: save it as"):
        load_case(tmp_path / "case.xls")
    with pytest.raises(InputError, match="folder of tables or a workbook"):
        load_case(tmp_path / "none")


def stay_cost(case) -> float:
    return case.options.set_index(["process", "option"]).at[("payroll", "stay"), "labor_cost_per_fte"]


def cost_as(folder, text: str, separator: str = ",", table: str = "options", column: str = "labor_cost_per_fte"):
    """Write one cell of the tiny case anew; the table with the given separator."""
    path = folder / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[0, column] = text
    frame.to_csv(path, sep=separator, index=False)


@pytest.mark.parametrize(
    ("text", "separator", "value"),
    [
        ("50.000,5", ";", 50000.5),
        ("50,000.5", ",", 50000.5),
        ("50 000,5", ";", 50000.5),
        ("50\u202f000,5", "\t", 50000.5),
        ("50'000.5", ",", 50000.5),
        ("$50,000.50", ",", 50000.5),
        ("USD 50000", ",", 50000.0),
        ("5e4", ",", 50000.0),
        ("1,234,567", "\t", 1234567.0),
        ("1.234", ",", 1.234),
    ],
)
def test_a_figure_is_read_however_it_is_typed(folder, text, separator, value):
    cost_as(folder, text, separator)
    assert stay_cost(load_case(folder)) == value


def test_an_unclear_figure_follows_other_cells_of_its_column(folder):
    path = folder / "options.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[[0, 1], "labor_cost_per_fte"] = ["50.000", "40000,5"]
    frame.to_csv(path, sep="\t", index=False)
    assert stay_cost(load_case(folder)) == 50000.0


def test_an_unclear_figure_follows_other_columns_of_its_table(folder):
    path = folder / "options.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[[0, 1], ["labor_cost_per_fte", "transition_cost"]] = [["50.000", ""], ["40000", "50000,5"]]
    frame.to_csv(path, sep="\t", index=False)
    assert stay_cost(load_case(folder)) == 50000.0


def test_an_unclear_figure_that_only_the_separator_decides_gets_a_warning(folder):
    cost_as(folder, "50,000")
    case = load_case(folder)
    assert stay_cost(case) == 50000.0
    warning = find(case.warnings, "options", 2, "labor_cost_per_fte")
    assert "read as 50000" in warning["hint"]


def test_an_unclear_figure_that_nothing_decides_is_a_fault_naming_both_readings(folder):
    cost_as(folder, "50,000", "\t")
    problem = find(check_case(folder), "options", 2, "labor_cost_per_fte")
    assert "50000 or 50" in problem["hint"] or "50 or 50000" in problem["hint"]
    assert problem["severity"] == "error"


def test_per_cent_is_a_share_and_nothing_else(folder):
    cost_as(folder, "12,5 %", ";", "processes", "customer_contact_share")
    assert 0.125 in set(load_case(folder).processes["customer_contact_share"])
    cost_as(folder, "25 %", ",", "options", "labor_cost_per_fte")
    problem = find(check_case(folder), "options", 2, "labor_cost_per_fte")
    assert "without a per cent sign" in problem["hint"]


def test_a_share_typed_in_per_cent_without_its_sign_is_told_how_to_write_it(folder):
    cost_as(folder, "25", ",", "processes", "customer_contact_share")
    problem = find(check_case(folder), "processes", 2, "customer_contact_share")
    assert "0.25 or 25 %" in problem["hint"]


def test_a_currency_that_contradicts_the_units_is_a_fault(folder):
    cost_as(folder, "50000 €")
    problem = find(check_case(folder), "options", 2, "labor_cost_per_fte")
    assert (problem["rule"], problem["value"]) == ("an amount in USD", "shown in €")
    cost_as(folder, "10 EUR", ",", "processes", "headcount_fte")
    assert "without unit or currency" in find(check_case(folder), "processes", 2, "headcount_fte")["hint"]


@pytest.mark.parametrize(
    ("text", "day"),
    [("2025-06-30", "2025-06-30"), ("30.6.2025", "2025-06-30"), ("30/06/2025", "2025-06-30"),
     ("06/30/2025", "2025-06-30"), ("2025-06-30 00:00:00", "2025-06-30")],
)  # fmt: skip
def test_a_date_is_read_however_it_is_typed(folder, text, day):
    cost_as(folder, text, ",", "vetoes", "expires")
    assert load_case(folder).vetoes["expires"][0] == pd.Timestamp(day)


def test_a_date_that_could_be_two_is_a_fault_and_a_serial_number_gets_a_warning(folder):
    cost_as(folder, "05/06/2025", ",", "vetoes", "expires")
    assert "2025-06-05 or 2025-05-06" in find(check_case(folder), "vetoes", 2, "expires")["hint"]
    cost_as(folder, "45838", ",", "vetoes", "expires")
    case = load_case(folder)
    assert case.vetoes["expires"][0] == pd.Timestamp("2025-06-30")
    assert "read as 2025-06-30" in find(case.warnings, "vetoes", 2, "expires")["hint"]


@pytest.mark.parametrize("text", ["#DIV/0!", "#N/A"])
def test_a_spreadsheet_error_is_a_fault_in_any_column(folder, text):
    cost_as(folder, text, ",", "processes", "function")
    assert "mend the formula" in find(check_case(folder), "processes", 2, "function")["hint"]


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "-inf", "Infinity", "n/a", "1_000", "1e999", "0x1A", "1.5k"])
def test_what_is_no_number_is_a_fault(folder, text):
    cost_as(folder, text)
    problem = find(check_case(folder), "options", 2, "labor_cost_per_fte")
    assert problem["rule"] == "a number of at least 0"


def test_choices_and_rules_may_be_spelled_loosely(folder):
    rewrite(folder, "options", lambda text: text.replace("in_house", "In-house", 1))
    rewrite(folder, "rules", lambda text: text.replace(",<=,", ",≤,"))
    assert load_case(folder).fingerprint == SOUND


def test_a_parquet_table_stands_in_for_a_text_file(folder):
    tables = read_folder(folder)
    tables["scores"].to_parquet(folder / "scores.parquet", index=False)
    (folder / "scores.csv").unlink()
    assert load_case(folder).fingerprint == SOUND


def test_a_damaged_parquet_file_is_refused_with_what_to_do(folder):
    (folder / "scores.csv").unlink()
    (folder / "scores.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(InputError, match=r"scores\.parquet.*Hint"):
        load_case(folder)
