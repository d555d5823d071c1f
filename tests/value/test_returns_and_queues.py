"""Rates of return, waiting lines and both sides of a price: published values and values worked by hand."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing import settle
from sourcing.assess import map_postures, score_indices
from sourcing.case.filling.money import bridge_money
from sourcing.case.filling.reference import look_up_price
from sourcing.value import (
    find_answer_seconds,
    find_modified_rate,
    find_payback,
    find_rates,
    find_waiting_share,
    list_offers,
    price_peak,
    price_providers,
    size_agents,
    size_capacity,
    spread_cash,
    value_moves,
    value_stream,
)
from tests.conftest import examples


def spread(case, postures, policy):
    """The nominal cash of every alternative of a unit by quarter and line."""
    return spread_cash(list_offers(case, postures, policy), case.unit, policy)


def make_unit(rate: float, years: int) -> pd.Series:
    return pd.Series({"discount_rate": rate, "horizon_years": years})


@pytest.mark.parametrize(
    ("flows", "rates"),
    [
        # the oil pump of Lorie and Savage (1955), Three problems in rationing capital: 25 % and 400 %
        ([-1600, 10000, -10000], [0.25, 4.0]),
        # example of Microsoft's documentation of IRR
        ([-70000, 12000, 15000, 18000, 21000, 26000], [0.0866]),
        # example of numpy-financial's documentation of irr
        ([-100, 39, 59, 55, 20], [0.2809]),
        # three rates, made from the factors (1 - 1.1 v)(1 - 1.2 v)(1 - 1.3 v)
        ([-1000, 3600, -4310, 1716], [0.1, 0.2, 0.3]),
        ([1000, -3000, 2500], []),  # no real rate: Hirshleifer (1958)
        ([0, 0], []),
    ],
)
def test_every_internal_rate_is_found(flows, rates):
    assert find_rates(flows) == pytest.approx(rates, abs=6e-5)


def test_the_modified_rate_meets_the_published_one():
    # example of Microsoft's documentation of MIRR: 12.61 % after five years, 4.80 % after three of them
    flows = [-120000, 39000, 30000, 21000, 37000, 46000]
    assert find_modified_rate(flows, 0.1, 0.12) == pytest.approx(0.126094, abs=5e-7)
    assert find_modified_rate(flows[:4], 0.1, 0.12) == pytest.approx(-0.048044655)
    assert np.isnan(find_modified_rate([1, 2], 0.1, 0.1))


@examples(50)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12))
def test_flows_are_worth_nothing_at_each_rate_found(flows):
    paid = np.array([round(flow) for flow in flows], float)
    for rate in find_rates(paid):
        factors = (1 + rate) ** -np.arange(len(paid), dtype=float)
        assert abs(paid @ factors) <= 1e-5 * (np.abs(paid) @ factors)


def test_an_even_stream_is_worth_the_textbook_annuity():
    # present value of 1 a year for ten years at 8 %: 6.7101, paid at the ends of years; here in the middle of quarters
    unit = make_unit(0.08, 10)
    worth = value_stream(np.full(40, 0.25), 1.0, unit)["npv"]
    quarterly = 1.08**0.25 - 1
    assert worth == pytest.approx(6.7101 * 0.08 / (4 * quarterly) * (1 + quarterly) ** 0.5, rel=1e-5)
    assert value_stream(np.full(40, 0.25), 1.0, make_unit(0.0, 10))["npv"] == pytest.approx(10)


def test_payback_counts_from_the_last_time_in_the_red():
    assert find_payback([-100, 60, 60, -30, 40], [1, 2, 3, 4, 5]) == pytest.approx(4.25)


def test_returns_of_a_unit_are_those_worked_by_hand(alpha, decide):
    decision = decide(alpha)
    cash = spread(alpha, decision.judgment.postures, decision.policy)
    moves = value_moves(cash, decision.plan.choices, decision.as_is.choices, alpha.unit)
    assert moves.index.tolist() == ["help_desk", "payroll", "all"]
    # help desk: 1600 - 1395; payroll: 1000 - 900; outlays 40 and 50
    assert moves["npv"].to_dict() == pytest.approx({"help_desk": 205_000, "payroll": 100_000, "all": 305_000})
    assert moves["outlay"].to_dict() == pytest.approx({"help_desk": 40_000, "payroll": 50_000, "all": 90_000})
    assert moves.loc["all", "roi"] == pytest.approx(305 / 90)
    # payroll: 25 spent in each of two quarters, then 25 saved in each: even after quarter four
    assert moves.loc["payroll", "payback_years"] == pytest.approx(1.0)
    flows = [-25, -25, 25, 25, 25, 25, 25, 25]
    assert (1 + moves.loc["payroll", "irr"]) ** 0.25 - 1 == pytest.approx(find_rates(flows)[0])


def test_the_sum_of_moves_is_the_saving_of_the_plan(beta, decide):
    decision = decide(beta)
    cash = spread(beta, decision.judgment.postures, decision.policy)
    moves = value_moves(cash, decision.plan.choices, decision.as_is.choices, beta.unit)
    saving = decision.as_is.choices["cash_cost"].sum() - decision.plan.choices["cash_cost"].sum()
    assert moves.loc["all", "npv"] == pytest.approx(saving)


def test_erlang_c_meets_published_values():
    # 360 calls in half an hour, 4 minutes each, 55 agents: 23.9 % wait, 8.2 s on average
    # (worked example of Westbay Engineers, Erlang C formula)
    load = 360 * 4 / 30
    assert load == 48
    assert find_waiting_share(load, 55) == pytest.approx(0.239, abs=5e-4)
    assert find_answer_seconds(load, 55, 240) == pytest.approx(8.2, abs=0.05)
    # one agent: P = occupancy, wait = P / (1 - P) of the service time (textbook M/M/1)
    assert find_waiting_share(0.8, 1) == pytest.approx(0.8)
    assert find_answer_seconds(0.8, 1, 60) == pytest.approx(240)
    # two agents: P = 2 r ** 2 / (1 + r) with r = occupancy (textbook M/M/2)
    assert find_waiting_share(1.5, 2) == pytest.approx(2 * 0.75**2 / 1.75)


@examples(40)
@given(load=st.floats(0.1, 200), wanted=st.floats(1, 120))
def test_the_agents_found_are_enough_and_one_fewer_is_not(load, wanted):
    agents = size_agents(load, 240.0, wanted)
    assert find_answer_seconds(load, agents, 240.0) <= wanted
    assert agents == 1 or find_answer_seconds(load, agents - 1, 240.0) > wanted


def add_queue(bench, case):
    queue = {"process": "help_desk", "peak_to_average": 1.5, "peak_months": 2.0, "peak_premium": 0.5,
             "calls_per_hour": 120.0, "handling_minutes": 4.0, "answer_seconds": 20.0, "shrinkage_share": 0.2,
             "open_hours_per_week": 40.0}  # fmt: skip
    return bench.add(case, "capacity", queue)


def count_down(load: float, agents: int) -> float:
    """The share who wait by the recursion of Erlang's formula B, agent by agent."""
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - load / agents * (1 - blocked))


