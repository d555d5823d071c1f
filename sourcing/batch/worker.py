"""One unit in a process of its own: run the notebook, export the pack, write the decision."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import re
import shutil
import signal
import sys
import threading
import time
import traceback
from dataclasses import replace
from multiprocessing.connection import wait
from typing import Any, NoReturn

import nbformat
import papermill
from nbformat.reader import NotJSONError
from papermill.exceptions import PapermillExecutionError
from papermill.execute import ERROR_MARKER_TAG

from sourcing import errors
from sourcing.batch.engine import register_engine
from sourcing.batch.jobs import FAILED, INFEASIBLE, OUT_OF_TIME, Job
from sourcing.batch.notebooks import arrange_parameters, find_notebook, read_parameters
from sourcing.batch.strip import label_paths, strip_notebook
from sourcing.batch.threads import spare_threads
from sourcing.case import HANDED, LEVERS
from sourcing.errors import say_os_error
from sourcing.pack import drop_inputs, dump_json, mark_batch, read_decision, write_decision, write_pack

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_STATUS = {"InfeasiblePlanError": INFEASIBLE, "NoPlanFoundError": OUT_OF_TIME}
_CAUSES = {
    "CellTimeoutError": "the unit's time ran out. Hint: a longer --time-limit.",
    "DeadKernelError": "its process died, as it does where the machine's memory runs out. Hint: fewer --workers.",
    "CellExecutionError": "it broke off without telling why, as it does where memory runs out. Hint: a larger "
    "--memory-limit, or fewer --workers.",
    "MemoryError": "the unit's memory ran out. Hint: a larger --memory-limit, or fewer --workers.",
}
"""Name of an error whose message says little to an analyst -> its words."""
PACK, NO_PLAN = "pack.html", "no_plan.html"
"""The page of a unit, and that of a unit without a plan."""


def run_job(job: Job) -> None:
    """Do a job in the present process, which is its own; what came of it is in `job.outcome`.

    Every failure of the notebook, of the export or of the tables is an outcome; only a crash leaves none.
    """
    started = time.monotonic()
    prepare_process(job)
    try:
        outcome = _run_and_export(job, PACK)
    except PapermillExecutionError as error:
        text = _ANSI.sub("", "\n".join(error.traceback) or str(error))
        outcome = _keep_failure(job, _STATUS.get(error.ename, FAILED), _say_cause(job, error), text)
        if outcome["status"] == INFEASIBLE:
            outcome["error"] = _explain_refusal(job, job.seconds - (time.monotonic() - started)) or outcome["error"]
    except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to this unit and must not stop the others
        said = say_os_error(error) if isinstance(error, OSError) else _say_error(type(error).__name__, str(error))
        outcome = _keep_failure(job, FAILED, said, traceback.format_exc())
    job.outcome.write_text(dump_json(outcome), encoding="utf-8")


def prepare_process(job: Job) -> None:
    """Make the process the job's own: working folder, streams, settings, and its end when the parent ends.

    Raises
    ------
    SystemExit
        The run was stopped while this process started: its folder is gone, and nobody waits for it.
    """
    scratch = job.aside / "scratch"
    try:
        scratch.mkdir()
    except FileNotFoundError:
        raise SystemExit(1) from None
    job.pack.mkdir()
    os.chdir(scratch)
    log = os.open(job.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(log, 1)
    os.dup2(log, 2)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    os.environ["IPYTHONDIR"] = os.environ["JUPYTER_RUNTIME_DIR"] = str(scratch)
    mark_batch(job.drawer)
    os.environ[HANDED] = str(job.handed)
    spare_threads()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _stop(*_: Any) -> NoReturn:
    """Leave by an exception, so that the kernel is gone before the folder it writes to."""
    raise SystemExit(1)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


def _run_and_export(job: Job, page: str) -> dict[str, Any]:
    notebook = _execute(job)
    decision = label_paths(read_decision(notebook) or {"summary": {}, "tables": {}}, job.labels)
    write_pack(job.pack / "notebook.ipynb", job.pack / page, title=job.title, provenance=job.provenance)
    summary = decision["summary"]
    if summary:
        write_decision(job.pack, summary, decision["tables"], decision.get("inputs"))
    return {"status": str(summary.get("status", "done")), "error": "", "summary": summary}


def _explain_refusal(job: Job, seconds: float) -> str:
    """Put in place of what a unit without a plan left the page that says why, and the cheapest repair.

    Returns
    -------
    str
        The reason in the unit's words; "" where the page could not be made and what was left stays.
    """
    notebook, aside = find_notebook("no_plan"), job.aside / "no_plan"
    known = read_parameters(notebook)
    given = {name: value for name, value in job.parameters.items() if name in known or name in LEVERS}
    (aside / "pack").mkdir(parents=True)
    own = replace(job, notebook=notebook, parameters=given, aside=aside, seconds=max(1.0, seconds))
    try:
        made = _run_and_export(own, NO_PLAN)
    except Exception:  # noqa: BLE001  # the failure itself is kept already; a second one must not hide it
        traceback.print_exc()
        return ""
    shutil.rmtree(job.pack)
    own.pack.rename(job.pack)
    return str(made["summary"].get("error", ""))


def _execute(job: Job) -> dict[str, Any]:
    """Run the notebook, keep it stripped, and return it as run (a file would have its keys sorted)."""
    deadline = time.monotonic() + job.seconds
    executed = job.aside / "executed.ipynb"
    parameters = arrange_parameters(job.notebook, job.parameters)
    try:
        return papermill.execute_notebook(
            str(job.notebook), str(executed), parameters=parameters, engine_name=register_engine(job.engine),
            kernel_name="python3", language="python", progress_bar=False, request_save_on_cell_execute=False,
            timeout_func=lambda _: max(0.01, deadline - time.monotonic()), record_timing=False,
            megabytes=job.megabytes,
        )  # fmt: skip
    finally:
        if executed.is_file():
            with contextlib.suppress(NotJSONError):  # cut off where the disk was full, which is raised already
                notebook = nbformat.read(executed, as_version=4)
                drop_inputs(notebook)
                strip_notebook(notebook, job.labels, parameters)
                nbformat.write(notebook, executed)
                executed.rename(job.pack / "notebook.ipynb")


def _keep_failure(job: Job, status: str, said: str, text: str) -> dict[str, Any]:
    job.keep_failure(text)
    return {"status": status, "error": label_paths(said, job.labels), "summary": {}}


def _say_cause(job: Job, error: PapermillExecutionError) -> str:
    """Say why the notebook ended, and in which cell where that is not a finding about the unit."""
    said = _say_error(error.ename, error.evalue)
    kept = job.pack / "notebook.ipynb"
    if error.ename in _STATUS or not kept.is_file():
        return said
    cells = nbformat.read(kept, as_version=4)["cells"]
    marked = [place for place, cell in enumerate(cells) if ERROR_MARKER_TAG in cell["metadata"].get("tags", [])]
    return f"Cell {cells[marked[-1] + 1]['id']!r}: {said}" if marked else said


def _say_error(name: str, message: str) -> str:
    """Say an error in one line; the name of its kind only where its message was not written for analysts."""
    first = next(iter(_ANSI.sub("", message).strip().splitlines()), "")
    if name in _CAUSES:
        return _CAUSES[name]
    return first if first and hasattr(errors, name) else f"{name}: {first}" if first else name
