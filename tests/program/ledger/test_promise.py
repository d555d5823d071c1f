"""What a run promises: its months are the plan's own figures."""

from __future__ import annotations

import pytest

from sourcing.decide import STATES, spread_states
from sourcing.program import list_promise
from sourcing.value import SHARED


@pytest.mark.parametrize("unit", ["alpha", "beta", "retail", "telecom"])
def test_months_sum_to_the_yearly_cash_of_plan_and_of_today(shipped, unit):
    decision = shipped(unit)
    promise, cash = list_promise(decision), spread_states(decision)
    yearly = cash.assign(year=(cash["quarter"] - 1) // 4).groupby(["state", "year"])["amount"].sum()
    months = sorted(promise["month"].unique())
    at = promise["month"].map({month: number // 12 for number, month in enumerate(months)})
    assert len(months) == 12 * int(decision.case.unit["horizon_years"])
    for state, column in zip(STATES, ("as_is", "cost"), strict=True):
        found = promise[column].groupby(at).sum()
        assert found.tolist() == pytest.approx(yearly[state].reindex(found.index, fill_value=0.0).tolist(), abs=1e-4)


def test_the_parts_of_each_process_are_its_own_cash(shipped):
    decision = shipped("retail")
    promise, cash = list_promise(decision), spread_states(decision)
    planned = cash[cash["state"] == STATES[1]].groupby("process")["amount"].sum()
    found = promise.groupby("process")["cost"].sum()
    assert set(found.index) == set(planned.index)
    assert found.to_dict() == pytest.approx(planned.reindex(found.index).to_dict(), abs=1e-4)
    live = promise[promise["process"] != SHARED].groupby(["process", "month"])["live"].sum()
    assert live.tolist() == pytest.approx([1.0] * len(live))


def test_alpha_promises_what_its_page_works_by_hand(promised):
    table = promised.promise.set_index(["process", "option", "month"])
    # help desk: 800,000 a year until the end of March, then 600,000 and a tenth of it for governance; 40,000 to move
    january, april = (
        ("help_desk", option, f"2025-{month}-01") for option, month in (("stay", "01"), ("provider", "04"))
    )
    assert table.loc[january, "cost"] == pytest.approx(800_000 / 12)
    assert table.loc[("help_desk", "provider", "2025-01-01"), "one_off"] == pytest.approx(40_000 / 3)
    assert table.loc[april, ["rate", "beside", "cost"]].tolist() == pytest.approx([50_000, 5_000, 55_000])
    # research stays: 8 heads at 100,000
    assert table.loc[("research", "stay", "2026-12-01"), ["heads", "rate", "cost"]].tolist() == pytest.approx(
        [8, 100_000 / 12, 800_000 / 12]
    )


def test_todays_factors_stand_for_the_whole_horizon_so_that_a_delay_has_a_price(promised):
    rows = promised.promise.query("process == 'help_desk' and option == 'stay' and month >= '2025-04-01'")
    assert (rows["live"] == 0).all()
    assert (rows["cost"] == 0).all()
    assert (rows["heads"] * rows["rate"]).tolist() == pytest.approx([800_000 / 12] * len(rows))


def test_own_staff_abroad_is_paid_in_the_money_of_its_country(shipped):
    decision = shipped("retail")
    promise = list_promise(decision)
    rows = promise.query("process == 'benefits' and option == 'captive'")
    assert (rows["exchange_rate"] < 0.06).all()  # dollars for a peso
    assert rows["exchange_rate"].is_monotonic_decreasing  # it loses 2 % a year
    home = promise.query("process == 'billing' and option == 'stay'")
    assert (home["exchange_rate"] == 1.0).all()
