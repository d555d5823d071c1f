"""Parameters are read as syntax and refused before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from sourcing.batch.notebooks import (
    arrange_parameters,
    find_notebook,
    fingerprint_notebook,
    open_workspace,
    read_parameters,
    settle_parameters,
)
from sourcing.errors import InputError


def test_a_line_with_a_second_equals_sign_and_a_union_type_are_read(notebook):
    path = notebook(parameters='where: str = "a == b"  # x, y\nlimit: float | None = None\nplain = 3\n')
    found = read_parameters(path)
    assert [(each.name, each.type, each.default) for each in found.values()] == [
        ("where", "str", "a == b"), ("limit", "float | None", None), ("plain", "int", 3),
    ]  # fmt: skip


def test_a_parameters_cell_that_computes_is_refused(notebook):
    with pytest.raises(InputError, match=r"print\('x'\).*Hint: move anything else"):
        read_parameters(notebook(parameters="print('x')\n"))


def test_a_notebook_without_a_parameters_cell_is_refused(tmp_path):
    path = tmp_path / "bare.ipynb"
    path.write_text('{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}')
    with pytest.raises(InputError, match="one cell tagged 'parameters'; got 0"):
        read_parameters(path)


def test_a_file_that_is_no_notebook_is_refused(tmp_path):
    path = tmp_path / "no.ipynb"
    path.write_text("hello")
    with pytest.raises(InputError, match="readable nbformat 4"):
        read_parameters(path)


def test_a_misspelt_parameter_is_refused_with_the_near_name(notebook):
    with pytest.raises(InputError, match=r"got 'price_of_fitt'\. Hint: did you mean 'price_of_fit'\?"):
        settle_parameters(notebook(), {"price_of_fitt": "3"})


@pytest.mark.parametrize("name", ["case_folder", "business_unit"])
def test_what_the_run_sets_itself_cannot_be_set(notebook, name):
    with pytest.raises(InputError, match="set by the run itself"):
        settle_parameters(notebook(), {name: "x"})


def test_a_notebook_that_takes_no_unit_cannot_be_run_per_unit(notebook):
    with pytest.raises(InputError, match="must declare case_folder and business_unit; got none named 'business_unit'"):
        settle_parameters(notebook(parameters='case_folder: str = ""\n'), {})


def test_values_come_in_the_type_of_the_lever_or_of_the_annotation(notebook):
    settled = settle_parameters(notebook(), {"price_of_fit": "1500", "count": "4", "note": "7"})
    assert settled == {"price_of_fit": 1500.0, "count": 4, "note": "7"}
    assert isinstance(settled["price_of_fit"], float)


def test_an_empty_lever_stays_as_the_case_says(notebook):
    assert settle_parameters(notebook(), {"price_of_fit": ""}) == {"price_of_fit": ""}


ANY = 'case_folder: str = ""\nbusiness_unit: str = ""\ngap: str = ""\nlevers: dict = {"core_threshold": 0.6}  # x, y\n'


def test_levers_that_the_cell_does_not_name_go_into_its_dict_beside_what_it_holds(notebook):
    path = notebook(parameters=ANY)
    settled = settle_parameters(path, {"gap": "0.01", "price_of_fit": "1500", "budget_share": ""})
    assert settled == {"gap": 0.01, "price_of_fit": 1500.0, "budget_share": ""}
    assert arrange_parameters(path, settled) == {
        "gap": 0.01,
        "levers": {"core_threshold": 0.6, "price_of_fit": 1500.0, "budget_share": ""},
    }
    assert arrange_parameters(path, {"gap": 0.01}) == {"gap": 0.01}


def test_a_lever_that_the_cell_does_not_name_is_checked_as_one_that_it_does(notebook):
    path = notebook(parameters=ANY)
    with pytest.raises(InputError, match=r"small\.ipynb declares; got 'core_treshold'.*mean 'core_threshold'"):
        settle_parameters(path, {"core_treshold": "0.6"})
    with pytest.raises(InputError, match="min_coverage must be a number from 0 to 1"):
        settle_parameters(path, {"min_coverage": "2"})
    with pytest.raises(InputError, match="levers takes each lever by its own name"):
        settle_parameters(path, {"levers": "{'gap': 0.1}"})


def test_a_lever_that_a_notebook_itself_misspells_or_sets_twice_is_refused_before_it_runs(notebook):
    with pytest.raises(InputError, match="did you mean 'core_threshold'"):
        settle_parameters(notebook(parameters=ANY.replace("threshold", "treshold")), {})
    with pytest.raises(InputError, match="A lever must have one value; got core_threshold"):
        settle_parameters(notebook(parameters=ANY + 'core_threshold: str = ""\n'), {"core_threshold": "0.7"})


def test_a_notebook_without_the_dict_takes_the_levers_it_names_only(notebook):
    with pytest.raises(InputError, match=r"small\.ipynb declares; got 'core_threshold'"):
        settle_parameters(notebook(), {"core_threshold": "0.6"})


@pytest.mark.parametrize(("name", "value"), [("price_of_fit", "-1"), ("price_of_fit", "dear"), ("count", "some")])
def test_a_value_of_the_wrong_type_or_range_is_refused(notebook, name, value):
    with pytest.raises(InputError, match=f"{name} must be"):
        settle_parameters(notebook(), {name: value})


def test_a_flag_reads_yes_and_no_only(notebook):
    path = notebook(parameters='case_folder: str = ""\nbusiness_unit: str = ""\nshout: bool = False\n')
    assert settle_parameters(path, {"shout": "Yes"}) == {"shout": True}
    with pytest.raises(InputError, match="shout must be of type bool"):
        settle_parameters(path, {"shout": "maybe"})


def test_a_path_wins_and_an_unknown_name_gets_a_hint(notebook):
    path = notebook()
    assert find_notebook(path) == path
    with pytest.raises(InputError, match="got 'decisionpack'"):
        find_notebook("decisionpack")


def test_a_shipped_notebook_is_found_by_name():
    assert find_notebook("decision_pack").name == "decision_pack.ipynb"


def test_the_fingerprint_follows_the_cells_and_not_the_outputs(notebook):
    first = fingerprint_notebook(notebook("x = 1"))
    path = notebook("x = 1")
    path.write_text(path.read_text().replace('"outputs": []', '"outputs": [{"output_type": "stream"}]'))
    assert fingerprint_notebook(path) == first
    assert fingerprint_notebook(notebook("x = 2")) != first


def test_a_checkout_is_its_own_workspace(tmp_path):
    assert open_workspace(tmp_path) == Path(__file__).parents[2]


def test_an_installed_suite_is_worked_in_by_copies_that_keep_what_is_there(tmp_path, monkeypatch):
    shipped = tmp_path / "installed"
    for name in ("notebooks/00_start.ipynb", "data/tiny/units.csv"):
        (shipped / name).parent.mkdir(parents=True)
        (shipped / name).write_text("shipped")
    monkeypatch.setattr("sourcing.batch.notebooks.find_shipped", lambda name: shipped / name)
    mine = tmp_path / "mine"
    (mine / "notebooks").mkdir(parents=True)
    (mine / "notebooks" / "00_start.ipynb").write_text("my own")
    assert open_workspace(mine) == mine
    assert (mine / "notebooks" / "00_start.ipynb").read_text() == "my own"
    assert (mine / "data" / "tiny" / "units.csv").read_text() == "shipped"
