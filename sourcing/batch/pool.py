"""Jobs in processes of their own, a few at a time; one that crashes or hangs takes no other with it.

`multiprocessing.Pool` waits for ever when a worker dies and `ProcessPoolExecutor` gives up all jobs, so each
job is one `Process` here, watched by its sentinel.
"""

from __future__ import annotations

import json
import multiprocessing
import signal
import sys
import time
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from sourcing.batch.jobs import FAILED, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

    from sourcing.batch.jobs import Job

EXPORT_SECONDS = 60.0
GRACE_SECONDS = 5.0


def run_jobs(
    jobs: Iterable[Job],
    workers: int,
    run: Callable[[Job], None],
    *,
    preload: str,
    export_seconds: float = EXPORT_SECONDS,
) -> Generator[tuple[Job, Outcome]]:
    """Run jobs and yield each with its outcome as it ends.

    Parameters
    ----------
    jobs : iterable of Job
        Taken one by one as processes become free.
    workers : int
        Processes at a time, at least 1.
    run : callable
        Does a job in its process; a function of a module, so that it can be found by name there.
    preload : str
        Module to load before processes are forked.
    export_seconds : float
        What a job may take beyond its own `seconds`; then its process is ended.
    """
    context = make_context(preload)
    waiting = iter(jobs)
    running: list[_Running] = []
    try:
        while True:
            while len(running) < workers and (job := next(waiting, None)) is not None:
                running.append(_Running(context, job, run, export_seconds))
            if not running:
                return
            wait(
                [each.process.sentinel for each in running],
                timeout=min(each.seconds_left() for each in running),
            )
            for each in [each for each in running if each.is_over()]:
                running.remove(each)
                yield each.job, each.read_outcome()
    finally:
        for each in running:
            each.end()


def can_fork() -> bool:
    """Whether the system can fork a process from one that has all loaded."""
    return "forkserver" in multiprocessing.get_all_start_methods()


def make_context(module: str) -> BaseContext:
    """Return how processes start: forked from a clean one with `module` loaded, or spawned."""
    if not can_fork():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    return context


def end_process(process: BaseProcess) -> None:
    """End a process: ask first, then kill."""
    process.terminate()
    process.join(GRACE_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()


class _Running:
    """A job's process, its clock and its end."""

    def __init__(self, context: BaseContext, job: Job, run: Callable[[Job], None], export_seconds: float) -> None:
        self.job = job
        self.started = time.monotonic()
        self.limit = job.seconds + export_seconds
        self.is_ended = False
        self.process: BaseProcess = context.Process(target=run, args=(job,), name=job.business_unit)  # type: ignore[attr-defined]
        self.process.start()

    def seconds_left(self) -> float:
        return max(0.0, self.started + self.limit - time.monotonic())

    def is_over(self) -> bool:
        """Whether the process has ended; one that is out of time is ended here."""
        if self.process.is_alive() and self.seconds_left() == 0.0:
            self.end()
        return not self.process.is_alive()

    def end(self) -> None:
        """End the process: ask first, so that it can shut down its kernel, then kill."""
        self.is_ended = True
        end_process(self.process)

    def read_outcome(self) -> Outcome:
        self.process.join()
        seconds = round(time.monotonic() - self.started, 2)
        unit, told = self.job.business_unit, _read_told(self.job)
        if told is not None:
            return Outcome(unit, told["status"], told["error"], seconds, told["summary"])
        said = self._say_how_it_ended()
        log = self.job.log.read_text(encoding="utf-8", errors="replace") if self.job.log.is_file() else ""
        self.job.keep_failure(f"{log}\n{said}".strip())
        return Outcome(unit, FAILED, said, seconds)

    def _say_how_it_ended(self) -> str:
        if self.is_ended:
            return f"The unit's process exceeded its {self.limit:g} seconds and was ended."
        code = self.process.exitcode or 0
        if code < 0 and sys.platform != "win32":
            return f"The unit's process was ended by {signal.Signals(-code).name}."
        return f"The unit's process ended with code {code} before it was done."


def _read_told(job: Job) -> dict[str, Any] | None:
    """Read what a process told of its job, or None where it ended before it could."""
    try:
        return json.loads(job.outcome.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
