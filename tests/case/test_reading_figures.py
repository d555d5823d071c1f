"""Figures as people type them: read as meant, asked about, or refused in the cell that was typed."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from sourcing import Policy, load_case
from sourcing.case import check_case, settle
from sourcing.case.dictionary import supplied_tables
from sourcing.case.reading import conform_table
from sourcing.case.reading.numerals import split_numeral, value_numeral
from sourcing.errors import InputError
from tests.case.conftest import Book, find


def set_cells(folder, table: str, column: str, texts: dict[int, str], separator: str = ",") -> None:
    """Write cells of a table anew, by position of the row."""
    path = folder / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    for place, text in texts.items():
        frame.loc[place, column] = text
    frame.to_csv(path, index=False, sep=separator)


@pytest.mark.parametrize(
    ("others", "text", "read"),
    [("", "1.200", 1.2), ("", "1,200", 1200.0), ("0.5", "1.200", None), ("1250.5", "1,200", None)],
)
def test_a_figure_that_its_column_leaves_open_is_read_with_a_warning(folder, others, text, read):
    set_cells(folder, "options", "transition_cost", {0: text, 1: others})
    warnings = check_case(folder)
    warnings = warnings[warnings["rule"] == "one meaning of a separator"]
    if read is None:
        assert warnings.empty
    else:
        assert f"read as {read:g}" in find(warnings, "options", 2, "transition_cost")["hint"]


def test_one_column_with_both_signs_is_asked_about_in_both_cells(folder):
    set_cells(folder, "options", "transition_cost", {1: "1.200", 2: "1,200"})
    warnings = check_case(folder)
    assert "read as 1.2" in find(warnings, "options", 3, "transition_cost")["hint"]
    assert "read as 1200" in find(warnings, "options", 4, "transition_cost")["hint"]


def test_the_figures_of_a_column_decide_together(folder):
    set_cells(folder, "options", "transition_cost", {1: "1.200", 2: "1.250,5"}, ";")
    case = load_case(folder)
    assert case.options["transition_cost"].isin([1200.0]).any()
    assert case.warnings.empty


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,34,567", 1234567.0),
        ("1,00,000.50", 100000.5),
        ("1234.56-", -1234.56),
        ("1.234,56-", -1234.56),
        ("(500)", -500.0),
    ],
)
def test_other_ways_to_write_a_figure_are_read(text, value):
    numeral = split_numeral(text)
    assert numeral is not None and value_numeral(numeral, numeral.mark or ".") == value


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1.5M", "write it in full: 1500000 or 1500"),
        ("250k", "write it in full: 250000"),
        ("USD 2 bn", "write it in full: 2000000000"),
        ("3 lakh", "write it in full: 300000"),
        ("~500", "write the likely figure alone: 500"),
        ("ca. 500", "write the likely figure alone: 500"),
        ("500+", "write the likely figure alone: 500"),
        ("10-12", "a range is no number"),
        ("TBD", "leave the cell empty where the figure is not known"),
        ("-", "write 0 where there is none"),
        ("n/a", "write 0 where there is none"),
        ("1/5", "write 0.2"),
        ("ten", "write a plain number such as 1250.5"),
    ],
)
def test_what_cannot_be_read_is_one_fault_in_its_own_words(folder, text, hint):
    set_cells(folder, "options", "transition_cost", {0: text})
    problems = check_case(folder)
    assert hint in find(problems, "options", 2, "transition_cost")["hint"]
    assert len(problems) == 1


def test_an_unreadable_price_is_told_where_it_was_typed_and_nowhere_else(folder):
    path = folder / "options.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    place = frame.index[frame["price_per_year"] != ""][0]
    set_cells(folder, "options", "price_per_year", {place: "1.5M"})
    problems = check_case(folder)
    errors = problems[problems["severity"] == "error"]
    assert errors[["row", "column", "value"]].to_numpy().tolist() == [[place + 2, "price_per_year", "1.5M"]]


def test_another_fault_of_the_same_row_that_was_typed_is_told_too(folder):
    set_cells(folder, "options", "price_per_year", {0: "1.5M"})
    set_cells(folder, "options", "location", {0: "nowhere"})
    assert set(check_case(folder)["column"]) >= {"price_per_year", "location"}


def test_a_whole_number_is_asked_for_as_one(folder):
    set_cells(folder, "units", "horizon_years", {0: "2.5"})
    hint = find(check_case(folder), "units", 2, "horizon_years")["hint"]
    assert hint == "Hint: write 2 or 3."


def test_a_comparison_is_read_as_saaty_writes_it():
    typed = pd.DataFrame(
        {
            "assessor": "cfo",
            "criterion_a": ["a", "b", "c"],
            "criterion_b": ["b", "c", "a"],
            "ratio": ["1/5", "3", "7 / 1"],
        }
    )
    conformed = conform_table(typed, supplied_tables()["pairwise"])
    assert conformed.frame["ratio"].tolist() == [0.2, 3.0, 7.0]
    assert conformed.problems == []


def test_a_comparison_that_became_a_date_is_told_how_to_type_it(workbook):
    with Book(workbook) as book:
        sheet = book.create_sheet("pairwise")
        sheet.append(["assessor", "criterion_a", "criterion_b", "ratio"])
        sheet.append(["cfo", "commodity", "core", datetime(2026, 5, 1)])
    assert "type =1/5 for 1/5" in find(check_case(workbook), "pairwise", 2, "ratio")["hint"]


@pytest.mark.parametrize("text", ["80 %", "80%", "0,8", "0.8", ".8"])
def test_a_lever_is_read_as_figures_of_tables_are(folder, text):
    with (folder / "policy.csv").open("a", encoding="utf-8") as lines:
        lines.write(f'alpha,core_threshold,"{text}",ours\n')
    policy, _ = settle(load_case(folder, "alpha"))
    assert policy.core_threshold == 0.8


@pytest.mark.parametrize(
    ("name", "text"), [("price_of_fit", "80 %"), ("price_of_fit", "1,500"), ("time_limit", "1_000")]
)
def test_a_lever_that_cannot_be_read_or_could_be_two_is_refused(name, text):
    with pytest.raises(InputError, match=f"{name} must be a number"):
        Policy(**{name: text})


def test_a_row_of_units_below_the_header_is_left_out_with_one_warning(folder):
    path = folder / "processes.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    units = [
        "FTE" if name == "headcount_fte" else "share" if name.endswith("_share") else "" for name in lines[0].split(",")
    ]
    sound = load_case(folder).fingerprint
    path.write_text("\n".join([lines[0], ",".join(units), *lines[1:], ""]), encoding="utf-8")
    case = load_case(folder)
    assert case.fingerprint == sound
    warning = find(case.warnings, "processes", 2, "")
    assert (warning["value"], "row of units" in warning["hint"]) == ("FTE, share", True)


def test_a_row_with_names_and_no_figures_yet_is_no_row_of_units(folder):
    path = folder / "processes.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    text = lines[1].replace(",10,", ",TBD,")
    assert text != lines[1]
    path.write_text("\n".join([lines[0], text, *lines[2:], ""]), encoding="utf-8")
    assert find(check_case(folder), "processes", 2, "headcount_fte")["value"] == "TBD"
