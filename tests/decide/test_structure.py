"""The tables of a case reach the plan: each on the tiny case, worked by hand (amounts in thousands there)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sourcing import Case
from sourcing.case import BUDGET_RULE
from sourcing.decide.structure import list_capacity_rules
from sourcing.errors import CaseError, InfeasiblePlanError, InputError
from sourcing.plan import sum_measure, trace_frontier


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
    assert decision.plan.lines["tenders"] == pytest.approx(1_500)
    assert decision.plan.objective == pytest.approx(3_931_500)
    assert (decision.alternatives["cost_tender"] == 0).all()
    # 50,000 for payroll and 40,000 for the help desk are the moves' own
    assert sum_measure(decision.plan, "one_off_cost") == pytest.approx(91_500)
    assert decision.plan.rules.set_index("rule").at["one-off spending stays within 200000", "used"] == 91_500


def test_what_stays_with_a_provider_pays_no_tender(beta, decide):
    table = rows(beta, {"provider": "BillCo", "tender_cost": 1_000, "fixed_cost_per_year": 400})
    as_is = decide(extend(beta, providers=table)).as_is
    assert "tenders" not in as_is.lines
    assert as_is.lines["charges"] == pytest.approx(400)
    assert sum_measure(as_is, "cash_cost") == pytest.approx(442_000 + 400)


def test_fixed_cost_of_a_provider_keeps_work_away_from_it(alpha, decide):
    owners = alpha.options.set_index(["process", "option"])["owner"]
    help_desk, payroll = owners["help_desk", "provider"], owners["payroll", "provider"]
    assert help_desk != payroll
    # the plan without payroll's provider costs 3930, the one without the help desk's 3932.5
    cheap = decide(extend(alpha, providers=rows(alpha, {"provider": help_desk, "fixed_cost_per_year": 1_000})))
    # the help desk goes live in month 3 of 24
    assert cheap.plan.lines["charges"] == pytest.approx(1_750)
    assert cheap.plan.objective == pytest.approx(3_931_750)
    dear = decide(extend(alpha, providers=rows(alpha, {"provider": help_desk, "fixed_cost_per_year": 2_000})))
    assert options(dear) == {"payroll": "provider", "help_desk": "shared", "research": "stay"}
    assert dear.plan.lines["charges"] == 0.0
    assert dear.plan.objective == pytest.approx(3_932_500)


def force(decision, **options):
    return decision.explanation.what_if({"lock": options}).plan


def test_fixed_cost_is_paid_from_the_quarter_of_the_first_go_live(alpha, decide):
    owner = alpha.options.set_index(["process", "option"]).at[("help_desk", "provider"), "owner"]
    case = extend(alpha, providers=rows(alpha, {"provider": owner, "fixed_cost_per_year": 10_000}))
    decision = decide(case)
    # month 3 of 24: seven of eight quarters
    assert force(decision, help_desk="provider").lines["charges"] == pytest.approx(17_500)
    late = case.options.assign(
        transition_months=case.options["transition_months"].mask(case.options["owner"] == owner, 5.0)
    )
    # month 5 lies in the second quarter, which is paid in full
    assert force(decide(extend(case, options=late)), help_desk="provider").lines["charges"] == pytest.approx(17_500)


def test_dealing_with_a_provider_takes_people_where_its_cost_is_not_given(alpha, decide):
    # 500 + 800 + 800 thousand a year for 38 heads; 0.38 of a head is 21,000; the help desk goes live in month 3 of 24
    decision = decide(alpha, governance_heads_per_provider=0.38)
    assert force(decision, help_desk="provider", payroll="stay", research="stay").lines["charges"] == 36_750
    # payroll's provider is live from month 6 on
    assert force(decision, help_desk="stay", payroll="provider", research="stay").lines["charges"] == 31_500
    owner = alpha.options.set_index(["process", "option"]).at[("help_desk", "provider"), "owner"]
    given = extend(alpha, providers=rows(alpha, {"provider": owner, "fixed_cost_per_year": 0.0}))
    free = force(decide(given, governance_heads_per_provider=0.38), help_desk="provider", payroll="stay")
    assert free.lines.get("charges", 0.0) == 0.0


def test_running_a_new_site_abroad_takes_people_where_its_cost_is_not_given(alpha, decide):
    # 0.38 of a head is 21,000 a year; the help desk opens the center in month 3 of 24
    at_home = decide(alpha, governance_heads_per_site=0.38)
    assert force(at_home, help_desk="shared", payroll="stay", research="stay").lines.get("charges", 0.0) == 0.0
    is_center = alpha.locations["location"] == "center"
    sites = alpha.locations.assign(country=alpha.locations["country"].mask(is_center, "POL"))
    models = alpha.options.assign(delivery_model=alpha.options["delivery_model"].replace("onshore", "offshore"))
    abroad = decide(extend(alpha, locations=sites, options=models), governance_heads_per_site=0.38)
    assert force(abroad, help_desk="shared", payroll="stay", research="stay").lines["charges"] == 36_750
    assert abroad.as_is.lines.get("charges", 0.0) == 0.0
    sites = sites.assign(fixed_cost_per_year=np.where(is_center, 10_000.0, np.nan))
    given = decide(extend(alpha, locations=sites, options=models), governance_heads_per_site=0.38)
    assert force(given, help_desk="shared", payroll="stay", research="stay").lines["charges"] == 17_500


def test_the_first_go_live_at_a_site_opens_it(alpha, decide):
    sites = alpha.locations.assign(fixed_cost_per_year=np.where(alpha.locations["location"] == "center", 10_000.0, 0.0))
    decision = decide(extend(alpha, locations=sites))
    assert force(decision, payroll="shared", help_desk="stay", research="stay").lines["charges"] == 15_000
    assert force(decision, payroll="shared", help_desk="shared", research="stay").lines["charges"] == 17_500
    assert decision.as_is.lines.get("charges", 0.0) == 0.0


def test_a_site_is_paid_until_its_last_user_has_left(alpha, decide):
    sites = alpha.locations.assign(
        fixed_cost_per_year=np.where(alpha.locations["location"] == "head_office", 10_000.0, 0.0)
    )
    decision = decide(extend(alpha, locations=sites))
    assert decision.as_is.lines["charges"] == pytest.approx(20_000)
    # the help desk leaves in month 3, the others in month 6
    gone = force(decision, payroll="shared", help_desk="provider", research="shared")
    assert gone.lines["charges"] == pytest.approx(5_000)
    assert force(decision, payroll="shared", help_desk="provider", research="stay").lines["charges"] == 20_000


def test_a_tender_is_paid_in_the_quarter_in_which_the_first_move_starts(alpha, decide):
    first = alpha.unit["price_year"]
    units = alpha.units.assign(discount_rate=0.21)
    table = rows(alpha, {"provider": "DeskCo", "tender_cost": 1_000}, {"provider": "PayCo", "tender_cost": 9_999})
    waves = rows(
        alpha,
        {"wave": 1, "start": f"{first}-01-01", "blackout": "yes"},
        {"wave": 2, "start": f"{first}-07-01", "blackout": "no"},
        {"wave": 3, "start": f"{first}-10-01", "blackout": "no"},
    )
    decision = decide(extend(alpha, units=units, providers=table, calendar=waves))
    locked = force(decision, payroll="stay", help_desk="provider", research="stay")
    assert locked.choices["wave"].tolist() == [2, 0, 0]
    # the middle of the third quarter: 0.625 years
    assert locked.lines["tenders"] == pytest.approx(1_000 * 1.21**-0.625)
    # dearer money falls later and later: growth above the rate of discount
    grown = decide(extend(alpha, units=units.assign(inflation_rate=0.5), providers=table, calendar=waves))
    locked = force(grown, payroll="stay", help_desk="provider", research="stay")
    quarter = {2: 0.625, 3: 0.875}[locked.choices["wave"].max()]
    assert locked.lines["tenders"] == pytest.approx(1_000 * (1.5 / 1.21) ** quarter)


def test_a_budget_is_a_share_of_all_that_today_pays(alpha, decide):
    sites = alpha.locations.assign(
        fixed_cost_per_year=np.where(alpha.locations["location"] == "head_office", 10_000.0, 0.0)
    )
    decision = decide(extend(alpha, locations=sites), budget_share=0.95)
    budget = decision.plan.rules.set_index("belongs_to").loc[BUDGET_RULE]
    assert budget["limit"] == pytest.approx(0.95 * (4_200_000 + 20_000))
    assert budget["used"] == pytest.approx(3_895_000 + 20_000)


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
    # payroll moves to the shared center and the help desk to a provider, both within the first year
    for ends_with, paid in (("owner", 20_000), ("site", 10_000), ("any_move", 10_000)):
        decision = decide(extend(alpha, processes=processes, cost_pools=pools.assign(ends_with=ends_with)))
        assert options(decision) == {"payroll": "shared", "help_desk": "provider", "research": "stay"}
        assert decision.plan.lines["pools"] == pytest.approx(paid)
        assert decision.as_is.lines["pools"] == pytest.approx(20_000)
        assert decision.plan.shared["name"].tolist() == ["site, year 1", "site, year 2"]
    default = decide(extend(alpha, processes=processes, cost_pools=pools))
    assert default.plan.lines["pools"] == pytest.approx(20_000)


def test_improving_in_place_ends_a_pool_only_where_any_move_does(alpha, decide):
    """A better pool user at today's site and owner, in month 6 of 24."""
    processes = alpha.processes.assign(cost_pool=np.where(alpha.processes["process"] == "payroll", "site", ""))
    stay = alpha.options[(alpha.options["process"] == "payroll") & (alpha.options["option"] == "stay")]
    better = stay.assign(option="improve", labor_cost_per_fte=20_000.0, transition_cost=0.0, transition_months=6.0)
    offers = pd.concat([alpha.options, better], ignore_index=True)
    pools = rows(alpha, {"pool": "site", "cost_per_year": 10_000})
    for ends_with, paid in (("owner", 20_000), ("site", 20_000), ("any_move", 10_000)):
        case = extend(alpha, options=offers, processes=processes, cost_pools=pools.assign(ends_with=ends_with))
        plan = force(decide(case), payroll="improve")
        assert plan.lines["pools"] == pytest.approx(paid)
        assert sum_measure(plan, "cash_cost") == pytest.approx(plan.choices["cash_cost"].sum() + paid)


def test_headline_holds_what_processes_share(alpha, decide):
    """900 + 1395 + 1600 of the processes' own, and a site that today's delivery and the plan both need."""
    sites = alpha.locations.assign(
        fixed_cost_per_year=np.where(alpha.locations["location"] == "center", 4_000.0, 10_000.0)
    )
    decision = decide(extend(alpha, locations=sites))
    assert sum_measure(decision.as_is, "cash_cost") == pytest.approx(4_200_000 + 20_000)
    # the center opens in month 6
    assert sum_measure(decision.plan, "cash_cost") == pytest.approx(3_895_000 + 20_000 + 6_000)
    frontier = trace_frontier(
        decision.alternatives, decision.plan.question.rules, structure=decision.plan.question.structure
    )
    assert any(np.isclose(frontier["cash_cost"], 3_895_000 + 26_000))


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


def test_wave_before_the_valuation_date_is_refused(alpha):
    early = calendar(alpha, start=f"{alpha.unit['price_year'] - 1}-12-31")
    with pytest.raises(CaseError, match="on or after the valuation date"):
        extend(alpha, calendar=early)


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
