"""Colors and the one look of every chart, in light, dark and print."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Literal

from sourcing.pack.drawing import alt

THEME = "sourcing"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

MODEL_COLORS = MappingProxyType(
    {"in_house": "#2563C9", "onshore": "#1AA287", "offshore": "#B8741A", "outsource": "#A8358F"}
)
"""Delivery model -> color: contrast of at least 3 on white and on the dark page, and a distance (CIE76) of
at least 19 between any two under full protanopia, deuteranopia and tritanopia (Machado et al. 2009)."""
MODEL_SHAPES = MappingProxyType(
    {"in_house": "circle", "onshore": "square", "offshore": "triangle-up", "outsource": "diamond"}
)
"""Delivery model -> shape of its mark, for those who cannot tell its color."""

TODAY, PLAN, MEASURE, ELSE = "#8a96a3", "#1d7f8c", "#5b7fa6", "#c98a1b"
"""As-Is, the plan, a plain amount, and what stands beside the plan: none of them is a delivery model's color."""
GOOD, BAD = "#1d7f5f", "#b3372a"
STEP_COLORS = MappingProxyType({"total": "#6b7a8a", "dearer": "#c2542d", "cheaper": PLAN})
"""What a step of a waterfall is -> color."""
CATEGORIES = (PLAN, ELSE, "#7a5ea8", MEASURE, "#c2542d", "#3f8f4f", "#7fb2d9", "#d9a86c", TODAY, "#6b7a8a")
"""Anything else that is told apart, at most ten: places, postures, indices."""
PALE = "#b9c1c9"
"""What stays as it is, or counts for nobody."""

Mode = Literal["light", "dark"]
TONES = MappingProxyType(
    {
        "light": {
            "ink": "#1c2733",
            "quiet": "#55626f",
            "line": "#d5dbe1",
            "grid": "#e8ecf0",
            "mark": "#5b6b7b",
            "paper": "#ffffff",
            "raised": "#f6f8fa",
            "zebra": "#f8fafb",
            "accent": "#1f4e8c",
            "good": GOOD,
            "warn": "#96600c",
            "bad": BAD,
            "neutral": "#66727f",
        },
        "dark": {
            "ink": "#e7ebf0",
            "quiet": "#a5b0bc",
            "line": "#3a444f",
            "grid": "#272f38",
            "mark": "#8a99a8",
            "paper": "#14181e",
            "raised": "#1b2129",
            "zebra": "#181d24",
            "accent": "#8fb8f0",
            "good": "#4cc39a",
            "warn": "#e0a84e",
            "bad": "#f08a7c",
            "neutral": "#94a1ae",
        },
    }
)
"""Text, secondary text, rules, grid lines, marks without a meaning, grounds, links and states, in each mode: the page
of a pack, the index and every chart take theirs from here."""


def color_config(mode: Mode) -> dict[str, Any]:
    """Return the part of a Vega-Lite configuration that changes between light and dark.

    Parameters
    ----------
    mode : {"light", "dark"}
        The reader's color scheme.

    Returns
    -------
    dict
        A Vega-Lite `config` with nothing but colors.

    Examples
    --------
    >>> color_config("light")["text"]
    {'color': '#1c2733'}
    """
    tone = TONES[mode]
    words = {"labelColor": tone["quiet"], "titleColor": tone["quiet"]}
    return {
        "axis": {**words, "gridColor": tone["grid"], "domainColor": tone["line"], "tickColor": tone["line"]},
        "legend": words,
        "header": {"labelColor": tone["ink"], "titleColor": tone["quiet"]},
        "title": {"color": tone["ink"], "subtitleColor": tone["quiet"]},
        "text": {"color": tone["ink"]},
        "rule": {"color": tone["quiet"]},
        "mark": {"color": tone["mark"]},
    }


def chart_config() -> dict[str, Any]:
    """Return the Vega-Lite configuration of every chart: fonts, sizes, quiet axes, colors of light mode."""
    colors = color_config("light")
    sizes = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        **colors,
        "background": "transparent",
        "font": FONT,
        "padding": 4,
        "view": {"continuousWidth": 720, "continuousHeight": 300, "stroke": None},
        "axis": {
            **colors["axis"],
            **sizes,
            "ticks": False,
            "labelPadding": 6,
            "titlePadding": 10,
            "labelLimit": 220,
        },
        "axisY": {"domain": False, "labelLimit": 220},
        "axisBand": {"grid": False},
        "legend": {**colors["legend"], **sizes, "orient": "top", "columns": 4, "tickCount": 4},
        "header": {**colors["header"], "labelFontSize": 13, "titleFontSize": 12},
        "title": {
            **colors["title"],
            "anchor": "start",
            "fontSize": 15,
            "fontWeight": 600,
            "subtitleFontSize": 12,
        },
        "text": {**colors["text"], "fontSize": 12},
        "bar": {"cornerRadiusEnd": 2},
        "point": {"filled": True, "size": 90, "opacity": 0.9},
        "line": {"strokeWidth": 2.5},
        "range": {"category": list(CATEGORIES)},
    }


def use_theme() -> None:
    """Make the suite's look the look of every Altair chart of this session."""
    alt.theme.register(THEME, enable=True)(_make_theme)


def _make_theme() -> alt.theme.ThemeConfig:
    return alt.theme.ThemeConfig({"config": chart_config()})  # type: ignore[typeddict-item]


STATE_ORDER = ["As-Is", "To-Be"]
MONEY_AXIS = alt.Axis(
    tickCount=5,
    labelExpr="replace(replace(format(datum.value, '~s'), 'G', ' bn'), 'M', ' m')",
)
SHARE = alt.Scale(domain=[-0.03, 1.03], nice=False)
COMMODITIZATION = "Commoditization (index, 0 unique – 1 commodity)"
CORE_FIT = "Core-competency fit (index, 0 – 1)"
SHARE_AXIS = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2f")
"""What charts of several rooms share: the two states, an axis of money, titles and scale of an index."""
