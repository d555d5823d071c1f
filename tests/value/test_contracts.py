"""Both sides of a contract: cents are kept, shares and efforts are the textbook's, the zone is where it should be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.errors import CaseError, InputError
from sourcing.value import (
    compare_contracts,
    draw_outcomes,
    find_best_effort,
    find_terms,
    find_walk_away,
    list_ranges,
    map_win_win,
    range_cash,
    settle_year,
    weigh_outcomes,
)
from sourcing.value.cash.payments import FORMS
from tests.conftest import examples

DEAL = {"price_per_year": 1_000_000.0, "should_cost_per_year": 880_000.0, "margin_floor": 0.05}


@pytest.fixture(scope="module")
def ranges(alpha) -> pd.DataFrame:
    return list_ranges(alpha)


def draw_flat(**figures: float) -> pd.DataFrame:
    """One outcome as planned, but for what is given."""
    planned = dict.fromkeys(("price", "volume", "unit_cost", "inflation"), 1.0) | {"variable_cost_share": 0.75}
    still = dict.fromkeys(("service", "effort_saving", "effort_cost", "effort_service", "point_value"), 0.0)
    return pd.DataFrame([planned | still | figures])


def settle(alpha, form: str, terms: dict | None = None, effort: float = 0.0, **figures: float) -> dict[str, float]:
    own = find_terms(alpha, "", form) | (terms or {})
    return {name: float(part[0]) for name, part in settle_year(form, DEAL, own, draw_flat(**figures), effort).items()}


@pytest.mark.parametrize("form", FORMS)
def test_as_planned_every_form_pays_the_price_and_leaves_the_planned_margin(alpha, form):
    year = settle(alpha, form, {"profit_share": 0.0})
    assert year["payment"] == pytest.approx(1_000_000)
    assert year["profit"] == pytest.approx(120_000)


# a tenth more volume, cost 5 % over plan, prices 2 % over: flexed 946,000, cost 946,000 x 1.05 x 1.02 = 1,013,166
@pytest.mark.parametrize(
    ("form", "payment"),
    [
        ("time_and_materials", 1_013_166 / 0.88),
        ("fixed_price", 1_020_000),  # the swing lies in the band
        ("per_transaction", 1_122_000),
        # 1,096,500 less half of (946,000 x 1.02 - 1,013,166)
        ("gain_share", 1_096_500 + 0.5 * (1_013_166 - 964_920)),
        ("outcome_based", 1_020_000),
        ("joint_venture", 1_122_000 - 0.5 * (1_122_000 - 1_013_166)),
    ],
)
def test_each_form_pays_what_its_words_say(alpha, form, payment):
    year = settle(alpha, form, volume=1.1, unit_cost=1.05, inflation=1.02)
    assert year["payment"] == pytest.approx(payment, abs=0.01)
    assert year["profit"] == pytest.approx(payment - 1_013_166, abs=0.01)


def test_the_share_line_is_that_of_an_incentive_contract(alpha):
    # FAR 16.403-1: target cost 880,000, target price 1,000,000, the provider bears 30 %: a cost of 968,000 gives a
    # profit of 120,000 - 0.3 x 88,000
    year = settle(alpha, "gain_share", {"gain_share": 0.3}, unit_cost=1.1)
    assert year["profit"] == pytest.approx(120_000 - 0.3 * 88_000, abs=0.01)
    assert year["payment"] == pytest.approx(968_000 + 93_600, abs=0.01)


def test_credits_grow_with_points_missed_up_to_their_cap(alpha):
    terms = {"penalty_rate": 0.02, "penalty_cap_share": 0.05}
    for points, credit in ((1.0, 0), (0.0, 0), (-1.0, 20_000), (-2.5, 50_000), (-9.0, 50_000)):
        assert settle(alpha, "fixed_price", terms, service=points)["credit"] == pytest.approx(credit)


def test_outcome_fees_follow_service_both_ways(alpha):
    for points, outcome in ((5.0, 150_000), (-5.0, -150_000), (-50.0, -300_000)):
        assert settle(alpha, "outcome_based", service=points)["outcome"] == pytest.approx(outcome)


def test_a_frozen_price_keeps_inflation_with_the_provider(alpha):
    assert settle(alpha, "fixed_price", {"indexation_share": 0.0}, inflation=1.1)["payment"] == pytest.approx(1_000_000)


def test_terms_flow_down_to_subcontractors_for_their_part_of_the_work(alpha):
    terms = {"subcontracted_share": 0.4, "flow_down_share": 0.5, "penalty_rate": 0.05, "penalty_cap_share": 1.0}
    year = settle(alpha, "fixed_price", terms, service=-2.0)
    # a credit of 100,000: a fifth of it is passed on
    assert year["credit"] == pytest.approx(100_000)
    assert year["subcontractor_receipts"] == pytest.approx(0.4 * 880_000 - 20_000)
    assert year["profit"] == pytest.approx(120_000 - 80_000)


@examples(60)
@given(
    form=st.sampled_from(FORMS), effort=st.floats(0, 1), price=st.floats(1, 1e8), seed=st.integers(0, 99),
    shares=st.fixed_dictionaries(
        {name: st.floats(0, 1) for name in ("gain_share", "penalty_rate", "penalty_cap_share", "outcome_share",
         "profit_share", "subcontracted_share", "flow_down_share", "indexation_share", "volume_band_share",
         "volume_floor_share", "extra_charge_ratio", "reduced_credit_ratio")}
    ),
)  # fmt: skip
def test_what_the_buyer_pays_others_receive_cent_for_cent(alpha, ranges, form, effort, price, seed, shares):
    deal = DEAL | {"price_per_year": price, "should_cost_per_year": 0.9 * price}
    outcomes = draw_outcomes(ranges, draws=50, seed=seed)
    year = settle_year(form, deal, find_terms(alpha, "", form) | shares, outcomes, effort)

    def count_cents(name: str) -> np.ndarray:
        return np.round(100 * year[name]).astype(int)

    assert (count_cents("payment") == count_cents("provider_receipts") + count_cents("subcontractor_receipts")).all()
    parts = count_cents("base_fee") - count_cents("gain") + count_cents("outcome") - count_cents("credit")
    assert (count_cents("payment") == parts - count_cents("dividend")).all()


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 1.0])
def test_effort_grows_with_the_share_the_provider_keeps(alpha, share):
    # Holmstrom and Milgrom (1987): a linear share and quadratic cost make share x saving / (2 x cost) the best effort
    outcomes = draw_flat(effort_saving=0.1, effort_cost=0.0625)
    terms = find_terms(alpha, "", "gain_share") | {"gain_share": share, "renewal_margin_years": 0.0}
    best, wanted = find_best_effort("gain_share", DEAL, terms, outcomes)
    assert best == pytest.approx(share * 0.1 / (2 * 0.0625), abs=0.025)  # half a step of the grid
    assert wanted == pytest.approx(0.8)


def test_paying_for_inputs_buys_no_effort_and_renewal_buys_some(alpha):
    outcomes = draw_outcomes(list_ranges(alpha))
    table = compare_contracts(alpha, DEAL, outcomes).set_index("contract_form")
    assert table.loc["time_and_materials", "best_effort"] == 0.0
    assert not table.loc["time_and_materials", "is_aligned"]
    assert table.loc["fixed_price", "best_effort"] > 0.5
    plain = find_terms(alpha, "", "time_and_materials")
    assert find_best_effort("time_and_materials", DEAL, plain | {"renewal_margin_years": 5.0}, outcomes)[0] > 0


def test_risks_lie_where_the_form_puts_them(alpha):
    table = compare_contracts(alpha, DEAL, draw_outcomes(list_ranges(alpha))).set_index("contract_form")
    assert table.loc["fixed_price", "unit_cost_with_buyer"] == pytest.approx(0)
    assert table.loc["gain_share", "unit_cost_with_buyer"] == pytest.approx(0.5)
    assert table.loc["time_and_materials", "unit_cost_with_buyer"] == pytest.approx(1 / 1.12, abs=0.02)
    shares = table[[name for name in table if name.endswith("_with_buyer")]]
    assert ((shares >= -1e-9) & (shares <= 1 + 1e-9)).all().all()


def draw_two_costs() -> pd.DataFrame:
    """Two outcomes as planned, but that the work costs a tenth less or a tenth more."""
    return pd.concat([draw_flat(unit_cost=0.9), draw_flat(unit_cost=1.1)], ignore_index=True)


def compare(case, deal: dict, share: float = 0.3) -> pd.DataFrame:
    return compare_contracts(case, deal, draw_two_costs(), premium_share=share).set_index("contract_form")


def test_a_form_that_moves_risk_to_the_provider_costs_a_premium(alpha):
    # paid by the hour it earns 120,000 on average, 12,000 either way; at a fixed price 88,000 either way: it signs
    # where P - 880,000 - 0.3 x 88,000 = 120,000 - 0.3 x 12,000
    table = compare(alpha, DEAL)
    assert table.loc["time_and_materials", "price"] == pytest.approx(1_000_000)
    assert table.loc["fixed_price", "price"] == pytest.approx(1_022_800)
    assert table.loc["fixed_price", "risk_premium"] == pytest.approx(0.3 * (88_000 - 12_000))
    assert table.loc["fixed_price", "buyer_gain"] == pytest.approx(-22_800) and not table["is_win_win"].any()
    # it bears half of what cost departs by
    assert table.loc["gain_share", "price"] == pytest.approx(1_000_000 + 0.3 * (44_000 - 12_000))
    assert table["certain_profit"].to_numpy() == pytest.approx(116_400)
    # who asks nothing for risk signs each form at the same price
    assert compare(alpha, DEAL, 0.0)["price"].drop("joint_venture").to_numpy() == pytest.approx(1_000_000)


def test_the_price_is_that_of_the_deals_own_form(alpha):
    table = compare(alpha, DEAL | {"contract_form": "fixed_price"})
    assert table.loc["fixed_price", "price"] == pytest.approx(1_000_000)
    # m of cost: 880,000 m - 0.3 x 88,000 m = 120,000 - 0.3 x 88,000
    margin = 93_600 / (880_000 - 26_400)
    assert table.loc["time_and_materials", "price"] == pytest.approx(880_000 * (1 + margin))
    assert table.loc["time_and_materials", "risk_premium"] == 0 > table.loc["gain_share", "risk_premium"] - 1e5


def test_no_form_is_signed_below_the_floor(alpha):
    table = compare(alpha, DEAL | {"should_cost_per_year": 990_000.0})
    hourly = 990_000 / 0.95
    assert table.loc["time_and_materials", "price"] == pytest.approx(hourly)
    wanted = (hourly - 990_000) * (1 - 0.3 * 0.1)
    assert table.loc["fixed_price", "price"] == pytest.approx(990_000 + wanted + 0.3 * 99_000)
    assert table["walks_away"].all() and (table["margin"] >= 0.05 - 1e-9).all()


def test_a_joint_venture_pays_for_its_capital(bench, alpha):
    dear = bench.change(alpha, "units", {}, discount_rate=0.1)
    row = compare(dear, DEAL).loc["joint_venture"]
    # half of P - 880,000, of 0.3 x 88,000 and of a tenth of a quarter of P is the provider's: 116,400 is wanted
    price = (116_400 + 440_000 + 13_200) / (0.5 - 0.0125)
    assert row["price"] == pytest.approx(price) and row["capital_charge"] == pytest.approx(0.0125 * price)
    assert row["buyer_cost"] == pytest.approx(price - 0.5 * (price - 880_000) + 0.0125 * price)
    whole = bench.add(dear, "contracts", {"contract": "all_ours", "profit_share": 1.0})
    row = compare(whole, DEAL | {"contract_form": "joint_venture", "contract": "all_ours"}).loc["joint_venture"]
    assert np.isinf(row["price"]) and row["walks_away"]


@examples(20)
@given(shares=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted), seed=st.integers(0, 20))
def test_a_provider_that_minds_risk_more_never_takes_it_on_for_less(alpha, ranges, shares, seed):
    outcomes = draw_outcomes(ranges, draws=60, seed=seed)
    less, more = (compare_contracts(alpha, DEAL, outcomes, ("fixed_price",), share).iloc[0] for share in shares)
    assert less["price"] <= more["price"] + 1e-3


def test_volume_outside_the_band_costs_its_extra_charge_or_earns_its_credit(alpha):
    terms = {"volume_band_share": 0.1, "extra_charge_ratio": 0.9, "reduced_credit_ratio": 0.5}
    # a band of a tenth: a fifth above it at 90 % of the price a unit, a fifth below at half of it
    for volume, payment in ((1.1, 1_000_000), (0.9, 1_000_000), (1.3, 1_180_000), (0.7, 900_000)):
        assert settle(alpha, "fixed_price", terms, volume=volume)["payment"] == pytest.approx(payment)
    # where none is agreed, the variable part of cost: three quarters
    assert settle(alpha, "fixed_price", {"volume_band_share": 0.1}, volume=1.3)["payment"] == pytest.approx(1_150_000)


def test_the_win_win_zone_begins_where_the_share_is_worth_the_effort(alpha):
    outcomes = draw_outcomes(list_ranges(alpha), draws=400)
    thin = DEAL | {"should_cost_per_year": 930_000.0}
    zones = map_win_win(alpha, thin, outcomes, (0.0, 0.3, 0.6, 1.0), (0.0, 0.02, 0.1), premium_share=0.0)
    named = zones.set_index(["gain_share", "penalty_rate"])["zone"]
    assert named[0.6, 0.0] == "both better off"
    assert named[0.0, 0.02] == "only the buyer"
    both = zones[zones["zone"] == "both better off"]
    assert (both[["buyer_gain", "provider_gain"]] > 0).all().all() and (both["margin"] >= 0.05).all()
    # more of the gain for the provider is never less for it
    gains = zones.pivot(index="gain_share", columns="penalty_rate", values="provider_gain")
    assert (gains.diff().dropna() > -1e-6).all().all()
    # the buyer gains most where the share just buys the effort, not where it gives all of the saving away
    ours = zones[zones["penalty_rate"] == 0.0].set_index("gain_share")["buyer_gain"]
    assert ours[1.0] < ours[0.6]
    # a provider that minds its risk gains less wherever it bears more of it than by the hour
    minding = map_win_win(alpha, thin, outcomes, (0.0, 0.3, 0.6, 1.0), (0.0, 0.02, 0.1), premium_share=0.3)
    assert (minding["provider_gain"] < zones["provider_gain"])[zones["gain_share"] > 0].all()
    np.testing.assert_allclose(minding["buyer_gain"], zones["buyer_gain"])


def test_a_harsher_penalty_drives_a_thin_provider_away(alpha):
    thin = DEAL | {"should_cost_per_year": 930_000.0}
    outcomes = draw_outcomes(list_ranges(alpha), draws=400)
    zones = map_win_win(alpha, thin, outcomes, (0.0, 1.0), (0.0, 0.05, 0.2))
    walk = find_walk_away(zones).set_index("gain_share")["walk_away_rate"]
    assert 0 < walk[0.0] <= 0.2
    assert walk[1.0] >= walk[0.0]


def test_a_form_of_the_case_takes_the_terms_of_its_contract(bench, alpha):
    case = bench.add(alpha, "contracts", {"contract": "bold", "gain_share": 0.8, "profit_share": 0.0})
    assert find_terms(case, "bold", "gain_share")["gain_share"] == 0.8
    assert find_terms(case, "", "gain_share")["gain_share"] == 0.5
    with pytest.raises(InputError, match="row of contracts"):
        find_terms(case, "shy", "gain_share")
    with pytest.raises(InputError, match="contract form must be known"):
        find_terms(case, "", "handshake")


def test_outcomes_are_the_same_for_the_same_seed_and_lie_in_their_ranges(bench, alpha):
    ranges = list_ranges(alpha)
    drawn = draw_outcomes(ranges)
    pd.testing.assert_frame_equal(drawn, draw_outcomes(ranges))
    assert (drawn.min() >= ranges["low"] - 1e-12).all() and (drawn.max() <= ranges["high"] + 1e-12).all()
    # mean of a triangle: a third of the sum of its corners
    wanted = ranges[["low", "likely", "high"]].astype(float).sum(axis=1) / 3
    spread = (ranges["high"] - ranges["low"]).astype(float)
    assert ((drawn.mean() - wanted).abs() <= 0.02 * spread + 1e-12).all()
    own = bench.add(alpha, "ranges", {"figure": "volume", "low": 0.5, "likely": 1.0, "high": 2.0, "source": "plan"})
    again = draw_outcomes(list_ranges(own))
    assert again["volume"].max() > 1.3
    pd.testing.assert_series_equal(again["service"], drawn["service"])


def test_a_range_out_of_order_or_of_no_figure_is_refused(bench, alpha):
    with pytest.raises(CaseError):
        bench.add(alpha, "ranges", {"figure": "volume", "low": 2.0, "likely": 1.0, "high": 3.0})
    with pytest.raises(CaseError, match="wanted one of wages, prices"):
        bench.add(alpha, "ranges", {"figure": "volumes", "low": 1.0, "likely": 1.0, "high": 1.0})


def test_without_spread_the_range_of_cash_is_the_stated_cash(alpha):
    flat = list_ranges(alpha, use_ranges=False)
    today = pd.DataFrame({"year": [1, 2], "line": "labor", "amount": [100.0, 110.0]})
    plan = pd.DataFrame({"year": [1, 1, 2], "line": ["price", "transition", "price"], "amount": [70.0, 9.0, 75.0]})
    table = range_cash(plan, today, weigh_outcomes(flat, draw_outcomes(flat, draws=10)))
    for column in ("low", "middle", "high"):
        np.testing.assert_allclose(table[column], table["stated"])
    assert table["stated"].tolist() == [100.0, 110.0, 79.0, 75.0]
    ranges = list_ranges(alpha)
    wide = range_cash(plan, today, weigh_outcomes(ranges, draw_outcomes(ranges)))
    assert (wide["low"] < wide["middle"]).all() and (wide["middle"] < wide["high"]).all()
