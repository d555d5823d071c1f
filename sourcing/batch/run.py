"""One pack per business unit: check everything first, run each unit apart, publish what is finished."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sourcing.batch.cluster import SENT, SHARED, connecting, run_on_cluster
from sourcing.batch.drawing import drawing
from sourcing.batch.entry import enter
from sourcing.batch.folders import (
    CASH_WORKBOOK,
    PACK_FILES,
    drop_unused,
    mend_folder,
    name_folders,
    open_out,
    publish_folder,
)
from sourcing.batch.holds import locking, making_aside
from sourcing.batch.inputs import fingerprint_inputs
from sourcing.batch.jobs import FAILED, HANDED_CASE, KERNEL, OUT_OF_TIME, SHELL, Job, Outcome
from sourcing.batch.manifest import describe_run, list_earlier_files, read_manifest
from sourcing.batch.notebooks import (
    ANSWERS,
    DEFAULT_NOTEBOOK,
    WORKBOOK,
    find_notebook,
    fingerprint_notebook,
    read_parameters,
    settle_parameters,
)
from sourcing.batch.pool import can_fork, run_jobs
from sourcing.batch.record import FINISHED, STOPPED, RunRecord
from sourcing.batch.strip import label_machine
from sourcing.card import Card, Carded, list_names
from sourcing.case import find_case, hand_case, load_case, note_state, require_no_inputs
from sourcing.errors import InputError, hint_near
from sourcing.program import require_place

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping

    from sourcing.case import Case

UNIT_SECONDS = 900.0
PRELOAD = "sourcing.batch.preload"
"""Loaded before processes are forked."""
HELD_OPEN = (
    "A unit's folder must be free to be replaced; got one that another program holds open. "
    "Hint: close its files, then run again with --resume."
)
LEAST_MEGABYTES, MOST_MEGABYTES = 256.0, 2.0**30
MOST_SECONDS = 604_800.0
"""A week; clocks of operating systems overflow beyond some 24 days."""
OWN_ANSWERS = ".answers"
"""Folder beside the packs for answers to questions why, one folder a unit; can be deleted at any time."""


@dataclass(frozen=True, repr=False)
class PackRun(Carded):
    """What a run made.

    Attributes
    ----------
    folder : Path
        Holds `index.html`, `manifest.json` and a folder per unit.
    outcomes : tuple of Outcome
        In the order of the units.
    skipped : tuple of str
        Units whose pack was finished before, from the same, and was left as it is.
    """

    folder: Path
    outcomes: tuple[Outcome, ...]
    skipped: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 if every unit has a pack, 3 if time alone stood in the way, else 1."""
        missing = [each for each in self.outcomes if not each.is_done]
        if not missing:
            return 0
        return 3 if all(each.status == OUT_OF_TIME for each in missing) else 1

    def _card(self) -> Card:
        return Card(
            "Run of packs",
            {
                "packs": f"{sum(each.is_done for each in self.outcomes)} of {len(self.outcomes)}",
                "without": list_names(each.business_unit for each in self.outcomes if not each.is_done),
            },
            f"open {self.folder.name}/index.html",
        )


@dataclass(frozen=True)
class _Order:
    """Everything that was checked before the first unit runs."""

    case: Case
    case_folder: Path
    case_shown: str
    notebook: Path
    notebook_print: str
    parameters: dict[str, Any]
    units: list[str]
    folders: dict[str, str]
    state: list[tuple[str, int, int]]

    @property
    def is_unchanged(self) -> bool:
        """Whether the files of case and notebook are as they were when they were checked."""
        return note_state(self.case_folder, self.notebook) == self.state

    def fingerprint(self, unit: str) -> str:
        """Fingerprint what a unit's pack is made from."""
        own = self.case.select(unit)
        return fingerprint_inputs(own, self.case_folder, self.case_shown, self.notebook_print, self.parameters)


