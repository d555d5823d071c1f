"""Cells of a notebook in a process that is forked, not started: all is imported already, and IPython is a kernel's.

The shell is ipykernel's own, and what it would send to a client over sockets it tells its caller as the same messages.
"""

from __future__ import annotations

import builtins
import getpass
import io
import os
import re
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import numpy as np
import traitlets
from ipykernel.displayhook import Session
from ipykernel.kernelbase import StdinNotImplementedError
from ipykernel.zmqshell import ZMQInteractiveShell
from traitlets.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

Tell = Callable[[dict[str, Any]], object]
"""Takes a message as Jupyter has it."""
ENDED = "ended"
"""Type of the message, Jupyter has none such, that a cell came to its end; its content is whether without an error."""
FLUSH_SECONDS = 0.2
"""How long printed text is gathered before it is told, as a kernel does."""
_PLAIN = Config({"HistoryManager": {"enabled": False}})


def make_message(kind: str, content: Any) -> dict[str, Any]:
    """Make a message with what clients read of one."""
    return {"msg_type": kind, "header": {"msg_type": kind}, "parent_header": {}, "content": content}


class _Telling(Session):
    """A session whose messages go to a function in place of a socket."""

    tell = traitlets.Any()

    def send(self, _: Any, message: Any, content: Any = None, *__: Any, **___: Any) -> None:  # type: ignore[override]
        is_whole = isinstance(message, dict)
        kind, said = (message["msg_type"], message["content"]) if is_whole else (message, content)
        self.tell(make_message(kind, said))


class _Stream(io.TextIOBase):
    """What a cell prints, gathered and told; with what came into a file meanwhile, where a descriptor leads to one."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, name: str, descriptor: int, tell: Tell, file: IO[bytes] | None) -> None:
        self.name, self._descriptor, self._tell, self._file = name, descriptor, tell, file
        self._texts: list[str] = []
        self._told = time.monotonic()

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._texts.append(text)
        if time.monotonic() - self._told > FLUSH_SECONDS:
            self.flush()
        return len(text)

    def flush(self) -> None:
        self._told = time.monotonic()
        texts, self._texts = self._texts, []
        if self._file is not None and (size := os.fstat(self._file.fileno()).st_size):
            texts.append(os.pread(self._file.fileno(), size, 0).decode(errors="replace"))
            os.ftruncate(self._file.fileno(), 0)
            os.lseek(self._file.fileno(), 0, os.SEEK_SET)
        if text := "".join(texts):
            self._tell(make_message("stream", {"name": self.name, "text": text}))

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True


@contextmanager
def open_shell(tell: Tell, out: IO[bytes] | None = None, err: IO[bytes] | None = None) -> Iterator[ZMQInteractiveShell]:
    """Open an IPython as a kernel has it, which tells what it shows; afterwards streams and `__main__` are as before.

    Parameters
    ----------
    tell : callable
        Takes each message, in order, from whichever thread.
    out, err : binary file, optional
        Where what others than Python print goes, told and emptied whenever Python's own text is.
    """
    main, streams = sys.modules["__main__"], (sys.stdout, sys.stderr)
    shell = ZMQInteractiveShell.instance(config=_PLAIN)
    for part in (shell.displayhook, shell.display_pub):
        part.session = _Telling(tell=tell)
    sys.stdout, sys.stderr = _Stream("stdout", 1, tell, out), _Stream("stderr", 2, tell, err)
    try:
        yield shell
    finally:
        sys.stdout, sys.stderr = streams
        ZMQInteractiveShell.clear_instance()
        sys.modules["__main__"] = main


def run_cell(shell: ZMQInteractiveShell, source: str, tell: Tell) -> bool:
    """Run one cell, tell what it shows, and say whether it came to its end without an error."""
    tell(make_message("execute_input", {"code": source, "execution_count": shell.execution_count}))
    ended = shell.run_cell(source, store_history=True)
    sys.stdout.flush()
    sys.stderr.flush()
    return bool(ended.success)


def serve_cells(link: Connection, megabytes: float | None) -> None:
    """Run every cell that comes over a link, in this process, which is theirs alone; end when the link does.

    The process leads a group, so that whatever the cells start can be ended with it. It ends when its parent ends.
    Random numbers of numpy, the same in all that are forked from one process, are drawn anew, as in a kernel.

    Parameters
    ----------
    link : Connection
        Source of a cell in; messages out, the last of a cell of type `ENDED`.
    megabytes : float, optional
        Memory that the cells may fill beyond what is imported, in MiB; any if None.
    """
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.path.append("")
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    builtins.input = getpass.getpass = _refuse_input
    np.random.seed()  # the state of notebooks that use the old generator
    lock = threading.Lock()

    def tell(message: dict[str, Any]) -> None:
        with lock:
            link.send(message)

    with (
        tempfile.TemporaryFile(dir=".") as out,
        tempfile.TemporaryFile(dir=".") as err,
        open_shell(tell, out, err) as shell,
    ):
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        _limit_memory(megabytes)
        with suppress(EOFError, ConnectionError):
            while True:
                tell(make_message(ENDED, run_cell(shell, link.recv(), tell)))


def _limit_memory(megabytes: float | None) -> None:
    """Limit what this process may fill beyond what it holds: all that is imported, and room set apart for it."""
    if megabytes is not None:
        import resource

        status = Path("/proc/self/status")
        held = re.search(r"VmData:\s+(\d+)", status.read_text(encoding="ascii")) if status.exists() else None
        most = int(megabytes * 2**20) + (int(held[1]) * 1024 if held else 0)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _refuse_input(*_: Any, **__: Any) -> NoReturn:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.killpg(0, signal.SIGKILL)
