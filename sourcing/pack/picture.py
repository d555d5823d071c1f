"""Charts as static pictures, drawn without a browser: for print, for readers without scripts, and for code hosts."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from multiprocessing.connection import Client
from typing import Any
from xml.etree import ElementTree

from sourcing.errors import PackError
from sourcing.pack.setting import find_drawer

STATIC_WIDTH = 720
"""Pixels across of the static copy of a chart that names no width."""
STATIC_FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
"""vl-convert lays text out by Arial's widths; `STATIC_MARGIN` is room for a wider font at the reader's."""
STATIC_MARGIN = 16
SVG = "http://www.w3.org/2000/svg"
UNSEEN = frozenset({"class", "role", "pointer-events"})
"""Attributes that a picture does not show, with those of `aria-`: what is read aloud of it is its alternative text."""
WITHOUT = {("opacity", "1"), ("font-family", STATIC_FONT)}
"""Attributes that hold without being said: the font is that of the whole picture."""
DECIMALS = 3
"""Places kept of a coordinate, in pixels."""
_NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")
_COMPOSED = ("concat", "hconcat", "vconcat", "facet", "repeat", "spec")
_CELLS = ("row", "column", "facet")


def escape_json(content: Any) -> str:
    r"""Write JSON that can stand inside a script element: no `<`, so nothing in it can end the element.

    Examples
    --------
    >>> print(escape_json({"name": "</script>"}))
    {"name":"\u003c/script>"}
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def draw_picture(spec: dict[str, Any], place: str, prefix: str = "") -> str:
    """Draw a chart as SVG, in light colors, offline; the same chart gives the same bytes.

    Parameters
    ----------
    spec : dict
        Vega-Lite 6 specification with its rows inline.
    place : str
        Where it stands, for messages.
    prefix : str
        Put before the ids in it; pictures that stand in one document each need their own.

    Raises
    ------
    PackError
        It cannot be drawn.
    """
    single = not any(key in spec for key in _COMPOSED) and not any(key in spec.get("encoding", {}) for key in _CELLS)
    if single and not isinstance(spec.get("width"), int | float | dict):
        spec = {**spec, "width": STATIC_WIDTH, "autosize": {"type": "fit-x", "contains": "padding"}}
    try:
        svg = _have_drawn(escape_json({**spec, "config": {**spec.get("config", {}), "font": STATIC_FONT}}))
    except ValueError as error:
        raise PackError(
            f"A chart must be drawable; got {str(error).splitlines()[0]!r} at {place}. "
            "Hint: draw it alone in a notebook."
        ) from error
    return _number_ids(_widen(svg), prefix)


def slim(svg: str) -> str:
    """Leave out of an SVG what nobody sees: words for screen readers, what holds anyway, places after the third.

    For pictures with an alternative text of their own.

    Examples
    --------
    >>> slim(f'<svg xmlns="{SVG}"><path aria-label="a > b" opacity="1" d="M0.33333333,-2.0e-7h1.50"/></svg>')[-31:]
    '<path d="M0.333,0h1.5" /></svg>'
    """
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(svg)
    for part in root.iter():
        for name, value in list(part.attrib.items()):
            if name in UNSEEN or name.startswith("aria-") or (name, value) in WITHOUT:
                del part.attrib[name]
            elif name != "font-family":
                part.set(name, _NUMBER.sub(_round, value))
    root.set("font-family", STATIC_FONT)
    return ElementTree.tostring(root, encoding="unicode")


def _round(number: re.Match[str]) -> str:
    return f"{round(float(number[0]), DECIMALS) + 0.0:.{DECIMALS}f}".rstrip("0").rstrip(".")


def convert_chart(text: str) -> str:
    """Return a chart, as JSON, as SVG; tried twice, since after one failure vl-convert repeats it for the next chart.

    Raises
    ------
    ValueError
        It cannot be drawn.
    """
    import vl_convert

    try:
        return vl_convert.vegalite_to_svg(text, allowed_base_urls=[])
    except ValueError:
        return vl_convert.vegalite_to_svg(text, allowed_base_urls=[])


def _have_drawn(text: str) -> str:
    """Have a chart drawn by the process that draws for a batch, or draw it here where none is or answers."""
    address = find_drawer()
    if address:
        with suppress(OSError, EOFError), Client(address, family="AF_UNIX") as link:
            link.send_bytes(text.encode())
            told = link.recv_bytes().decode()
            if told.startswith("-"):
                raise ValueError(told[1:])
            return told[1:]
    return convert_chart(text)


def _number_ids(svg: str, prefix: str) -> str:
    """Count ids from 0: vl-convert counts on through a process; one chart must give the same bytes."""
    found = re.findall(r'id="((?:clip|gradient_)\d+)"', svg)
    names = {old: f"{prefix}part{place}" for place, old in enumerate(dict.fromkeys(found))}
    return re.sub(r'(id="|url\(#)((?:clip|gradient_)\d+)(?=["\)])', lambda hit: hit[1] + names.get(hit[2], hit[2]), svg)


def _widen(svg: str) -> str:
    """Add `STATIC_MARGIN` on the left and on the right of an SVG that starts at 0."""
    head = re.search(r'width="(\d+)" height="(\d+)" viewBox="0 0 \1 \2"', svg)
    if head is None:
        return svg
    width = int(head[1]) + 2 * STATIC_MARGIN
    wider = f'width="{width}" height="{head[2]}" viewBox="{-STATIC_MARGIN} 0 {width} {head[2]}"'
    return svg[: head.start()] + wider + svg[head.end() :]
