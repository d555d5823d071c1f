"""Invoices against price, bands and service, by the formulas that price contracts."""

from __future__ import annotations

import numpy as np
import pytest

from sourcing.program import open_ledger
from sourcing.program.ledger.charges import charge_volume, count_points, find_credit
from sourcing.value import find_terms


@pytest.fixture(scope="module")
def terms(promised, alpha):
    """Terms by contract form, on the row of the help desk."""
    row = promised.commitments.query("process == 'help_desk' and option == 'provider'").iloc[0]
    return lambda form: (
        row if form == row["contract_form"] else row.copy().replace({}).pipe(_with, find_terms(alpha, "", form), form)
    )


def _with(row, terms, form):
    changed = row.copy()
    changed["contract_form"] = form
    for name in terms:
        if name in changed:
            changed[name] = terms[name]
    return changed


def test_volume_is_charged_as_the_form_has_it(terms):
    ratios = np.array([0.5, 0.95, 1.0, 1.2])
    assert charge_volume(terms("per_transaction"), ratios).tolist() == [0.7, 0.95, 1.0, 1.2]  # a floor of 70 %
    fixed = charge_volume(terms("fixed_price"), ratios)  # a band of 10 %, beyond it 0.75 of the price
    assert fixed.tolist() == pytest.approx([1 - 0.75 * 0.4, 1.0, 1.0, 1 + 0.75 * 0.1])
    assert charge_volume(terms("time_and_materials"), ratios).tolist() == pytest.approx([0.625, 0.9625, 1.0, 1.15])


def test_credits_follow_the_points_missed_up_to_the_cap(terms):
    assert find_credit(terms("fixed_price"), np.array([1.0, 0.0, -2.0, -50.0])).tolist() == pytest.approx(
        [0.0, 0.0, 0.04, 0.1]
    )


def test_points_are_hundredths():
    assert count_points("availability", 0.98, 0.99) == pytest.approx(-1)
    assert count_points("throughput_per_day", 110, 100) == pytest.approx(10)
    assert count_points("response_seconds", 1.1, 1.0) == pytest.approx(-10)


def test_an_invoice_is_held_against_contract_band_and_service(promised, report):
    month, option = "2025-05-01", "provider"
    cells = {"volume": 0.6, "price": 52_000, "invoice_amount": 38_000, "scope_cost": 600, "service": 0.97,
             "service_target": 0.98, "credits_received": 200}  # fmt: skip
    row = open_ledger(promised, report([("help_desk", month, option, cells)])).invoices.iloc[0]
    # 70 % of the volume promised is paid at least: 35,000 at the contract's price, 36,400 at the one in force
    assert row["owed_at_contract"] == pytest.approx(35_000)
    assert row["owed"] == pytest.approx(36_400)
    assert row["price_excess"] == pytest.approx(1_400)
    assert row["error"] == pytest.approx(38_000 - 36_400 - 600)
    assert row["verdict"] == "billed too much"
    assert row["credit_due"] == pytest.approx(0.02 * 36_400)  # a point missed at 2 % of the fee
    assert row["credit_missing"] == pytest.approx(0.02 * 36_400 - 200)


def test_verdicts(promised, report):
    months = [f"2025-{number:02d}-01" for number in range(5, 10)]
    cells = [
        {"price": 50_000, "invoice_amount": 50_000},
        {"price": 50_000, "invoice_amount": 49_000},
        {"price": 50_000, "invoice_amount": 50_000, "service": 0.97, "service_target": 0.98},
        {"price": 50_000, "invoice_amount": 50_000, "service": 0.97, "service_target": 0.98, "credits_received": 1_000},
        {"price": 50_000, "service": 0.99, "service_target": 0.98},
    ]
    ledger = open_ledger(promised, report([("help_desk", month, "provider", each) for month, each in
                                           zip(months, cells, strict=True)]))  # fmt: skip
    assert ledger.invoices["verdict"].tolist() == [
        "right",
        "billed too little",
        "credit missing",
        "right",
        "not billed",
    ]
