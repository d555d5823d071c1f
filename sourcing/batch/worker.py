"""One unit in a process of its own: run the notebook, export the pack, write the decision.

The kernel is told to set `rfc3987_syntax` aside for the reason given in `preload`.
"""

from __future__ import annotations

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
from papermill.exceptions import PapermillExecutionError

from sourcing.batch.engine import register_engine
from sourcing.batch.jobs import FAILED, INFEASIBLE, OUT_OF_TIME, Job
from sourcing.batch.notebooks import arrange_parameters, find_notebook, read_parameters
from sourcing.batch.strip import label_paths, strip_notebook
from sourcing.case import LEVERS
from sourcing.pack import drop_inputs, dump_json, mark_batch, read_decision, write_decision, write_pack

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_STATUS = {"InfeasiblePlanError": INFEASIBLE, "NoPlanFoundError": OUT_OF_TIME}
PACK, NO_PLAN = "pack.html", "no_plan.html"
"""The page of a unit, and that of a unit without a plan."""
KERNEL_OPTIONS = [
    "--HistoryManager.enabled=False",
    "--IPKernelApp.exec_lines=import sys; sys.modules.setdefault('rfc3987_syntax', None)",
]
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


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
        outcome = _keep_failure(job, error.ename, error.evalue, text)
        if outcome["status"] == INFEASIBLE:
            outcome["error"] = _explain_refusal(job, job.seconds - (time.monotonic() - started)) or outcome["error"]
    except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to this unit and must not stop the others
        outcome = _keep_failure(job, type(error).__name__, str(error), traceback.format_exc())
    job.outcome.write_text(dump_json(outcome), encoding="utf-8")


def prepare_process(job: Job) -> None:
    """Make the process the job's own: working folder, streams, settings, and its end when the parent ends."""
    scratch = job.aside / "scratch"
    scratch.mkdir()
    job.pack.mkdir()
    os.chdir(scratch)
    log = os.open(job.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(log, 1)
    os.dup2(log, 2)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    os.environ["IPYTHONDIR"] = os.environ["JUPYTER_RUNTIME_DIR"] = str(scratch)
    mark_batch()
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
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
            str(job.notebook), str(executed), parameters=parameters, engine_name=register_engine(),
            kernel_name="python3", language="python", progress_bar=False, request_save_on_cell_execute=False,
            timeout_func=lambda _: max(0.01, deadline - time.monotonic()), record_timing=False,
            shutdown_kernel="immediate", extra_arguments=KERNEL_OPTIONS,
        )  # fmt: skip
    finally:
        if executed.is_file():
            notebook = nbformat.read(executed, as_version=4)
            drop_inputs(notebook)
            strip_notebook(notebook, job.labels, parameters)
            nbformat.write(notebook, executed)
            executed.rename(job.pack / "notebook.ipynb")


def _keep_failure(job: Job, name: str, message: str, text: str) -> dict[str, Any]:
    job.keep_failure(text)
    first = next(iter(_ANSI.sub("", message).strip().splitlines()), "")
    said = first if first and name in _STATUS else f"{name}: {first}" if first else name
    error = label_paths(said, job.labels)
    return {"status": _STATUS.get(name, FAILED), "error": error, "summary": {}}
