"""Assumptions about any figure: planted causes are found, means stay, what cancels does not count."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from sourcing.decide import build_business_case, list_cash_ranges, list_leans, range_saving
from sourcing.pack.uncertainty.words import name_causes
from sourcing.uncertainty import (
    Study,
    choose_in_futures,
    describe_saving,
    draw_futures,
    list_expectation_gaps,
    mean_error,
    price_information,
    rank_causes,
)
from sourcing.value import list_assumptions, list_offers, price_assumptions
from tests.uncertainty.test_futures import NO_EVENTS, still


def assume(case, *rows):
    common = {"business_unit": case.unit["business_unit"], "low": 0.8, "likely": 1.0, "high": 1.2, "stated_as": "ratio"}
    return case.replace(assumptions=pd.DataFrame([common | row for row in rows]))


PRICE = {
    "assumption": "price of the help desk",
    "figure": "price_per_year",
    "process": "help_desk",
    "option": "provider",
}


def test_an_assumption_that_decides_everything_comes_first(alpha, decide):
    # the help desk outside: 600,000 a year for 21 of 24 months, so 1,050,000, and governance of a tenth of the price
    decision = decide(assume(still(alpha), PRICE), use_ranges="yes", **NO_EVENTS)
    futures = draw_futures(decision, 2_000)
    causes = rank_causes(futures)
    assert causes.loc[0, "cause"] == "price of the help desk"
    assert causes.loc[0, "share"] == pytest.approx(1.0, abs=1e-6)
    drawn = futures.figures["price of the help desk"].to_numpy()
    paid = futures.measure(decision.plan)["cash"].to_numpy()
    np.testing.assert_allclose(paid - paid.mean(), 1.1 * 1_050_000 * (drawn - 1), atol=0.5)
    worth, listed = price_information(choose_in_futures(futures, 40))
    assert listed.loc[0, "figure"] == "price of the help desk"
    assert listed.loc[0, "worth"] == pytest.approx(worth, rel=0.1)


def test_what_is_worth_asking_is_what_knowing_is_worth_less_what_asking_costs(alpha, decide):
    asked = PRICE | {"owner": "procurement", "asking_cost": 1_000.0, "asking_days": 5.0}
    decision = decide(assume(still(alpha), PRICE | asked), use_ranges="yes", **NO_EVENTS)
    row = price_information(choose_in_futures(draw_futures(decision, 500), 20))[1].iloc[0]
    assert (row["owner"], row["asking_cost"], row["asking_days"]) == ("procurement", 1_000.0, 5.0)
    assert row["net"] == pytest.approx(row["worth"] - 1_000.0)


def test_figures_that_move_with_one_cause_are_weighed_together_too(shipped):
    listed = price_information(choose_in_futures(draw_futures(shipped("health"), 500), 5))[1].set_index("figure")
    groups = listed[listed["members"] > 0]
    assert "price level" in groups.index
    assert groups.at["price level", "worth"] >= listed.loc[["wages", "prices"], "worth"].max() - 1e-6


def test_what_moves_today_and_the_plan_alike_moves_nothing(alpha, decide):
    """Own wages of what stays are paid either way: the assumption is no cause of what the saving does."""
    decision = decide(still(alpha), use_ranges="yes", **NO_EVENTS)
    stays = decision.plan.choices[decision.plan.choices["is_as_is"].astype(bool)].iloc[0]
    common = {"figure": "labor_cost_per_fte", "process": stays["process"], "option": stays["option"]}
    rows = [PRICE, common | {"assumption": "pay of who stays"}]
    futures = draw_futures(decide(assume(still(alpha), *rows), use_ranges="yes", **NO_EVENTS), 1_000)
    causes = rank_causes(futures).set_index("cause")
    assert causes.index[0] == "price of the help desk"
    assert "pay of who stays" not in causes.index


def test_two_assumptions_that_cancel_are_not_named_before_one_that_does_not(alpha, decide):
    """Two prices of one size, one up as the other goes down, cancel; a small one alone does not."""
    against = {"correlation_group": "either", "low": 0.7, "high": 1.3}
    rows = [
        PRICE | against | {"assumption": "one", "loading": 1.0},
        PRICE | against | {"assumption": "two", "loading": -1.0},
        PRICE | {"assumption": "small", "low": 0.95, "high": 1.05},
    ]
    futures = draw_futures(decide(assume(still(alpha), *rows), use_ranges="yes", **NO_EVENTS), 2_000)
    causes = rank_causes(futures).set_index("cause")["share"]
    assert causes.index[0] == "small"
    assert causes["small"] == pytest.approx(1.0, abs=0.02)


@pytest.fixture(scope="module")
def assumed(shipped, decide):
    """The utility with three assumptions: one moves cash, one time, one what fails."""
    case = assume(
        shipped("utility").case,
        {"assumption": "pay in Poland", "figure": "labor_cost_per_fte", "country": "POL", "high": 1.4, "shape": "pert"},
        {"assumption": "moves take longer", "figure": "transition_months", "high": 1.5},
        {"assumption": "work fails", "figure": "failure_rate", "low": 0.5, "high": 2.0, "shape": "lognormal"},
    )
    return decide(case)


def test_the_table_of_alternatives_stays_the_mean(assumed, shipped):
    plain = shipped("utility").alternatives
    np.testing.assert_array_equal(assumed.alternatives["cash_cost"], plain["cash_cost"])
    futures, table = draw_futures(assumed, 4_000), assumed.alternatives
    for drawn, column in ((futures.cash, "cash_cost"), (futures.loss, "expected_loss")):
        away = np.abs(drawn.astype(float).mean(axis=0) - table[column].to_numpy(float))
        errors = np.array([mean_error(drawn[:, k].astype(float)) for k in range(len(table))])
        assert (away <= 4.5 * errors + 1e-6 * np.abs(table[column]) + 0.01).all()


def test_page_one_the_yearly_band_and_the_futures_tell_one_story(assumed):
    saving, told = range_saving(assumed), describe_saving(draw_futures(assumed)).loc["cash"]
    assert told[["mean", "low", "high"]].tolist() == pytest.approx([saving.mean, saving.low, saving.high], rel=1e-5)
    business = build_business_case(assumed)
    band, plain = list_cash_ranges(business), business.cash
    yearly = plain.assign(year=(plain["quarter"] - 1) // 4 + 1).groupby(["state", "year"])["amount"].sum()
    stated = band.set_index(["state", "year"])["stated"]
    assert stated.to_numpy() == pytest.approx(yearly.reindex(stated.index).to_numpy())
    leans = list_leans(business).set_index("figure")["spread"]
    assert leans["pay in Poland"] > 0 and leans["moves take longer"] > 0 and leans["work fails"] == 0.0
    # the country's wages are told by the assumption, once
    assert "wages of POL" not in leans and "exchange rate of POL" in leans


def test_a_rate_that_is_assumed_moves_losses_and_no_cash(assumed):
    priced = price_assumptions(assumed.offers, assumed.case, assumed.policy, assumed.outlook)
    at = 2 * list(priced.ranges.index).index("work fails")
    assert not priced.cash[at : at + 2].any()
    fails = assumed.alternatives["loss_operational"].to_numpy(float)
    mean = priced.ranges.at["work fails", "mean"]
    np.testing.assert_allclose(priced.loss[at + 1], fails * (2.0 / mean - 1), rtol=1e-6, atol=1e-6)


def test_the_same_seed_gives_the_same_bytes_and_a_further_assumption_moves_no_other_draw(assumed, shipped):
    one, again = draw_futures(assumed, 300), draw_futures(assumed, 300)
    assert one.cash.tobytes() == again.cash.tobytes() and one.loss.tobytes() == again.loss.tobytes()
    fewer = draw_futures(shipped("utility"), 300)
    common = [name for name in fewer.figures if name in one.figures]
    pd.testing.assert_frame_equal(one.figures[common], fewer.figures[common])


def test_the_study_calls_an_assumption_by_its_name(assumed):
    study = Study.__new__(Study)
    object.__setattr__(study, "futures", draw_futures(assumed, 100))
    assert name_causes(study)["pay in Poland"] == "pay in Poland"


def test_what_is_cleared_is_certain_until_it_expires(alpha, decide):
    case = assume(still(alpha), PRICE | {"status": "cleared"})
    policy = decide(alpha, use_ranges="yes").policy
    assert list_assumptions(case, policy).empty
    day = pd.Timestamp("2024-12-31")
    assert len(list_assumptions(assume(alpha, PRICE | {"status": "cleared", "expires": day}), policy)) == 1
    assert list_assumptions(assume(alpha, PRICE), dataclasses.replace(policy, use_ranges=False)).empty


def test_a_longer_transition_moves_the_go_live_by_as_much(alpha, decide):
    case = assume(still(alpha), {"assumption": "time", "figure": "transition_months", "low": 0.5, "high": 1.5})
    decision = decide(case, use_ranges="yes", **NO_EVENTS)
    longer = alpha.options.assign(transition_months=1.5 * alpha.options["transition_months"])
    moved = decide(still(alpha).replace(options=longer), use_ranges="yes", **NO_EVENTS).alternatives
    priced = price_assumptions(decision.offers, case, decision.policy, decision.outlook)
    change = (moved["cash_cost"] - decision.alternatives["cash_cost"]).to_numpy(float)
    np.testing.assert_allclose(priced.cash[1], change, atol=1e-6)


def test_an_assumption_of_the_provider_is_a_gap_worth_what_the_plan_pays_more(alpha, decide):
    theirs = PRICE | {"party": "provider", "low": 1.0, "likely": 1.1, "high": 1.2}
    decision = decide(assume(still(alpha), PRICE, theirs), use_ranges="yes", **NO_EVENTS)
    gap = list_expectation_gaps(decision).set_index("figure").loc["price of the help desk"]
    assert gap[["buyer_mean", "provider_mean"]].tolist() == pytest.approx([1.0, 1.1])
    # 600,000 a year for 21 of 24 months; the buyer's governance is a tenth of the price
    assert gap[["to_buyer", "to_provider"]].tolist() == pytest.approx([115_500, 105_000])
    alone = decide(assume(still(alpha), theirs), use_ranges="yes", **NO_EVENTS)
    assert list_expectation_gaps(alone).iloc[0]["to_buyer"] == pytest.approx(115_500)


def test_an_assumption_speaks_of_what_has_the_figure(alpha, decide):
    decision = decide(alpha)
    offers = list_offers(alpha, decision.judgment.postures, decision.policy)
    case = assume(still(alpha), {"assumption": "all prices", "figure": "price_per_year"})
    policy = dataclasses.replace(decision.policy, use_ranges=True)
    priced = price_assumptions(list_offers(case, decision.judgment.postures, policy), case, policy, decision.outlook)
    moved = (priced.cash != 0).any(axis=0)
    assert (moved == (offers["price_per_year"] > 0).to_numpy()).all()
