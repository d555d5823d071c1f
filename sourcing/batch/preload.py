"""Loaded once by the process from which workers are forked, so that each starts with everything imported and tried.

jsonschema imports `rfc3987_syntax` only to check addresses, which nothing here does, and the import takes
most of a second: it is set aside before anything asks for it. What is imported, compiled or filled only when it is
used is used here, on a notebook of two cells. Nothing here starts a thread, which no fork would take along: no solver,
no drawing of charts.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from sourcing import ROOMS
from sourcing.batch.threads import spare_threads

signal.signal(signal.SIGINT, signal.SIG_IGN)  # here and in all that is forked: who is interrupted ends them by SIGTERM
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
spare_threads()
import_module("sourcing.batch.worker")
import_module("sourcing.pack.page.markdown")

for _room in map(import_module, (f"sourcing.{name}" for name in ROOMS)):
    for _name in _room.__all__:
        getattr(_room, _name)

WARMING = "import pandas\npandas.DataFrame({'a': [1.0]})"
"""It sets nothing that a notebook would find set: what charts look like is for each to say."""


def warm() -> None:
    """Run and export a notebook here, and leave everything else as it was."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    from sourcing.batch.shell import open_shell, run_cell
    from sourcing.pack import write_pack

    table = {"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "1"}
    book = new_notebook(
        cells=[
            new_markdown_cell("# Heading\n\n- *text*"),
            new_code_cell("1", outputs=[new_output("display_data", data=table)]),
        ]
    )
    folder = os.environ.get("IPYTHONDIR")
    with tempfile.TemporaryDirectory() as aside:
        os.environ["IPYTHONDIR"] = aside
        try:
            with open_shell(_ignore) as shell:
                run_cell(shell, WARMING, _ignore)
            write_pack(book, Path(aside) / "pack.html")
        finally:
            del os.environ["IPYTHONDIR"]
            if folder is not None:
                os.environ["IPYTHONDIR"] = folder


def _ignore(_: object) -> None:
    """Take what the cells show."""


warm()
gc.collect()
gc.freeze()
