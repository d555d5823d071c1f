"""The cockpit asks what its dials say, tells the difference in figures checked by hand, and stays out of batch."""

import math
import shutil

import pytest

from sourcing import load_case
from sourcing.decide import compare_scenarios
from sourcing.pack.block import Block
from sourcing.pack.cockpit import Changes, compare_plans, list_dials, list_scenario_rows, open_cockpit
from sourcing.pack.cockpit.widgets import _Cockpit
from sourcing.pack.setting import BATCH
from tests.conftest import TINY

RULE = "no more than 20 people move to outside owners"
SERVED = "JPY_SESSION_NAME"


def test_main_levers_and_binding_rules_have_a_dial_that_stands_at_the_base_plan(alpha, decide):
    dials = {dial.name: dial for dial in list_dials(decide(alpha, budget_share=0.96))}
    assert list(dials)[:3] == ["budget_share", "risk_cap_share", "price_of_fit"]
    assert dials["budget_share"].base == 0.96
    assert dials[RULE].values[:3] == (0.0, 5.0, 10.0)
    assert dials[RULE].labels[-1] == "no limit"
    for dial in dials.values():
        assert dial.base in dial.values
        assert list(dial.values) == sorted(set(dial.values))


def test_a_rule_that_leaves_room_has_no_dial(alpha, decide):
    assert "one-off spending stays within 200000" not in {dial.name for dial in list_dials(decide(alpha))}


def test_changes_are_undone_where_a_dial_goes_back():
    changes = Changes().change("lever", "price_of_fit", 5.0).change("rule", RULE, math.inf)
    assert changes.wanted == {"lever": {"price_of_fit": 5.0}, "rule": {RULE: None}}
    assert changes.change("rule", RULE, None).change("lever", "price_of_fit", None).wanted == {}


def test_a_scenario_holds_each_change_in_a_row():
    changes = Changes(
        {"budget_share": math.inf, "price_of_fit": 0.1}, {RULE: 25.0, "other": math.inf}, {"payroll": "stay"}
    )
    rows = list_scenario_rows(changes, "looser", "alpha", "asked by the board")
    assert rows[["change", "name", "process", "option", "value"]].values.tolist() == [
        ["lever", "budget_share", "", "", "inf"],
        ["lever", "price_of_fit", "", "", "0.1"],
        ["rule", RULE, "", "", "25"],
        ["lift", "other", "", "", ""],
        ["lock", "", "payroll", "stay", ""],
    ]
    assert set(rows["scenario"]) == {"looser"}


def test_in_a_run_without_a_reader_a_sentence_stands_in_its_place(alpha, decide, monkeypatch):
    monkeypatch.delenv(SERVED, raising=False)
    assert isinstance(open_cockpit(decide(alpha), TINY), Block)
    monkeypatch.setenv(SERVED, "notebooks/00_start.ipynb")
    monkeypatch.setenv(BATCH, "1")
    assert isinstance(open_cockpit(decide(alpha), TINY), Block)


@pytest.fixture
def cockpit(alpha, decide, monkeypatch):
    monkeypatch.setenv(SERVED, "notebooks/00_start.ipynb")
    return _Cockpit(decide(alpha), TINY)


def test_a_slider_moved_asks_anew_and_back_is_the_base_plan(cockpit):
    """Without the cap on moves payroll goes to a provider, 57,500 cheaper."""
    slider = next(slider for slider in cockpit.sliders if slider.description == RULE)
    slider.value = math.inf
    assert cockpit.last.objective == 3_930_000 - 57_500
    assert "1 change made" in cockpit.state.value
    cockpit._reset()
    assert (cockpit.last.objective, slider.value, cockpit.state.value) == (3_930_000, 20.0, "The base plan.")


def test_an_option_forced_is_told_against_the_base_plan_and_the_last_answer(cockpit):
    """Payroll kept in-house gives up the shared center's 100,000."""
    cockpit.process.value = "payroll"
    cockpit.option.value = "stay"
    told = compare_plans(cockpit.decision, cockpit.decision.plan, cockpit.last).set_index("measure")
    assert told.loc["Saving in cash against today", ["base", "now"]].tolist() == [305_000, 205_000]
    assert "−USD 100,000" in cockpit.answer.value
    cockpit.process.value = "help_desk"
    assert cockpit.option.value == ""
    cockpit.process.value = "payroll"
    assert cockpit.option.value == "stay"


def test_what_no_plan_keeps_is_said_and_the_last_answer_stays(cockpit):
    before = cockpit.answer.value
    cockpit.sliders[0].value = 0.7
    assert "No answer" in cockpit.state.value
    assert cockpit.answer.value == before


def test_a_scenario_without_a_name_is_not_saved(cockpit):
    cockpit._save()
    assert "needs a change, a name and a reason" in cockpit.state.value


def test_a_scenario_saved_is_solved_beside_the_plan_with_the_answer_that_was_seen(decide, monkeypatch, tmp_path):
    """No cap on moves, help desk kept in-house and fit at a price: what the cockpit showed, the next run shows."""
    monkeypatch.setenv(SERVED, "notebooks/00_start.ipynb")
    folder = shutil.copytree(TINY, tmp_path / "case")
    there = load_case(folder, "alpha").scenarios
    cockpit = _Cockpit(decide(load_case(folder, "alpha")), folder)
    next(slider for slider in cockpit.sliders if slider.description == RULE).value = math.inf
    cockpit.process.value, cockpit.option.value = "help_desk", "stay"
    price = next(slider for slider in cockpit.sliders if slider.description == "Price of fit")
    price.value = price.options[2][1]
    cockpit.name.value, cockpit.why.value = "no cap", "asked by the board"
    cockpit._save()
    assert "saved in scenarios.csv" in cockpit.state.value
    case = load_case(folder, "alpha")
    assert len(case.scenarios) == len(there) + 3
    told = compare_scenarios(decide(case)).set_index("scenario").loc["no cap"]
    shown = compare_plans(cockpit.decision, cockpit.decision.plan, cockpit.last).set_index("measure")["now"]
    assert (
        told[["cash_cost", "expected_loss", "moved_fte"]].tolist()
        == shown[["Cash", "Expected loss", "People who change employer or site"]].tolist()
    )
    assert told["reason"] == "asked by the board"
