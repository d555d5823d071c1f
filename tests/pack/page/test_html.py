import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import altair as alt
import pandas as pd
import pytest

from sourcing.errors import PackError
from sourcing.pack.notebook import prepare_display
from sourcing.pack.page import page as html
from sourcing.pack.page.chart_block import chart_block, image_block
from sourcing.pack.page.page import Section, bundle_script, render_page, sanitize, strip_tags
from sourcing.pack.picture import escape_json
from sourcing.pack.renderer import CHART_MIME, LAB_MIME, PICTURE_MIME, render_chart
from sourcing.pack.setting import BATCH
from sourcing.pack.theme import CATEGORIES, MODEL_COLORS

HOSTILE = "</script><script>alert(1)</script>\"'<img src=x onerror=alert(1)>"
BARS = {"mark": "bar", "encoding": {"x": {"field": "cost", "type": "quantitative"}, "y": {"field": "name"}}}


def make_chart(name: str = "Payroll", **parts: object) -> dict[str, object]:
    return {**BARS, "data": {"values": [{"name": name, "cost": 3}, {"name": "Billing", "cost": 2}]}, **parts}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p>a<script>x()</script></p>", "<p>a</p>"),
        ("<style>p{}</style><p style='color:red'>a</p>", "<p>a</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<a href="javascript:x()">a</a>', "<a>a</a>"),
        ('<a href="JaVa&#x09;Script:x()">a</a>', "<a>a</a>"),
        ('<a href="https://example.org">a</a>', "<a>a</a>"),
        ('<a href="//example.org">a</a>', "<a>a</a>"),
        ('<a href="#plan">a</a>', '<a href="#plan">a</a>'),
        ('<a href="pack.xlsx">a</a>', '<a href="pack.xlsx">a</a>'),
        ('<a href="../pack.xlsx">a</a>', "<a>a</a>"),
        ('<a href="file:pack.xlsx">a</a>', "<a>a</a>"),
        ('<a href="pack.html">a</a>', "<a>a</a>"),
        ('<img src="data:image/png;base64,AA" onerror="x()">', ""),
        ('<svg onload="x()"><text>a</text></svg>b', "b"),
        ('<iframe srcdoc="a"></iframe><object data="a">b</object>c', "c"),
        ('<form action="/x"><input name="a">b</form>', "b"),
        ('<base href="/x"><meta http-equiv="refresh" content="0"><link href="/x">a', "a"),
        ("<b>a", "<b>a</b>"),
        ("a</section></main>b", "ab"),
        ("&lt;script&gt;", "&lt;script&gt;"),
    ],
)
def test_sanitizer_drops_whatever_runs_loads_or_leaves_the_page(given: str, kept: str) -> None:
    assert sanitize(given) == kept


@pytest.mark.parametrize(
    "text",
    [
        '<details class="card" open=""><summary>Why</summary><p class="note">a</p></details>',
        '<div class="tiles"><div class="tile"><span class="value">3</span></div></div>',
        '<th scope="row" colspan="2" class="num" title="a" aria-label="b">a</th>',
        '<meter value="0.4" min="0" max="1"></meter>',
        '<h3 id="why">Why</h3>',
    ],
)
def test_sanitizer_keeps_what_sections_are_made_of(text: str) -> None:
    row = f"<table><tbody><tr>{text}</tr></tbody></table>" if text.startswith("<th") else text
    kept = sanitize(row)
    assert all(part in kept for part in re.findall(r'[\w-]+="[^"]*"|<\w+', text))


def test_a_data_frame_keeps_its_table_and_loses_its_style() -> None:
    frame = pd.DataFrame({"process": ["<script>x()</script>"], "cost": [3]})
    kept = sanitize(frame._repr_html_())
    assert "<style" not in kept
    assert "style=" not in kept
    assert "<th>cost</th>" in kept
    assert "&lt;script&gt;" in kept


def test_json_cannot_end_its_script_element_and_reads_back_the_same() -> None:
    content = {"name": HOSTILE, "line": "a\u2028b", "comment": "<!--"}
    text = escape_json(content)
    assert "<" not in text
    assert json.loads(text) == content


