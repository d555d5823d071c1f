"""Files of a case that are not read: each is told, and a table that is needed says what lies in its place."""

from __future__ import annotations

import gzip

import pytest

from sourcing import load_case
from sourcing.case import check_case
from sourcing.errors import InputError
from tests.case.conftest import find
from tests.conftest import TINY

SOUND = load_case(TINY).fingerprint


@pytest.mark.parametrize(
    ("name", "table", "hint"),
    [
        ("rules.csv.txt", "rules", "name it rules.csv"),
        ("rules.txt", "rules", "name it rules.csv"),
        ("RULES.XLS", "rules", "save it as .xlsx"),
        ("rules.xlsb", "rules", "save it as .xlsx"),
        ("case of 2026.xls", "case of 2026", "save it as .xlsx"),
        ("rules.csv.gz", "rules", "unpack it"),
        ("rules.zip", "rules", "unpack it"),
        ("rules - Copy.csv", "rules", "name it rules.csv"),
        ("Kopie von rules.csv", "rules", "name it rules.csv"),
        ("rules_v2.csv", "rules", "name it rules.csv"),
        ("rules final.parquet", "rules", "name it rules.parquet"),
        ("rules (conflicted copy 2026-01-31).csv", "rules", "name it rules.csv"),
        ("vetos.csv", "vetoes", "name it vetoes.csv"),
        ("hand-off costs.csv", "handoff_costs", "name it handoff_costs.csv"),
        ("rules.json", "rules", "save it as rules.csv"),
        ("rules.v2", "rules", "save it as rules.csv"),
        ("rules", "rules", "name it rules.csv"),
        ("rules.csv.bak", "rules", "name it rules.csv"),
    ],
)
def test_a_file_named_after_a_table_and_not_read_is_told(folder, name, table, hint):
    (folder / name).write_bytes(b"whatever")
    case = load_case(folder)
    assert case.fingerprint == SOUND
    warning = find(case.warnings, table, None, "")
    assert (warning["value"], warning["place"]) == (name, name)
    assert hint in warning["hint"]


@pytest.mark.parametrize("name", ["rules.parquet", "scores", "rules_parts"])
def test_a_folder_of_parts_named_after_a_table_is_told(folder, name):
    (folder / name).mkdir()
    (folder / name / "part-0.parquet").write_bytes(b"PAR1")
    warnings = check_case(folder)
    if name == "rules_parts":
        assert warnings.empty
    else:
        assert "as one file" in warnings["hint"][0]


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "rules.md",
        "rules.pdf",
        "bridge.csv",
        "budget.csv",
        "plan.csv",
        "summary.json",
        "notes.txt",
        ".rules.csv",
    ],
)
def test_other_files_are_left_alone_without_a_word(folder, name):
    (folder / name).write_bytes(b"whatever")
    assert load_case(folder).warnings.empty


@pytest.mark.parametrize("name", ["processes.csv.gz", "proceses.csv", "processes.csv.txt"])
def test_a_needed_table_that_is_missing_names_the_file_that_lies_there(folder, name):
    whole = (folder / "processes.csv").read_bytes()
    (folder / "processes.csv").unlink()
    (folder / name).write_bytes(gzip.compress(whole) if name.endswith("gz") else whole)
    problems = check_case(folder)
    missing = problems[(problems["table"] == "processes") & (problems["severity"] == "error")]
    assert missing["rule"].tolist() == ["the table must be there"]
    assert f"{name!r} lies there and is not read" in missing["hint"].iloc[0]


def test_a_folder_with_nothing_that_is_read_names_what_lies_there(tmp_path):
    (tmp_path / "processes.xlsb").write_bytes(b"old")
    with pytest.raises(InputError, match=r"got none in .* but processes\.xlsb \(save it as \.xlsx"):
        load_case(tmp_path)
