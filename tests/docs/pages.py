"""Read the pages of docs: their tables, their examples, their commands."""

from __future__ import annotations

import re
from io import StringIO
from typing import NamedTuple

import pandas as pd

from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
_FENCE = re.compile(r"^( *)```(\w*)(?: title=\"([\w.]+)\")?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block of a page: its language, its title, its text without the indent of the fence."""

    language: str
    title: str
    text: str


def read_page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def list_blocks(name: str) -> list[Block]:
    found = _FENCE.findall(read_page(name))
    return [
        Block(language, title, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE))
        for indent, language, title, text in found
    ]


def read_tables(name: str) -> dict[str, pd.DataFrame]:
    """Read the tables of a page: blocks of CSV that are titled with a table's file."""
    blocks = [block for block in list_blocks(name) if block.language == "csv"]
    return {
        block.title.removesuffix(".csv"): pd.read_csv(StringIO(block.text), dtype=str, keep_default_na=False)
        for block in blocks
    }


def read_examples(name: str, section: str) -> dict[str, str]:
    """Read `for example` of a section: column of a table of the case to what is typed there, both in code."""
    text = read_page(name).split(section, 1)[1].split("\n## ", 1)[0]
    typed = {}
    for row in re.findall(r"^\| (`.*?) \| (`.*?) \|$", text, re.MULTILINE):
        columns, values = (re.findall(r"`([^`]+)`", cell) for cell in row)
        typed.update(zip(columns, values, strict=False))
    return typed