def test_tags_are_stripped_to_plain_words() -> None:
    assert strip_tags("Cost <em>&amp;</em> risk<script>x()</script>") == "Cost & risk"


def test_a_chart_is_a_caption_a_specification_and_a_static_copy() -> None:
    block = chart_block(make_chart(title={"text": "Cost", "subtitle": "by process"}, description="Bars"), 2)
    assert '<figure class="chart" id="chart-2">' in block
    assert "<figcaption><strong>Cost</strong><span>by process</span></figcaption>" in block
    assert 'alt="Bars"' in block
    spec = json.loads(re.search(r"<script[^>]*>(.*?)</script>", block)[1])
    assert spec["description"] == "Bars"
    assert "title" not in spec
    assert read_static(block).startswith("<svg")


def read_static(block: str) -> str:
    return base64.b64decode(re.search(r"base64,([^\"]+)", block)[1]).decode()


def test_a_hostile_name_stays_text_in_every_part_of_a_chart() -> None:
    block = chart_block(make_chart(HOSTILE, title=HOSTILE, description=HOSTILE), 1)
    assert block.count("<script") == 1
    assert block.count("</script>") == 1
    assert len(re.findall(r"<img", block)) == 1
    assert "<script" not in read_static(block)


def test_the_same_chart_gives_the_same_bytes_however_many_came_before() -> None:
    clipped = make_chart(mark={"type": "bar", "clip": True})
    assert 'id="part0"' in read_static(chart_block(clipped, 1))
    assert chart_block(clipped, 1) == chart_block(clipped, 1)


@pytest.mark.parametrize(
    "parts",
    [
        {"data": {"url": "https://example.org/a.json"}},
        {"encoding": {"href": {"field": "name"}}},
        {"layer": [{"mark": {"type": "bar", "href": "javascript:x()"}}]},
    ],
)
def test_a_chart_that_leads_out_of_the_page_is_refused(parts: dict[str, object]) -> None:
    with pytest.raises(PackError, match=r"must hold all it shows; got '(href|url)' at chart 4"):
        chart_block(make_chart(**parts), 4)


def test_a_row_may_have_a_column_named_url() -> None:
    assert "url" in chart_block(make_chart(data={"values": [{"name": "a", "cost": 1, "url": "x"}]}), 1)


def test_a_chart_that_cannot_be_drawn_is_named_and_does_not_spoil_the_next() -> None:
    with pytest.raises(PackError, match=r"A chart must be drawable; got .* at chart 7"):
        chart_block({"mark": "nonsense"}, 7)
    assert read_static(chart_block(make_chart(), 8)).startswith("<svg")


def test_a_failed_conversion_is_tried_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def fail_first(*args: object, **kwargs: object) -> str:
        calls.append(args)
        if len(calls) == 1:
            raise ValueError("an old failure")
        return "<svg/>"

    monkeypatch.setattr(html.vl_convert, "vegalite_to_svg", fail_first)
    assert read_static(chart_block(make_chart(), 1)).startswith("<svg ")
    assert len(calls) == 2


def test_an_image_must_be_base64() -> None:
    with pytest.raises(PackError, match="A PNG output must be base64"):
        image_block("image/png", 'x" onload="alert(1)', "a")
    assert image_block("image/png", "aGk=\n", '"') == (
        '<figure><img alt="&quot;" src="data:image/png;base64,aGk="></figure>'
    )


def make_page(charts: int = 1) -> str:
    sections = [Section("", "section-part", "<p>a</p>"), Section("Cost <&> risk", "section-cost", "<p>b</p>")]
    return render_page(f"Unit {HOSTILE}", HOSTILE, sections, charts, {"Inputs": HOSTILE})


def test_policy_allows_just_the_scripts_that_stand_in_the_page() -> None:
    page = make_page()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    packed = re.search(r'<script type="application/gzip" id="drawing">(.*?)</script>', page)[1]
    boot = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1].encode()
    scripts = [gzip.decompress(base64.b64decode(packed)), boot]
    marks = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in scripts]
    assert scripts[0].decode() == bundle_script()
    assert re.findall(r"'sha256-([^']+)'", policy) == marks
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-")
    assert policy.endswith("base-uri 'none'; form-action 'none'")