def run_packs(
    case_folder: str | Path,
    out: str | Path,
    *,
    units: Iterable[str] | None = None,
    levers: Mapping[str, Any] | None = None,
    workers: int | None = None,
    notebook: str | Path = DEFAULT_NOTEBOOK,
    answers: str | Path | None = None,
    unit_seconds: float = UNIT_SECONDS,
    unit_megabytes: float | None = None,
    engine: str | None = None,
    scheduler: str | None = None,
    case_by: str = SENT,
    resume: bool = False,
    on_start: Callable[[list[str]], object] | None = None,
    on_begin: Callable[[str], object] | None = None,
    on_unit: Callable[[Outcome], object] | None = None,
) -> PackRun:
    """Run a notebook for each business unit of a case and write one decision pack each.

    A unit that fails is recorded with its notebook and traceback; the others go on. Each unit's folder is
    written aside and renamed into place when finished; other content of `out` is left alone. `manifest.json` is
    written anew at every step, and tells of units that other runs put there too; so does `index.html` at the end,
    a run that is stopped included.

    Parameters
    ----------
    case_folder : path
    out : path
        Made if absent.
    units : iterable of str, optional
        Business units to run; all of the case if None.
    levers : mapping, optional
        Levers and further parameters of the notebook by name, besides `case_folder` and `business_unit`.
    workers : int, optional
        Units at a time; if None, 2, or 1 on a machine with one core, and on a cluster one for each thread of a worker.
    notebook : path or name
    answers : path, optional
        Folder for answers to questions why, in which a later run finds them again where nothing changed; None: beside
        the packs, where what a unit's run did not use is dropped. Only for notebooks that declare `answers_folder`.
    unit_seconds : float
        Longest time for one unit's cells.
    unit_megabytes : float, optional
        Memory that the process of one unit's cells may fill, in MiB; any if None. Only on systems that can limit it.
    engine : {"shell", "kernel"}, optional
        What runs a unit's cells: a process forked with all imported, or a Jupyter kernel started for it, which takes
        seconds. Both show the same. The first where the system can fork, if None.
    scheduler : str, optional
        Address of a Dask scheduler, such as `tcp://host:8786`, whose workers run the units; this machine if None.
    case_by : {"sent", "shared"}
        How the case reaches the workers of a cluster: sent through the scheduler, or as files at the same path on
        storage that all share.
    resume : bool
        Skip units whose pack, or whose proof that there is no plan, is there already, made from the same tables,
        parameters, notebook and suite.
    on_start : callable, optional
        Called once with the units to run, skipped ones left out, when all checks have passed.
    on_begin : callable, optional
        Called with each unit as it begins.
    on_unit : callable, optional
        Called with the outcome of each unit as it ends.

    Returns
    -------
    PackRun

    Raises
    ------
    CaseError
        The case is unsound.
    InputError
        Unknown unit, parameter, notebook or engine, a value out of range, tables of a case in `out` or in a unit's
        folder, another batch at work in `out`, or a cluster that cannot make these packs; nothing has run then.
    """
    if (workers is not None and workers < 1) or not 0 < unit_seconds <= MOST_SECONDS:
        raise InputError(
            f"workers must be at least 1, and the longest time of a unit above 0 and at most a week "
            f"({MOST_SECONDS:.0f} seconds); got {workers} and {unit_seconds:g}. Hint: leave them out."
        )
    _check_memory(unit_megabytes)
    engine = _pick_engine(engine)
    order = _check(Path(case_folder), units, levers or {}, notebook)
    require_no_inputs(out, order.case_folder, PACK_FILES)
    for name in (order.folders[unit] for unit in order.units):
        require_no_inputs(Path(out) / name, order.case_folder, PACK_FILES, list_earlier_files(Path(out), name))
        require_place(Path(out) / name, order.case_folder)
    if scheduler is not None and case_by != SHARED and answers is not None:
        raise InputError(
            f"Answers kept for a later run on a cluster need storage that all share; got {str(answers)!r} and a case "
            f"that is {case_by}. Hint: --case-by {SHARED}, or leave --answers out."
        )
    way = unit_seconds, unit_megabytes, engine
    with contextlib.ExitStack() as held:
        if scheduler is None:
            run_all = partial(run_here, workers=workers or min(2, os.cpu_count() or 1))
        else:
            client = held.enter_context(connecting(scheduler, order.case_folder, case_by))
            run_all = partial(run_on_cluster, client, case_folder=order.case_folder, case_by=case_by, workers=workers)
        folder = open_out(out)
        held.enter_context(locking(folder))
        aside = held.enter_context(making_aside(folder))
        for unit in order.units:
            mend_folder(folder / order.folders[unit])
        record = _open_record(order, folder)
        earlier = read_manifest(folder) if resume else {}
        skipped = record.skip_finished(_fingerprint_known(order, earlier))
        waiting = [unit for unit in order.units if unit not in {each.business_unit for each in skipped}]
        if on_start:
            on_start(waiting)
        started = time.time()
        try:
            record.write()
            record.write_index()
            keeps = scheduler is None or answers is not None
            keep = _keep_answers(order, waiting, folder, answers) if keeps else {}
            ended = _run_units(order, waiting, record, aside, run_all, way, keep, on_begin, on_unit)
            if answers is None:
                for each in ended:
                    if each.is_done and keep:
                        drop_unused(keep[each.business_unit], started)
        except BaseException:
            with contextlib.suppress(OSError):
                record.settle(STOPPED)
            raise
        record.settle(FINISHED)
    outcomes = {each.business_unit: each for each in (*skipped, *ended)}
    return PackRun(folder, tuple(outcomes[unit] for unit in order.units), tuple(each.business_unit for each in skipped))


