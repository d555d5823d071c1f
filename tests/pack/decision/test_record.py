"""The decision is read from the notebook's output and written as files that every reader accepts."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from sourcing.errors import BatchError
from sourcing.pack.decision import MIME, read_decision, write_decision

SHOWN = {"output_type": "display_data", "data": {MIME: {"summary": {"a": 1}, "tables": {}}}}


def test_one_decision_is_found_and_none_is_none():
    assert read_decision({"cells": [{"outputs": [{"output_type": "stream"}]}, {"outputs": [SHOWN]}, {}]}) == {
        "summary": {"a": 1}, "tables": {},
    }  # fmt: skip
    assert read_decision({"cells": [{}]}) is None


def test_two_decisions_are_refused():
    with pytest.raises(BatchError, match="one decision; got 2"):
        read_decision({"cells": [{"outputs": [SHOWN, SHOWN]}]})


def test_numbers_that_are_not_finite_become_null(tmp_path):
    write_decision(tmp_path, {"bound": float("-inf"), "lines": [float("nan"), 1.5]}, {})
    assert json.loads((tmp_path / "summary.json").read_text()) == {"bound": None, "lines": [None, 1.5]}


def test_records_and_frames_give_the_same_bytes(tmp_path):
    records = [
        {"process": "päy,roll", "share": 1.0, "note": None},
        {"process": "it", "share": 0.5, "note": "x"},
    ]
    assert write_decision(tmp_path, {}, {"plan": records}) == ["plan.csv", "summary.json"]
    first = (tmp_path / "plan.csv").read_bytes()
    write_decision(tmp_path, {}, {"plan": pd.DataFrame(records)})
    assert (tmp_path / "plan.csv").read_bytes() == first
    assert first.decode().splitlines()[1] == '"päy,roll",1.0,'


@pytest.mark.parametrize("name", ["../plan", "Plan", "a b", "", "summary.json"])
def test_a_table_name_that_could_leave_the_folder_is_refused(tmp_path, name):
    with pytest.raises(BatchError, match="table's name"):
        write_decision(tmp_path, {}, {name: []})
    assert not list(tmp_path.iterdir())


def test_a_run_that_asks_nothing_keeps_the_heads_of_its_questions(tmp_path):
    write_decision(tmp_path, {}, {"questions": []})
    assert pd.read_csv(tmp_path / "questions.csv").columns.tolist()[:2] == ["topic", "process"]
