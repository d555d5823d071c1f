"""Text of notebooks as HTML by nbconvert's reader of markdown, and printed text without terminal codes.

A module of its own, imported when a page is made: nbconvert takes as long to import as all the pack besides.
"""

from __future__ import annotations

from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import BlockParser, InlineParser, IPythonRenderer, MarkdownWithMath

__all__ = ["read_markdown", "strip_ansi"]


def read_markdown(text: str) -> str:
    """Return markdown as HTML, formulas kept as written and HTML left for `sanitize` to judge.

    Examples
    --------
    >>> read_markdown("*less* than").strip()
    '<p><em>less</em> than</p>'
    """
    reader = MarkdownWithMath(IPythonRenderer(escape=False, exclude_anchor_links=True), BlockParser(), InlineParser())
    return str(reader.render(text))
