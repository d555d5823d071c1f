"""Suggestions are weighed, accepted ones enter the next baseline, commitments are tracked."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing.program import open_baseline, open_ledger, weigh_suggestions

OWN = {"business_unit": "alpha", "process": "help_desk", "from_whom": "DeskCo", "what": "Answer by chat"}


def suggest(alpha, *rows):
    return alpha.replace(suggestions=pd.DataFrame([{**OWN, **row} for row in rows]))


def test_a_suggestion_is_worth_its_saving_after_risk_less_its_cost(alpha):
    case = suggest(
        alpha,
        {"suggestion": "sure", "starts": "2025-07-01", "cost": 9_000, "benefit_per_year": 12_000, "status": "open"},
        {"suggestion": "risky", "starts": "2025-07-01", "cost": 9_000, "benefit_per_year": 12_000, "risk_share": 0.5,
         "status": "open"},
        {"suggestion": "late", "starts": "2030-01-01", "cost": 9_000, "benefit_per_year": 12_000, "status": "open"},
        {"suggestion": "done", "starts": "2025-01-01", "cost": 0, "benefit_per_year": 12_000, "status": "done",
         "realized_per_year": 9_000},
    )  # fmt: skip
    table = weigh_suggestions(case).set_index("suggestion")
    # alpha has no discount: a year and a half of 12,000 less 9,000
    assert table.loc["sure", ["npv", "is_worth_it"]].tolist() == [pytest.approx(9_000), True]
    assert table.loc["risky", ["npv", "as_told", "is_worth_it"]].tolist() == [0.0, pytest.approx(9_000), False]
    assert table.loc["late", "npv"] == 0
    assert table.at["sure", "payback_years"] == pytest.approx(0.75)  # at the end of its third quarter
    assert table.at["done", "kept_share"] == pytest.approx(0.75)
    assert table.index[0] == "done"


def test_accepted_ones_enter_the_next_baseline_and_no_others(alpha, decide, promised):
    rows = [{"suggestion": status, "starts": "2025-07-01", "cost": 6_000, "benefit_per_year": 12_000, "status": status}
            for status in ("open", "accepted", "rejected", "done")]  # fmt: skip
    baseline = open_baseline(decide(suggest(alpha, *rows)))
    assert promised.promise["suggestions"].eq(0).all()
    changed = baseline.promise[baseline.promise["suggestions"] != 0].set_index("month")["suggestions"]
    assert changed.index.min() == pd.Timestamp("2025-07-01")
    assert changed.iloc[0] == pytest.approx(6_000 - 1_000)
    assert changed.sum() == pytest.approx(6_000 - 18_000)
    assert set(baseline.promise.loc[baseline.promise["suggestions"] != 0, "option"]) == {"provider"}
    assert baseline.promise["cost"].equals(promised.promise["cost"])


def test_an_accepted_one_that_does_not_come_is_leakage(alpha, decide, report):
    case = suggest(
        alpha, {"suggestion": "chat", "starts": "2025-05-01", "benefit_per_year": 12_000, "status": "accepted"}
    )
    told = {"price": 50_000, "other_running_cost": 5_000}
    actuals = report([("help_desk", "2025-06-01", "provider", told)]).actuals
    ledger = open_ledger(open_baseline(decide(case)), case.replace(actuals=actuals))
    assert ledger.leakage.groupby("cause")["amount"].sum()["suggestions"] == pytest.approx(1_000)
    assert ledger.leakage["amount"].sum() == pytest.approx(1_000)


def test_committed_improvement_is_held_against_the_price_in_force(alpha, decide):
    options = alpha.options.assign(contract=["frame" if owner == "DeskCo" else "" for owner in alpha.options["owner"]])
    contracts = pd.DataFrame([{"business_unit": "alpha", "contract": "frame", "yearly_improvement_share": 0.1}])
    case = alpha.replace(options=options, contracts=contracts)
    baseline = open_baseline(decide(case))
    rates = baseline.promise.query("process == 'help_desk' and option == 'provider'").set_index("month")["rate"]
    assert rates["2025-04-01"] == pytest.approx(50_000)
    assert rates["2026-06-01"] == pytest.approx(45_000)
    months = pd.date_range("2025-04-01", "2026-06-01", freq="MS").strftime("%Y-%m-%d")
    came = [{"business_unit": "alpha", "process": "help_desk", "option": "provider", "month": month,
             "price": 50_000 if month < "2026-04-01" else 48_000} for month in months]  # fmt: skip
    row = open_ledger(baseline, case.replace(actuals=pd.DataFrame(came))).improvement.iloc[0]
    assert (row["committed"], row["years"]) == (0.1, 1)
    assert row["came"] == pytest.approx(0.04)
    assert row["short"] == pytest.approx(3 * 3_000)
