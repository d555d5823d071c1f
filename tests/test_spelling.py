"""A hint names what is nearest, says what differs where nobody sees it, and lists no more than can be read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.case.checks import frame_problems
from sourcing.case.problem import Problem
from sourcing.console import format_problems
from sourcing.errors import hint_near
from sourcing.spelling import fold_name, tell_difference
from tests.conftest import examples

ALIKE = [
    ("PayCo", "Payco", "case"),
    ("Pay Co", "PayCo", "blanks"),
    ("pay_co", "pay co", "blanks"),
    ("Pay-Co.", "PayCo", "punctuation"),
    ("Zu\u0308rich", "Zürich", "the form of letters"),
    ("ＰayCo", "PayCo", "the form of letters"),
    ("Zurich", "Zürich", "accents"),
    ("Pаyco", "Payco", "letters that look alike"),
    ("DeskC0", "DeskCo", "letters that look alike"),
    ("pay\u200bco", "payco", "invisible signs"),
    ("PAY co", "Payco", "case and blanks"),
]
APART = [("Site 1", "Site 2"), ("PayCo", "PayCo2"), ("C+", "C"), ("東京", "京都"), ("की", "का"), ("", "x")]


@pytest.mark.parametrize(("name", "other", "difference"), ALIKE)
def test_names_that_differ_in_what_people_overlook_are_alike_and_the_hint_says_in_what(name, other, difference):
    assert fold_name(name) == fold_name(other)
    assert tell_difference(name, other) == tell_difference(other, name) == difference
    assert f"did you mean {other!r} (only {difference} differ" in hint_near(name, [other, f"{name}x"])


@pytest.mark.parametrize(("name", "other"), APART)
def test_names_that_differ_in_a_letter_or_a_figure_are_apart(name, other):
    assert fold_name(name) != fold_name(other)
    assert "only" not in hint_near(name, [other])


@given(name=st.text(max_size=12))
@examples(100)
def test_letters_fold_alike_whichever_way_they_are_stored(name):
    assert fold_name(unicodedata.normalize("NFD", name.upper())) == fold_name(
        unicodedata.normalize("NFC", name.upper())
    )


def test_a_list_of_known_names_is_three_long_at_most():
    assert hint_near("zzz", ["a1", "b2", "c3"]) == "Hint: known are a1, b2, c3."
    assert hint_near("zzz", [f"name {k}" for k in range(40)]) == "Hint: known are name 0, name 1, name 10 and 37 more."


def test_problems_fit_the_terminal_and_say_everything():
    problem = Problem("units", None, "", "the table must be there", "", "Hint: add units.csv or a sheet units.")
    placed = Problem("rules", 3, "where", "a location that the case holds", "x" * 30, "Hint: did you mean 'xx'?")
    table = frame_problems([problem, placed])
    lines = format_problems(table, width=40).splitlines()
    assert max(map(len, lines)) <= 40
    told = " ".join(" ".join(lines).split())
    for part in (problem.rule, problem.hint, placed.rule, placed.value, placed.hint, "rules, row 3, where"):
        assert part in told
    assert len(format_problems(table, width=400).splitlines()) == len(format_problems(table).splitlines()) == 3
