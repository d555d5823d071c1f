"""No page contradicts another: every figure said of random units is the same figure in every table that has it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from sourcing import Case, pack
from sourcing.decide import decide_unit, pose_question
from sourcing.decide.structure import build_structure
from sourcing.errors import CaseError, InfeasiblePlanError
from sourcing.pack.answers import list_others
from sourcing.pack.wording import name_options, name_processes, say_money
from sourcing.plan import sum_shared
from tests.conftest import seeds

UNITS = ("retail", "health", "bank", "utility", "manufacturing", "telecom")
BY_PROCESS = ("process", "process_a", "process_b")


def draw_unit(take_unit, seed: int) -> Case | None:
    """Take a few processes of a shipped unit with all that belongs to them, and draw prices, limits and scores anew."""
    rng = np.random.default_rng(seed)
    unit = take_unit(UNITS[seed % len(UNITS)])
    some = [
        *unit.processes.loc[unit.processes["divisible"].astype(bool), "process"].sample(frac=1, random_state=seed)[:1]
    ]
    for table, count in ((unit.links, 2), (unit.orders, 1)):
        ends = table[["process_a", "process_b"]].sample(n=min(count, len(table)), random_state=seed)
        some += ends.to_numpy().ravel().tolist()
    some += rng.permutation(unit.processes["process"])[: int(rng.integers(2, 5))].tolist()
    kept, tables = set(some), {}
    for name, table in unit.tables.items():
        rows = np.ones(len(table), dtype=bool)
        for column in BY_PROCESS:
            if column in table:
                rows &= table[column].isin(kept).to_numpy() | (table[column] == "").to_numpy()
        tables[name] = table[rows].reset_index(drop=True)
    tables["processes"]["parent_process"] = ""
    options, rules = tables["options"], tables["rules"]
    for name in ("providers", "provider_scores"):
        tables[name] = tables[name][tables[name]["provider"].isin(options["owner"])].reset_index(drop=True)
    for column in ("labor_cost_per_fte", "price_per_year", "transition_cost"):
        options[column] = options[column].astype(float) * rng.uniform(0.7, 1.4, len(options))
    share = rng.uniform(0.7, 1.6, len(rules))
    rules["limit"] = rules["limit"].astype(float) * np.where(rules["sense"] == "<=", share, np.minimum(share, 1.0))
    tables["rules"] = rules.sample(frac=0.7, random_state=seed).reset_index(drop=True)
    try:
        return Case(tables)
    except CaseError:
        return None


@pytest.fixture(params=seeds(8, quick=2))
def decision(request, take_unit):
    case = draw_unit(take_unit, request.param)
    if case is None:
        pytest.skip("the tables drawn are no sound case")
    try:
        return decide_unit(case)
    except InfeasiblePlanError:
        pytest.skip("no plan keeps the rules drawn")


def check_page_one(decision, kept) -> None:
    """The sentences of page one say the sums of plan.csv."""
    plan, summary = kept["tables"]["plan"], kept["summary"]
    currency, said = summary["currency"], " ".join(summary["answer"])
    today, cash = (float(sum_shared(each, "cash_cost").sum()) for each in (decision.as_is, decision.plan))
    cash, today = cash + plan["cash_cost"].sum(), today + (plan["from_cash_cost"] * plan["share"]).sum()
    assert summary["cash_cost"] == pytest.approx(cash)
    assert summary["saving"] == pytest.approx(today - cash, abs=1e-3)
    assert summary["expected_loss"] == pytest.approx(plan["expected_loss"].sum())
    assert f"pays {say_money(cash, currency)}" in said
    assert round(abs(today - cash)) == 0 or say_money(abs(today - cash), currency) in said
    assert sum(summary["lines"].values()) == pytest.approx(summary["objective"])
    moving = plan.groupby("process")["moves"].any()
    assert f"Change {moving.sum()} of " in said or said.startswith("Keep all")
    assert (summary["status"], summary["gap"]) == ("optimal", 0.0)
    assert "proven the cheapest" in pack.say_bounds(decision)


def check_flips(decision, flips: pd.DataFrame) -> None:
    """What forcing costs is never a gain, nothing for what is chosen, and what reasons and page one quote."""
    whole = decision.plan.choices.groupby("process")["share"].max() == 1.0
    assert flips["exact"].all()
    assert (flips.loc[~flips["is_barred"], "forcing_cost"] >= 0.0).all()
    chosen = flips[flips["chosen"] & flips["process"].map(whole)]
    assert (chosen["forcing_cost"] == 0.0).all()
    assert set(flips.loc[flips["chosen"], "process"]) == set(decision.plan.choices["process"])
    rivals = flips[flips["runner_up"]].set_index("process")
    open_ones = flips[~flips["chosen"] & ~flips["is_barred"] & np.isfinite(flips["forcing_cost"])]
    assert rivals["forcing_cost"].to_dict() == open_ones.groupby("process")["forcing_cost"].min().to_dict()
    named, currency = name_options(decision.alternatives), decision.case.unit["currency"]
    for process, reason in pack.say_reasons(decision).items():
        quoted = re.search(r"Next best: ", reason)
        assert bool(quoted) == (process in rivals.index)
        if quoted:
            option, cost = rivals.at[process, "option"], rivals.at[process, "forcing_cost"]
            assert f"Next best: {named[process, option]}, {say_money(cost, currency)} more" in reason
    closest = pack.say_weakest(decision)
    costs = decision.plan.choices.groupby("process")["cash_cost"].sum()
    sizable = rivals[rivals.index.isin(costs.index[costs >= 0.01 * costs.sum()])]
    if len(sizable):
        nearest = (sizable["forcing_cost"] / costs.reindex(sizable.index)).idxmin()
        assert closest.startswith(f"Closest call: {name_processes(decision.case)[nearest]}, where ")
        assert say_money(sizable.at[nearest, "forcing_cost"], currency) in closest


def check_rules(decision, rules: pd.DataFrame) -> None:
    """Prices are never negative, and lifting more never saves less."""
    prices = pack.list_prices(decision).set_index("rule")
    assert prices["exact"].all()
    costly = prices[(prices["kind"] == "rule") & (prices["drop_saving"] >= 0.5)]
    told = [said for said in pack.say_limits(decision) if ": without it " in said]
    assert len(told) == len(costly)
    for rule, saving in costly["drop_saving"].items():
        amount = say_money(saving, decision.case.unit["currency"])
        assert any(rule in said and f" costs {amount}: without it " in said for said in told)
    one_sided = prices[prices["sense"] != "=="]
    for column in ("drop_saving", "tighter_cost", "looser_saving"):
        assert (one_sided[column].dropna() >= 0.0).all()
    assert (rules["slack"].dropna() >= -1e-6 * rules["limit"].dropna().abs().clip(lower=1.0)).all()
    for row in pack.list_pairs(decision).to_dict("records"):
        alone = [prices.at[name, "drop_saving"] for name in row["lifted"]]
        assert row["drop_saving"] >= max(alone) - 1e-6 * abs(decision.plan.objective)
        assert row["beyond"] == pytest.approx(row["drop_saving"] - sum(alone), abs=1e-6 * abs(decision.plan.objective))
    savings = pack.list_savings(decision)
    assert savings["saving"].is_monotonic_increasing
    if len(savings) and savings["count"].iloc[0] == 1:
        single = savings.iloc[0]
        assert prices.at[single["lifted"][0], "drop_saving"] == pytest.approx(single["saving"], rel=1e-6, abs=1e-3)


def check_frontier(decision) -> None:
    """The plan stands on the frontier where it should, no efficient plan beats another, and what beats it is told."""
    table = pack.list_frontier(decision)
    own = table[table["chosen"]]
    assert len(own) == 1
    plan = decision.plan.choices
    for measure in ("cash_cost", "expected_loss"):
        whole = (plan[measure] * plan["share"]).sum() + sum_shared(decision.plan, measure).sum()
        assert own[measure].item() == pytest.approx(whole, rel=1e-6, abs=1e-3)
    points = table.loc[table["efficient"], ["cash_cost", "expected_loss"]].to_numpy()
    assert (np.diff(points[:, 0]) > 0).all()
    assert (np.diff(points[:, 1]) < 0).all()
    beaten = ((points <= own[["cash_cost", "expected_loss"]].to_numpy() * (1 - 1e-6)).all(axis=1)).any()
    assert beaten <= (not own["efficient"].item())
    assert (len(pack.say_frontier(decision)) == 1) == own["efficient"].item()
    others = list_others(decision)
    assert all(other.objective >= decision.plan.objective for other in others)


def test_no_figure_of_a_unit_contradicts_another(decision):
    kept = pack.collect(decision)
    check_page_one(decision, kept)
    check_flips(decision, pack.list_flips(decision))
    check_rules(decision, kept["tables"]["rules"])
    check_frontier(decision)
    assert pack.list_open(decision) == {}


def test_the_units_drawn_have_plans_and_every_structure(take_unit):
    """Of the first nine eight or more are sound; charges, tiers, pools, splits, orders, links, waves are met."""
    cases = [case for case in (draw_unit(take_unit, seed) for seed in range(9)) if case is not None]
    assert len(cases) >= 8
    met = set()
    for case in cases:
        question = pose_question(case)
        structure = build_structure(case, question.alternatives, question.presence)
        met |= {name for name, table in structure.items() if len(table)}
        met |= {"links"} if len(case.links) else set()
        met |= {"waves"} if "wave" in question.alternatives else set()
    assert {"charges", "tiers", "pools", "items", "orders", "links", "waves"} <= met