@pytest.mark.parametrize("load", [0.3, 7.5, 48.0, 311.7, 4000.0])
def test_the_share_who_wait_is_that_of_the_recursion(load):
    for agents in (int(load) + 1, int(load) + 3, int(1.2 * load) + 2):
        assert find_waiting_share(load, agents) == pytest.approx(count_down(load, agents), rel=1e-9)


@pytest.mark.parametrize("calls", [1.6e6, 2e8, 1e15])
def test_a_queue_of_any_size_is_sized_at_once(calls):
    load, started = calls * 5 / 60, time.process_time()
    agents = size_agents(load, 300.0, 20.0)
    assert time.process_time() - started < 1.0
    assert find_answer_seconds(load, agents, 300.0) <= 20.0 < find_answer_seconds(load, agents - 1, 300.0)


def test_a_contact_center_is_sized_for_its_average_and_its_peak(bench, alpha):
    row = size_capacity(add_queue(bench, alpha)).set_index("process").loc["help_desk"]
    assert (row["load_average"], row["load_peak"]) == (8.0, 12.0)
    assert find_answer_seconds(8.0, int(row["agents_average"]), 240) <= 20
    assert find_answer_seconds(12.0, int(row["agents_peak"]), 240) <= 20
    assert row["heads_average"] == pytest.approx(row["agents_average"] / 0.8)
    assert not row["is_short"]
    # a larger queue is served with less slack: the peak needs fewer than half as many agents more
    assert row["agents_peak"] / row["agents_average"] < 1.5
    assert row["occupancy_peak"] > row["occupancy_average"]


