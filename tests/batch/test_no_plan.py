"""A unit without a plan leaves a page that says why and the way out, and never a pack."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from sourcing.batch import run_packs
from tests.conftest import TINY

pytestmark = pytest.mark.xdist_group("packs")
LEFT = [
    "conflicts.csv", "inputs", "no_plan.html", "notebook.ipynb", "repaired_plan.csv", "repairs.csv", "summary.json",
    "ways.csv",
]  # fmt: skip


def test_the_command_fails_and_leaves_the_page_and_its_tables(refused):
    out, code = refused
    assert code == 1
    assert sorted(path.name for path in (out / "alpha").iterdir()) == LEFT
    unit = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["units"][0]
    assert (unit["status"], unit["objective"], unit["files"]) == ("infeasible", None, LEFT)
    assert "USD 3,895,000" in unit["error"]
    assert json.loads((out / "alpha" / "summary.json").read_text(encoding="utf-8"))["status"] == "infeasible"
    assert pd.read_csv(out / "alpha" / "repairs.csv")["needed"].tolist() == pytest.approx([3_895_000])
    assert set(pd.read_csv(out / "alpha" / "repaired_plan.csv")["process"]) == {"help_desk", "payroll", "research"}


def test_the_page_says_it_is_no_decision_and_what_the_repair_would_decide(refused):
    page = (refused.folder / "alpha" / "no_plan.html").read_text(encoding="utf-8")
    assert "This is not a decision." in page
    assert "USD 3,895,000 in place of at most USD 2,100,000" in page
    assert "DeskCo (outsourced) saves" in page
    assert str(TINY) not in page


def test_the_index_leads_to_the_page_and_counts_no_pack(refused):
    index = (refused.folder / "index.html").read_text(encoding="utf-8")
    assert 'href="alpha/no_plan.html"' in index
    assert "why, and the way out" in index
    assert "<strong>0 of 1</strong>" in index


@pytest.mark.usefixtures("in_place")
def test_once_a_plan_is_possible_the_page_is_gone(refused, make, tmp_path):
    out = shutil.copytree(refused.folder, tmp_path / "out")
    run_packs(TINY, out, units=["alpha"], notebook=make.notebook(tmp_path / "small.ipynb", make.decide))
    names = {path.name for path in (out / "alpha").iterdir()}
    assert "pack.html" in names
    assert not names & {"no_plan.html", "conflicts.csv", "repairs.csv", "repaired_plan.csv"}
