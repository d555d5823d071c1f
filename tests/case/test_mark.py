"""Problems come back in a copy of the workbook, where they were typed."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from sourcing.case import check_case, load_case, mark_problems
from sourcing.cli import main
from sourcing.errors import InputError
from tests.case.conftest import Book, place_of
from tests.conftest import TINY

RED, AMBER = "FFF4B6B6", "FFFFE3A3"


@pytest.fixture
def faulty(workbook):
    """The tiny workbook with an error, a warning, a missing column and a fault in a merged cell."""
    with Book(workbook) as book:
        book["processes"].title = "My processes"
        place_of(book["My processes"], 3, "headcount_fte").value = "=1+1"
        place_of(book["My processes"], 3, "headcount_fte").comment = Comment("ask Kim", "Kim")
        place_of(book["units"], 2, "discount_rate").value = 0.9
        book["criteria"].delete_cols(5)
        book["deals"]["C2"].value = None
        book["deals"].merge_cells("C2:C3")
    return workbook


def test_each_faulty_cell_is_colored_and_says_what_is_wanted_got_and_to_do(faulty, tmp_path):
    before = faulty.read_bytes()
    problems = check_case(faulty)
    copy = mark_problems(faulty, problems, tmp_path / "marked.xlsx")
    assert faulty.read_bytes() == before
    book = load_workbook(copy)
    cell = place_of(book["My processes"], 3, "headcount_fte")
    assert cell.fill.fgColor.rgb == RED
    assert cell.value == "=1+1", "what was typed stays"
    for words in ("Wanted: a value stored with the formula", "Got: =1+1", "Hint: open the workbook", "ask Kim"):
        assert words in cell.comment.text
    assert place_of(book["units"], 2, "discount_rate").fill.fgColor.rgb == AMBER
    assert book["deals"]["C2"].fill.fgColor.rgb == RED
    assert place_of(book["My processes"], 2, "headcount_fte").comment is None


def test_the_first_sheet_lists_every_problem_and_leads_to_its_cell(faulty, tmp_path):
    problems = check_case(faulty)
    book = load_workbook(mark_problems(faulty, problems, tmp_path / "marked.xlsx"))
    sheet = book.worksheets[0]
    assert sheet.title == "Problems"
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == len(problems)
    links = {row[-1].value: row[-1].hyperlink.location for row in rows}
    assert links["My processes!E3"] == "'My processes'!E3"
    assert links["criteria!A1"] == "'criteria'!A1", "a missing column leads to the header"
    assert {row[0].value: row[0].fill.fgColor.rgb for row in rows} == {"error": RED, "warning": AMBER}


def test_marking_a_marked_copy_again_keeps_one_list(faulty, tmp_path):
    first = mark_problems(faulty, check_case(faulty), tmp_path / "first.xlsx")
    second = mark_problems(first, check_case(first), tmp_path / "second.xlsx")
    assert load_workbook(second).sheetnames.count("Problems") == 1


def test_a_folder_becomes_a_workbook_with_the_same_places(folder, tmp_path):
    text = (folder / "processes.csv").read_text(encoding="utf-8")
    (folder / "processes.csv").write_text("Our processes\n\n" + text.replace(",10,", ",ten,"), encoding="utf-8")
    scores = (folder / "scores.csv").read_text(encoding="utf-8")
    (folder / "scores.csv").write_text(scores.replace(",", ";"), encoding="cp1252")
    problems = check_case(folder)
    book = load_workbook(mark_problems(folder, problems, tmp_path / "marked.xlsx"))
    assert book["processes"]["E4"].value == "ten"
    assert book["processes"]["E4"].fill.fgColor.rgb == RED
    assert book["rules"]["E2"].data_type == "s"


def test_a_marked_copy_of_a_sound_folder_is_the_same_case(tmp_path):
    copy = mark_problems(TINY, check_case(TINY), tmp_path / "marked.xlsx")
    assert load_case(copy).fingerprint == load_case(TINY).fingerprint


def test_the_original_is_never_the_copy(faulty, tmp_path):
    problems = check_case(faulty)
    with pytest.raises(InputError, match="must not replace the original"):
        mark_problems(faulty, problems, faulty)
    with pytest.raises(InputError, match=r"must end in \.xlsx"):
        mark_problems(faulty, problems, tmp_path / "marked.ods")
    with pytest.raises(InputError, match="folder must exist"):
        mark_problems(faulty, problems, tmp_path / "none" / "marked.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.xlsx"]


def test_the_command_marks_and_counts(faulty, tmp_path, capsys):
    assert main(["check", str(faulty), "--mark", str(tmp_path / "marked.xlsx")]) == 1
    said = capsys.readouterr()
    assert "worth a look" in said.err
    assert "Sheet My processes!E3" in said.out
    assert (tmp_path / "marked.xlsx").exists()
    assert main(["check", str(TINY), "--mark", str(tmp_path / "sound.xlsx")]) == 0
