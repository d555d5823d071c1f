"""Leakage: parts sum to the whole, whatever the order, and each planted cause is found."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing import load_case
from sourcing.program import CAUSES, open_ledger, split_leakage
from sourcing.program.ledger.alignment import align_actuals
from sourcing.program.ledger.leakage import FACTORS
from sourcing.program.ledger.shapley import split_change
from tests.conftest import TINY, examples

ALPHA = load_case(TINY, "alpha")
MONTHS = [f"2025-{month:02d}-01" for month in range(1, 13)]


def sum_causes(ledger):
    return ledger.leakage.groupby("cause")["amount"].sum()


def find(ledger, **expected):
    found = {cause: round(float(amount), 4) for cause, amount in sum_causes(ledger).items() if abs(amount) > 1e-4}
    assert found == pytest.approx(expected)


def test_two_factors_share_what_they_did_together():
    parts = split_change(
        lambda at: at["heads"] * at["wage"],
        {"heads": np.array([10.0]), "wage": np.array([5.0])},
        {"heads": np.array([12.0]), "wage": np.array([6.0])},
    )  # 72 - 50 = 22: 2 x 5 and 10 x 1 alone, and half of 2 x 1 each
    assert parts["heads"].tolist() == [11.0]
    assert parts["wage"].tolist() == [11.0]


@given(st.lists(st.floats(-10, 10), min_size=8, max_size=8))
@examples(50)
def test_parts_sum_to_the_whole_in_any_order(numbers):
    before = {name: np.array([number]) for name, number in zip("abcd", numbers[:4], strict=True)}
    after = {name: np.array([number]) for name, number in zip("abcd", numbers[4:], strict=True)}

    def price(at):
        return at["a"] * at["b"] + at["c"] * np.maximum(at["a"], at["d"])

    first = split_change(price, before, after)
    assert sum(part[0] for part in first.values()) == pytest.approx((price(after) - price(before))[0], abs=1e-9)
    for order in permutations("abcd"):
        again = split_change(price, {name: before[name] for name in order}, {name: after[name] for name in order})
        assert {name: part[0] for name, part in again.items()} == pytest.approx(
            {name: part[0] for name, part in first.items()}, abs=1e-9
        )


def perhaps(low, high):
    """A cell that is empty, or holds a number as people write them."""
    return st.one_of(st.none(), st.integers(100 * low, 100 * high).map(lambda number: number / 100))


cells = st.fixed_dictionaries(
    {
        "volume": st.integers(0, 300).map(lambda number: number / 100),
        "price": perhaps(0, 10**6),
        "heads": perhaps(0, 60),
        "wage": perhaps(0, 10**6),
        "exchange_rate": st.one_of(st.none(), st.sampled_from([0.5, 0.97, 1.0, 1.3])),
        "other_running_cost": perhaps(-(10**5), 10**5),
        "retained_heads": perhaps(0, 5),
        "retained_cost": perhaps(0, 10**5),
        "one_off_cost": perhaps(0, 10**5),
        "scope_cost": perhaps(0, 10**5),
        "invoice_amount": perhaps(0, 10**6),
        "credits_received": st.sampled_from([0, 125.5]),
        "cost": perhaps(0, 10**6),
    }
)
OPTIONS = [
    ("help_desk", "stay"), ("help_desk", "provider"), ("payroll", "shared"), ("payroll", "stay"),
    ("payroll", "provider"), ("research", "stay"),
]  # fmt: skip
reported = st.lists(
    st.tuples(st.sampled_from(OPTIONS), st.sampled_from(MONTHS), cells),
    min_size=1,
    max_size=8,
    unique_by=lambda each: each[:2],
)


@given(came=reported, order=st.permutations(list(FACTORS)))
@examples(100)
def test_on_random_actuals_the_parts_always_sum_in_any_order_of_the_causes(promised, came, order):
    table = pd.DataFrame(
        [{"business_unit": "alpha", "process": keys[0], "option": keys[1], "month": month, **cells}
         for keys, month, cells in came]
    )  # fmt: skip
    aligned = align_actuals(promised, ALPHA.replace(actuals=table).actuals)
    leakage, again = split_leakage(aligned), split_leakage(aligned, order)
    assert set(leakage["cause"]) == set(CAUSES)
    months = aligned.months.set_index(["process", "month"])
    whole = months["actual"] - months["promised"]
    summed = leakage.groupby(["process", "month"])["amount"].sum()
    assert summed.reindex(whole.index).tolist() == pytest.approx(whole.tolist(), abs=1e-4, rel=1e-9)
    assert again["amount"].tolist() == pytest.approx(leakage["amount"].tolist(), abs=1e-4, rel=1e-9)


def test_each_cause_by_itself_is_what_it_cost(promised, report):
    stay = {"heads": 8, "wage": 100_000}  # research as promised: 66,666.67 a month
    month = "2025-05-01"
    find(open_ledger(promised, report([("research", month, "stay", stay)])))
    find(open_ledger(promised, report([("research", month, "stay", {**stay, "wage": 103_000})])), rate=2_000)
    find(open_ledger(promised, report([("research", month, "stay", {**stay, "heads": 9})])), productivity=8_333.3333)
    grown = {"heads": 8.8, "wage": 100_000, "volume": 1.1}
    find(open_ledger(promised, report([("research", month, "stay", grown)])), volume=6_666.6667)
    kept = {**stay, "retained_heads": 1, "retained_cost": 5_000}
    find(open_ledger(promised, report([("research", month, "stay", kept)])), retained_staff=5_000)
    told = {**stay, "scope_cost": 700, "one_off_cost": 300, "credits_received": 50, "other_running_cost": 20}
    find(open_ledger(promised, report([("research", month, "stay", told)])), scope=700, one_off=300, credits=-50,
         other_running=20)  # fmt: skip
    booked = {**stay, "cost": 67_000}
    find(open_ledger(promised, report([("research", month, "stay", booked)])), unexplained=333.3333)


def test_a_delay_costs_what_today_costs_more_and_shares_with_a_wage(promised, report):
    # promised for May: 55,000 with DeskCo; today's delivery costs 66,666.67
    late = report([("help_desk", "2025-05-01", "stay", {"heads": 20, "wage": 40_000})])
    find(open_ledger(promised, late), delay=11_666.6667)
    dearer = report([("help_desk", "2025-05-01", "stay", {"heads": 20, "wage": 42_000})])
    find(open_ledger(promised, dearer), delay=13_333.3333, rate=1_666.6667)  # half of 3,333 each


def test_a_month_with_two_options_is_split_by_volume(promised, report):
    half = report(
        [
            ("help_desk", "2025-05-01", "stay", {"heads": 10, "wage": 40_000, "volume": 0.5}),
            ("help_desk", "2025-05-01", "provider", {"price": 50_000, "volume": 0.5, "other_running_cost": 2_500}),
        ]
    )
    find(open_ledger(promised, half), delay=11_666.6667 / 2)


def test_invoice_errors_are_what_is_billed_beyond_price_volume_and_extra_work(promised, report):
    cells = {"price": 51_000, "scope_cost": 400, "invoice_amount": 52_000, "other_running_cost": 5_000}
    case = report([("help_desk", "2025-05-01", "provider", cells)])
    find(open_ledger(promised, case), rate=1_000, scope=400, invoice_errors=600)


def test_an_option_that_was_not_promised_is_extra_work(promised, report):
    case = report([("payroll", "2025-09-01", "provider", {"price": 25_000, "cost": 25_000, "volume": 1})])
    ledger = open_ledger(promised, case)
    causes = sum_causes(ledger)
    assert causes["scope"] == pytest.approx(25_000)
    assert causes.sum() == pytest.approx(25_000 - 400_000 / 12)
    assert "an option that was not promised: all of it is extra work" in set(ledger.told["what"])


def test_what_is_missing_is_told_and_never_silently_guessed(promised, report):
    ledger = open_ledger(
        promised, report([("research", "2025-02-01", "stay", {}), ("payroll", "2025-01-01", "stay", {"heads": 10})])
    )
    told = {(row["process"], row["what"]): row["taken"] for row in ledger.told.to_dict("records")}
    assert told["research", "heads"] == told["research", "wage"] == told["research", "volume"] == "as promised"
    assert told["payroll", "one-off cost"] == "as promised"
    assert told["help_desk", "nothing was reported"] == "left out"
    assert told["research", "cost in the books"] == "the sum of its parts"
    assert ("payroll", "heads") not in told
    assert ledger.leakage["amount"].abs().max() < 1e-6


def test_a_month_beyond_the_horizon_is_told_and_left_out(promised, report):
    case = report([("research", month, "stay", {"heads": 9, "wage": 1.0}) for month in ("2026-12-01", "2027-01-01")])
    ledger = open_ledger(promised, case)
    assert len(ledger.months) == 1
    assert "a month or process that the baseline does not hold" in set(ledger.told["what"])
