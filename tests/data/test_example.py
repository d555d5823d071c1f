"""The fictional group: made again byte for byte, sound, and plausible against the real figures."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pandas as pd
import pytest

from sourcing import load_case, settle
from sourcing.assess import map_postures, score_indices
from sourcing.value import list_offers, price_providers

EXAMPLE = Path(__file__).parents[2] / "data" / "example"
UNITS = ["bank", "health", "manufacturing", "retail", "telecom", "utility"]
USUAL = {
    "billing", "payroll", "accounts_receivable", "accounts_payable", "help_desk", "customer_relationship",
    "content_hosting", "servers",
}  # fmt: skip


@pytest.fixture(scope="module")
def example():
    return load_case(EXAMPLE)


def test_the_tables_are_those_that_the_catalog_gives(tmp_path):
    folder = tmp_path / "data" / "example"
    shutil.copytree(EXAMPLE, folder)
    shutil.copytree(EXAMPLE.parent / "reference", tmp_path / "data" / "reference")
    criteria = tmp_path / "sourcing" / "case" / "filling"
    criteria.mkdir(parents=True)
    for name in ("criteria.csv", "by_country.csv", "assumed.csv", "place_bound.csv"):
        shutil.copy(EXAMPLE.parents[1] / "sourcing" / "case" / "filling" / name, criteria)
    spec = importlib.util.spec_from_file_location("build_example", folder / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    kept = ("catalog", "rules", "vetoes", "orders", "policy", "signoffs", "governance", "feedback", "suggestions",
            "scenarios")  # fmt: skip
    made = [path for path in folder.glob("*.csv") if path.stem not in (*kept, "actuals", "planted")]
    for path in made:
        path.unlink()
    module.main()
    for path in made:
        assert path.read_bytes() == (EXAMPLE / path.name).read_bytes(), path.name


def test_every_unit_has_the_usual_candidates_and_core_processes(example):
    for unit, processes in example.processes.groupby("business_unit"):
        assert 25 <= len(processes) <= 60, unit
        assert set(processes["process"]) >= USUAL
        assert (processes["parent_process"] != "").any()
    assert "settlement" in set(example.select("bank").processes["process"])
    assert sorted(example.units["business_unit"]) == UNITS
    assert example.units["name"].str.contains("fictional").all()


def test_assessors_disagree_and_some_scores_are_missing(example):
    scores = example.scores
    spread = scores.groupby(["business_unit", "process", "criterion"])["score"].agg(["max", "min", "count"])
    assert ((spread["max"] - spread["min"]) >= 2).sum() > 100
    assert 0.03 < scores["score"].isna().mean() < 0.12


def test_wages_lie_near_the_real_ones(example):
    countries = pd.read_csv(EXAMPLE.parent / "reference" / "countries.csv").set_index("country")
    ratio = countries["earnings_usd_per_month"] / countries.loc["USA", "earnings_usd_per_month"]
    wages = pd.read_csv(EXAMPLE.parent / "reference" / "occupations.csv").set_index("soc")["wage_mean"]
    retail = example.select("retail")
    stay = retail.options.query("option == 'stay'").set_index("process")["labor_cost_per_fte"]
    expected = retail.processes.set_index("process")["occupation"].map(wages) * 1.4194 * ratio["USA"]
    assert (stay / expected.loc[stay.index] - 1).abs().max() < 0.01


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_has_a_plan_that_is_proven(example, unit, decide):
    decision = decide(example.select(unit))
    assert decision.plan.status == "optimal"
    assert decision.plan.objective <= decision.as_is.objective + 1e-6 * abs(decision.as_is.objective)
    assert decision.plan.choices["delivery_model"].nunique() >= 2


def test_the_incumbent_that_sold_low_is_starved_and_who_is_outrun_by_wages(example):
    """Retail alone says that wages abroad outrun prices; nobody else starves where staff do not pass over by law."""
    starved = {}
    for unit in ("retail", "telecom", "manufacturing"):
        case = example.select(unit)
        policy, _ = settle(case)
        offers = list_offers(case, map_postures(score_indices(case), policy), policy)
        deals = price_providers(offers, case.unit)
        starved[unit] = set(deals.loc[deals["is_starved"], "owner"])
        assert deals.groupby("owner")["margin"].mean().drop("Tallgrass Partners").between(0.06, 0.2).all()
    low = {"Tallgrass Partners"}
    assert starved == {"retail": low | {"Orchid Global"}, "telecom": low, "manufacturing": low}
