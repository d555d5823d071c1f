"""A run keeps its inputs, and they load back as they were, whatever the names; what is missing is told."""

from __future__ import annotations

import json
import shutil
from types import SimpleNamespace

import pytest

from sourcing import load_case
from sourcing.case import save_case, settle
from sourcing.decide import pose_question
from sourcing.errors import InputError
from sourcing.program import (
    compare_runs,
    compare_with_run,
    describe_inputs,
    describe_review,
    list_kept,
    require_place,
    write_inputs,
)
from sourcing.program.review.kept import read_inputs
from tests.case.test_round_trips import NAMES, name_all
from tests.conftest import TINY


def write_run(folder, question, **summary):
    folder.mkdir(parents=True)
    write_inputs(folder, describe_inputs(question))
    known = {"business_unit": question.case.unit["business_unit"], **summary}
    (folder / "summary.json").write_text(json.dumps(known), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory, alpha):
    """Two runs of alpha by the same tables; the second prices fit."""
    folder = tmp_path_factory.mktemp("runs")
    one, two = (pose_question(alpha, **levers) for levers in ({}, {"price_of_fit": 2000.0}))
    known = {"objective": 3_930_000.0, "cash_cost": 3_895_000.0, "expected_loss": 35_000.0}
    first = write_run(folder / "one" / "alpha", one, **known)
    second = write_run(folder / "two" / "alpha", two, **known | {"objective": 3_884_000.0})
    return SimpleNamespace(first=first, second=second)


def test_names_from_all_over_the_world_come_back_unchanged(tmp_path):
    case = name_all().select("alpha")
    policy, outlook = settle(case)
    write_inputs(tmp_path, describe_inputs(SimpleNamespace(case=case, policy=policy, outlook=outlook)))
    kept, _ = read_inputs(tmp_path, "alpha")
    assert kept.fingerprint == case.fingerprint
    assert len(set(kept.processes["process"]) - {"payroll", "help_desk", "research"}) == len(NAMES)
    assert {NAMES["formula"], NAMES["apostrophe"], NAMES["number"]} <= set(kept.processes["process"])
    assert "\n'=HYPERLINK" not in (tmp_path / "inputs" / "processes.csv").read_text(encoding="utf-8")
    assert "alpha,=HYPERLINK" not in (tmp_path / "inputs" / "processes.csv").read_text(encoding="utf-8")


def test_what_is_kept_is_a_case_with_every_lever_and_names_no_machine(runs, alpha):
    case = load_case(runs.second / "inputs")
    assert case.fingerprint == alpha.fingerprint
    assert case.warnings.empty
    _, levers = read_inputs(runs.second, "alpha")
    assert float(levers["price_of_fit"]) == 2000.0
    assert settle(case, **levers) == settle(alpha, price_of_fit=2000.0)
    for path in (runs.second / "inputs").iterdir():
        assert str(runs.second.parent) not in path.read_text(encoding="utf-8")


def test_runs_compare_by_folder_by_file_and_by_the_folder_above(runs):
    for first, second in (
        (runs.first, runs.second),
        (runs.first / "summary.json", runs.second / "inputs" / ".."),
        (runs.first.parent, runs.second),
    ):
        review = compare_runs(first, second)
        assert list(review.units) == ["alpha"]
        assert review.units["alpha"].levers.values.tolist() == [["price_of_fit", 0.0, 2000.0]]
        assert review.units["alpha"].drift.empty


def test_a_run_compared_with_itself_says_nothing_changed_and_goes_through_json(runs):
    review = compare_runs(runs.first, runs.first)
    assert review.is_unchanged
    told = describe_review(review)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["is_unchanged"]


def test_a_record_that_its_inputs_no_longer_give_is_told(runs, tmp_path):
    folder = shutil.copytree(runs.first, tmp_path / "alpha")
    summary = json.loads((folder / "summary.json").read_text())
    (folder / "summary.json").write_text(json.dumps(summary | {"objective": 4_000_000.0}))
    found = compare_runs(runs.first, folder).units["alpha"]
    assert found.drift.values.tolist() == [["after", "objective", 4_000_000.0, 3_930_000.0]]
    assert not found.is_unchanged
    assert found.changes.empty


def test_a_run_without_inputs_is_told_how_to_get_them(runs, tmp_path):
    folder = shutil.copytree(runs.first, tmp_path / "alpha")
    shutil.rmtree(folder / "inputs")
    with pytest.raises(InputError, match=r"got no inputs/levers.csv in .*alpha.*Hint: .*sourcing plan CASE --unit U"):
        compare_runs(folder, runs.second)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("nowhere", r"must be there to be compared; got .*nowhere"),
        ("", r"got no summary.json in .*Hint: sourcing plan"),
    ],
)
def test_what_is_no_run_is_told(runs, tmp_path, path, told):
    with pytest.raises(InputError, match=told):
        compare_runs(tmp_path / path, runs.second)


def test_levers_that_were_altered_are_refused(runs, tmp_path):
    folder = shutil.copytree(runs.first, tmp_path / "alpha")
    file = folder / "inputs" / "levers.csv"
    file.write_text(file.read_text().replace("price_of_fit,", "price_of_fits,"))
    with pytest.raises(InputError, match=r"got 'price_of_fits' in levers.csv.*did you mean 'price_of_fit'"):
        compare_runs(folder, runs.second)
    file.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"as they were written; got KeyError in levers.csv"):
        compare_runs(folder, runs.second)


def test_inputs_never_replace_the_tables_of_a_case(tmp_path, alpha):
    case = save_case(alpha, tmp_path / "inputs")
    with pytest.raises(InputError, match="must not lie among the tables of a case"):
        require_place(tmp_path, TINY)
    with pytest.raises(InputError, match="must not lie among the tables of a case"):
        require_place(tmp_path, case)
    assert list_kept(tmp_path) == []
    (case / "levers.csv").write_text("name,value\n")
    require_place(tmp_path, TINY)


def test_runs_without_a_unit_in_common_are_refused(runs, tmp_path, beta):
    other = write_run(tmp_path / "beta", pose_question(beta))
    with pytest.raises(InputError, match=r"a business unit in common; got alpha in .* and beta in .*Hint"):
        compare_runs(runs.first, other)


def test_a_decision_at_hand_compares_with_an_earlier_run_or_with_its_case_as_it_says(runs, alpha, beta, decide):
    decision = decide(alpha, price_of_fit=2000.0)
    for earlier in (runs.first, ""):
        found = compare_with_run(earlier, decision)
        assert found.levers.values.tolist() == [["price_of_fit", 0.0, 2000.0]]
        assert found.causes["objective"].tolist() == [-46_000.0]
    with pytest.raises(InputError, match=r"A run must be of 'beta'; got none at"):
        compare_with_run(runs.first, decide(beta))


def test_units_of_one_run_only_are_listed(runs, tmp_path, beta):
    both = tmp_path / "both"
    write_run(both / "b", pose_question(beta))
    shutil.copytree(runs.first, both / "a")
    review = compare_runs(both, runs.first)
    assert (review.only_before, review.only_after) == (("beta",), ())
    assert not review.is_unchanged
    with pytest.raises(InputError, match=r"must be one of both runs; got 'alfa'.*did you mean 'alpha'"):
        compare_runs(both, runs.first, units=["alfa"])


def test_a_file_outside_the_folder_is_never_written(tmp_path):
    with pytest.raises(InputError, match=r"got '\.\./x\.csv'"):
        write_inputs(tmp_path, {"../x.csv": "a"})
