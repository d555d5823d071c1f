"""A case that was handed to a process is what it would have read; anything else is read."""

from __future__ import annotations

import os
import pickle
import shutil

import pandas as pd
import pytest

from sourcing import load_case
from sourcing.case import HANDED, hand_case
from tests.conftest import TINY


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(TINY, tmp_path / "tiny")


@pytest.fixture
def handed(folder, tmp_path, monkeypatch):
    """Hand out alpha, and let nobody read tables."""
    hand_case(load_case(folder, "alpha"), folder, tmp_path / "case.pickle")
    monkeypatch.setenv(HANDED, str(tmp_path / "case.pickle"))

    def refuse(_):
        raise AssertionError("the tables were read")

    monkeypatch.setattr("sourcing.case.load.read_folder", refuse)
    return tmp_path / "case.pickle"


def test_a_handed_case_is_the_one_that_would_be_read(folder, tmp_path):
    read = load_case(folder, "alpha")
    again = pickle.loads(pickle.dumps(read))
    assert (again.fingerprint, again.source) == (read.fingerprint, read.source)
    assert list(again.tables) == list(read.tables)
    for name, table in read.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table)
    pd.testing.assert_frame_equal(again.warnings, read.warnings)
    assert again.replace(rules=again.rules.iloc[:0]).fingerprint == read.replace(rules=read.rules.iloc[:0]).fingerprint


def test_it_is_taken_without_reading_under_the_path_that_was_asked_for(folder, handed, monkeypatch):
    assert load_case(folder, "alpha").source == str(folder)
    monkeypatch.chdir(folder.parent)
    assert load_case("tiny", "alpha").source == "tiny"


@pytest.mark.parametrize("asked", ["beta", None])
def test_another_unit_or_all_are_read(folder, handed, asked):
    with pytest.raises(AssertionError, match="were read"):
        load_case(folder, asked)


def test_tables_that_changed_since_are_read(folder, handed):
    rules = folder / "rules.csv"
    os.utime(rules, ns=(0, 0))
    with pytest.raises(AssertionError, match="were read"):
        load_case(folder, "alpha")


def test_another_folder_is_read(handed):
    with pytest.raises(AssertionError, match="were read"):
        load_case(TINY, "alpha")


def test_nothing_is_taken_where_the_file_is_gone(folder, handed):
    handed.unlink()
    with pytest.raises(AssertionError, match="were read"):
        load_case(folder, "alpha")
