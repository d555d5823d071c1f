"""Cases that are sound though next to nothing stands in them are planned, told and written like any other."""

from __future__ import annotations

import numpy as np
import pytest

from sourcing.case import load_dictionary
from sourcing.decide import build_business_case
from sourcing.pack import collect, write_cash_workbook
from sourcing.value import load_ranges


def write_all(decision, folder) -> dict:
    """Everything that the command `plan` writes of a decision."""
    write_cash_workbook(decision, folder / "cash.xlsx")
    return collect(decision)["summary"]


@pytest.mark.parametrize("scored", ["", "payroll"])
def test_processes_without_scores_stay_and_are_asked_about(alpha, decide, tmp_path, scored):
    scores = alpha.scores
    case = alpha.replace(scores=scores.assign(score=scores["score"].where(scores["process"] == scored)))
    unscored = sorted(set(case.processes["process"]) - {scored})
    asked = case.warnings[case.warnings["rule"].str.startswith("scores of ")]
    assert len(asked) == 2 * len(unscored)
    assert asked["hint"].str.contains("until then the process stays as it is").all()
    decision = decide(case)
    chosen = decision.plan.choices.set_index("process")["option"]
    assert (chosen[unscored] == "stay").all()
    assert (decision.judgment.postures["posture"][unscored] == "unscored").all()
    assert write_all(decision, tmp_path)["status"] == "optimal"


def test_work_without_people_is_asked_about_and_costs_nothing_to_anybody(alpha, decide, tmp_path):
    own = alpha.options[alpha.options["owner_type"] == "own"].assign(transition_cost=0.0)
    case = alpha.replace(options=own, processes=alpha.processes.assign(headcount_fte=0.0))
    assert "people in some process of alpha" in set(case.warnings["rule"])
    decision = decide(case)
    assert decision.plan.objective == 0
    assert not np.any(list(write_all(decision, tmp_path)["lines"].values()))
    assert build_business_case(decision).cash["amount"].eq(0).all()


def test_the_figures_that_a_case_may_give_ranges_of_are_those_that_are_drawn():
    assert load_dictionary()["ranges"].columns["figure"].choices == tuple(load_ranges().index)
