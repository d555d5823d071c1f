"""What a reader meets who opens a pack: no network, live charts, nothing on top of anything, prints whole."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from sourcing.pack.page.export import write_pack
from sourcing.pack.renderer import render_chart
from sourcing.pack.theme import MODEL_COLORS, chart_config

pytestmark = pytest.mark.browser

HOSTILE = [
    "Payroll </script><script>document.title='ran'</script>",
    '"><img src=x onerror="document.title=\'ran\'">',
    "<svg onload=\"document.title='ran'\">",
    "[click](javascript:document.title='ran')",
    "A process whose name is far too long for any axis, any table column and most telephones",
    "{{ 7 * 7 }} ${7*7} `code`",
]
CHARTS = 5
BADGE = '<span class="badge onshore">onshore</span>'
TILES = "".join(
    f'<div class="tile"><span class="value">USD {n}.4 million</span>'
    '<span class="label">Cash cost over the horizon</span></div>'
    for n in range(4)
)


def make_charts() -> list[alt.TopLevelMixin]:
    frame = pd.DataFrame(
        {"name": HOSTILE, "cost": [6, 5, 4, 3, 2, 1], "state": ["As-Is", "To-Be"] * 3,
         "model": ["in_house", "onshore", "offshore", "outsource", "onshore", "onshore"]}
    )  # fmt: skip
    colors = alt.Scale(domain=list(MODEL_COLORS), range=list(MODEL_COLORS.values()))
    bars = alt.Chart(frame).mark_bar().encode(
        x="cost", y="name", color=alt.Color("model", scale=colors), tooltip=["name", "cost"]
    )  # fmt: skip
    points = alt.Chart(frame).mark_point().encode(x="cost", y=alt.Y("cost"), color="name")
    rule = alt.Chart(pd.DataFrame({"limit": [3]})).mark_rule().encode(x="limit")
    return [
        bars.properties(title=HOSTILE[0], description=HOSTILE[1]),
        alt.layer(points, rule).properties(width="container", description="Layers"),
        bars.properties(width=640, height=60).facet(row="state:N").properties(description="Rows"),
        alt.hconcat(points.properties(width=300), points.properties(width=300)).properties(description="Side by side"),
        alt.Chart(frame).mark_line(clip=True).encode(x="cost:O", y="cost").properties(description="Line"),
    ]


def show(html: str) -> nbformat.NotebookNode:
    return new_code_cell("x", outputs=[new_output("display_data", {"text/html": html, "text/plain": ""})])


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    frame = pd.DataFrame({f"column {n}": HOSTILE for n in range(8)})
    rows = frame.to_html(index=False, classes="figures", border=0)
    shown = [
        new_code_cell(
            "x",
            outputs=[new_output("display_data", render_chart({**chart.to_dict(), "config": chart_config()}))],
        )
        for chart in make_charts()
    ]
    book = new_notebook(
        cells=[
            new_markdown_cell("# Which processes?"),
            show(f'<div class="answer"><p>Move two of six.</p></div><div class="tiles">{TILES}</div>'),
            new_markdown_cell(f"## As-Is and To-Be\n\n{HOSTILE[1]} {HOSTILE[3]}"),
            *shown,
            new_markdown_cell("## Decisions"),
            show(f'<div class="scroll">{rows}</div>'),
            show(frame._repr_html_()),
            show(f'<details class="card"><summary>Why {BADGE}</summary>{rows}</details>'),
            show('<div class="two"><div><h3>a</h3><p>b</p></div><div><h3>c</h3><p>d</p></div></div>'),
        ]
    )
    return write_pack(book, tmp_path_factory.mktemp("pack") / "pack.html", title=f"Unit {HOSTILE[0]}")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_all_charts_are_drawn_live_from_the_file_alone(open_pack: Callable[..., Any], pack: Path, size: str) -> None:
    opened = open_pack(pack, size)
    assert (opened.live_charts(), opened.static_charts()) == (CHARTS, 0)
    assert opened.requests == []
    assert opened.problems == []


def test_no_name_from_the_data_runs_even_in_a_tooltip(open_pack: Callable[..., Any], pack: Path) -> None:
    opened = open_pack(pack)
    for bar in opened.page.locator("#chart-1 .mark-rect path").all():
        bar.hover()
    assert opened.page.locator("#vg-tooltip-element.visible td.value").count() > 0
    assert opened.page.locator("main img:not(.static), main script:not([type]), #vg-tooltip-element img").count() == 0
    assert opened.page.title() == f"Unit {HOSTILE[0]}"
    assert opened.problems == []


def test_a_script_that_slipped_in_would_be_stopped_by_the_policy(
    open_pack: Callable[..., Any], pack: Path, tmp_path: Path
) -> None:
    planted = "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\"></main>"
    (tmp_path / "pack.html").write_text(pack.read_text(encoding="utf-8").replace("</main>", planted), encoding="utf-8")
    opened = open_pack(tmp_path / "pack.html")
    assert opened.page.title() != "ran"
    assert any("Content Security Policy" in problem for problem in opened.problems)


@pytest.mark.parametrize("size", ["desktop", "phone", (768, 1024)])
def test_nothing_lies_on_anything_or_sticks_out(open_pack: Callable[..., Any], pack: Path, size: Any) -> None:
    opened = open_pack(pack, size)
    opened.unfold()
    assert not opened.is_wider_than_window()
    assert opened.overlaps() == []
    assert opened.spills() == []


def test_charts_follow_the_window_and_the_color_scheme(open_pack: Callable[..., Any], pack: Path) -> None:
    opened = open_pack(pack)
    words = opened.page.locator("#chart-1 .live svg text").first
    light, wide = words.get_attribute("fill"), opened.page.locator("#chart-1 svg").bounding_box()["width"]
    opened.page.emulate_media(color_scheme="dark")
    opened.page.wait_for_function(
        "light => document.querySelector('#chart-1 .live svg text')?.getAttribute('fill') !== light",
        arg=light,
    )
    opened.page.set_viewport_size({"width": 390, "height": 844})
    opened.page.wait_for_function(
        "wide => document.querySelector('#chart-1 .live svg')?.getBoundingClientRect().width < wide / 2",
        arg=wide,
    )
    opened.page.wait_for_selector("html[data-charts=drawn]", state="attached")
    assert opened.live_charts() == CHARTS
    assert opened.problems == []


def test_without_scripts_the_static_copies_are_shown(open_pack: Callable[..., Any], pack: Path) -> None:
    opened = open_pack(pack, "phone", javascript=False)
    assert (opened.live_charts(), opened.static_charts()) == (0, CHARTS)
    assert opened.page.locator("#chart-1 img").get_attribute("alt") == HOSTILE[1]


def test_print_shows_static_copies_and_unfolds_everything(
    open_pack: Callable[..., Any], pack: Path, tmp_path: Path
) -> None:
    opened = open_pack(pack, scheme="dark")
    opened.page.emulate_media(media="print")
    assert (opened.live_charts(), opened.static_charts()) == (0, CHARTS)
    assert opened.page.locator("details.card table").is_visible()
    assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    printed = opened.print_pdf(tmp_path / "pack.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/MediaBox ?\[0 0 59[45][.\d]* 84[12]", printed)) >= 2


def test_contents_open_by_keyboard_and_lead_to_the_section(open_pack: Callable[..., Any], pack: Path) -> None:
    opened = open_pack(pack, "phone")
    opened.page.locator(".bar summary").press("Enter")
    opened.page.locator("nav.contents a", has_text="Decisions").click()
    opened.page.wait_for_function(
        "() => document.querySelector('#section-decisions').getBoundingClientRect().top < 100"
    )
    assert not opened.page.locator("nav.contents").is_visible()


def test_a_pack_stays_small_enough_to_mail(pack: Path) -> None:
    assert pack.stat().st_size < 650_000