def run_here(jobs: Iterable[Job], workers: int) -> Generator[tuple[Job, Outcome]]:
    """Run jobs on this machine, their charts drawn by one process, and yield each with its outcome as it ends."""
    with drawing(PRELOAD) as drawer:
        told = (replace(job, drawer=drawer) for job in jobs)
        with contextlib.closing(run_jobs(told, workers, enter, preload=PRELOAD)) as running:
            yield from running


def _check_memory(megabytes: float | None) -> None:
    if megabytes is None:
        return
    if find_spec("resource") is None:
        raise InputError(
            f"A memory limit must be one that the system can keep; got {megabytes:g} on {sys.platform}. "
            "Hint: leave it out."
        )
    if not LEAST_MEGABYTES <= megabytes < MOST_MEGABYTES:
        raise InputError(
            f"The memory of a unit must be at least {LEAST_MEGABYTES:g} MiB, which a process needs to start, and less "
            f"than {MOST_MEGABYTES:g}; got {megabytes:g}. Hint: 4096, or leave it out."
        )


def _pick_engine(engine: str | None) -> str:
    if engine is None:
        return SHELL if can_fork() else KERNEL
    if engine not in (SHELL, KERNEL) or (engine == SHELL and not can_fork()):
        raise InputError(
            f"An engine must be {SHELL}, where the system can fork processes, or {KERNEL}; got {engine!r} on "
            f"{sys.platform}. Hint: leave it out."
        )
    return engine


def _check(case_folder: Path, units: Iterable[str] | None, levers: Mapping[str, Any], notebook: str | Path) -> _Order:
    """Check every argument against the case and the notebook before anything runs."""
    found = find_notebook(notebook)
    state = note_state(find_case(case_folder).resolve(), found)
    parameters = settle_parameters(found, levers)
    case = load_case(case_folder)
    known = list(case.units["business_unit"])
    wanted = known if units is None else list(dict.fromkeys(units))
    for unit in wanted:
        if unit not in known:
            raise InputError(f"A unit must be one of the case's; got {unit!r}. {hint_near(unit, known)}")
    if not wanted:
        raise InputError("At least one unit must be run; got none. Hint: leave --units out to run all.")
    shown = case_folder.resolve().name if case_folder.is_absolute() else case_folder.as_posix()
    return _Order(
        case=case,
        case_folder=find_case(case_folder).resolve(),
        case_shown=shown,
        notebook=found,
        notebook_print=fingerprint_notebook(found),
        parameters=parameters,
        units=wanted,
        folders=name_folders(known),
        state=state,
    )


