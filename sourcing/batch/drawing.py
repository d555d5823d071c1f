"""One process that draws the charts of all units of a run: a script engine takes most of a second to start."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
from multiprocessing import parent_process
from multiprocessing.connection import Listener, wait
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.batch.pool import can_fork, end_process, make_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

_SOCKET = "drawing"


@contextlib.contextmanager
def drawing(preload: str) -> Iterator[str]:
    """Have charts drawn by a process of its own for a while, and give its address; "" where the system cannot fork.

    A unit that cannot reach it draws by itself. It ends with this process, however that ends.

    Parameters
    ----------
    preload : str
        Module that is loaded where processes are forked.
    """
    if not can_fork():
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="sourcing-", ignore_cleanup_errors=True) as folder:
        context = make_context(preload)
        process = context.Process(target=serve_pictures, args=(folder,), name="drawing", daemon=True)  # type: ignore[attr-defined]
        process.start()
        try:
            yield str(Path(folder, _SOCKET))
        finally:
            end_process(process)


def serve_pictures(folder: str) -> None:
    """Draw for whoever asks at the socket in a folder, until the process that started this one is gone.

    The socket stands before anyone watches for that end: it may have come before this process began, and what is
    then swept has to be whole.
    """
    from sourcing.pack import convert_chart

    one_at_a_time = threading.Lock()
    with contextlib.suppress(OSError), Listener(str(Path(folder, _SOCKET)), family="AF_UNIX", backlog=16) as listener:
        threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
        while True:
            threading.Thread(
                target=_answer, args=(listener.accept(), one_at_a_time, convert_chart), daemon=True
            ).start()


def _answer(link: Connection, one_at_a_time: threading.Lock, convert_chart: Callable[[str], str]) -> None:
    with link, contextlib.suppress(EOFError, OSError):
        while True:
            text = link.recv_bytes().decode()
            with one_at_a_time:
                try:
                    told = f"+{convert_chart(text)}"
                except ValueError as error:
                    told = f"-{error}"
            link.send_bytes(told.encode())


def _end_with_parent(folder: str) -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)
