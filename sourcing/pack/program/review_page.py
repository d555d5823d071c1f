"""A comparison of two runs as one self-contained page, in the look of a pack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sourcing
from sourcing.case import write_csv
from sourcing.pack.block import Block, say_block
from sourcing.pack.decision import dump_json
from sourcing.pack.page import Section, chart_block, render_page, sanitize
from sourcing.pack.program.review_sections import (
    draw_causes_of_change,
    show_causes_of_change,
    show_changes,
    show_comparison,
    show_decision_changes,
    show_money_changes,
)
from sourcing.pack.program.review_words import say_review
from sourcing.pack.theme import use_theme
from sourcing.program import describe_review, list_review_tables

if TYPE_CHECKING:
    from sourcing.program import Comparison, Review

JSON, PAGE = "compare.json", "compare.html"
VALUES = ("before", "after")
"""Columns of the tables that may hold numbers as texts, since other rows hold words."""
PARTS = (
    ("What changed in data and levers", show_changes),
    ("What is decided otherwise", show_decision_changes),
    ("What it does to money", show_money_changes),
    ("What caused it", show_causes_of_change),
)


def render_review(review: Review, before: str, after: str) -> str:
    """Render a comparison as one HTML page.

    Parameters
    ----------
    review : Review
    before, after : str
        What the two runs are called on the page.
    """
    use_theme()
    sections, charts = [], 0
    several = len(review.units) != 1 or review.only_before or review.only_after or review.left_out
    if several:
        sections.append(Section("", "section-start", _write(say_block(*say_review(review)))))
    for place, comparison in enumerate(review.units.values(), start=1):
        lead = f"{comparison.name}: " if several else ""
        if not several or not comparison.is_unchanged:
            made, charts = _make_sections(comparison, place, lead, charts)
            sections += made
    provenance = {"Sourcing suite": sourcing.__version__, "First run": before, "Second run": after}
    names = [comparison.name for comparison in review.units.values()]
    title = f"Two runs compared: {names[0]}" if len(names) == 1 else "Two runs compared"
    return render_page(title, f"{before} → {after}", sections, charts, provenance)


def write_review(folder: Path, review: Review, before: str | Path, after: str | Path) -> list[str]:
    """Write a comparison: one CSV per table, `compare.json` and `compare.html`.

    Parameters
    ----------
    folder : Path
    review : Review
    before, after : path
        The two runs; the page calls them by as little of their paths as tells them apart.

    Returns
    -------
    list of str
        Names of the files written.
    """
    tables = list_review_tables(review)
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv", numbers=VALUES)
    (folder / JSON).write_text(dump_json(describe_review(review)), encoding="utf-8", newline="\n")
    page = render_review(review, *name_runs(before, after))
    (folder / PAGE).write_text(page, encoding="utf-8", newline="\n")
    return [*(f"{name}.csv" for name in tables), JSON, PAGE]


def name_runs(before: str | Path, after: str | Path) -> tuple[str, str]:
    """Name two runs by the ends of their paths that tell them apart.

    Examples
    --------
    >>> name_runs("/runs/may/alpha", "/runs/june/alpha"), name_runs("one", "one")
    (('may/alpha', 'june/alpha'), ('one', 'one'))
    """
    first, second = (Path(path).resolve().parts for path in (before, after))
    for count in range(1, max(len(first), len(second))):
        if first[-count:] != second[-count:]:
            return "/".join(first[-count:]), "/".join(second[-count:])
    return first[-1], second[-1]


def _make_sections(comparison: Comparison, place: int, lead: str, charts: int) -> tuple[list[Section], int]:
    anchor = f"section-{place}"
    sections = [] if lead else [Section("", f"{anchor}-0", _write(show_comparison(comparison)))]
    if comparison.is_unchanged:
        return sections, charts
    for number, (heading, show) in enumerate(PARTS, start=1):
        body = _write(show(comparison))
        if show is show_causes_of_change and not isinstance(drawn := draw_causes_of_change(comparison), Block):
            charts += 1
            body = chart_block(_describe(drawn), charts) + body
        sections.append(Section(f"{lead}{heading}", f"{anchor}-{number}", body))
    return sections, charts


def _describe(chart: Any) -> dict[str, Any]:
    return dict(chart.to_dict())


def _write(block: Block) -> str:
    return sanitize(block.html)
