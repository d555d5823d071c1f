"""Every lever, default and range has a source or says that it is a house rule, why, and where it may lie."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sourcing import pack
from sourcing.case import LEVERS
from sourcing.pack.basis.defaults import PARTS, list_defaults
from sourcing.pack.basis.defaults_page import write_page

ROOT = Path(__file__).parents[3]
FEWEST_WORDS = 5
BARE = {"", "house rule", "assumed", "terms assumed", "none"}


def find_unsourced(sources: dict[str, str]) -> dict[str, str]:
    """Return the sources that neither cite (a year, a regulation, what kind of page it is) nor give a reason."""
    return {name: text for name, text in sources.items() if not is_sourced(text)}


def is_sourced(text: str) -> bool:
    if text in BARE:
        return False
    if text.startswith("house rule"):
        return len(text.split()) >= FEWEST_WORDS
    return bool(re.search(r"\b(19|20)\d\d\b|FAR |people3|\((law|practice|survey|industry)\)", text))


@pytest.mark.parametrize("text", ["", "assumed", "house rule", "house rule: a guess", "practitioners say so"])
def test_a_source_that_says_nothing_is_found(text):
    assert not is_sourced(text)


def test_every_lever_has_a_source_or_a_reason():
    assert find_unsourced({name: each.metadata["source"] for name, each in LEVERS.items()}) == {}


def test_a_house_rule_on_a_number_says_where_it_may_lie():
    silent = {
        name: each.metadata["source"]
        for name, each in LEVERS.items()
        if isinstance(each.default, float) and each.metadata["source"].startswith("house rule")
        if not re.search(r"\d", each.metadata["source"]) and each.default not in (0.0, float("inf"))
    }
    assert silent == {}


def test_every_default_and_range_has_a_source_or_a_reason():
    table = list_defaults()
    assert set(table["part"]) == set(PARTS)
    named = table["part"] + ", " + table["figure"] + ", " + table["of"]
    assert find_unsourced(dict(zip(named, table["source"], strict=True))) == {}
    assert (table.loc[table["part"] != "contract forms", "range"] != "").all()


def test_the_page_of_defaults_is_that_of_the_files():
    kept = (ROOT / "docs" / "defaults.md").read_text(encoding="utf-8")
    assert kept == write_page(), "Hint: python -m sourcing.pack.basis.defaults_page docs/defaults.md"


def test_a_pack_folds_the_defaults_away_with_those_of_its_own_countries(decide, beta):
    html = pack.show_figures(decide(beta)).html
    assert "of the suite, used or not" in html
    assert "Cushman" in html
    for country, there in (("DEU", True), ("IND", True), ("PER", False)):
        assert (f"<td>{country}</td>" in html.replace(' class=""', "")) == there
