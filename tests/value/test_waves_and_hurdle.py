from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sourcing import Case, Policy, settle
from sourcing.assess import map_postures, score_indices
from sourcing.value import build_alternatives, list_offers, price_flows, price_hurdle, spread_cash


def with_waves(case: Case, *months: int) -> Case:
    first = pd.Timestamp(year=int(case.unit["price_year"]), month=1, day=1)
    rows = [
        {"business_unit": case.unit["business_unit"], "wave": k + 1, "start": first + pd.DateOffset(months=each)}
        for k, each in enumerate(months)
    ]
    return case.replace(calendar=pd.DataFrame(rows))


def build(case: Case) -> pd.DataFrame:
    policy, outlook = settle(case)
    return build_alternatives(case, map_postures(score_indices(case), policy), policy, outlook)


def list_of(case: Case) -> tuple[pd.DataFrame, Policy]:
    policy, _ = settle(case)
    return list_offers(case, map_postures(score_indices(case), policy), policy), policy


def test_each_move_has_a_row_per_wave_and_what_stays_has_one(alpha):
    plain, waved = build(alpha), build(with_waves(alpha, 0, 3, 6))
    moves = int((~plain["is_as_is"]).sum())
    assert len(waved) == len(plain) - moves + 3 * moves
    assert not waved.duplicated(["process", "option", "wave"]).any()


def test_a_wave_shifts_go_live_and_pays_today_until_then(beta):
    table = build(with_waves(beta, 0, 3)).set_index(["process", "option", "wave"])
    one, two = table.loc[("collections", "provider", 1)], table.loc[("collections", "provider", 2)]
    assert two["go_live_months"] == one["go_live_months"] + 3
    # a quarter of a year more of 200 today, a quarter less of 140 and its 10 % governance
    assert two["cash_cost"] - one["cash_cost"] == pytest.approx(50_000 - 35_000 - 3_500)


def test_transition_and_investment_are_paid_from_the_wave_on(alpha):
    invested = alpha.options.assign(investment=np.where(alpha.options["option"] == "shared", 7.0, 0.0))
    case = with_waves(alpha.replace(options=invested), 6)
    offers, policy = list_of(case)
    flows = price_flows(offers, case.unit, policy)
    moved = (offers["option"] == "shared").to_numpy()
    assert (flows["transition"][moved, :2] == 0).all()
    assert flows["transition"][moved].sum() == pytest.approx(
        (offers["transition_cost"] * offers["stretch"])[moved].sum()
    )
    assert (flows["investment"][moved, 2] == 7.0).all()
    assert flows["investment"].sum() == pytest.approx(7.0 * moved.sum())


def test_quarters_of_every_wave_sum_to_its_cash_cost(alpha):
    case = with_waves(alpha, 0, 6)
    policy, _ = settle(case)
    offers = list_offers(case, map_postures(score_indices(case), policy), policy)
    paid = spread_cash(offers, case.unit, policy)
    sums = paid.groupby(["process", "option", "wave"])["amount"].sum()
    cash = build(case).set_index(["process", "option", "wave"])["cash_cost"]
    pd.testing.assert_series_equal(sums.sort_index(), cash.sort_index(), check_names=False)


def test_a_move_that_a_late_wave_carries_past_the_horizon_is_barred(alpha):
    table = build(with_waves(alpha, 0, 21))
    late = table[(table["wave"] == 2) & (table["go_live_months"] >= 24)]
    assert len(late)
    assert late["barred_by"].str.contains("goes live after the horizon").all()


def test_hurdle_takes_the_smaller_or_the_larger_on_moves_only(alpha):
    offers, _ = list_of(alpha)
    today = (offers["today_labor"] + offers["today_price"]).to_numpy()
    moves = ~offers["is_as_is"].to_numpy()
    both = {"hurdle_share": 0.2, "hurdle_sum": 120_000.0}
    for takes, pick in (("smaller", np.minimum), ("larger", np.maximum)):
        hurdle = price_hurdle(offers, Policy(**both, hurdle_takes=takes))
        assert hurdle == pytest.approx(np.where(moves, pick(0.2 * today, 120_000.0), 0.0))
