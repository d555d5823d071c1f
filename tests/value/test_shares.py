"""What passes between the sides beside the price is cash as expected, worked by hand: incentives, profit, capital."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing.case import Case
from sourcing.value import draw_outcomes, find_best_effort, find_terms, list_ranges, settle_year
from sourcing.value.cash.payments import FIGURES
from sourcing.value.deals.incentives import rate_incentives


def test_a_ventures_profit_is_what_its_price_leaves_over_its_cost_in_each_quarter(bench, alpha):
    growing = bench.change(alpha, "units", {}, inflation_rate=0.05, discount_rate=0.05, horizon_years=2)
    shared = bench.add(growing, "contracts", {"contract": "jv", "profit_share": 0.4, "indexation_share": 0.0})
    where = {"process": "payroll", "option": "provider"}
    shared = bench.change(shared, "options", where, owner_type="joint_venture", contract="jv", price_per_year=600_000.0)
    row = bench.price(shared).set_index(["process", "option"]).loc[("payroll", "provider")]
    # the price stands still, the 560,000 that the work costs grow: live from month 6
    price = 150_000 * sum(1.05**-t for t in (0.625, 0.875, 1.125, 1.375, 1.625, 1.875))
    assert row["cost_profit_share"] == pytest.approx(-0.4 * (price - 560_000 * 1.5))


def test_todays_venture_pays_until_it_is_left_and_gives_its_capital_back(bench, beta):
    long = bench.change(bench.change(beta, "units", {}, horizon_years=3), "deals", {}, break_fee=0.0)
    shared = bench.add(long, "contracts", {"contract": "jv", "profit_share": 0.5, "venture_capital_share": 0.1})
    venture = {"owner_type": "joint_venture", "contract": "jv", "price_per_year": 241_600.0}
    shared = bench.change(shared, "options", {"option": "incumbent"}, **venture)
    shared = bench.change(shared, "deals", {}, retender_price_per_year=241_600.0)
    table = bench.price(shared).set_index(["process", "option"])
    # four heads at 45,000 with 12 % overhead cost 201,600: 40,000 a year, half ours, for three years or three months
    assert table.loc[("billing", "incumbent"), "cost_profit_share"] == pytest.approx(-60_000)
    assert table.loc[("billing", "in_house"), "cost_profit_share"] == pytest.approx(-5_000)
    # 12,080 of capital comes back at the end either way
    for option in ("incumbent", "in_house"):
        assert table.loc[("billing", option), "cost_venture_capital"] == pytest.approx(-12_080)


def make_flat(bench, case: Case, **figures: float) -> Case:
    """Every outcome as planned, but for what is given."""
    still = {"service": 0.0, "effort_saving": 0.0, "effort_cost": 0.0, "effort_service": 0.0, "unit_cost": 1.0,
             "volume": 1.0, "inflation": 1.0}  # fmt: skip
    rows = [{"figure": name, "low": value, "likely": value, "high": value} for name, value in (still | figures).items()]
    return bench.add(case, "ranges", *rows)


def test_expected_credits_and_shared_gains_are_cash(bench, alpha, beta):
    missed = make_flat(bench, alpha, service=-2.0)
    moved = bench.lines_moved(bench.price(missed), bench.price(missed, expected_incentives="yes"))
    # 2 % of the fee a point: fixed price 450,000, per transaction 1,050,000; nothing on time and materials
    assert moved == {"payroll-provider": pytest.approx({"incentives": -18_000}),
                     "help_desk-provider": pytest.approx({"incentives": -42_000})}  # fmt: skip
    dear = make_flat(bench, beta, unit_cost=1.1, service=-1.0)
    dear = bench.change(dear, "options", {"option": "provider"}, price_per_year=300_000.0)
    moved = bench.lines_moved(bench.price(dear), bench.price(dear, expected_incentives="yes"))
    # five heads at 40,000 with 12 % overhead cost 224,000, a tenth more than planned: half of that is ours to bear,
    # less a credit of 2 % of 300,000; today's fixed price of 200,000 a year, then 240,000, credits 2 % too
    assert moved == {
        "collections-provider": pytest.approx({"incentives": 11_200 - 6_000}),
        "billing-incumbent": pytest.approx({"incentives": -0.02 * 220_000}),
        "billing-in_house": pytest.approx({"incentives": -0.02 * 50_000}),
        "billing-captive": pytest.approx({"incentives": -0.02 * 100_000}),
    }


def test_outcome_fees_are_expected_at_the_effort_that_pays_the_provider_most(bench, alpha):
    case = bench.change(alpha, "options", {"process": "payroll", "option": "provider"}, contract_form="outcome_based")
    # an effort that adds ten points is worth 30 % of the fee to the provider and costs it 5 % of cost: it goes all out
    case = make_flat(bench, case, service=-5.0, effort_service=10.0, effort_cost=0.05, effort_saving=0.0)
    row = bench.price(case, expected_incentives="yes").set_index(["process", "option"]).loc[("payroll", "provider")]
    # five points over: half of 30 % of 450,000, and no credit
    assert row["cost_incentives"] == pytest.approx(0.15 * 450_000)


def test_incentives_follow_price_and_cost_in_a_straight_line(alpha):
    outcomes = draw_outcomes(list_ranges(alpha), 200)
    for form in ("gain_share", "outcome_based", "fixed_price"):
        terms = find_terms(alpha, "", form)
        on_price, on_cost = rate_incentives(form, terms, 0.05, outcomes)
        deal = {"price_per_year": 100_000 / 0.95, "should_cost_per_year": 100_000.0}
        effort, _ = find_best_effort(form, deal, terms, outcomes)
        for price in (90_000.0, 150_000.0):
            year = settle_year(form, {**deal, "price_per_year": price}, terms, outcomes, effort)
            expected = float((year["outcome"] - year["credit"] - year["gain"]).mean())
            assert on_price * price + on_cost * 100_000 == pytest.approx(expected, abs=0.01)


def test_volume_terms_dearer_than_the_volume_costs_are_expected(alpha):
    flat = dict.fromkeys(FIGURES, 0.0) | {"price": 1.0, "unit_cost": 1.0, "inflation": 1.0, "variable_cost_share": 0.75}
    outcomes = pd.DataFrame([flat | {"volume": volume} for volume in (1.3, 0.7)])
    agreed = {"volume_band_share": 0.1, "extra_charge_ratio": 0.9, "reduced_credit_ratio": 0.5}
    # a fifth beyond the band either way: 15 % of a unit's price more than it costs, 25 % of it not given back
    terms = find_terms(alpha, "", "fixed_price")
    assert rate_incentives("fixed_price", {**terms, **agreed}, 0.05, outcomes) == pytest.approx((0.04, 0.0))
    assert rate_incentives("fixed_price", terms, 0.05, outcomes) == pytest.approx((0.0, 0.0))
    # 90 % owed where 70 % is used, in one of two outcomes
    terms = {**find_terms(alpha, "", "per_transaction"), "volume_floor_share": 0.9}
    assert rate_incentives("per_transaction", terms, 0.05, outcomes) == pytest.approx((0.1, 0.0))


def test_incentives_of_no_form_or_unknown_cost_are_none(bench, alpha):
    plain = bench.change(alpha, "options", {"option": "provider"}, contract_form="none")
    assert (bench.price(plain, expected_incentives="yes")["cost_incentives"] == 0).all()
