"""Claims about the house look: each color stands once, and a delivery model's color means nothing else."""

from __future__ import annotations

import re
from itertools import chain

from sourcing.pack.page.index import render_index
from sourcing.pack.page.page import render_page
from sourcing.pack.theme import (
    CATEGORIES,
    ELSE,
    FONT,
    MEASURE,
    MODEL_COLORS,
    MODEL_SHAPES,
    PALE,
    PLAN,
    STEP_COLORS,
    TODAY,
    TONES,
    chart_config,
)
from sourcing.pack.wording import MODEL_NAMES
from tests.conftest import ROOT

HEX = re.compile(r"(?<!&)#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\b")
RUN = {
    "suite": {"name": "sourcing", "version": "0"}, "started": "", "seconds": 0.0, "units": [], "parameters": {},
    "notebook": {"name": "", "fingerprint": ""}, "python": "", "case": {"folder": "tiny", "fingerprint": ""},
}  # fmt: skip


def test_no_color_is_typed_outside_the_theme():
    pack = ROOT / "sourcing" / "pack"
    files = chain(pack.rglob("*.py"), pack.rglob("*.j2"), pack.rglob("*.js"))
    found = {
        path.relative_to(pack).as_posix(): HEX.findall(path.read_text(encoding="utf-8"))
        for path in files
        if path.name != "theme.py"
    }
    assert {name: colors for name, colors in found.items() if colors} == {}


def test_a_delivery_model_has_a_color_and_a_shape_that_nothing_else_has():
    models = {color.lower() for color in MODEL_COLORS.values()}
    others = {TODAY, PLAN, MEASURE, ELSE, PALE, *CATEGORIES, *STEP_COLORS.values()}
    others |= {color for tones in TONES.values() for color in tones.values()}
    assert not models & {color.lower() for color in others}
    assert list(MODEL_COLORS) == list(MODEL_SHAPES) == list(MODEL_NAMES)
    assert len(models) == len(set(MODEL_SHAPES.values())) == len(MODEL_NAMES)
    assert chart_config()["range"]["category"] == list(CATEGORIES)


def test_both_modes_name_the_same_tones_and_the_page_and_the_index_take_them():
    assert list(TONES["light"]) == list(TONES["dark"])
    page = render_page("Unit", "", [], 0, {})
    for text in (page, render_index(RUN, {})):
        assert FONT in text
        for name in ("ink", "quiet", "line", "paper", "accent", "good", "bad"):
            for mode in ("light", "dark"):
                assert f"--{name}: {TONES[mode][name]};" in text
        known = {*TONES["light"], *MODEL_COLORS, "radius", "tone", "zero", "low", "mid", "high"}
        assert set(re.findall(r"var\(--(\w+)\)", text)) <= known | set(re.findall(r"--(\w+):", text))