def test_title_subtitle_headings_and_provenance_are_escaped() -> None:
    page = make_page(charts=0)
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert "<h2>Cost &lt;&amp;&gt; risk</h2>" in page
    assert '<li><a href="#section-cost">Cost &lt;&amp;&gt; risk</a></li>' in page


def test_a_page_without_charts_leaves_the_drawing_script_out() -> None:
    assert len(make_page(charts=0)) < 40_000 < 300_000 < len(make_page(charts=1))


def test_the_page_names_no_address_outside_its_scripts() -> None:
    page = re.sub(r"<script.*?</script>", "", make_page(), flags=re.DOTALL)
    assert not re.search(r"https?:|//\w|@import|url\(", page)


def test_the_bundle_is_made_once_and_kept_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bundle_script()
    assert "vegaEmbed" in whole
    made = []
    monkeypatch.setattr(html.vl_convert, "javascript_bundle", lambda: made.append(1) or whole)
    assert bundle_script(tmp_path / "a") == whole
    html._read_bundle.cache_clear()
    assert bundle_script(tmp_path / "a") == whole
    assert len(made) == 1
    [kept] = (tmp_path / "a").iterdir()
    kept.write_text(whole[: len(whole) // 2], encoding="utf-8")
    html._read_bundle.cache_clear()
    assert bundle_script(tmp_path / "a") == whole
    assert kept.read_text(encoding="utf-8") == whole


def test_the_bundle_needs_no_folder_that_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(html.vl_convert, "javascript_bundle", lambda: "made")
    assert bundle_script(tmp_path / "file" / "below") == "made"


def test_a_notebook_emits_a_chart_for_the_pack_and_for_jupyterlab() -> None:
    before, theme = alt.renderers.active, alt.theme.active
    try:
        prepare_display()
        chart = alt.Chart(pd.DataFrame({"a": [1]})).mark_point().encode(x="a").properties(description="One point")
        shown = chart._repr_mimebundle_()
    finally:
        alt.renderers.enable(before)
        alt.theme.enable(theme)
    content = shown[0] if isinstance(shown, tuple) else shown
    assert set(content) == {CHART_MIME, LAB_MIME, PICTURE_MIME, "text/plain"}
    assert content["text/plain"] == "One point"
    assert content[LAB_MIME]["$schema"].endswith("/v5.json")
    assert "/v6" in content[CHART_MIME]["$schema"]
    assert content[CHART_MIME]["config"]["range"]["category"] == list(CATEGORIES)


def test_jupyterlab_gets_a_width_in_pixels_since_container_freezes_it() -> None:
    shown = render_chart(make_chart(width="container"))
    assert (shown[CHART_MIME]["width"], shown[LAB_MIME]["width"]) == ("container", 720)
    assert render_chart(make_chart(width=300))[LAB_MIME]["width"] == 300


def test_pictures_of_several_charts_can_stand_in_one_document() -> None:
    one, other = (render_chart(make_chart(name, mark={"type": "bar", "clip": True})) for name in ("Payroll", "Mail"))
    ids = [set(re.findall(r'id="([^"]+)"', shown[PICTURE_MIME])) for shown in (one, other)]
    assert all(ids)
    assert not ids[0] & ids[1]
    assert render_chart(make_chart("Mail", mark={"type": "bar", "clip": True})) == other


def test_a_run_of_packs_carries_no_second_picture_of_a_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BATCH, "1")
    assert set(render_chart(make_chart())) == {CHART_MIME, LAB_MIME, "text/plain"}


def test_every_key_of_a_chart_is_one_the_notebook_format_accepts() -> None:
    import nbformat

    output = nbformat.v4.new_output("display_data", data=render_chart(make_chart()))
    nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output])]))


def find_luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("ground", ["#ffffff", "#14181e"])
@pytest.mark.parametrize("model", sorted(MODEL_COLORS))
def test_every_model_color_stands_out_on_the_light_and_the_dark_page(model: str, ground: str) -> None:
    low, high = sorted((find_luminance(MODEL_COLORS[model]), find_luminance(ground)))
    assert (high + 0.05) / (low + 0.05) >= 3
