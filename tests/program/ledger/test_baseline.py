"""A run is adopted once, and an adopted baseline that somebody edited is noticed."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import pytest

from sourcing.cli import main
from sourcing.errors import InputError
from sourcing.program import adopt_run, open_ledger, read_baseline
from tests.conftest import TINY

NOW = datetime(2025, 2, 3, 4, 5, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "alpha"
    assert main(["plan", str(TINY), "--unit", "alpha", "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def run(made, tmp_path):
    return shutil.copytree(made, tmp_path / "run")


def test_a_baseline_is_what_the_run_promised(run, promised):
    adopted = adopt_run(run, now=NOW)
    assert adopted.adopted_at == "2025-02-03T04:05:06Z"
    assert adopted.promise.equals(promised.promise)
    assert adopted.commitments.equals(promised.commitments)
    assert adopted.case_fingerprint == promised.case_fingerprint
    assert read_baseline(run / "baseline").fingerprint == adopted.fingerprint


def test_a_run_is_adopted_once(run):
    adopt_run(run, now=NOW)
    before = {path.name: path.read_bytes() for path in (run / "baseline").iterdir()}
    with pytest.raises(InputError, match=r"A run is adopted once; got .*there already"):
        adopt_run(run)
    assert {path.name: path.read_bytes() for path in (run / "baseline").iterdir()} == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("promise.csv", "66666.6666667", "66666.6666668"),
        ("promise.csv", "help_desk", "help_desc"),
        ("promise.csv", "2025-03-01", "2025-03-02"),
        ("commitments.csv", "DeskCo", "DeskCorp"),
        ("baseline.json", "USD", "EUR"),
        ("baseline.json", "2025-02-03", "2025-02-04"),
    ],
)
def test_an_edit_is_noticed_wherever_the_baseline_is_read(run, report, file, old, new):
    adopt_run(run, now=NOW)
    path = run / "baseline" / file
    path.chmod(0o644)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    case = report([("research", "2025-01-01", "stay", {"heads": 8, "wage": 100_000})])
    for read in (read_baseline, lambda folder: open_ledger(folder, case)):
        with pytest.raises(InputError, match=r"must be as it was written; got .*altered"):
            read(run)


def test_a_row_taken_out_or_a_file_gone_is_noticed(run):
    adopt_run(run, now=NOW)
    path = run / "baseline" / "promise.csv"
    path.chmod(0o644)
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join(text.split("\n")[:-2]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="altered"):
        read_baseline(run)
    path.unlink()
    with pytest.raises(InputError, match="altered"):
        read_baseline(run)


def test_a_promise_edited_before_it_is_adopted_is_refused(run):
    path = run / "promise.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("50000.0", "40000.0", 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"got promise\.csv or commitments\.csv changed since"):
        adopt_run(run)
    assert not (run / "baseline").exists()


def test_a_case_that_changes_later_leaves_the_baseline_alone(run, alpha, report):
    adopted = adopt_run(run, now=NOW)
    dearer = alpha.options.assign(price_per_year=alpha.options["price_per_year"] * 2)
    case = report([("research", "2025-01-01", "stay", {"heads": 8, "wage": 100_000})], options=dearer)
    ledger = open_ledger(run, case)
    assert ledger.baseline.promise.equals(adopted.promise)
    assert ledger.leakage["amount"].abs().max() < 1e-6


def test_what_is_no_run_is_refused_in_words(tmp_path, run):
    with pytest.raises(InputError, match=r"must hold summary\.json"):
        adopt_run(tmp_path)
    with pytest.raises(InputError, match="got no folder 'baseline'"):
        read_baseline(run)
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    summary.pop("promise")
    (run / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    with pytest.raises(InputError, match="must hold what it promises"):
        adopt_run(run)


@pytest.mark.xdist_group("packs")
def test_a_unit_of_packs_is_adopted_too(tiny_packs, tmp_path, promised):
    run = shutil.copytree(tiny_packs.folder / "alpha", tmp_path / "alpha")
    assert adopt_run(run).promise.equals(promised.promise)


def test_planning_again_into_an_adopted_run_leaves_its_baseline(run):
    adopted = adopt_run(run, now=NOW)
    assert main(["plan", str(TINY), "--unit", "alpha", "--out", str(run), "--set", "price_of_fit=1"]) == 0
    assert read_baseline(run).fingerprint == adopted.fingerprint


def test_an_unknown_unit_is_refused(run, beta):
    adopt_run(run, now=NOW)
    with pytest.raises(InputError, match="must be the unit that was adopted, 'alpha'; got 'beta'"):
        open_ledger(run, beta)
