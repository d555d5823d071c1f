"""How a chart leaves a notebook: specification, picture and description, never as a page with links.

Altair's default asks a content network for its scripts, and the key of its `mimetype` renderer is refused by the
notebook format.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sourcing.pack.drawing import alt
from sourcing.pack.picture import draw_picture, escape_json
from sourcing.pack.setting import is_batch
from sourcing.pack.theme import TONES

RENDERER = "sourcing"
CHART_MIME = "application/vnd.vegalite.v6+json"
LAB_MIME = "application/vnd.vegalite.v5+json"
PICTURE_MIME = "image/svg+xml"
LAB_WIDTH = 720
LAB_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


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
        Mime type -> content: `application/vnd.vegalite.v6+json`, which the pack reads;
        `application/vnd.vegalite.v5+json`, the newest key that JupyterLab 4 draws by itself; `image/svg+xml`, which
        nbconvert and code hosts show, left out in a run of packs, which draws its own; `text/plain`, the description,
        or the title where there is none.

    Raises
    ------
    PackError
        The picture cannot be drawn.

    Examples
    --------
    >>> bundle = render_chart({"mark": "bar", "description": "Cost by process", "data": {"values": []}})
    >>> bundle["text/plain"], sorted(bundle)[:2]
    ('Cost by process', ['application/vnd.vegalite.v5+json', 'application/vnd.vegalite.v6+json'])
    """
    shown = {CHART_MIME: spec, LAB_MIME: _fit_lab(spec), "text/plain": describe_chart(spec)}
    return shown if is_batch() else {**shown, PICTURE_MIME: _draw_alone(spec)}


def _draw_alone(spec: dict[str, Any]) -> str:
    """Draw the picture on white, its ids its own: nbconvert puts all pictures of a notebook into one document."""
    prefix = f"chart-{hashlib.sha256(escape_json(spec).encode()).hexdigest()[:8]}-"
    paper = {**spec, "config": {**spec.get("config", {}), "background": TONES["light"]["paper"]}}
    return draw_picture(paper, "this chart", prefix)


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
