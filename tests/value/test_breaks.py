"""Leaving early costs what the contract says and is worth what arithmetic by hand says, to both sides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.value import (
    Exits,
    draw_outcomes,
    find_exits,
    find_terms,
    list_breaks_by_date,
    list_ranges,
    list_running_breaks,
    price_breaks,
    price_providers,
    settle_term,
    settle_year,
    value_break,
)
from sourcing.value.cash.payments import FORMS
from sourcing.value.deals.breaks import draw_gains
from tests.conftest import examples

DEAL = {"process": "payroll", "price_per_year": 1_000_000.0, "should_cost_per_year": 880_000.0, "margin_floor": 0.05}
FREE = pd.Series({"inflation_rate": 0.0, "discount_rate": 0.0, "horizon_years": 5})


def draw_two(**figures: float) -> pd.DataFrame:
    """Two outcomes as planned, but that the second misses two points of service worth a twentieth of the fee each."""
    names = ("price", "volume", "unit_cost", "inflation")
    planned = dict.fromkeys(names, 1.0) | {"variable_cost_share": 0.75, "point_value": 0.05}
    still = dict.fromkeys(("effort_saving", "effort_cost", "effort_service"), 0.0)
    return pd.DataFrame([planned | still | {"service": 0.0}, planned | still | {"service": -2.0} | figures])


def make_exits(share: float = 0.1, per_year: float = 900_000.0, one_off: float = 50_000.0) -> Exits:
    """Three years with six months' notice: out after 18 or 30 months."""
    dates = pd.DataFrame({"month": [18.0, 30.0], "fee": [share * 1_500_000, share * 500_000]})
    again = pd.DataFrame([("tender again", per_year, one_off, True)],
                         columns=["fallback", "per_year", "one_off", "follows_price"])  # fmt: skip
    return Exits(36.0, dates, again)


def settle_fixed(alpha, outcomes: pd.DataFrame) -> dict[str, np.ndarray]:
    terms = find_terms(alpha, "", "fixed_price") | {"penalty_rate": 0.0}
    return settle_year("fixed_price", DEAL, terms, outcomes, 0.0)


def test_a_break_is_worth_what_is_left_to_pay_over_the_fallback_fee_and_change(alpha):
    # staying costs 1,000,000 or, with missed service, 1,100,000 a year; elsewhere it is 900,000 and 50,000 once
    # out after 18 of 36 months: 1.5 x 100,000 - 150,000 - 50,000 < 0, and 1.5 x 200,000 - 200,000 = 100,000
    # out after 30: 0.5 x 200,000 - 50,000 - 50,000 = 0
    outcomes, exits = draw_two(), make_exits()
    year = settle_fixed(alpha, outcomes)
    gains = draw_gains(exits, year, outcomes, FREE)
    assert gains.tolist() == [pytest.approx([-50_000, -50_000]), pytest.approx([100_000, 0], abs=1e-6)]
    worth = value_break(exits, year, outcomes, FREE)
    assert worth["worth_to_buyer"] == pytest.approx(50_000)
    # the provider loses 1.5 x 120,000 of profit and gets a fee of 150,000, in one outcome of two
    assert worth["cost_to_provider"] == pytest.approx(15_000)
    assert worth["leaving_share"] == 0.5 and worth["leaving_month"] == 18
    assert worth["paid_over_term"] == pytest.approx((3_000_000 + 1_500_000 + 150_000) / 2)


def test_later_money_counts_less(alpha):
    unit = pd.Series({"inflation_rate": 0.0, "discount_rate": 0.1, "horizon_years": 5})
    outcomes = draw_two()
    gains = draw_gains(make_exits(), settle_fixed(alpha, outcomes), outcomes, unit)
    rest = sum(1.1 ** -((month + 0.5) / 12) / 12 for month in range(18, 36))
    assert gains[1, 0] == pytest.approx(200_000 * rest - 200_000 * 1.1**-1.5)


def test_a_fallback_follows_volume_and_inflation(alpha):
    # 1.2 times the volume at 75 % variable cost and 5 % inflation: 900,000 x 1.15 x 1.05
    outcomes = draw_two(volume=1.2, inflation=1.05)
    year = settle_fixed(alpha, outcomes)
    gains = draw_gains(make_exits(), year, outcomes, FREE)
    staying = float(year["payment"][1] + year["missed_service"][1])
    assert gains[1, 0] == pytest.approx(1.5 * (staying - 900_000 * 1.15 * 1.05) - 200_000)


def test_dearer_work_is_dearer_for_whoever_does_it(alpha):
    # paid by the hour, work a tenth dearer costs 1,100,000 here and 990,000 in place of 900,000 elsewhere
    outcomes = draw_two(service=0.0, unit_cost=1.1)
    terms = find_terms(alpha, "", "time_and_materials")
    year = settle_year("time_and_materials", DEAL, terms, outcomes, 0.0)
    gains = draw_gains(make_exits(), year, outcomes, FREE)
    assert gains[1, 0] == pytest.approx(1.5 * (1_100_000 - 990_000) - 200_000)
    # so a price that follows cost is not worth leaving for its cost: the fallback follows as well, market or own staff
    even = make_exits(share=0.0, per_year=1_000_000.0, one_off=1.0)
    for follows in (True, False):
        exits = Exits(even.months, even.dates, even.fallbacks.assign(follows_price=follows))
        drawn = draw_outcomes(list_ranges(alpha), draws=300).assign(service=0.0)
        paid = settle_year("time_and_materials", DEAL, terms, drawn, 0.0)
        assert value_break(exits, paid, drawn, FREE)["leaving_share"] == 0.0


