"""Runs of the command that are killed or told to stop, and what --resume makes of it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from tests.batch.small import list_packs
from tests.conftest import TIMES

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


def hear_interrupts():
    """Let the command be interrupted also where the tests run in the background, which hands on that nobody is."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


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
            subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
                preexec_fn=hear_interrupts,
            )
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


@pytest.fixture
def temporary():
    """A folder for what is temporary, with a short name: the address of a socket in it has 107 characters at most."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


KILLS = 6 * TIMES
"""How many moments of the long run are tried."""


@pytest.mark.slow
def test_whatever_is_killed_at_whatever_moment_the_run_gone_on_with_is_whole(
    start, undisturbed, tmp_path, temporary, monkeypatch
):
    """The command, the process that others are forked from, a unit's process or that of its cells."""
    monkeypatch.setenv("TMPDIR", str(temporary))
    draw, killed = random.Random(1), Counter()
    for moment in range(KILLS):
        out = tmp_path / f"out-{moment}"
        run = start(out, "--workers", "2")
        wait_until((out / "manifest.json").exists, run)
        time.sleep(draw.uniform(0.0, 3.0))
        seen = sorted(list_family(run), key=lambda each: each.pid)
        depth = draw.randrange(4)
        if victims := [each for each in seen if count_parents(each, run.pid) == depth]:
            with contextlib.suppress(psutil.NoSuchProcess):
                draw.choice(victims).kill()
                killed[depth] += 1
        run.communicate(timeout=120)
        again = start(out, "--workers", "2", "--resume")
        said = again.communicate(timeout=120)
        assert again.returncode == 0, (moment, depth, said, (out / "manifest.json").read_text(encoding="utf-8"))
        assert list_packs(out) == undisturbed, (moment, depth)
        assert sorted(path.name for path in out.iterdir()) == ["R-D-b", "hr", "index.html", "manifest.json", "ops"]
        assert not psutil.wait_procs(seen, timeout=10)[1], (moment, depth)
    left = list(temporary.glob("*/*"))
    assert {path.name.split("-")[0] for path in left} <= {"listener"}, left  # multiprocessing's, of a killed command
    assert len(left) <= killed[0]
    assert killed.total() >= KILLS // 2, killed


def list_family(run):
    """List the process of a run with all it started; nothing where it has ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        command = psutil.Process(run.pid)
        return [command, *command.children(recursive=True)] if run.poll() is None else []
    return []


def count_parents(process, command):
    """Count the steps from a process up to the command; -1 where it has none of ours or is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        line = [process, *process.parents()]
        return next((steps for steps, each in enumerate(line) if each.pid == command), -1)
    return -1
