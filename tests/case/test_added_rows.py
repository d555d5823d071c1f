"""Rows added to a table of a case: what was typed stays, the case stays sound, or nothing is written."""

import shutil

import pandas as pd
import pytest

from sourcing import load_case
from sourcing.case import add_rows, save_case
from sourcing.errors import CaseError, InputError
from tests.conftest import TINY

LOCK = {"lock": "payroll stays", "business_unit": "alpha", "process": "payroll", "option": "stay", "kind": "only",
        "reason": "=1+1", "owner": "head of people"}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(TINY, tmp_path / "case")


def read_files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_table_that_was_not_there_is_made(folder):
    before = read_files(folder)
    assert add_rows(folder, "locks", pd.DataFrame([LOCK])) == "locks.csv"
    assert load_case(folder, "alpha").locks[list(LOCK)].to_dict("records") == [LOCK]
    assert {name: text for name, text in read_files(folder).items() if name != "locks.csv"} == before
    assert "'=1+1" in (folder / "locks.csv").read_text(encoding="utf-8-sig")


def test_rows_go_below_those_that_were_typed(folder):
    """Cells stay as typed, a number format and a column of the analyst's own included."""
    typed = (folder / "rules.csv").read_text(encoding="utf-8-sig").splitlines()
    text = [f"{line},{note}" for line, note in zip(typed, ["#note", *["mine"] * (len(typed) - 1)], strict=True)]
    (folder / "rules.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    rules = load_case(folder, "alpha").rules
    add_rows(folder, "rules", rules.head(1).assign(rule="another", limit=7.5))
    lines = (folder / "rules.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[: len(text)] == text
    assert load_case(folder, "alpha").rules.set_index("rule").at["another", "limit"] == 7.5


def test_a_workbook_gets_a_sheet_or_rows_in_it(tmp_path):
    book = save_case(load_case(TINY), tmp_path / "case.xlsx")
    add_rows(book, "locks", pd.DataFrame([LOCK]))
    add_rows(book, "locks", pd.DataFrame([{**LOCK, "lock": "help desk stays", "process": "help_desk"}]))
    assert load_case(book, "alpha").locks["lock"].tolist() == ["help desk stays", "payroll stays"]


def test_rows_that_leave_the_case_unsound_are_not_written(folder):
    before = read_files(folder)
    with pytest.raises(CaseError, match="payrol"):
        add_rows(folder, "locks", pd.DataFrame([{**LOCK, "process": "payrol"}]))
    assert read_files(folder) == before


def test_a_case_that_comes_with_the_suite_is_not_written_to(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(load_case("data/tiny", "alpha").processes) == 3
    with pytest.raises(InputError, match=r"copy the case to a folder of your own"):
        add_rows("data/tiny", "locks", pd.DataFrame([LOCK]))


def test_a_table_that_is_not_of_the_dictionary_is_refused(folder):
    with pytest.raises(InputError, match="did you mean 'locks'"):
        add_rows(folder, "lock", pd.DataFrame([LOCK]))
