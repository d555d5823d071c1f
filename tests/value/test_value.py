from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing import Case, settle
from sourcing.assess import map_postures, score_indices
from sourcing.value import (
    CASH_LINES,
    LOSS_LINES,
    build_alternatives,
    discount_quarters,
    list_offers,
    share_live,
)
from tests.conftest import examples

ALPHA = {
    ("payroll", "stay"): (1_000_000, 0),
    ("payroll", "shared"): (900_000, 0),
    ("payroll", "provider"): (805_000, 37_500),
    ("help_desk", "stay"): (1_600_000, 0),
    ("help_desk", "shared"): (1_490_000, 0),
    ("help_desk", "provider"): (1_395_000, 35_000),
    ("research", "stay"): (1_600_000, 0),
    ("research", "shared"): (1_640_000, 0),
}
BETA = {
    ("billing", "incumbent"): (242_000, 10_000),
    ("billing", "in_house"): (240_000, 2_500),
    ("billing", "captive"): (190_000, 5_000),
    ("collections", "stay"): (200_000, 0),
    ("collections", "provider"): (164_000, 10_000),
}


def build(case: Case, **levers: object) -> pd.DataFrame:
    policy, outlook = settle(case, **levers)
    return build_alternatives(case, map_postures(score_indices(case), policy), policy, outlook)


def change(case: Case, table: str, row: int, **cells: object) -> Case:
    frame = case.tables[table].copy()
    for column, value in cells.items():
        frame.loc[row, column] = value
    return case.replace(**{table: frame})


def make_unit(**cells: object) -> pd.Series:
    plain = {
        "inflation_rate": 0.0,
        "discount_rate": 0.0,
        "horizon_years": 1,
        "price_year": 2025,
        "valuation_date": None,
    }
    return pd.Series(plain | cells)


def find_row(case: Case, table: str, **keys: str) -> int:
    frame = case.tables[table]
    return frame.index[np.logical_and.reduce([frame[k] == v for k, v in keys.items()])][0]


@pytest.mark.parametrize("key", sorted(ALPHA), ids="-".join)
def test_alpha_costs_what_was_worked_by_hand(alpha, key):
    row = build(alpha).set_index(["process", "option"]).loc[key]
    assert (row["cash_cost"], row["expected_loss"]) == pytest.approx(ALPHA[key])


@pytest.mark.parametrize("key", sorted(BETA), ids="-".join)
def test_beta_costs_what_was_worked_by_hand(beta, key):
    row = build(beta).set_index(["process", "option"]).loc[key]
    assert (row["cash_cost"], row["expected_loss"]) == pytest.approx(BETA[key])


@pytest.mark.parametrize("unit", ["alpha", "beta"])
def test_lines_sum_to_cost_and_cash_and_parts_to_expected_loss(unit, request):
    case = request.getfixturevalue(unit)
    table = build(case, price_of_fit=1000, price_of_customer_value=1)
    lines = [column for column in table if column.startswith("cost_")]
    np.testing.assert_allclose(table[lines].sum(axis=1), table["cost"])
    np.testing.assert_allclose(table[[f"cost_{line}" for line in CASH_LINES]].sum(axis=1), table["cash_cost"])
    np.testing.assert_allclose(table[[f"loss_{cause}" for cause in LOSS_LINES]].sum(axis=1), table["expected_loss"])


