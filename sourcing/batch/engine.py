"""A papermill engine whose every failure ends in the notebook itself.

papermill keeps the notebook when a cell raises, and loses it when the kernel dies or a cell exceeds its time.
Here both become the running cell's error, so that the notebook up to it is kept in every case.
"""

from __future__ import annotations

from typing import Any

from nbformat.v4 import new_output
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

NAME = "sourcing"


class KeepingEngine(NBClientEngine):
    """Run cells in a kernel; keep the notebook whatever happens."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *args: Any, **kwargs: Any
    ) -> Any:
        """Run all cells; a dead kernel or a cell out of time becomes an error output of the running cell.

        A kernel that dies before the first cell has started is started once more: two that start at a time can take
        each other's port, and nothing has run yet.
        """
        run = super().execute_managed_notebook
        try:
            try:
                return run(nb_man, kernel_name, *args, **kwargs)
            except RuntimeError:
                if find_running_cell(nb_man) is not None:
                    raise
                return run(nb_man, kernel_name, *args, **kwargs)
        except (RuntimeError, TimeoutError) as error:  # nbclient's DeadKernelError and CellTimeoutError
            running = find_running_cell(nb_man)
            if running is None:
                raise
            cell, index = running
            is_late = isinstance(error, TimeoutError)
            said = "the cell exceeded the unit's time" if is_late else "the kernel died"
            told = new_output("error", ename=type(error).__name__, evalue=said, traceback=[said])
            cell.outputs.append(told)
            nb_man.cell_exception(cell, cell_index=index, exception=error)
            return nb_man.nb


def find_running_cell(nb_man: NotebookExecutionManager) -> tuple[Any, int] | None:
    """Return the last code cell that was started, and its place; None where none was."""
    started = [
        (cell, index)
        for index, cell in enumerate(nb_man.nb.cells)
        if cell.cell_type == "code" and cell.metadata.papermill["status"] != nb_man.PENDING
    ]
    return started[-1] if started else None


def register_engine() -> str:
    """Make the engine known to papermill in this process and return its name."""
    papermill_engines.register(NAME, KeepingEngine)
    return NAME
