"""What looks odd about a plan: each doubt found on a case worked by hand, and none where nothing is odd."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sourcing import Case
from sourcing.case.load import read_folder
from sourcing.decide import list_doubts
from sourcing.decide.questions import FAR, TOPICS
from sourcing.value import size_agents
from tests.conftest import TINY

PAYROLL, HELP_DESK = 2, 3
"""Rows of processes of alpha."""
STAY, PAYCO, DESKCO = 2, 4, 7
"""Rows of options of alpha: payroll as it is, payroll outside, help desk outside."""


def alpha(*cells: tuple[str, int, dict[str, str]], **more: pd.DataFrame) -> Case:
    """Alpha with cells typed otherwise: (table, row, column to text); and with tables added or replaced."""
    tables = read_folder(TINY)
    for table, row, typed in cells:
        for column, text in typed.items():
            if column not in tables[table]:
                tables[table][column] = ""
            tables[table].loc[row, column] = text
    return Case(tables | more).select("alpha")


def add_row(table: str, **cells: str) -> pd.DataFrame:
    """Return a table of tiny with one row more."""
    frame = read_folder(TINY)[table]
    row = pd.DataFrame([cells], index=[int(frame.index.max()) + 1])
    return pd.concat([frame, row]).fillna("")


@pytest.fixture
def doubts(decide):
    def find(case: Case, topic: str = "") -> list[dict[str, Any]]:
        found = list_doubts(decide(case))
        return found[found["topic"] == topic].to_dict("records") if topic else found.to_dict("records")

    return find


def test_nothing_looks_odd_about_the_cases_worked_by_hand(doubts, beta):
    assert doubts(alpha()) == []
    assert doubts(beta) == []


def test_a_plan_that_moves_nothing_raises_no_doubt_about_moves(doubts):
    rules = add_row("rules", rule="nothing moves", business_unit="alpha", measure="moved_fte", sense="<=", limit="0")
    assert doubts(alpha(rules=rules)) == []


def test_a_monthly_price_typed_as_yearly_is_asked_about_once(doubts):
    """50,000 is a month of 600,000, against 800,000 and 720,000 of the other two: 760,000 in the middle."""
    [doubt] = doubts(alpha(("options", DESKCO, {"price_per_year": "50000"})))
    assert (doubt["topic"], doubt["process"], doubt["option"]) == ("price for a month", "help_desk", "provider")
    assert doubt["figure"] == pytest.approx(50_000)
    assert doubt["compared"] == pytest.approx(760_000)
    assert doubt["stake"] == pytest.approx(1_600_000)


@pytest.mark.parametrize("typed", ["30000", "150000"], ids=["a twenty-fifth", "a fifth"])
def test_a_low_price_that_is_no_twelfth_is_not_taken_for_that_of_a_month(doubts, typed):
    assert doubts(alpha(("options", DESKCO, {"price_per_year": typed})), "price for a month") == []


def test_a_wage_far_from_the_reference_is_asked_about_below_the_warning_of_the_tables(doubts):
    """A payroll clerk at five times the published wage: no warning, which begins at ten times."""
    clerk = ("processes", PAYROLL, {"occupation": "43-3051"})
    case = alpha(clerk, ("options", STAY, {"labor_cost_per_fte": "360000"}))
    assert case.warnings.empty
    [doubt] = doubts(case, "far from the reference")
    assert (doubt["process"], doubt["option"], doubt["owner"]) == ("payroll", "stay", "own")
    assert doubt["figure"] == 360_000
    assert doubt["number"] == pytest.approx(360_000 / doubt["compared"])
    assert FAR < doubt["number"] < 10
    assert doubts(alpha(clerk), "far from the reference") == []


def test_a_price_is_compared_by_head_and_only_where_the_plan_uses_it(doubts):
    clerk = ("processes", PAYROLL, {"occupation": "43-3051"})
    low = ("options", PAYCO, {"price_per_year": "200000"})
    wage = alpha(clerk, low, rules=read_folder(TINY)["rules"].iloc[1:])
    [doubt] = doubts(wage, "far from the reference")
    assert (doubt["option"], doubt["figure"]) == ("provider", 20_000)
    dear = ("options", PAYCO, {"price_per_year": "5000000"})
    assert doubts(alpha(clerk, dear), "far from the reference") == []


@pytest.mark.parametrize(
    ("heads", "is_asked"), [("12000", True), ("2000", True), ("1400", True), ("1399", False), ("499", False)]
)
def test_twelve_thousand_heads_are_asked_about(doubts, heads, is_asked):
    """The other two have 20 and 8 people: 14 in the middle, a hundred times of which is 1,400."""
    found = doubts(alpha(("processes", PAYROLL, {"headcount_fte": heads})), "heads that stand out")
    assert [(doubt["process"], doubt["compared"]) for doubt in found] == ([("payroll", 14)] if is_asked else [])


@pytest.mark.parametrize(
    ("process", "country", "is_asked"),
    [
        ({"occupation": "43-9051"}, "IND", True),
        ({"is_place_bound": "yes"}, "IND", True),
        ({"occupation": "43-9051", "is_place_bound": "no"}, "IND", False),
        ({"occupation": "43-9051"}, "USA", False),
        ({}, "IND", False),
    ],
    ids=["by its occupation", "said to be", "meant", "at home", "work that travels"],
)
def test_work_on_the_spot_that_the_plan_sends_abroad_is_asked_about(doubts, process, country, is_asked):
    case = alpha(("processes", HELP_DESK, process), ("options", DESKCO, {"location": country}))
    found = doubts(case, "on the spot, abroad")
    wanted = [("help_desk", "DeskCo", 20)] if is_asked else []
    assert [(doubt["process"], doubt["owner"], doubt["figure"]) for doubt in found] == wanted


@pytest.mark.parametrize("threshold", [0.5, 1.0])
def test_core_work_abroad_under_our_own_roof_is_asked_about(decide, threshold):
    captive = add_row(
        "options", business_unit="alpha", process="research", option="captive", name="Own center", owner_type="own",
        delivery_model="offshore", owner="own", location="IND", contract_form="none", labor_cost_per_fte="30000",
        overhead_share="0",
    )  # fmt: skip
    decision = decide(alpha(options=captive), core_threshold=threshold)
    found = list_doubts(decision)
    [doubt] = found[found["topic"] == "core, abroad"].to_dict("records")
    assert (doubt["process"], doubt["option"], doubt["number"]) == ("research", "captive", 8)
    assert (doubt["figure"], doubt["compared"]) == (1.0, threshold)


def test_work_that_is_not_core_may_go_abroad_unasked(doubts):
    assert doubts(alpha(("options", DESKCO, {"location": "IND"})), "core, abroad") == []


def test_a_saving_that_rests_on_figures_of_others_says_how_much_of_it_does(decide):
    """Today's wage of payroll stands in; its saving is against that of the help desk, 205,000 from typed figures."""
    case = alpha(
        ("processes", PAYROLL, {"occupation": "43-3051"}), ("options", STAY, {"labor_cost_per_fte": ""})
    )  # fmt: skip
    decision = decide(case)
    found = list_doubts(decision)
    [doubt] = found[found["topic"] == "saving on assumed figures"].to_dict("records")
    saved = (
        decision.as_is.choices.set_index("process")["cash_cost"]
        - decision.plan.choices.set_index("process")["cash_cost"]
    )
    assert saved["help_desk"] == pytest.approx(205_000)
    assert doubt["stake"] == pytest.approx(saved["payroll"])
    assert doubt["figure"] == pytest.approx(saved["payroll"] / (saved["payroll"] + 205_000))
    assert (doubt["process"], doubt["number"]) == ("payroll", 1)


