"""Names from right to left, and signs that turn the direction, reorder nothing beside them."""

from __future__ import annotations

import re

import pytest

from sourcing import pack
from sourcing.console import say
from sourcing.pack.page.page import Section, render_page, sanitize

HEBREW, ARABIC, TURNED = "שכר עובדים", "مكتب المساعدة", "Pay\u202eroll"


@pytest.fixture(scope="module")
def decision(alpha, decide):
    names = {"payroll": TURNED, "help_desk": HEBREW, "research": f"{ARABIC} <b>"}
    processes = alpha.processes.assign(name=alpha.processes["process"].map(names))
    return decide(alpha.replace(processes=processes))


def strip_isolated(html: str) -> str:
    return re.sub(r"<bdi>.*?</bdi>", "", html)


def is_turning(text: str) -> bool:
    return re.search("[\u0590-\u08ff\u202a-\u202e\u2066-\u2069]", text) is not None


@pytest.mark.parametrize("show", [pack.show_decisions, pack.show_answer, pack.show_rules, pack.show_closing])
def test_every_name_that_turns_stands_in_an_element_of_its_own(decision, show):
    html = show(decision).html
    assert is_turning(html)
    assert not is_turning(strip_isolated(html))
    assert "<b>" not in html


def test_what_follows_a_turned_name_in_a_sentence_is_not_in_its_element(decision):
    html = pack.show_answer(decision).html
    assert re.search(f"<bdi>{HEBREW}</bdi>[ );,.]", html)


def test_a_pack_keeps_the_elements_and_a_title_has_none(decision):
    block = pack.show_decisions(decision).html
    assert sanitize(block).count("<bdi>") == block.count("<bdi>")
    page = render_page(f"{HEBREW} & Co", "", [Section("One", "one", block)], 0, {})
    assert f"<title>{HEBREW} &amp; Co</title>" in page
    assert f"<h1><bdi>{HEBREW}</bdi> &amp; Co</h1>" in page


def test_a_terminal_shows_signs_that_turn_the_direction(capsys):
    say(TURNED)
    assert capsys.readouterr().out == "Pay\ufffdroll\n"
