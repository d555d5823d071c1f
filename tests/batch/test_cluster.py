"""Units on the workers of a real Dask scheduler, each a process of its own, give the packs of this machine."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import NamedTuple

import pytest
from distributed import Client

from sourcing.batch import cluster, run_packs
from sourcing.batch.cluster import describe_machine
from sourcing.errors import InputError
from tests.batch.small import list_packs
from tests.conftest import ROOT

HOSTILE = "R&D <b>"
SLOW = "import time; time.sleep(1.5)"


def begin(*command):
    return subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


class Cluster(NamedTuple):
    address: str
    workers: list

    def add(self):
        command = ("distributed.cli.dask_worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
        self.workers.append(begin(*command))


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A scheduler and two workers with one thread each."""
    told = tmp_path_factory.mktemp("scheduler") / "told.json"
    head = begin("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                 "--scheduler-file", str(told))  # fmt: skip
    deadline = time.monotonic() + 60
    while not told.exists() or not told.read_text(encoding="utf-8").endswith("}"):
        assert head.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    made = Cluster(json.loads(told.read_text(encoding="utf-8"))["address"], [])
    for _ in range(2):
        made.add()
    with Client(made.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    yield made
    for each in (*made.workers, head):
        each.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            each.wait(10)
        each.kill()
        each.wait()


@pytest.fixture(scope="module")
def asked(tmp_path_factory, make):
    """A case of three units, a notebook that decides and takes a while, and what this machine makes of them."""
    folder = tmp_path_factory.mktemp("asked")
    case, book = (
        make.case(folder / "case"),
        make.notebook(folder / "small.ipynb", "print(case_folder)", make.decide, SLOW),
    )
    assert run_packs(case, folder / "here", notebook=book).exit_code == 0
    return case, book, list_packs(folder / "here")


@pytest.mark.slow
@pytest.mark.parametrize("case_by", ["sent", "shared"])
def test_packs_of_a_cluster_are_those_of_this_machine(running, asked, tmp_path, case_by):
    case, book, here = asked
    begun = []
    run = run_packs(
        case, tmp_path / "out", notebook=book, scheduler=running.address, case_by=case_by, on_begin=begun.append
    )
    assert (run.exit_code, begun) == (0, [HOSTILE, "hr", "ops"])
    assert list_packs(tmp_path / "out") == here
    assert json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["state"] == "finished"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "R-D-b",
        "hr",
        "index.html",
        "manifest.json",
        "ops",
    ]


@pytest.mark.slow
def test_a_workbook_reaches_the_workers_as_well(running, asked, tmp_path):
    from sourcing.case import load_case, save_case

    case, book, _ = asked
    save_case(load_case(case), tmp_path / "whole.xlsx")
    packs = {}
    for name, more in (("here", {}), ("there", {"scheduler": running.address})):
        run_packs(tmp_path / "whole.xlsx", tmp_path / name, notebook=book, units=["ops"], **more)
        packs[name] = list_packs(tmp_path / name)
    assert packs["there"] == packs["here"]


@pytest.mark.slow
def test_a_unit_whose_worker_is_killed_is_done_by_another(running, asked, tmp_path):
    case, book, here = asked
    out, lost = tmp_path / "out", []

    def kill_one():
        with Client(running.address, set_as_default=False) as client:
            pids = client.run(os.getpid)
            busy = {pids[address] for address, tasks in client.processing().items() if tasks}
        lost.append(next(each for each in running.workers if each.pid in busy))
        lost[0].send_signal(signal.SIGKILL)

    timer = threading.Timer(1.0, kill_one)
    run = run_packs(
        case, out, notebook=book, scheduler=running.address, on_begin=lambda unit: unit == HOSTILE and timer.start()
    )
    timer.join()
    assert run.exit_code == 0
    assert list_packs(out) == here
    assert lost[0].wait(10) == -signal.SIGKILL
    running.workers.remove(lost[0])
    running.add()


@pytest.mark.slow
def test_a_unit_that_fails_on_a_cluster_keeps_its_notebook_and_the_others_go_on(running, asked, make, tmp_path):
    case, _, _ = asked
    book = make.notebook(tmp_path / "failing.ipynb", "assert business_unit != 'hr', 'no data for hr'", make.decide)
    run = run_packs(case, tmp_path / "out", notebook=book, scheduler=running.address)
    assert [each.is_done for each in run.outcomes] == [True, False, True]
    assert "no data for hr" in run.outcomes[1].error
    assert sorted(path.name for path in (tmp_path / "out" / "hr").iterdir()) == ["notebook.ipynb", "traceback.txt"]
    again = run_packs(case, tmp_path / "out", notebook=book, scheduler=running.address, resume=True)
    assert again.skipped == (HOSTILE, "ops")


@pytest.mark.slow
def test_a_process_of_cells_that_dies_on_a_worker_is_told_as_here(running, asked, make, tmp_path):
    case, _, _ = asked
    book = make.notebook(tmp_path / "dying.ipynb", make.decide, "import os; os._exit(3)")
    options = {"notebook": book, "units": ["ops"]}
    there = run_packs(case, tmp_path / "there", scheduler=running.address, **options)
    here = run_packs(case, tmp_path / "here", **options)
    assert there.outcomes[0].error == here.outcomes[0].error != ""


def test_no_folder_is_made_where_no_scheduler_answers(asked, tmp_path, monkeypatch):
    case, book, _ = asked
    monkeypatch.setattr(cluster, "REACH_SECONDS", 0.5)
    with pytest.raises(InputError, match=r"must answer at its address; got \w+ at 'tcp://127.0.0.1:9' within 0.5 s"):
        run_packs(case, tmp_path / "out", notebook=book, scheduler="tcp://127.0.0.1:9")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("here", "there", "told"),
    [
        ({"pandas": "3.0.1"}, {"pandas": "3.0.0"}, "pandas 3.0.0 in place of 3.0.1"),
        ({"pandas": "3.0.1"}, {}, "pandas missing in place of 3.0.1"),
    ],
)
def test_a_worker_with_other_packages_is_named_with_the_first_that_differs(here, there, told):
    described = describe_machine()
    assert cluster._tell_difference(described | {"packages": here}, described | {"packages": there}) == told


