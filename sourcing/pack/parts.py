"""Blocks and charts that belong together: a notebook shows them one after another from one cell."""

from __future__ import annotations

from dataclasses import dataclass
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


def head_block(title: str, *sentences: str) -> Block:
    """Head what follows within a section: a title and what to look for."""
    return render_block("head.html.j2", title, title=title, sentences=list(sentences))


def set_half(chart: Any) -> Any:
    """Ask that a chart stands beside the next one where the page is wide enough; a block is left as it is."""
    if isinstance(chart, Block):
        return Block(f'<div class="half">{chart.html}</div>', chart.words)
    kept = chart.usermeta if isinstance(chart.usermeta, dict) else {}
    return chart.properties(usermeta={**kept, "half": True})
