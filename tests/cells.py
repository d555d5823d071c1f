"""Run the cells of a notebook in the test's own process: a kernel takes seconds to start, its cells often none.

What only a kernel does (dying, running out of time, being told to stop) is not claimed of this.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import altair
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from traitlets.config import Config

if TYPE_CHECKING:
    import nbformat
    from papermill.engines import NotebookExecutionManager

NAME = "cells"


class CellEngine(Engine):
    """A papermill engine without a kernel: one namespace, cells from top to bottom, up to the first that fails."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: Any) -> None:
        with open_shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                nb_man.cell_start(cell, index)
                cell.execution_count = shell.execution_count
                if not run_cell(shell, cell):
                    nb_man.cell_exception(cell, cell_index=index)
                    return
                nb_man.cell_complete(cell, cell_index=index)


def run_cell(shell: InteractiveShell, cell: nbformat.NotebookNode) -> bool:
    """Run one cell, put into it what it shows, texts first, and say whether it came to its end."""
    with capture_output() as caught:
        ended = shell.run_cell(cell.source, store_history=False)
    shell.execution_count += 1
    for name, text in (("stdout", caught.stdout), ("stderr", caught.stderr)):
        if text:
            cell.outputs.append(new_output("stream", name=name, text=text))
    for each in caught.outputs:
        cell.outputs.append(new_output("display_data", data=each.data, metadata=each.metadata or {}))
    error = ended.error_before_exec or ended.error_in_exec
    if error is not None:
        name, said = type(error).__name__, str(error)
        cell.outputs.append(new_output("error", ename=name, evalue=said, traceback=[f"{name}: {said}"]))
    return error is None


@contextmanager
def open_shell() -> Iterator[InteractiveShell]:
    """Open an IPython of its own, and leave how charts are shown as it was."""
    plain = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
    renderer, theme = altair.renderers.active, altair.theme.active
    shell = InteractiveShell.instance(config=plain)
    shell.showtraceback = lambda *_, **__: None
    try:
        yield shell
    finally:
        InteractiveShell.clear_instance()
        altair.renderers.enable(renderer)
        altair.theme.enable(theme)


def register_engine() -> str:
    """Make the engine known to papermill in this process and return its name."""
    papermill_engines.register(NAME, CellEngine)
    return NAME
