"""One batch in a folder at a time; what a killed process left goes, what a living one needs stays."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sourcing.batch.folders import open_out
from sourcing.batch.holds import LOCK, locking, making_aside
from sourcing.errors import InputError

HOLD = """
import sys, time
from pathlib import Path
from sourcing.batch.holds import locking, making_aside
with locking(Path(sys.argv[1])), making_aside(Path(sys.argv[1])) as aside:
    (aside / "half.txt").write_text("half")
    print("holding", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other(tmp_path):
    """Another process that is at work in the folder."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "holding\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_batch_is_refused_with_the_process_and_time_of_the_first_and_leaves_its_files(tmp_path, other):
    said = rf"one batch at a time; got process {other.pid}, since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC at work in"
    with pytest.raises(InputError, match=said), locking(open_out(tmp_path)):
        pytest.fail("two batches in one folder")
    assert len(list(tmp_path.rglob("half.txt"))) == 1
    assert other.poll() is None


def test_what_a_killed_batch_left_is_swept_and_its_lock_taken_over(tmp_path, other):
    other.kill()
    other.wait()
    assert len(list(tmp_path.iterdir())) == 2
    with locking(open_out(tmp_path)):
        assert [path.name for path in tmp_path.iterdir()] == [LOCK]
    assert list(tmp_path.iterdir()) == []


def test_folders_that_are_no_leftovers_are_not_swept(tmp_path):
    for name in (".sourcing-old-hr", ".answers", "sourcing-x"):
        (tmp_path / name).mkdir()
    (tmp_path / ".sourcing-note").write_text("mine")
    (tmp_path / ".sourcing-left").mkdir()
    with making_aside(tmp_path) as aside:
        open_out(tmp_path)
        assert aside.is_dir()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".answers", ".sourcing-note", ".sourcing-old-hr", "sourcing-x",
    ]  # fmt: skip