def test_one_owner_with_two_of_two_moves_is_asked_about(doubts):
    """Without the rule on people both move; at one owner: 30 people, 805,000 and 1,395,000 in cash."""
    rules = read_folder(TINY)["rules"].iloc[1:]
    [doubt] = doubts(alpha(("options", DESKCO, {"owner": "PayCo"}), rules=rules))
    assert (doubt["topic"], doubt["owner"], doubt["process"]) == ("one owner, many moves", "PayCo", "")
    assert (doubt["figure"], doubt["number"], doubt["compared"]) == (1.0, 2, 30)
    assert doubt["stake"] == pytest.approx(2_200_000)
    assert doubts(alpha(rules=rules)) == [], "two owners with one move each"


QUEUE = {"business_unit": "alpha", "process": "help_desk", "peak_to_average": "2", "handling_minutes": "4",
         "answer_seconds": "8.5", "open_hours_per_week": "40", "shrinkage_share": "0"}  # fmt: skip


@pytest.mark.parametrize(
    ("calls", "cover", "is_asked"),
    [("720", "priced", True), ("120", "included", True), ("120", "priced", False), ("60", "included", False)],
    ids=["short on average", "short at the peak", "the plan pays for the peak", "enough"],
)
def test_a_queue_with_too_few_people_is_asked_about(doubts, calls, cover, is_asked):
    """Twenty people; 720 calls an hour of four minutes are 48 erlangs, which ask for 55."""
    case = alpha(("options", DESKCO, {"peak_cover": cover}), capacity=pd.DataFrame([QUEUE | {"calls_per_hour": calls}]))
    found = doubts(case, "short of the peak")
    load = float(calls) * 4 / 60
    heads = (size_agents(load, 240, 8.5), size_agents(2 * load, 240, 8.5))
    wanted = [("help_desk", 20, *heads)] if is_asked else []
    assert [(d["process"], d["figure"], d["number"], d["compared"]) for d in found] == wanted
    assert heads[0] == 55 or calls != "720"


def test_what_could_void_the_plan_is_asked_first_and_the_dearest_of_a_topic(decide):
    case = alpha(
        ("options", DESKCO, {"price_per_year": "50000", "location": "IND"}),
        ("options", PAYCO, {"location": "IND"}),
        ("processes", HELP_DESK, {"is_place_bound": "yes"}),
        ("processes", PAYROLL, {"is_place_bound": "yes"}),
        rules=read_folder(TINY)["rules"].iloc[1:],
    )
    found = list_doubts(decide(case))
    assert found["topic"].tolist() == ["price for a month", "on the spot, abroad", "on the spot, abroad"]
    assert found["process"].tolist() == ["help_desk", "help_desk", "payroll"]
    assert found["topic"].map(list(TOPICS).index).is_monotonic_increasing
