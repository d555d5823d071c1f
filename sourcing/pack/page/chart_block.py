"""Pictures that ride in the page: charts, live and as a static copy, and images of outputs."""

from __future__ import annotations

import base64
import binascii
import html
from typing import TYPE_CHECKING, Any

from sourcing.errors import PackError
from sourcing.pack.direction import escape_text
from sourcing.pack.picture import draw_picture, escape_json, slim
from sourcing.pack.renderer import describe_chart

if TYPE_CHECKING:
    from collections.abc import Mapping

HALF_WIDTH = 480
"""Pixels across of the static copy of a chart that stands beside another: its words stay legible in print."""
FIT = {"type": "fit-x", "contains": "padding"}
IMAGE_TYPES = ("image/svg+xml", "image/png")


def image_block(kind: str, payload: str, words: str) -> str:
    """Return a picture that rides in the page.

    Parameters
    ----------
    kind : {"image/png", "image/svg+xml"}
        Mime type.
    payload : str
        Base64 for PNG, the SVG text itself for SVG.
    words : str
        What a screen reader says of it.

    Raises
    ------
    PackError
        Another type, or text that is not base64.
    """
    if kind not in IMAGE_TYPES:
        raise PackError(f"A picture must be PNG or SVG; got {kind!r} in an output. Hint: show it as a chart.")
    return f"<figure>{_make_image(kind, payload, words)}</figure>"


def _make_image(kind: str, payload: str, words: str, extra: str = "") -> str:
    if kind == "image/svg+xml":
        code = base64.b64encode(payload.encode()).decode()
    else:
        try:
            code = base64.b64encode(base64.b64decode("".join(payload.split()), validate=True)).decode()
        except binascii.Error as error:
            raise PackError(f"A PNG output must be base64; got {error}. Hint: run the notebook again.") from error
    return f'<img{extra} alt="{html.escape(words)}" src="data:{kind};base64,{code}">'


def chart_block(spec: Mapping[str, Any], number: int) -> str:
    """Return a chart as a figure: caption, specification, place for the live chart, static copy.

    Parameters
    ----------
    spec : mapping
        Vega-Lite 6 specification with its rows inline. `title` becomes the caption, so that it wraps on a
        phone; `description` is what a screen reader says; `usermeta.least_width` the pixels below which it scrolls
        sideways; `usermeta.half` that it stands beside the next one where the page is wide enough.
    number : int
        Place of the chart in the pack, from 1.

    Raises
    ------
    PackError
        The chart links to outside (`href`, `url`), or cannot be drawn.
    """
    link = _find_link(spec)
    if link:
        raise PackError(f"A chart must hold all it shows; got {link} at chart {number}. Hint: pass rows as a table.")
    words = describe_chart(dict(spec))
    own = {key: part for key, part in spec.items() if key not in ("usermeta", "title", "$schema")}
    meta = spec.get("usermeta", {})
    is_half = bool(meta.get("half")) and own.get("width") == "container"
    drawn = {**own, "width": HALF_WIDTH, "autosize": FIT} if is_half else own
    picture = _make_image("image/svg+xml", slim(draw_picture(drawn, f"chart {number}")), words, ' class="static"')
    least = int(meta.get("least_width", 0))
    kind = "chart half" if meta.get("half") else "chart"
    live = f'<div class="live wide" data-least="{least}" tabindex="0"></div>' if least else '<div class="live"></div>'
    return (
        f'<figure class="{kind}" id="chart-{number}">{_make_caption(spec.get("title"))}'
        f'<script type="application/json">{escape_json({**own, "description": words})}</script>'
        f"{live}{picture}</figure>"
    )


def _find_link(part: Any) -> str:
    """Return the first key of a specification (its rows aside) that leads out of the page."""
    if isinstance(part, list):
        return next(filter(None, map(_find_link, part)), "")
    if not isinstance(part, dict):
        return ""
    for key, inner in part.items():
        if key in ("href", "url"):
            return repr(key)
        found = "" if key in ("values", "datasets") else _find_link(inner)
        if found:
            return found
    return ""


def _make_caption(title: Any) -> str:
    parts = title if isinstance(title, dict) else {"text": title}
    lines = [
        " ".join(map(str, text)) if isinstance(text, list) else str(text or "")
        for text in (parts.get("text"), parts.get("subtitle"))
    ]
    pairs = zip(("strong", "span"), lines, strict=True)
    shown = [f"<{tag}>{escape_text(line)}</{tag}>" for tag, line in pairs if line]
    return f"<figcaption>{''.join(shown)}</figcaption>" if shown else ""