def test_a_peak_costs_less_the_less_of_the_year_it_is_paid_for(bench, alpha):
    case = add_queue(bench, alpha)
    peak = price_peak(bench.offer(case)).set_index("option")
    excess = size_capacity(case)["heads_peak"].iloc[0] / size_capacity(case)["heads_average"].iloc[0] - 1
    assert peak.loc["stay", "staffed"] == pytest.approx(excess * 800_000)
    assert peak.loc["stay", "temporary"] == pytest.approx(excess * 800_000 * 1.5 / 6)
    assert peak.loc["provider", "priced"] == pytest.approx(excess * 600_000 * 0.5 / 6)
    assert np.isnan(peak.loc["provider", "staffed"]) and np.isnan(peak.loc["stay", "priced"])


def test_the_providers_side_is_worked_by_hand(bench, alpha):
    case = bench.change(alpha, "options", {"process": "payroll", "option": "provider"}, price_per_year=640_000.0)
    deals = price_providers(bench.offer(case), case.unit).set_index("process")
    # ten heads at 50,000 with 12 % overhead: 560,000; margin 80 of 640; walks away below 560,000 / 0.95
    assert deals.loc["payroll", "should_cost_per_year"] == pytest.approx(560_000)
    assert deals.loc["payroll", "margin"] == pytest.approx(0.125)
    assert deals.loc["payroll", "walk_away_price_per_year"] == pytest.approx(560_000 / 0.95)
    assert not deals.loc["payroll", "is_starved"]
    assert deals.loc["help_desk", "is_starved"]  # 896,000 of cost at a price of 600,000


def test_a_cheaper_provider_with_a_ramp_earns_what_is_left_of_it(bench, alpha):
    where = {"process": "payroll", "option": "provider"}
    case = bench.change(alpha, "options", where, price_per_year=640_000.0, ramp_months=6.0, start_productivity=0.5,
                        learning_rate=2**-0.5)  # fmt: skip
    terms = {"provider": "PayCo", "labor_cost_ratio": 0.8, "overhead_share": 0.2, "margin_floor": 0.1}
    case = bench.add(case, "providers", terms)
    deal = price_providers(bench.offer(case), case.unit).set_index("process").loc["payroll"]
    # 480,000 a year over 1.5 years, and 120,000 x (0.6 + 1/7) lost in the ramp
    lost = 120_000 * (0.6 + 1 / 7)
    assert deal["ramp_loss"] == pytest.approx(lost)
    assert deal["margin"] == pytest.approx(1 - (720_000 + lost) / 960_000)
    assert deal["walk_away_price_per_year"] == pytest.approx((480_000 + lost / 1.5) / 0.9)


def test_the_should_cost_holds_the_non_labor_cost_that_the_price_pays_for(bench, alpha):
    case = bench.change(alpha, "options", {"process": "payroll", "option": "provider"}, price_per_year=800_000.0)
    case = bench.change(case, "options", {"process": "payroll", "option": "stay"}, non_labor_cost_per_year=90_000.0)
    deal = price_providers(bench.offer(case), case.unit).set_index("process").loc["payroll"]
    # ten heads at 50,000, 12 % overhead, and the 90,000 of materials that today's delivery has
    causes = ["provider_labor", "provider_overhead", "provider_non_labor"]
    assert deal[causes].tolist() == pytest.approx([500_000, 60_000, 90_000])
    assert deal["should_cost_per_year"] == pytest.approx(650_000) and deal["margin"] == pytest.approx(1 - 65 / 80)
    # what the buyer pays beside the price is not in it
    beside = bench.change(
        case, "options", {"process": "payroll", "option": "provider"}, non_labor_cost_per_year=70_000.0
    )
    deal = price_providers(bench.offer(beside), case.unit).set_index("process").loc["payroll"]
    assert deal["provider_non_labor"] == pytest.approx(20_000)


def test_non_labor_cost_that_no_one_states_is_that_of_the_published_price(bench, alpha):
    case = bench.change(alpha, "processes", {"process": "payroll"}, service_code="R703")
    told = price_providers(bench.offer(case), case.unit).set_index("process").loc["payroll"]
    price, share = look_up_price("R703")
    wanted = price.value * share * 10 * 1776 / 2088 * bridge_money(1.0, "USD", 2015, "USD", 2025)[0]
    assert wanted > 0 and told["provider_non_labor"] == pytest.approx(wanted)
    unknown = price_providers(bench.offer(alpha), alpha.unit).set_index("process").loc["payroll"]
    assert unknown["provider_non_labor"] == 0 and not unknown["is_like_with_like"]


