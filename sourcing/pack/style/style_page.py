"""Write the page of the house look: `python -m sourcing.pack.style.style_page data docs/style`.

Beside the page: every chart in light and in dark, the theme as style sheet, and a page in the look of a pack.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sourcing.case import load_case, replacing
from sourcing.pack.drawing import alt
from sourcing.pack.page import Section, chart_block, render_page, sanitize
from sourcing.pack.picture import draw_picture
from sourcing.pack.renderer import describe_chart
from sourcing.pack.style.exhibits import Exhibit, draw_exhibits
from sourcing.pack.theme import CATEGORIES, FONT, MODEL_COLORS, MODEL_SHAPES, TONES, Mode, color_config, use_theme
from sourcing.pack.wording import MODEL_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

UNIT, SIMPLE = ("example", "retail"), ("tiny", "alpha")
"""Case below the folder of data, and unit."""
MODES: tuple[Mode, Mode] = ("light", "dark")
SIGNS = {"circle": "●", "square": "■", "triangle-up": "▲", "diamond": "◆"}
TOP = """# House look

One theme for charts, tables, pages and notebooks: `sourcing/pack/theme.py`. A color is typed there and nowhere else;
`sourcing/pack/marks.py` says how a delivery model is told apart. Every chart below is drawn on the fictional unit
`retail` of `data/example` (the last on `alpha` of `data/tiny`) whenever this site is built.

- A chart's title is its finding; what the picture shows stands below it. Axes name their units.
- A delivery model has one color and one shape in every chart, and its name beside it. Its color means nothing else.
- A description says the finding to those who cannot see it.
- [Tables, cards and badges](specimen.html) as they stand in a pack, in the reader's own mode.

