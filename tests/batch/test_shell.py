"""Cells in a forked process show what they show in a kernel, and no more than a kernel's death is lost with it."""

from __future__ import annotations

import json
import re
import time

import pytest

from sourcing.batch import run_packs
from sourcing.errors import InputError
from tests.conftest import TINY

HR, OPS = "hr", "ops"
RICH = (
    "import sys, altair, pandas\nfrom sourcing import pack\npack.prepare_display()\n"
    "print('one'); print('two', end='')\nprint('warned', file=sys.stderr); shown = display('first', display_id='kept')",
    "shown.update('second')\npandas.DataFrame({'a': [1, 2.5]})",
    "altair.Chart(pandas.DataFrame({'a': ['x', 'y'], 'b': [1, 2]})).mark_bar().encode(x='a', y='b')",
    "from IPython.display import clear_output\nprint('gone'); clear_output(); print('stays')\n_",
    "try: input('name?')\nexcept Exception as error: print(type(error).__name__)",
    "await __import__('asyncio').sleep(0); __name__, get_ipython().history_manager.enabled, '' in sys.path",
)
"""Texts, an output that changes later, a table, a chart, what is cleared, a question, what runs beside: a cell each."""


def read_outputs(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: cell.get("outputs", []) for cell in cells}


def list_kept(folder):
    """Read the files of a unit, in tracebacks the colors aside."""
    kept = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    kept["notebook.ipynb"] = re.sub(rb"\\u001b\[[0-9;]*m", b"", kept["notebook.ipynb"])
    return kept


@pytest.fixture(scope="module")
def by_engine(tmp_path_factory, make):
    """What each engine leaves of one unit that shows everything, and of one that then fails."""
    folder = tmp_path_factory.mktemp("engines")
    case = make.case(folder / "case")
    failing = "def divide(a): return a / 0\nif business_unit == 'ops': divide(1)"
    book = make.notebook(folder / "small.ipynb", *RICH, make.decide, failing)
    made = {}
    for engine in ("shell", "kernel"):
        run_packs(case, folder / engine, units=[HR, OPS], notebook=book, engine=engine)
        made[engine] = {unit: list_kept(folder / engine / unit) for unit in (HR, OPS)}
    return folder, made


def test_both_engines_leave_the_same_notebook_and_pack_to_the_byte(by_engine):
    folder, made = by_engine
    assert {"notebook.ipynb", "pack.html", "plan.csv"} <= made["kernel"][HR].keys()
    assert made["shell"] == made["kernel"]
    outputs = read_outputs(folder / "shell" / HR / "notebook.ipynb")
    assert [each["output_type"] for each in outputs["code-0"]][-3:] == ["stream", "stream", "display_data"]
    assert outputs["code-0"][-1]["data"]["text/plain"] == ["'second'"]
    assert outputs["code-3"][0]["text"] == ["stays\n"]
    assert outputs["code-4"][0]["text"] == ["StdinNotImplementedError\n"]


def test_a_failure_keeps_its_traceback_and_is_told_alike(by_engine):
    _, made = by_engine
    assert sorted(made["shell"][OPS]) == ["notebook.ipynb", "traceback.txt"]
    text = made["shell"][OPS]["traceback.txt"].decode()
    assert "Cell In[" in text and "divide(1)" in text


@pytest.mark.slow
def test_both_engines_leave_the_same_decision_pack_of_a_unit(tmp_path):
    kept = {}
    for engine in ("shell", "kernel"):
        run_packs(TINY, tmp_path / engine, units=["alpha"], engine=engine)
        kept[engine] = list_kept(tmp_path / engine / "alpha")
    assert kept["shell"] == kept["kernel"]


ILL = """
import ctypes, os
print('before')
os.system('echo aside')
if business_unit == 'hr': ctypes.string_at(0)
while business_unit == 'ops': pass
"""


def test_a_crash_and_an_endless_loop_end_their_own_unit_and_keep_what_was_shown(case, notebook, make, tmp_path):
    started = time.monotonic()
    run = run_packs(case, tmp_path / "out", notebook=notebook("print('first')", ILL, make.decide), unit_seconds=20)
    told = {each.business_unit: each for each in run.outcomes}
    assert told["R&D <b>"].is_done
    assert told[HR].error.startswith("Cell 'code-1': its process died")
    assert told[OPS].error == "Cell 'code-1': the unit's time ran out. Hint: a longer --time-limit."
    for unit in (HR, OPS):
        assert read_outputs(tmp_path / "out" / unit / "notebook.ipynb")["code-0"][0]["text"] == ["first\n"]
    assert read_outputs(tmp_path / "out" / "R-D-b" / "notebook.ipynb")["code-1"][0]["text"] == ["before\n", "aside\n"]
    assert time.monotonic() - started < 300


def test_an_engine_that_is_none_is_refused_before_anything_is_written(case, notebook, tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"An engine must be shell, .* or kernel; got 'dask'"):
        run_packs(case, tmp_path / "out", notebook=notebook(), engine="dask")
    monkeypatch.setattr("sourcing.batch.run.can_fork", lambda: False)
    with pytest.raises(InputError, match="got 'shell'"):
        run_packs(case, tmp_path / "out", notebook=notebook(), engine="shell")
    assert not (tmp_path / "out").exists()
