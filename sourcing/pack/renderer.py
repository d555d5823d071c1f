"""How a chart leaves a notebook: as its specification and its description, never as a page with links."""

from __future__ import annotations

from typing import Any

import altair as alt

from sourcing.pack.theme import use_theme

RENDERER = "sourcing"
CHART_MIME = "application/vnd.vegalite.v6+json"
LAB_MIME = "application/vnd.vegalite.v5+json"
LAB_WIDTH = 720
LAB_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


def prepare_display() -> None:
    """Give charts the suite's look, and make them open offline in JupyterLab and in packs alike.

    Altair's default asks a content network for its scripts, and the key of its `mimetype` renderer is refused
    by the notebook format. Charts are emitted here under `application/vnd.vegalite.v6+json`, which the pack
    reads, and under `application/vnd.vegalite.v5+json`, the newest key JupyterLab 4 draws by itself, besides
    `text/plain` with the chart's description.
    """
    use_theme()
    use_pack_renderer()


def use_pack_renderer() -> None:
    """Register the renderer of packs and enable it for this session."""
    alt.renderers.register(RENDERER, render_chart)
    alt.renderers.enable(RENDERER)


def render_chart(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Return the mime bundle of one chart.

    Parameters
    ----------
    spec : dict
        A Vega-Lite 6 specification.

    Returns
    -------
    dict
        Mime type -> content; `text/plain` holds the description, or the title where there is none.

    Examples
    --------
    >>> bundle = render_chart({"mark": "bar", "description": "Cost by process"})
    >>> bundle["text/plain"], sorted(bundle)[:2]
    ('Cost by process', ['application/vnd.vegalite.v5+json', 'application/vnd.vegalite.v6+json'])
    """
    return {CHART_MIME: spec, LAB_MIME: _fit_lab(spec), "text/plain": describe_chart(spec)}


def _fit_lab(spec: dict[str, Any]) -> dict[str, Any]:
    """Fix the width for JupyterLab, where `container` redraws a chart for ever and freezes the window."""
    fixed = {"width": LAB_WIDTH} if spec.get("width") == "container" else {}
    return {**spec, "$schema": LAB_SCHEMA, **fixed}


def describe_chart(spec: dict[str, Any]) -> str:
    """Return what a screen reader says of a chart: its description, else its title, else `Chart`.

    Examples
    --------
    >>> describe_chart({"title": {"text": ["Cost", "by process"]}})
    'Cost by process'
    """
    title = spec.get("title") or ""
    text = title.get("text", "") if isinstance(title, dict) else title
    words = " ".join(str(line) for line in text) if isinstance(text, list) else str(text)
    return str(spec.get("description") or words or "Chart")
