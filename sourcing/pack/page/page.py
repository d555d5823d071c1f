"""One page that holds all it shows: sanitized text, live charts with a static copy of each, one policy."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import os
import re
import sys
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import nh3
import vl_convert
from markupsafe import Markup

from sourcing.errors import PackError
from sourcing.pack.direction import escape_text, isolate
from sourcing.pack.picture import escape_json
from sourcing.pack.theme import FONT, MODEL_COLORS, TONES, color_config

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TEMPLATES = Path(__file__).with_name("templates")
_KEPT = (
    "a abbr article aside b bdi blockquote br caption code col colgroup dd del details div dl dt em figcaption"
    " figure h1 h2 h3 h4 h5 h6 hr i ins kbd li mark meter ol p pre progress s section small span strong sub"
    " summary sup table tbody td tfoot th thead time tr u ul"
)
_DROPPED = "script style template iframe object noscript svg math head title textarea"
_ATTRIBUTES = {
    "*": {"class", "dir", "id", "lang", "role", "title"},
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "meter": {"value", "min", "max", "low", "high", "optimum"},
    "ol": {"start"},
    "progress": {"value", "max"},
    "span": {"style"},
    "td": {"colspan", "rowspan", "headers", "data-label"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
    "time": {"datetime"},
}


@dataclass(frozen=True)
class Section:
    """A part of the page.

    Attributes
    ----------
    heading : str
        Plain text, listed in the contents; empty for the part before the first heading.
    anchor : str
        Name that links within the page use.
    body : str
        HTML made by the functions of this module, trusted as it stands.
    kind : str
        page (a page of the spine), fold (evidence that unfolds below its heading) or "".
    """

    heading: str
    anchor: str
    body: str
    kind: str = ""


def bundle_script(folder: Path | None = None) -> str:
    """Return the one script that draws all charts: Vega, Vega-Lite, Vega-Embed and its interpreter.

    Bundling takes seconds in a fresh process, so the text is kept in `folder`, one file per version of
    vl-convert; where the folder cannot be written the text is made anew in each process.

    Parameters
    ----------
    folder : Path, optional
        Where the text is kept; by default `share/sourcing` of the Python environment.
    """
    return _read_bundle(folder or Path(sys.prefix, "share", "sourcing"))


@cache
def _read_bundle(folder: Path) -> str:
    kept = folder / f"vega-{version('vl-convert-python')}.js"
    try:
        text = kept.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    if text.rstrip().endswith("window.vegaLite=__default1;"):
        return text
    text = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # its stub forgets the default
    aside = kept.with_name(f"{kept.name}.{os.getpid()}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, encoding="utf-8", newline="\n")
        aside.replace(kept)
    except OSError:
        return text
    return text


_SPAN = re.compile(r"(--(zero|low|mid|high):\d{1,3}(\.\d)?%;?){1,4}", re.ASCII)
"""The only style that a block may bring: where a bar in a cell begins and ends."""
_BESIDE = re.compile(r"\w[\w-]*\.(xlsx|csv)", re.ASCII)


def sanitize(text: str) -> str:
    """Keep of an HTML fragment what a pack may show: no scripts, styles, pictures or links to outside.

    Parameters
    ----------
    text : str
        Any HTML; unbalanced tags are closed.

    Examples
    --------
    >>> sanitize('<p onclick="x()" class="note">Cost<script>x()</script></p>')
    '<p class="note">Cost</p>'
    >>> sanitize('<a href="javascript:x()">a</a> <a href="#plan">b</a>')
    '<a>a</a> <a href="#plan">b</a>'
    """
    return nh3.clean(
        text,
        tags=set(_KEPT.split()),
        clean_content_tags=set(_DROPPED.split()),
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_inner,
        generic_attribute_prefixes={"aria-"},
        link_rel=None,
    )


def _keep_inner(_tag: str, attribute: str, value: str) -> str | None:
    """Keep links within the page and to a workbook or table in the same folder, and of styles the ends of a bar."""
    if attribute == "style":
        return value if _SPAN.fullmatch(value) else None
    is_kept = attribute != "href" or value.startswith("#") or _BESIDE.fullmatch(value)
    return value if is_kept else None


def strip_tags(text: str) -> str:
    """Return the plain words of an HTML fragment.

    Examples
    --------
    >>> strip_tags("Cost &amp; <em>risk</em>")
    'Cost & risk'
    """
    return " ".join(html.unescape(nh3.clean(text, tags=set(), clean_content_tags=set(_DROPPED.split()))).split())


def text_block(text: str, kind: str = "text") -> str:
    """Return plain text as a preformatted block.

    Examples
    --------
    >>> text_block("a < b")
    '<pre class="text">a &lt; b</pre>'
    """
    return f'<pre class="{html.escape(kind)}">{escape_text(text)}</pre>'


def failure_block(name: str, message: str) -> str:
    """Return the box that tells the reader where the pack broke off.

    Parameters
    ----------
    name : str
        Class of the error.
    message : str
        Its message.
    """
    return (
        '<div class="failure" role="alert"><strong>This pack is incomplete: a step failed.</strong>'
        f"<pre>{escape_text(f'{name}: {message}')}</pre></div>"
    )


def render_page(
    title: str, subtitle: str, sections: Sequence[Section], charts: int, provenance: Mapping[str, str]
) -> str:
    """Return the whole page.

    Parameters
    ----------
    title, subtitle : str
        Plain text.
    sections : sequence of Section
        In reading order.
    charts : int
        Number of charts in the sections; at 0 the drawing script stays out.
    provenance : mapping of str to str
        Shown in the footer.

    Raises
    ------
    PackError
        A script would end its own element.
    """
    boot = _load_template("boot.js").replace("__DARK__", escape_json(color_config("dark")))
    if re.search(r"</script|<!--", boot, re.IGNORECASE):
        raise PackError("A script must not end its own element; got one that does. Hint: look into boot.js.")
    drawing = bundle_script() if charts else ""
    rooms = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=isolate,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    style = rooms.get_template("pack.css.j2").render(models=MODEL_COLORS, font=Markup(FONT), **TONES)
    return rooms.get_template("pack.html.j2").render(
        title=title,
        subtitle=subtitle,
        sections=[replace(section, body=Markup(section.body)) for section in sections],
        contents=[s for s in sections if s.heading],
        provenance=provenance,
        style=Markup(style),
        boot=Markup(boot),
        drawing=_squeeze(drawing) if drawing else "",
        policy=Markup(make_policy([script for script in (drawing, boot) if script])),
    )


@cache
def _squeeze(script: str) -> str:
    """Squeeze the drawing script, most of a small page; the page unpacks it, and the policy names it whole."""
    return base64.b64encode(gzip.compress(script.encode(), mtime=0)).decode()


def _load_template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def make_policy(scripts: Sequence[str]) -> str:
    """Return the content-security policy: these scripts, inline styles, pictures that ride along, no more."""
    marks = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{mark}'" for mark in marks)
    return (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {allowed}; "
        "base-uri 'none'; form-action 'none'"
    )
