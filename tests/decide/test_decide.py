from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sourcing.case import BUDGET_RULE, RISK_RULE
from sourcing.decide import answer_question, compare_plan, pose_question, restate_rules
from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import choose, list_breaks, list_swaps
from tests.conftest import seeds


def test_alpha_is_decided_as_worked_by_hand(alpha, decide):
    decision = decide(alpha)
    assert decision.plan.objective == pytest.approx(3_930_000)
    chosen = decision.plan.choices.set_index("process")["option"].to_dict()
    assert chosen == {"payroll": "shared", "help_desk": "provider", "research": "stay"}
    assert decision.as_is.objective == pytest.approx(4_200_000)
    assert decision.in_house is not None
    assert decision.in_house.objective == pytest.approx(4_200_000)
    assert decision.cash_plan is None


def test_beta_stays_together_because_of_its_link(beta, decide):
    decision = decide(beta)
    assert decision.plan.objective == pytest.approx(442_500)
    assert decision.plan.choices.set_index("process")["option"].to_dict() == {
        "billing": "in_house",
        "collections": "stay",
    }
    unlinked = decide(beta.replace(links=beta.links.iloc[:0]))
    assert unlinked.plan.objective == pytest.approx(416_500)


def test_levers_become_rules_over_todays_figures(alpha, decide):
    decision = decide(alpha, budget_share=0.95, risk_cap_share=1.2)
    rules = decision.plan.rules.set_index("rule")
    assert rules.loc[BUDGET_RULE, "limit"] == pytest.approx(0.95 * 4_200_000)
    # nobody outside today: no expected loss, so a cap of 1.2 times nothing keeps providers out
    assert rules.loc[RISK_RULE, "limit"] == 0
    assert not (decision.plan.choices["delivery_model"] == "outsource").any()


def test_a_budget_nobody_can_keep_names_itself_and_its_repair(alpha, decide):
    with pytest.raises(InfeasiblePlanError) as caught:
        decide(alpha, budget_share=0.5)
    assert [BUDGET_RULE] in caught.value.conflicts
    needed = caught.value.repairs.set_index("rule").loc[BUDGET_RULE, "needed"]
    # cheapest cash with at most 20 people outside: 900 + 1395 + 1600
    assert needed == pytest.approx(3_895_000)


def test_a_price_of_fit_is_paid_in_cash_and_said_so(alpha, decide):
    decision = decide(alpha, price_of_fit=3000)
    assert decision.cash_plan is not None
    assert decision.cash_plan.objective == pytest.approx(3_930_000)
    fit = decision.plan.choices["fit_points"].sum() - decision.cash_plan.choices["fit_points"].sum()
    cash = decision.plan.choices["cash_cost"].sum() - decision.cash_plan.choices["cash_cost"].sum()
    assert fit >= 0
    assert cash >= -1e-6


def test_barred_alternatives_stay_known_and_are_never_chosen(alpha, decide):
    decision = decide(alpha)
    barred = decision.swaps[decision.swaps["is_barred"]]
    assert list(zip(barred["process"], barred["option"], strict=True)) == [("research", "provider")]


def test_keeping_everything_as_it_is_ignores_rules_and_says_which_it_breaks(alpha, decide):
    rules = pd.concat([alpha.rules, alpha.rules.iloc[[0]].assign(rule="ten people move", sense=">=", limit=10.0)])
    decision = decide(alpha.replace(rules=rules))
    assert decision.broken_rules["Keep as it is"] == ["ten people move"]
    assert decision.as_is.objective == pytest.approx(4_200_000)


def test_in_house_is_left_out_where_a_process_cannot_come_home(beta, decide):
    options = beta.options[beta.options["option"] != "in_house"]
    assert decide(beta.replace(options=options)).in_house is None


@pytest.mark.parametrize("solver", ["PULP_CBC_CMD", "HiGHS through PuLP"])
def test_policy_names_the_solver(beta, solver, decide):
    assert decide(beta, solver=solver).plan.objective == pytest.approx(442_500)
    assert decide(beta, solver=solver).policy.solver == solver


def test_policy_names_no_solver_that_is_not_there(beta, decide):
    with pytest.raises(InputError, match="got 'CBC_CMD' at policy"):
        decide(beta, solver="CBC_CMD")


def random_instance(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    generator = np.random.default_rng(seed)
    rows = [
        {"process": f"p{i}", "option": f"o{k}", "cost": float(generator.integers(0, 100)),
         "load": float(generator.integers(0, 10)), "place": f"s{generator.integers(0, 3)}"}
        for i in range(4) for k in range(3)
    ]  # fmt: skip
    rules = pd.DataFrame([{"rule": "load", "measure": "load", "sense": "<=", "limit": 20.0},
                          {"rule": "share", "measure": "load", "sense": "<=", "limit": 0.6, "where": "place == 's0'",
                           "relative_to": "load"}])  # fmt: skip
    links = pd.DataFrame(
        [
            {"process_a": "p0", "process_b": "p1", "traffic": 2.0},
            {"process_a": "p1", "process_b": "p3", "traffic": 1.0},
        ]
    )
    pairs = [
        {"place_a": a, "place_b": b, "cost": float(generator.integers(0, 20))}
        for a, b in (("s0", "s1"), ("s0", "s2"), ("s1", "s2"))
    ]
    return pd.DataFrame(rows), rules, links, pd.DataFrame(pairs)


@pytest.mark.parametrize("seed", seeds(12, quick=4))
def test_a_swap_costs_and_breaks_what_the_plan_forced_to_it_does(seed):
    alternatives, rules, links, pairs = random_instance(seed)
    plan = choose(alternatives, rules, links, pairs, gap=0)
    swaps = list_swaps(plan)
    assert len(swaps) == len(alternatives) - 4
    for swap in swaps.to_dict("records"):
        taken = plan.choices.set_index("process")["option"].to_dict() | {swap["process"]: swap["option"]}
        rows = alternatives[alternatives["option"] == alternatives["process"].map(taken)]
        forced = choose(rows, None, links, pairs, gap=0)
        assert forced.objective - plan.objective == pytest.approx(swap["extra_cost"])
        assert tuple(list_breaks(forced, rules)) == swap["breaks"]


def test_a_plan_left_with_a_gap_gives_way_to_the_best_known_before_anything_is_said(alpha):
    """A plan that a search cut by time left: everything in today's place, at a gap of a tenth."""
    question = pose_question(alpha)
    best = answer_question(question)
    stays = choose(question.alternatives[question.alternatives["is_as_is"]])
    left = replace(best, choices=stays.choices, objective=stays.objective, gap=0.1, status="feasible", findings={})
    decision = compare_plan(question, left)
    assert decision.plan.objective == best.objective < stays.objective
    assert decision.plan is decision.explanation.plan
    flips = decision.explanation.flip_decisions()
    assert (flips.loc[flips["chosen"], "forcing_cost"] == 0.0).all()


def test_a_question_under_other_rules_is_that_of_its_case(alpha, beta):
    for case in (alpha, beta):
        for levers in ({}, {"budget_share": 0.97, "risk_cap_share": 2.0}):
            other = case.replace(rules=case.rules.assign(limit=case.rules["limit"] / 2))
            anew, again = pose_question(other, **levers), restate_rules(pose_question(case, **levers), other)
            pd.testing.assert_frame_equal(anew.rules, again.rules)
            pd.testing.assert_frame_equal(anew.alternatives, again.alternatives)
            assert again.case is other
