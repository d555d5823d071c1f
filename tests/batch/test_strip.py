"""What is kept names no machine."""

from __future__ import annotations

from sourcing.batch.strip import label_machine, label_paths, strip_notebook


def test_a_longer_path_wins_and_a_mere_beginning_does_not_match():
    labels = {"/data": "D", "/data/case": "case"}
    assert label_paths("/data/case/units.csv /data/cases /database", labels) == "case/units.csv D/cases /database"


def test_a_windows_path_is_found_in_text_in_a_literal_and_with_forward_slashes():
    labels = {r"C:\u\case": "case"}
    assert label_paths([r"C:\u\case\a", r"'C:\\u\\case'", "C:/u/case/b"], labels) == [
        r"case\a",
        "'case'",
        "case/b",
    ]


def test_a_label_is_taken_literally():
    assert label_paths("/data/x", {"/data": r"a\1\g<0>"}) == r"a\1\g<0>/x"


def test_machine_metadata_goes_and_parameters_stay():
    notebook = {
        "metadata": {
            "papermill": {"environment_variables": {"K": "v"}, "input_path": "/a"},
            "kernelspec": {},
        },
        "cells": [
            {
                "id": "x1",
                "metadata": {"tags": ["injected-parameters"], "papermill": {"duration": 1}},
                "source": "f = '/a/c'",
                "outputs": [],
            },
            {"id": "fine", "metadata": {"execution": {}}, "source": "", "outputs": [{"text": "/a/c/d"}]},
        ],
    }
    strip_notebook(notebook, {"/a/c": "c"}, {"case_folder": "/a/c", "count": 3})
    assert notebook["metadata"] == {
        "papermill": {"parameters": {"case_folder": "c", "count": 3}},
        "kernelspec": {},
    }
    assert notebook["cells"] == [
        {
            "id": "injected-parameters-0",
            "metadata": {"tags": ["injected-parameters"]},
            "source": "f = 'c'",
            "outputs": [],
        },
        {"id": "fine", "metadata": {}, "source": "", "outputs": [{"text": "c/d"}]},
    ]


def test_home_as_a_tilde_is_known_too(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert label_paths("~/case/a.csv", label_machine({str(tmp_path / "case"): "case"})) == "case/a.csv"