def _open_record(order: _Order, folder: Path) -> RunRecord:
    head = describe_run(
        case_shown=order.case_shown,
        fingerprint=order.case.fingerprint,
        notebook=order.notebook.stem,
        notebook_print=order.notebook_print,
        parameters=order.parameters,
        started=datetime.now(UTC),
    )
    names = order.case.units.set_index("business_unit")["name"]
    return RunRecord(folder, head, {unit: (str(names[unit]), order.folders[unit]) for unit in order.units})


def _fingerprint_known(order: _Order, earlier: Mapping[str, Any]) -> dict[str, str]:
    """Fingerprint what the packs of units that an earlier run recorded would be made from now."""
    known = {each["business_unit"] for each in earlier.get("units", [])}
    return {unit: order.fingerprint(unit) for unit in order.units if unit in known}


def _run_units(
    order: _Order,
    units: list[str],
    record: RunRecord,
    aside: Path,
    run_all: Callable[..., Generator[tuple[Job, Outcome]]],
    way: tuple[float, float | None, str],
    keep: Mapping[str, Path],
    on_begin: Callable[[str], object] | None,
    on_unit: Callable[[Outcome], object] | None,
) -> list[Outcome]:
    def begin_jobs() -> Iterator[Job]:
        for unit in units:
            record.begin(unit)
            if on_begin:
                on_begin(unit)
            yield _make_job(order, unit, aside, way, keep.get(unit))

    outcomes = []
    with contextlib.closing(run_all(jobs=begin_jobs())) as running:
        for job, outcome in running:
            unit = job.business_unit
            files = tuple(sorted(path.name for path in job.pack.iterdir()))
            earlier = record.list_files(unit)
            record.announce(unit, files)
            try:
                publish_folder(job.pack, record.folder / order.folders[unit], earlier)
            except (InputError, PermissionError) as error:
                said = str(error) if isinstance(error, InputError) else HELD_OPEN
                outcome, files = Outcome(unit, FAILED, said, outcome.seconds), tuple(earlier)
            shutil.rmtree(job.aside, ignore_errors=True)
            outcomes.append(replace(outcome, files=files))
            record.end(outcomes[-1], order.fingerprint(unit) if order.is_unchanged else None)
            if on_unit:
                on_unit(outcome)
    return outcomes


def _keep_answers(order: _Order, units: list[str], folder: Path, answers: str | Path | None) -> dict[str, Path]:
    """Give each unit's folder for answers, made; none where the notebook asks for none."""
    if ANSWERS not in read_parameters(order.notebook):
        return {}
    place = folder / OWN_ANSWERS if answers is None else open_out(answers)
    return {unit: open_out(place / order.folders[unit]) for unit in units}


def _make_job(order: _Order, unit: str, aside: Path, way: tuple[float, float | None, str], answers: Path | None) -> Job:
    own = aside / order.folders[unit]
    own.mkdir()
    if order.is_unchanged:
        hand_case(order.case.select(unit), order.case_folder, own / HANDED_CASE)
    names = order.case.units.set_index("business_unit")["name"]
    parameters = {"case_folder": str(order.case_folder), "business_unit": unit, **order.parameters}
    paths = {str(own): "run", str(order.case_folder): order.case_shown}
    if answers is not None:
        parameters[ANSWERS] = str(answers)
        paths[str(answers)] = "answers"
    if WORKBOOK in read_parameters(order.notebook):
        parameters[WORKBOOK] = str(own / "pack" / CASH_WORKBOOK)
        paths[parameters[WORKBOOK]] = CASH_WORKBOOK
    labels = label_machine(paths)
    provenance = {"Whole case": order.case.fingerprint, "Notebook": f"{order.notebook.stem} {order.notebook_print}"}
    return Job(unit, str(names[unit]), order.notebook, parameters, own, labels, provenance, *way)
