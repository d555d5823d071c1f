"""Cases and outputs at an address of an object store, a real one of which runs here."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

import fsspec
import pytest

from sourcing import load_case
from sourcing.batch import run_packs
from sourcing.cli import main
from sourcing.errors import InputError
from sourcing.remote import Mirror, is_address
from tests.batch.small import DECIDE, make_notebook
from tests.conftest import TINY

BUCKET = "s3://group"


@pytest.fixture(scope="module")
def store():
    """An object store with one bucket, which holds the tiny case; what reaches it is in the environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    told = {"AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
            "AWS_DEFAULT_REGION": "us-east-1"}  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        wait_for(address, server)
        system = fsspec.filesystem("s3", skip_instance_cache=True)
        system.mkdir("group")
        system.put(f"{TINY}/", f"{BUCKET}/tiny/", recursive=True)
        yield system
    server.kill()
    server.wait()


def wait_for(address, server):
    deadline = time.monotonic() + 60
    while True:
        assert server.poll() is None
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


def list_there(store, folder):
    store.invalidate_cache()
    return {path.removeprefix(f"group/{folder}/"): store.cat_file(path) for path in store.find(f"group/{folder}")}


def list_here(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_address_is_told_from_a_path():
    assert is_address("s3://bucket/case")
    assert is_address("memory://case")
    for path in ("data/tiny", "C:/data", "C://data", "/a:b", TINY, None):
        assert not is_address(path)


def test_a_case_at_an_address_is_that_of_its_folder(store):
    there = load_case(f"{BUCKET}/tiny", "alpha")
    assert there.fingerprint == load_case(TINY, "alpha").fingerprint
    assert there.source == f"{BUCKET}/tiny"


def test_packs_from_and_to_an_address_are_those_of_folders_and_are_gone_on_with(store, tmp_path, capsys):
    book = make_notebook(tmp_path / "small.ipynb", "print(case_folder)", DECIDE)
    run_packs(TINY, tmp_path / "here", notebook=book)
    store.pipe_file("group/packs/own.txt", b"a note of somebody's")
    command = ["packs", f"{BUCKET}/tiny", "--out", f"{BUCKET}/packs", "--notebook", str(book)]
    assert main([*command, "--units", "alpha"]) == 0
    assert f"1 of 1 packs: {BUCKET}/packs/index.html" in capsys.readouterr().out
    assert main([*command, "--resume"]) == 0
    assert "skipped as finished before: 1" in capsys.readouterr().out
    there, here = list_there(store, "packs"), list_here(tmp_path / "here")
    assert there.pop("own.txt") == b"a note of somebody's"
    assert there.keys() == here.keys()
    units = {"alpha", "beta"}
    assert {name: there[name] for name in there if name.split("/")[0] in units} == {
        name: here[name] for name in here if name.split("/")[0] in units
    }
    manifest = json.loads(there["manifest.json"])
    assert {unit["business_unit"]: unit["progress"] for unit in manifest["units"]} == {
        "alpha": "skipped",
        "beta": "ended",
    }


@pytest.mark.slow
def test_what_is_there_at_every_step_of_a_run_is_whole(store, tmp_path, monkeypatch):
    seen = []
    push = Mirror.push

    def look(mirror):
        push(mirror)
        if mirror.address.endswith("steps"):
            there = list_there(store, "steps")
            told = json.loads(there["manifest.json"])["units"] if "manifest.json" in there else []
            seen.append({unit["business_unit"]: unit["progress"] for unit in told})
            for unit in told:
                assert {f"{unit['folder']}/{name}" for name in unit["files"]} <= there.keys()

    monkeypatch.setattr(Mirror, "push", look)
    book = make_notebook(tmp_path / "small.ipynb", DECIDE)
    assert main(["packs", f"{BUCKET}/tiny", "--out", f"{BUCKET}/steps", "--notebook", str(book), "--workers", "1"]) == 0
    assert {"alpha": "running", "beta": "waiting"} in seen
    assert {"alpha": "ended", "beta": "running"} in seen
    assert seen[-1] == {"alpha": "ended", "beta": "ended"}


@pytest.mark.slow
def test_a_plan_and_a_workbook_go_to_an_address(store, tmp_path, capsys):
    assert main(["plan", f"{BUCKET}/tiny", "--unit", "alpha", "--out", f"{BUCKET}/plan"]) == 0
    assert f"Written to {BUCKET}/plan: " in capsys.readouterr().err
    assert main(["plan", str(TINY), "--unit", "alpha", "--out", str(tmp_path / "plan")]) == 0
    capsys.readouterr()
    there, here = list_there(store, "plan"), list_here(tmp_path / "plan")
    assert there.keys() == here.keys()
    assert there["plan.csv"] == here["plan.csv"]
    assert main(["init", f"{BUCKET}/books/unit.xlsx", "--from", f"{BUCKET}/tiny"]) == 0
    assert set(list_there(store, "books")) == {"unit.xlsx"}
    assert load_case(f"{BUCKET}/books/unit.xlsx", "alpha").processes.equals(load_case(TINY, "alpha").processes)


def test_a_seal_lies_beside_what_it_seals(store, capsys):
    assert main(["init", f"{BUCKET}/sealed/unit.xlsx", "--from", str(TINY)]) == 0
    assert main(["seal", f"{BUCKET}/sealed/unit.xlsx"]) == 0
    assert set(list_there(store, "sealed")) == {"unit.xlsx", "unit.seal.json"}


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (f"{BUCKET}/nowhere", "Something must lie at an address that is read; got nothing at 's3://group/nowhere'"),
        ("nosuch://bucket/case", "An address must be one that can be reached and used; got 'nosuch://bucket/case': "),
    ],
)
def test_an_address_that_cannot_be_read_is_told(store, capsys, address, told):
    assert main(["check", address]) == 2
    assert told in capsys.readouterr().err


def test_nothing_stays_here_of_what_was_copied(store, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    load_case(f"{BUCKET}/tiny")
    assert main(["check", f"{BUCKET}/tiny"]) == 0
    assert not list(tmp_path.iterdir())


def test_what_is_gone_here_goes_there_and_what_passes_is_not_sent(tmp_path):
    system = fsspec.filesystem("memory")
    for name in ("a.csv", "in/b.csv"):
        system.pipe_file(f"/mirror/case/{name}", b"1")
    mirror = Mirror("memory://mirror/case", tmp_path)
    own = tmp_path / "case"
    (own / "in" / "b.csv").unlink()
    (own / ".sourcing-lock").write_text("held")
    (own / "c.csv").write_text("3")
    mirror.push()
    assert sorted(system.find("/mirror/case")) == ["/mirror/case/a.csv", "/mirror/case/c.csv"]
    assert (str(mirror), os.fspath(mirror), mirror.is_empty) == ("memory://mirror/case", str(own), False)


def test_a_store_that_refuses_is_told_in_words(tmp_path, monkeypatch):
    mirror = Mirror("memory://refusing", tmp_path)
    (tmp_path / "refusing" / "a.csv").write_text("1")

    def refuse(*_):
        raise PermissionError("not yours")

    monkeypatch.setattr(mirror._system, "put_file", refuse)
    with pytest.raises(InputError, match="can be reached and used; got 'memory://refusing': not yours"):
        mirror.push()
