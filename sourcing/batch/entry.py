"""The way into a worker's process, so that the process which waits for it loads nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.batch.jobs import Job


def enter(job: Job) -> None:
    """Do a job in the present process."""
    from sourcing.batch.worker import run_job

    run_job(job)
