"""Each further cause of money stands on one line, with a value worked by hand on the tiny case (no discounting)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from sourcing import settle
from sourcing.case import Case
from sourcing.errors import CaseError
from sourcing.value import CASH_LINES, grow_flows, price_flows
from sourcing.value.cash.ramp import find_productivity
from sourcing.value.deals.terms import count_hours_away
from tests.conftest import examples

# payroll of alpha: two years; 10 heads at 50,000; shared: 40,000 and provider: 300,000 a year, both live after 6 months
CAUSES = [
    ("shared", {"knowledge_transfer_cost": 11_000.0}, {"knowledge_transfer": 11_000}),
    ("shared", {"travel_cost": 5_000.0}, {"travel": 5_000}),
    ("shared", {"training_cost": 5_000.0}, {"training": 5_000}),
    ("shared", {"set_up_cost": 9_000.0}, {"set_up": 9_000}),
    # two months of 400,000 a year
    ("shared", {"parallel_months": 2.0}, {"parallel": 66_666.6667}),
    # longer than the move itself: the six months there are
    ("shared", {"parallel_months": 12.0}, {"parallel": 200_000}),
    # half of ten people at 3,000 each
    ("shared", {"recruited_share": 0.5, "recruitment_cost_per_head": 3_000.0}, {"recruitment": 15_000}),
    # ten people, a fifth redeployed, six months of 50,000
    ("provider", {"severance_months": 6.0, "severed_share": 0.8}, {"severance": 200_000}),
    # four of ten pass over at 1,000 each; six get six months
    (
        "provider",
        {"severance_months": 6.0, "transferred_share": 0.4, "transfer_cost_per_head": 1_000.0},
        {"severance": 150_000, "staff_transfer": 4_000},
    ),
    # a tenth of 500,000 a year for three months
    ("provider", {"service_dip_share": 0.1, "service_dip_months": 3.0}, {"service_dip": 12_500}),
]


def drop_sum(bench, case: Case, option: str) -> Case:
    """Take the one sum of the move out, so that it can be told cause by cause."""
    return bench.change(case, "options", {"process": "payroll", "option": option}, transition_cost=0.0)


@pytest.mark.parametrize(("option", "cells", "wanted"), CAUSES, ids=lambda each: "-".join(each))
def test_a_move_told_cause_by_cause_has_each_on_its_line(bench, alpha, option, cells, wanted):
    plain = drop_sum(bench, alpha, option)
    told = bench.add(plain, "transitions", {"process": "payroll", "option": option, **cells})
    moved = bench.lines_moved(bench.price(plain), bench.price(told))
    assert moved == {f"payroll-{option}": pytest.approx(wanted)}


def test_the_same_sum_costs_the_same_as_one_or_cause_by_cause(bench, alpha):
    told = bench.add(
        drop_sum(bench, alpha, "shared"),
        "transitions",
        {"process": "payroll", "option": "shared", "knowledge_transfer_cost": 30_000.0, "set_up_cost": 20_000.0},
    )
    pd.testing.assert_series_equal(bench.price(told)["cash_cost"], bench.price(alpha)["cash_cost"])


def test_a_move_told_twice_is_a_fault(bench, alpha):
    with pytest.raises(CaseError) as caught:
        bench.add(alpha, "transitions", {"process": "payroll", "option": "shared", "travel_cost": 1.0})
    assert "cause by cause" in str(caught.value.problems["rule"].iloc[0])


def test_staff_pass_over_where_the_law_says_so_and_get_no_severance(bench, alpha, beta):
    for case, process, transferred in ((alpha, "payroll", 0.0), (beta, "collections", 1.0)):
        plain = bench.change(case, "options", {"process": process, "option": "provider"}, transition_cost=0.0)
        told = bench.add(plain, "transitions", {"process": process, "option": "provider", "severance_months": 6.0})
        offers = bench.offer(told).set_index(["process", "option"])
        assert offers.loc[(process, "provider"), "transferred_share"] == transferred
        row = bench.price(told).set_index(["process", "option"]).loc[(process, "provider")]
        assert (row["cost_severance"] > 0) == (transferred == 0.0)
    # the law of Germany does not reach work that leaves the country or stays with the unit
    assert offers.loc[("billing", "captive"), "transferred_share"] == 0.0


def test_tax_that_cannot_be_reclaimed_is_paid_on_prices_only(bench, alpha):
    taxed = bench.change(alpha, "units", {}, vat_rate=0.2, vat_recoverable_share=0.75)
    moved = bench.lines_moved(bench.price(alpha), bench.price(taxed))
    # 5 % of a year and a half at 300,000, of 600,000 from month 3 and of 500,000 from the start
    wanted = {"payroll-provider": 22_500, "help_desk-provider": 52_500, "research-provider": 50_000}
    assert {key: lines["vat"] for key, lines in moved.items()} == pytest.approx(wanted)
    assert all(set(lines) == {"vat"} for lines in moved.values())


def test_todays_price_bears_the_tax_until_go_live(bench, beta):
    taxed = bench.change(beta, "units", {}, vat_rate=0.19, vat_recoverable_share=0.0)
    moved = bench.lines_moved(bench.price(beta), bench.price(taxed))
    assert moved["billing-in_house"] == pytest.approx({"vat": 0.19 * 50_000})


def test_attrition_costs_a_share_of_a_years_pay_for_each_who_leaves(bench, alpha):
    leaving = bench.change(alpha, "options", {"process": "payroll", "option": "shared"}, attrition_share=0.3)
    moved = bench.lines_moved(bench.price(alpha), bench.price(leaving))
    # 0.3 x 0.21 of 400,000 over a year and a half
    assert moved == {"payroll-shared": pytest.approx({"attrition": 0.3 * 0.21 * 600_000})}
    today = bench.change(alpha, "options", {"process": "payroll", "option": "stay"}, attrition_share=0.3)
    moved = bench.lines_moved(bench.price(alpha), bench.price(today))
    assert moved["payroll-stay"] == pytest.approx({"attrition": 0.3 * 0.21 * 1_000_000})
    assert moved["payroll-provider"] == pytest.approx({"attrition": 0.3 * 0.21 * 250_000})


def test_hiring_holds_up_go_live(bench, alpha):
    hiring = bench.change(alpha, "options", {"process": "payroll", "option": "shared"}, hiring_lead_months=9.0)
    table = bench.price(hiring).set_index(["process", "option"])
    assert table.loc[("payroll", "shared"), "go_live_months"] == 9.0
    assert table.loc[("payroll", "shared"), "cost_until_go_live"] == pytest.approx(375_000)


def test_wages_of_a_country_follow_their_own_path(bench, beta):
    path = {"country": "IND", "wage_growth": 0.1, "currency_gain": -0.05}
    before, after = bench.price(beta), bench.price(bench.add(beta, "wage_paths", path))
    moved = bench.lines_moved(before, after)
    # 4 heads x 20,000; live in quarters 3 and 4; each quarter grows to its middle
    growth = 1.1 * 0.95
    wanted = 20_000 * (growth**0.625 + growth**0.875) - 40_000
    assert moved == {"billing-captive": pytest.approx({"labor": wanted})}


def test_a_currency_that_gains_and_loses_the_same_moves_nothing(bench, beta):
    path = {"country": "IND", "wage_growth": 1 / 1.25 - 1, "currency_gain": 0.25}
    assert bench.lines_moved(bench.price(beta), bench.price(bench.add(beta, "wage_paths", path))) == {}


def test_a_price_without_indexation_stands_still_while_prices_grow(bench, alpha):
    growing = bench.change(alpha, "units", {}, inflation_rate=0.04)
    fixed = bench.add(growing, "contracts", {"contract": "frozen", "indexation_share": 0.0})
    fixed = bench.change(fixed, "options", {"process": "payroll", "option": "provider"}, contract="frozen")
    row = bench.price(fixed).set_index(["process", "option"]).loc[("payroll", "provider")]
    assert row["cost_price"] == pytest.approx(450_000)
    moved = bench.lines_moved(bench.price(growing), bench.price(fixed))
    assert set(moved["payroll-provider"]) == {"price", "governance"}


def make_terms(bench, case: Case, **cells: object) -> Case:
    termed = bench.add(case, "contracts", {"contract": "short", **cells})
    return bench.change(termed, "options", {"process": "payroll", "option": "provider"}, contract="short")


def test_a_deal_that_ends_inside_the_horizon_is_tendered_again_at_its_stated_price(bench, alpha):
    base = bench.price(alpha)
    dear = make_terms(bench, alpha, term_months=12.0, retender_price_ratio=1.5, tender_cost=7_000.0)
    moved = bench.lines_moved(base, bench.price(dear))["payroll-provider"]
    # live at 6, ends at 18: half a year at half as much again, governance a tenth of it, two tenders
    assert moved == pytest.approx({"price": 75_000, "governance": 7_500, "tender": 14_000})
    handed = make_terms(bench, alpha, term_months=6.0, hand_back_cost=1_000.0)
    assert bench.lines_moved(base, bench.price(handed))["payroll-provider"] == pytest.approx({"exit": 2_000})


def test_a_renewal_without_tender_keeps_the_price_and_saves_the_tender(bench, alpha):
    renewed = make_terms(bench, alpha, term_months=12.0, renewals=1, retender_price_ratio=1.5, tender_cost=7_000.0)
    moved = bench.lines_moved(bench.price(alpha), bench.price(renewed))["payroll-provider"]
    assert moved == pytest.approx({"tender": 7_000})


def test_a_re_tender_starts_indexation_again(bench, alpha):
    growing = bench.change(alpha, "units", {}, inflation_rate=0.05, discount_rate=0.05, horizon_years=10)
    frozen = make_terms(bench, growing, term_months=36.0, indexation_share=0.0)
    row = bench.price(frozen).set_index(["process", "option"]).loc[("payroll", "provider")]
    # prices and money fall alike: a quarter is worth 75,000 / 1.05 ** (years since its term started), the first term
    # from the price year on, live from month 6; terms end in months 42, 78 and 114
    terms = [(0.5, 3.5, 0.0), (3.5, 6.5, 3.5), (6.5, 9.5, 6.5), (9.5, 10.0, 9.5)]
    middles = [
        (first + 0.125 + 0.25 * q, since) for first, last, since in terms for q in range(int(4 * (last - first)))
    ]
    by_hand = 75_000 * sum(1.05 ** (since - middle) for middle, since in middles)
    assert row["cost_price"] == pytest.approx(by_hand) == pytest.approx(2_639_690, abs=0.5)
    # a ratio is the market's price over the stated one: every re-tender leads to it, it does not grow with each
    dear = make_terms(bench, growing, term_months=36.0, indexation_share=1.0, retender_price_ratio=1.2)
    row = bench.price(dear).set_index(["process", "option"]).loc[("payroll", "provider")]
    assert row["cost_price"] == pytest.approx(300_000 * (3 + 1.2 * 6.5))


def test_todays_deal_is_indexed_from_its_re_tender_on(bench, beta):
    growing = bench.change(beta, "units", {}, inflation_rate=0.05, discount_rate=0.05, horizon_years=3)
    frozen = bench.add(growing, "contracts", {"contract": "old", "term_months": 24.0, "indexation_share": 0.0})
    frozen = bench.change(frozen, "options", {"option": "incumbent"}, contract="old")
    table = bench.price(frozen).set_index(["process", "option"])
    # 200,000 for half a year, then 240,000 from month 6 and again from month 30, three quarters of a year live before
    falls = [1.05**-t for t in (0.125, 0.375, 0.625, 0.875, 1.125, 1.375, 1.625, 1.875)]
    stays = 50_000 * sum(falls[:2]) + 60_000 * (sum(falls) + sum(falls[:2]))
    assert table.loc[("billing", "incumbent"), "cost_price"] == pytest.approx(stays)
    assert table.loc[("billing", "in_house"), "cost_price_until_go_live"] == pytest.approx(50_000 * falls[0])


def test_committed_improvement_lowers_the_price_at_each_whole_year_of_a_term(bench, alpha):
    long = bench.change(alpha, "units", {}, horizon_years=4)
    better = make_terms(bench, long, yearly_improvement_share=0.1)
    moved = bench.lines_moved(bench.price(long), bench.price(better))["payroll-provider"]
    # live at 6: 300,000, then a tenth less from 18, from 30 and half a year from 42 on
    fall = 300_000 * (0.1 + 0.19 + 0.271 / 2)
    assert moved == pytest.approx({"price": -fall, "governance": -0.1 * fall})
    tendered = make_terms(bench, long, yearly_improvement_share=0.1, term_months=24.0)
    moved = bench.lines_moved(bench.price(long), bench.price(tendered))["payroll-provider"]
    # at 30 the work is tendered at market, and a year of the new term passes by 42
    assert moved["price"] == pytest.approx(-300_000 * (0.1 + 0.1 / 2))


def test_leaving_a_deal_costs_its_clean_up_at_any_time(bench, beta):
    cleaned = bench.change(beta, "deals", {"process": "billing"}, clean_up_cost=9_000.0, months_left=0.0)
    ended = bench.change(beta, "deals", {"process": "billing"}, months_left=0.0)
    moved = bench.lines_moved(bench.price(ended), bench.price(cleaned))
    assert moved == {"billing-in_house": {"exit": 9_000}, "billing-captive": {"exit": 9_000}}


@pytest.mark.parametrize(
    ("per", "likely"), [("year", 300_000.0), ("transaction", 3.0), ("head", 30_000.0)], ids=["year", "each", "head"]
)
def test_a_quote_is_the_price_of_its_option_whatever_it_is_per(bench, alpha, per, likely):
    case = bench.change(alpha, "processes", {"process": "payroll"}, volume_per_year=100_000.0)
    tables = dict(case.tables)
    bare = tables["options"].copy()
    bare.loc[(bare["process"] == "payroll") & (bare["option"] == "provider"), "price_per_year"] = np.nan
    quote = {"business_unit": "alpha", "process": "payroll", "option": "provider", "per": per, "likely": likely}
    quoted = Case({**tables, "options": bare, "quotes": pd.DataFrame([quote])})
    pd.testing.assert_frame_equal(bench.price(quoted), bench.price(alpha))


def test_a_quote_beside_a_price_is_a_fault(bench, alpha):
    with pytest.raises(CaseError) as caught:
        bench.add(alpha, "quotes", {"process": "payroll", "option": "provider", "per": "year", "likely": 1.0})
    assert "one price per option" in set(caught.value.problems["rule"])


def test_a_share_of_running_cost_governs_own_work_at_another_site(bench, alpha):
    moved = bench.lines_moved(bench.price(alpha), bench.price(alpha, governance_share_site=0.1))
    # a tenth of 400,000 a year from month 6 of 24, of 720,000 from month 3, of 760,000 from month 6
    wanted = {"payroll-shared": 60_000, "help_desk-shared": 126_000, "research-shared": 114_000}
    assert {key: lines["governance"] for key, lines in moved.items()} == pytest.approx(wanted)


def test_governance_grows_with_distance_and_the_retained_organization_with_what_is_moved(bench, beta):
    base = bench.price(beta)
    far = bench.lines_moved(base, bench.price(beta, governance_heads_site=0.02, governance_share_per_hour=0.1))
    # Germany to India three and a half hours: 2 % x 1.35 of 4 people at 50,000 a head in the half year after go-live
    assert far["billing-captive"]["governance"] == pytest.approx(0.02 * 1.35 * 4 * 50_000 / 2)
    overseen = bench.price(beta, governance_heads_site=0.02, governance_share_per_hour=0.1, retained_share=0.05)
    people = overseen.set_index(["process", "option"])[["governance_fte", "retained_fte"]]
    assert people.loc[("billing", "captive")].tolist() == pytest.approx([0.02 * 1.35 * 4, 0])
    assert people.loc[("collections", "provider")].tolist() == pytest.approx([0, 0.05 * 5])
    kept = bench.lines_moved(base, bench.price(beta, retained_share=0.05))
    # 5 % of 200,000 a year, while another owner delivers
    wanted = {"billing-incumbent": 10_000, "billing-in_house": 2_500, "billing-captive": 5_000,
              "collections-provider": 10_000}  # fmt: skip
    assert {key: lines["retained"] for key, lines in kept.items()} == pytest.approx(wanted)


def test_hours_go_the_short_way_round_the_day():
    away = count_hours_away(pd.Series(["NZL", "JPN", "GBR", "XXX"]), "USA")
    # islands of New Zealand reach +13.75, the United States -10: a quarter of an hour over the date line
    assert away.tolist() == [0.25, 5.0, 4.0, 0.0]


@pytest.mark.parametrize(
    ("option", "cover", "wanted"),
    [("shared", "staffed", 180_000), ("shared", "temporary", 56_250), ("provider", "priced", 8_437.5)],
)
def test_a_peak_is_carried_by_people_all_year_by_people_for_a_while_or_by_price(bench, alpha, option, cover, wanted):
    peak = {"process": "payroll", "peak_to_average": 1.3, "peak_months": 3.0, "peak_premium": 0.25}
    seasonal = bench.add(alpha, "capacity", peak)
    assert bench.lines_moved(bench.price(alpha), bench.price(seasonal)) == {}
    covered = bench.change(seasonal, "options", {"process": "payroll", "option": option}, peak_cover=cover)
    moved = bench.lines_moved(bench.price(alpha), bench.price(covered))[f"payroll-{option}"]
    assert moved == pytest.approx({"peak": wanted})


def test_a_joint_venture_shares_its_profit(bench, alpha):
    shared = bench.add(alpha, "contracts", {"contract": "jv", "profit_share": 0.4})
    where = {"process": "help_desk", "option": "provider"}
    shared = bench.change(
        shared, "options", where, owner_type="joint_venture", contract="jv", price_per_year=1_000_000.0
    )
    row = bench.price(shared).set_index(["process", "option"]).loc[("help_desk", "provider")]
    # 20 heads at 40,000 with 12 % overhead cost 896,000: 104,000 a year over 1.75 years, 40 % ours
    assert row["cost_profit_share"] == pytest.approx(-0.4 * 104_000 * 1.75)
    # its capital, three months of the price, is ours for as much and comes back
    assert row["cost_venture_capital"] == 0
    dear = bench.change(shared, "units", {}, discount_rate=0.1)
    row = bench.price(dear).set_index(["process", "option"]).loc[("help_desk", "provider")]
    assert row["cost_venture_capital"] == pytest.approx(0.4 * 250_000 * (1.1**-0.125 - 1.1**-1.875))


def test_a_share_of_profit_without_a_known_cost_is_refused(bench, beta):
    shared = bench.add(beta, "contracts", {"contract": "jv", "profit_share": 0.4})
    where = {"process": "billing", "option": "incumbent"}
    shared = bench.change(shared, "options", {"option": "in_house"}, non_labor_cost_per_year=180_000.0)
    shared = bench.change(shared, "options", {"option": "in_house"}, labor_cost_per_fte=0.0)
    with pytest.raises(CaseError, match="must have a known cost"):
        bench.change(shared, "options", where, owner_type="joint_venture", contract="jv")


def test_the_ramp_is_wrights_curve_of_output_so_far():
    """Step through the ramp: productivity must grow as output so far to the power b."""
    rate, start, steps = 0.85, 0.55, 200_000
    b = -np.log2(rate)
    progress = (np.arange(steps) + 0.5) / steps
    productivity = find_productivity(progress, np.array(start), np.array(rate))
    made = np.cumsum(productivity) / steps
    # output before day one follows from s = k x before ** b and 1 = k x (before + made) ** b
    before = made[-1] / ((1 / start) ** (1 / b) - 1)
    np.testing.assert_allclose(productivity, ((before + made) / (before + made[-1])) ** b, rtol=2e-4)


@examples(60)
@given(start=st.floats(0.05, 1), rate=st.floats(0.52, 0.99))
def test_the_ramp_starts_at_its_start_ends_at_steady_and_never_falls(start, rate):
    values = find_productivity(np.linspace(0, 1, 30), np.array(start), np.array(rate))
    assert values[[0, -1]] == pytest.approx([start, 1])
    assert (np.diff(values) >= -1e-12).all()


def test_flat_learning_gives_the_straight_line_worked_by_hand(bench, alpha):
    cells = {"ramp_months": 6.0, "start_productivity": 0.5, "learning_rate": 2**-0.5}
    ramped = bench.change(alpha, "options", {"process": "payroll", "option": "shared"}, **cells)
    moved = bench.lines_moved(bench.price(alpha), bench.price(ramped))
    # quarters at productivity 0.625 and 0.875 of 100,000 each
    assert moved == {"payroll-shared": pytest.approx({"ramp": 100_000 * (0.6 + 1 / 7)})}


AMOUNTS = st.floats(0, 1e6)


@examples(5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    costs=st.fixed_dictionaries({f"{name}_cost": AMOUNTS for name in ("knowledge_transfer", "travel", "set_up")}),
    shares=st.fixed_dictionaries({"recruited_share": st.floats(0, 1), "service_dip_share": st.floats(0, 1)}),
    months=st.fixed_dictionaries({name: st.floats(0, 20) for name in ("parallel_months", "severance_months")}),
    rates=st.tuples(st.floats(0, 0.2), st.floats(-0.05, 0.2)),
)  # fmt: skip
def test_lines_sum_to_cash_on_random_cases_and_to_plain_sums_without_discounting(
    bench, alpha, costs, shares, months, rates
):
    case = drop_sum(bench, alpha, "provider")
    row = {"process": "payroll", "option": "provider", "recruitment_cost_per_head": 900.0, "service_dip_months": 4.0}
    case = bench.add(case, "transitions", row | costs | shares | months)
    case = bench.change(case, "units", {}, discount_rate=rates[0], inflation_rate=rates[1], vat_rate=0.2,
                        vat_recoverable_share=0.5)  # fmt: skip
    table = bench.price(case)
    lines = [f"cost_{line}" for line in CASH_LINES]
    np.testing.assert_allclose(table[lines].sum(axis=1), table["cash_cost"], rtol=1e-12)
    np.testing.assert_allclose(
        table[[c for c in table if c.startswith("cost_")]].sum(axis=1), table["cost"], rtol=1e-12
    )
    undiscounted = bench.change(case, "units", {}, discount_rate=0.0)
    offers, unit = bench.offer(undiscounted), undiscounted.unit
    nominal = grow_flows(price_flows(offers, unit, settle(undiscounted)[0]), unit)
    plain = np.add.reduce([nominal[line].sum(axis=1) for line in CASH_LINES])
    np.testing.assert_allclose(bench.price(undiscounted)["cash_cost"], plain, rtol=1e-12)


def test_ten_thousand_alternatives_of_ten_years_take_the_memory_that_is_stated(bench, alpha):
    case = bench.change(alpha, "units", {}, horizon_years=10, vat_rate=0.2, vat_recoverable_share=0.5)
    case = bench.change(case, "options", {"option": "shared"}, ramp_months=9.0, start_productivity=0.6)
    case = bench.add(case, "contracts", {"contract": "terms", "term_months": 36.0, "tender_cost": 1_000.0})
    case = bench.change(case, "options", {"option": "provider"}, contract="terms")
    case = bench.change(case, "options", {"process": "payroll", "option": "provider"}, transition_cost=0.0)
    told = {"process": "payroll", "option": "provider", "severance_months": 3.0, "travel_cost": 9.0}
    case = bench.add(case, "transitions", {**told, "set_up_cost": 9.0, "parallel_months": 2.0})
    few = bench.offer(case)
    offers = pd.concat([few] * (10_000 // len(few) + 1), ignore_index=True).head(10_000)
    policy = settle(case)[0]
    flows = price_flows(offers, case.unit, policy)
    assert sum(flow.any() for flow in flows.values()) >= 12
    assert {flow.shape for flow in flows.values()} == {(10_000, 40)}
    assert sum(flow.nbytes for flow in flows.values()) == 8 * 10_000 * 40 * len(CASH_LINES)


def test_a_cheaper_price_is_not_governed_less_and_a_farther_place_more(bench, alpha):
    """Payroll at home for 300,000 or in India for 60,000: 10 people, 3 % of heads at 50,000 each, a year and a half."""
    home = bench.change(alpha, "options", {"process": "payroll", "option": "provider"}, price_per_year=300_000.0)
    far = bench.change(home, "options", {"process": "payroll", "option": "provider"}, price_per_year=60_000.0,
                       location="IND")  # fmt: skip
    levers = {"governance_heads_outside": 0.03, "governance_share_outside": 0.0, "governance_share_per_hour": 0.05}
    paid = [
        bench.price(case, **levers).set_index(["process", "option"]).at[("payroll", "provider"), "cost_governance"]
        for case in (home, far)
    ]
    hours = bench.offer(far).set_index(["process", "option"]).at[("payroll", "provider"), "hours_away"]
    assert paid == pytest.approx([0.3 * 50_000 * 1.5, 0.3 * (1 + 0.05 * hours) * 50_000 * 1.5])
    assert hours > 5


def test_money_stands_at_the_mean_of_its_ranges_with_the_likely_sum_beside(bench, alpha):
    """Payroll to the provider by hand: half a year of 500,000 today, a year and a half of 300,000, 60,000 one-off."""
    own = [("wages", 0.9, 1.0, 1.4), ("prices", 1.0, 1.0, 1.3), ("one_off", 0.9, 1.2, 2.1), ("governance", 1, 1, 1),
           ("value_lost", 0.0, 0.0, 0.06), ("invoice_errors", 0.0, 0.01, 0.02)]  # fmt: skip
    rows = [{"figure": f, "low": low, "likely": mid, "high": high, "source": "s"} for f, low, mid, high in own]
    priced = bench.price(bench.add(alpha, "ranges", *rows), use_ranges="yes").set_index(["process", "option"])
    row = priced.loc[("payroll", "provider")]
    price = 450_000 * 1.1
    lines = {"until_go_live": 250_000 * 1.1, "price": price, "transition": 60_000 * 1.4, "value_lost": 0.02 * price,
             "invoice_errors": 0.01 * price, "governance": 0.1 * price}  # fmt: skip
    assert {line: row[f"cost_{line}"] for line in lines} == pytest.approx(lines)
    assert row["cash_cost"] == pytest.approx(sum(lines.values()))
    # likely: wages and prices as stated, one-off x 1.2, nothing lost, a hundredth in errors
    assert row["likely_cash_cost"] == pytest.approx(250_000 + 450_000 * 1.11 + 60_000 * 1.2)
    plain = bench.price(alpha)
    assert plain["likely_cash_cost"].tolist() == pytest.approx(plain["cash_cost"].tolist())


def test_volume_grows_running_cost_and_prices_of_both_sides(bench, alpha):
    """Payroll grows by 21 % a year over two years without discounting: quarter k at 1.21 ** ((k + 0.5) / 4)."""
    grown = bench.change(alpha, "processes", {"process": "payroll"}, volume_growth=0.21)
    rows = bench.price(grown).set_index(["process", "option"])
    volume = 1.21 ** ((np.arange(8) + 0.5) / 4)
    assert rows.at[("payroll", "stay"), "cost_labor"] == pytest.approx(125_000 * volume.sum())
    provider = rows.loc[("payroll", "provider")]
    assert provider["cost_until_go_live"] == pytest.approx(125_000 * volume[:2].sum())
    assert provider["cost_price"] == pytest.approx(75_000 * volume[2:].sum())
    assert rows.at[("help_desk", "stay"), "cost_labor"] == 1_600_000


def test_after_the_horizon_running_cost_goes_on_and_tax_takes_its_part(bench, alpha):
    """A provider of payroll: 330,000 a year goes on for three years; a quarter of everything paid is saved in tax."""
    units = alpha.units.assign(terminal_years=3.0, income_tax_rate=0.25)
    provider = bench.price(alpha.replace(units=units)).set_index(["process", "option"]).loc[("payroll", "provider")]
    assert provider["cost_terminal"] == pytest.approx(990_000)
    assert provider["cost_income_tax"] == pytest.approx(-0.25 * (805_000 + 990_000))
    assert provider["cash_cost"] == pytest.approx(0.75 * (805_000 + 990_000))
    assert bench.price(alpha)[["cost_terminal", "cost_income_tax"]].eq(0).all(axis=None)


def test_an_investment_is_written_off_over_its_years(bench, alpha):
    """40,000 at the start lessens taxed profit by all of it over one year or forty; what is later is worth less."""
    case = bench.change(alpha, "options", {"process": "payroll", "option": "shared"}, investment=40_000.0)

    def tax(**cells: float) -> float:
        units = case.units.assign(income_tax_rate=0.25, **cells)
        return (
            bench.price(case.replace(units=units))
            .set_index(["process", "option"])
            .at[("payroll", "shared"), "cost_income_tax"]
        )

    assert tax(depreciation_years=1.0) == pytest.approx(-0.25 * 940_000)
    assert tax(depreciation_years=40.0) == pytest.approx(-0.25 * 940_000)
    assert tax(depreciation_years=40.0, discount_rate=0.1) > tax(depreciation_years=1.0, discount_rate=0.1)


def test_levels_of_investment_are_offered_with_a_diminishing_return(bench, alpha):
    """Research: 40 % of eight people at most, half of that for 100,000: levels save 20, 30 and 35 %."""
    row = {"process": "research", "most_saved_share": 0.4, "half_investment": 100_000.0, "source": "pilot"}
    case = bench.add(alpha, "improvements", row)
    rows = bench.price(case).set_index(["process", "option"]).loc["research"]
    levels = rows.loc[["improve_1", "improve_2", "improve_3"]]
    assert levels["cost_investment"].tolist() == [100_000, 200_000, 300_000]
    assert levels["cost_labor"].tolist() == pytest.approx([1.5 * 800_000 * left for left in (0.8, 0.7, 0.65)])
    assert (levels["go_live_months"] == 6).all() and (levels["delivery_model"] == "in_house").all()
    assert Case(dict(case.tables)).fingerprint == case.fingerprint  # made once, whoever reads it again
    typed = case.options[case.options["option"] == "improve_2"].assign(investment=1.0, is_generated=False)
    own = alpha.replace(options=pd.concat([alpha.options, typed]), improvements=case.improvements)
    assert own.options.set_index("option").at["improve_2", "investment"] == 1.0


def test_improving_what_another_owner_delivers_is_a_fault(bench, beta):
    with pytest.raises(CaseError, match="own staff deliver today"):
        bench.add(beta, "improvements", {"process": "billing", "most_saved_share": 0.4, "half_investment": 1e5})


def test_settling_in_is_told_as_a_ramp_or_as_a_dip(bench, alpha):
    slow = {"transition_cost": np.nan, "ramp_months": 6.0, "start_productivity": 0.7}
    case = bench.change(alpha, "options", {"process": "payroll", "option": "shared"}, **slow)
    with pytest.raises(CaseError, match="ramp of own staff or a service dip"):
        bench.add(case, "transitions", {"process": "payroll", "option": "shared", "service_dip_share": 0.1,
                                        "service_dip_months": 3.0})  # fmt: skip
