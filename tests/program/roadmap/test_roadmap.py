"""The road map places the plan's own figures in time: worked by hand on the tiny case, and held to the plan's sums."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sourcing.decide import range_saving
from sourcing.plan import sum_measure
from sourcing.program import AT_LAST, AT_ONCE, BEST, FREE, PLANNED, draw_roadmap
from sourcing.value import discount_fixed

HOURS = 600.0
HELD = {"lock": "DeskCo answers", "business_unit": "alpha", "process": "help_desk", "kind": "only",
        "option": "provider", "reason": "so that only waves are open", "owner": "operations"}  # fmt: skip
PAYROLL = {"lock": "payroll goes to the center", "process": "payroll", "option": "shared"}
RULE = "Knowledge transfer of wave 1 fits its hours"


@pytest.fixture(scope="module")
def by_hand(alpha, decide):
    """Help desk and payroll as the tiny case has them; no calendar, so that both start on 1 January 2025."""
    return draw_roadmap(decide(alpha))


@pytest.fixture(scope="module")
def two_waves(alpha):
    """Alpha with a wave of 600 hours in each of the first two quarters; each move takes 600, options are locked."""
    options = alpha.options.copy()
    moves = options["option"] != "stay"
    options.loc[moves, "knowledge_transfer_hours"] = HOURS
    calendar = pd.DataFrame(
        {
            "business_unit": "alpha",
            "wave": [1, 2],
            "start": pd.to_datetime(["2025-01-01", "2025-04-01"]),
            "knowledge_transfer_hours": HOURS,
        }
    )
    return alpha.replace(options=options, calendar=calendar, locks=pd.DataFrame([HELD, {**HELD, **PAYROLL}]))


def test_a_case_without_a_calendar_gets_its_waves_from_go_live_dates(by_hand):
    moves = by_hand.moves.set_index("process")
    assert moves["go_live"].dt.strftime("%Y-%m-%d").to_dict() == {"help_desk": "2025-04-01", "payroll": "2025-07-01"}
    assert moves["wave"].to_dict() == {"help_desk": 1, "payroll": 2}
    assert (moves["start"] == pd.Timestamp("2025-01-01")).all()
    assert not by_hand.has_calendar
    assert by_hand.orders["order"].tolist() == [PLANNED]


def test_cash_by_quarter_peak_and_break_even_are_those_worked_by_hand(by_hand):
    """As-Is 525,000 a quarter. The plan: 25,000 of payroll's move in each of two quarters, 40,000 of the help desk's.

    From the second quarter DeskCo 150,000 and a tenth to govern it in place of 200,000, from the third the center
    100,000 in place of 125,000. The sum is -65,000, -55,000, 5,000; it crosses 0 after 55 / 60 of the third
    quarter: 6 + 3 x 55 / 60 = 8.75 months, 23 September.
    """
    curve = by_hand.curve
    assert curve.quarters["to_be"].head(4).round(6).tolist() == [590_000, 515_000, 465_000, 465_000]
    assert curve.quarters["one_off"].head(3).round(6).tolist() == [65_000, 25_000, 0]
    assert curve.quarters["cumulative"].head(3).round(6).tolist() == [-65_000, -55_000, 5_000]
    assert curve.peak_cash == pytest.approx(65_000)
    assert curve.peak == pd.Timestamp("2025-03-31")
    assert curve.break_even_years == pytest.approx(8.75 / 12)
    assert curve.break_even == pd.Timestamp("2025-09-23")


def test_two_waves_of_six_hundred_hours_carry_one_move_each_and_what_that_costs(two_waves, decide):
    """The help desk goes first: a quarter of it saves 35,000 less 5,000 of expected loss, of payroll 25,000."""
    roadmap = draw_roadmap(decide(two_waves))
    assert roadmap.moves.set_index("process")["wave"].to_dict() == {"help_desk": 1, "payroll": 2}
    assert roadmap.load["knowledge_transfer_hours"].head(4).tolist() == [600, 300, 300, 0]
    assert roadmap.load["capacity_hours"].head(4).tolist() == [600, 300, 300, 0]
    assert not roadmap.load["is_over"].any()
    orders = roadmap.orders.set_index("order")
    assert orders["extra_cost"].round(6).to_dict() == {
        PLANNED: 0,
        BEST: 0,
        FREE: -25_000,
        AT_ONCE: -25_000,
        AT_LAST: 30_000,
    }
    assert orders.at[AT_ONCE, "breaks"] == (RULE,)
    assert orders.at[AT_ONCE, "moved"] == 1
    assert orders.at[BEST, "breaks"] == ()


def test_waves_that_overlap_may_ask_for_more_than_there_is_though_each_keeps_its_hours(two_waves, decide):
    """Payroll takes 300 hours in each of two quarters, and the help desk, told to wait, all its 600 in the second."""
    locks = pd.DataFrame([{**HELD, "from_wave": 2}, {**HELD, **PAYROLL}])
    roadmap = draw_roadmap(decide(two_waves.replace(locks=locks)))
    assert roadmap.load["knowledge_transfer_hours"].head(3).tolist() == [300, 900, 0]
    assert roadmap.load["capacity_hours"].head(2).tolist() == [600, 600]
    assert roadmap.load["is_over"].head(3).tolist() == [False, True, False]


def test_no_move_is_said_to_start_in_a_blackout(shipped):
    roadmap = draw_roadmap(shipped("health"))
    dark = roadmap.waves[roadmap.waves["blackout"]]
    assert dark["wave"].tolist() == [2]
    assert (dark["moves"] == 0).all()
    assert (roadmap.load.loc[roadmap.load["blackout"], "starts"] == 0).all()


@pytest.fixture(scope="module", params=["alpha", "beta", "telecom"])
def any_roadmap(request, shipped):
    return draw_roadmap(shipped(request.param))


def test_the_curve_discounted_is_the_saving_in_every_outcome(any_roadmap):
    """One truth: the range of the curve and the range of the saving are the same draws."""
    saving = range_saving(any_roadmap.decision)
    factors = discount_fixed(any_roadmap.decision.case.unit)
    assert any_roadmap.curve.drawn @ factors == pytest.approx(saving.drawn, rel=1e-9, abs=1e-3)
    assert any_roadmap.curve.quarters["saved"] @ factors == pytest.approx(saving.mean, rel=1e-9, abs=1e-3)


def test_one_off_spending_discounted_is_the_plans_own_measure(any_roadmap):
    spent = any_roadmap.curve.quarters["one_off"] @ discount_fixed(any_roadmap.decision.case.unit)
    assert spent == pytest.approx(sum_measure(any_roadmap.decision.plan, "one_off_cost"), rel=1e-9, abs=1e-3)


def test_people_by_place_begin_as_they_are_and_end_as_planned(any_roadmap):
    decision, places = any_roadmap.decision, any_roadmap.places
    people = places.groupby("quarter")["fte"].sum()
    planned = decision.plan.choices["fte"] @ decision.plan.choices["share"]
    assert people.iloc[-1] == pytest.approx(planned)
    if (any_roadmap.moves["go_live_months"] >= 3).all():
        assert people.iloc[0] == pytest.approx(decision.as_is.choices["fte"].sum())


def test_hours_of_the_quarters_are_those_of_the_waves(any_roadmap):
    load, waves = any_roadmap.load, any_roadmap.waves
    assert load["knowledge_transfer_hours"].sum() == pytest.approx(waves["knowledge_transfer_hours"].sum())
    assert load["starts"].sum() == load["go_lives"].sum() == any_roadmap.moves["process"].nunique()


def test_risk_by_wave_adds_up_to_that_of_what_moves(any_roadmap):
    chosen = any_roadmap.decision.plan.choices
    moved = chosen[~chosen["is_as_is"].astype(bool)]
    assert any_roadmap.waves["expected_loss"].sum() == pytest.approx(moved["expected_loss"] @ moved["share"])


def test_the_orders_of_a_plan_solved_to_the_end_bracket_it(any_roadmap):
    orders = any_roadmap.orders.set_index("order")["extra_cost"]
    assert orders[PLANNED] == 0.0
    if BEST in orders:
        assert orders[BEST] == pytest.approx(0.0, abs=1e-3)
        assert orders[FREE] <= orders[BEST] + 1e-3


def test_flows_of_work_hold_all_people_and_all_cost_of_both_states(any_roadmap):
    flows, decision = any_roadmap.flows, any_roadmap.decision
    shares = decision.plan.choices["share"]
    assert flows["people"].sum() == pytest.approx(decision.as_is.choices["fte"].sum())
    assert flows["fte"].sum() == pytest.approx(decision.plan.choices["fte"] @ shares)
    assert flows["cost"].sum() == pytest.approx(decision.plan.choices["run_cost_per_year"] @ shares)


def test_who_moves_is_transferred_severed_or_redeployed(any_roadmap):
    moves, decision = any_roadmap.moves, any_roadmap.decision
    today = decision.as_is.choices.set_index("process")
    own = moves["process"].map(today["owner_type"]) == "own"
    sums = moves[["transferred", "leavers", "redeployed"]].sum(axis=1)
    heads = moves["process"].map(decision.case.processes.set_index("process")["headcount_fte"]) * moves["share"]
    assert np.allclose(sums, heads.where(own, 0.0))
