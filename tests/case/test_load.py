from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case, load_case
from sourcing.case.load import conform_tables, read_folder
from sourcing.errors import CaseError, InputError
from tests.case.conftest import check
from tests.conftest import TINY


def problems_of(tables: dict) -> pd.DataFrame:
    problems = check(tables)
    assert "error" in set(problems["severity"])
    return problems


def set_cell(tables: dict, table: str, row: int, column: str, value: str) -> None:
    tables[table] = tables[table].copy()
    if column not in tables[table]:
        tables[table][column] = ""
    tables[table].loc[row, column] = value


def test_tiny_case_is_sound_and_typed():
    case = load_case(TINY)
    assert list(case.units["business_unit"]) == ["alpha", "beta"]
    assert case.processes["headcount_fte"].dtype == float
    assert case.units["horizon_years"].dtype == "int64"
    assert case.options["learning_rate"].eq(0.8).all(), "an absent column takes the dictionary's default"


def test_selecting_a_unit_keeps_its_rows_and_those_for_all_units():
    case = load_case(TINY, "beta")
    assert set(case.processes["process"]) == {"billing", "collections"}
    assert list(case.vetoes["veto"]) == ["personal_data_stays"]
    assert len(case.rules) == 0
    assert set(case.policy["name"]) == set(pd.read_csv(TINY / "policy.csv")["name"])


def test_fingerprint_ignores_the_order_of_rows_and_sees_a_changed_cell(raw):
    base = Case(raw).fingerprint
    shuffled = {name: frame.sample(frac=1, random_state=1) for name, frame in raw.items()}
    assert Case(shuffled).fingerprint == base
    set_cell(raw, "options", 2, "labor_cost_per_fte", "50001")
    assert Case(raw).fingerprint != base


def test_a_table_handed_out_can_be_changed_without_changing_the_case():
    case = load_case(TINY)
    table = case.processes
    table.loc[0, "headcount_fte"] = 99
    assert case.processes.loc[0, "headcount_fte"] != 99


def test_a_conformed_case_conforms_to_itself():
    case = load_case(TINY)
    again = Case(case.tables)
    assert again.fingerprint == case.fingerprint


FAULTS = [
    ("processes", 2, "headcount_fte", "ten", "a number of at least 0", "plain number"),
    ("processes", 2, "headcount_fte", "-3", "a number of at least 0", "full-time equivalents"),
    ("processes", 2, "headcount_fte", "inf", "a number of at least 0", "plain number"),
    ("processes", 3, "headcount_fte", "", "a value in every row", "people"),
    ("processes", 2, "data_class", "secret", "one of public, internal, confidential, personal", "write one of"),
    ("processes", 2, "sold_to_customers", "perhaps", "yes or no", "yes or no"),
    ("processes", 2, "as_is_option", "stey", "an option of the process", "did you mean 'stay'"),
    ("units", 2, "horizon_years", "2.5", "a whole number from 1 to 15", "write 2 or 3"),
    ("units", 2, "home_country", "US", "a country of countries", "Hint"),
    ("units", 2, "valuation_date", "next year", "a date YYYY-MM-DD", "2026-03-31"),
    ("scores", 2, "process", "payrol", "a process of processes", "did you mean 'payroll'"),
    ("scores", 2, "criterion", "comodity", "a criterion of criteria", "did you mean 'commodity'"),
    ("scores", 2, "score", "9", "a point from 1 to 5", "scale"),
    ("scores", 2, "high", "2", "low <= score <= high", "defend"),
    ("options", 2, "delivery_model", "outsource", "own with in_house, onshore, offshore", "agree"),
    ("options", 2, "location", "IND", "a site in the home country for in_house", "offshore"),
    ("options", 13, "location", "DEU", "a site abroad for offshore", "onshore"),
    ("options", 2, "price_per_year", "5", "a price or a labor cost per FTE, not both", "all-in price"),
    ("options", 2, "labor_cost_per_fte", "0", "some running cost", "price_per_year"),
    ("criteria", 2, "weight", "0", "a positive weight in index commoditization", "weight"),
    ("criteria", 2, "scale_max", "1", "scale_min < scale_max", "exceed"),
    ("rules", 2, "measure", "moved_ftes", "a column of the alternatives", "did you mean 'moved_fte'"),
    ("rules", 2, "sense", "<", "one of <=, >=, ==", "write one of"),
    ("policy", 2, "name", "governance", "A lever must be a field", "governance_share"),
    ("policy", 2, "value", "much", "governance_share_outside must be a number", "governance of work"),
    ("deals", 2, "process", "collections", "a process delivered by another owner today", "owner_type"),
    ("vetoes", 2, "reason_code", "because", "one of statutory", "write one of"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "column", "value", "rule", "hint"), FAULTS)