@pytest.mark.parametrize(
    ("price", "non_labor", "verdict"),
    [
        (600_000, 0, "earns"),  # 40 of 600
        (800_000, 0, "not comparable"),  # 30 %, above what listed providers earn, materials not known
        (800_000, 30_000, "overpaid"),  # 26 % with them
        (950_000, 30_000, "not comparable"),  # 38 %, above what providers keep before their own overhead
        (580_000, 0, "starved"),
    ],
)
def test_a_margin_reads_what_it_can_bear(bench, alpha, price, non_labor, verdict):
    where = {"process": "payroll", "option": "provider"}
    case = bench.change(alpha, "options", where, price_per_year=float(price))
    case = bench.change(
        case, "options", {"process": "payroll", "option": "stay"}, non_labor_cost_per_year=float(non_labor)
    )
    deal = price_providers(bench.offer(case), case.unit).set_index("process").loc["payroll"]
    assert deal["verdict"] == verdict and deal["is_starved"] == (verdict == "starved")


def test_staff_who_pass_over_cost_the_provider_their_own_terms(bench, beta):
    cheap = bench.add(beta, "providers", {"provider": "CollectCo", "labor_cost_ratio": 0.5})
    cheap = bench.change(cheap, "options", {"process": "collections", "option": "provider"}, productivity=1.25)

    def price(case):
        return price_providers(bench.offer(case), case.unit).set_index("process").loc["collections", "provider_labor"]

    # four heads do the work of five; by the law of Germany five pass over at 40,000 each
    assert price(cheap) == pytest.approx(4 * 40_000)
    where = {"process": "collections", "option": "provider", "transferred_share": 0.4}
    told = bench.change(cheap, "options", {"process": "collections", "option": "provider"}, transition_cost=0.0)
    # two pass over, two are hired at half
    assert price(bench.add(told, "transitions", where)) == pytest.approx(2 * 40_000 + 2 * 20_000)


def test_the_provider_is_paid_what_the_buyer_pays_from_term_to_term(bench, alpha):
    growing = bench.change(alpha, "units", {}, inflation_rate=0.05, discount_rate=0.08, horizon_years=8)
    terms = {"contract": "short", "term_months": 20.0, "retender_price_ratio": 1.1, "indexation_share": 0.3,
             "yearly_improvement_share": 0.02}  # fmt: skip
    case = bench.change(bench.add(growing, "contracts", terms), "options", {"option": "provider"}, contract="short")
    priced = bench.price(case).set_index(["process", "option"])["cost_price"]
    for deal in price_providers(bench.offer(case), case.unit).to_dict("records"):
        assert deal["revenue"] == pytest.approx(priced[deal["process"], deal["option"]])


def test_starved_deals_are_flagged_and_set_aside_only_where_policy_says(bench, alpha, decide):
    flagged = bench.price(alpha)
    assert set(flagged.loc[flagged["is_starved"], "option"]) == {"provider"}
    assert not flagged["barred_by"].str.contains("starves").any()
    barred = bench.price(alpha, margin_bars="yes")
    assert barred.loc[barred["is_starved"], "barred_by"].str.contains("starves the provider").all()
    assert decide(alpha, margin_bars="yes").plan.choices["owner_type"].eq("own").all()


def test_a_rule_can_bar_starved_deals(bench, alpha, decide):
    rule = {"rule": "No deal starves its provider", "measure": "count", "where": "is_starved == True", "sense": "<=",
            "limit": 0.0}  # fmt: skip
    assert decide(bench.add(alpha, "rules", rule)).plan.choices["owner_type"].eq("own").all()


def test_cash_by_quarter_sums_to_cash_cost_where_nothing_is_discounted(alpha, beta, decide):
    for case in (alpha, beta):
        policy, _ = settle(case)
        cash = spread(case, map_postures(score_indices(case), policy), policy)
        sums = cash.groupby(["process", "option"])["amount"].sum()
        wanted = decide(case).alternatives.set_index(["process", "option"])["cash_cost"]
        pd.testing.assert_series_equal(sums, wanted, check_names=False)
