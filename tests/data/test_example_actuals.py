"""Eighteen months of retail as they came: each planted cause is found, and nothing else is."""

from __future__ import annotations

import importlib.util
import shutil

import pandas as pd
import pytest

from sourcing.program import open_baseline, open_ledger
from tests.conftest import EXAMPLE


@pytest.fixture(scope="module")
def ledger(shipped):
    decision = shipped("retail")
    return open_ledger(open_baseline(decision), decision.case)


@pytest.fixture(scope="module")
def planted():
    return pd.read_csv(EXAMPLE / "planted.csv").set_index(["process", "cause"])["amount"]


def test_each_planted_cause_is_found_within_one_per_cent(ledger, planted):
    found = ledger.leakage.groupby(["process", "cause"])["amount"].sum()
    assert set(planted.index.get_level_values("cause")) == {
        "volume", "rate", "exchange_rate", "delay", "retained_staff", "invoice_errors", "scope", "one_off",
        "productivity", "unexplained",
    }  # fmt: skip
    for key, amount in planted.items():
        assert found[key] == pytest.approx(amount, rel=0.01), key
    assert found.drop(planted.index).abs().max() < 2.0  # cents of eighteen months


def test_the_parts_are_the_whole(ledger):
    months = ledger.months
    assert months["month"].nunique() == 18
    whole = float(months["actual"].sum() - months["promised"].sum())
    assert float(ledger.leakage["amount"].sum()) == pytest.approx(whole, abs=0.01)


def test_the_ledger_calls_out_what_stands_behind_the_figures(ledger):
    assert ledger.service.loc[ledger.service["is_watermelon"], "process"].tolist() == ["servers"]
    wrong = ledger.invoices[ledger.invoices["verdict"] == "billed too much"]
    assert wrong["process"].tolist() == ["training", "training"]
    assert wrong["error"].tolist() == pytest.approx([5000, 5000], abs=0.01)
    missing = ledger.invoices[ledger.invoices["credit_missing"] > 0.01]
    assert set(missing["process"]) == {"content_hosting"}
    off = ledger.benefits.set_index("process")["status"]
    assert off["general_ledger"] == "off track"
    assert off["accounts_payable"] == "on track"  # volume is growth
    assert ledger.benefits["benefit_owner"].str.startswith("head of ").all()


def test_the_actuals_are_made_again_byte_for_byte(tmp_path, monkeypatch, shipped):
    decision = shipped("retail")
    spec = importlib.util.spec_from_file_location("build_actuals", EXAMPLE / "build_actuals.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "HERE", tmp_path)
    monkeypatch.setattr(module, "load_case", lambda *_: decision.case)
    monkeypatch.setattr(module, "decide_unit", lambda _: decision)
    module.main()
    for name in ("actuals.csv", "planted.csv"):
        assert (tmp_path / name).read_bytes() == (EXAMPLE / name).read_bytes(), name
    shutil.rmtree(tmp_path)
