"""Claims about the house look: every chart is an exhibit, and the sheet of the documentation is the theme."""

from __future__ import annotations

import ast

import altair as alt
import pandas as pd

from sourcing.pack.style.exhibits import QUESTIONS, Exhibit
from sourcing.pack.style.style_page import draw_in, spell_exhibit, spell_sheet
from sourcing.pack.theme import MODEL_COLORS, TONES, chart_config
from tests.conftest import ROOT


def list_charts() -> set[str]:
    """List the public functions of files of charts, by their names alone."""
    pack = ROOT / "sourcing" / "pack"
    files = [*pack.rglob("*charts.py"), pack / "decision" / "frontier.py"]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    functions = [node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name for node in functions if not node.name.startswith("_")}


def test_every_chart_is_an_exhibit_with_the_question_that_it_answers():
    assert set(QUESTIONS) == list_charts(), "Hint: name it in sourcing/pack/style/exhibits.py and draw it there"
    assert all(question.endswith("?") for question in QUESTIONS.values())


def test_the_sheet_of_the_documentation_has_every_tone_of_both_modes():
    sheet = spell_sheet()
    light, dark = sheet.split('[data-md-color-scheme="slate"]')
    for mode, part in (("light", light), ("dark", dark)):
        for name, color in {**TONES[mode], **MODEL_COLORS}.items():
            assert f"  --{name}: {color};" in part


def test_an_exhibit_shows_its_finding_and_a_picture_in_both_modes():
    bars = alt.Chart(pd.DataFrame({"cost": [1], "name": ["a"]})).mark_bar().encode(x="cost:Q", y="name:N")
    chart = bars.properties(title="One costs most", description="Cost by name. One costs most.", config=chart_config())
    text = spell_exhibit(Exhibit("costs", "What costs most?", chart))
    assert "### What costs most?" in text
    assert "**One costs most**" in text
    for mode in ("light", "dark"):
        assert f"![Cost by name. One costs most.](costs.{mode}.svg#only-{mode})" in text
        picture = draw_in(chart.to_dict(), mode, "costs")
        assert TONES[mode]["paper"] in picture
        assert TONES[mode]["quiet"] in picture
        assert "One costs most" not in picture.split("</title>")[-1]
