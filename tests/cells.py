"""Run the cells of a notebook in the test's own process: a kernel takes seconds to start, its cells often none.

What only a process of its own does (dying, running out of time, being told to stop) is not claimed of this.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import altair
from papermill.engines import Engine, papermill_engines

from sourcing.batch import shell as shells
from sourcing.batch.engine import run_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.interactiveshell import InteractiveShell
    from papermill.engines import NotebookExecutionManager

NAME = "cells"


class CellEngine(Engine):
    """A papermill engine in the present process: one shell, cells from top to bottom, up to the first that fails."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: Any) -> None:
        told: list[dict[str, Any]] = []

        def ask(cell: Any) -> list[dict[str, Any]]:
            told.clear()
            is_fine = shells.run_cell(shell, cell.source, told.append)
            return [*told, shells.make_message(shells.ENDED, is_fine)]

        with open_shell(told.append) as shell:
            run_cells(nb_man, ask)


@contextmanager
def open_shell(tell: shells.Tell = id) -> Iterator[InteractiveShell]:
    """Open an IPython of its own, and leave how charts are shown as it was."""
    renderer, theme = altair.renderers.active, altair.theme.active
    try:
        with shells.open_shell(tell) as shell:
            yield shell
    finally:
        altair.renderers.enable(renderer)
        altair.theme.enable(theme)


def register_engine(*_: str) -> str:
    """Make the engine known to papermill in this process and return its name."""
    papermill_engines.register(NAME, CellEngine)
    return NAME
