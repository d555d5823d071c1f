"""Scenarios are decided anew with all their changes at once; amounts of alpha are worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import load_case
from sourcing.case import save_case
from sourcing.cli import main
from sourcing.decide import (
    INFEASIBLE,
    compare_scenarios,
    decide_unit,
    list_scenario_moves,
    solve_scenarios,
    what_if,
)
from tests.conftest import TINY
from tests.docs.pages import read_tables

RULE = "no more than 20 people move to outside owners"
EMPTY = dict.fromkeys(
    ("name", "process", "option", "delivered_by", "delivery_model", "is_abroad", "value", "times", "owner"), ""
)
ROW = EMPTY | {"scenario": "then", "business_unit": "alpha", "reason": "It was asked."}


@pytest.fixture(scope="module")
def asked():
    """Alpha with the table of the page on scenarios."""
    return load_case(TINY, "alpha").replace(**read_tables("scenarios.md"))


def ask(case, *rows):
    return decide_unit(case.replace(scenarios=pd.DataFrame([ROW | each for each in rows])))


def test_shipped_scenarios_of_alpha_come_to_what_is_worked_by_hand(asked, decide):
    """Pay at the center x 1.2: payroll shared 1,020 > stay 1,000; help desk shared 1,742 > provider 1,430.

    Prices x 1.15: help desk by DeskCo 1,603.25 > shared 1,490. Cash 900 + 1,490 + 1,600 = 3,990.
    """
    told = compare_scenarios(decide(asked)).set_index("scenario")
    assert told.index.tolist() == [
        "",
        "Pay at the center is a fifth higher",
        "PayCo and DeskCo ask 15 % more",
        "The budget is a tenth below today",
    ]
    assert told["cash_cost"].tolist()[:3] == [3_895_000, 3_995_000, 3_990_000]
    assert told["saving"].tolist()[:3] == [305_000, 205_000, 210_000]
    assert told["saving_share"].tolist()[:3] == pytest.approx([305 / 4200, 205 / 4200, 210 / 4200])
    assert told["moved_fte"].tolist()[:3] == [30, 20, 30]
    assert told["cash_change"].tolist()[:3] == [0, 100_000, 95_000]
    assert told["one_off_cost"].tolist()[:3] == [90_000, 40_000, 80_000]


def test_a_scenario_without_a_plan_says_what_clashes_and_raises_nothing(asked, decide):
    """Even both providers cost 3,800, above 0.9 x 4,200 = 3,780; only research outside would do."""
    told = compare_scenarios(decide(asked)).set_index("scenario").loc["The budget is a tenth below today"]
    assert told["status"] == INFEASIBLE
    assert told["conflicts"] == (("Cash cost stays within the budget", "lock: research"),)
    assert pd.isna(told["cash_cost"])
    assert told["breaks"] == ()


def test_moves_stand_beside_the_plan_with_why_they_differ(asked, decide):
    moves = list_scenario_moves(decide(asked)).set_index(["scenario", "process"])
    pay = moves.loc["Pay at the center is a fifth higher"]
    assert pay.loc["payroll", ["option", "planned_option", "moves", "differs", "why"]].tolist() == [
        "stay", "shared", False, True, "the pay of Shared-service center is another",
    ]  # fmt: skip
    assert pay.loc["help_desk", ["option", "moves", "differs", "why"]].tolist() == ["provider", True, False, ""]


def test_changes_of_one_scenario_are_made_together(alpha):
    """With thirty people both providers cost 842.5 + 1,430; 15 % more makes them 916.75 + 1,603.25: both shared."""
    rows = [{"change": "rule", "name": RULE, "value": "30"}]
    (alone,) = solve_scenarios(ask(alpha, *rows))
    assert alone.plan.objective == 3_872_500
    assert alone.breaks == (RULE,)
    rows += [{"change": "quote", "delivered_by": owner, "times": "1.15"} for owner in ("PayCo", "DeskCo")]
    (both,) = solve_scenarios(ask(alpha, *rows))
    assert both.plan.objective == 3_990_000
    assert both.breaks == ()


def test_a_quote_is_answered_as_by_what_if_and_is_in_cash(alpha, decide):
    rows = {"change": "quote", "process": "help_desk", "option": "provider", "value": "601000"}
    (scenario,) = solve_scenarios(ask(alpha, rows))
    found = what_if(decide(alpha), {"quote": {("help_desk", "provider"): 601_000.0}})
    assert scenario.plan.objective == pytest.approx(found.plan.objective)
    cash = scenario.plan.choices.set_index("process").loc["help_desk", "cash_cost"]
    assert cash == pytest.approx(200_000 + 1.75 * 601_000 * 1.1 + 40_000)


def test_a_budget_counts_a_dearer_quote(alpha):
    """Both providers at 30 people come to 3,800; 1 % more of DeskCo adds 11.55 to cash, above 3,801."""
    free = [{"change": "rule", "name": RULE, "value": "30"}]
    tight = [*free, {"change": "lever", "name": "budget_share", "value": str(3_801 / 4_200)}]
    assert solve_scenarios(ask(alpha, *tight))[0].plan is not None
    dearer = [*tight, {"change": "quote", "delivered_by": "DeskCo", "times": "1.01"}]
    assert solve_scenarios(ask(alpha, *dearer))[0].status == INFEASIBLE


def test_another_wage_of_today_moves_what_today_costs(alpha):
    """Research at 880 a year costs 1,760 as it is, and 440 + 1,140 + 100 at the center, where it moves then."""
    decision = ask(alpha, {"change": "wage", "process": "research", "option": "stay", "times": "1.1"})
    told = compare_scenarios(decision).set_index("scenario").loc["then"]
    assert told["as_is_cash_cost"] == pytest.approx(1_000_000 + 1_600_000 + 1_760_000)
    assert told["cash_cost"] == pytest.approx(900_000 + 1_395_000 + 440_000 + 1_140_000 + 100_000)


def test_locks_bans_and_what_is_lifted_hold_in_the_scenario_alone(alpha, beta):
    (kept,) = solve_scenarios(ask(alpha, {"change": "lock", "process": "help_desk", "option": "stay"}))
    assert kept.plan.choices.set_index("process").loc["help_desk", "option"] == "stay"
    (barred,) = solve_scenarios(ask(alpha, {"change": "veto", "delivery_model": "outsource"}))
    assert set(barred.plan.choices["owner_type"]) == {"own"}
    decision = ask(beta, {"business_unit": "beta", "change": "lift", "name": "personal_data_stays"})
    (free,) = solve_scenarios(decision)
    before, after = (
        set("; ".join(question.alternatives["barred_by"]).split("; "))
        for question in (decision.question, free.question)
    )
    assert before - after == {"personal_data_stays"}


def test_scenarios_are_solved_once_and_change_no_plan(asked, decide):
    decision = decide(asked)
    assert solve_scenarios(decision) is solve_scenarios(decision)
    plain = decide_unit(asked.replace(scenarios=asked.scenarios.head(0)))
    assert plain.plan.choices.equals(decision.plan.choices)
    assert compare_scenarios(plain).empty
    assert list_scenario_moves(plain).empty


def test_a_run_keeps_its_scenarios_and_may_be_repeated_in_its_folder(asked, tmp_path):
    save_case(asked, tmp_path / "case", kind="csv")
    for _ in range(2):
        assert main(["plan", str(tmp_path / "case"), "--unit", "alpha", "--out", str(tmp_path / "run")]) == 0
    kept = pd.read_csv(tmp_path / "run" / "scenarios.csv").set_index("scenario")
    assert kept["cash_cost"].tolist()[:3] == [3_895_000, 3_995_000, 3_990_000]
    assert kept.loc["This plan", "status"] == "base"
    assert kept["conflicts"].iloc[-1] == "Cash cost stays within the budget with lock: research"