# one input changed -> exactly these lines of exactly this alternative move (alpha, payroll)
MOVES = [
    ("shared", {"labor_cost_per_fte": 44_000.0}, {"cost_labor"}),
    ("shared", {"non_labor_cost_per_year": 10.0}, {"cost_non_labor"}),
    ("shared", {"overhead_share": 0.1}, {"cost_overhead"}),
    ("shared", {"productivity": 1.25}, {"cost_labor"}),
    ("shared", {"investment": 7.0}, {"cost_investment"}),
    ("shared", {"transition_cost": 60_000.0}, {"cost_transition"}),
    ("shared", {"ramp_months": 6.0, "start_productivity": 0.5}, {"cost_ramp"}),
    ("shared", {"failure_rate": 0.1}, {"cost_expected_loss"}),
    ("shared", {"customer_value_per_year": 500.0, "source": "survey"}, {"cost_customer_value"}),
    ("provider", {"price_per_year": 310_000.0}, {"cost_price", "cost_governance"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("option", "cells", "wanted"), MOVES, ids=lambda each: next(iter(each)) if isinstance(each, dict) else ""
)
def test_one_input_moves_exactly_the_lines_it_should(alpha, option, cells, wanted):
    row = find_row(alpha, "options", process="payroll", option=option)
    before = build(alpha, price_of_customer_value=1)
    after = build(change(alpha, "options", row, **cells), price_of_customer_value=1)
    lines = [column for column in before if column.startswith("cost_")]
    moved = (after[lines] - before[lines]).abs() > 1e-9
    keys = before[["process", "option"]].agg("-".join, axis=1)
    assert set(keys[moved.any(axis=1)]) == {f"payroll-{option}"}
    assert set(moved.columns[moved.any()]) == wanted


def test_avoidable_share_moves_only_the_stranded_line(alpha):
    row = find_row(alpha, "processes", process="payroll")
    before, after = build(alpha), build(change(alpha, "processes", row, avoidable_share=0.9))
    lines = [column for column in before if column.startswith("cost_")]
    moved = (after[lines] - before[lines]).set_axis(before["option"], axis=0)[
        (before["process"] == "payroll").to_numpy()
    ]
    assert set(moved.columns[(moved.abs() > 1e-9).any()]) == {"cost_stranded"}
    assert moved["cost_stranded"].to_dict() == pytest.approx({"provider": 75_000, "shared": 75_000, "stay": 0})


def add_improvement(case: Case, **cells: object) -> Case:
    """Research improved at its own site: a quarter more productive for 50,000, a fifth of its cost unavoidable."""
    options = case.tables["options"]
    stay = options[(options["process"] == "research") & (options["option"] == "stay")]
    improved = stay.assign(**{"option": "improve", "productivity": 1.25, "investment": 50_000.0} | cells)
    processes = case.tables["processes"].copy()
    processes.loc[processes["process"] == "research", "avoidable_share"] = 0.8
    return case.replace(options=pd.concat([options, improved], ignore_index=True), processes=processes)


@pytest.mark.parametrize(
    ("cells", "stranded"),
    [
        ({}, 64_000),  # 0.2 x (800,000 - 640,000) x 2 years
        ({"productivity": 0.8}, 0),  # costs more than today: nothing is released
        ({"location": "center", "delivery_model": "onshore"}, 320_000),  # moves away: 0.2 x 800,000 x 2 years
    ],
    ids=["improves", "costs more", "moves away"],
)
def test_improving_in_place_strands_only_what_it_releases(alpha, cells, stranded):
    row = build(add_improvement(alpha, **cells)).set_index(["process", "option"]).loc[("research", "improve")]
    assert row["cost_stranded"] == pytest.approx(stranded)
    labor = 1_600_000 / cells.get("productivity", 1.25)
    assert row["cash_cost"] == pytest.approx(labor + 50_000 + stranded)  # improved in place: 1,394,000


def test_levers_move_only_their_own_lines(alpha):
    base = build(alpha)
    lines = [column for column in base if column.startswith("cost_")]
    for lever, value, wanted in [
        ("governance_share_outside", 0.2, {"cost_governance"}),
        ("governance_heads_outside", 0.1, {"cost_governance"}),
        ("governance_heads_site", 0.1, {"cost_governance"}),
        ("retained_share", 0.1, {"cost_retained"}),
        ("price_of_fit", 10, {"cost_fit"}),
        ("structural_rate", 0.2, {"cost_expected_loss"}),
        ("operational_rate", 0.2, {"cost_expected_loss"}),
        ("location_rate", 0.2, {"cost_expected_loss"}),
        ("move_failure", 0.2, {"cost_expected_loss"}),
        ("key_person_rate", 0.2, {"cost_expected_loss"}),
        ("walk_out_rate", 0.2, {"cost_expected_loss"}),
        ("loss_multiple", 2, {"cost_expected_loss"}),
    ]:
        moved = (build(alpha, **{lever: value})[lines] - base[lines]).abs() > 1e-9
        assert set(moved.columns[moved.any()]) == wanted, lever


def test_unready_processes_take_longer_and_pay_more_for_a_move(alpha):
    plain, stretched = (build(alpha, readiness_stretch=s).set_index(["process", "option"]) for s in (0, 1))
    # research is ready to 0.25: a full stretch makes the move 1.75 times as long and dear
    key = ("research", "shared")
    assert stretched.loc[key, "go_live_months"] == pytest.approx(1.75 * plain.loc[key, "go_live_months"])
    assert stretched.loc[key, "cost_transition"] == pytest.approx(1.75 * plain.loc[key, "cost_transition"])
    assert stretched.loc[("payroll", "shared"), "go_live_months"] == plain.loc[("payroll", "shared"), "go_live_months"]


def test_bars_name_their_reason_and_spare_the_as_is(alpha):
    bars = build(alpha).set_index(["process", "option"])["barred_by"]
    assert bars.loc[("research", "provider")] == "posture"
    assert (bars == "").sum() == len(bars) - 1
    lifted = build(alpha, posture_bars="no").set_index(["process", "option"])["barred_by"]
    assert (lifted == "").all()
    unready = build(alpha, readiness_floor=0.5).set_index(["process", "option"])["barred_by"]
    assert unready.loc[("research", "shared")] == "readiness"
    assert unready.loc[("research", "stay")] == ""


def test_unscored_processes_stay_as_they_are(alpha):
    only_payroll = alpha.scores[alpha.scores["process"] == "payroll"]
    table = build(alpha.replace(scores=only_payroll))
    rest = table[table["process"] != "payroll"]
    assert (rest["posture"] == "unscored").all()
    assert rest.loc[~rest["is_as_is"], "barred_by"].eq("unscored").all()
    assert rest["fit_points"].eq(0).all()


def test_discounting_meets_the_textbook_annuity():
    unit = make_unit(discount_rate=0.08, horizon_years=10)
    # quarterly mid-period annuity: j = 1.08 ** 0.25 - 1; sum = (1 - (1 + j) ** -40) / j * (1 + j) ** 0.5
    j = 1.08**0.25 - 1
    assert discount_quarters(unit).sum() == pytest.approx((1 - (1 + j) ** -40) / j * (1 + j) ** 0.5)


def test_equal_growth_and_discount_cancel():
    unit = make_unit(inflation_rate=0.05, discount_rate=0.05, horizon_years=3)
    assert discount_quarters(unit) == pytest.approx([1.0] * 12)


def test_amounts_of_an_older_price_year_grow_to_the_valuation_date():
    old, new = (make_unit(inflation_rate=0.03, price_year=year, valuation_date="2025-01-01") for year in (2005, 2025))
    np.testing.assert_allclose(discount_quarters(old), 1.03**20 * discount_quarters(new))


def test_a_day_moves_a_day_of_inflation_not_a_year(alpha):
    def sum_cash(day: str) -> float:
        units = alpha.units.assign(valuation_date=pd.Timestamp(day), inflation_rate=0.05, discount_rate=0.05)
        return float(build(alpha.replace(units=units))["cash_cost"].sum())

    before, after = sum_cash("2025-12-31"), sum_cash("2026-01-01")
    assert after / before == pytest.approx(1.05 ** (1 / 365), rel=1e-9)
    assert after / sum_cash("2025-01-01") == pytest.approx(1.05, rel=1e-9)


def test_a_contract_that_still_owes_is_not_stranded_as_well(beta):
    deal, process = find_row(beta, "deals", process="billing"), find_row(beta, "processes", process="billing")
    case = change(beta, "deals", deal, break_fee=150_000.0, months_left=12.0)
    row = build(change(case, "processes", process, avoidable_share=0.0)).set_index(["process", "option"])
    assert row.loc[("billing", "in_house"), "cost_exit"] == pytest.approx(150_000)
    assert row.loc[("billing", "in_house"), "cost_stranded"] == 0


def test_customer_value_of_today_lasts_until_go_live(alpha):
    rows = [find_row(alpha, "options", process="payroll", option=option) for option in ("stay", "shared")]
    case = alpha
    for row in rows:
        case = change(case, "options", row, customer_value_per_year=100_000.0, source="survey")
    value = build(case).set_index(["process", "option"])["customer_value"]
    assert value["payroll", "stay"] == value["payroll", "shared"] == pytest.approx(200_000)
    # the provider brings none: half a year of today's
    assert value["payroll", "provider"] == pytest.approx(50_000)


def test_a_site_of_the_case_overrides_the_reference_risk(alpha):
    policy, _ = settle(alpha)
    postures = map_postures(score_indices(alpha), policy)
    row = find_row(alpha, "locations", location="center")
    offers = list_offers(change(alpha, "locations", row, location_risk=0.9), postures, policy)
    assert offers.loc[offers["location"] == "center", "location_risk"].eq(0.9).all()
    reference = list_offers(alpha, postures, policy)
    assert reference["location_risk"].between(0, 1).all()


def test_leaving_a_deal_costs_the_smaller_of_fee_and_minimum(beta):
    row = find_row(beta, "deals", process="billing")
    key = ("billing", "in_house")
    for cells, wanted in [
        ({"break_fee": 30_000.0, "minimum_per_year": np.nan}, 30_000),
        ({"break_fee": 30_000.0, "minimum_per_year": 0.0}, 0),
        ({"break_fee": 0.0, "minimum_per_year": 80_000.0}, 0),
        ({"break_fee": 30_000.0, "minimum_per_year": 80_000.0}, 20_000),
        ({"break_fee": np.nan, "minimum_per_year": 80_000.0}, 20_000),
        ({"break_fee": np.nan, "minimum_per_year": 0.0}, 0),
        ({"break_fee": np.nan, "minimum_per_year": np.nan}, 0),
        ({"months_left": 3.0}, 0),
    ]:
        table = build(change(beta, "deals", row, **cells)).set_index(["process", "option"])
        assert table.loc[key, "cost_exit"] == pytest.approx(wanted), cells


@examples(50)
@given(
    go_live=st.floats(0, 60), quarters=st.integers(1, 60),
)  # fmt: skip
def test_live_months_are_the_horizon_less_the_wait(go_live, quarters):
    live = share_live(np.array([go_live]), quarters)
    assert live.sum() * 3 == pytest.approx(max(3 * quarters - go_live, 0))
    assert (np.diff(live[0]) >= 0).all()


@examples(25)
@given(factor=st.floats(0.01, 1000))
def test_scaling_every_amount_scales_every_cost(factor, alpha):
    options = alpha.options
    for column in ("labor_cost_per_fte", "price_per_year", "transition_cost", "investment"):
        options[column] *= factor
    scaled, base = build(alpha.replace(options=options)), build(alpha)
    np.testing.assert_allclose(scaled["cost"], factor * base["cost"], rtol=1e-9)
