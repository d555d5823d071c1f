"""Units on the workers of a Dask cluster; each worker does a unit as this machine would, in processes of its own.

What travels is the job, the notebook and, unless the tables lie on storage that all share, the case's files; what
comes back is what became of the unit and the files of its pack.
"""

from __future__ import annotations

import multiprocessing
import platform
import tempfile
import warnings
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sourcing.batch.entry import enter
from sourcing.batch.inputs import fingerprint_suite
from sourcing.batch.jobs import FAILED, Job, Outcome
from sourcing.batch.manifest import list_packages
from sourcing.batch.notebooks import OWN_PATHS
from sourcing.batch.pool import can_fork, run_jobs
from sourcing.batch.strip import label_machine, label_paths
from sourcing.case import locate_seal
from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    from distributed import Client, Future

REACH_SECONDS = 30.0
"""Longest wait for a scheduler to answer, and for the first worker to be there."""
SENT, SHARED = "sent", "shared"
"""How tables reach the workers: through the scheduler, or as files at the same path on storage that all share."""
DAEMON_HINT = "start it with --no-nanny, or with DASK_DISTRIBUTED__WORKER__DAEMON=False"


@dataclass(frozen=True)
class Parcel:
    """A job with what a worker elsewhere needs for it.

    Attributes
    ----------
    job : Job
        With the paths of the machine that sends it.
    notebook : bytes
    case_folder : Path
        Where the case lies on the machine that sends it, or on shared storage.
    """

    job: Job
    notebook: bytes
    case_folder: Path


@contextmanager
def connecting(scheduler: str, case_folder: Path, case_by: str) -> Iterator[Client]:
    """Connect to a cluster whose workers can make the packs that this machine would make.

    Parameters
    ----------
    scheduler : str
        Address of a Dask scheduler, such as `tcp://host:8786`.
    case_folder : Path
        The case that is to be run: its folder or workbook, absolute.
    case_by : {"sent", "shared"}

    Raises
    ------
    InputError
        Dask is not installed, no scheduler or no worker answers, or a worker has another suite than this machine, may
        not start processes or does not see a shared case.
    """
    if case_by not in (SENT, SHARED):
        raise InputError(f"A case reaches workers {SENT} or {SHARED}; got {case_by!r}. Hint: {SENT}, the default.")
    with _open_client(scheduler) as client:
        _compare_workers(client, case_folder if case_by == SHARED else None)
        yield client


def run_on_cluster(
    client: Client, jobs: Iterable[Job], case_folder: Path, *, case_by: str = SENT, workers: int | None = None
) -> Generator[tuple[Job, Outcome]]:
    """Run jobs on the workers of a cluster and yield each with its outcome as it ends, its files in place here.

    A unit whose worker is lost is done again on another.

    Parameters
    ----------
    client : Client
        From `connecting`.
    jobs : iterable of Job
        Taken one by one as threads of workers become free.
    case_folder : Path
        The case that the jobs are about: its folder or workbook, absolute.
    case_by : {"sent", "shared"}
    workers : int, optional
        Units at a time; as many as the workers have threads, if None.
    """
    files: Future | None = None
    if case_by == SENT:
        files = client.submit(dict, _read_files(case_folder), pure=False)
    waiting = iter(jobs)
    running: dict[Future, Job] = {}
    try:
        while True:
            free = workers or max(1, sum(client.nthreads().values()))
            while len(running) < free and (job := next(waiting, None)) is not None:
                parcel = Parcel(job, job.notebook.read_bytes(), case_folder)
                running[client.submit(do_parcel, parcel, files, pure=False)] = job
            if not running:
                return
            for each in _wait_for_any(client, running):
                job = running.pop(each)
                yield job, _receive(each, job)
    finally:
        client.cancel(list(running))


