"""Every notebook keeps the house style, and runs from top to bottom without a screen."""

from __future__ import annotations

import ast
import json
import re
from unittest.mock import create_autospec

import nbformat
import papermill
import pytest
from papermill.translators import PythonTranslator

from sourcing import pick_levers, settle
from sourcing.batch import PackRun, run_packs
from sourcing.batch.engine import KERNEL_OPTIONS
from sourcing.batch.jobs import Outcome
from sourcing.batch.notebooks import SET_BY_RUN, arrange_parameters, find_notebook, read_parameters, settle_parameters
from sourcing.case.policy import LEVERS, OTHER_LEVERS, read_lever
from sourcing.decide import decide_unit
from tests.cells import register_engine
from tests.conftest import ROOT, TINY

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
REFUSED = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ClassDef,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.Try,
)
CLOSED_ROOMS = {"pulp", "highspy", "altair", "jinja2", "papermill", "nbconvert"}
LONGEST_CELL = 12
OTHERS = "levers: dict = {}  # lever to value: any lever not named above; docs/levers.md lists them all"
NUMBERS_ALLOWED: dict[str, str] = {}
"""Text with a digit that prose may hold -> why."""

MADE = {"decision_pack": "tiny_packs", "no_plan": "refused"}
"""Notebooks that runs of `sourcing packs` leave beside what they make -> the fixture that makes it."""

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def load_cells(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def list_code(path):
    return [cell for cell in load_cells(path) if cell["cell_type"] == "code"]


def test_the_notebooks_that_commands_name_are_there():
    names = {path.stem for path in NOTEBOOKS}
    assert {"00_start", "decision_pack"} <= names
    assert find_notebook() in NOTEBOOKS


def test_the_list_of_notebooks_names_each_in_order_with_its_question():
    lines = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8").splitlines()
    rows = [re.match(r"\| \[(\w+)\]\((\w+)\.ipynb\) \| ([^?]+\?)", line) for line in lines]
    listed = {row[1]: row[3] for row in rows if row and row[1] == row[2]}
    assert list(listed) == [path.stem for path in NOTEBOOKS]
    for path in NOTEBOOKS:
        assert load_cells(path)[0]["source"].splitlines()[0] == f"# {listed[path.stem]}"


@each_notebook
def test_no_output_is_stored(path):
    for cell in list_code(path):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@each_notebook
def test_cell_ids_are_words_and_each_is_one_cell(path):
    ids = [cell["id"] for cell in load_cells(path)]
    assert len(set(ids)) == len(ids)
    for name in ids:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert not re.fullmatch(r"[0-9a-f-]{8,}", name), f"{name} looks drawn at random"


@each_notebook
def test_the_first_cell_asks_the_question_and_says_who_decides(path):
    first = load_cells(path)[0]
    assert first["cell_type"] == "markdown"
    heading, *rest = first["source"].splitlines()
    assert heading.startswith("# ")
    assert heading.endswith("?")
    assert re.search(r"\b(decides?|decision|owns)\b", " ".join(rest))


@each_notebook
def test_the_second_cell_holds_the_parameters_one_a_line_with_type_unit_and_meaning(path):
    tags = [cell["metadata"].get("tags", []) for cell in load_cells(path)]
    assert ["parameters" in each for each in tags] == [place == 1 for place in range(len(tags))]
    *lines, others = load_cells(path)[1]["source"].splitlines()
    for line in lines:
        assert re.fullmatch(r"[a-z_]+: (str|int|float|bool) = .+  # [^:,]+[:,] .+", line), line
    assert others == OTHERS
    assert list(read_parameters(path))[:2] == list(SET_BY_RUN)


@each_notebook
def test_four_to_six_levers_are_named_as_policy_and_outlook_tell_them(path):
    lines = {line.partition(":")[0]: line for line in load_cells(path)[1]["source"].splitlines()}
    named = [name for name in lines if name in LEVERS]
    assert 4 <= len(named) <= 6
    for name in named:
        about = LEVERS[name].metadata
        assert lines[name] == f'{name}: str = ""  # {about["unit"]}: {about["meaning"]}; empty: as the case says'


@each_notebook
def test_every_lever_set_for_a_run_reaches_the_settled_policy(path, alpha):
    """The cell, what papermill writes below it, and the notebook's own call, without a kernel."""
    assert any("**pick_levers(globals())" in cell["source"] for cell in list_code(path))
    cell, untouched = load_cells(path)[1]["source"], read_settled(alpha)
    for name in LEVERS:
        value = find_other_value(name, untouched[name])
        given = arrange_parameters(path, settle_parameters(path, {name: str(value)}))
        names: dict[str, object] = {}
        exec(f"{cell}\n{PythonTranslator.codify(given)}", names)  # noqa: S102  # the cells as the kernel runs them
        reached = read_settled(alpha, **pick_levers(names))
        assert reached == untouched | {name: read_lever(name, value)}, name
        assert untouched[name] != reached[name], name


def read_settled(case, **levers):
    return {name: value for kind in settle(case, **levers) for name, value in vars(kind).items()}


def find_other_value(name, settled):
    """A value that a lever may have and that is not the one settled."""
    about = LEVERS[name].metadata
    if isinstance(settled, bool):
        return not settled
    if isinstance(settled, str):
        return next((choice for choice in about["choices"] if choice != settled), "another")
    return about["low"] + 0.75 * (about["high"] - about["low"]) if about["high"] < float("inf") else about["low"] + 7.0


@each_notebook
def test_a_misspelt_lever_is_refused_before_the_notebook_runs(path):
    with pytest.raises(ValueError, match=r"got 'core_treshold'\. Hint: did you mean 'core_threshold'\?"):
        settle_parameters(path, {"core_treshold": "0.6"})


def test_a_unit_without_a_plan_is_explained_by_a_notebook_that_takes_every_lever_too():
    assert OTHER_LEVERS in read_parameters(find_notebook("no_plan"))


@each_notebook
def test_papermill_reads_the_same_parameters(path):
    assert set(papermill.inspect_notebook(str(path))) == set(read_parameters(path))


@each_notebook
def test_code_calls_rooms_and_nothing_else(path):
    for cell in list_code(path):
        tree = ast.parse(cell["source"])
        for node in ast.walk(tree):
            assert not isinstance(node, REFUSED), f"{cell['id']}: {ast.unparse(node)[:60]}"
            if isinstance(node, ast.Import):
                assert not {alias.name.split(".")[0] for alias in node.names} & CLOSED_ROOMS, cell["id"]
            if isinstance(node, ast.ImportFrom):
                assert node.module.split(".")[0] not in CLOSED_ROOMS, cell["id"]


@each_notebook
def test_cells_are_short(path):
    for cell in list_code(path)[1:]:
        assert len(cell["source"].splitlines()) <= LONGEST_CELL, cell["id"]


@each_notebook
def test_no_number_is_typed_into_prose(path):
    for cell in load_cells(path):
        if cell["cell_type"] == "markdown":
            prose = re.sub(r"`[^`]*`", "", cell["source"])
            for allowed in NUMBERS_ALLOWED:
                prose = prose.replace(allowed, "")
            assert not re.search(r"\d", prose), f"{cell['id']}: {prose}"


@each_notebook
def test_the_last_cell_computes_the_answer(path):
    last = load_cells(path)[-1]
    assert last["cell_type"] == "code"
    assert last["source"].strip()


def execute(path, folder, **options):
    """Run a notebook on the tiny case by papermill; what it writes goes to the folder."""
    given = {"case_folder": str(TINY), "business_unit": "alpha", "pack_folder": str(folder / "packs")}
    given |= {"budget_share": 0.5} if path.stem == "no_plan" else {}
    parameters = {name: value for name, value in given.items() if name in read_parameters(path)}
    return papermill.execute_notebook(
        str(path),
        str(folder / "out.ipynb"),
        parameters=parameters,
        progress_bar=False,
        cwd=str(folder),
        request_save_on_cell_execute=False,
        **options,
    )


def check_answer(executed):
    code = [cell for cell in executed.cells if cell.cell_type == "code" and cell.source.strip()]
    assert all(cell.execution_count for cell in code)
    assert code[-1].outputs, "the last cell shows nothing"
    for cell in code:
        for output in cell.outputs:
            assert output.get("name") != "stderr", output.text


@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.stem not in MADE], ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom_and_ends_with_an_answer_in_words(path, tmp_path, monkeypatch, decide):
    """Its cells, in this process; the unit is decided once for all notebooks, and no pack is made anew."""
    monkeypatch.setattr("sourcing.decide.decide_unit", keep_signature(decide, decide_unit))
    made = PackRun(tmp_path, (Outcome("alpha", "optimal"),))
    monkeypatch.setattr("sourcing.batch.run_packs", keep_signature(lambda *_, **__: made, run_packs))
    check_answer(execute(path, tmp_path, engine_name=register_engine(), kernel_name="python3"))


@pytest.mark.xdist_group("packs")
@pytest.mark.parametrize("name", sorted(MADE))
def test_what_a_run_of_packs_keeps_ran_from_top_to_bottom_and_ends_with_an_answer(request, name):
    made = request.getfixturevalue(MADE[name]).folder
    kept = nbformat.read(made / "alpha" / "notebook.ipynb", as_version=4)
    ids = [cell.id for cell in kept.cells if not cell.id.startswith("injected-parameters")]
    assert ids == [cell["id"] for cell in load_cells(find_notebook(name))]
    check_answer(kept)


@pytest.mark.slow
@each_notebook
def test_it_runs_in_a_kernel_of_its_own(path, tmp_path):
    check_answer(execute(path, tmp_path, shutdown_kernel="immediate", extra_arguments=KERNEL_OPTIONS))


def keep_signature(stand_in, function):
    """Return the stand-in, which refuses arguments that the function would refuse."""
    return create_autospec(function, side_effect=stand_in)
