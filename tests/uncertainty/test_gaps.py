"""What the parties expect differently, worked by hand on the tiny case."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing.uncertainty import list_expectation_gaps

ONES = ("volume", "unit_cost", "inflation", "price", "prices", "wages", "one_off", "governance")
NOUGHTS = ("service", "effort_saving", "effort_cost", "effort_service", "value_lost", "invoice_errors")
FLAT = dict.fromkeys(ONES, 1.0) | dict.fromkeys(NOUGHTS, 0.0) | {"variable_cost_share": 0.75}


def expect(case, **theirs):
    rows = [("buyer", figure, value) for figure, value in FLAT.items()]
    rows += [("provider", figure, value) for figure, value in theirs.items()]
    return case.replace(
        ranges=pd.DataFrame(
            [{"business_unit": case.unit["business_unit"], "figure": figure, "party": party, "low": value,
              "likely": value, "high": value, "source": "by hand"} for party, figure, value in rows]
        )
    )  # fmt: skip


def test_a_figure_of_cash_is_worth_the_money_that_moves_with_it(alpha, decide):
    gaps = list_expectation_gaps(decide(expect(alpha, prices=1.1), use_ranges="yes")).set_index("figure")
    # the help desk outside: 600,000 a year for 21 of 24 months
    assert gaps.loc["prices", ["to_buyer", "to_provider"]].tolist() == pytest.approx([105_000, 105_000])
    assert gaps.at["prices", "basis"] == "net present value"


def test_a_figure_of_contracts_is_settled_at_what_each_expects(alpha, decide):
    gaps = list_expectation_gaps(decide(expect(alpha, volume=1.2), use_ranges="yes")).set_index("figure")
    # a price for each transaction: a fifth more of 600,000; the work costs 20 x 40,000 x 1.12, three quarters of it
    # with the volume
    assert gaps.at["volume", "to_buyer"] == pytest.approx(120_000)
    assert gaps.at["volume", "to_provider"] == pytest.approx(120_000 - 0.2 * 0.75 * 896_000)
    assert gaps.at["volume", "basis"] == "a year"


def test_without_a_range_of_the_provider_there_is_no_gap_and_the_plan_is_the_buyers(alpha, decide):
    assert list_expectation_gaps(decide(alpha)).empty
    ours, both = (decide(expect(alpha, **theirs), use_ranges="yes") for theirs in ({}, {"prices": 1.5}))
    assert ours.plan.objective == both.plan.objective
