"""Blocks and charts that belong together: a notebook shows them one after another from one cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sourcing.pack.block import Block, render_block


@dataclass(frozen=True)
class Parts:
    """Blocks and charts in the order they are read."""

    shown: tuple[Any, ...]

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for part in self.shown:
            display(part)


def join_parts(*parts: Any) -> Parts:
    """Join blocks, charts and parts joined before; blocks without content are left out.

    Examples
    --------
    >>> len(join_parts(Block("<p>a</p>", "a"), Block("", ""), join_parts(Block("<p>b</p>", "b"))).shown)
    2
    """
    flat = [one for part in parts for one in (part.shown if isinstance(part, Parts) else (part,))]
    return Parts(tuple(part for part in flat if not (isinstance(part, Block) and not part.html.strip())))


def open_topic(title: str, *parts: Any, hint: str = "") -> Parts:
    """Head what belongs together within a chapter; a topic that has nothing to show is one line that says so.

    Parameters
    ----------
    title : str
    *parts : Block, Parts or chart
        What it shows; where each of them only says that there is nothing, the first one's sentence is kept.
    hint : str
        What to look for.
    """
    shown = join_parts(*parts).shown
    if all(map(_is_blank, shown)):
        sentence = shown[0].words if shown else "nothing to show."
        return Parts((replace(render_block("blank.html.j2", sentence, title=title, sentence=sentence), is_blank=True),))
    return join_parts(head_block(title, *([hint] if hint else [])), *shown)


def join_chapter(*topics: Any) -> Parts:
    """Join the topics of a chapter: those without content come last, a line each, and nothing is said twice."""
    blank = [isinstance(topic, Parts) and all(map(_is_blank, topic.shown)) for topic in topics]
    in_order = sorted(zip(blank, topics, strict=True), key=lambda pair: pair[0])
    said: set[str] = set()
    kept = []
    for part in join_parts(*(topic for _, topic in in_order)).shown:
        if not (_is_blank(part) and part.words in said):
            kept.append(part)
        if _is_blank(part):
            said.add(part.words)
    return Parts(tuple(kept))


def _is_blank(part: Any) -> bool:
    return isinstance(part, Block) and part.is_blank


def head_block(title: str, *sentences: str) -> Block:
    """Head what follows within a section: a title and what to look for."""
    return render_block("head.html.j2", title, title=title, sentences=list(sentences))


def set_half(chart: Any) -> Any:
    """Ask that a chart stands beside the next one where the page is wide enough; a block is left as it is."""
    if isinstance(chart, Block):
        return Block(f'<div class="half">{chart.html}</div>', chart.words)
    kept = chart.usermeta if isinstance(chart.usermeta, dict) else {}
    return chart.properties(usermeta={**kept, "half": True})
