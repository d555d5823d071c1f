"""What notebooks look like: one theme for charts and tables, with everything that needs no network.

Tables are the pack's own HTML tables. A script of a few lines sorts and filters them in JupyterLab and in what
nbconvert makes of the notebook; where scripts do not run, as on a code host, the same table stands there, whole.
Libraries of tables were looked at and not taken: itables rides on DataTables, which puts half a megabyte of script into
each notebook and shows nothing but a waiting line where it does not run; great_tables neither sorts nor filters; a grid
of widgets is gone as soon as its kernel is. Theme and script stand once in a notebook, in the output of the cell that
calls `prepare_display`, so that a run in batch grows by a few kilobytes.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from sourcing.pack.block import render_block
from sourcing.pack.notebook.frames import show_frame
from sourcing.pack.renderer import use_pack_renderer
from sourcing.pack.theme import MODEL_COLORS, TONES, use_theme


def prepare_display() -> None:
    """Give charts and tables of this session the suite's look, offline in JupyterLab, packs and code hosts alike.

    Charts are shown as `renderer.render_chart` says, a bare table as `frames.show_frame` says. Call this once, at the
    top of a notebook; outside of IPython only charts get the look.
    """
    from IPython.core.getipython import get_ipython  # a kernel has it already; the command can do without

    use_theme()
    use_pack_renderer()
    shell = get_ipython()
    if shell is not None:
        _show_tables(shell)


def _show_tables(shell: Any) -> None:
    """Show every bare table in the pack's look, and publish style and script of tables as an output of this cell."""
    html = shell.display_formatter.formatters["text/html"]
    for kind in (pd.DataFrame, pd.Series):
        html.for_type(kind, lambda table: show_frame(table).html)
    shell.display_pub.publish({"text/html": draw_theme(), "text/plain": ""})


def draw_theme() -> str:
    """Return style and script of the tables of a notebook as one HTML fragment."""
    return render_block("notebook.html.j2", "", colors=MODEL_COLORS, **TONES).html
