"""Texts that a spreadsheet would take for a formula are harmless in every CSV, and come back as they were."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sourcing import Case, load_case, pack
from sourcing.case import mark_problems, save_case, write_csv, write_template
from sourcing.case.load import read_folder
from sourcing.case.reading import free_texts, guard_text
from tests.conftest import TINY, examples

LIVE = ['=HYPERLINK("http://x.example";"pay")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1;2)", "'=1+1", "''-x", "+1",
        "-1", "\uff1d1+1"]  # fmt: skip


SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def rename_process(name: str) -> Case:
    """Call payroll otherwise in every table of the tiny case."""
    tables = {table: frame.replace("payroll", name) for table, frame in read_folder(TINY).items()}
    tables["processes"] = tables["processes"].replace("Payroll", name)
    return Case(tables)


def list_cells(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


def is_live(cell: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula: by its first sign, numbers and the sense of a rule aside."""
    try:
        float(cell)
    except ValueError:
        return cell.startswith(SIGNS) and cell != "=="
    return False


@pytest.mark.parametrize("name", LIVE)
def test_a_name_like_a_formula_is_harmless_in_a_saved_case_and_comes_back(name, tmp_path):
    case = rename_process(name)
    save_case(case, tmp_path / "case")
    cells = [cell for path in (tmp_path / "case").glob("*.csv") for cell in list_cells(path)]
    assert not [cell for cell in cells if is_live(cell)]
    again = load_case(tmp_path / "case")
    assert again.fingerprint == case.fingerprint
    assert name in set(again.processes["process"])


def test_a_name_like_a_formula_is_harmless_in_every_table_of_a_plan(decide, tmp_path):
    decision = decide(rename_process(LIVE[0]).select("alpha"))
    collected = pack.collect(decision)
    pack.write_decision(tmp_path, **collected)
    for path in tmp_path.glob("*.csv"):
        assert not [cell for cell in list_cells(path) if is_live(cell)], path.name
    assert f"'{LIVE[0]}" in list_cells(tmp_path / "plan.csv")
    assert f"'{LIVE[0]}" in list_cells(tmp_path / "flips.csv")


def test_rows_added_to_a_folder_leave_guarded_names_as_they_are(tmp_path):
    case = rename_process(LIVE[0])
    write_template(tmp_path / "case", from_case=save_case(case, tmp_path / "saved"))
    scores = tmp_path / "case" / "scores.csv"
    rows = pd.read_csv(scores, dtype=str, keep_default_na=False)
    rows[rows["process"] != "research"].to_csv(scores, index=False, sep=";")
    said = write_template(tmp_path / "case", add=["scores"])
    assert said == [f"{scores}: 2 rows added"]
    read = read_folder(tmp_path / "case")["scores"]
    assert set(read["process"]) == set(case.scores["process"])
    assert len(read) == len(rows) - 4 + 2


def test_a_copy_with_problems_marked_holds_the_names_themselves(tmp_path):
    folder = save_case(rename_process(LIVE[0]), tmp_path / "case")
    rows = pd.read_csv(folder / "processes.csv", dtype=str, keep_default_na=False)
    rows.assign(headcount_fte="-3").to_csv(folder / "processes.csv", index=False)
    from sourcing.case import check_case

    marked = mark_problems(folder, check_case(folder), tmp_path / "marked.xlsx")
    assert LIVE[0] in set(read_folder(marked)["processes"]["process"])


@pytest.mark.office
def test_libreoffice_makes_nothing_of_a_name_like_a_formula(office, tmp_path):
    names = [name for name in LIVE if name.isascii()]  # it takes a CSV without a mark for one of the system's letters
    write_csv(pd.DataFrame({"name": names}), tmp_path / "names.csv")
    from openpyxl import load_workbook

    sheet = load_workbook(office(tmp_path / "names.csv", tmp_path, "xlsx"))["names"]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert free_texts(pd.Series([cell.value for cell in sheet["A"]][1:])).tolist() == names


@examples(200)
@given(text=st.text(alphabet="'=+-@\t\r\n\uff1d x1.e", max_size=8))
@example(text="-1e5")
@example(text="==")
def test_every_text_comes_back_and_none_stays_live(text):
    guarded = guard_text(text)
    assert not guarded.startswith(SIGNS) or guarded == "=="
    assert free_texts(pd.Series([guarded], dtype="str")).tolist() == [text]
