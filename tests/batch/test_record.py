"""The manifest is true at every moment, and a run that goes on redoes only what has to be."""

from __future__ import annotations

import json

import pytest

from sourcing.batch import run_packs
from sourcing.batch.folders import publish_folder
from sourcing.batch.jobs import Outcome
from sourcing.batch.record import RunRecord
from sourcing.pack import dump_json

HR, OPS, HOSTILE = "hr", "ops", "R&D <b>"


def read_units(out):
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return {unit["business_unit"]: unit for unit in manifest["units"]}


def list_progress(out):
    return {name: unit["progress"] for name, unit in read_units(out).items()}


def read_index(out):
    return (out / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def go(case, notebook, make, tmp_path, in_place):
    """A run of the small notebook into the test's own folder."""
    notebook("if note == business_unit: raise ValueError('no figures')", make.decide)

    def run(out=tmp_path / "out", **options):
        options.setdefault("notebook", tmp_path / "small.ipynb")
        return run_packs(case, out, workers=1, **options)

    return run


def test_the_manifest_tells_how_far_a_run_is_at_each_step(go, tmp_path):
    out, seen = tmp_path / "out", []
    go(levers={"note": HR}, on_unit=lambda _: seen.append(read_units(out)))
    assert [{name: unit["progress"] for name, unit in units.items()} for units in seen] == [
        {HOSTILE: "ended", HR: "waiting", OPS: "waiting"},
        {HOSTILE: "ended", HR: "ended", OPS: "waiting"},
        {HOSTILE: "ended", HR: "ended", OPS: "ended"},
    ]
    assert [units[HR]["status"] for units in seen] == [None, "failed", "failed"]


def test_a_stopped_run_tells_what_was_finished_failed_and_not_run(go, tmp_path):
    def stop(outcome):
        if outcome.business_unit == HR:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go(levers={"note": HR}, on_unit=stop)
    out = tmp_path / "out"
    assert list_progress(out) == {HOSTILE: "ended", HR: "ended", OPS: "not run"}
    assert [unit["status"] for unit in read_units(out).values()] == ["optimal", "failed", None]
    assert "1 is not run yet" in read_index(out)
    assert sorted(path.name for path in out.iterdir()) == ["R-D-b", "hr", "index.html", "manifest.json"]


def test_a_part_run_anew_keeps_the_other_units_and_says_what_their_run_had_otherwise(go, tmp_path):
    out = tmp_path / "out"
    go()
    first = read_units(out)
    go(units=[HR], levers={"note": "two"})
    then = read_units(out)
    assert list(then) == list(first)
    assert then[OPS] == first[OPS] | {"progress": None}
    assert then[HR]["run"] != first[HR]["run"]
    assert f"from the run of {first[OPS]['run'][:10]}" in read_index(out)
    assert read_index(out).count("other settings") == 2
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert [(run["started"], run["parameters"]) for run in manifest["earlier"]] == [(first[OPS]["run"], {})]


def test_resuming_skips_what_was_made_from_the_same_and_redoes_the_rest(go, case, make, tmp_path):
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        go(on_unit=lambda outcome: (_ for _ in ()).throw(KeyboardInterrupt) if outcome.business_unit == HR else None)
    begun = []
    run = go(resume=True, on_start=begun.extend)
    assert (begun, run.skipped) == ([OPS], (HOSTILE, HR))
    assert [outcome.status for outcome in run.outcomes] == ["optimal"] * 3
    assert list_progress(out) == {HOSTILE: "skipped", HR: "skipped", OPS: "ended"}
    assert go(resume=True).skipped == (HOSTILE, HR, OPS)
    assert go(resume=True, levers={"note": "x"}).skipped == ()
    assert go(resume=True, levers={"note": "x"}).skipped == (HOSTILE, HR, OPS)
    scores = case / "scores.csv"
    row = "hr,payroll,standard_exists,analyst,"
    scores.write_text(scores.read_text().replace(f"{row}3", f"{row}4"))
    assert go(resume=True, levers={"note": "x"}).skipped == (HOSTILE, OPS)
    (out / OPS / "pack.html").unlink()
    assert go(resume=True, levers={"note": "x"}).skipped == (HOSTILE, HR)
    book = make.notebook(tmp_path / "small.ipynb", make.decide)
    assert go(resume=True, levers={"note": "x"}, notebook=book).skipped == ()


def test_a_failed_unit_is_never_taken_for_finished(go):
    go(levers={"note": HR})
    assert go(resume=True, levers={"note": HR}).skipped == (HOSTILE, OPS)


def test_a_pack_put_in_place_by_a_run_that_died_before_it_was_noted_is_made_again(go, tmp_path):
    """What lies there is of the second run, what is recorded of the first: neither is trusted by the third."""
    go(units=[HR])

    class Killed(BaseException):
        """No time to mend anything."""

    def publish_and_die(*arguments):
        publish_folder(*arguments)
        raise Killed

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sourcing.batch.run.publish_folder", publish_and_die)
        patched.setattr("sourcing.batch.record.RunRecord.settle", lambda *_: None)
        with pytest.raises(Killed):
            go(units=[HR], levers={"note": "two"})
    summary = json.loads((tmp_path / "out" / HR / "summary.json").read_text(encoding="utf-8"))
    assert (summary["note"], read_units(tmp_path / "out")[HR]["progress"]) == ("two", "running")
    assert go(units=[HR], resume=True).skipped == ()


def test_a_pack_that_somebody_has_open_stays_and_harms_no_other_unit(go, tmp_path):
    """As on Windows, where a folder with an open file cannot be renamed."""
    out = tmp_path / "out"
    go()
    first = (out / HR / "summary.json").read_bytes()

    def refuse(made, target, earlier):
        if target.name == HR:
            raise PermissionError(13, "open elsewhere", str(target))
        publish_folder(made, target, earlier)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sourcing.batch.run.publish_folder", refuse)
        run = go(levers={"note": "two"})
    assert [outcome.status for outcome in run.outcomes] == ["optimal", "failed", "optimal"]
    assert run.outcomes[1].error.startswith("A unit's folder must be free to be replaced; got one that another")
    assert (out / HR / "summary.json").read_bytes() == first
    assert read_units(out)[HR]["files"] == read_units(out)[OPS]["files"]
    assert go(levers={"note": "two"}, resume=True).skipped == (HOSTILE, OPS)


def test_tables_that_change_under_a_run_leave_no_pack_to_skip(go, case):
    def touch(_):
        with (case / "scores.csv").open("a") as file:
            file.write("\n")

    go(units=[HR, OPS], on_start=touch)
    assert go(units=[HR, OPS], resume=True).skipped == ()
    assert go(units=[HR, OPS], resume=True).skipped == (HR, OPS)


def test_a_manifest_put_together_from_entries_is_the_one_spelled_at_once(tmp_path):
    head = {"started": "now", "parameters": {"note": "é\n"}}
    record = RunRecord(tmp_path, head, {"b": ("B", "b"), "a": ("A", "a")})
    record.begin("b")
    record.announce("b", ["plan.csv", "[]\n}"])
    record.end(Outcome("b", "optimal", summary={"gap": float("nan")}, files=("plan.csv",)), "print")
    record.write()
    assert (tmp_path / "manifest.json").read_text(encoding="utf-8") == dump_json(record.describe())
    assert [entry["progress"] for entry in record.describe()["units"]] == ["waiting", "ended"]


def test_a_manifest_that_is_no_manifest_is_written_anew(go, tmp_path):
    for place, text in enumerate(("", "[]", '{"units": 3}', '{"units": [{}], "started": "x"}')):
        out = tmp_path / str(place)
        out.mkdir()
        (out / "manifest.json").write_text(text)
        assert go(out=out, units=[HR], resume=True).skipped == ()
        assert list_progress(out) == {HR: "ended"}
