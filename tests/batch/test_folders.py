"""Folders of units are safe, and change in one step."""

from __future__ import annotations

import re

import pytest

from sourcing.batch.folders import name_folders, open_out, publish_folder, write_aside
from sourcing.errors import InputError

HOSTILE = [
    "../../etc",
    "a/b",
    "a\\b",
    ".",
    "..",
    "CON",
    "com1.txt",
    "index.html",
    "-rf",
    ".git",
    "x" * 300,
    "ünit",
    "",
    "<b>",
    "HR",
    "Hr",
    "hr",
    "a b",
    "a-b",
]


def test_every_folder_name_is_safe_and_unlike_the_others():
    names = name_folders(HOSTILE)
    assert set(names) == set(HOSTILE)
    assert len({name.casefold() for name in names.values()}) == len(HOSTILE)
    for name in names.values():
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", name)
        assert not name.endswith(".")
        assert name.split(".")[0].casefold() not in {"con", "com1"}
        assert name != "index.html"


def test_plain_names_stay_and_order_does_not_matter():
    assert name_folders(["a b", "a-b", "Ops_1.x"])["a-b"] == "a-b"
    assert name_folders(["a b", "a-b"]) == name_folders(["a-b", "a b"])
    assert name_folders(["Ops_1.x"]) == {"Ops_1.x": "Ops_1.x"}


def make_folder(path, **files):
    path.mkdir()
    for name, text in files.items():
        (path / name.replace("__", ".")).write_text(text)
    return path


def test_a_second_run_replaces_its_own_files_and_keeps_others(tmp_path):
    target = make_folder(tmp_path / "hr", plan__csv="old", traceback__txt="old", flips__csv="old", notes__txt="mine")
    publish_folder(make_folder(tmp_path / "made", plan__csv="new"), target, ["flips.csv"])
    assert {path.name: path.read_text() for path in target.iterdir()} == {
        "plan.csv": "new",
        "notes.txt": "mine",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hr"]


def test_a_file_in_the_place_of_a_folder_is_not_overwritten(tmp_path):
    (tmp_path / "hr").write_text("a file")
    with pytest.raises(InputError, match="must not be a file; got 'hr'"):
        publish_folder(make_folder(tmp_path / "made"), tmp_path / "hr")
    assert (tmp_path / "hr").read_text() == "a file"


def test_a_file_cannot_be_the_folder_of_packs(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(InputError, match="DIR must be a folder"):
        open_out(tmp_path / "out")


def test_a_file_is_written_whole_and_alone(tmp_path):
    write_aside("one\n", tmp_path / "index.html")
    write_aside("two\n", tmp_path / "index.html")
    assert (tmp_path / "index.html").read_bytes() == b"two\n"
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
