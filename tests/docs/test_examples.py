"""What the pages show is so: tables are sound, examples give what stands below them, commands exist."""

from __future__ import annotations

import argparse
import doctest
import re
import shlex

import pytest

from sourcing.case import supplied_tables
from sourcing.cli import make_parser
from tests.conftest import ROOT
from tests.docs.pages import PAGES, list_blocks, read_page, read_tables

WITH_TABLES = [name for name in PAGES if any(block.language == "csv" for block in list_blocks(name))]
WITH_EXAMPLES = [name for name in PAGES if any(block.language == "python" for block in list_blocks(name))]
ASKED = re.compile(r"`(sourcing (?:init|check|seal|plan|packs|compare|adopt|ledger|learn|lab)\b[^`\n]*)`")


def list_commands() -> list[tuple[str, str]]:
    found = []
    for name in PAGES:
        lines = [line for block in list_blocks(name) if not block.language for line in block.text.splitlines()]
        written = [line for line in lines if line.startswith("sourcing ")] + ASKED.findall(read_page(name))
        found += [(name, re.split(r"  +|#", line)[0].strip()) for line in written]
    return sorted(set(found))


def list_parsers() -> dict[str, argparse.ArgumentParser]:
    actions = make_parser()._subparsers._group_actions
    return {name: parser for action in actions for name, parser in action.choices.items()}


def test_each_how_to_has_tables_to_copy():
    assert {"bids.md", "criteria.md", "locks.md"} <= set(WITH_TABLES)
    assert {"bids.md", "criteria.md", "locks.md", "api/index.md"} <= set(WITH_EXAMPLES)


@pytest.mark.parametrize("page", WITH_TABLES)
def test_the_tables_of_a_page_are_sound_together_and_say_something(page, alpha):
    tables = read_tables(page)
    assert set(tables) <= set(supplied_tables())
    assert alpha.replace(**tables).warnings.empty


@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_the_examples_of_a_page_give_what_stands_below_them(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    text = "\n".join(block.text for block in list_blocks(page) if block.language == "python")
    examples = doctest.DocTestParser().get_doctest(text, {"tables": read_tables(page)}, page, None, 0)
    assert examples.examples
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(examples, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize(("page", "command"), list_commands())
def test_every_command_that_a_page_names_is_one(page, command):
    words = shlex.split(command)[1:]
    parser = list_parsers()[words[0]]
    options = {option for action in parser._actions for option in action.option_strings}
    assert {word for word in words if word.startswith("--")} <= options


def test_the_page_of_the_command_tells_every_command_and_option():
    text = read_page("command.md")
    for name, parser in list_parsers().items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `sourcing {name}"))
        for action in parser._actions:
            for option in action.option_strings:
                assert option in ("-h", "--help") or option in row, f"{name} {option}"