def test_each_fault_is_reported_with_its_place_and_a_hint(raw, table, row, column, value, rule, hint):
    set_cell(raw, table, row, column, value)
    problems = problems_of(raw)
    wanted = {
        ("options", "delivery_model"): "owner_type",
        ("scores", "high"): "score",
    }.get((table, column), column)
    found = problems[(problems["table"] == table) & (problems["column"] == wanted)]
    found = found[(found["row"] == row) | found["row"].isna()]
    assert found["rule"].str.contains(rule, regex=False).any(), problems.to_string()
    assert found["hint"].str.contains(hint, regex=False).any(), problems.to_string()


def test_a_duplicate_key_is_reported(raw):
    raw["processes"] = pd.concat([raw["processes"], raw["processes"].iloc[[0]].set_axis([7])])
    problems = problems_of(raw)
    found = problems[(problems["table"] == "processes") & (problems["row"] == 7)].iloc[0]
    assert "each key once" in found["rule"]
    assert found["value"] == "alpha, payroll"


def test_unknown_and_missing_columns_and_tables_are_reported(raw):
    raw["processes"] = raw["processes"].rename(columns={"headcount_fte": "headcount"})
    raw["scoress"] = raw.pop("scores")
    problems = problems_of(raw)
    assert set(zip(problems["table"], problems["column"], strict=True)) == {
        ("processes", "headcount"), ("processes", "headcount_fte"), ("scoress", ""), ("scores", ""),
    }  # fmt: skip
    assert problems.loc[problems["table"] == "scoress", "hint"].item() == "Hint: did you mean 'scores'?"


def test_every_fault_is_found_at_once(raw):
    set_cell(raw, "processes", 2, "headcount_fte", "ten")
    set_cell(raw, "scores", 3, "criterion", "kore")
    set_cell(raw, "rules", 2, "sense", "=<")
    assert set(problems_of(raw)["table"]) == {"processes", "scores", "rules"}


def test_the_message_names_table_row_column_and_what_to_do(raw):
    set_cell(raw, "processes", 4, "headcount_fte", "ten")
    with pytest.raises(CaseError, match=r"processes, row 4, column 'headcount_fte'.*'ten'.*Hint"):
        Case(raw, "test")


def test_a_folder_without_tables_is_refused(tmp_path):
    with pytest.raises(InputError, match="Hint"):
        load_case(tmp_path)
    with pytest.raises(InputError, match="folder"):
        load_case(tmp_path / "nowhere")


def test_an_unknown_unit_gets_the_near_name():
    with pytest.raises(InputError, match="did you mean 'alpha'"):
        load_case(TINY, "alfa")


def test_blank_lines_and_surrounding_blanks_do_no_harm(tmp_path):
    for path in TINY.glob("*.csv"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    text = (tmp_path / "units.csv").read_text(encoding="utf-8").replace("alpha,", " alpha ,", 1)
    (tmp_path / "units.csv").write_text("\ufeff" + text + "\n,,,,,,,\n", encoding="utf-8")
    assert load_case(tmp_path).fingerprint == load_case(TINY).fingerprint


def test_conforming_keeps_the_spreadsheet_row_of_each_record():
    tables, problems = conform_tables(read_folder(TINY))
    assert not problems
    assert tables["processes"].index.tolist() == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
def test_a_case_is_the_same_whatever_keeps_the_texts_of_its_frames(raw, storage):
    kept = {name: frame.astype(pd.StringDtype(storage, na_value=float("nan"))) for name, frame in raw.items()}
    case = Case(kept)
    assert case.fingerprint == Case(raw).fingerprint
    assert case.options["option"].dtype.storage == "python"
