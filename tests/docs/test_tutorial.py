"""The tutorial, followed to the letter: its commands are run, its examples typed, its answers compared."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import openpyxl
import pytest

from sourcing.cli import main
from tests.docs.pages import list_blocks, read_examples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = "tutorial.md"
PROCESSES = 30
OCCUPATIONS = ("Accountants and Auditors", "43-4051", "15-1232")
"""What the other processes do; the first is the page's own example."""


def type_row(sheet, row: int, cells: dict) -> None:
    heads = [cell.value for cell in sheet[1]]
    for name, value in cells.items():
        sheet.cell(row, heads.index(name) + 1, float(value) if value.replace(".", "", 1).isdigit() else value)


def describe_unit(book: openpyxl.Workbook) -> None:
    """Steps 2 and 3: the unit and the first process as the page has them, further processes like it."""
    type_row(book["units"], 2, read_examples(PAGE, "## 2."))
    first = read_examples(PAGE, "## 3.")
    for place in range(PROCESSES):
        more = {"process": f"p{place}", "name": f"Process {place}", "occupation": OCCUPATIONS[place % 3]}
        type_row(book["processes"], place + 2, {**first, **more} if place else first)


def score(book: openpyxl.Workbook) -> None:
    """Step 4."""
    sheet = book["scores"]
    assert sheet.max_row == 2 * PROCESSES + 1
    for row in range(2, sheet.max_row + 1):
        type_row(sheet, row, {"score": str(1 + (row * 7) % 5)})


TYPED: dict[str, Callable[[openpyxl.Workbook], None]] = {
    "sourcing init unit.xlsx --basic": describe_unit,
    "sourcing init unit.xlsx --add scores": score,
}
"""What an analyst types after a command of the page."""


def follow(folder: Path, capsys, *, until: str) -> list[str]:
    """Run the commands of the page in order, type what it says, and hold its answers to those given."""
    done, said = [], ""
    for block in list_blocks(PAGE):
        text = block.text.strip()
        if not text.startswith("sourcing "):
            assert text in said, f"{done[-1]} said {said!r}"
            continue
        if text.startswith(until):
            break
        assert main(shlex.split(text)[1:]) == 0, text
        said = "".join(capsys.readouterr())
        done.append(text)
        if text in TYPED:
            book = openpyxl.load_workbook(folder / "unit.xlsx")
            TYPED[text](book)
            book.save(folder / "unit.xlsx")
    return done


def test_an_empty_workbook_becomes_a_sound_case_by_the_tutorial(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert follow(tmp_path, capsys, until="sourcing packs") == [*TYPED, "sourcing check unit.xlsx"]


@pytest.mark.slow
def test_an_empty_workbook_becomes_a_pack_by_the_tutorial(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    done = follow(tmp_path, capsys, until="none")
    assert done[-1] == "sourcing init unit.xlsx --add options"
    assert "sourcing packs unit.xlsx --out packs" in done
    assert "Payroll" in (tmp_path / "packs" / "acme" / "pack.html").read_text(encoding="utf-8")
    assert "acme" in (tmp_path / "packs" / "index.html").read_text(encoding="utf-8")
