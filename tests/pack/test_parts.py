"""Chapters: what has nothing to show is a line at the end, and nothing is said twice."""

from __future__ import annotations

import pandas as pd

from sourcing.pack.block import Shown, fold_table, say_block, say_nothing, show_table
from sourcing.pack.parts import join_chapter, open_topic

NONE = "Nothing moves."
TABLE = show_table(pd.DataFrame({"a": ["x"]}), [Shown("a", "A")])


def read(parts):
    return [part.words for part in parts.shown]


def test_only_what_says_nothing_but_that_there_is_nothing_is_blank():
    empty = pd.DataFrame({"a": []})
    assert say_nothing(NONE).is_blank
    assert show_table(empty, [Shown("a", "A")], empty=NONE).is_blank
    assert (say_nothing(NONE) + fold_table(empty, [Shown("a", "A")], "More")).is_blank
    assert not show_table(empty, [Shown("a", "A")], folded=pd.DataFrame({"a": ["x"]})).is_blank
    assert not (say_block("Two of three are firm.") + say_nothing(NONE)).is_blank
    assert not TABLE.is_blank


def test_a_topic_with_something_to_show_has_a_head_and_one_without_is_a_line():
    full = open_topic("Peaks", TABLE, say_nothing(NONE), hint="Look at the top.")
    assert full.shown[0].html == '<h3>Peaks</h3>\n<p class="note">Look at the top.</p>\n'
    assert len(full.shown) == 3
    blank = open_topic("Peaks", say_nothing(NONE), say_nothing("No chart."), hint="Look at the top.")
    assert [part.html for part in blank.shown] == [f'<p class="note"><strong>Peaks:</strong> {NONE}</p>']
    assert "<script" not in open_topic("<script>", say_nothing("<script>")).shown[0].html


def test_a_chapter_ends_with_what_has_nothing_to_show_and_says_it_once():
    chapter = join_chapter(
        open_topic("Services", say_nothing("No service is promised.")),
        say_nothing(NONE),
        say_nothing(NONE),
        open_topic("Peaks", TABLE),
    )
    assert read(chapter) == [NONE, "Peaks", TABLE.words, "No service is promised."]