@examples(25)
@given(shares=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted), seed=st.integers(0, 20))
def test_a_right_is_never_worth_less_than_nothing_nor_more_for_a_higher_fee(alpha, shares, seed):
    outcomes = draw_outcomes(list_ranges(alpha), draws=40, seed=seed)
    year = settle_fixed(alpha, outcomes)
    low, high = (value_break(make_exits(share), year, outcomes, FREE) for share in shares)
    assert low["worth_to_buyer"] >= high["worth_to_buyer"] - 1e-6 >= -2e-6
    assert low["leaving_share"] >= high["leaving_share"]


@examples(25)
@given(form=st.sampled_from(FORMS), seed=st.integers(0, 20), month=st.floats(0, 60), fee=st.floats(0, 1e6),
       handed_on=st.floats(0, 1))  # fmt: skip
def test_over_the_term_payments_are_receipts_cent_for_cent(alpha, form, seed, month, fee, handed_on):
    outcomes = draw_outcomes(list_ranges(alpha), draws=20, seed=seed)
    terms = find_terms(alpha, "", form) | {"subcontracted_share": handed_on, "flow_down_share": 0.5}
    year = settle_year(form, DEAL, terms, outcomes, 0.4)
    paid = settle_term(year, np.full(20, month), np.full(20, fee))
    cents = {name: np.round(100 * amount).astype(int) for name, amount in paid.items()}
    assert (cents["payment"] == cents["provider_receipts"] + cents["subcontractor_receipts"]).all()
    np.testing.assert_allclose(paid["payment"], year["payment"] * month / 12 + fee, atol=0.006)


@pytest.fixture(scope="module")
def framed(bench, alpha):
    """Payroll with its provider under terms of its own, on a horizon of five years."""
    terms = {"contract": "frame", "term_months": 36.0, "break_notice_months": 6.0, "break_fee_share": 0.1,
             "retender_price_ratio": 1.05, "tender_cost": 2_000.0, "hand_back_cost": 1_000.0}  # fmt: skip
    case = bench.add(bench.change(alpha, "units", {}, horizon_years=5), "contracts", terms)
    return bench.change(case, "options", {"process": "payroll", "option": "provider"}, contract="frame")


def test_dates_fees_and_fallbacks_are_those_of_the_contract(bench, framed):
    offers = bench.offer(framed)
    deal = price_providers(offers, framed.unit).query("process == 'payroll'").iloc[0]
    exits = find_exits(framed, offers, deal, find_terms(framed, "frame", "fixed_price"))
    assert exits.months == 36
    # a year seen, six months of notice: a tenth of 18 and of 6 months of 300,000 a year
    assert exits.dates.to_numpy().tolist() == [[18.0, 45_000.0], [30.0, 15_000.0]]
    fallbacks = exits.fallbacks.set_index("fallback")
    assert fallbacks.loc["tender again", ["per_year", "one_off"]].tolist() == [315_000.0, 3_000.0]
    # ten people at 50,000; the move out cost 60,000, and so does the way back, beside the hand-back
    assert fallbacks.loc["bring in-house", ["per_year", "one_off"]].tolist() == [500_000.0, 61_000.0]


def test_every_form_is_priced_on_the_same_term_with_its_own_right(bench, framed):
    offers = bench.offer(framed)
    deal = price_providers(offers, framed.unit).query("process == 'payroll'").iloc[0]
    outcomes = draw_outcomes(list_ranges(framed), draws=100)
    table = price_breaks(framed, offers, deal, outcomes).set_index("contract_form")
    assert list(table.index) == list(FORMS) and (table["term_months"] == 36).all()
    assert table.loc["fixed_price", "first_fee"] == 45_000 and table.loc["time_and_materials", "first_fee"] == 0
    assert table.loc["joint_venture", "first_month"] == 24
    dates = list_breaks_by_date(framed, offers, deal, outcomes)
    assert dates["exit_cost"].tolist() == [48_000.0, 18_000.0]
    assert (dates["worth"] >= dates["gain"]).all() and (dates["worth"] >= 0).all()
    short = bench.change(framed, "contracts", {}, term_months=12.0)
    none = price_breaks(short, offers, deal, outcomes).set_index("contract_form")
    assert (none["worth_to_buyer"] == 0).all() and none["first_month"].isna().all()


def test_a_running_deal_is_left_at_its_fee_or_the_minimum_still_owed(bench, beta):
    case = bench.change(beta, "deals", {}, months_left=11.0, minimum_per_year=24_000.0, clean_up_cost=500.0)
    case = bench.change(case, "units", {}, horizon_years=2)
    offers = bench.offer(case)
    providers = price_providers(offers, case.unit)
    running = list_running_breaks(case, offers, providers, draw_outcomes(list_ranges(case), draws=50))
    # eleven months of 2,000 are less than the fee of 30,000; own people move in for no fee of a tender
    assert running[["process", "month", "fee"]].to_numpy().tolist() == [["billing", 0.0, 22_000.0]]
    deal = providers.query("option == 'incumbent'").iloc[0]
    exits = find_exits(case, offers, deal, find_terms(case, "", "fixed_price"))
    fallbacks = exits.fallbacks.set_index("fallback")
    assert fallbacks.loc["tender again", ["per_year", "one_off"]].tolist() == [240_000.0, 500.0]
    assert fallbacks.loc["bring in-house", ["per_year", "one_off"]].tolist() == [180_000.0, 20_500.0]
    over = bench.change(case, "deals", {}, months_left=0.0)
    assert list_running_breaks(over, bench.offer(over), providers, draw_outcomes(list_ranges(over), draws=5)).empty