## Palette
"""
SPECIMEN = """
<div class="answer"><p>The answer of a page: two sentences that stand by themselves.</p></div>
<div class="tiles">
<div class="tile"><span class="value">USD 30.6 million</span><span class="label">what it counts</span></div>
<div class="tile"><span class="value">18 of 42</span><span class="label">another one</span></div>
</div>
<p>{badges} <span class="badge good">good</span> <span class="badge warn">to be looked at</span>
<span class="badge bad">bad</span></p>
<div class="scroll"><table class="figures"><caption>A table: names on the left, figures on the right.</caption>
<thead><tr><th scope="col">Process</th><th scope="col" class="num">Thousand USD</th></tr></thead>
<tbody><tr><th scope="row">Payroll</th><td class="num">1,234</td></tr>
<tr><th scope="row">Billing<small>a note below a name</small></th><td class="num">567</td></tr></tbody></table></div>
<details class="card"><summary>A card unfolds</summary><p>Detail that not everybody needs.</p></details>
<div class="warning"><p>What a reader has to know before relying on it.</p></div>
<p class="note">A note in passing.</p>
"""


def write_style(cases: Path, folder: Path) -> None:
    """Write the page and all that it shows into a folder, which is made where missing."""
    use_theme()
    shown, simple = (load_case(cases / name, unit) for name, unit in (UNIT, SIMPLE))
    exhibits = draw_exhibits(shown, simple, load_case(cases / UNIT[0]))
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "theme.css", spell_sheet())
    _write(folder / "specimen.html", render_specimen(exhibits[0]))
    for exhibit in exhibits:
        spec = exhibit.chart.to_dict()
        for mode in MODES:
            _write(folder / f"{exhibit.name}.{mode}.svg", draw_in(spec, mode, exhibit.name))
    _write(folder / "house_look.md", "\n".join([TOP, *spell_palette(), "## Charts", "", *map(spell_exhibit, exhibits)]))


def _write(path: Path, text: str) -> None:
    with replacing(path) as aside:
        aside.write_text(text, encoding="utf-8", newline="\n")


def spell_sheet() -> str:
    """Return the theme as style sheet of the documentation: custom properties, and what it takes from them."""
    lines = [":root {", f"  --md-text-font: {FONT};"]
    for mode in MODES:
        lines += [f'}}\n[data-md-color-scheme="{"default" if mode == "light" else "slate"}"] {{']
        lines += [f"  --{name}: {color};" for name, color in TONES[mode].items()]
        lines += [f"  --{model}: {color};" for model, color in MODEL_COLORS.items()]
        lines += [
            f"  --md-primary-fg-color: {TONES['light']['accent']};",
            f"  --md-primary-bg-color: {TONES['light']['paper']};",
            "  --md-typeset-a-color: var(--accent);",
            "  --md-accent-fg-color: var(--accent);",
            "  --md-default-fg-color: var(--ink);",
            "  --md-default-bg-color: var(--paper);",
        ]
    return "\n".join([*lines, "}", ""])


def draw_in(spec: dict[str, Any], mode: Mode, name: str) -> str:
    """Return a chart as SVG in a mode, without its title, which the page has."""
    shown = {key: part for key, part in spec.items() if key not in ("title", "usermeta")}
    config = {**spec["config"], **_merge(spec["config"], color_config(mode)), "background": TONES[mode]["paper"]}
    return draw_picture({**shown, "config": config}, name)


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    return {key: {**base.get(key, {}), **part} for key, part in over.items()}


def spell_palette() -> list[str]:
    """Return the palette as Markdown: delivery models, categories, tones in both modes."""
    models = [
        f"| {_swatch(color)} {SIGNS[MODEL_SHAPES[model]]} | {MODEL_NAMES[model]} | `{color}` | {MODEL_SHAPES[model]} |"
        for model, color in MODEL_COLORS.items()
    ]
    tones = [
        f"| {name} | {_swatch(TONES['light'][name])} `{TONES['light'][name]}` | {_swatch(color)} `{color}` |"
        for name, color in TONES["dark"].items()
    ]
    others = " ".join(f"{_swatch(color)} `{color}`" for color in CATEGORIES)
    return [
        "| | delivery model | color | shape |", "|---|---|---|---|", *models, "",
        f"Anything else that is told apart: {others}", "",
        "| tone | light | dark |", "|---|---|---|", *tones, "",
    ]  # fmt: skip


def _swatch(color: str) -> str:
    return f'<span class="swatch" style="background: {color}"></span>'


def spell_exhibit(exhibit: Exhibit) -> str:
    """Return one chart as Markdown: its question, its finding as title, the picture in both modes."""
    spec = exhibit.chart.to_dict()
    title = spec["title"] if isinstance(spec["title"], dict) else {"text": spec["title"]}
    below = title.get("subtitle", "")
    lines = [
        f"### {exhibit.question}", "", f"`{exhibit.name}`", "", f"**{title['text']}**  ",
        " ".join(below) if isinstance(below, list) else below, "",
    ]  # fmt: skip
    words = describe_chart(spec).replace("[", "(").replace("]", ")")
    lines += [f"![{words}]({exhibit.name}.{mode}.svg#only-{mode})" for mode in MODES]
    return "\n".join([*lines, ""])


def render_specimen(exhibit: Exhibit) -> str:
    """Return a page in the look of a pack with each kind of block, and one live chart."""
    badges = " ".join(f'<span class="badge {model}">{name}</span>' for model, name in MODEL_NAMES.items())
    parts = [
        Section("Blocks", "blocks", sanitize(SPECIMEN.format(badges=badges))),
        Section("A chart", "chart", chart_block(exhibit.chart.to_dict(), 1)),
    ]
    return render_page("House look", "What a page of the suite is made of", parts, 1, {})


def main(arguments: Sequence[str]) -> int:
    """Write the page from the first folder, that of data, into the second."""
    if len(arguments) != 2:
        sys.stderr.write("Usage: python -m sourcing.pack.style.style_page data docs/style\n")
        return 2
    alt.data_transformers.disable_max_rows()
    write_style(Path(arguments[0]), Path(arguments[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
