"""Charts of a batch are drawn by one process; what it draws is what each would draw by itself."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from sourcing.batch.drawing import drawing
from sourcing.errors import PackError
from sourcing.pack.picture import draw_picture
from sourcing.pack.setting import DRAWER

PRELOAD = "sourcing.batch.preload"


def spec(mark: str = "bar") -> dict:
    axes = {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}}
    return {"data": {"values": [{"a": "x", "b": 2}, {"a": "y", "b": 5}]}, "mark": mark, "encoding": axes}


@pytest.fixture
def drawer(monkeypatch):
    with drawing(PRELOAD) as address:
        monkeypatch.setenv(DRAWER, address)
        deadline = time.monotonic() + 60
        while not Path(address).exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield address
    assert not Path(address).parent.exists()


def test_what_it_draws_is_what_is_drawn_here(drawer, monkeypatch):
    there = [draw_picture(spec(), "here"), draw_picture(spec("line"), "here"), draw_picture(spec(), "here")]

    def refuse(_):
        raise AssertionError("drawn here")

    with monkeypatch.context() as patch:
        patch.setattr("sourcing.pack.picture.convert_chart", refuse)
        assert draw_picture(spec(), "here") == there[0]
    monkeypatch.setenv(DRAWER, "")
    assert [draw_picture(spec(), "here"), draw_picture(spec("line"), "here")] == there[:2]
    assert there[2] == there[0]


def test_a_chart_that_cannot_be_drawn_is_told_and_the_next_one_is_drawn(drawer):
    with pytest.raises(PackError, match="at the money"):
        draw_picture(spec() | {"mark": {"type": "nothing of the kind"}}, "the money")
    assert draw_picture(spec(), "here").startswith("<svg")


def test_where_it_is_gone_charts_are_drawn_here(drawer):
    before = draw_picture(spec(), "here")
    [process] = [each for each in multiprocessing.active_children() if each.name == "drawing"]
    process.kill()
    process.join()
    assert draw_picture(spec(), "here") == before


def test_socket_stands_before_the_end_of_the_run_is_watched_for():
    """A run that was killed as this process began is swept at once: a socket that came after would stay for good."""
    look = (
        "import os, sys, sourcing.batch.drawing as room; socket = os.path.join(sys.argv[1], 'drawing');"
        "room.parent_process = lambda: os._exit(0 if os.path.exists(socket) else 1);"
        "room.serve_pictures(sys.argv[1])"
    )
    with tempfile.TemporaryDirectory() as folder:
        assert subprocess.run([sys.executable, "-c", look, folder], timeout=60).returncode == 0
