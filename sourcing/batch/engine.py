"""papermill engines whose every failure ends in the notebook itself: cells in a forked process, or in a kernel.

papermill keeps the notebook when a cell raises, and loses it when the kernel dies or a cell exceeds its time.
Here both become the running cell's error, so that the notebook up to it is kept in every case.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from ipykernel.ipkernel import IPythonKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager, papermill_engines

from sourcing.batch.jobs import KERNEL, SHELL
from sourcing.batch.shell import ENDED, serve_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

KERNEL_OPTIONS = [
    "--HistoryManager.enabled=False",
    "--IPKernelApp.exec_lines=import sys; sys.modules.setdefault('rfc3987_syntax', None)",
]
"""The slow import is set aside for the reason given in `preload`."""
_LIMIT = "--IPKernelApp.exec_lines=import resource; resource.setrlimit(resource.RLIMIT_DATA, ({0}, {0}))"
"""Memory that a kernel may fill; what it only sets apart, as a script engine does by gigabytes, does not count."""


class ForkedEngine(Engine):
    """Run cells in a process forked from this one, in which all is imported; keep the notebook whatever happens."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,  # noqa: ARG003  # part of the interface
        *,
        timeout_func: Callable[[Any], float],
        megabytes: float | None = None,
        **_: Any,
    ) -> None:
        """Run all cells up to the first that fails."""
        with _starting_cells(megabytes) as link:
            run_cells(nb_man, lambda cell: _ask(link, cell, timeout_func(cell)))


def run_cells(nb_man: NotebookExecutionManager, ask: Callable[[Any], Iterable[dict[str, Any]]]) -> None:
    """Run the cells of a notebook up to the first that fails; nbclient puts what they show into it.

    Parameters
    ----------
    nb_man : NotebookExecutionManager
    ask : callable
        Runs a cell of code and gives its messages as they come, the last of type `ENDED`.
    """
    client = PapermillNotebookClient(nb_man, record_timing=False)
    nb_man.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
    for index, cell in enumerate(nb_man.nb.cells):
        nb_man.cell_start(cell, index)
        if cell.cell_type == "code" and cell.source.strip():
            client.clear_before_next_output = False
            is_fine = False
            try:
                for message in ask(cell):
                    if message["msg_type"] == ENDED:
                        is_fine = message["content"]
                    else:
                        client.process_message(message, cell, index)
            except (DeadKernelError, CellTimeoutError) as error:
                end_cell(nb_man, cell, index, error)
                return
            if not is_fine:
                nb_man.cell_exception(cell, cell_index=index)
                return
        nb_man.cell_complete(cell, cell_index=index)


@contextmanager
def _starting_cells(megabytes: float | None) -> Iterator[Connection]:
    """Fork a process for cells and give the link to it; at the end it is gone, with whatever it started."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(ours, theirs, megabytes))
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        with suppress(ProcessLookupError):
            os.killpg(cast("int", process.pid), signal.SIGKILL)
        process.kill()
        process.join()


def _serve(ours: Connection, theirs: Connection, megabytes: float | None) -> None:
    ours.close()
    serve_cells(theirs, megabytes)


def _ask(link: Connection, cell: Any, seconds: float) -> Iterator[dict[str, Any]]:
    """Have a cell run in the process at the other end of a link."""
    deadline = time.monotonic() + seconds
    try:
        link.send(cell.source)
        while link.poll(max(0.0, deadline - time.monotonic())):
            message = link.recv()
            yield message
            if message["msg_type"] == ENDED:
                return
    except (EOFError, ConnectionError) as error:
        raise DeadKernelError("Kernel died") from error
    raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", int(seconds), cell)


class KeepingEngine(NBClientEngine):
    """Run cells in a kernel; keep the notebook whatever happens."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, megabytes: float | None = None, **kwargs: Any
    ) -> Any:
        """Run all cells; a dead kernel or a cell out of time becomes an error output of the running cell.

        A kernel that dies before the first cell has started is started once more: two that start at a time can take
        each other's port, and nothing has run yet.
        """
        limit = [] if megabytes is None else [_LIMIT.format(int(megabytes * 2**20))]

        def run() -> Any:
            return super(KeepingEngine, cls).execute_managed_notebook(
                nb_man, kernel_name, **kwargs, shutdown_kernel="immediate",
                extra_arguments=KERNEL_OPTIONS + limit,
            )  # fmt: skip

        try:
            try:
                return run()
            except RuntimeError:
                if find_running_cell(nb_man) is not None:
                    raise
                return run()
        except (RuntimeError, TimeoutError) as error:  # nbclient's DeadKernelError and CellTimeoutError
            running = find_running_cell(nb_man)
            if running is None:
                raise
            end_cell(nb_man, *running, error)
            return nb_man.nb


def end_cell(nb_man: NotebookExecutionManager, cell: Any, index: int, error: Exception) -> None:
    """Make what ended a cell from outside the cell's own error."""
    said = "the cell exceeded the unit's time" if isinstance(error, TimeoutError) else "the kernel died"
    cell.outputs.append(new_output("error", ename=type(error).__name__, evalue=said, traceback=[said]))
    nb_man.cell_exception(cell, cell_index=index, exception=error)


def find_running_cell(nb_man: NotebookExecutionManager) -> tuple[Any, int] | None:
    """Return the last code cell that was started, and its place; None where none was."""
    started = [
        (cell, index)
        for index, cell in enumerate(nb_man.nb.cells)
        if cell.cell_type == "code" and cell.metadata.papermill["status"] != nb_man.PENDING
    ]
    return started[-1] if started else None


ENGINES = {SHELL: ForkedEngine, KERNEL: KeepingEngine}


def register_engine(name: str) -> str:
    """Make an engine known to papermill in this process and return its name there."""
    papermill_engines.register(f"sourcing-{name}", ENGINES[name])
    return f"sourcing-{name}"
