"""The bound that multipliers prove, recounted from the tables."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.errors import InfeasiblePlanError
from sourcing.plan import choose
from sourcing.plan.certify.bound import recount_bound


def test_prices_prove_the_bound_worked_by_hand():
    # Moving saves 4 at 2 heads and 7 at 3: under 4 heads the relaxation moves billing whole and half of payroll.
    offers = pd.DataFrame(
        {
            "process": ["payroll", "payroll", "billing", "billing"],
            "option": ["stay", "move"] * 2,
            "cost": [10.0, 6.0, 20.0, 13.0],
            "heads": [0.0, 2.0, 0.0, 3.0],
        }
    )
    rules = pd.DataFrame({"rule": ["heads"], "measure": "heads", "where": "", "sense": "<=", "limit": 4.0})
    plan = choose(offers, rules, gap=0)
    assert plan.objective == 23.0
    assert plan.multipliers["heads"] == pytest.approx(-2.0)
    assert recount_bound(plan) == pytest.approx(21.0)
    assert plan.certified_gap == pytest.approx(2 / 23)
    assert plan.gap == 0.0


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000))
def test_no_plan_costs_less_than_the_recounted_bound(seed):
    rng = np.random.default_rng(seed)
    offers = pd.DataFrame(
        {
            "process": np.repeat([f"p{k}" for k in range(6)], 3),
            "option": ["a", "b", "c"] * 6,
            "cost": rng.uniform(10, 90, 18).round(1),
            "heads": rng.integers(1, 9, 18),
            "owner": rng.choice(["own", "acme", "zen"], 18),
        }
    )
    rules = pd.DataFrame(
        [
            ("heads", "heads", "", "<=", 28.0, "", ""),
            ("each", "heads", "owner != 'own'", "<=", 17.0, "", "owner"),
            ("share", "heads", "owner == 'own'", ">=", 0.2, "heads", ""),
        ],
        columns=["rule", "measure", "where", "sense", "limit", "relative_to", "for_each"],
    )
    bars = offers.loc[[0], ["process", "option"]].assign(kind="bar")
    try:
        plan = choose(offers, rules, structure={"locks": bars}, gap=0)
    except InfeasiblePlanError:
        return
    bound = recount_bound(plan)
    assert np.isfinite(bound)
    assert bound <= plan.objective + 1e-6
    assert plan.certified_gap >= plan.gap


def test_what_rules_do_not_say_is_left_to_the_solver(offers):
    links = pd.DataFrame({"process_a": ["payroll"], "process_b": ["billing"], "traffic": [2.0]})
    pairs = [("own@US", "acme@IN"), ("own@US", "zen@PL"), ("zen@PL", "acme@IN")]
    costs = pd.DataFrame([(*pair, 0.5) for pair in pairs], columns=["place_a", "place_b", "cost"])
    assert choose(offers, None, links, costs).certified_gap == np.inf