def _open_client(scheduler: str) -> Client:
    try:
        import distributed
    except ImportError as error:
        raise InputError(
            f"A scheduler needs the package distributed; got {scheduler!r} without it. "
            "Hint: pip install 'sourcing[cluster]'."
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return distributed.Client(scheduler, timeout=REACH_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"A scheduler must answer at its address; got {type(error).__name__} at {scheduler!r} within "
            f"{REACH_SECONDS:g} s. Hint: tcp://HOST:PORT as `dask scheduler` prints it."
        ) from error


def describe_machine(case_folder: Path | None = None) -> dict[str, Any]:
    """Describe a machine as far as packs depend on it, and whether it sees a case."""
    return {
        "suite": fingerprint_suite(),
        "packages": {"Python": platform.python_version(), **list_packages()},
        "can_fork": can_fork(),
        "is_daemon": multiprocessing.current_process().daemon,
        "sees_case": case_folder is None or case_folder.exists(),
    }


def _compare_workers(client: Client, case_folder: Path | None) -> None:
    """Refuse workers whose packs would be others than those of this machine, or that cannot do a unit."""
    try:
        client.wait_for_workers(1, timeout=REACH_SECONDS)
        told = client.run(describe_machine, case_folder)
    except TimeoutError as error:
        raise InputError(
            f"A scheduler must have workers; got none within {REACH_SECONDS:g} s. Hint: dask worker ADDRESS --no-nanny."
        ) from error
    except ModuleNotFoundError as error:
        raise InputError(
            f"A worker must have the suite; got {error}. Hint: install what is in requirements.txt on each worker."
        ) from error
    here = describe_machine(case_folder)
    for address, there in told.items():
        if there["is_daemon"]:
            raise InputError(
                f"A worker must be free to start processes; got a daemon at {address}. Hint: {DAEMON_HINT}."
            )
        if unlike := _tell_difference(here, there):
            raise InputError(
                f"A worker must have the suite and the packages of this machine, so that packs are the same; got "
                f"{unlike} at {address}. Hint: install the same suite and requirements.txt there."
            )
        if not there["sees_case"]:
            raise InputError(
                f"A shared case must be at the same path on every worker; got none at {case_folder} on {address}. "
                f"Hint: --case-by {SENT}."
            )


def _tell_difference(here: Mapping[str, Any], there: Mapping[str, Any]) -> str:
    """Tell what differs first: a package, whether processes can be forked, else the suite's own files."""
    for name, version in here["packages"].items():
        if there["packages"].get(name) != version:
            return f"{name} {there['packages'].get(name, 'missing')} in place of {version}"
    if here["can_fork"] != there["can_fork"]:
        return "a system that forks no processes" if here["can_fork"] else "a system that forks processes"
    return "other files of the suite" if here["suite"] != there["suite"] else ""


def _read_files(case_folder: Path) -> dict[str, bytes]:
    """Read the files of a case, its seals included: name -> content."""
    inside = sorted(case_folder.iterdir()) if case_folder.is_dir() else [case_folder, locate_seal(case_folder)]
    return {path.name: path.read_bytes() for path in inside if path.is_file() and not path.name.startswith(".")}


def _wait_for_any(client: Client, running: Mapping[Future, Job]) -> list[Future]:
    from distributed import wait

    with client.as_current():
        return list(wait(list(running), return_when="FIRST_COMPLETED").done)


def _receive(future: Future, job: Job) -> Outcome:
    """Put the files of a finished unit in place here; an error of the cluster is the unit's."""
    job.pack.mkdir(exist_ok=True)
    try:
        outcome, files = future.result()
    except (Exception, CancelledError) as error:  # noqa: BLE001  # whatever befell the worker must not stop the others
        said = f"The unit was lost on the cluster ({type(error).__name__}). Hint: run again with --resume."
        job.keep_failure(f"{error}\n{said}")
        return Outcome(job.business_unit, FAILED, said)
    finally:
        future.release()
    for name, content in files.items():
        path = job.pack / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return outcome


def do_parcel(parcel: Parcel, files: Mapping[str, bytes] | None) -> tuple[Outcome, dict[str, bytes]]:
    """Do a job on this worker, in a folder of its own that is gone afterwards.

    Parameters
    ----------
    parcel : Parcel
    files : mapping of str to bytes, optional
        Of the case; None where it is read at the path that the parcel names.

    Returns
    -------
    outcome : Outcome
    files : dict of str to bytes
        Of the pack, by their path in it.
    """
    with tempfile.TemporaryDirectory(prefix="sourcing-", ignore_cleanup_errors=True) as folder:
        job = _settle_in(parcel, files, Path(folder))
        [(_, outcome)] = run_jobs([job], 1, enter, preload="sourcing.batch.preload")
        made = [path for path in sorted(job.pack.rglob("*")) if path.is_file()]
        return outcome, {path.relative_to(job.pack).as_posix(): path.read_bytes() for path in made}


def _settle_in(parcel: Parcel, files: Mapping[str, bytes] | None, folder: Path) -> Job:
    """Return the job with the folders of this worker in place of those of the machine that sent it."""
    job, aside, notebook = parcel.job, folder / "run", folder / parcel.job.notebook.name
    aside.mkdir()
    notebook.write_bytes(parcel.notebook)
    here = {str(job.aside): str(aside)}
    if files is not None:
        case = folder / "case"
        case.mkdir()
        for name, content in files.items():
            (case / name).write_bytes(content)
        is_file = parcel.case_folder.name in files
        here[str(parcel.case_folder)] = str(case / parcel.case_folder.name if is_file else case)
    own = [str(job.aside), *(str(value) for name, value in job.parameters.items() if name in OWN_PATHS)]
    labels = {label_paths(path, here): job.labels[path] for path in own}
    return replace(
        job, notebook=notebook, aside=aside, parameters=label_paths(job.parameters, here), labels=label_machine(labels)
    )
