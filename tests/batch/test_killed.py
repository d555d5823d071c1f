"""Runs of the command that are killed or told to stop, with real kernels, and what --resume makes of it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

HR, OPS, HOSTILE = "hr", "ops", "R&D <b>"


def read_units(out):
    with contextlib.suppress(OSError):
        return {
            unit["business_unit"]: unit
            for unit in json.loads((out / "manifest.json").read_text(encoding="utf-8"))["units"]
        }
    return {}


def count(out, **wanted):
    [(name, value)] = wanted.items()
    return sum(unit[name] == value for unit in read_units(out).values())


def list_packs(out):
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.parent != out
    }


@pytest.fixture(scope="module")
def start(tmp_path_factory, make):
    """The command on three units, in a process group of its own; `start(out, *options)`."""
    folder = tmp_path_factory.mktemp("killed")
    case = make.case(folder / "case")
    book = make.notebook(folder / "small.ipynb", make.decide, "import time; time.sleep(0.3)")
    begun = []

    def run(out, *options):
        command = [sys.executable, "-m", "sourcing", "packs", str(case), "--out", str(out), "--notebook", str(book),
                   "--workers", "1", *options]  # fmt: skip
        begun.append(
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        )
        return begun[-1]

    yield run
    for each in begun:
        if each.poll() is None:
            each.kill()
            each.communicate()


@pytest.fixture(scope="module")
def undisturbed(start, tmp_path_factory):
    """What a run that nobody disturbs leaves in the units' folders."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    run = start(out)
    run.communicate(timeout=90)
    assert run.returncode == 0
    return list_packs(out)


def wait_until(holds, run, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        assert run.poll() is None, run.communicate()
        time.sleep(0.02)


MOMENTS = {
    "locked": lambda out: (out / ".sourcing-lock").exists(),
    "first-runs": lambda out: count(out, progress="running") == 1,
    "first-in-place": lambda out: (out / "R-D-b").exists(),
    "second-ended": lambda out: count(out, progress="ended") == 2,
}


@pytest.mark.parametrize(
    "moment",
    [pytest.param(each, marks=[] if each == "first-in-place" else pytest.mark.slow) for each in MOMENTS],
)
def test_a_killed_run_gone_on_with_leaves_the_packs_of_an_undisturbed_one(start, undisturbed, tmp_path, moment):
    out = tmp_path / "out"
    run = start(out)
    wait_until(lambda: MOMENTS[moment](out), run)
    os.kill(run.pid, signal.SIGKILL)
    run.communicate(timeout=60)
    ended = count(out, progress="ended")
    again = start(out, "--resume")
    told, _ = again.communicate(timeout=90)
    assert again.returncode == 0
    assert told.strip().endswith(f"skipped as finished before: {ended}" if ended else "index.html")
    assert list_packs(out) == undisturbed
    assert count(out, progress="skipped") == ended
    assert sorted(path.name for path in out.iterdir()) == ["R-D-b", "hr", "index.html", "manifest.json", "ops"]


@pytest.mark.parametrize("kind", ["SIGTERM", pytest.param("SIGINT", marks=pytest.mark.slow)])
def test_a_run_stopped_with_all_its_processes_says_how_to_go_on_without_a_traceback(start, undisturbed, tmp_path, kind):
    """As a terminal does for Ctrl-C, and a service for all processes of a group."""
    out = tmp_path / "out"
    run = start(out)
    wait_until(lambda: count(out, progress="ended") == 1, run)
    os.killpg(run.pid, getattr(signal, kind))
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    lines = said.splitlines()
    assert lines[-1].startswith("Stopped: ")
    assert lines[-1].endswith("Go on with the same command and --resume.")
    assert all(line.startswith(("R&D <b>: optimal", "hr: optimal", "ops: optimal")) for line in lines[:-1])
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["state"] == "stopped"
    ended = count(out, progress="ended")
    assert (ended >= 1, count(out, progress="not run")) == (True, 3 - ended)
    assert (out / "index.html").is_file()
    again = start(out, "--resume")
    again.communicate(timeout=90)
    assert list_packs(out) == undisturbed
