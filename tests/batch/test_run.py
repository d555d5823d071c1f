"""Units run apart: what one does cannot harm another, and what is written is whole."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from papermill.exceptions import PapermillExecutionError

from sourcing.batch import pool, run_packs, worker
from sourcing.batch.jobs import Job
from sourcing.batch.pool import run_jobs
from sourcing.case import load_case
from sourcing.errors import CaseError, InputError
from tests.batch.stopped import stop

HR, OPS = "hr", "ops"


def read_manifest(out):
    return json.loads((out / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def finished(tmp_path_factory, make):
    """One run of three units, looked at by several tests."""
    folder = tmp_path_factory.mktemp("finished")
    case = make.case(folder / "case")
    notebook = make.notebook(
        folder / "small.ipynb",
        "import os, sys; here = os.getcwd(); print(case_folder, here)",
        make.decide,
        "print(get_ipython().history_manager.enabled, 'rfc3987_syntax' in sys.modules)",
    )
    before = Path.cwd()
    run = run_packs(case, folder / "out", notebook=notebook, levers={"note": "x = y", "price_of_fit": "3"})
    assert Path.cwd() == before
    return folder, run


def test_each_unit_gets_its_files_and_nothing_else_is_left(finished):
    folder, run = finished
    assert run.exit_code == 0
    out = folder / "out"
    assert sorted(path.name for path in out.iterdir()) == [
        "R-D-b",
        "hr",
        "index.html",
        "manifest.json",
        "ops",
    ]
    for unit in ("R-D-b", "hr", "ops"):
        names = sorted(path.name for path in (out / unit).iterdir())
        assert names == ["notebook.ipynb", "pack.html", "plan.csv", "rules.csv", "summary.json"]


def test_the_parameters_reach_the_notebook_and_its_order_of_columns_stays(finished):
    folder, _ = finished
    summary = json.loads((folder / "out" / "R-D-b" / "summary.json").read_text(encoding="utf-8"))
    assert (summary["unit"], summary["note"]) == ("R&D <b>", "x = y")
    assert list(summary)[:3] == ["status", "objective", "bound"]
    assert (folder / "out" / "hr" / "plan.csv").read_text() == "process,option,cash_cost\npayroll,as_is,12.5\n"


def test_nothing_that_is_kept_names_the_machine(finished):
    folder, _ = finished
    for path in (folder / "out").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        for private in (str(folder), tempfile.gettempdir() + os.sep, str(Path.home()) + os.sep, sys.prefix):
            assert private not in text, (path.name, private)


def test_a_unit_is_handed_its_case_and_has_its_charts_drawn_for_it(case, notebook, tmp_path):
    book = notebook(
        "import sourcing.case.load\nsourcing.case.load.read_folder = None",
        "from sourcing import load_case\nprint(load_case(case_folder, business_unit).fingerprint)",
        "import os\nassert os.path.exists(os.environ['SOURCING_DRAWER'])",
    )
    run = run_packs(case, tmp_path / "out", notebook=book, units=[OPS])
    assert [each.error for each in run.outcomes] == [""]
    kept = (tmp_path / "out" / OPS / "notebook.ipynb").read_text(encoding="utf-8")
    assert load_case(case, OPS).fingerprint in kept


def test_the_kernel_keeps_no_history_and_skips_the_slow_import(finished):
    folder, _ = finished
    assert "False True" in (folder / "out" / "hr" / "notebook.ipynb").read_text()


def test_the_manifest_tells_from_what_with_what_and_what_came_of_it(finished):
    folder, _ = finished
    manifest = read_manifest(folder / "out")
    assert manifest["parameters"] == {"note": "x = y", "price_of_fit": 3.0}
    assert manifest["case"]["folder"] == "case"
    assert len(manifest["case"]["fingerprint"]) == len(manifest["notebook"]["fingerprint"]) == 64
    assert manifest["packages"]["pandas"]
    assert "pytest" not in manifest["packages"]
    unit = next(each for each in manifest["units"] if each["business_unit"] == "R&D <b>")
    assert unit["seconds"] > 0
    assert {key: unit[key] for key in ("folder", "status", "objective", "gap", "error")} == {
        "folder": "R-D-b", "status": "optimal", "objective": 12.5, "gap": 0.0, "error": None,
    }  # fmt: skip


def test_the_index_escapes_names_and_links_every_file(finished):
    folder, _ = finished
    page = (folder / "out" / "index.html").read_text(encoding="utf-8")
    assert "Unit R&amp;D &lt;b&gt;" in page
    assert "<b>" not in page
    assert 'href="R-D-b/pack.html"' in page
    assert page.count("<script") == 1
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


def test_running_again_gives_the_same_notebook_byte_for_byte(finished):
    folder, _ = finished
    out = folder / "out"
    first = (out / HR / "notebook.ipynb").read_bytes()
    (out / "mine.txt").write_text("keep")
    (out / HR / "mine.txt").write_text("keep")
    levers = {"note": "x = y", "price_of_fit": "3"}
    run_packs(folder / "case", out, units=[HR], notebook=folder / "small.ipynb", levers=levers)
    assert (out / HR / "notebook.ipynb").read_bytes() == first
    assert (out / "mine.txt").read_text() == (out / HR / "mine.txt").read_text() == "keep"
    assert "mine.txt" not in read_manifest(out)["units"][0]["files"]
    (out / "mine.txt").unlink()
    (out / HR / "mine.txt").unlink()


def test_one_failing_and_one_crashing_unit_leave_the_third_its_pack(case, notebook, make, tmp_path):
    """One raises, one kills the very process that runs it; their notebook or words are kept."""
    book = notebook(
        "if business_unit == 'hr': raise ValueError('no <figures>\\nat all')\n"
        "import os, signal\n"
        "if business_unit == 'R&D <b>': os.kill(os.getppid(), signal.SIGKILL)",
        make.decide,
    )
    told = []
    out = tmp_path / "out"
    run = run_packs(case, out, notebook=book, on_unit=told.append)
    by_unit = {each.business_unit: each for each in run.outcomes}
    assert run.exit_code == 1
    assert [each.business_unit for each in run.outcomes] == sorted(make.units)
    assert {each.business_unit for each in told} == set(make.units)
    assert by_unit[HR].error == "Cell 'code-0': ValueError: no <figures>"
    assert by_unit["R&D <b>"].error == "The unit's process was ended by SIGKILL."
    assert by_unit[OPS].is_done
    assert sorted(path.name for path in (out / HR).iterdir()) == ["notebook.ipynb", "traceback.txt"]
    assert "ValueError" in (out / HR / "traceback.txt").read_text()
    assert [path.name for path in (out / "R-D-b").iterdir()] == ["traceback.txt"]
    assert (out / OPS / "pack.html").is_file()
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "ValueError: no &lt;figures&gt;" in page
    assert [unit["status"] for unit in read_manifest(out)["units"]] == ["failed", "failed", "optimal"]


def test_a_killed_kernel_ends_the_unit_and_keeps_the_notebook_up_to_it(case, notebook, tmp_path):
    book = notebook("print('before')", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "print('after')")
    started = time.monotonic()
    run = run_packs(case, tmp_path / "out", units=[HR], notebook=book)
    assert time.monotonic() - started < 30
    assert run.outcomes[0].error.startswith(
        "Cell 'code-1': its process died, as it does where the machine's memory runs out."
    )
    kept = (tmp_path / "out" / HR / "notebook.ipynb").read_text()
    assert "before\\n" in kept
    assert "DeadKernelError" in kept
    assert "after\\n" not in kept


def test_a_unit_out_of_time_is_ended_and_told(case, notebook, tmp_path):
    run = run_packs(case, tmp_path / "out", units=[HR], notebook=notebook("while True: pass"), unit_seconds=2)
    assert run.outcomes[0].error == "Cell 'code-0': the unit's time ran out. Hint: a longer --time-limit."
    assert run.exit_code == 1
    assert (tmp_path / "out" / HR / "notebook.ipynb").is_file()


def test_a_unit_that_fills_more_memory_than_it_may_fails_alone_and_says_so(case, notebook, make, tmp_path):
    book = notebook("kept = bytearray(2 * 10**9) if business_unit == 'hr' else b''", make.decide)
    run = run_packs(case, tmp_path / "out", units=[HR, OPS], notebook=book, unit_megabytes=1000)
    assert run.outcomes[0].error.startswith("Cell 'code-0': the unit's memory ran out. Hint:")
    assert run.outcomes[1].is_done


@pytest.mark.usefixtures("in_place")
def test_a_full_disk_is_told_as_one_and_not_as_a_notebook_that_cannot_be_read(
    case, notebook, make, tmp_path, monkeypatch
):
    def write_half(_, path):
        Path(path).write_text('{"cells": [')
        raise OSError(errno.ENOSPC, "No space left on device", path)

    monkeypatch.setattr("papermill.execute.write_ipynb", write_half)
    run = run_packs(case, tmp_path / "out", units=[HR], notebook=notebook(make.decide))
    assert run.outcomes[0].error.startswith("A file must be readable or writable; got No space left on device at 'run")
    assert run.outcomes[0].error.endswith("Hint: make room on the disk, then run again.")
    assert [path.name for path in (tmp_path / "out" / HR).iterdir()] == ["traceback.txt"]


def test_a_cell_that_breaks_off_without_an_error_of_its_own_is_named_too(notebook, tmp_path):
    """So it ends where memory is too short even to say what went wrong."""
    job = Job(HR, "Unit hr", notebook(), {}, tmp_path, {}, {}, seconds=9)
    job.pack.mkdir()
    marked, cells = {"tags": ["papermill-error-cell-tag"]}, []
    for name in ("first", "study"):
        cells += [nbformat.v4.new_markdown_cell("!", metadata=marked), nbformat.v4.new_code_cell("1", id=name)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), job.pack / "notebook.ipynb")
    error = PapermillExecutionError(1, 1, "2", "CellExecutionError", "", [])
    assert worker._say_cause(job, error).startswith("Cell 'study': it broke off without telling why")


@pytest.mark.usefixtures("in_place")
def test_what_the_suite_itself_says_of_a_failure_is_told_in_its_own_words(case, notebook, tmp_path):
    book = notebook("from sourcing.errors import InputError", "raise InputError('A rate must be known; got none.')")
    run = run_packs(case, tmp_path / "out", units=[HR], notebook=book)
    assert run.outcomes[0].error == "Cell 'code-1': A rate must be known; got none."


def test_a_process_that_answers_nothing_is_killed_at_its_limit(notebook, tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "GRACE_SECONDS", 0.5)
    job = Job(HR, "Unit hr", notebook(), {"business_unit": HR}, tmp_path / "aside", {}, {}, seconds=1)
    job.aside.mkdir()
    [(_, outcome)] = run_jobs([job], 1, stop, preload="sourcing.batch.preload", export_seconds=1)
    assert outcome.error == "The unit's process exceeded its 2 seconds and was ended."


@pytest.mark.usefixtures("in_place")
def test_a_unit_whose_tables_cannot_be_written_has_no_pack_either(case, notebook, make, tmp_path):
    book = notebook(make.decide.replace('"plan": plan', '"../plan": plan'))
    run = run_packs(case, tmp_path / "out", units=[HR], notebook=book)
    assert "table's name" in run.outcomes[0].error
    kept = sorted(path.name for path in (tmp_path / "out" / HR).iterdir())
    assert kept == ["notebook.ipynb", "traceback.txt"]


@pytest.mark.usefixtures("in_place")
def test_no_plan_in_time_has_an_exit_code_of_its_own(case, notebook, tmp_path):
    code = (
        "from sourcing.errors import NoPlanFoundError, InfeasiblePlanError\n"
        "if business_unit == 'hr': raise NoPlanFoundError('Time ran out.', 3.0)\n"
        "if business_unit == 'ops': raise InfeasiblePlanError('Rules clash.', [['a', 'b']], None)"
    )
    run = run_packs(case, tmp_path / "out", units=[HR, "R&D <b>"], notebook=notebook(code))
    assert [(each.status, each.error) for each in run.outcomes] == [
        ("out of time", "Time ran out."), ("done", ""),
    ]  # fmt: skip
    assert run.exit_code == 3
    run = run_packs(case, tmp_path / "out", units=[HR, OPS], notebook=notebook(code))
    assert [each.status for each in run.outcomes] == ["out of time", "infeasible"]
    assert run.exit_code == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "R-D-b", "hr", "index.html", "manifest.json", "ops",
    ]  # fmt: skip


KEEPING = 'answers_folder: str = ""  # folder, where answers are kept\n'
KEEP = "import pathlib\npathlib.Path(answers_folder, note).write_text(business_unit); print(answers_folder)"


@pytest.mark.usefixtures("in_place")
def test_answers_are_kept_beside_the_packs_and_what_a_run_does_not_use_is_dropped(case, notebook, make, tmp_path):
    book, out = notebook(KEEP, parameters=make.parameters + KEEPING), tmp_path / "out"
    for note in ("one", "two"):
        run_packs(case, out, units=[HR, "R&D <b>"], notebook=book, levers={"note": note}, workers=1)
        assert [path.name for path in sorted((out / ".answers").glob("*/*"))] == [note, note]
        os.utime(out / ".answers" / HR / note, (1.0, 1.0))
    assert sorted(path.name for path in (out / ".answers").iterdir()) == ["R-D-b", HR]
    kept = (out / HR / "notebook.ipynb").read_text(encoding="utf-8") + (out / HR / "pack.html").read_text("utf-8")
    assert str(tmp_path) not in kept
    run_packs(case, out, units=[OPS], notebook=book, levers={"note": "three"}, workers=1)
    assert [path.name for path in (out / ".answers" / HR).iterdir()] == ["two"]


@pytest.mark.usefixtures("in_place")
def test_answers_in_a_folder_of_ones_own_are_never_dropped(case, notebook, make, tmp_path):
    book, own = notebook(KEEP, parameters=make.parameters + KEEPING), tmp_path / "own"
    for note in ("one", "two"):
        run_packs(case, tmp_path / "out", units=[HR], notebook=book, levers={"note": note}, answers=own)
        os.utime(own / HR / note, (1.0, 1.0))
    assert sorted(path.name for path in (own / HR).iterdir()) == ["one", "two"]
    assert not (tmp_path / "out" / ".answers").exists()
    with pytest.raises(InputError, match="Hint: use CASE, --units and --answers"):
        run_packs(case, tmp_path / "out", notebook=book, levers={"answers_folder": "x"})


@pytest.mark.usefixtures("in_place")
def test_a_notebook_that_asks_for_a_workbook_gets_a_place_beside_its_pack(case, notebook, make, tmp_path):
    asking = make.parameters + 'workbook: str = ""  # file, where to write\n'
    book = notebook("import pathlib\npathlib.Path(workbook).write_text('cash'); print(workbook)", parameters=asking)
    for _ in range(2):
        run_packs(case, tmp_path / "out", units=[HR], notebook=book, workers=1)
        assert (tmp_path / "out" / HR / "cash.xlsx").read_text() == "cash"
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["units"][0]["files"] == ["cash.xlsx", "notebook.ipynb", "pack.html"]
    assert f'href="{HR}/cash.xlsx"' in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    kept = (tmp_path / "out" / HR / "notebook.ipynb").read_text(encoding="utf-8")
    assert str(tmp_path) not in kept and "cash.xlsx" in kept
    with pytest.raises(InputError, match="workbook is set by the run itself"):
        run_packs(case, tmp_path / "out", notebook=book, levers={"workbook": "x.xlsx"})


@pytest.mark.usefixtures("in_place")
def test_levers_that_a_notebook_does_not_name_reach_it_and_are_recorded_by_name(case, notebook, make, tmp_path):
    taking = make.parameters + "levers: dict = {}  # lever to value, any other\n"
    book = notebook("print(price_of_fit, levers)", parameters=taking)
    levers = {"price_of_fit": "3", "core_threshold": "0.6", "budget_share": "inf"}
    run_packs(case, tmp_path / "out", units=[HR], notebook=book, levers=levers, workers=1)
    assert read_manifest(tmp_path / "out")["parameters"] == {
        "price_of_fit": 3.0, "core_threshold": 0.6, "budget_share": "inf",
    }  # fmt: skip
    kept = json.loads((tmp_path / "out" / HR / "notebook.ipynb").read_text(encoding="utf-8"))
    said = "".join(text for cell in kept["cells"] for output in cell.get("outputs", []) for text in output["text"])
    assert said == "3.0 {'core_threshold': 0.6, 'budget_share': inf}\n"
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "price_of_fit = 3.0; core_threshold = 0.6; budget_share = inf" in index


def test_a_unit_without_a_plan_is_explained_under_every_lever_of_its_run(notebook, tmp_path, monkeypatch):
    own = {"case_folder": "c", "business_unit": HR, "answers_folder": "a"}
    levers = {"price_of_fit": 3.0, "service_bars": False, "weight_precision": 20.0}
    job = Job(
        HR, "Unit hr", notebook(), own | levers | {"note": "x", "workbook": "w.xlsx"}, tmp_path, {}, {}, seconds=9
    )
    job.pack.mkdir()
    asked = []
    monkeypatch.setattr(worker, "_run_and_export", lambda job, page: asked.append(job) or {"summary": {"error": "no"}})
    assert worker._explain_refusal(job, 5.0) == "no"
    assert asked[0].notebook.stem == "no_plan"
    assert asked[0].parameters == own | levers


@pytest.mark.usefixtures("in_place")
def test_a_shipped_case_is_found_from_any_folder(notebook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = notebook("import pathlib", "assert (pathlib.Path(case_folder) / 'units.csv').is_file()")
    run = run_packs("data/tiny", "out", units=["beta"], notebook=book)
    assert run.outcomes[0].error == ""
    assert read_manifest(tmp_path / "out")["case"]["folder"] == "data/tiny"


def test_wrong_arguments_are_refused_before_anything_is_written(case, notebook, tmp_path):
    book, out = notebook("1 / 0"), tmp_path / "out"
    with pytest.raises(InputError, match=r"got 'op'.*did you mean 'ops'"):
        run_packs(case, out, notebook=book, units=["op"])
    with pytest.raises(InputError, match=r"must be one that small\.ipynb declares; got 'nots'"):
        run_packs(case, out, notebook=book, levers={"nots": "3"})
    with pytest.raises(InputError, match="At least one unit"):
        run_packs(case, out, notebook=book, units=[])
    with pytest.raises(InputError, match="workers must be at least 1"):
        run_packs(case, out, notebook=book, workers=0)
    with pytest.raises(InputError, match=r"at least 256 MiB.*got 1"):
        run_packs(case, out, notebook=book, unit_megabytes=1)
    (case / "units.csv").write_text("business_unit,name\nhr,Unit\n")
    with pytest.raises(CaseError):
        run_packs(case, out, notebook=book)
    assert not out.exists()


def test_a_run_told_to_stop_leaves_no_kernel_and_nothing_half_written(case, notebook, tmp_path):
    book = notebook("import os, pathlib, time; pathlib.Path(note).write_text(str(os.getpid())); time.sleep(600)")
    flag, out = tmp_path / "kernel.pid", tmp_path / "out"
    command = [sys.executable, "-m", "sourcing", "packs", str(case), "--out", str(out), "--units", HR,
               "--notebook", str(book), "--set", f"note={flag}"]  # fmt: skip
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: flag.exists() and flag.read_text())
        run.terminate()
        assert run.wait(30) == 130
    finally:
        run.kill()
    said = "Stopped: 0 finished, 0 without a pack, 1 not run. Go on with the same command and --resume.\n"
    assert run.stderr.read() == said
    run.stderr.close()
    wait_until(lambda: not is_alive(int(flag.read_text())))
    assert sorted(path.name for path in out.iterdir()) == ["index.html", "manifest.json"]
    manifest = read_manifest(out)
    assert (manifest["state"], [unit["progress"] for unit in manifest["units"]]) == ("stopped", ["not run"])


def wait_until(holds, seconds=120.0):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_process_whose_run_was_stopped_meanwhile_leaves_without_a_word(notebook, tmp_path, capfd):
    job = Job(HR, "Unit hr", notebook(), {}, tmp_path / "gone", {}, {}, seconds=9)
    with pytest.raises(SystemExit):
        worker.run_job(job)
    assert not job.aside.exists()
    assert capfd.readouterr() == ("", "")
