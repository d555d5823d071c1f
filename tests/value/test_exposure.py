"""Sizes and causes of losses, each worked by hand on the tiny case; every cause on a part of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing import Case, settle
from sourcing.assess import map_postures, score_indices
from sourcing.case import country_risk
from sourcing.decide import decide_unit
from sourcing.value import LOSS_LINES, build_alternatives, fill_losses
from tests.conftest import examples

RATES = {
    "operational_rate": 0.02, "structural_rate": 0.1, "venture_rate": 0.2, "location_rate": 0.05, "move_failure": 0.1,
    "key_person_rate": 0.12, "walk_out_rate": 0.3, "brand_rate": 0.04,
}  # fmt: skip
PART_OF = {
    "operational_rate": "operational", "structural_rate": "structural", "venture_rate": "structural",
    "location_rate": "location", "move_failure": "move", "key_person_rate": "key_person", "walk_out_rate": "walk_out",
    "brand_rate": "brand",
}  # fmt: skip
NONE = dict.fromkeys(RATES, 0.0)


def build(case: Case, **levers: object) -> pd.DataFrame:
    policy, outlook = settle(case, **levers)
    return build_alternatives(case, map_postures(score_indices(case), policy), policy, outlook)


def give_losses(case: Case, process: str, **amounts: float) -> Case:
    row = {"business_unit": case.unit["business_unit"], "process": process, **amounts}
    return case.replace(losses=pd.DataFrame([row]))


def set_option(case: Case, process: str, option: str, **cells: object) -> Case:
    options = case.options
    hit = (options["process"] == process) & (options["option"] == option)
    return case.replace(options=options.assign(**{n: options[n].where(~hit, v) for n, v in cells.items()}))


def give_revenue(case: Case, revenue: float) -> Case:
    return case.replace(units=case.units.assign(revenue_per_year=revenue))


def find_parts(table: pd.DataFrame, process: str, option: str) -> dict[str, float]:
    row = table.set_index(["process", "option"]).loc[(process, option)]
    return {cause: float(row[f"loss_{cause}"]) for cause in LOSS_LINES}


@pytest.fixture(scope="module")
def desk(alpha):
    """The help desk in amounts of its own: 10,000 where its team mends it, 70,000 where others must take it up."""
    return give_losses(
        alpha, "help_desk", loss_per_day=1_000, recovery_days=3, replacement_days=20, error_cost=7_000,
        replacement_cost=50_000, brand_cost=40_000,
    )  # fmt: skip


def test_each_cause_of_a_move_to_a_provider_is_what_was_worked_by_hand(desk):
    """Two years, go-live after three months; ready in full; a starved provider; the site has the risk of the US."""
    parts = find_parts(build(desk, **RATES), "help_desk", "provider")
    assert parts == pytest.approx(
        {
            "operational": 0.02 * 10_000 * 2,
            "structural": 0.1 * 70_000 * 1.75,
            "location": 0.05 * country_risk()["USA"] * 70_000 * 2,
            "move": 0.1 * 70_000,
            "key_person": 0.0,
            "walk_out": 0.3 * 70_000 * 1.75,
            "brand": 0.04 * 40_000 * 1.75,
        }
    )


def test_own_staff_that_stays_risks_failures_its_site_and_its_heads(alpha):
    """Research is ready to 0.25 and has 8 people; at another site with 1.6 times the output 5 of them do it."""
    case = give_losses(alpha, "research", loss_per_day=1_000, replacement_days=20, replacement_cost=50_000)
    stays = find_parts(build(case, **NONE | {"key_person_rate": 0.12}), "research", "stay")
    assert stays == pytest.approx(dict.fromkeys(LOSS_LINES, 0.0) | {"key_person": 0.12 * 0.75 / 8 * 70_000 * 2})
    case = set_option(case, "research", "shared", productivity=1.6)
    moved = find_parts(build(case, **NONE | {"key_person_rate": 0.12}), "research", "shared")
    assert moved["key_person"] == pytest.approx(0.12 * 0.75 * 70_000 * (0.5 / 8 + 1.5 / 5))


def test_a_joint_venture_has_a_rate_of_its_own(desk):
    case = set_option(desk, "help_desk", "provider", owner_type="joint_venture")
    for own, parts in (("venture_rate", 0.2 * 70_000 * 1.75), ("structural_rate", 0.0)):
        found = find_parts(build(case, **NONE | {own: 0.2}), "help_desk", "provider")
        assert found["structural"] == pytest.approx(parts)


def test_what_is_changed_in_place_is_mended_by_the_team_that_is_there(desk):
    elsewhere = find_parts(build(desk, **NONE | {"move_failure": 0.1}), "help_desk", "shared")
    in_place = set_option(desk, "help_desk", "shared", location="head_office", delivery_model="in_house")
    there = find_parts(build(in_place, **NONE | {"move_failure": 0.1}), "help_desk", "shared")
    assert (elsewhere["move"], there["move"]) == pytest.approx((7_000, 1_000))


def test_each_rate_moves_its_own_part_alone(desk):
    case = set_option(desk, "payroll", "provider", owner_type="joint_venture")
    case = case.replace(scores=case.scores.assign(score=case.scores["score"].where(case.scores["score"] < 5, 4)))
    base = build(case, **RATES)
    parts = [f"loss_{cause}" for cause in LOSS_LINES]
    for lever, cause in PART_OF.items():
        table = build(case, **RATES | {lever: RATES[lever] / 2})
        moved = (table[parts] - base[parts]).abs() > 1e-9
        assert list(moved.columns[moved.any()]) == [f"loss_{cause}"], lever
        np.testing.assert_allclose(table[parts].sum(axis=1), table["expected_loss"])
        np.testing.assert_allclose(table["cash_cost"], base["cash_cost"])


def test_without_amounts_a_failure_costs_a_share_of_run_cost_and_days_of_the_units_revenue(alpha):
    """Payroll: half critical, 500,000 a year. Revenue 36.5 million, of a day 100,000: a quarter of a tenth is lost."""
    parts = find_parts(build(give_revenue(alpha, 36_500_000), **NONE | {"structural_rate": 0.1}), "payroll", "provider")
    assert parts["structural"] == pytest.approx(0.1 * (250_000 + 10 * 2_500) * 1.5)
    parts = find_parts(build(give_revenue(alpha, 36_500_000), **NONE | {"operational_rate": 0.1}), "payroll", "stay")
    assert parts["operational"] == pytest.approx(0.1 * (250_000 + 2 * 2_500) * 2)


def test_a_small_team_that_the_business_stands_on_can_lose_more_than_it_costs(alpha):
    """Half critical payroll of one person at 50,000 in a business of a billion: ten days are 684,932."""
    processes = alpha.processes
    alone = alpha.replace(
        processes=processes.assign(headcount_fte=processes["headcount_fte"].where(processes["process"] != "payroll", 1))
    )
    parts = find_parts(build(give_revenue(alone, 1e9), **NONE | {"structural_rate": 1.0}), "payroll", "provider")
    assert parts["structural"] / 1.5 == pytest.approx(0.5 * 50_000 + 10 * 0.25 * 1e9 / 365 * 0.1)


def test_what_the_case_leaves_empty_is_filled_and_each_figure_listed(alpha):
    """The three processes cost 2.1 million to run: a revenue of 21 million is assumed."""
    today = pd.Series({"payroll": 500_000.0, "help_desk": 800_000.0, "research": 800_000.0})
    criticality = pd.Series({"payroll": 0.5, "help_desk": 0.25})
    sizes, figures = fill_losses(give_revenue(alpha, np.nan), criticality, today)
    day = 21_000_000 / 365 * 0.1
    assert sizes["loss_per_day"].to_dict() == pytest.approx(
        {"payroll": 0.25 * day, "help_desk": 0.0625 * day, "research": day}
    )
    assert sizes.loc["help_desk", ["brand_cost", "recovery_days", "replacement_days"]].tolist() == pytest.approx(
        [0.3 * 21_000_000 * 0.01, 2, 10]
    )
    assert figures["figure"].value_counts().to_dict() == {
        "revenue multiple": 1, "outage share": 3, "brand share": 1, "recovery days": 3, "replacement days": 3,
    }  # fmt: skip
    assert fill_losses(alpha, criticality, today)[1].empty


def test_an_amount_given_stands_and_comes_to_the_units_money(alpha):
    today = pd.Series(100_000.0, alpha.processes["process"])
    given = {"loss_per_day": 1_000.0, "recovery_days": 0.0, "error_cost": 0.0, "replacement_cost": 5.0}
    sizes, figures = fill_losses(give_losses(give_revenue(alpha, 1e9), "payroll", **given), today / 1e6, today)
    assert sizes.loc["payroll", list(given)].to_dict() == given
    assert set(figures.loc[figures["process"] == "payroll", "column"]) == {"replacement_days"}
    in_euro = give_losses(alpha, "payroll", **given, currency="EUR", price_year=2025)
    bridged, _ = fill_losses(in_euro, today / 1e6, today)
    assert bridged.loc["payroll", "loss_per_day"] != 1_000.0
    assert bridged.loc["payroll", "recovery_days"] == 0.0


@examples(15)
@given(revenue=st.floats(0, 1e12), rates=st.fixed_dictionaries({name: st.floats(0, 1) for name in RATES}))
def test_a_larger_business_never_risks_less(revenue, rates, alpha):
    smaller, larger = (build(give_revenue(alpha, amount), **rates) for amount in (revenue, 2 * revenue + 1))
    for cause in LOSS_LINES:
        assert (larger[f"loss_{cause}"] >= smaller[f"loss_{cause}"]).all()
        assert (smaller[f"loss_{cause}"] >= 0).all()


def test_a_rule_can_ask_that_people_who_know_the_work_stay(alpha):
    """Tiny's help desk goes to a provider, which leaves nobody of the unit's own who knows the work."""
    rule = {"rule": "one own person knows each process", "business_unit": "alpha", "measure": "retained_skills",
            "where": "", "sense": ">=", "limit": 1.0, "relative_to": "", "for_each": "process"}  # fmt: skip
    case = alpha.replace(rules=pd.concat([alpha.rules, pd.DataFrame([rule])], ignore_index=True))
    assert find_outside(decide_unit(alpha)) == ["help_desk"]
    decision = decide_unit(case)
    assert not find_outside(decision)
    assert decision.plan.choices.set_index("process")["retained_skills"].to_dict() == pytest.approx(
        {"payroll": 10, "help_desk": 20, "research": 8}
    )


def find_outside(decision) -> list[str]:
    choices = decision.plan.choices
    return choices.loc[choices["owner_type"] != "own", "process"].tolist()


def test_brand_exposure_is_the_contact_in_which_others_speak_for_us(beta):
    table = build(beta).set_index(["process", "option"])["brand_exposure"]
    assert table.to_dict() == pytest.approx(
        {("billing", "incumbent"): 0.4, ("billing", "in_house"): 0.0, ("billing", "captive"): 0.0,
         ("collections", "stay"): 0.0, ("collections", "provider"): 0.2}
    )  # fmt: skip


def test_a_point_of_social_value_has_its_price_on_its_own_line(alpha):
    sites = alpha.locations
    rate = sites["location"].map({"center": 0.1, "head_office": 0.04})
    sourced = sites.assign(unemployment_rate=rate, unemployment_source="survey")
    case = alpha.replace(locations=sourced)
    plain, priced = (build(case, price_of_social_value=price).set_index(["process", "option"]) for price in (0, 1_000))
    assert priced.loc[("payroll", "shared"), "cost_social_value"] == pytest.approx(-1_000 * 10 * (0.1 - 0.04))
    np.testing.assert_allclose(priced["cost"], plain["cost"] - 1_000 * plain["social_value"])
    assert plain["cost_social_value"].eq(0.0).all()