@pytest.mark.slow
def test_workers_of_another_suite_are_refused(running, asked, tmp_path, monkeypatch):
    case, book, _ = asked
    monkeypatch.setattr(cluster, "fingerprint_suite", lambda: "another")
    with pytest.raises(InputError, match="got other files of the suite at tcp://"):
        run_packs(case, tmp_path / "out", notebook=book, scheduler=running.address)


@pytest.mark.slow
def test_a_shared_case_that_a_worker_does_not_see_is_told(running, tmp_path):
    seen = {"here": describe_machine(), "there": describe_machine(tmp_path / "elsewhere")}
    assert (seen["here"]["sees_case"], seen["there"]["sees_case"]) == (True, False)
    with (
        Client(running.address, set_as_default=False) as client,
        pytest.raises(InputError, match=r"must be at the same path on every worker; got none at .*elsewhere"),
    ):
        cluster._compare_workers(client, tmp_path / "elsewhere")


@pytest.mark.slow
def test_a_worker_that_may_not_start_processes_is_told_how(running, monkeypatch):
    told = describe_machine() | {"is_daemon": True}
    with Client(running.address, set_as_default=False) as client:
        monkeypatch.setattr(client, "run", lambda *_: {"tcp://there": told})
        with pytest.raises(InputError, match=r"got a daemon at tcp://there\. Hint: start it with --no-nanny"):
            cluster._compare_workers(client, None)


def test_answers_to_be_kept_need_storage_that_all_share(asked, tmp_path):
    case, book, _ = asked
    with pytest.raises(InputError, match="need storage that all share"):
        run_packs(case, tmp_path / "out", notebook=book, scheduler="tcp://127.0.0.1:9", answers=tmp_path / "kept")
