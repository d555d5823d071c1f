"""The command: what it writes where, and its exit codes."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from types import SimpleNamespace

import pandas as pd
import pytest

from sourcing import __version__
from sourcing.batch import PackRun
from sourcing.batch.jobs import Outcome
from sourcing.cli import main, read_settings
from sourcing.console import format_table
from sourcing.errors import InputError, NoPlanFoundError
from tests.conftest import ROOT, TINY


@pytest.fixture
def unsound(tmp_path):
    """The tiny case with a misspelt option of a process and a negative headcount."""
    folder = tmp_path / "unsound"
    folder.mkdir()
    for path in TINY.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    processes = pd.read_csv(folder / "processes.csv", dtype=str)
    processes.loc[0, "headcount_fte"] = "-3"
    processes.loc[1, "name"] = ""
    processes.to_csv(folder / "processes.csv", index=False)
    return folder


def test_a_sound_case_exits_0_and_says_so(capsys):
    assert main(["check", str(TINY)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "Sound: 5 processes of 2 business units (alpha, beta)." in said.err


def test_every_problem_of_an_unsound_case_is_a_row_and_exits_1(unsound, capsys):
    assert main(["check", str(unsound)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["severity", "table", "row", "column", "rule", "value", "hint", "place"]
    assert any("headcount_fte" in line and "-3" in line for line in lines)
    assert len(lines) >= 3


def test_problems_come_as_json_too(unsound, capsys):
    assert main(["check", str(unsound), "--format", "json"]) == 1
    problems = json.loads(capsys.readouterr().out)
    assert {"table", "row", "column", "rule", "value", "hint"} <= set(problems[0])
    assert main(["check", str(TINY), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_case_that_is_not_there_is_a_matter_of_usage(capsys):
    assert main(["check", "no/such/folder"]) == 2
    assert "Hint: check the path." in capsys.readouterr().err


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """One run of `sourcing plan` that keeps its answers: exit code, folders, what it said, looked at by several."""
    folder = tmp_path_factory.mktemp("planned")
    out, answers = folder / "out", folder / "answers"
    with redirect_stdout(io.StringIO()) as said:
        code = main(["plan", str(TINY), "--unit", "alpha", "--out", str(out), "--answers", str(answers)])
    return SimpleNamespace(code=code, out=out, answers=answers, said=said.getvalue())


def test_plan_keeps_answers_where_told_and_says_the_same_again(planned, tmp_path):
    answers = shutil.copytree(planned.answers, tmp_path / "answers")
    kept = sorted(path.name for path in answers.iterdir())
    assert len(kept) == 2
    arguments = ["plan", str(TINY), "--unit", "alpha", "--out", str(tmp_path / "two"), "--answers", str(answers)]
    assert main(arguments) == 0
    for name in ("plan.csv", "rules.csv", "flips.csv"):
        assert (tmp_path / "two" / name).read_bytes() == (planned.out / name).read_bytes(), name
    assert sorted(path.name for path in answers.iterdir()) == kept


def test_plan_writes_its_files_and_prints_the_answer(planned):
    assert planned.code == 0
    assert sorted(path.name for path in planned.out.iterdir()) == [
        "cash.csv",
        "commitments.csv",
        "flips.csv",
        "inputs",
        "pack.xlsx",
        "plan.csv",
        "promise.csv",
        "quarters.csv",
        "questions.csv",
        "reviews.csv",
        "reviews.ics",
        "risks.csv",
        "roadmap.csv",
        "rules.csv",
        "summary.json",
        "waves.csv",
    ]
    summary = json.loads((planned.out / "summary.json").read_text(encoding="utf-8"))
    assert {"status", "objective", "bound", "gap", "lines"} <= set(summary)
    assert sum(summary["lines"].values()) == pytest.approx(summary["objective"])
    plan = pd.read_csv(planned.out / "plan.csv")
    assert summary["answer"][0] in planned.said
    for process in plan["process"]:
        assert process in planned.said


def test_a_lever_changes_the_plan_and_its_answers_and_a_misspelt_one_is_refused(planned, tmp_path, capsys):
    answers = shutil.copytree(planned.answers, tmp_path / "answers")
    arguments = ["plan", str(TINY), "--unit", "alpha", "--out", str(tmp_path), "--answers", str(answers)]
    assert main([*arguments, "--set", "price_of_fit=1000"]) == 0
    assert json.loads((tmp_path / "summary.json").read_text())["lines"]["cost_fit"] != 0
    assert len(list(answers.iterdir())) == 4
    assert main([*arguments, "--set", "price_of_fitt=1000"]) == 2
    assert "did you mean 'price_of_fit'?" in capsys.readouterr().err


def test_a_misspelt_lever_stops_packs_before_anything_is_written(tmp_path, capsys):
    arguments = ["packs", str(TINY), "--units", "alpha", "--out", str(tmp_path / "out")]
    for notebook in ("decision_pack", "02_scoring"):
        assert main([*arguments, "--notebook", notebook, "--set", "weight_precison=20"]) == 2
        assert "did you mean 'weight_precision'?" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_unknown_unit_exits_2_with_the_near_name(tmp_path, capsys):
    assert main(["plan", str(TINY), "--unit", "alhpa", "--out", str(tmp_path)]) == 2
    assert "did you mean 'alpha'?" in capsys.readouterr().err
    assert main(["packs", str(TINY), "--units", "alpha,bet", "--out", str(tmp_path / "out")]) == 2
    assert "did you mean 'beta'?" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_rules_that_clash_are_named_with_the_cheapest_repair_and_exit_1(tmp_path, capsys):
    arguments = ["plan", str(TINY), "--unit", "alpha", "--out", str(tmp_path), "--set", "budget_share=0.1"]
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert "the rule 'Cash cost stays within the budget' leaves nothing to choose" in said
    assert "at USD 3,895,000 in place of at most USD 420,000" in said
    assert not (tmp_path / "plan.csv").exists()


@pytest.mark.xdist_group("packs")
def test_without_a_plan_the_same_files_are_written_as_packs_write_and_those_of_an_earlier_plan_go(
    refused, planned, tmp_path
):
    out = shutil.copytree(planned.out, tmp_path / "out")
    (out / "notes.txt").write_text("mine")
    arguments = ["plan", str(TINY), "--unit", "alpha", "--out", str(out), "--set", "budget_share=0.5"]
    assert main(arguments) == 1
    of_page = {"no_plan.html", "notebook.ipynb"}
    of_packs = {path.name: path for path in (refused.folder / "alpha").iterdir() if path.name not in of_page}
    assert {path.name for path in out.iterdir()} == {*of_packs, "notes.txt"}
    assert "repaired_plan.csv" in of_packs
    kept = {f"inputs/{path.name}": path for path in of_packs.pop("inputs").iterdir()}
    assert {f"inputs/{path.name}" for path in (out / "inputs").iterdir()} == set(kept)
    for name, path in (of_packs | kept).items():
        assert (out / name).read_bytes() == path.read_bytes(), name


def copy_case(folder):
    return shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("README.md"))


def list_bytes(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_plan_is_not_written_into_the_folder_of_its_case_nor_of_another(tmp_path, capsys):
    case, other = copy_case(tmp_path / "case"), copy_case(tmp_path / "other")
    for out in (case, other, case / ".." / "case"):
        before = list_bytes(tmp_path)
        assert main(["plan", str(case), "--unit", "alpha", "--out", str(out)]) == 2
        assert "must not lie among the tables of a case" in capsys.readouterr().err
        assert list_bytes(tmp_path) == before


def test_typed_rules_alone_are_not_replaced_but_those_of_an_earlier_plan_are(planned, tmp_path, capsys):
    typed = tmp_path / "typed"
    typed.mkdir()
    shutil.copy(TINY / "rules.csv", typed)
    assert main(["plan", str(TINY), "--unit", "alpha", "--out", str(typed)]) == 2
    assert "rules.csv" in capsys.readouterr().err
    assert (typed / "rules.csv").read_bytes() == (TINY / "rules.csv").read_bytes()
    again = shutil.copytree(planned.out, tmp_path / "again")
    assert main(["plan", str(TINY), "--unit", "alpha", "--out", str(again), "--set", "budget_share=0.99"]) == 0
    assert (again / "rules.csv").read_bytes() != (planned.out / "rules.csv").read_bytes()


def test_packs_are_not_put_in_the_place_of_a_case_named_like_a_unit(tmp_path, capsys):
    copy_case(tmp_path / "alpha")
    case = copy_case(tmp_path / "case")
    before = list_bytes(tmp_path)
    assert main(["packs", str(case), "--out", str(tmp_path), "--units", "alpha"]) == 2
    assert main(["packs", str(tmp_path / "alpha"), "--out", str(tmp_path), "--units", "alpha"]) == 2
    assert main(["packs", str(TINY), "--out", str(case), "--units", "alpha"]) == 2
    assert "must not lie among the tables of a case" in capsys.readouterr().err
    assert list_bytes(tmp_path) == before


def test_a_marked_copy_does_not_become_a_second_copy_of_every_table(unsound, tmp_path, capsys):
    before = list_bytes(unsound)
    assert main(["check", str(unsound), "--mark", str(unsound / "marked.xlsx")]) == 2
    assert "must not lie among the tables of a case" in capsys.readouterr().err
    assert list_bytes(unsound) == before
    assert main(["check", str(unsound), "--mark", str(tmp_path / "marked.xlsx")]) == 1


def test_a_workbook_to_start_from_is_not_put_among_tables(tmp_path, capsys):
    case = copy_case(tmp_path / "case")
    before = list_bytes(case)
    assert main(["init", str(case / "unit.xlsx"), "--basic"]) == 2
    assert "must not lie among the tables of a case" in capsys.readouterr().err
    assert list_bytes(case) == before


def test_a_case_in_a_workbook_is_not_replaced_by_the_cash_flows(tmp_path, capsys):
    from sourcing import load_case
    from sourcing.case import save_case

    case = save_case(load_case(TINY), tmp_path / "pack.xlsx")
    before = case.read_bytes()
    assert main(["plan", str(case), "--unit", "alpha", "--out", str(tmp_path)]) == 2
    assert "pack.xlsx" in capsys.readouterr().err
    assert case.read_bytes() == before


PATHS = [
    ["check", "{}"],
    ["check", str(TINY), "--mark", "{}.xlsx"],
    ["plan", "{}", "--unit", "alpha", "--out", "out"],
    ["plan", str(TINY), "--unit", "alpha", "--out", "{}"],
    ["plan", str(TINY), "--unit", "alpha", "--out", "out", "--answers", "{}"],
    ["init", "{}"],
    ["init", "{}.xlsx", "--basic"],
    ["init", "new", "--from", "{}"],
    ["seal", "{}"],
    ["packs", "{}", "--out", "out"],
    ["packs", str(TINY), "--out", "{}"],
    ["packs", str(TINY), "--out", "out", "--answers", "{}"],
    ["packs", str(TINY), "--out", "out", "--notebook", "{}"],
]


@pytest.mark.parametrize("arguments", PATHS, ids=lambda each: " ".join(each).replace(str(TINY), "CASE"))
@pytest.mark.parametrize("path", ["a\0b", "x" * 300, "ü" * 200, "d/" * 2500 + "x"], ids=["NUL", "long", "wide", "deep"])
def test_a_path_that_no_file_can_have_is_one_message(arguments, path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    try:
        code = main([each.format(path) for each in arguments])
    except SystemExit as stop:
        code = stop.code
    assert code in (1, 2)
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert said.strip()
    assert [path.name for path in tmp_path.iterdir() if any(path.rglob("*.csv"))] == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.ENAMETOOLONG, errno.EIO])
def test_a_system_that_refuses_is_one_message_with_a_next_step(number, monkeypatch, capsys):
    def refuse(*_arguments, **_options):
        raise OSError(number, os.strerror(number), "somewhere")

    monkeypatch.setattr("sourcing.case.load_case", refuse)
    assert main(["check", str(TINY)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert os.strerror(number) in said[0]
    assert "'somewhere'. Hint: " in said[0]


FULL_DISK = """
import resource, signal, sys
from sourcing.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import sourcing.pack, sourcing.batch, sourcing.decide
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(main(sys.argv[2:]))
"""
PLAN = ["plan", str(TINY), "--unit", "alpha", "--out", "out"]
WRITERS = [
    (1_000, PLAN),
    pytest.param(1_000, [*PLAN, "--set", "budget_share=0.5"], marks=pytest.mark.slow),
    (300, ["init", "new", "--from", str(TINY)]),
    (0, ["init", "new.xlsx", "--basic"]),
    (1_000, ["check", str(TINY), "--mark", "marked.xlsx"]),
    (0, ["seal", "case"]),
]


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of sizes to stand in for a full disk")
@pytest.mark.parametrize(("room", "arguments"), WRITERS)
def test_a_full_disk_is_one_message_and_nothing_half_written_stays(room, arguments, planned, tmp_path):
    case, out = copy_case(tmp_path / "case"), shutil.copytree(planned.out, tmp_path / "out")
    before = list_bytes(tmp_path)
    command = [sys.executable, "-c", FULL_DISK, str(room), *arguments]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert run.returncode in (1, 2), run.stderr
    assert "Traceback" not in run.stderr
    assert "Hint: " in run.stderr.splitlines()[-1]
    assert list_bytes(tmp_path) == before
    assert case.is_dir()
    assert out.is_dir()


@pytest.mark.parametrize("seconds", ["inf", "nan", "3000000", "0", "-5", "1e400"])
def test_a_time_limit_that_no_clock_can_keep_is_refused_before_anything_is_written(seconds, tmp_path, capsys):
    assert main(["packs", str(TINY), "--out", str(tmp_path / "out"), f"--time-limit={seconds}"]) == 2
    assert "at most a week (604800 seconds)" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_empty_lever_is_refused_and_says_what_leaving_it_out_does():
    with pytest.raises(InputError, match="must be set to something; got 'price_of_fit='"):
        read_settings(["price_of_fit="])
    assert read_settings(["note="]) == {"note": ""}


def test_out_of_time_without_a_plan_exits_3(tmp_path, capsys, monkeypatch):
    def run_out(*_args, **_levers):
        raise NoPlanFoundError("A plan must be found in time; got none. Hint: raise time_limit.", 0.0)

    monkeypatch.setattr("sourcing.decide.decide_unit", run_out)
    assert main(["plan", str(TINY), "--unit", "alpha", "--out", str(tmp_path)]) == 3
    assert "Hint: raise time_limit." in capsys.readouterr().err


def test_an_unsound_case_stops_packs_with_its_problems(unsound, tmp_path, capsys):
    assert main(["packs", str(unsound), "--out", str(tmp_path / "out")]) == 1
    assert "headcount_fte" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_packs_hands_over_what_was_asked_and_tells_each_unit(tmp_path, capsys, monkeypatch):
    asked = {}
    outcomes = (
        Outcome("alpha", "optimal", seconds=1.5),
        Outcome("beta", "failed", "ValueError: no \x1b[31mrates", seconds=0.5),
    )

    def run(case, out, *, on_start, on_begin, on_unit, **rest):
        asked.update(rest, case=case)
        on_start(["alpha", "beta"])
        for each in outcomes:
            on_begin(each.business_unit)
            on_unit(each)
        return PackRun(tmp_path, outcomes)

    monkeypatch.setattr("sourcing.batch.run_packs", run)
    arguments = [
        "packs",
        "here",
        "--out",
        "there",
        "--units",
        "alpha, beta",
        "--set",
        "price_of_fit=5",
        "--workers",
        "3",
    ]
    more = ["--time-limit", "20", "--engine", "kernel", "--scheduler", "tcp://a:1", "--case-by", "shared"]
    assert main([*arguments, "--notebook", "mine.ipynb", "--answers", "kept", *more]) == 1
    assert asked == {
        "case": "here", "units": ["alpha", "beta"], "levers": {"price_of_fit": "5"}, "workers": 3,
        "notebook": "mine.ipynb", "answers": "kept", "unit_seconds": 20.0, "unit_megabytes": None,
        "engine": "kernel", "resume": False, "scheduler": "tcp://a:1", "case_by": "shared",
    }  # fmt: skip
    said = capsys.readouterr()
    assert said.out.startswith("1 of 2 packs: ")
    assert said.err.splitlines() == [
        "alpha: optimal, 1.5 s",
        "beta: failed, 0.5 s: ValueError: no �[31mrates",
    ]
    assert main([*arguments, "--quiet"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "beta: failed, 0.5 s: ValueError: no �[31mrates\n")
    assert main([*arguments, "--format", "json"]) == 1
    said = capsys.readouterr()
    events = [json.loads(line) for line in said.out.splitlines()]
    assert [each["event"] for each in events] == ["started", "begun", "ended", "begun", "ended", "finished"]
    assert events[4] == {"event": "ended", "business_unit": "beta", "status": "failed", "seconds": 0.5,
                         "error": "ValueError: no \x1b[31mrates"}  # fmt: skip
    assert (events[5]["done"], events[5]["failed"], said.err) == (1, 1, "")


@pytest.mark.xdist_group("packs")
def test_packs_of_the_tiny_case_agree_with_plan(tiny_packs, planned):
    packs, code = tiny_packs
    assert code == 0
    for name in ("plan.csv", "rules.csv", "roadmap.csv", "promise.csv"):
        assert (packs / "alpha" / name).read_bytes() == (planned.out / name).read_bytes(), name
    pack, plan = (json.loads((folder / "summary.json").read_text()) for folder in (packs / "alpha", planned.out))
    assert pack.pop("uncertainty")["futures"] == 10_000
    assert pack == plan
    assert (packs / "alpha" / "pack.html").stat().st_size > 10_000


@pytest.mark.parametrize(
    "arguments", [[], ["fly"], ["check"], ["check", str(TINY), "--formatt", "json"], ["plan", str(TINY)]]
)
def test_wrong_usage_exits_2(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage: sourcing" in capsys.readouterr().err


@pytest.mark.parametrize("setting", ["price_of_fit", "=3", "a b=3"])
def test_a_setting_without_name_or_value_is_refused(setting):
    with pytest.raises(InputError, match="NAME=VALUE"):
        read_settings([setting])


def test_a_lever_set_twice_is_refused():
    with pytest.raises(InputError, match="'gap' twice"):
        read_settings(["gap=1", "gap=2"])


def test_the_version_is_that_of_the_suite(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"sourcing {__version__}\n"


def test_the_module_is_the_command():
    run = subprocess.run([sys.executable, "-m", "sourcing", "--help"], capture_output=True, text=True, check=True)
    for command in ("check", "plan", "packs", "lab"):
        assert f"\n    {command} " in run.stdout


def test_lab_starts_jupyterlab_of_this_python_at_the_list_of_notebooks(monkeypatch):
    seen = {}

    def run(command, *, cwd, check):
        seen.update(command=command, cwd=cwd)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("sourcing.cli.subprocess.run", run)
    assert main(["lab", "--no-browser"]) == 0
    command, cwd = seen["command"], seen["cwd"]
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert command[-1] == "--no-browser"
    assert f"--ServerApp.root_dir={ROOT}" in command
    opened = next(each for each in command if each.startswith("--LabApp.default_url=/lab/tree/"))
    assert (ROOT / opened.removeprefix("--LabApp.default_url=/lab/tree/")).is_file()
    settings = next(each for each in command if each.startswith("--LabApp.app_settings_dir="))
    told = json.loads(ROOT.joinpath(settings.partition("=")[2], "overrides.json").read_text(encoding="utf-8"))
    assert told["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]["markdown"] == "Markdown Preview"
    assert cwd == ROOT


def test_a_table_for_a_terminal_shows_no_control_characters_and_cuts_nothing():
    table = pd.DataFrame(
        {
            "name": ["a\nb", "x" * 200],
            "amount": [1234567.8, float("nan")],
            "row": pd.array([2, None], "Int64"),
        }
    )
    lines = format_table(table).splitlines()
    assert len(lines) == 3
    assert lines[1].split() == ["a", "b", "1,234,568", "2"]
    assert lines[2] == "x" * 200


def test_compare_writes_tables_page_and_json_and_says_what_changed(planned, tmp_path, capsys):
    other, out = tmp_path / "other", tmp_path / "compared"
    arguments = ["plan", str(TINY), "--unit", "alpha", "--out", str(other), "--set", "price_of_fit=2000"]
    assert main(arguments) == 0
    capsys.readouterr()
    assert main(["compare", str(planned.out), str(other / "plan.csv"), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "1 lever changed" in said
    assert "lever: price_of_fit" in said
    assert {"changes.csv", "levers.csv", "decisions.csv", "money.csv", "causes.csv", "compare.json"} < {
        path.name for path in out.iterdir()
    }
    told = json.loads((out / "compare.json").read_text(encoding="utf-8"))["units"]["alpha"]
    assert [each["objective"] for each in told["causes"]] == [-46_000.0]


def test_a_comparison_is_not_written_among_the_files_of_a_run(planned, capsys):
    assert main(["compare", str(planned.out), str(planned.out), "--out", str(planned.out)]) == 2
    assert "must have a folder of its own" in capsys.readouterr().err


def test_compare_of_a_run_with_itself_says_nothing_changed(planned, capsys):
    assert main(["compare", str(planned.out), str(planned.out), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["is_unchanged"]


@pytest.mark.xdist_group("packs")
def test_packs_compare_unit_by_unit_by_their_page_or_notebook_too(tiny_packs, capsys):
    whole, page = tiny_packs.folder, tiny_packs.folder / "alpha" / "pack.html"
    assert main(["compare", str(whole), str(whole / "alpha" / "notebook.ipynb")]) == 0
    said = capsys.readouterr().out
    assert "Nothing changed for Alpha Services (fictional)" in said
    assert "Only the first run has beta." in said
    assert main(["compare", str(page), str(whole), "--units", "beta"]) == 2
    assert "A unit must be one of both runs; got 'beta'" in capsys.readouterr().err
    assert '"inputs"' not in (whole / "alpha" / "notebook.ipynb").read_text(encoding="utf-8")


def test_compare_names_the_run_that_kept_no_inputs_and_exits_2(planned, tmp_path, capsys):
    older = shutil.copytree(planned.out, tmp_path / "older")
    shutil.rmtree(older / "inputs")
    assert main(["compare", str(planned.out), str(older)]) == 2
    said = capsys.readouterr().err
    assert "older" in said
    assert "Hint: an earlier version kept none; make the run again from its case" in said


def test_a_year_goes_round_from_plan_to_the_next_plan(tmp_path, capsys):
    """Plan, adopt, load eighteen months, review, learn, plan again, as a new user would."""
    own, case = {"business_unit": "alpha", "process": "help_desk"}, tmp_path / "case"
    shutil.copytree(TINY, case)
    run, told, following = (str(tmp_path / name) for name in ("run", "ledger", "next"))
    assert main(["plan", str(case), "--unit", "alpha", "--out", run]) == 0
    assert main(["adopt", run]) == 0
    assert main(["adopt", run]) == 2
    assert main(["ledger", run, str(case), "--out", told]) == 2  # no actuals yet
    months = pd.date_range("2025-01-01", periods=18, freq="MS")
    rows = [
        {**own, "month": f"{month:%Y-%m-%d}", "option": "stay", "heads": 20, "wage": 40_000, "one_off_cost": 20_000}
        if number < 3
        else {**own, "month": f"{month:%Y-%m-%d}", "option": "provider", "price": 52_000, "other_running_cost": 5_000}
        for number, month in enumerate(months)
    ]
    pd.DataFrame(rows).to_csv(case / "actuals.csv", index=False)
    capsys.readouterr()
    assert main(["ledger", run, str(case), "--out", told]) == 0
    said = capsys.readouterr().out
    assert "USD 50,000" in said  # 20,000 more for the move, 15 months at 2,000
    assert "price or wage (USD 30,000)" in said
    causes = pd.read_csv(tmp_path / "ledger" / "ledger_leakage.csv").groupby("cause")["amount"].sum()
    assert causes["one_off"] == pytest.approx(20_000)
    assert (tmp_path / "ledger" / "ledger.xlsx").is_file()
    assert main(["learn", run, str(case), "--out", following]) == 0
    assert main(["check", following]) == 0
    assert main(["plan", following, "--unit", "alpha", "--out", str(tmp_path / "run2")]) == 0
    assert main(["adopt", str(tmp_path / "run2")]) == 0
    edited = tmp_path / "run" / "baseline" / "promise.csv"
    edited.chmod(0o644)
    edited.write_text(edited.read_text(encoding="utf-8").replace("50000.0", "52000.0"), encoding="utf-8")
    assert main(["ledger", run, str(case), "--out", told]) == 2
    assert "altered" in capsys.readouterr().err
