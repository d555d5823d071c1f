"""Waiting a wave, against every plan of a tiny unit by plain sums."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from sourcing.uncertainty import choose_in_futures, draw_futures, price_waiting

RESOLVED = 60


@pytest.fixture(scope="module")
def waves(alpha):
    """Alpha with two waves half a year apart."""
    rows = [
        {"business_unit": "alpha", "wave": wave, "start": start, "knowledge_transfer_hours": 1e6}
        for wave, start in ((1, "2025-01-01"), (2, "2025-07-01"))
    ]
    return alpha.replace(calendar=pd.DataFrame(rows))


def list_plans(decision, waits):
    """Give the rows of every plan that keeps the two rules of alpha, with or without moves of the first wave."""
    table = decision.alternatives.reset_index(drop=True)
    is_open = (table["barred_by"] == "") & ((table["wave"] != 1) | (not waits))
    for chosen in itertools.product(*(rows.index for _, rows in table[is_open].groupby("process"))):
        rows = table.loc[list(chosen)]
        moved = rows.loc[rows["owner_type"] != "own", "moved_fte"].sum()
        if moved <= 20 and rows["one_off_cost"].sum() <= 200_000:
            yield list(chosen)


def test_waiting_is_worth_what_the_plans_say_that_wait(waves, decide):
    decision = decide(waves, use_ranges="yes")
    futures = draw_futures(decision, 500)
    table = price_waiting(choose_in_futures(futures, RESOLVED))
    cost = decision.alternatives["cost"].to_numpy(float)
    drawn = cost + futures.cash[:RESOLVED] - decision.alternatives["cash_cost"].to_numpy(float)
    late = list(list_plans(decision, waits=True))
    delayed = min(late, key=lambda rows: cost[rows].sum())
    now = min(cost[rows].sum() for rows in list_plans(decision, waits=False))
    best = np.min([drawn[:, rows].sum(axis=1) for rows in late], axis=0)
    assert table.loc[0, "delay"] == pytest.approx(cost[delayed].sum() - now)
    assert table.loc[0, "known"] == pytest.approx((drawn[:, delayed].sum(axis=1) - best).mean(), abs=0.01)
    assert table["net"].to_numpy() == pytest.approx((table["known"] - table["delay"]).to_numpy())
    # payroll alone: 948,508 in the second wave against 882,429 in the first
    assert table.set_index("process").at["payroll", "delay"] == pytest.approx(66_079.17, abs=0.01)


def test_waiting_pays_where_coming_later_costs_little_and_much_can_be_learned(waves, decide):
    ranges = [{"business_unit": "alpha", "figure": "prices", "low": 0.1, "likely": 1.0, "high": 1.9}]
    decision = decide(waves.replace(ranges=pd.DataFrame(ranges)), use_ranges="yes")
    table = price_waiting(choose_in_futures(draw_futures(decision, 500), RESOLVED))
    assert table["net"].max() > 0


def test_a_unit_without_waves_cannot_wait(alpha, decide):
    assert price_waiting(choose_in_futures(draw_futures(decide(alpha), 50), 5)).empty


def test_waiting_that_a_rule_forbids_is_not_priced(waves, decide):
    """Payroll must move in the first wave, so that no plan waits."""
    rule = {"rule": "payroll must go first", "business_unit": "alpha", "measure": "count",
            "where": "process == 'payroll' and wave == 1", "sense": ">=", "limit": 1.0}  # fmt: skip
    rules = pd.concat([waves.rules, pd.DataFrame([rule])], ignore_index=True)
    decision = decide(waves.replace(rules=rules), use_ranges="yes")
    first = price_waiting(choose_in_futures(draw_futures(decision, 50), 5)).iloc[0]
    assert np.isinf(first["delay"])
    assert np.isnan(first["known"])
