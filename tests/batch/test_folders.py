"""Folders of units are safe, and change in one step."""

from __future__ import annotations

import contextlib
import pydoc
import re

import pytest

from sourcing.batch.folders import (
    exchange_folders,
    mend_folder,
    name_folders,
    open_out,
    publish_folder,
    publishing,
    write_aside,
)
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


def list_texts(folder):
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


STEPS = ["os.link", "pathlib.Path.rename", "shutil.rmtree", "sourcing.batch.folders.exchange_folders"]
OLD = {"plan.csv": "old", "pack.html": "old", "notes.txt": "mine", "drafts/one.txt": "mine too"}
NEW = {"plan.csv": "new", "notes.txt": "mine", "drafts/one.txt": "mine too"}


@pytest.mark.parametrize("can_exchange", [True, False])
@pytest.mark.parametrize("moment", range(8))
@pytest.mark.parametrize("is_killed", [True, False])
def test_a_run_stopped_at_any_step_leaves_the_old_pack_or_the_new_and_what_is_the_users(
    tmp_path, monkeypatch, can_exchange, moment, is_killed
):
    target = make_folder(tmp_path / "hr", plan__csv="old", pack__html="old", notes__txt="mine")
    make_folder(target / "drafts", one__txt="mine too")
    made, left = make_folder(tmp_path / "made", plan__csv="new"), [moment]
    stopped = []

    class Stopped(BaseException):
        """A signal; one that kills leaves no time to mend anything."""

    def interrupt(step):
        def run(*arguments, **options):
            if stopped and is_killed:
                raise Stopped
            left[0] -= 1
            if left[0] == -1:
                stopped.append(True)
                raise Stopped
            return step(*arguments, **options)

        return run

    if not can_exchange:
        monkeypatch.setattr("sourcing.batch.folders.exchange_folders", lambda *_: False)
    with monkeypatch.context() as patched:
        for name in STEPS:
            patched.setattr(name, interrupt(pydoc.locate(name)))
        with contextlib.suppress(Stopped):
            publish_folder(made, target)
    if target.exists():
        assert list_texts(target) in (OLD, NEW)
    else:
        assert is_killed
        assert not can_exchange
    mend_folder(target)
    assert list_texts(target) in (OLD, NEW)
    if not stopped:
        assert list_texts(target) == NEW
        assert sorted(path.name for path in tmp_path.iterdir()) == ["hr"]


def test_folders_change_places_in_one_step_on_linux(tmp_path):
    one, two = make_folder(tmp_path / "one", a__txt="1"), make_folder(tmp_path / "two", b__txt="2")
    if not exchange_folders(one, two):
        pytest.skip("this system cannot exchange folders in one step")
    assert (list_texts(one), list_texts(two)) == ({"b.txt": "2"}, {"a.txt": "1"})


def test_files_of_a_plan_are_written_all_or_none_and_those_of_an_earlier_outcome_go(tmp_path):
    folder = make_folder(tmp_path / "out", summary__json="old", plan__csv="old", notes__txt="mine")
    with pytest.raises(OSError, match="full"), publishing(folder) as aside:
        (aside / "summary.json").write_text("new")
        raise OSError("full")
    assert list_texts(folder) == {"summary.json": "old", "plan.csv": "old", "notes.txt": "mine"}
    with publishing(folder) as aside:
        (aside / "summary.json").write_text("new")
    assert list_texts(folder) == {"summary.json": "new", "notes.txt": "mine"}


def test_a_file_named_like_one_of_a_plan_stays_where_no_plan_was_written(tmp_path):
    folder = make_folder(tmp_path / "out", repairs__csv="mine")
    with publishing(folder) as aside:
        (aside / "summary.json").write_text("new")
    assert (folder / "repairs.csv").read_text() == "mine"


def test_what_was_set_aside_is_not_lost_where_somebody_made_the_folder_anew(tmp_path):
    make_folder(tmp_path / ".sourcing-old-hr", plan__csv="old", notes__txt="mine", ideas__txt="mine too")
    target = make_folder(tmp_path / "hr", notes__txt="written since")
    mend_folder(target)
    assert list_texts(tmp_path) == {"hr/notes.txt": "written since", "hr/ideas.txt": "mine too"}


def test_a_linked_folder_stays_a_link_and_gets_the_new_files(tmp_path):
    real = make_folder(tmp_path / "real", plan__csv="old", notes__txt="mine")
    (tmp_path / "hr").symlink_to(real)
    publish_folder(make_folder(tmp_path / "made", plan__csv="new"), tmp_path / "hr")
    assert (tmp_path / "hr").is_symlink()
    assert list_texts(real) == {"plan.csv": "new", "notes.txt": "mine"}


def test_inputs_of_an_earlier_run_go_and_what_is_the_users_stays(tmp_path):
    folder = open_out(tmp_path / "out")
    for texts in (("units.csv", "vetoes.csv", "levers.csv"), ("units.csv", "levers.csv")):
        with publishing(folder) as aside:
            (aside / "summary.json").write_text("{}")
            (aside / "inputs").mkdir()
            for name in texts:
                (aside / "inputs" / name).write_text(str(len(texts)))
        (folder / "inputs" / "notes.txt").write_text("mine")
    assert list_texts(folder / "inputs") == {"units.csv": "2", "levers.csv": "2", "notes.txt": "mine"}
