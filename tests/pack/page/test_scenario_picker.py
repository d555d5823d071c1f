"""A reader picks a scenario by keyboard and sees its moves; without a script all of them stand below each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
import pandas as pd
import pytest

from sourcing import load_case, pack
from sourcing.decide import decide_unit
from tests.conftest import TINY
from tests.docs.pages import read_tables
from tests.pack.conftest import SIZES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOSTILE = '<img src=x onerror="window.stung=1">'
ROW = {"business_unit": "alpha", "change": "quote", "times": "1.15", "reason": f"{HOSTILE} & more", "owner": HOSTILE}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of the scenarios of alpha: two with a plan, the last one hostile, and one without."""
    case = load_case(TINY, "alpha").replace(**read_tables("scenarios.md"))
    rows = [ROW | {"scenario": f"Zero {HOSTILE}", "delivered_by": "PayCo"}]
    scenarios = pd.concat([case.scenarios.astype(object), pd.DataFrame(rows)], ignore_index=True).fillna("")
    block = pack.show_scenario_cards(decide_unit(case.replace(scenarios=scenarios)))
    output = nbformat.v4.new_output("display_data", {"text/html": block.html, "text/plain": block.words})
    cells = [nbformat.v4.new_markdown_cell("# Alpha\n\n## Scenarios"), nbformat.v4.new_code_cell("x", outputs=[output])]
    return pack.write_pack(nbformat.v4.new_notebook(cells=cells), tmp_path_factory.mktemp("cards") / "pack.html")


def test_a_scenario_is_picked_by_keyboard_and_its_moves_show(open_pack: Callable[..., Any], page: Path) -> None:
    opened = open_pack(page)
    radios = opened.page.get_by_role("radio")
    assert radios.count() == 4
    assert opened.page.get_by_role("radio", name="Pay at the center is a fifth higher").is_checked()
    assert opened.page.locator("#scenario-1 table").first.is_visible()
    assert not opened.page.locator("#scenario-2").is_visible()
    radios.first.focus()
    opened.page.keyboard.press("ArrowDown")
    assert opened.page.get_by_role("radio", name="PayCo and DeskCo ask 15 % more").is_checked()
    assert not opened.page.locator("#scenario-1").is_visible()
    shown = opened.page.locator("#scenario-2 table").first
    assert shown.is_visible()
    assert "Help desk" in shown.inner_text()
    assert opened.page.locator(".side.picked h3").inner_text() == "PayCo and DeskCo ask 15 % more"
    opened.page.get_by_role("link", name="Pay at the center is a fifth higher: what moves").press("Enter")
    assert opened.page.get_by_role("radio", name="Pay at the center is a fifth higher").is_checked()
    assert opened.page.locator("#scenario-1").is_visible()
    assert opened.requests == opened.problems == []


def test_names_of_scenarios_are_words_and_nothing_else(open_pack: Callable[..., Any], page: Path) -> None:
    opened = open_pack(page)
    assert opened.page.locator("img").count() == 0
    assert HOSTILE in opened.page.locator(".side").last.inner_text()
    assert opened.page.get_by_role("radio", name=f"Zero {HOSTILE}").count() == 1
    assert opened.page.evaluate("window.stung") is None
    assert "<img" not in page.read_text(encoding="utf-8").split("<script>")[0]
    assert opened.problems == []


@pytest.mark.parametrize("size", SIZES)
def test_cards_lie_beside_each_other_or_below_and_nothing_sticks_out(
    open_pack: Callable[..., Any], page: Path, size: str
) -> None:
    opened = open_pack(page, size)
    tops = {round(box.bounding_box()["y"]) for box in opened.page.locator(".side").all()}
    assert len(tops) == (5 if size == "phone" else 2)
    opened.unfold()
    assert opened.overlaps() == opened.spills() == opened.cut_tables() == []
    assert not opened.is_wider_than_window()
    assert opened.audit() == []


def test_without_scripts_every_scenario_unfolds_below_the_cards(open_pack: Callable[..., Any], page: Path) -> None:
    opened = open_pack(page, javascript=False)
    assert opened.page.get_by_role("radio").count() == 0
    folds = opened.page.locator(".scenarios > details")
    assert [fold.is_visible() for fold in folds.all()] == [True] * 4
    folds.first.locator("summary").first.click()
    assert opened.page.locator("#scenario-1 table").first.is_visible()
