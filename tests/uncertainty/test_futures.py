"""Futures of a unit: the same draws for every alternative, means that are the plan's own, planted causes found."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from sourcing.decide import range_saving
from sourcing.errors import CaseError, InfeasiblePlanError, InputError
from sourcing.plan import sum_measure
from sourcing.uncertainty import (
    choose_cautiously,
    choose_in_futures,
    describe_saving,
    draw_futures,
    find_chance_within,
    mean_error,
    measure_worst,
    place_case,
    price_information,
    rank_causes,
    rate_decisions,
    save_in_futures,
    stress_plan,
    trace_caution,
)
from sourcing.value import list_events, list_offers

NO_EVENTS = dict.fromkeys(
    ("operational_rate", "structural_rate", "venture_rate", "location_rate", "move_failure", "key_person_rate",
     "walk_out_rate", "brand_rate"), 0.0,
)  # fmt: skip


def still(case, **ends):
    """Give a case in which only the figures named here are uncertain: low, likely and high of each."""
    flat = dict.fromkeys(("wages", "prices", "one_off", "governance"), (1.0, 1.0, 1.0))
    flat |= dict.fromkeys(("value_lost", "invoice_errors"), (0.0, 0.0, 0.0))
    rows = [
        {"business_unit": case.unit["business_unit"], "figure": figure, "source": "planted"}
        | dict(zip(("low", "likely", "high"), triple, strict=True))
        for figure, triple in (flat | ends).items()
    ]
    return case.replace(ranges=pd.DataFrame(rows))


@pytest.fixture(scope="module")
def uncertain(alpha, decide):
    return decide(alpha, use_ranges="yes")


@pytest.mark.parametrize("unit", ["alpha", "housing", "health"])
def test_the_mean_of_the_draws_is_the_figure_of_each_alternative(unit, shipped):
    levers = {"use_ranges": "yes"} if unit == "alpha" else {}
    decision = shipped(unit, **levers)
    futures, table = draw_futures(decision, 4_000), decision.alternatives
    for drawn, column in ((futures.cash, "cash_cost"), (futures.loss, "expected_loss")):
        away = np.abs(drawn.astype(float).mean(axis=0) - table[column].to_numpy(float))
        errors = np.array([mean_error(drawn[:, k].astype(float)) for k in range(len(table))])
        assert (away <= 4.5 * errors + 1e-6 * np.abs(table[column]) + 0.01).all()


@pytest.mark.parametrize("unit", ["housing", "health"])
def test_the_mean_saving_is_the_plans_own_and_the_draws_agree_within_their_error(unit, shipped):
    saved = describe_saving(draw_futures(shipped(unit), 4_000))
    decision = shipped(unit)
    cash = sum_measure(decision.as_is, "cash_cost") - sum_measure(decision.plan, "cash_cost")
    assert saved.at["cash", "mean"] == pytest.approx(cash)
    assert saved.at["total", "mean"] == pytest.approx(saved.at["cash", "mean"] + saved.at["loss", "mean"])
    assert ((saved["drawn"] - saved["mean"]).abs() <= 4.5 * saved["mean_error"] + 1.0).all()


def test_page_one_and_the_futures_tell_the_same_range_of_the_saving(shipped):
    decision = shipped("housing")
    saving, told = range_saving(decision), describe_saving(draw_futures(decision)).loc["cash"]
    assert told[["mean", "low", "high"]].tolist() == pytest.approx([saving.mean, saving.low, saving.high], rel=1e-5)


def test_what_may_befall_an_alternative_sums_to_its_expected_loss(shipped):
    decision = shipped("health")
    offers = list_offers(decision.case, decision.judgment.postures, decision.policy)
    events = list_events(offers, decision.case.unit, decision.outlook)
    told = events.groupby("row")["loss"].sum().reindex(offers.index, fill_value=0.0)
    assert told.to_numpy() == pytest.approx(decision.alternatives["expected_loss"].to_numpy(float), rel=1e-9, abs=1e-6)


def test_the_same_seed_gives_the_same_futures_and_another_one_others(uncertain):
    one, again, other = (draw_futures(uncertain, 300, seed) for seed in (1, 1, 2))
    assert one.cash.tobytes() == again.cash.tobytes()
    assert one.loss.tobytes() == again.loss.tobytes()
    assert one.cash.tobytes() != other.cash.tobytes()


def test_an_event_strikes_all_work_of_an_owner_at_once(shipped):
    decision = shipped("housing")
    futures = draw_futures(decision, 1_000)
    struck = futures.events["structural", "incumbent contractors"].to_numpy()
    lost = futures.measure(decision.as_is)["loss"].to_numpy()
    assert lost[struck > 0].mean() > 2 * lost[struck == 0].mean()


def test_without_uncertainty_the_plan_is_the_plain_one(alpha, decide):
    decision = decide(alpha, use_ranges="no", **NO_EVENTS)
    futures = draw_futures(decision, 50)
    assert np.ptp(save_in_futures(futures)["total"]) == 0.0
    hindsight = choose_in_futures(futures, 5)
    assert hindsight.regret == pytest.approx(0.0, abs=1e-6)
    assert (rate_decisions(hindsight)["kept"] == 1.0).all()
    assert price_information(hindsight)[0] == 0.0
    saved = describe_saving(futures).loc["cash"]
    # 4,200,000 as it is (two years at 2,100,000) less 3,930,000 less the expected loss that the rates of 0 take out
    assert saved["mean"] == pytest.approx(
        decision.as_is.choices["cash_cost"].sum() - decision.plan.choices["cash_cost"].sum()
    )
    assert saved["chance"] == 1.0


def test_the_figure_that_decides_everything_comes_first(alpha, decide):
    # the help desk outside costs 1,050,000 in price; own wages do not move
    decision = decide(still(alpha, prices=(0.7, 1.0, 1.6)), use_ranges="yes", **NO_EVENTS)
    futures = draw_futures(decision, 800)
    causes = rank_causes(futures)
    assert causes.loc[0, "cause"] == "prices"
    assert causes.loc[0, "share"] == pytest.approx(1.0, abs=0.01)
    hindsight = choose_in_futures(futures, 60)
    worth, listed = price_information(hindsight)
    assert listed.loc[0, "figure"] == "prices"
    assert worth > 0
    assert listed.loc[0, "worth"] == pytest.approx(worth, rel=0.1)


def test_an_event_that_ruins_one_provider_comes_first(alpha, decide):
    loss = {"business_unit": "alpha", "process": "payroll", "replacement_cost": 5_000_000.0, "replacement_days": 0.0}
    is_stay = (alpha.options["process"] == "payroll") & (alpha.options["option"] != "provider")
    dear = alpha.options.assign(labor_cost_per_fte=alpha.options["labor_cost_per_fte"].mask(is_stay, 200_000.0))
    case = still(alpha).replace(losses=pd.DataFrame([loss]), options=dear)
    decision = decide(case, use_ranges="yes", **NO_EVENTS | {"structural_rate": 0.1})
    assert "PayCo" in set(decision.plan.choices["owner"])
    causes = rank_causes(draw_futures(decision, 4_000))
    assert tuple(causes.loc[0, ["cause", "struck"]]) == ("structural", "PayCo")
    # once at least where it strikes, and what it is expected to cost is in the mean already
    assert causes.loc[0, "at_low"] - causes.loc[0, "at_high"] == pytest.approx(5_000_000, rel=0.12)


def test_regret_is_never_negative_and_information_never_worth_less(uncertain):
    futures = draw_futures(uncertain, 500)
    hindsight = choose_in_futures(futures, 50)
    assert hindsight.best.is_proven.all()
    assert hindsight.regret.min() >= -1e-3
    worth, listed = price_information(hindsight)
    assert worth >= 0
    assert (listed["worth"] <= worth + 4 * listed["error"] + 1e-6).all()
    rated = rate_decisions(hindsight)
    assert rated["kept"].between(0, 1).all()
    assert set(rated["process"]) == set(uncertain.alternatives["process"])


def test_the_chance_of_keeping_a_limit_is_a_share_of_futures(uncertain):
    futures = draw_futures(uncertain, 400)
    paid = futures.measure(uncertain.plan)["cash"]
    assert find_chance_within(futures, "cash", float(paid.max())) == 1.0
    assert find_chance_within(futures, "cash", float(paid.median())) == pytest.approx(0.5, abs=0.01)


def test_a_stress_is_worked_by_hand(alpha, decide):
    decision = decide(still(alpha), use_ranges="yes", **NO_EVENTS)
    table = stress_plan(decision).set_index(["stress", "struck"])
    today, plan = decision.as_is.choices, decision.plan.choices
    wages = sum(today[name].sum() - plan[name].sum() for name in ("cost_labor", "cost_overhead", "cost_until_go_live"))
    assert table.loc[("wages", ""), "change"] == pytest.approx(0.1 * wages)
    one_off = [name for name in ("cost_transition", "cost_investment", "cost_tender") if name in plan]
    assert table.loc[("one-off spending", ""), "change"] == pytest.approx(-plan[one_off].sum().sum())
    assert (table["regret"] >= 0).all()


def test_a_collapse_of_volume_is_worked_by_hand(alpha, decide):
    """Payroll shared, help desk at a provider per transaction with a floor of 0.7, research stays; thousands.

    Own work falls by 0.75 x 0.4 = 0.3 of what it pays, the price by 0.3 only, the floor of its contract:
    today (1000 + 1600 + 1600) x 0.3 = 1260; plan (850 + 200 + 1600) x 0.3 + 1050 x 0.3 = 1110.
    """
    table = stress_plan(decide(alpha)).set_index("stress")
    assert table.loc["volume collapses", "change"] == pytest.approx(-150_000)


def test_a_unit_states_stresses_of_its_own(alpha, decide):
    own = pd.DataFrame(
        [
            {"business_unit": "alpha", "stress": "wages", "kind": "figure", "of": "wages", "size": 1.2, "meaning": "x"},
            {"business_unit": "alpha", "stress": "half the work", "kind": "volume", "size": 0.5, "meaning": "y"},
        ]
    )
    plain = stress_plan(decide(alpha)).set_index("stress")
    table = stress_plan(decide(alpha.replace(stresses=own))).set_index("stress")
    assert table.at["wages", "change"] == pytest.approx(2 * plain.at["wages", "change"])
    # own work falls by 0.375 of what it pays, the price by the 0.3 above its floor
    assert table.at["half the work", "change"] == pytest.approx(-(4_200_000 - 2_650_000) * 0.375 + 1_050_000 * 0.3)
    assert table.at["half the work", "meaning"] == "y"
    assert "volume collapses" in table.index


def test_a_stress_strikes_what_its_kind_asks_for(alpha):
    row = {"business_unit": "alpha", "stress": "odd", "kind": "event", "of": "wages", "size": 1.0}
    with pytest.raises(CaseError) as error:
        alpha.replace(stresses=pd.DataFrame([row]))
    problem = error.value.problems.iloc[0]
    assert (problem["table"], problem["column"]) == ("stresses", "of")
    assert "structural" in problem["hint"]


def test_a_case_is_placed_beside_what_is_published(shipped):
    decision = shipped("health")
    placed = place_case(draw_futures(decision, 200)).set_index(["figure", "applies_to"])
    plan, today = decision.plan.choices.set_index("process"), decision.as_is.choices.set_index("process")
    moved = plan[(plan["delivery_model"] == "onshore") & ~plan["is_as_is"].astype(bool)].index
    ours = 1 - plan.loc[moved, "cash_cost"].sum() / today.loc[moved, "cash_cost"].sum()
    assert placed.loc[("saving", "onshore"), "ours"] == pytest.approx(ours)
    # one-off spending: (0.9 + 1.1 + 1.7) / 3 over 1.1
    assert placed.loc[("one_off", "any"), "ours"] == pytest.approx(3.7 / 3 / 1.1 - 1)


def enumerate_plans(futures, alpha=0.9):
    """Give objective and worst futures of every plan of a tiny unit that keeps its rules, by plain sums."""
    decision = futures.decision
    table = decision.alternatives.reset_index(drop=True)
    of_process = [rows.index.to_list() for _, rows in table[table["barred_by"] == ""].groupby("process")]
    size = round((1 - alpha) * len(futures.cash))
    rules = decision.plan.question.rules
    found = []
    for chosen in itertools.product(*of_process):
        rows = table.loc[list(chosen)]
        used = [rows.loc[rows.eval(rule["where"]) if rule["where"] else rows.index, rule["measure"]].sum()
                for rule in rules.to_dict("records")]  # fmt: skip
        if (np.array(used) <= rules["limit"] + 1e-6).all():
            total = np.sort((futures.cash + futures.loss)[:, list(chosen)].astype(float).sum(axis=1))
            found.append((float(rows["cost"].sum()), float(total[-size:].mean())))
    return found


def test_a_limit_on_the_worst_futures_is_kept_at_the_least_cost(alpha, decide):
    futures = draw_futures(decide(alpha), 2_000)
    plans = enumerate_plans(futures)
    for most in sorted({worst for _, worst in plans})[1:]:
        found = choose_cautiously(futures, most + 1.0)
        assert found.plan.objective == pytest.approx(min(cost for cost, worst in plans if worst <= most + 1.0))
        assert found.worst == pytest.approx(measure_worst(futures, found.plan))
        assert found.worst <= most + 10.0
    # all at own sites: 900,000 + 1,490,000 + 1,600,000, with nothing to lose
    cautious = choose_cautiously(futures, 3_990_000.0)
    assert cautious.plan.objective == pytest.approx(3_990_000)
    assert cautious.worst == pytest.approx(3_990_000)


def test_a_limit_that_no_plan_keeps_is_refused(alpha, decide):
    futures = draw_futures(decide(alpha), 500)
    with pytest.raises(InfeasiblePlanError):
        choose_cautiously(futures, 3_000_000.0)
    with pytest.raises(InputError, match="alpha"):
        choose_cautiously(futures, 3_000_000.0, 1.0)


def test_more_caution_never_costs_less_nor_worsens_the_worst_futures(alpha, decide, shipped):
    for decision in (decide(alpha), shipped("housing")):
        traced = trace_caution(draw_futures(decision, 1_000))
        assert traced.loc[0, ["price", "gain"]].tolist() == [0.0, 0.0]
        assert (traced["price"].diff().dropna() > 0).all()
        assert (traced["gain"].diff().dropna() > 0).all()
    traced = trace_caution(draw_futures(decide(alpha), 4_000))
    assert traced["price"].tolist() == [0.0, pytest.approx(60_000)]
    assert traced.loc[1, "processes"] == ("help_desk",)
