"""What came moves the ranges of the next case, the more the more was seen."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.program import learn, open_baseline, open_ledger, save_lessons
from sourcing.program.ledger.learning import load_weights, shrink
from sourcing.value import find_means, list_ranges
from tests.conftest import examples


@pytest.fixture(scope="module")
def ranged(alpha):
    """Alpha with the ranges of money that the suite documents, and DeskCo cheap enough to be chosen at their means."""
    options = alpha.options.assign(price_per_year=alpha.options["price_per_year"].replace({600_000.0: 500_000.0}))
    return alpha.replace(policy=alpha.policy[alpha.policy["name"] != "use_ranges"], options=options)


@pytest.fixture(scope="module")
def seen(ranged, decide):
    """A year of the help desk: the move cost twice what was planned and the price 6 % more than promised."""
    baseline = open_baseline(decide(ranged))
    promise = baseline.promise.query("process == 'help_desk'").groupby("month")["one_off"].sum()
    rate = baseline.promise.query("process == 'help_desk' and option == 'provider'").set_index("month")["rate"]
    rows = []
    for number in range(1, 16):
        month = pd.Timestamp(2025 + (number - 1) // 12, (number - 1) % 12 + 1, 1)
        cells = (
            {"option": "stay", "heads": 20, "wage": 40_000, "leavers": 1}
            if number <= 3
            else {"option": "provider", "price": 1.06 * rate[month], "invoice_amount": 1.06 * rate[month],
                  "service": 0.97, "service_target": 0.98}
        )  # fmt: skip
        rows.append({"business_unit": "alpha", "process": "help_desk", "month": f"{month:%Y-%m-%d}",
                     "one_off_cost": 2 * promise[month], **cells})  # fmt: skip
    case = ranged.replace(actuals=pd.DataFrame(rows))
    return open_ledger(baseline, case), case


@given(st.floats(0, 5), st.floats(0, 100), st.floats(0, 5), st.floats(0.1, 100))
@examples(50)
def test_what_is_learned_lies_between_what_was_believed_and_what_came(observed, count, before, weight):
    after = shrink(observed, count, before, weight)
    assert min(observed, before) - 1e-9 <= after <= max(observed, before) + 1e-9
    assert shrink(observed, 0, before, weight) == pytest.approx(before)


def test_figures_are_worked_by_hand(seen):
    ledger, case = seen
    table = learn(ledger, case).table.set_index("figure")
    means, weights = find_means(list_ranges(case)), load_weights()["weight"]
    prices = table.loc["prices"]
    assert prices["seen"] == pytest.approx(1.0)  # twelve months of one process
    assert prices["observed"] == pytest.approx(1.06 * means["prices"])
    assert prices["after"] == pytest.approx(means["prices"] * (1.06 + weights["prices"]) / (1 + weights["prices"]))
    assert table.at["one_off", "observed"] == pytest.approx(2 * means["one_off"])
    assert table.at["one_off", "after"] == pytest.approx(means["one_off"] * (2 + 6) / 7)
    assert table.at["service", "observed"] == pytest.approx(-1)
    assert table.at["invoice_errors", "observed"] == pytest.approx(0.0, abs=1e-9)
    # three people of 60 head-months left: 0.6 a year, 0.41 beyond the ordinary 0.19
    assert table.at["attrition", "observed"] == pytest.approx(0.41)
    assert table.at["attrition", "after"] == pytest.approx(0.41 * 5 / 55)
    assert table.at["transition", "observed"] == pytest.approx(1.0, abs=0.02)


def test_ranges_keep_their_shape_and_stand_before_and_after(seen):
    ledger, case = seen
    lessons = learn(ledger, case)
    row = lessons.ranges.set_index("figure").loc["one_off"]
    assert row[["low_before", "likely_before", "high_before"]].tolist() == [0.9, 1.1, 1.7]
    assert row[["low", "likely", "high"]].tolist() == pytest.approx([0.9 * 8 / 7, 1.1 * 8 / 7, 1.7 * 8 / 7])
    moved = list_ranges(lessons.case)
    assert find_means(moved)["one_off"] == pytest.approx(lessons.table.set_index("figure").at["one_off", "after"])
    assert moved.at["one_off", "source"].startswith("learned from 1 ")
    assert moved.at["one_off", "correlation_group"] == list_ranges(case).at["one_off", "correlation_group"]


def test_a_cause_that_came_as_promised_teaches_nothing(ranged, decide):
    baseline = open_baseline(decide(ranged))
    own = {"business_unit": "alpha", "process": "research", "option": "stay", "heads": 8}
    rates = baseline.promise.query("process == 'research'")["rate"][:6]
    rows = [{**own, "month": f"2025-0{month}-01", "wage": 12 * rate} for month, rate in enumerate(rates, start=1)]
    case = ranged.replace(actuals=pd.DataFrame(rows))
    table = learn(open_ledger(baseline, case), case).table
    assert table["after"].tolist() == pytest.approx(table["before"].tolist())


def test_planning_again_takes_what_was_learned(seen, decide):
    ledger, case = seen
    lessons = learn(ledger, case)
    before, after = decide(case), decide(lessons.case)
    assert after.plan.status == "optimal"
    one, other = (decision.alternatives.set_index(["process", "option"]) for decision in (before, after))
    key = ("help_desk", "provider")
    assert other.at[key, "cost_price"] / one.at[key, "cost_price"] == pytest.approx((1.06 + 4) / 5)
    assert other.at[key, "cost_transition"] / one.at[key, "cost_transition"] == pytest.approx(8 / 7, rel=1e-3)


def test_lessons_are_written_beside_the_case(seen, tmp_path):
    ledger, case = seen
    assert save_lessons(learn(ledger, case), tmp_path / "learned") == ["lessons.csv", "ranges_before_after.csv"]
    assert len(pd.read_csv(tmp_path / "learned" / "lessons.csv")) == len(learn(ledger, case).table)
