"""The tables of a case reach the plan: each on the tiny case, worked by hand (amounts in thousands there)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sourcing import Case
from sourcing.decide.structure import list_capacity_rules
from sourcing.errors import InfeasiblePlanError, InputError


def extend(case: Case, **tables: pd.DataFrame) -> Case:
    return case.replace(**tables)


def rows(case: Case, *records: dict) -> pd.DataFrame:
    return pd.DataFrame([{"business_unit": case.unit["business_unit"]} | record for record in records])


def options(decision) -> dict:
    return decision.plan.choices.set_index("process")["option"].to_dict()


def find_provider(alpha: Case) -> str:
    return str(alpha.options.loc[alpha.options["option"] == "provider", "owner"].iloc[0])


def test_plain_case_has_no_structure(alpha, decide):
    decision = decide(alpha)
    assert set(decision.plan.question.structure) == {"locks"}
    assert decision.as_is.question.structure is None
    assert "wave" not in decision.alternatives


def test_a_tender_is_paid_once_per_provider_and_on_no_line_of_an_alternative(alpha, decide):
    owners = alpha.options.set_index(["process", "option"])["owner"]
    case = extend(alpha, providers=rows(alpha, {"provider": owners["help_desk", "provider"], "tender_cost": 1_500}))
    decision = decide(case)
    assert decision.plan.lines["charges"] == pytest.approx(1_500)
    assert decision.plan.objective == pytest.approx(3_931_500)
    assert (decision.alternatives["cost_tender"] == 0).all()


def test_fixed_cost_of_a_provider_keeps_work_away_from_it(alpha, decide):
    owners = alpha.options.set_index(["process", "option"])["owner"]
    help_desk, payroll = owners["help_desk", "provider"], owners["payroll", "provider"]
    assert help_desk != payroll
    # the plan without payroll's provider costs 3930, the one without the help desk's 3932.5
    cheap = decide(extend(alpha, providers=rows(alpha, {"provider": help_desk, "fixed_cost_per_year": 1_000})))
    assert cheap.plan.lines["charges"] == pytest.approx(2_000)
    assert cheap.plan.objective == pytest.approx(3_932_000)
    dear = decide(extend(alpha, providers=rows(alpha, {"provider": help_desk, "fixed_cost_per_year": 2_000})))
    assert options(dear) == {"payroll": "provider", "help_desk": "shared", "research": "stay"}
    assert dear.plan.lines["charges"] == 0.0
    assert dear.plan.objective == pytest.approx(3_932_500)


def test_capacity_of_a_provider_is_a_rule(alpha, decide):
    provider = find_provider(alpha)
    table = rows(alpha, {"provider": provider, "capacity_fte": 0.0})
    decision = decide(extend(alpha, providers=table))
    assert not (decision.plan.choices["owner"] == provider).any()
    assert f"{provider} delivers at most 0 FTE" in set(decision.plan.rules["rule"])


def test_volume_discount_is_on_the_present_value_of_prices(alpha, decide):
    provider = find_provider(alpha)
    tiers = rows(alpha, {"provider": provider, "threshold": 1_000_000, "discount_share": 0.1})
    decision = decide(extend(alpha, price_tiers=tiers))
    # the help desk alone buys 1050
    assert decision.plan.lines["discounts"] == pytest.approx(-105_000)
    assert decision.plan.objective == pytest.approx(3_930_000 - 105_000)


def test_pool_is_paid_in_each_year_that_begins_with_a_user(alpha, decide):
    processes = alpha.processes.assign(
        cost_pool=["site" if p != "research" else "" for p in alpha.processes["process"]]
    )
    pools = rows(alpha, {"pool": "site", "cost_per_year": 10_000})
    decision = decide(extend(alpha, processes=processes, cost_pools=pools))
    # both move and go live within the first year: the second is free
    assert decision.plan.lines["pools"] == pytest.approx(10_000)
    assert decision.as_is.lines["pools"] == pytest.approx(20_000)
    assert decision.plan.shared["name"].tolist() == ["site, year 1", "site, year 2"]


def calendar(case: Case, **cells) -> pd.DataFrame:
    first = case.unit["price_year"]
    waves = rows(
        case,
        {"wave": 1, "start": f"{first}-01-01"},
        {"wave": 2, "start": f"{first}-04-01"},
        {"wave": 3, "start": f"{first}-07-01"},
    )
    return waves.assign(**cells)


def test_calendar_gives_a_row_per_wave_and_the_first_is_as_before(alpha, decide):
    plain, waved = decide(alpha), decide(extend(alpha, calendar=calendar(alpha)))
    assert waved.plan.objective == pytest.approx(plain.plan.objective)
    assert options(waved) == options(plain)
    assert set(waved.alternatives.loc[waved.alternatives["is_as_is"], "wave"]) == {0}
    first = waved.alternatives[waved.alternatives["wave"] <= 1].drop(columns="wave").reset_index(drop=True)
    pd.testing.assert_frame_equal(first, plain.alternatives.reset_index(drop=True))
    assert not waved.swaps.duplicated(["process", "option"]).any()
    assert len(waved.swaps) == len(plain.swaps)


def test_a_wave_later_costs_a_quarter_of_the_saving_more(alpha, decide):
    table = decide(extend(alpha, calendar=calendar(alpha))).alternatives.set_index(["process", "option", "wave"])
    # payroll pays 500 a year today and 400 in the shared center
    step = table.loc[("payroll", "shared", 2), "cash_cost"] - table.loc[("payroll", "shared", 1), "cash_cost"]
    assert step == pytest.approx(25_000)
    assert (
        table.loc[("payroll", "shared", 2), "go_live_months"]
        == table.loc[("payroll", "shared", 1), "go_live_months"] + 3
    )


def test_hours_and_budget_of_a_wave_limit_its_moves_and_blackouts_drop_it(alpha, decide):
    opts = alpha.options.assign(knowledge_transfer_hours=np.where(alpha.options["option"] == "provider", 100.0, 60.0))
    limited = extend(alpha, options=opts, calendar=calendar(alpha, knowledge_transfer_hours=100.0))
    plan = decide(limited).plan
    used = plan.choices.groupby("wave")["knowledge_transfer_hours"].sum()
    assert (used <= 100).all()
    assert plan.choices.loc[~plan.choices["is_as_is"], "wave"].is_unique
    budget = decide(extend(alpha, calendar=calendar(alpha, transition_budget=0.0)))
    assert budget.plan.choices["is_as_is"].all()
    blackout = decide(extend(alpha, calendar=calendar(alpha, blackout=["yes", "no", "yes"])))
    assert set(blackout.alternatives["wave"]) == {0, 2}
    assert len(list_capacity_rules(extend(alpha, calendar=calendar(alpha, transition_budget=5.0)))) == 3


def test_wave_before_the_valuation_date_is_refused(alpha, decide):
    early = calendar(alpha, start=f"{alpha.unit['price_year'] - 1}-07-01")
    with pytest.raises(InputError, match="on or after the valuation date"):
        decide(extend(alpha, calendar=early))


def test_orders_of_a_case_hold(alpha, decide):
    apart = rows(alpha, {"kind": "together", "process_a": "payroll", "process_b": "help_desk", "column": "owner"})
    decision = decide(extend(alpha, orders=apart))
    chosen = decision.plan.choices.set_index("process")["owner"]
    assert chosen["payroll"] == chosen["help_desk"]
    waits = rows(alpha, {"kind": "not_before", "process_a": "help_desk", "process_b": "payroll", "lag": 1})
    plan = decide(extend(alpha, orders=waits, calendar=calendar(alpha))).plan
    wave = plan.choices.set_index("process")["wave"]
    assert wave["help_desk"] == 0 or wave["help_desk"] >= wave["payroll"] + 1 > 1


def test_divisible_process_may_be_split_under_the_cap(alpha, decide):
    processes = alpha.processes.assign(divisible=alpha.processes["process"] == "payroll", min_share=0.1)
    decision = decide(extend(alpha, processes=processes))
    split = decision.plan.choices[decision.plan.choices["process"] == "payroll"]
    # 20 people may move out: 20 of the help desk, none left; a split is free to be no better, never worse
    assert decision.plan.objective <= 3_930_000 + 1e-6
    assert split["share"].sum() == pytest.approx(1.0)
    assert "splits" in decision.plan.lines


def test_hurdle_is_a_line_of_its_own_and_no_cash(alpha, decide):
    plain, hurdle = decide(alpha), decide(alpha, hurdle_share=0.1)
    moved = hurdle.alternatives
    assert (moved["cash_cost"] == plain.alternatives["cash_cost"]).all()
    payroll = moved[(moved["process"] == "payroll") & ~moved["is_as_is"]]
    assert payroll["cost_hurdle"].tolist() == pytest.approx([50_000] * len(payroll))
    assert hurdle.plan.lines["cost_hurdle"] == pytest.approx(0.1 * (500_000 + 800_000))
    assert decide(alpha, hurdle_sum=1e9).plan.choices["is_as_is"].all()
    with pytest.raises(InputError, match="smaller or larger"):
        decide(alpha, hurdle_takes="least")


def test_orders_that_clash_are_named(alpha, decide):
    both = [
        {"kind": kind, "process_a": "payroll", "process_b": "help_desk", "column": "owner"}
        for kind in ("together", "apart")
    ]
    with pytest.raises(InfeasiblePlanError) as fault:
        decide(extend(alpha, orders=rows(alpha, *both)))
    assert ["order: payroll apart from help_desk", "order: payroll with help_desk"] in fault.value.conflicts
